/**
 * Several campaigns with the same agents, through the real rules and pacings: whoever comes first has its agents in time, and equal ones
 * share. dialler.md 1
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Settings } from '#core/campaign/settings.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { SECOND } from '#core/world/campaign.support.ts'
import { agentOf, queueOf, solutionOf } from '#core/world/stage.support.ts'
import { Sharing } from './sharing.support.ts'

const MINUTE = 60 * SECOND
const TALK: readonly [Ms, Ms] = [20 * SECOND, 120 * SECOND]
const MODES: readonly Settings['mode'][] = ['progressive', 'power', 'predictive', 'preview']
/** Much may be silent, so that the pacings dial far ahead: the more calls are in the air, the longer an agent is kept. */
const settingsOf = (mode: Settings['mode'], more: Partial<Settings> = {}): Partial<Settings> => ({
  ...{ mode, ratio: 2, wrapUpMs: 10 * SECOND, silentTarget: 0.1 },
  ...more,
})

/** A call dialled (30 s), its agent rung (0.5 s), the longest talk and the wrap-up, and a second in which it is looked. */
const TURN_MS: Ms = 31 * SECOND + TALK[1] + 10 * SECOND + SECOND

function begun(
  agents: number,
  seed: number,
  settings: Partial<Settings>,
  skills: (of: number) => Record<string, number> | null = () => null,
  answer: (id: string) => number = () => 0.4,
) {
  const team = Array.from({ length: agents }, (_, of) => agentOf(`a${of}`, { skills: skills(of) }))
  const stage = new Sharing(solutionOf([queueOf('support')], team), { seed, answer, talkMs: TALK }, settings)
  stage.logOn(...team.map(({ id }) => id))
  return stage
}

/** Contacts of a campaign dialled, or shown to an agent, after a mark. */
function takenUp(stage: Sharing, mark: number, id: string): number {
  const own = stage.all('contact.dealt').flatMap(({ callId, campaignId }) => (campaignId === id ? callId : []))
  const dialled = stage.since(mark, 'contact.dealt').filter(({ campaignId, agentFirst }) => campaignId === id && !agentFirst)
  return dialled.length + stage.since(mark, 'card.shown').filter(({ callId }) => own.includes(callId)).length
}

const some = fc.record({
  agents: fc.integer({ min: 1, max: 6 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  lower: fc.constantFrom(...MODES),
  higher: fc.constantFrom(...MODES),
})

describe('a campaign that comes first', () => {
  it('has every agent within one of his turns, and the other takes up nobody meanwhile; when it has run dry they go back as soon', () => {
    fc.assert(
      fc.property(some, ({ agents, seed, lower, higher }) => {
        const stage = begun(agents, seed, settingsOf(lower))
        stage.runs(5 * MINUTE)
        expect(stage.strength('spring')).toBeGreaterThan(0)
        stage.begins('autumn', settingsOf(higher, { priority: 5 }))
        const [at, mark] = [stage.at, stage.facts.length]
        stage.runs(10 * MINUTE, () => {
          if (stage.at - at >= TURN_MS) expect(`spring has ${stage.strength('spring')}`).toBe('spring has 0')
        })
        expect(takenUp(stage, mark, 'spring')).toBe(0)
        expect(takenUp(stage, mark, 'autumn')).toBeGreaterThan(0)
        stage.empty.add('autumn')
        const dryMark = stage.facts.length
        stage.runs(TURN_MS)
        expect(takenUp(stage, dryMark, 'spring')).toBeGreaterThan(0)
      }),
      { seed: 20_261_125, numRuns: 24 },
    )
  }, 60_000)

  it('leaves to the other those it cannot use: without its skill, or for whom it has no line', () => {
    for (const [seed, more] of [
      [1, { skill: 'sales' }],
      [2, { liveMax: 2 }],
    ] as const) {
      const stage = begun(6, seed, settingsOf('predictive'), (of) => (of < 2 ? { sales: 1 } : { other: 1 }))
      stage.runs(5 * MINUTE)
      stage.begins('autumn', settingsOf('progressive', { priority: 5, ...more }))
      stage.runs(TURN_MS)
      stage.workMs.clear()
      stage.runs(30 * MINUTE)
      const work = (id: string): number => (stage.workMs.get(id) ?? 0) / (30 * MINUTE)
      // Two who dial one after the other at 40 % answers are in a call for half their time; four whose calls are dialled ahead for more.
      expect(work('autumn')).toBeGreaterThan(0.6)
      expect(work('autumn')).toBeLessThanOrEqual(2)
      expect(work('spring')).toBeGreaterThan(2)
      expect(work('spring')).toBeLessThanOrEqual(4)
    }
  }, 60_000)
})

describe('equal campaigns', () => {
  it('have each its share of the agents’ hour, also of one', () => {
    const shared = fc.record({
      agents: fc.integer({ min: 1, max: 6 }),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      mode: fc.constantFrom(...MODES),
      others: fc.constantFrom(['autumn'], ['autumn', 'winter']),
    })
    fc.assert(
      fc.property(shared, ({ agents, seed, mode, others }) => {
        const stage = begun(agents, seed, settingsOf(mode))
        stage.runs(5 * MINUTE)
        for (const id of others) stage.begins(id, settingsOf(mode))
        stage.workMs.clear()
        stage.runs(60 * MINUTE)
        const ids = ['spring', ...others]
        const all = ids.reduce((sum, id) => sum + (stage.workMs.get(id) ?? 0), 0)
        // An even share, give or take what some thirty talks of 20 to 120 s make of it for one or two agents.
        const least = (agents < 3 ? 0.6 : 0.75) / ids.length
        for (const id of ids)
          expect(`${id} ${(stage.workMs.get(id) ?? 0) / all >= least || `has ${(stage.workMs.get(id) ?? 0) / all}`}`).toBe(`${id} true`)
      }),
      { seed: 20_261_125, numRuns: 24 },
    )
  }, 120_000)

  it('have each as many agents where nearly everybody answers one and hardly anybody the other; of one agent each its turn', () => {
    for (const [of, mode] of MODES.entries())
      for (const agents of [1, 4]) {
        const stage = begun(
          agents,
          of + 1,
          settingsOf(mode),
          () => null,
          (id) => (id === 'spring' ? 0.8 : 0.1),
        )
        stage.runs(5 * MINUTE)
        stage.begins('autumn', settingsOf(mode))
        const mark = stage.facts.length
        const counted = { spring: 0, autumn: 0 }
        stage.runs(120 * MINUTE, () => {
          for (const id of ['spring', 'autumn'] as const) counted[id] += stage.countedFor(id)
        })
        // One agent goes from one to the other try by try, whoever answers: a turn of the first is a talk, most of the other's a ringing.
        const [spring = 0, autumn = 0] =
          agents === 1 ? [takenUp(stage, mark, 'spring'), takenUp(stage, mark, 'autumn')] : Object.values(counted)
        const less = Math.min(spring, autumn) / (spring + autumn)
        expect(`${mode}, ${agents}: ${less > 0.42 || less}`).toBe(`${mode}, ${agents}: true`)
      }
  }, 60_000)

  it('neither is starved where they dial differently', () => {
    for (const [of, mode] of MODES.entries())
      for (const other of MODES.slice(of + 1)) {
        const stage = begun(2, of + 1, settingsOf(mode))
        stage.runs(5 * MINUTE)
        stage.begins('autumn', settingsOf(other))
        stage.workMs.clear()
        stage.runs(60 * MINUTE)
        const [spring = 0, autumn = 0] = [stage.workMs.get('spring'), stage.workMs.get('autumn')]
        expect(`${mode}, ${other}: ${Math.min(spring, autumn) / (spring + autumn) > 0.25}`).toBe(`${mode}, ${other}: true`)
      }
  }, 60_000)
})
