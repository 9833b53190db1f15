import { describe, expect, it } from 'vitest'
import { Gate, type GatePlan } from './gate.ts'

/** Somebody calls: whether he is let in, and what he and the figures are told if not. */
function arriving(change: Partial<GatePlan>) {
  const told: unknown[] = []
  const gate = new Gate({
    figures: { arrival: (perSecondMax) => perSecondMax > 0, refused: (why) => told.push(why) },
    telephony: { send: (command) => told.push(command) },
    solution: () => ({ callsPerSecondMax: 1, liveCallsMax: 5 }),
    liveCalls: () => 4,
    inbox: () => 9_999,
    trouble: () => null,
    ...change,
  })
  if (gate.mayEnter()) return 'in'
  gate.turnAway('l1')
  return told
}
const away = (why: 'overload' | 'unwritten') => [why, { type: 'leg.hangUp', legId: 'l1', why }]

describe('who calls is let in', () => {
  it('below every limit', () => expect(arriving({})).toBe('in'))
  it.each([
    ['with 10,000 inputs waiting', { inbox: () => 10_000 }, 'overload'],
    ['with as many calls as the solution takes at once', { liveCalls: () => 5 }, 'overload'],
    ['with as many as it takes in a second', { solution: () => ({ callsPerSecondMax: 0, liveCallsMax: 5 }) }, 'overload'],
    ['while the journal cannot be written', { trouble: () => 'no room' }, 'unwritten'],
  ] as const)('not %s', (_, change, why) => expect(arriving(change)).toEqual(away(why)))
})
