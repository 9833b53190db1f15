import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import type { Command } from '../command.ts'
import { readConfig, shownConfig } from '../config.ts'
import { Failure } from '../failure.ts'
import { productionLog } from '../log.ts'
import { openData, portFree, readFileSolution, startAll, untilSignal } from '../running.ts'
import { openSwitch } from '../switch/switch.ts'
import { simulatedNetwork } from '../telephony.ts'
import { buildWeb, hasWeb } from '../web.ts'

export const run: Command['run'] = async (given, { out }) => {
  const file = given.text('solution')
  if (file === undefined) throw new Failure('which solution? give --solution FILE', { exitCode: 2 })
  const config = readConfig(given, process.env)
  const log = productionLog()
  const clock = machineClock()
  const chance = machineChance()
  await portFree(config.host, config.port)
  if (!hasWeb()) await buildWeb()
  const data = await openData(config.dataFolder, clock, chance)
  let kit = await readFileSolution(data, file).catch(async (error: unknown) => {
    await data.journal.close()
    throw error
  })
  const asterisk =
    config.asterisk === null
      ? null
      : await openSwitch(config.asterisk, file, () => kit, log).catch(async (error: unknown) => {
          await data.journal.close()
          throw error
        })
  const running = await startAll({
    config,
    data,
    file,
    kit,
    telephony: asterisk?.telephony ?? simulatedNetwork(clock, chance, () => kit),
    asterisk,
    clock,
    wallClock: clock,
    chance,
    log,
    demoUsers: [],
    onSolution: (taken) => {
      kit = taken
      asterisk?.take(taken)
    },
  })
  out(`Samtal serves ${kit.solution.name} (${file}): ${shownConfig(config)}\n${running.address}\n`)
  const trouble = running.engine.trouble()
  if (trouble !== null) log('warn', trouble)
  return untilSignal(async () => {
    await running.close()
    await asterisk?.close()
  })
}
