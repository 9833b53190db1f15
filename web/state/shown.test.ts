import { describe, expect, it } from 'vitest'
import { callbacks, others, outbound, story } from '../../tests/browser/stories.ts'
import {
  clockLike,
  durationOf,
  holdOfCall,
  msOf,
  offsetLike,
  offsetOf,
  rangOf,
  speakOf,
  speakOfAll,
  waitOf,
  waitToCustomerOf,
  wholeOf,
} from './shown.ts'

const call = (id: string) => {
  const found = { ...callbacks, ...outbound, ...others }[id]
  if (found === undefined) throw new Error(`There is no story ${id}.`)
  return found
}
/** What an open event is measured to; none of the calls in the table is open. */
const NOW = 0

describe('what is shown of an instant', () => {
  const start = { startedAt: '2026-11-19T08:41:12.400Z' }
  it.each([
    ['the start', '2026-11-19T08:41:12.400Z', 0],
    ['999 ms later', '2026-11-19T08:41:13.399Z', 0],
    ['one second later', '2026-11-19T08:41:13.400Z', 1],
    ['before the start, learnt late', '2026-11-19T08:41:12.000Z', 0],
  ])('%s', (_, instant, offset) => expect(offsetOf(start, msOf(instant))).toBe(offset))

  it.each([
    [0, '0:00', '0:00'],
    [9, '0:09', '+0:09'],
    [1040, '17:20', '+17:20'],
    [3735, '1:02:15', '+1:02:15'],
  ])('%i s', (seconds, duration, offset) => {
    expect(clockLike(seconds)).toBe(duration)
    expect(offsetLike(seconds)).toBe(offset)
  })
})

describe('what is shown of a duration', () => {
  // Offsets 0, 0.6, 1.2 s are shown as 0, 0, 1: so the parts are 0 and 1 and add up to the whole, 1, though each lasted 0.6 s.
  const uneven = story('uneven', {
    end: 1.2,
    events_: [
      ['conversation', 0, 0.6, { agents: ['anna'] }],
      ['conversation', 0.6, 1.2, { agents: ['anna', 'bo'] }],
    ],
    legs_: [{ who: 'customer', at: 0, answered: 0, end: 1.2 }],
  })
  it('is the difference of the two shown offsets, so that the parts add up', () => {
    expect(uneven.events.map((event) => durationOf(uneven, event, NOW))).toEqual([0, 1])
    expect(speakOf(uneven, 'anna', NOW)).toBe(1)
    expect(speakOf(uneven, 'bo', NOW)).toBe(1)
    expect(speakOfAll(uneven, NOW)).toBe(1)
    expect(wholeOf(uneven, NOW)).toBe(1)
  })

  it('grows with the clock while it goes on', () => {
    const live = story('live', { events_: [['queue', 5, undefined]], legs_: [] })
    const [event] = live.events
    if (event === undefined) throw new Error('no event')
    expect(durationOf(live, event, msOf(live.startedAt) + 65_400)).toBe(60)
    expect(waitOf(live, msOf(live.startedAt) + 65_400)).toBe(60)
  })
})

/** The table of archive.md 4. */
describe.each([
  ['A1', 1040, 1052, { anna: 128 }],
  ['A2', 1040, 1486, { sara: 94, anna: 0 }],
  ['A3', 1040, null, { anna: 0 }],
  ['A5', 680, null, {}],
  ['A6', 280, null, { anna: 100 }],
  ['A7', 600, 610, { anna: 90 }],
  ['A8', 1040, 1486, { anna: 18, bo: 94 }],
  ['B1', 1, 12, { anna: 88 }],
  ['C1', 1, null, { anna: 208, bo: 198 }],
  ['D5', 2, null, {}],
  ['E1', 40, null, { sara: 60 }],
  ['F7', null, null, { anna: 160, johan: 20 }],
] as const)('%s', (id, wait, toCustomer, speak) => {
  it('shows the wait, the wait to the customer and what each agent spoke', () => {
    expect(waitOf(call(id), NOW)).toBe(wait)
    expect(waitToCustomerOf(call(id))).toBe(toCustomer)
    for (const [agent, seconds] of Object.entries(speak)) expect(speakOf(call(id), agent, NOW)).toBe(seconds)
  })
})

it('shows the union of what agents spoke, not the sum', () => expect(speakOfAll(call('C1'), NOW)).toBe(208))
it('shows the customer’s hold', () => expect(holdOfCall(call('A2'), NOW)).toBe(18))
it('shows how long a phone rang, and nothing of a line that rang us', () => {
  const rang = call('A2').legs.map((leg) => rangOf(call('A2'), leg, NOW))
  expect(rang).toEqual([null, 8, 25, 12, 10, 6])
})
