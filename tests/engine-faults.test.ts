/** Whatever happens to the engine, its disk and its switch: nobody is rung twice, nothing is lost, and in the end all of it is over. */
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '#core/archive/law.ts'
import { factsBroken } from '#core/world/laws.support.ts'
import { type SeededChance, seededChance } from '#sim/chance.ts'
import type { NetworkFault } from '#sim/network.ts'
import type { Behaviour } from '#sim/people.ts'
import { storiesOf } from '#sim/player.ts'
import { diskFull, EngineStage, kitOf, OUR_NUMBER, SETTINGS } from './stage.support.ts'

const HOUR = 3_600_000
const PEOPLE = [1, 2, 3, 4].map((last) => `+4670123456${last}`)
const AGENTS = ['carl', 'dora'] as const
const FAULTS: readonly NetworkFault[] = ['trunkDown', 'slow', 'loseEvents', 'repeatEvents']
const never = new Promise<void>(() => undefined)

const behaviour = (chance: SeededChance): Behaviour =>
  chance.pick<Behaviour>([
    { answersAfterMs: chance.between(0, 25_000), talksMs: chance.between(1_000, 90_000) },
    { answersAfterMs: chance.between(0, 5_000), talksMs: chance.between(1_000, 90_000) },
    { ringsMs: chance.between(1_000, 60_000) },
    { busyAfterMs: chance.between(0, 2_000) },
    { rejectsAfterMs: chance.between(0, 10_000) },
    { voicemailAfterMs: 8_000, talksMs: 20_000 },
    { failsWith: 'notInUse' },
  ])

/** Kills at once, or with an append under way: before it is written, or written and not yet known to be. */
async function killed(stage: EngineStage, chance: SeededChance): Promise<void> {
  const how = chance.pick(['now', 'before', 'after'])
  if (how === 'before') stage.beforeAppend = () => never
  if (how === 'after') stage.afterAppend = () => never
  if (how !== 'now') await stage.wait(chance.between(0, 5_000))
  await stage.kill()
  stage.beforeAppend = () => undefined
  stage.afterAppend = () => undefined
  if (chance.often(0.5)) await stage.wait(chance.between(0, 60_000))
  await stage.start()
}

async function deed(stage: EngineStage, chance: SeededChance): Promise<void> {
  const person = chance.pick(PEOPLE)
  const agentId = chance.pick(AGENTS)
  const by = 'agent' as const
  const ask = (command: Parameters<EngineStage['engine']['submit']>[0]) => void stage.engine.submit(command)
  switch (chance.between(0, 13)) {
    case 0:
    case 1:
    case 2: {
      const call = stage.network.call(person, OUR_NUMBER, { withheld: chance.often(0.2) })
      call?.onAnswer(() => call.press(chance.pick(['1', '1', '9', '', '5'])))
      return
    }
    case 3:
      return stage.network.phone(person).press(chance.pick(['2', '1', '21', '*', '22', '0701234564#']))
    case 4:
      return stage.network.phone(person).press('1')
    case 5:
      return stage.network.phone(person).hangUp()
    case 6:
      return chance.pick([() => stage.network.agentPhone(agentId).hangUp(), () => stage.network.agentPhone(agentId).lose()])()
    case 7:
      return ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: person })
    case 8:
      return ask({ type: 'agent.logOn', by, agentId })
    case 9:
      return ask({ type: 'agent.return', by, agentId })
    case 10: {
      const entry = stage.engine.queue('support')?.entries[0]
      if (entry === undefined) return
      return ask(
        chance.often(0.3)
          ? { type: 'entry.delete', by: 'supervisor', entryId: entry.entryId }
          : { type: 'callback.callNow', by: 'supervisor', entryId: entry.entryId },
      )
    }
    case 11: {
      const fault = chance.pick(FAULTS)
      if (chance.often(0.6)) stage.network.end(fault)
      else stage.network.begin(fault)
      return
    }
    case 12:
      stage.beforeAppend = chance.often(0.3) ? diskFull : () => undefined
      return
    case 13:
      return chance.often(0.7) ? killed(stage, chance) : undefined
  }
}

/** All faults end, everybody hangs up and the agents answer: what was promised is carried out or given up. */
async function quiet(stage: EngineStage): Promise<void> {
  stage.beforeAppend = () => undefined
  for (const fault of FAULTS) stage.network.end(fault)
  for (const person of PEOPLE) stage.network.phone(person).hangUp()
  for (const agentId of AGENTS) stage.network.agentPhone(agentId).whenCalled({ answersAfterMs: 500, talksMs: 5_000 })
  await stage.wait(5_000)
  for (const agentId of AGENTS) {
    void stage.engine.submit({ type: 'agent.logOn', by: 'agent', agentId })
    void stage.engine.submit({ type: 'agent.return', by: 'agent', agentId })
  }
  for (let hours = 0; hours < 80 && stage.engine.figures().liveCalls > 0; hours += 1) await stage.wait(HOUR)
  await stage.wait(HOUR)
}

describe('faults of every kind', () => {
  it.each(Array.from({ length: 8 }, (_, index) => index + 1))('seed %i', async (seed) => {
    const chance = seededChance(`faults ${seed}`)
    const stage = new EngineStage(
      kitOf({
        ...SETTINGS,
        queues: { support: { ...SETTINGS.queues.support, wrapUpSeconds: 5, waitSecondsMax: 300 }, sales: { waitSecondsMax: 120 } },
      }),
    )
    stage.snapshotEvery = seed % 2 === 0 ? 40 : 0
    await stage.start()
    await stage.logOn(...AGENTS)
    for (const person of PEOPLE) stage.network.phone(person).whenCalled(...[1, 2, 3, 4].map(() => behaviour(chance)))
    for (const agentId of AGENTS) stage.network.agentPhone(agentId).whenCalled(...[1, 2, 3, 4, 5, 6].map(() => behaviour(chance)))
    for (let step = 0; step < 80; step += 1) {
      await deed(stage, chance)
      await stage.wait(chance.often(0.3) ? 0 : chance.between(0, 15_000))
    }
    await quiet(stage)
    expect(stage.network.rungTwice).toEqual([])
    expect(factsBroken(stage.store.facts)).toEqual([])
    expect(storiesOf(stage.store.facts).flatMap(lawsBroken)).toEqual([])
    expect(stage.log.filter((line) => line.includes('bug'))).toEqual([])
    expect(stage.engine.trouble()).toBeNull()
    expect(stage.engine.figures().liveCalls).toBe(0)
    for (const person of PEOPLE) expect(stage.network.phone(person).line, `${person} is still on a line`).toBeNull()
    for (const agentId of AGENTS) {
      expect(stage.network.agentPhone(agentId).line).toBeNull()
      expect(['ready', 'paused', 'noAnswer', 'rejected', 'loggedOff']).toContain(stage.engine.agent(agentId)?.state)
    }
  })
})
