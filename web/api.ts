/** Asks the server. Every refusal arrives as a `Refused` with Samtal's own code and a sentence. */
import type { Call, CallPage, FactLine } from '#wire/calls.ts'
import type { NumberRead } from '#wire/requests.ts'
import type { BrowserPhone, DemoUsers, OwnSessions, Problem, Session, SignInProvider } from '#wire/session.ts'

export type InCall =
  | 'answer'
  | 'reject'
  | 'cancel'
  | 'hangup'
  | 'voicemail'
  | 'hold'
  | 'resume'
  | 'mute'
  | 'unmute'
  | 'swap'
  | 'conference'
  | 'consult/abort'

export const BASE = '/api/v1'

/** What the server would not do, or that it could not be reached (`status` 0). */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  /** The part of the request at fault, where there is one: `numbers.0.number`. */
  readonly field: string | undefined
  constructor(status: number, code: string, sentence: string, field?: string) {
    super(sentence)
    this.status = status
    this.code = code
    this.field = field
  }
}

export const problemOf = async (answer: Response): Promise<Refused> => {
  const text = await answer.text()
  try {
    const problem = JSON.parse(text) as Partial<Problem>
    return new Refused(answer.status, problem.code ?? 'unknown', problem.detail ?? problem.title ?? answer.statusText, problem.field)
  } catch (error) {
    if (error instanceof SyntaxError) return new Refused(answer.status, 'unknown', answer.statusText)
    throw error
  }
}

/** `key`: of a POST that may be asked twice and is to be done once, as by a double click. */
export const ask = async <T>(method: string, path: string, body?: unknown, key: string = crypto.randomUUID()): Promise<T> => {
  const safe = method === 'GET'
  const answer = await fetch(`${BASE}${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      // Sentences of refusals come in the language of the page.
      'accept-language': document.documentElement.lang,
      // A page of another origin cannot send this header without being asked first, so a forged request is told apart.
      ...(safe ? {} : { 'x-samtal': '1' }),
      ...(method === 'POST' ? { 'idempotency-key': key } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Refused(0, 'network', error instanceof Error ? error.message : String(error))
  })
  if (!answer.ok) throw await problemOf(answer)
  const text = await answer.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

const id = encodeURIComponent
const reasoned = (note: string, reason: string): string => {
  const query = new URLSearchParams({ reason })
  if (note.trim() !== '') query.set('note', note.trim())
  return query.toString()
}

export const api = {
  session: () => ask<Session>('GET', '/session'),
  phone: () => ask<BrowserPhone>('GET', '/session/phone'),
  signIn: (user: string, password: string) => ask<Session>('POST', '/session', { user, password }),
  signOut: () => ask<void>('DELETE', '/session'),
  changePassword: (current: string, next: string) => ask<void>('PUT', '/session/password', { current, next }),
  ownSessions: () => ask<OwnSessions>('GET', '/session/all'),
  signOutElsewhere: () => ask<{ readonly ended: number }>('DELETE', '/session/all'),
  signInProvider: () => ask<SignInProvider>('GET', '/session/oidc'),
  demoUsers: () => ask<DemoUsers>('GET', '/session/demo'),
  signInDemo: (user: string) => ask<Session>('POST', '/session/demo', { user }),

  calls: (query: URLSearchParams) => ask<CallPage>('GET', `/calls?${query}`),
  exportOf: (query: URLSearchParams, format: 'csv' | 'ndjson') =>
    fetch(`${BASE}/calls?${query}`, {
      credentials: 'same-origin',
      headers: { accept: format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
    }),
  call: (callId: string) => ask<Call>('GET', `/calls/${id(callId)}`),
  facts: async (callId: string) => {
    const answer = await ask<readonly FactLine[] | { readonly items: readonly FactLine[] }>('GET', `/calls/${id(callId)}/facts`)
    return 'items' in answer ? answer.items : answer
  },
  inCall: (callId: string, what: InCall) => ask<void>('POST', `/calls/${id(callId)}/${what}`),

  number: (text: string) => ask<NumberRead>('GET', `/numbers?${new URLSearchParams({ text })}`),
  /** `to`: a number as it is written, `agent:ID`; `key`: of one press on Call, however often it is clicked. */
  dial: (agentId: string, to: string, callerId: string | null, key: string) =>
    ask<{ readonly callId: string }>('POST', '/calls', { agentId, to, ...(callerId === null ? {} : { callerId }) }, key),
  consult: (callId: string, to: string, key: string) => ask<void>('POST', `/calls/${id(callId)}/consult`, { to }, key),
  transfer: (callId: string, to: string, key: string) => ask<void>('POST', `/calls/${id(callId)}/transfer`, { to }, key),
  /** To whom is consulted. */
  giveAway: (callId: string) => ask<void>('POST', `/calls/${id(callId)}/transfer`, {}),
  digits: (callId: string, digits: string) => ask<void>('POST', `/calls/${id(callId)}/digits`, { digits }),

  deleteEntry: (queueId: string, entryId: string, note: string) =>
    ask<void>('DELETE', `/queues/${id(queueId)}/entries/${id(entryId)}?${reasoned(note, 'supervisor')}`),
  deleteCallback: (entryId: string, note: string) => ask<void>('DELETE', `/callbacks/${id(entryId)}?${reasoned(note, 'supervisor')}`),
  callNow: (entryId: string) => ask<void>('POST', `/callbacks/${id(entryId)}/call-now`),
  clearAlarm: (alarmId: string) => ask<void>('DELETE', `/alarms/${id(alarmId)}`),

  setState: (agentId: string, state: 'ready' | 'paused' | 'loggedOff' | 'loggedOn', reason?: string) =>
    ask<void>('PUT', `/agents/${id(agentId)}/state`, { state, ...(reason === undefined ? {} : { reason }) }),
  releaseAgent: (agentId: string, evenTalking: boolean) => ask<void>('POST', `/agents/${id(agentId)}/release`, { evenTalking }),
  extendWrapUp: (agentId: string, extendMs: number) => ask<void>('PUT', `/agents/${id(agentId)}/wrap-up`, { extendMs }),
  endWrapUp: (agentId: string) => ask<void>('PUT', `/agents/${id(agentId)}/wrap-up`, { end: true }),
}

export const streamAddress = `${BASE}/stream`
