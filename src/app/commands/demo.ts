import path from 'node:path'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import type { DemoUser } from '#adapters/http/deps.ts'
import type { Accounts } from '#ports/accounts.ts'
import type { Command } from '../command.ts'
import { readConfig } from '../config.ts'
import { demonstration } from '../demonstration.ts'
import { plainLog } from '../log.ts'
import { openData, portFree, readFileSolution, untilSignal } from '../running.ts'
import { buildWeb } from '../web.ts'

const project = path.resolve(import.meta.dirname, '../../..')
const file = path.join(project, 'demo/solution.json')

/** Signed in by one click; no password fits them. */
export const DEMO_USERS: readonly (DemoUser & { readonly agentId: string | null })[] = [
  { user: 'anna', name: 'Anna Lindqvist', role: 'agent', agentId: 'anna' },
  { user: 'bo', name: 'Bo Sandström', role: 'agent', agentId: 'bo' },
  { user: 'lena', name: 'Lena Wikström', role: 'supervisor', agentId: null },
  { user: 'admin', name: 'Mikael Berg', role: 'administrator', agentId: null },
]

async function addUsers(accounts: Accounts): Promise<void> {
  for (const { user, name, role, agentId } of DEMO_USERS) {
    if ((await accounts.user(user)) === null) {
      await accounts.addUser({ name: user, displayName: name, role, agentId, queues: null, passwordHash: 'none' })
    }
  }
}

export const run: Command['run'] = async (given, { out }) => {
  const config = readConfig(given, { ...process.env, TELEPHONY: 'simulated' })
  await portFree(config.host, config.port)
  const clock = machineClock()
  const chance = machineChance()
  const built = buildWeb()
  // Waited for below; until then its failure is nobody's yet.
  built.catch(() => undefined)
  const data = await openData(config.dataFolder, clock, chance)
  const kit = await readFileSolution(data, file)
  const running = await demonstration({
    config,
    data,
    file,
    kit,
    wallClock: clock,
    chance,
    log: plainLog,
    demoUsers: DEMO_USERS,
    supervisor: 'lena',
    prepare: async () => {
      await built
    },
    addUsers,
  })
  out(`Samtal is running at ${running.address}\nSign in by one click. Ctrl-C ends it; the data is in ${config.dataFolder}\n`)
  return untilSignal(() => running.close())
}
