import { describe, expect, it } from 'vitest'
import type { Agent, Queue, StreamMessage } from '#wire/live.ts'
import { story } from '../../tests/browser/stories.ts'
import { CALLS_MAX, fold, lost, newest, nothing, type Picture } from './live.ts'

const AT = '2026-11-19T09:00:00.000Z'
const HEARD = Date.parse(AT) - 250
const say = (picture: Picture, ...messages: StreamMessage[]): Picture =>
  messages.reduce((now, message) => fold(now, message, HEARD), picture)

const agent = (id: string, state: Agent['state']): Agent => ({
  id,
  name: id,
  state,
  since: AT,
  reason: null,
  until: null,
  wish: null,
  queues: [],
  callId: null,
  answersFromDesk: true,
  matter: null,
})
const queue = (id: string, waiting: number): Queue => ({
  id,
  name: id,
  open: true,
  slaMs: 20_000,
  entries: [],
  waiting,
  longestSince: null,
  callbacks: 0,
  callbacksPaused: 0,
  agents: {},
  expectedWaitMs: null,
  today: { offered: 0, answered: 0, callbacksOrdered: 0, abandoned: 0, short: 0, answeredWithinSla: 0, serviceLevel: null },
})
const call = (id: string, version: number) => ({ ...story(id, { events_: [], legs_: [] }), version })
const snapshot = (seq: number): StreamMessage => ({
  type: 'snapshot',
  seq,
  at: AT,
  live: { queues: [queue('sales', 1), queue('support', 0)], agents: [agent('anna', 'ready')], alarms: [], liveCalls: 1 },
})

describe('the live picture', () => {
  it('is nothing until a snapshot has come', () => expect(nothing.status).toBe('waiting'))

  it('is what the snapshot says, and then what each change says', () => {
    const picture = say(
      nothing,
      snapshot(7),
      { type: 'queue', seq: 8, at: AT, queue: queue('sales', 2) },
      { type: 'agent', seq: 9, at: AT, agent: agent('bo', 'paused') },
      { type: 'alarms', seq: 10, at: AT, alarms: [{ id: 'trunk:main', alarm: 'trunk', about: 'main', raisedAt: AT }] },
    )
    expect(picture.queues.map(({ id, waiting }) => [id, waiting])).toEqual([
      ['sales', 2],
      ['support', 0],
    ])
    expect(picture.agents.map(({ id }) => id)).toEqual(['anna', 'bo'])
    expect(picture.alarms).toHaveLength(1)
    expect([picture.status, picture.seq]).toEqual(['true', 10])
  })

  it('knows how far the server’s clock is ahead of the browser’s', () => expect(say(nothing, snapshot(1)).aheadMs).toBe(250))

  it('knows when one’s own phone was last seen, by the last tick', () => {
    const seen = say(nothing, snapshot(1), { type: 'tick', seq: 1, at: AT, phoneSeenAt: AT })
    expect([say(nothing, snapshot(1)).phoneSeenAt, seen.phoneSeenAt]).toEqual([null, AT])
    expect(say(seen, { type: 'tick', seq: 1, at: AT, phoneSeenAt: null }).phoneSeenAt).toBeNull()
  })

  it('does not go back for a message that comes late', () =>
    expect(say(nothing, snapshot(7), { type: 'queue', seq: 6, at: AT, queue: queue('sales', 9) }).queues[0]?.waiting).toBe(1))

  it('starts anew with a snapshot, whatever its number: the server may have started anew as well', () => {
    const picture = say(nothing, snapshot(700), { type: 'agent', seq: 701, at: AT, agent: agent('bo', 'ready') }, snapshot(3))
    expect([picture.seq, picture.agents.length, picture.snapshots]).toEqual([3, 1, 2])
  })

  it('forgets with a snapshot the calls it was told before: their numbers may no longer be shown whole', () =>
    expect(say(nothing, snapshot(1), { type: 'call', seq: 2, at: AT, call: call('c1', 5) }, snapshot(3)).calls.size).toBe(0))

  it('says that it may be old when the connection is lost, and is true again with the next word', () => {
    const gone = lost(say(nothing, snapshot(1)))
    expect([gone.status, gone.queues.length]).toEqual(['stale', 2])
    expect(say(gone, { type: 'tick', seq: 1, at: AT }).status).toBe('true')
    expect(lost(nothing)).toBe(nothing)
  })
})

describe('open calls', () => {
  it('keeps the newest version of a call', () => {
    const picture = say(
      nothing,
      snapshot(1),
      { type: 'call', seq: 2, at: AT, call: call('c1', 5) },
      { type: 'call', seq: 3, at: AT, call: call('c1', 4) },
    )
    expect(picture.calls.get('c1')?.version).toBe(5)
  })

  it('prefers what the stream told to what was fetched before, and what is fetched later to both', () => {
    expect(newest(call('c1', 4), call('c1', 5)).version).toBe(5)
    expect(newest(call('c1', 6), call('c1', 5)).version).toBe(6)
    expect(newest(call('c1', 6), undefined).version).toBe(6)
  })

  it('forgets the call that changed longest ago when there are too many', () => {
    const many = Array.from(
      { length: CALLS_MAX + 1 },
      (_, i): StreamMessage => ({ type: 'call', seq: i + 2, at: AT, call: call(`c${i}`, 1) }),
    )
    const { calls } = say(nothing, snapshot(1), ...many)
    expect([calls.size, calls.has('c0'), calls.has('c1')]).toEqual([CALLS_MAX, false, true])
  })
})
