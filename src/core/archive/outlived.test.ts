import { describe, expect, test } from 'vitest'
import type { Fact, Recorded } from '../facts.ts'
import { hasOutlived, notesIn, wordsIn } from './outlived.ts'

const recorded = (facts: readonly [at: number, fact: Fact][]): Recorded[] =>
  facts.map(([at, fact], index) => ({ position: index + 1, at, fact }))
const started: Fact = {
  ...{ type: 'call.started', callId: 'c', direction: 'inbound', customer: 'p', solution: 'v' },
  ...{ from: { person: 'p' }, to: { person: 'line' } },
}
const joined = (queueId: string): Fact => ({
  ...{ type: 'entry.joined', callId: 'c', entryId: `e-${queueId}`, queueId, kind: 'line', place: 'end', since: 0, leavesAt: null },
})
const left = (queueId: string): Fact => ({ type: 'entry.left', callId: 'c', entryId: `e-${queueId}`, queueId, reason: 'hungUp' })
const arrived: Fact = { type: 'leg.arrived', callId: 'c', legId: 'l', personId: 'p' }
const answered: Fact = { type: 'leg.answered', callId: 'c', legId: 'l' }
const gone: Fact = { type: 'leg.ended', callId: 'c', legId: 'l', outcome: 'answered', by: 'party', cause: 16 }
const ended: Fact = { type: 'call.ended', callId: 'c' }
const through = (...queues: string[]): Recorded[] =>
  recorded([
    [10, started],
    [10, arrived],
    [10, answered],
    ...queues.flatMap((id): [number, Fact][] => [
      [20, joined(id)],
      [30, left(id)],
    ]),
    [100, gone],
    [100, ended],
  ])

const horizons = { calls: 500, queues: { short: 600, long: 50 } }

describe('a call that is over', () => {
  test.each<[string, readonly string[], number, boolean]>([
    ['through no queue, before the horizon', [], 101, true],
    ['at the horizon it is kept', [], 100, false],
    ['in a queue that asks for nothing', ['plain'], 101, true],
    ['in a queue that keeps longer', ['long'], 101, false],
    ['in several, as long as the longest asks', ['short', 'long'], 101, false],
    ['in one that keeps shorter and one like others', ['short', 'plain'], 100, false],
    ['in one that keeps shorter alone', ['short'], 100, true],
  ])('%s', (_name, queues, calls, goes) => {
    expect(hasOutlived(through(...queues), { calls, queues: { short: calls + 50, long: 50 } })).toBe(goes)
  })
})

describe('a call that is not', () => {
  test('over stays, however old', () => expect(hasOutlived(through('plain').slice(0, -1), horizons)).toBe(false))
  test('quite over, for an agent is in wrap-up after it', () => {
    const wrapUp: Fact = { type: 'agent.wrapUpStarted', agentId: 'anna', callId: 'c', until: 200 }
    const facts = [...through(), ...recorded([[100, wrapUp]])]
    expect(hasOutlived(facts, horizons)).toBe(false)
    const over = recorded([[200, { type: 'agent.wrapUpEnded', agentId: 'anna', callId: 'c', by: 'agent' }]])
    expect(hasOutlived([...facts, ...over], horizons)).toBe(true)
    expect(hasOutlived([...facts, ...over], { calls: 200, queues: {} })).toBe(false)
  })
  test('there has nothing to leave', () => expect(hasOutlived([], horizons)).toBe(false))
})

test('one whose beginning was lost leaves when its end is there', () => {
  expect(hasOutlived(through('plain').slice(2), horizons)).toBe(true)
  expect(hasOutlived(through('plain').slice(2, -1), horizons)).toBe(false)
})

test('notes are found by their ids', () => {
  expect(notesIn('{"noteId":"n1","x":{"noteId":"n2"},"note":"n3"}')).toEqual(['n1', 'n2'])
})

test('whoever is mentioned anywhere is found, beside texts that are empty or hold quotes', () => {
  const json = JSON.stringify({ a: '', b: 'say "no"', c: '\\', d: [{ person: 'p1' }], e: '"', f: 'p2' })
  expect(wordsIn(json)).toEqual(expect.arrayContaining(['p1', 'p2']))
  expect(wordsIn(json)).toHaveLength(6 + 1 + 6)
})
