/** Rounding, archive.md 4: offsets are rounded down, durations are differences of offsets, sums are sums of what is shown. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCases } from './cases/all.ts'
import { answers, at, callEnds, consulting, hangsUp, internal, isHungUp, ringsAgent, T0, talking, tell } from './cases/script.ts'
import { projectCall } from './projection.ts'
import { shownDuration, shownEventDuration, shownOffset, shownSpeak, shownWait, unansweredLabel } from './shown.ts'

describe('an offset', () => {
  it.each([
    [0, 0],
    [999, 0],
    [1000, 1],
    [59_999, 59],
  ])('of %i ms is %i s', (ms, seconds) => {
    expect(shownOffset(T0, T0 + ms)).toBe(seconds)
  })
})

describe('a duration', () => {
  it('is the difference of the shown offsets, not a rounding of its own', () => {
    expect(shownDuration(T0, T0 + 900, T0 + 2_100)).toBe(2)
    expect(shownDuration(T0, T0 + 1_000, T0 + 2_900)).toBe(1)
  })

  it('of neighbours adds up to the whole', () => {
    const instants = fc.array(fc.nat({ max: 10_000_000 }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(fc.nat({ max: 999 }), instants, (start, list) => {
        const sorted = list.toSorted((a, b) => a - b).map((ms) => start + ms)
        const parts = sorted.slice(1).map((to, i) => shownDuration(start, sorted[i] ?? 0, to))
        const whole = shownDuration(start, sorted[0] ?? 0, sorted.at(-1) ?? 0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole)
      }),
    )
  })
})

/** Conversation 1.6–11.5, Consult 11.5–209.4 of a call between agents. */
const story = projectCall(
  tell(
    at(0, internal('agent1', 'agent2'), ringsAgent('l1', 'agent1')),
    at(1.6, answers('l1'), talking('l1'), ringsAgent('l2', 'agent2')),
    at(11.5, answers('l2'), consulting('l1', 'l2')),
    at(209.4, hangsUp('l2'), isHungUp('l1'), callEnds()),
  ),
)

describe('a sum', () => {
  it('is the sum of the shown parts', () => {
    expect(story.events.map((event) => shownEventDuration(story, event))).toEqual([10, 198])
    expect(shownSpeak(story, 'agent1')).toBe(208)
    expect(shownSpeak(story, 'agent2')).toBe(198)
    expect(shownSpeak(story)).toBe(208)
    // Stored are the milliseconds.
    expect(story.speakMs).toBe(207_800)
  })
})

describe('a wait', () => {
  it('is shown between its two offsets', () => {
    expect(story.waitMs).toBe(1_600)
    expect(shownWait(story, story.waitMs)).toBe(1)
    expect(shownWait(story, null)).toBe(null)
  })

  it.each(allCases.map((one) => [one.name, one] as const))('of %s, whose instants are whole seconds, is as in the table', (_, one) => {
    const told = projectCall(one.facts)
    expect(shownWait(told, told.waitMs)).toBe(one.wait)
    expect(shownWait(told, told.waitToCustomerMs)).toBe(one.toCustomer)
  })
})

describe('the label', () => {
  it.each([
    [undefined, undefined],
    [0, undefined],
    [1, '1 unanswered call done'],
    [2, '2 unanswered calls done'],
    [3, '3 unanswered calls done'],
  ])('of %s is %s', (unanswered, label) => {
    expect(unansweredLabel(unanswered)).toBe(label)
  })
})
