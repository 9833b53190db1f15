/**
 * A server for the browser tests of the pages alone: it serves the built application and answers with messages written by hand, so
 * that every state of a page can be shown at will. The journeys through the whole product are in `journey.test.ts`.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Call } from '#wire/calls.ts'
import type { LiveState, StreamMessage } from '#wire/live.ts'
import type { NumberRead } from '#wire/requests.ts'
import type { BrowserPhone, Session } from '#wire/session.ts'
import { buildWeb, webFolder } from '../../scripts/build-web.ts'
import { adminAnswer } from './admin-state.ts'
import { campaignAnswer } from './campaign-state.ts'
import { liveState, sessionOf, waitingCall } from './live-state.ts'
import { personAnswer } from './person-state.ts'
import { allStories } from './stories.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
/** As strict as the product's own. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"

/** A phone that registers nowhere. */
export const NO_SWITCH: BrowserPhone['phone'] = { uri: 'sip:anna@samtal.invalid', password: 'secret', wsUrl: '/phone' }

export interface Fixture {
  readonly address: string
  role: Session['role'] | null
  /** The password is one somebody else has seen. */
  mustChangePassword: boolean
  calls: Call[]
  live: LiveState
  /** What was asked with another method than GET, in order. */
  readonly asked: string[]
  /** What is said of any number that is typed. */
  number: NumberRead
  /** The agent's phone in the browser; no switch is behind it. */
  phone: BrowserPhone['phone']
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
  if (path === '/session' && fixture.role !== null)
    return answer(200, { ...sessionOf(fixture.role), ...(fixture.mustChangePassword && { mustChangePassword: true }) })
  if (fixture.role === null) return answer(401, problem(401, 'Not signed in'))
  if (path === '/session/phone') return answer(200, { phone: fixture.phone })
  if (path === '/numbers') return answer(200, fixture.number)
  const ofAdministration = adminAnswer(method, path, url.searchParams)
  if (ofAdministration !== undefined) return ofAdministration
  const ofCampaign = campaignAnswer(method, path, url.searchParams)
  if (ofCampaign !== undefined) return ofCampaign
  const ofPerson = personAnswer(path)
  if (ofPerson !== undefined) return ofPerson
  if (method === 'POST' && path === '/calls') return answer(201, { callId: 'dialled' })
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
      write(response, { type: 'tick', phoneSeenAt: new Date(Date.now() - 2_000).toISOString() })
      request.on('close', () => streams.delete(response))
      return
    }
    if (!url.pathname.startsWith('/api/')) return void sendFile(url.pathname, response)
    const { status, body } = respond(fixture, request.method ?? 'GET', url)
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))
  }
  const server = createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fixture: Fixture = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    role: 'supervisor',
    mustChangePassword: false,
    calls: [waitingCall(), ...allStories],
    live: liveState(),
    asked: [],
    number: { number: '+46701740612', refused: null, emergency: false, inUse: null },
    phone: null,
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
