/** The archive's filters: between the address bar, the chips and the question to the server. Durations are seconds in the address, milliseconds to the server. */
import type { Call, CallQuery, Event } from '#wire/calls.ts'
import { instantOf, midnight } from './zone.ts'

export const TIMES = ['today', 'yesterday', 'week', 'month'] as const

export const MATCHES = ['exact', 'prefix', 'suffix', 'inside'] as const

/** Filters that take several values, joined by commas in the address. */
export const LISTS = ['queue', 'agent', 'direction', 'result', 'kind', 'origin', 'mode'] as const
export type ListName = (typeof LISTS)[number]
export const WORDS = ['number', 'numberMatch', 'campaign', 'contact', 'from', 'to', 'time', 'after'] as const
export const SECONDS = ['waitMin', 'waitMax', 'speakMin', 'speakMax', 'durationMin', 'durationMax'] as const
export const FLAGS = ['unanswered', 'live'] as const

/** As written in the address bar. */
export type Filters = {
  readonly [K in ListName | (typeof WORDS)[number] | (typeof SECONDS)[number] | (typeof FLAGS)[number]]?: string
}
const NAMES: readonly (keyof Filters)[] = [...LISTS, ...WORDS, ...SECONDS, ...FLAGS]

/** The known filters of an address, well formed; whatever else stands there is left out. */
export const readFilters = (search: Readonly<Record<string, unknown>>): Filters => {
  const kept = NAMES.flatMap((name) => {
    const value = typeof search[name] === 'string' ? search[name].trim() : ''
    if (value === '') return []
    if ((SECONDS as readonly string[]).includes(name) && !/^\d{1,7}$/.test(value)) return []
    if ((FLAGS as readonly string[]).includes(name) && value !== 'true') return []
    if (name === 'time' && !(TIMES as readonly string[]).includes(value)) return []
    if (name === 'numberMatch' && !(MATCHES as readonly string[]).includes(value)) return []
    return [[name, value]]
  })
  return Object.fromEntries(kept)
}

/** With a filter set or, by an empty value, taken away. A changed filter starts on the first page. */
export const withFilter = (filters: Filters, changes: Partial<Record<keyof Filters, string>>): Filters => {
  const { after: _first, ...rest } = filters
  return readFilters({ ...rest, ...changes })
}

export const listOf = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.split(',').filter((one) => one !== '')

/** How many filters are set. */
export const countOf = (filters: Filters): number =>
  Object.keys(filters).filter((name) => name !== 'after' && name !== 'numberMatch').length

const rangeOf = (filters: Filters, zone: string, now: number): { from?: number; to?: number } => {
  if (filters.time === 'today') return { from: midnight(now, zone) }
  if (filters.time === 'yesterday') return { from: midnight(now, zone, -1), to: midnight(now, zone) }
  if (filters.time === 'week') return { from: midnight(now, zone, -6) }
  if (filters.time === 'month') return { from: midnight(now, zone, -30) }
  const [from, to] = [instantOf(filters.from ?? '', zone), instantOf(filters.to ?? '', zone)]
  return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) }
}

/**
 * How a number is meant: as chosen; else a beginning when it looks like one (a leading 0 or plus, too short to be whole), an end when it
 * is three or four digits. Undefined: the server decides, exact for a whole number, else anywhere inside.
 */
export const matchOf = ({ number = '', numberMatch }: Filters): (typeof MATCHES)[number] | undefined => {
  if (number === 'withheld') return undefined
  const chosen = MATCHES.find((match) => match === numberMatch)
  const digits = number.replace(/\D/g, '').length
  if (chosen !== undefined || digits < 3) return chosen
  if (/^[+0]/.test(number) && digits < 9) return 'prefix'
  return digits < 5 ? 'suffix' : undefined
}

/** The question to `GET /calls`. */
export const queryOf = (filters: Filters, zone: string, now: number): URLSearchParams => {
  const query = new URLSearchParams()
  const set = (name: keyof CallQuery, value: string | undefined) => value !== undefined && query.set(name, value)
  const range = rangeOf(filters, zone, now)
  if (range.from !== undefined) set('from', new Date(range.from).toISOString())
  if (range.to !== undefined) set('to', new Date(range.to).toISOString())
  for (const name of [...LISTS, ...FLAGS, 'number', 'campaign', 'contact', 'after'] as const) set(name, filters[name])
  if (filters.number !== undefined) set('numberMatch', matchOf(filters))
  for (const name of SECONDS) if (filters[name] !== undefined) set(name, String(Number(filters[name]) * 1000))
  return query
}

export const DIRECTIONS: Readonly<Record<Call['direction'], true>> = { inbound: true, outbound: true, internal: true }
export const KINDS: Readonly<Record<Event['kind'], true>> = {
  menu: true,
  queue: true,
  queueCallback: true,
  conversation: true,
  consult: true,
  consultToQueue: true,
  deleted: true,
}
export const RESULTS: Readonly<Record<Call['result'], true>> = {
  live: true,
  answered: true,
  callbackReached: true,
  callbackUnreached: true,
  expired: true,
  deleted: true,
  abandoned: true,
  left: true,
  timedOut: true,
  full: true,
  closed: true,
  noAgents: true,
  merged: true,
  unanswered: true,
  busy: true,
  rejected: true,
  notInUse: true,
  cancelled: true,
  failed: true,
  silent: true,
}
