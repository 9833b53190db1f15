/** A request for every route: its address with ids put in, and a body that its schema takes, so that the handler itself has to judge. */
import { thingsOf } from '#adapters/http/audit-words.ts'
import type { Route } from '#adapters/http/route.ts'

export type Ids = Readonly<Record<string, string>>

interface Sample {
  readonly body?: (ids: Ids) => unknown
  readonly query?: (ids: Ids) => string
}

const CSV = 'phone\n+46701740690\n'
const SAMPLES: Readonly<Record<string, Sample>> = {
  'POST /session': { body: () => ({ user: 'anna', password: 'wrong' }) },
  'PUT /session/password': { body: () => ({ current: 'wrong password', next: 'another password' }) },
  'POST /session/demo': { body: () => ({ user: 'anna' }) },
  'POST /calls': { body: ({ agent }) => ({ agentId: agent, to: '+46701740699' }) },
  'GET /numbers': { query: () => 'text=%2B46701740695' },
  'POST /calls/:id/consult': { body: () => ({ to: 'agent:bo' }) },
  'POST /calls/:id/transfer': { body: () => ({}) },
  'POST /calls/:id/digits': { body: () => ({ digits: '1' }) },
  'POST /offers/:id/reschedule': { body: () => ({ at: '2099-12-01T10:00:00Z' }) },
  'POST /calls/:id/reschedule': { body: () => ({ at: '2099-12-01T10:00:00Z' }) },
  'POST /calls/:id/topics': { body: () => ({ topics: ['x'] }) },
  'POST /callbacks': { body: ({ queue }) => ({ queueId: queue, number: '+46701740698' }) },
  'PUT /agents/:id/state': { body: () => ({ state: 'paused', reason: 'lunch' }) },
  'POST /agents/:id/release': { body: () => ({ evenTalking: false }) },
  'PUT /agents/:id/wrap-up': { body: () => ({ extendMs: 1_000 }) },
  'POST /campaigns': { body: () => ({ name: 'Winter', mode: 'preview' }) },
  'PUT /campaigns/:id': { body: () => ({ name: 'Springer', mode: 'preview' }) },
  'GET /campaigns/:id/revivable': { query: () => 'attempts=3' },
  'POST /campaigns/:id/schedule': { body: () => ({ startsAt: null }) },
  'POST /pace': { body: ({ campaign }) => ({ campaignId: campaign, agents: 1, hours: 0.25 }) },
  'POST /campaigns/:id/imports/look': { body: () => CSV },
  'POST /campaigns/:id/imports': { body: () => CSV, query: () => 'fileName=a.csv' },
  'POST /do-not-call': { body: ({ campaign }) => ({ number: '+46701740697', campaignId: campaign }) },
  'DELETE /do-not-call': { query: ({ campaign }) => `number=%2B46701740697&campaign=${campaign}` },
  'POST /do-not-call/imports': { body: () => CSV, query: ({ campaign }) => `campaign=${campaign}` },
  'GET /do-not-call': { query: ({ campaign }) => `campaign=${campaign}` },
  'POST /contacts': { body: () => ({ name: 'A', numbers: [{ number: '+46701740696' }] }) },
  'PATCH /contacts/:id': { body: () => ({ company: 'B' }) },
  'POST /contacts/import': { body: () => 'name,number\nB,+46701740694\n', query: () => 'dryRun=true' },
  'POST /persons/find': { body: () => ({ number: '+46701740688' }) },
  'POST /persons/copy': { body: () => ({ number: '+46701740688' }) },
  'POST /persons/erase': { body: () => ({ number: '+46701740688' }) },
  'POST /users': { body: () => ({ id: 'nora', name: 'Nora', role: 'agent' }) },
  'PATCH /users/:id': { body: () => ({ name: 'Another' }) },
  'POST /tokens': { body: () => ({ name: 'T', scopes: ['calls.read'] }) },
}

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`
export const samples = Object.keys(SAMPLES)

/** Whether a route asks for more than its address. */
export const asksMore = ({ body, raw, query }: Route): boolean =>
  body !== undefined || raw !== undefined || (Reflect.get(query ?? {}, 'required') ?? []).length > 0

/** The kinds of thing a request of this route names, in its address or its body. */
export function kindsOf(route: Route): readonly string[] {
  const params = Object.fromEntries([...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 'x']))
  const inPath = thingsOf(route.path, params).map(({ kind }) => (route.path.startsWith('/callbacks/') ? 'callback' : kind))
  const kinds = route.path.startsWith('/contacts/') ? [] : inPath
  const named: string[] = []
  const ids = new Proxy({}, { get: (_, kind) => named.push(String(kind)) })
  SAMPLES[nameOf(route)]?.body?.(ids)
  SAMPLES[nameOf(route)]?.query?.(ids)
  return [...new Set([...kinds, ...named])]
}

export interface Request {
  readonly url: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** With these ids; every id that is not there is of nothing. */
export function requestOf(route: Route, given: Ids): Request {
  const sample = SAMPLES[nameOf(route)] ?? {}
  const ids = new Proxy(given, { get: (_, kind) => given[String(kind)] ?? 'nothing' })
  const params = Object.fromEntries([...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, name]))
  const kinds = new Map(thingsOf(route.path, params).map(({ kind, id }) => [id, route.path.startsWith('/callbacks/') ? 'callback' : kind]))
  const path = route.path.slice(1).replaceAll(/:(\w+)/g, (_, name: string) => ids[kinds.get(name) ?? ''] ?? 'nothing')
  const query = sample.query?.(ids)
  return {
    url: query === undefined ? path : `${path}?${query}`,
    body: sample.body?.(ids),
    headers: route.raw === undefined ? {} : { 'content-type': 'text/csv' },
  }
}
