/** The live picture and the session of the fixture, written by hand as the server would send them. */
import type { Call } from '#wire/calls.ts'
import type { Agent, LiveState, Queue, WaitingEntry } from '#wire/live.ts'
import type { Session } from '#wire/session.ts'
import { campaigns } from './campaign-state.ts'
import { PEOPLE, QUEUES, story } from './stories.ts'

const named = (of: Readonly<Record<string, string>>) => Object.entries(of).map(([id, name]) => ({ id, name }))
export const sessionOf = (role: Session['role']): Session => ({
  user: role,
  name: role === 'agent' ? 'Anna Lindqvist' : 'Petra Ek',
  role,
  agentId: role === 'agent' ? 'anna' : null,
  solution: {
    name: 'Demonstration',
    zone: 'Europe/Stockholm',
    language: 'sv',
    country: 'SE',
    queues: named(QUEUES),
    agents: named(PEOPLE),
    pauseReasons: ['lunch', 'break', 'training'],
    callerId: '+46846500421',
    callerIds: [
      { number: '+46846500421', name: 'Sales' },
      { number: '+46846500477', name: 'Support' },
    ],
    emergencyCalls: true,
  },
})

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
const ahead = (seconds: number): string => ago(-seconds)

const entry = (id: string, more: Partial<WaitingEntry>): WaitingEntry => ({
  entryId: id,
  callId: id,
  queueId: 'sales',
  kind: 'line',
  status: 'waiting',
  number: '+46701740621',
  place: 1,
  joinedAt: ago(30),
  waitsSince: more.joinedAt ?? ago(30),
  ...more,
})
const queueOf = (id: keyof typeof QUEUES, entries: WaitingEntry[], agents: Queue['agents']): Queue => {
  const line = entries.filter((one) => one.kind === 'line')
  const callbacks = entries.filter((one) => one.kind === 'callback')
  return {
    id,
    name: QUEUES[id],
    open: true,
    slaMs: 120_000,
    entries,
    waiting: line.length,
    longestSince: line.map((one) => one.joinedAt).sort()[0] ?? null,
    callbacks: callbacks.length,
    callbacksPaused: callbacks.filter((one) => one.status === 'pausing').length,
    agents,
    expectedWaitMs: 95_000,
    today: { offered: 124, answered: 103, callbacksOrdered: 11, abandoned: 7, short: 4, answeredWithinSla: 96, serviceLevel: 0.8 },
  }
}
const agentOf = (id: keyof typeof PEOPLE, state: Agent['state'], more: Partial<Agent> = {}): Agent => ({
  id,
  name: PEOPLE[id],
  state,
  since: ago(134),
  reason: null,
  until: null,
  wish: null,
  queues: ['sales', 'support'],
  callId: null,
  answersFromDesk: true,
  matter: null,
  ...more,
})

/** The callback that waits on the fixture's Live page. */
export const WAITING = 'waiting-callback'
export const matterOf = (phase: 'ringing' | 'calling' | 'talking' | 'wrapUp'): NonNullable<Agent['matter']> => ({
  callId: 'A1',
  entryId: 'n1',
  queueId: 'sales',
  kind: 'callback',
  phase,
  number: '+46701740612',
  waitedMs: 1_040_000,
  attempt: 1,
  attemptsMax: 3,
  menuPath: ['welcome', '1'],
  since: ago(12),
  canMarkVoicemail: phase === 'talking',
  askFor: '214',
  canCancel: false,
  onHold: false,
  muted: false,
  consult: null,
  conference: false,
})

/** An own call of Anna's, and what can become of a conversation. */
export const ownCall = (phase: 'ringing' | 'calling'): NonNullable<Agent['matter']> => ({
  ...matterOf(phase),
  entryId: 'o1',
  queueId: 'outbound',
  kind: 'outbound',
  attempt: null,
  attemptsMax: null,
  menuPath: [],
  waitedMs: null,
  canCancel: true,
})
export const inConsult = (active: boolean): NonNullable<Agent['matter']> => ({
  ...matterOf('talking'),
  onHold: active,
  consult: { to: { kind: 'agent', id: 'bo', name: 'Bo Ek' }, phase: 'talking', active },
})
/** The live picture with Anna in this matter. */
export const deskState = (state: Agent['state'], matter: Agent['matter'], more: Partial<Agent> = {}): LiveState => {
  const live = liveState()
  const anna = agentOf('anna', state, { matter, callId: matter?.callId ?? null, ...more })
  return { ...live, agents: live.agents.map((agent) => (agent.id === 'anna' ? anna : agent)) }
}

export const liveState = (): LiveState => ({
  queues: [
    queueOf(
      'sales',
      [
        entry('w1', { joinedAt: ago(84) }),
        entry(WAITING, {
          kind: 'callback',
          number: '+46701740612',
          place: 2,
          joinedAt: ago(1123),
          waitsSince: ago(30),
          attempts: 1,
          attemptsMax: 3,
        }),
        entry('w3', {
          kind: 'callback',
          number: '+4684650060',
          askFor: 'Eva Ek',
          place: null,
          status: 'pausing',
          joinedAt: ago(551),
          waitsSince: ago(551),
          until: ahead(25),
          attempts: 1,
          attemptsMax: 3,
        }),
        entry('w4', {
          kind: 'callback',
          number: '+46980319244',
          place: null,
          status: 'dialling',
          joinedAt: ago(380),
          waitsSince: ago(380),
          attempts: 1,
          attemptsMax: 3,
          offeredTo: 'bo',
        }),
      ],
      { connected: 2, ready: 1, paused: 1 },
    ),
    queueOf(
      'support',
      [
        entry('w5', { queueId: 'support', joinedAt: ago(221), number: null, withheld: true }),
        entry('w6', { queueId: 'support', joinedAt: ago(47), place: 2 }),
      ],
      { connected: 1, wrapUp: 1 },
    ),
    queueOf('outbound', [], {}),
  ],
  agents: [
    agentOf('anna', 'connected', { callId: 'A1', matter: matterOf('talking') }),
    agentOf('bo', 'ready'),
    agentOf('sara', 'paused', { reason: 'lunch', since: ago(1450) }),
    agentOf('johan', 'wrapUp', { until: ahead(19), since: ago(11) }),
  ],
  campaigns: campaigns(),
  alarms: [{ id: 'trunk:main', alarm: 'trunk', about: 'main', raisedAt: ago(65), detail: '503 three times in a minute' }],
  liveCalls: 4,
})

/** A call that still grows: the callback waiting in the fixture's queue. */
export const waitingCall = (): Call =>
  story(WAITING, {
    start: Date.now() - 1_143_000,
    inQueues: ['sales'],
    unanswered: 1,
    events_: [
      ['menu', 0, 20, { menu: { id: 'welcome', name: 'Welcome' }, choice: '1' }],
      ['queue', 20, 140, { queue: { id: 'sales', name: 'Sales' }, reason: 'callbackOrdered' }],
      ['menu', 140, 160, { menu: { id: 'callback.readBack', name: 'callback.readBack' }, choice: '1' }],
      ['queueCallback', 160, undefined, { queue: { id: 'sales', name: 'Sales' }, unanswered: 1 }],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 160, by: 'us' },
      { who: 'anna', at: 900, rings: 900, answered: 904, end: 935, by: 'us', attempt: 1 },
      { who: 'customer', at: 904, rings: 904, end: 929, outcome: 'unanswered', by: 'us', attempt: 1 },
    ],
  })
