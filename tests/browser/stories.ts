/** Calls as the server would send them, written by hand from the archive's chapter: the cases A, B, C, E, F and a silent call. Times in seconds from the call's start. */
import type { Call, Event, Leg } from '#wire/calls.ts'

export const PEOPLE = { anna: 'Anna Lindqvist', bo: 'Bo Berg', sara: 'Sara Nilsson', johan: 'Johan Berg' } as const
export type Agent = keyof typeof PEOPLE
export const QUEUES = { sales: 'Sales', support: 'Support', outbound: 'Outbound' } as const
export type QueueName = keyof typeof QUEUES

const START = Date.parse('2026-11-19T08:41:12.000Z')
const iso = (start: number, seconds: number): string => new Date(start + seconds * 1000).toISOString()

/** `to` undefined: goes on. */
type EventLine = readonly [kind: Event['kind'], from: number, to: number | undefined, more?: Partial<Event>]
interface LegLine {
  readonly who: Agent | 'customer' | 'external'
  readonly at: number
  readonly rings?: number
  readonly answered?: number
  readonly end?: number
  readonly outcome?: Leg['outcome']
  readonly by?: Leg['by']
  readonly attempt?: number
  readonly holds?: readonly (readonly [number, number])[]
  readonly more?: Partial<Leg>
}
interface StoryLines extends Partial<Omit<Call, 'events' | 'legs' | 'queues' | 'agents'>> {
  readonly start?: number
  readonly end?: number
  readonly inQueues?: readonly QueueName[]
  readonly events_: readonly EventLine[]
  readonly legs_: readonly LegLine[]
}

const NUMBER = '+46701740612'
const queue = (id: QueueName) => ({ id, name: QUEUES[id] })
export const inQueue = (id: QueueName, more: Partial<Event> = {}): Partial<Event> => ({ queue: queue(id), ...more })

const eventOf = (start: number, [kind, from, to, more]: EventLine, i: number): Event => ({
  id: `e${i + 1}`,
  kind,
  startedAt: iso(start, from),
  endedAt: to === undefined ? null : iso(start, to),
  agents: [],
  ...more,
})

const legOf = (start: number, line: LegLine, i: number, number: string | null): Leg => ({
  id: `l${i + 1}`,
  party: line.who === 'customer' || line.who === 'external' ? line.who : 'agent',
  ...(line.who === 'customer' || line.who === 'external' ? { number } : { agentId: line.who }),
  ...(line.attempt === undefined ? {} : { attempt: line.attempt }),
  requestedAt: iso(start, line.at),
  ringingAt: line.rings === undefined ? null : iso(start, line.rings),
  answeredAt: line.answered === undefined ? null : iso(start, line.answered),
  endedAt: line.end === undefined ? null : iso(start, line.end),
  holds: (line.holds ?? []).map(([from, to]) => ({ from: iso(start, from), to: iso(start, to) })),
  outcome: line.end === undefined ? null : (line.outcome ?? 'answered'),
  by: line.by ?? 'party',
  cause: line.end === undefined ? null : 16,
  ...line.more,
})

/** Seconds an agent is in Conversation or Consult. */
const speakMs = (lines: readonly EventLine[], agent: string): number =>
  lines.reduce((sum, [kind, from, to, more]) => {
    const isIn = (kind === 'conversation' || kind === 'consult') && more?.agents?.includes(agent) === true
    return isIn && to !== undefined ? sum + (to - from) * 1000 : sum
  }, 0)

export function story(id: string, lines: StoryLines): Call {
  const { start = START, end, inQueues = [], events_, legs_, ...rest } = lines
  const number = rest.callerNumber === undefined ? NUMBER : rest.callerNumber
  const involved = [...new Set(legs_.flatMap((leg) => (leg.who in PEOPLE && leg.answered !== undefined ? [leg.who as Agent] : [])))]
  const all = events_.filter(
    ([kind, , to, more]) => (kind === 'conversation' || kind === 'consult') && to !== undefined && more?.agents?.length,
  )
  return {
    id,
    direction: 'inbound',
    startedAt: iso(start, 0),
    endedAt: end === undefined ? null : iso(start, end),
    callerNumber: number,
    from: number,
    to: '+4684650042',
    queues: inQueues.map(queue),
    agents: involved.map((one) => ({ id: one, name: PEOPLE[one], speakMs: speakMs(events_, one), holdMs: 0, wrapMs: 0 })),
    result: end === undefined ? 'live' : 'answered',
    waitMs: null,
    waitToCustomerMs: null,
    speakMs: all.reduce((sum, [, from, to]) => sum + ((to ?? from) - from) * 1000, 0),
    unanswered: 0,
    relatedCalls: [],
    events: events_.map((line, i) => eventOf(start, line, i)),
    legs: legs_.map((line, i) => legOf(start, line, i, number)),
    version: 1,
    ...rest,
  }
}

const ORDER: readonly EventLine[] = [
  ['menu', 0, 20, { menu: { id: 'welcome', name: 'Welcome' }, choice: '1' }],
  ['queue', 20, 140, inQueue('sales', { reason: 'callbackOrdered' })],
  ['menu', 140, 150, { menu: { id: 'callback.choose', name: 'callback.choose' }, choice: '1' }],
  ['menu', 150, 160, { menu: { id: 'callback.readBack', name: 'callback.readBack' }, choice: '1' }],
]
const LINE: LegLine = { who: 'customer', at: 0, answered: 0, end: 160, by: 'us' }
const callback = (more: Partial<Event> = {}): Partial<Event> => inQueue('sales', { reason: 'answered', ...more })
const talk = (...agents: Agent[]): Partial<Event> => ({ agents: [...agents] })
const one = (n: number): Partial<Event> => ({ unanswered: n, label: n === 1 ? '1 unanswered call done' : `${n} unanswered calls done` })

export const callbacks: Readonly<Record<string, Call>> = {
  A1: story('A1', {
    end: 1200,
    inQueues: ['sales'],
    result: 'callbackReached',
    waitMs: 1_040_000,
    waitToCustomerMs: 1_052_000,
    events_: [...ORDER, ['queueCallback', 160, 1060, callback({ agents: ['anna'] })], ['conversation', 1072, 1200, talk('anna')]],
    legs_: [
      LINE,
      { who: 'anna', at: 1055, rings: 1055, answered: 1060, end: 1200, by: 'us', attempt: 1 },
      { who: 'customer', at: 1060, rings: 1060, answered: 1072, end: 1200, attempt: 1 },
    ],
  }),
  A2: story('A2', {
    end: 1600,
    inQueues: ['sales'],
    result: 'callbackReached',
    waitMs: 1_040_000,
    waitToCustomerMs: 1_486_000,
    unanswered: 1,
    events_: [
      ...ORDER,
      ['queueCallback', 160, 1500, callback({ agents: ['sara'], ...one(1) })],
      ['conversation', 1506, 1600, talk('sara')],
    ],
    legs_: [
      LINE,
      { who: 'anna', at: 1052, rings: 1052, answered: 1060, end: 1087, by: 'us', attempt: 1 },
      { who: 'customer', at: 1060, rings: 1060, end: 1085, outcome: 'unanswered', by: 'us', attempt: 1 },
      { who: 'johan', at: 1476, rings: 1476, end: 1488, outcome: 'rejected', attempt: 2 },
      { who: 'sara', at: 1490, rings: 1490, answered: 1500, end: 1600, by: 'us', attempt: 2 },
      { who: 'customer', at: 1500, rings: 1500, answered: 1506, end: 1600, attempt: 2, holds: [[1540, 1558]] },
    ],
  }),
  A3: story('A3', {
    end: 2000,
    inQueues: ['sales'],
    result: 'callbackUnreached',
    waitMs: 1_040_000,
    unanswered: 3,
    events_: [...ORDER, ['queueCallback', 160, 2000, inQueue('sales', { reason: 'failed', ...one(3) })]],
    legs_: [
      LINE,
      ...[1060, 1500, 1975].flatMap((at, i): LegLine[] => [
        { who: 'anna', at: at - 4, rings: at - 4, answered: at, end: at + 25, by: 'us', attempt: i + 1 },
        { who: 'customer', at, rings: at, end: at + 25, outcome: 'unanswered', by: 'us', attempt: i + 1 },
      ]),
    ],
  }),
  A5: story('A5', {
    end: 700,
    inQueues: ['sales'],
    result: 'deleted',
    waitMs: 680_000,
    events_: [
      ...ORDER,
      ['queueCallback', 160, 700, inQueue('sales', { reason: 'deleted' })],
      [
        'deleted',
        700,
        700,
        { by: 'supervisor', byName: 'Petra Ek', reason: 'supervisor', note: 'Ordered twice by mistake', queue: queue('sales') },
      ],
    ],
    legs_: [LINE],
  }),
  A6: story('A6', {
    end: 400,
    inQueues: ['sales'],
    waitMs: 280_000,
    events_: [
      ['menu', 0, 20, { menu: { id: 'welcome', name: 'Welcome' }, choice: '1' }],
      ['queue', 20, 140, inQueue('sales', { reason: 'digit' })],
      ['menu', 140, 150, { menu: { id: 'callback.choose', name: 'callback.choose' }, choice: '*' }],
      ['queue', 150, 300, inQueue('sales', { reason: 'answered' })],
      ['conversation', 300, 400, talk('anna')],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 400 },
      { who: 'anna', at: 295, rings: 295, answered: 300, end: 400, by: 'us' },
    ],
  }),
  A7: story('A7', {
    end: 700,
    inQueues: ['sales'],
    origin: 'web',
    askFor: 'Eva Ek',
    result: 'callbackReached',
    waitMs: 600_000,
    waitToCustomerMs: 610_000,
    events_: [
      ['queue', 0, 0, inQueue('sales')],
      ['queueCallback', 0, 600, callback({ agents: ['anna'] })],
      ['conversation', 610, 700, talk('anna')],
    ],
    legs_: [
      { who: 'anna', at: 596, rings: 596, answered: 600, end: 700, by: 'us', attempt: 1 },
      { who: 'customer', at: 600, rings: 600, answered: 610, end: 700, attempt: 1 },
    ],
  }),
  A8: story('A8', {
    end: 1600,
    inQueues: ['sales'],
    result: 'callbackReached',
    waitMs: 1_040_000,
    waitToCustomerMs: 1_486_000,
    unanswered: 1,
    events_: [
      ...ORDER,
      ['queueCallback', 160, 1060, callback({ agents: ['anna'] })],
      ['conversation', 1072, 1090, talk('anna')],
      ['queueCallback', 1090, 1500, callback({ agents: ['bo'], ...one(1) })],
      ['conversation', 1506, 1600, talk('bo')],
    ],
    legs_: [
      LINE,
      { who: 'anna', at: 1056, rings: 1056, answered: 1060, end: 1090, attempt: 1 },
      { who: 'customer', at: 1060, rings: 1060, answered: 1072, end: 1090, by: 'us', attempt: 1 },
      { who: 'bo', at: 1496, rings: 1496, answered: 1500, end: 1600, by: 'us', attempt: 2 },
      { who: 'customer', at: 1500, rings: 1500, answered: 1506, end: 1600, attempt: 2 },
    ],
  }),
}

const out = (id: string, more: StoryLines): Call =>
  story(id, {
    direction: 'outbound',
    inQueues: ['outbound'],
    from: '+4684650042',
    to: '+46313900633',
    callerNumber: '+46313900633',
    waitMs: 1000,
    ...more,
  })
const Q0: EventLine = ['queue', 0, 0, inQueue('outbound')]
const own = (end: number, by: Leg['by'] = 'us'): LegLine => ({ who: 'anna', at: 0, rings: 0, answered: 1, end, by })

export const outbound: Readonly<Record<string, Call>> = {
  B1: out('B1', {
    end: 100,
    waitToCustomerMs: 12_000,
    events_: [Q0, ['queueCallback', 0, 12, inQueue('outbound', talk('anna'))], ['conversation', 12, 100, talk('anna')]],
    legs_: [own(100), { who: 'customer', at: 1, rings: 1, answered: 12, end: 100 }],
  }),
  B2: out('B2', {
    end: 31,
    result: 'unanswered',
    unanswered: 1,
    events_: [Q0, ['queueCallback', 0, 31, inQueue('outbound', { ...talk('anna'), ...one(1) })]],
    legs_: [own(31), { who: 'customer', at: 1, rings: 1, end: 31, outcome: 'unanswered', by: 'us' }],
  }),
  B5: out('B5', {
    end: 9,
    result: 'deleted',
    unanswered: 1,
    events_: [
      Q0,
      ['queueCallback', 0, 9, inQueue('outbound', { ...talk('anna'), ...one(1), reason: 'deleted' })],
      ['deleted', 9, 9, { by: 'agent', byName: 'Anna Lindqvist', reason: 'cancelled', queue: queue('outbound') }],
    ],
    legs_: [own(9), { who: 'customer', at: 1, rings: 1, end: 9, outcome: 'withdrawn', by: 'us' }],
  }),
}

export const others: Readonly<Record<string, Call>> = {
  C1: story('C1', {
    end: 209,
    direction: 'internal',
    callerNumber: 'xxxxxxx',
    from: 'agent:anna',
    to: 'agent:bo',
    waitMs: 1000,
    events_: [
      ['conversation', 1, 11, talk('anna')],
      ['consult', 11, 209, talk('anna', 'bo')],
    ],
    legs_: [
      { who: 'anna', at: 0, answered: 1, end: 209 },
      { who: 'bo', at: 1, rings: 1, answered: 11, end: 209, by: 'us' },
    ],
  }),
  D5: story('D5', {
    end: 21,
    direction: 'outbound',
    mode: 'predictive',
    campaignId: 'autumn',
    contactId: 'c20417',
    attempt: 2,
    inQueues: ['outbound'],
    result: 'silent',
    waitMs: 2000,
    events_: [
      ['queue', 0, 0, inQueue('outbound')],
      ['queueCallback', 0, 14, inQueue('outbound')],
      ['menu', 16, 21, { menu: { id: 'campaign.silent', name: 'campaign.silent' } }],
    ],
    legs_: [{ who: 'customer', at: 0, rings: 1, answered: 14, end: 21, by: 'us' }],
  }),
  E1: story('E1', {
    end: 100,
    inQueues: ['support'],
    waitMs: 40_000,
    events_: [
      ['queue', 0, 40, inQueue('support', { reason: 'answered' })],
      ['conversation', 40, 100, talk('sara')],
      ['menu', 40, 43, { menu: { id: 'Welcome to both', name: 'Welcome to both' } }],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 100 },
      { who: 'sara', at: 37, rings: 37, answered: 40, end: 100, by: 'us' },
    ],
  }),
  F7: story('F7', {
    end: 180,
    inQueues: ['sales', 'support'],
    events_: [
      ['conversation', 0, 60, talk('anna')],
      ['consultToQueue', 60, 80, inQueue('support', talk('anna'))],
      ['consult', 80, 100, talk('anna', 'johan')],
      ['conversation', 100, 180, talk('anna')],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 180, holds: [[60, 100]] },
      { who: 'anna', at: 0, answered: 0, end: 180, by: 'us' },
      { who: 'johan', at: 74, rings: 74, answered: 80, end: 100, by: 'us' },
    ],
  }),
  gone: story('gone', {
    end: 215,
    inQueues: ['sales'],
    result: 'abandoned',
    callerNumber: null,
    withheld: true,
    from: null,
    waitMs: 195_000,
    events_: [
      ['menu', 0, 20, { menu: { id: 'welcome', name: 'Welcome' }, choice: '1' }],
      ['queue', 20, 215, inQueue('sales', { reason: 'hungUp', learntAt: iso(START, 300) })],
    ],
    legs_: [
      {
        who: 'customer',
        at: 0,
        answered: 0,
        end: 215,
        more: { withheld: true, number: null, learntAt: iso(START, 300), reconciled: true },
      },
    ],
  }),
  erased: story('erased', {
    end: 90,
    inQueues: ['support'],
    callerNumber: null,
    erased: true,
    from: null,
    waitMs: 5000,
    relatedCalls: ['A1'],
    events_: [
      ['menu', 0, 10, { menu: { id: 'welcome', name: 'Welcome' }, choice: '2' }],
      ['queue', 10, 15, inQueue('support', { reason: 'answered' })],
      ['conversation', 15, 90, talk('bo')],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 90, more: { erased: true, number: null } },
      { who: 'bo', at: 10, rings: 10, answered: 15, end: 90, by: 'us' },
    ],
  }),
}

export const allStories: readonly Call[] = [...Object.values(callbacks), ...Object.values(outbound), ...Object.values(others)]
