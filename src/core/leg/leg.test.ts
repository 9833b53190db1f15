import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { type Command, decide, evolve, type Fact, initial, isUp, rungMs, type State } from './leg.ts'

const who = { callId: 'c1', legId: 'l1' } as const
const requested = initial({ type: 'leg.requested', ...who, party: 'customer', personId: 'p1', ringUntil: 30_000 }, 0)
const arrived = initial({ type: 'leg.arrived', ...who, personId: 'p1' }, 0)

const grown = (leg: State, ...facts: readonly (readonly [number, Parameters<typeof evolve>[1]])[]): State =>
  facts.reduce((state, [at, fact]) => evolve(state, fact, at), leg)
const ringing = grown(requested, [1_000, { type: 'leg.ringing', ...who }])
const answered = grown(ringing, [9_000, { type: 'leg.answered', ...who }])
const ended = grown(answered, [20_000, { type: 'leg.ended', ...who, outcome: 'answered', by: 'party', cause: 16 }])

const states = { requested, ringing, answered, ended } satisfies Record<State['status'], State>
const commands = {
  ring: { type: 'ring' },
  answer: { type: 'answer' },
  timeOut: { type: 'timeOut' },
  end: { type: 'end', outcome: 'busy', by: 'party', cause: 17 },
} satisfies Record<Command['type'], Command>

describe('a leg', () => {
  it('answers every command in every state', () => {
    expect(answers<State, Command>(states, commands, decide)).toEqual(
      tableOf(`
                  | ring        | answer       | timeOut   | end
        requested | leg.ringing | leg.answered | leg.ended | leg.ended
        ringing   | –           | leg.answered | leg.ended | leg.ended
        answered  | –           | –            | –         | leg.ended
        ended     | –           | –            | –         | –
      `),
    )
  })

  it('a line that rings us rings from its first instant', () => {
    expect(arrived).toMatchObject({ status: 'ringing', party: 'customer', inbound: true, ringingAt: 0, ringUntil: null })
  })
})

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>({ type: 'ring' }, { type: 'answer' }, { type: 'timeOut' }, { type: 'answer', happenedAt: 5 }),
  fc.record({
    type: fc.constant('end' as const),
    outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'withdrawn', 'unknown'),
    by: fc.constantFrom('party', 'us', 'network'),
    cause: fc.constantFrom(null, 16, 17, 19, 21),
  }),
)

describe('whatever the switch says, and however often', () => {
  it('a leg is answered at most once and ends at most once, and ended is for good', () => {
    fc.assert(
      fc.property(fc.constantFrom(requested, arrived), fc.array(command, { minLength: 40, maxLength: 80 }), (first, script) => {
        let leg = first
        const told: Fact['type'][] = []
        script.forEach((next, at) => {
          const decision = decide(leg, next)
          if (isRefused(decision)) throw new Error('a leg refuses nothing')
          if (leg.status === 'ended') expect(decision).toEqual([])
          for (const fact of decision) {
            told.push(fact.type)
            if (fact.type === 'leg.ended') expect(fact.outcome === 'answered').toBe(leg.status === 'answered')
            if (fact.type !== 'leg.arrived' && fact.type !== 'leg.requested') leg = evolve(leg, fact, at)
          }
        })
        for (const type of ['leg.ringing', 'leg.answered', 'leg.ended'] as const)
          expect(told.filter((one) => one === type).length).toBeLessThanOrEqual(1)
        expect(told.indexOf('leg.ended') === -1 || told.at(-1) === 'leg.ended').toBe(true)
        expect(isUp(leg)).toBe(!told.includes('leg.ended'))
      }),
    )
  })
})

describe('the story of a leg', () => {
  it('our ringing timeout ends it as unanswered, by us', () => {
    expect(decide(ringing, { type: 'timeOut' })).toEqual([{ type: 'leg.ended', ...who, outcome: 'unanswered', by: 'us', cause: 19 }])
  })

  it('our ringing timeout while the switch cannot be heard: whether it rang at all nobody can tell, unless that was told before', () => {
    const timeOut = { type: 'timeOut', unheard: true } as const
    expect(decide(requested, timeOut)).toMatchObject([{ outcome: 'unknown', by: 'us' }])
    expect(decide(ringing, timeOut)).toMatchObject([{ outcome: 'unanswered', by: 'us' }])
    expect(decide(requested, { type: 'timeOut' })).toMatchObject([{ outcome: 'unanswered', by: 'us' }])
  })

  it('answer after our ringing timeout: never joined, for the leg has ended', () => {
    const gone = grown(ringing, [30_000, { type: 'leg.ended', ...who, outcome: 'unanswered', by: 'us', cause: 19 }])
    expect(decide(gone, { type: 'answer' })).toEqual([])
  })

  it('ended is answered where it was answered, whoever hung up', () => {
    expect(decide(answered, { type: 'end', outcome: 'withdrawn', by: 'us', cause: 16 })).toEqual([
      { type: 'leg.ended', ...who, outcome: 'answered', by: 'us', cause: 16 },
    ])
  })

  it('said to have been answered, though nobody saw it: failed', () => {
    expect(decide(ringing, { type: 'end', outcome: 'answered', by: 'network', cause: 16 })).toEqual([
      { type: 'leg.ended', ...who, outcome: 'failed', by: 'network', cause: 16 },
    ])
  })

  it('an end learnt after the fact keeps when it happened, and that the sweep closed it', () => {
    expect(decide(ringing, { type: 'end', outcome: 'busy', by: 'party', cause: 17, happenedAt: 7_000, reconciled: true })).toEqual([
      { type: 'leg.ended', ...who, outcome: 'busy', by: 'party', cause: 17, happenedAt: 7_000, reconciled: true },
    ])
  })

  it('an answer learnt after the fact counts from when it happened', () => {
    expect(grown(ringing, [60_000, { type: 'leg.answered', ...who, happenedAt: 9_000 }]).answeredAt).toBe(9_000)
  })

  it('has rung from the far end’s ring, until the answer', () => {
    expect(rungMs(requested, 16_000)).toBe(0)
    expect(rungMs(ringing, 16_000)).toBe(15_000)
    expect(rungMs(answered, 16_000)).toBe(8_000)
  })

  it('is held and resumed without a change of status', () => {
    const held = grown(answered, [10_000, { type: 'leg.held', ...who }])
    expect([held.status, held.held]).toEqual(['answered', true])
    expect(grown(held, [11_000, { type: 'leg.resumed', ...who }]).held).toBe(false)
  })
})
