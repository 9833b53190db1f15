import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { type Command, before as compared, decide, evolve, initial, isOfferable, type State } from './entry.ts'

const who = { callId: 'c1', entryId: 'e1' } as const
const queueId = 'support'
const joined = (change: Partial<Parameters<typeof initial>[0]> = {}): State =>
  initial({ type: 'entry.joined', ...who, queueId, kind: 'line', place: 'end', since: 0, leavesAt: 600_000, ...change }, 0, 5)

type Reads = Parameters<typeof evolve>[1]
/** Facts at 1 s, at positions 10, 11 …; legs are the agent's unless said otherwise. */
const grown = (entry: State, ...facts: readonly (Reads | readonly [Reads, 'customer'])[]): State =>
  facts.reduce<State>((state, given, index) => {
    const [fact, agents] = Array.isArray(given) ? [given[0] as Reads, false] : [given as Reads, true]
    return evolve(state, fact, 1_000, 10 + index, agents)
  }, entry)
const rung: Reads = { type: 'leg.requested', callId: 'c1', legId: 'l1', party: 'agent', agentId: 'anna', entryId: 'e1', ringUntil: 20_000 }
const dialled: Reads = {
  type: 'leg.requested',
  callId: 'c1',
  legId: 'l2',
  party: 'customer',
  personId: 'p1',
  entryId: 'e1',
  ringUntil: 60_000,
}
const ended = (legId: string): Reads => ({ type: 'leg.ended', callId: 'c1', legId, outcome: 'unanswered', by: 'us', cause: 19 })
const ordered: Reads = { type: 'callback.ordered', ...who, personId: 'p1', attemptsMax: 3, notBefore: null, expiresAt: null }
const started: Reads = { type: 'callback.attemptStarted', ...who, attempt: 1, agentId: 'anna' }
const missed = (next: 'front' | 'place' | 'pause'): Reads => ({
  type: 'callback.attemptEnded',
  ...who,
  attempt: 1,
  outcome: 'withdrawn',
  counted: false,
  notCounted: 'agentNoAnswer',
  next,
  dueAt: null,
})

const waiting = joined()
const ordering = grown(waiting, { type: 'callback.orderStarted', ...who })
const offered = grown(waiting, rung)
const promised = grown(ordering, ordered)
const trying = grown(promised, started, rung, { type: 'leg.answered', callId: 'c1', legId: 'l1' })
const states = {
  waiting,
  ordering,
  offered,
  'callback waiting': promised,
  'callback offered': grown(promised, started, rung),
  'callback dialling': grown(trying, [dialled, 'customer']),
  'callback talking': grown(trying, [dialled, 'customer'], [{ type: 'leg.answered', callId: 'c1', legId: 'l2' }, 'customer']),
} satisfies Record<State['status'] | `callback ${'waiting' | 'offered' | 'dialling' | 'talking'}`, State>
const commands = {
  startOrder: { type: 'startOrder' },
  leaveOrder: { type: 'leaveOrder' },
  leave: { type: 'leave', reason: 'timedOut' },
  delete: { type: 'delete', by: 'supervisor', why: 'supervisor' },
} satisfies Record<Command['type'], Command>

describe('an entry', () => {
  it('answers every command in every state', () => {
    expect(answers<State, Command>(states, commands, decide)).toEqual(
      tableOf(`
                          | startOrder            | leaveOrder         | leave      | delete
        waiting           | callback.orderStarted | –                  | entry.left | entry.left
        ordering          | –                     | callback.orderLeft | entry.left | entry.left
        offered           | callback.orderStarted | –                  | entry.left | entry.left
        callback waiting  | –                     | –                  | entry.left | entry.left
        callback offered  | –                     | –                  | entry.left | entry.left
        callback dialling | –                     | –                  | entry.left | ✗ callback.inAttempt
        callback talking  | –                     | –                  | entry.left | ✗ callback.inAttempt
      `),
    )
  })

  it('may be offered while it waits, on the line or off it, and nobody has it', () => {
    expect(Object.entries(states).flatMap(([name, state]) => (isOfferable(state) ? [name] : []))).toEqual(['waiting', 'callback waiting'])
    expect(isOfferable(grown(promised, { type: 'callback.heldBack', ...who, other: 'c2' }))).toBe(false)
    expect(isOfferable(joined({ kind: 'web' }))).toBe(false)
  })
})

const at = fc.integer({ min: 0, max: 5 })
const some: fc.Arbitrary<State> = fc
  .record({ id: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'), since: at, joinedAt: at, front: fc.option(at, { freq: 2 }) })
  .map(({ id, since, joinedAt, front }) => ({ ...joined({ since }), id, joinedAt, front }))

describe('the line', () => {
  it('is one order: whoever is put together in it comes out the same, however they were put in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(some, { selector: ({ id, front }) => `${id}${front}`, minLength: 2, maxLength: 12 }),
        fc.gen(),
        (entries, pick) => {
          const fronts = new Set<number>()
          const line = entries.filter(({ id, front }, index) => {
            const first = entries.findIndex((other) => other.id === id) === index
            if (front === null || !first) return first
            return fronts.size < fronts.add(front).size
          })
          const shuffled = line
            .map((entry) => ({ entry, by: pick(fc.nat) }))
            .sort((a, b) => a.by - b.by)
            .map(({ entry }) => entry)
          const sorted = [...line].sort(compared)
          expect([...shuffled].sort(compared)).toEqual(sorted)
          sorted.slice(1).forEach((entry, index) => {
            const ahead = sorted[index] ?? entry
            expect(compared(ahead, entry)).toBeLessThan(0)
            expect(compared(entry, ahead)).toBeGreaterThan(0)
          })
        },
      ),
    )
  })

  it('those put at the front first, as they came there; then by waiting, then by joining, then by id', () => {
    const named = (id: string, since: number, joinedAt: number, front: number | null = null): State => ({
      ...joined({ since }),
      id,
      joinedAt,
      front,
    })
    const line = [
      named('e6', 9, 9),
      named('e5', 7, 8),
      named('e4', 7, 8),
      named('e3', 7, 3),
      named('e2', 99, 99, 41),
      named('e1', 0, 0, 42),
    ]
    expect([...line].sort(compared).map(({ id }) => id)).toEqual(['e2', 'e1', 'e3', 'e4', 'e5', 'e6'])
  })
})

describe('the story of an entry', () => {
  it('ordering keeps place and clock, and is not offered', () => {
    expect(ordering).toMatchObject({ since: waiting.since, joinedAt: waiting.joinedAt, front: null })
    expect(isOfferable(ordering)).toBe(false)
    expect(grown(ordering, { type: 'callback.orderLeft', ...who })).toEqual(waiting)
  })

  it('ordered: the same place, no maximum wait any more', () => {
    expect(promised).toMatchObject({ since: 0, joinedAt: 0, front: null, leavesAt: null, callback: { status: 'waiting', attemptsMax: 3 } })
  })

  it('an agent who does not take it leaves it where it was', () => {
    expect(grown(offered, ended('l1'))).toEqual(waiting)
  })

  it('another leg’s end is none of its business', () => {
    expect(grown(offered, ended('l9'))).toEqual(offered)
  })

  it('not counted: to the front, in the order it came back; or where it stood', () => {
    expect(grown(promised, started, rung, missed('front'), ended('l1'))).toMatchObject({ front: 12, since: 0, status: 'waiting' })
    expect(grown(promised, started, rung, missed('place'), ended('l1'))).toMatchObject({ front: null, since: 0, status: 'waiting' })
  })

  it('re-queued at the end it waits from then, wherever it stood before', () => {
    const hastened = grown(promised, { type: 'callback.hastened', ...who, by: 'supervisor' })
    expect(hastened.front).toBe(10)
    expect(grown(hastened, { type: 'callback.requeued', ...who, place: 'end', since: 90_000 })).toMatchObject({
      front: null,
      since: 90_000,
      joinedAt: 0,
    })
  })

  it('who takes the place of a callback at the front stands at the front', () => {
    expect(joined({ place: 'front' }).front).toBe(5)
  })

  it('deleting tells by whom, why, whose account, and where the note is', () => {
    const command: Command = { type: 'delete', by: 'supervisor', why: 'supervisor', user: 'eva', noteId: 'n1' }
    const decision = decide(promised, command)
    if (isRefused(decision)) throw new Error(decision.refused)
    expect(decision).toEqual([
      { type: 'entry.left', ...who, queueId, reason: 'deleted', by: 'supervisor', why: 'supervisor', user: 'eva', noteId: 'n1' },
    ])
  })
})
