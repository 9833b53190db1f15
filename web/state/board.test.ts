import { describe, expect, it } from 'vitest'
import type { Agent, WaitingEntry } from '#wire/live.ts'
import { liveState, matterOf } from '../../tests/browser/live-state.ts'
import { aboutOf, agentRows, tileOf, waitingRows } from './board.ts'
import { actsOf } from './desk.ts'

const NOW = Date.parse('2026-11-19T09:00:00Z')
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString()
const [sales] = liveState().queues
if (sales === undefined) throw new Error('The fixture has no queue.')
const entry = (id: string, more: Partial<WaitingEntry>): WaitingEntry => ({
  entryId: id,
  callId: id,
  queueId: 'sales',
  kind: 'callback',
  status: 'waiting',
  number: null,
  place: 2,
  joinedAt: ago(100),
  waitsSince: ago(100),
  ...more,
})

describe('what an alarm is about', () => {
  it.each([
    [{ alarm: 'trunk', about: 'spare' }, 'spare'],
    [{ alarm: 'journalTail', about: '41', detail: 'facts 42 to 45 are lost' }, 'kept 41'],
    [{ alarm: 'disk', detail: 'the journal cannot be written' }, null],
  ] as const)('%j: its ids and numbers, in no language', (alarm, expected) =>
    expect(aboutOf({ id: 'x', raisedAt: ago(1), ...alarm }, (position) => `kept ${position}`)).toBe(expected),
  )
})

describe('a queue’s tile', () => {
  it('says that a promise is breached only when the longest wait is over it', () => {
    const at = (seconds: number | null) => tileOf({ ...sales, slaMs: 120_000, longestSince: seconds === null ? null : ago(seconds) }, NOW)
    expect([at(null), at(120), at(121)].map(({ longest, isLate }) => [longest, isLate])).toEqual([
      [null, false],
      [120, false],
      [121, true],
    ])
    expect(tileOf({ ...sales, slaMs: 0, longestSince: ago(999) }, NOW).isLate).toBe(false)
  })

  it('counts the abandoned against the offered without the short ones, and says nothing before there are any', () => {
    const of = (offered: number, short: number, abandoned: number) =>
      tileOf({ ...sales, today: { ...sales.today, offered, short, abandoned } }, NOW).abandoned
    expect([of(104, 4, 7), of(4, 4, 0), of(0, 0, 0)]).toEqual([0.07, null, null])
  })

  it('groups the agents by what they do', () =>
    expect(
      tileOf({ ...sales, agents: { connected: 2, connecting: 1, ready: 1, noAnswer: 1, unreachable: 1, loggedOff: 5 } }, NOW).groups,
    ).toEqual([
      { group: 'talking', n: 3 },
      { group: 'ready', n: 1 },
      { group: 'away', n: 2 },
    ]))
})

/** canDelete, canCallNow */
const MAY = `
  line      waiting      yes no
  line      ordering     yes no
  line      offered      yes no
  callback  waiting      yes yes
  callback  offered      yes no
  callback  dialling     no  no
  callback  talking      no  no
  callback  pausing      yes yes
  callback  networkWait  yes yes
  callback  heldBack     yes no
  callback  notYet       yes yes
  consult   waiting      no  no
`
describe('what a supervisor may do with who waits', () => {
  it.each(
    MAY.trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  )('%s %s', (kind, status, canDelete, canCallNow) => {
    const one = entry('n1', { kind: kind as WaitingEntry['kind'], status: status as WaitingEntry['status'] })
    const [row] = waitingRows([{ ...sales, entries: [one] }], NOW)
    expect([row?.canDelete, row?.canCallNow]).toEqual([canDelete === 'yes', canCallNow === 'yes'])
  })

  it('shows who has waited longest first, and since when a callback was put back in line', () => {
    const entries = [entry('young', { joinedAt: ago(10), waitsSince: ago(10) }), entry('old', { joinedAt: ago(900), waitsSince: ago(30) })]
    expect(waitingRows([{ ...sales, entries }], NOW).map((row) => [row.entry.entryId, row.inAll, row.requeued])).toEqual([
      ['old', 900, 30],
      ['young', 10, null],
    ])
  })
})

it('shows agents by state, then who has been in it longest', () => {
  const [anna] = liveState().agents
  if (anna === undefined) throw new Error('The fixture has no agent.')
  const of = (id: string, state: Agent['state'], seconds: number): Agent => ({ ...anna, id, state, since: ago(seconds) })
  const rows = agentRows([
    of('a', 'loggedOff', 9),
    of('b', 'ready', 5),
    of('c', 'ready', 50),
    of('d', 'connected', 1),
    of('e', 'paused', 3),
  ])
  expect(rows.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'e', 'a'])
})

/** state, phase of the matter (– none), wish, and the buttons of the desk. */
const DESK = `
  loggedOff   –        –         logOn
  ready       –        –         logOff pause
  paused      –        –         logOff return
  rejected    –        –         logOff pause ready
  noAnswer    –        –         logOff pause ready
  unreachable –        –         logOff pause
  connecting  ringing  –         answer logOff pause reject
  connecting  calling  –         hangUp logOff pause
  connected   talking  –         consult digits hangUp hold logOff mute pause voicemail
  connected   talking  paused    consult digits hangUp hold logOff mute pause stayOn voicemail
  connected   talking  loggedOff consult digits hangUp hold mute pause stayOn voicemail
  wrapUp      wrapUp   –         extend logOff pause readyNow
  wrapUp      –        –         extend logOff pause readyNow
`
describe('what an agent may do', () => {
  it.each(
    DESK.trim()
      .split('\n')
      .map((line) => {
        const [state, phase, wish, ...acts] = line.trim().split(/\s+/)
        return { state, phase, wish, acts }
      }),
  )('$state $phase $wish', ({ state, phase, wish, acts }) => {
    const [anna] = liveState().agents
    if (anna === undefined) throw new Error('The fixture has no agent.')
    const agent: Agent = {
      ...anna,
      state: state as Agent['state'],
      matter: phase === '–' ? null : matterOf(phase as 'ringing'),
      wish: wish === '–' ? null : { state: wish as 'paused', reason: null },
    }
    expect([...actsOf(agent)].sort()).toEqual(acts)
  })

  it('offers no Answer where the phone is answered by hand', () => {
    const [anna] = liveState().agents
    if (anna === undefined) throw new Error('The fixture has no agent.')
    const acts = actsOf({ ...anna, state: 'connecting', answersFromDesk: false, matter: matterOf('ringing') })
    expect(acts.has('answer')).toBe(false)
    expect(acts.has('reject')).toBe(true)
  })
})
