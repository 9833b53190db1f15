/**
 * A server for the browser tests of the pages alone: it serves the built application and answers with messages written by hand, so
 * that every state of a page can be shown at will. The journeys through the whole product are in `journey.test.ts`.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Call } from '#wire/calls.ts'
import type { Agent, LiveState, Queue, StreamMessage, WaitingEntry } from '#wire/live.ts'
import type { Session } from '#wire/session.ts'
import { buildWeb, webFolder } from '../../scripts/build-web.ts'
import { allStories, PEOPLE, QUEUES, story } from './stories.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
/** As strict as the product's own. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"

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
})

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
  alarms: [{ alarm: 'trunk', raisedAt: ago(65), detail: '503 three times in a minute' }],
  liveCalls: 4,
})

/** A call that still grows: the callback waiting in the fixture's queue. */
export const waitingCall = (): Call =>
  story(WAITING, {
    start: Date.now() - 1_143_000,
    inQueues: ['sales'],
    unanswered: 1,
    events_: [
      ['menu', 0, 20, { menu: 'welcome', choice: '1' }],
      ['queue', 20, 140, { queue: { id: 'sales', name: 'Sales' }, reason: 'callbackOrdered' }],
      ['menu', 140, 160, { menu: 'callback.readBack', choice: '1' }],
      ['queueCallback', 160, undefined, { queue: { id: 'sales', name: 'Sales' }, unanswered: 1 }],
    ],
    legs_: [
      { who: 'customer', at: 0, answered: 0, end: 160, by: 'us' },
      { who: 'anna', at: 900, rings: 900, answered: 904, end: 935, by: 'us', attempt: 1 },
      { who: 'customer', at: 904, rings: 904, end: 929, outcome: 'unanswered', by: 'us', attempt: 1 },
    ],
  })

export interface Fixture {
  readonly address: string
  role: Session['role'] | null
  calls: Call[]
  live: LiveState
  /** What was asked with another method than GET, in order. */
  readonly asked: string[]
  /** When set, every question of this kind is answered so. */
  fail: { readonly path: RegExp; readonly status: number } | null
  say: (message: Omit<StreamMessage, 'seq' | 'at'> & Record<string, unknown>) => void
  close: () => Promise<void>
}

interface Reply {
  readonly status: number
  readonly body?: unknown
}
const answer = (status: number, body?: unknown): Reply => ({ status, body })

const problem = (status: number, detail: string) => ({ type: 'about:blank', title: detail, status, code: 'fixture.said', detail })

const findCalls = (calls: readonly Call[], query: URLSearchParams) => {
  const has = (name: string, values: readonly string[]) =>
    !query.has(name) || values.some((value) => query.get(name)?.split(',').includes(value))
  const found = calls.filter(
    (call) =>
      has('result', [call.result]) &&
      has('direction', [call.direction]) &&
      has(
        'queue',
        call.queues.map(({ id }) => id),
      ) &&
      has(
        'kind',
        call.events.map(({ kind }) => kind),
      ) &&
      (!query.has('number') || (call.callerNumber ?? '').includes((query.get('number') ?? '').replace(/\D/g, '').replace(/^0/, ''))) &&
      (!query.has('live') || call.endedAt === null),
  )
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('after') ?? 0)
  return { items: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null }
}

const factsOf = (call: Call) =>
  call.events.flatMap((event, i) => [
    {
      position: 2 * i + 1,
      at: event.startedAt,
      type: 'entry.joined',
      fact: { type: 'entry.joined', queueId: event.queue?.id ?? null, event: i },
    },
    ...(event.endedAt === null
      ? []
      : [{ position: 2 * i + 2, at: event.endedAt, type: 'entry.left', fact: { type: 'entry.left', reason: event.reason ?? null } }]),
  ])

const respond = (fixture: Fixture, method: string, url: URL): Reply => {
  const path = url.pathname.replace('/api/v1', '')
  if (fixture.fail?.path.test(path)) return answer(fixture.fail.status, problem(fixture.fail.status, 'Said so by the fixture'))
  if (method !== 'GET') fixture.asked.push(`${method} ${path}${url.search}`)
  if (path === '/session/demo') {
    if (method === 'GET')
      return answer(200, [
        { user: 'petra', name: 'Petra Ek', role: 'supervisor' },
        { user: 'anna', name: 'Anna Lindqvist', role: 'agent' },
      ])
    fixture.role = 'supervisor'
    return answer(200, sessionOf('supervisor'))
  }
  if (path === '/session') return fixture.role === null ? answer(401, problem(401, 'Not signed in')) : answer(200, sessionOf(fixture.role))
  if (fixture.role === null) return answer(401, problem(401, 'Not signed in'))
  if (path === '/calls') return answer(200, findCalls(fixture.calls, url.searchParams))
  const [, call, facts] = /^\/calls\/([^/]+)(\/facts)?$/.exec(path) ?? []
  if (method === 'GET' && call !== undefined) {
    const found = fixture.calls.find(({ id }) => id === decodeURIComponent(call))
    if (found === undefined) return answer(404, problem(404, 'No such call'))
    return answer(200, facts === undefined ? found : factsOf(found))
  }
  return answer(204)
}

const sendFile = async (path: string, response: ServerResponse): Promise<void> => {
  const wanted = extname(path) === '' ? 'index.html' : path
  const body = await readFile(join(webFolder, wanted)).catch(() => null)
  response
    .writeHead(body === null ? 404 : 200, { 'content-type': TYPES[extname(wanted)] ?? 'text/plain', 'content-security-policy': POLICY })
    .end(body ?? '')
}

/** Starts it on a free port of the loopback, with the application built. */
export async function startFixture(): Promise<Fixture> {
  await buildWeb()
  const streams = new Set<ServerResponse>()
  let seq = 1
  const write = (stream: ServerResponse, message: object) =>
    stream.write(`id: ${seq}\ndata: ${JSON.stringify({ seq, at: new Date().toISOString(), ...message })}\n\n`)
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (url.pathname === '/api/v1/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      streams.add(response)
      write(response, { type: 'snapshot', live: fixture.live })
      request.on('close', () => streams.delete(response))
      return
    }
    if (!url.pathname.startsWith('/api/')) return void sendFile(url.pathname, response)
    const { status, body } = respond(fixture, request.method ?? 'GET', url)
    response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body))
  }
  const server = createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fixture: Fixture = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    role: 'supervisor',
    calls: [waitingCall(), ...allStories],
    live: liveState(),
    asked: [],
    fail: null,
    say: (message) => {
      seq += 1
      for (const stream of streams) write(stream, message)
    },
    close: async () => {
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return fixture
}
