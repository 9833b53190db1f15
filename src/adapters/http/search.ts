/** The query of `GET /calls` as a filter of the archive. */
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'
import type { ArchiveFilter } from '#ports/archive.ts'
import type { Numbers } from '#ports/numbers.ts'
import { type CallQuery, DIRECTIONS, EVENT_KINDS, RESULTS } from '#wire/calls.ts'
import type { Mask } from './masking.ts'
import { refused } from './problems.ts'

const ORIGINS = ['web', 'desk', 'api']
const MODES = ['preview', 'progressive', 'power', 'predictive']
/** Fewer digits inside a number find half the archive. */
const INSIDE_DIGITS_MIN = 5
const DIGITS_MIN = 3

const listed = (text: string, field: string, allowed?: readonly string[]): string[] => {
  const words = text.split(',').filter((word) => word !== '')
  const wrong = words.find((word) => allowed !== undefined && !allowed.includes(word))
  if (wrong !== undefined || words.length === 0)
    throw refused('request.invalid', { field, ...(allowed && { detail: `One of: ${allowed.join(', ')}.` }) })
  return words
}

/** National writing to E.164: 070174 → 4670174, for beginnings of numbers that are no whole ones. */
function beginning(text: string, country: string, digits: string): string {
  if (text.trim().startsWith('+')) return digits
  if (digits.startsWith('00')) return digits.slice(2)
  if (!digits.startsWith('0')) return digits
  return isSupportedCountry(country) ? getCountryCallingCode(country) + digits.slice(1) : digits
}

/**
 * Who sees numbers masked may look for a whole one, and not try one digit after another: that number, E.164, to be found exactly.
 * null: he sees them whole, or there is no digit in what he looks for.
 */
export function wholeNumberIn(mask: Mask | null, text: string | null, field: string, numbers: Numbers): string | null {
  if (mask === null || text === null || !/\p{Nd}/u.test(text)) return null
  const { number, barred } = numbers.read(text)
  if (barred === 'invalid' || !number.startsWith('+')) throw refused('number.masked', { field })
  return number
}

function numberFilter({ number, numberMatch }: CallQuery, numbers: Numbers, country: string): NonNullable<ArchiveFilter['number']> {
  const text = number ?? ''
  if (text.toLowerCase() === 'withheld') return 'withheld'
  const digits = text.replace(/\D/g, '')
  if (digits.length < DIGITS_MIN) throw refused('request.number', { field: 'number' })
  const read = numbers.read(text)
  const how = numberMatch ?? (read.barred === 'invalid' ? 'inside' : 'exact')
  if (how === 'inside' && digits.length < INSIDE_DIGITS_MIN) throw refused('request.number', { field: 'number' })
  if (how === 'exact') return { how, digits: read.number.replace(/\D/g, '') }
  return { how, digits: how === 'prefix' ? beginning(text, country, digits) : digits }
}

const range = (min: number | undefined, max: number | undefined) =>
  min === undefined && max === undefined ? undefined : { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }

/** Refuses what no archive can find: unknown words of closed lists, too little of a number. */
export function filterOf(query: CallQuery, numbers: Numbers, country: string): ArchiveFilter {
  const durationMs = range(query.durationMin, query.durationMax)
  const speakMs = range(query.speakMin, query.speakMax)
  const waitMs = range(query.waitMin, query.waitMax)
  return {
    ...(query.from !== undefined && { from: Date.parse(query.from) }),
    ...(query.to !== undefined && { to: Date.parse(query.to) }),
    ...(query.number !== undefined && { number: numberFilter(query, numbers, country) }),
    ...(query.queue !== undefined && { queue: listed(query.queue, 'queue') }),
    ...(query.agent !== undefined && { agent: listed(query.agent, 'agent') }),
    ...(query.direction !== undefined && { direction: listed(query.direction, 'direction', DIRECTIONS) }),
    ...(query.origin !== undefined && { origin: listed(query.origin, 'origin', ORIGINS) }),
    ...(query.mode !== undefined && { mode: listed(query.mode, 'mode', MODES) }),
    ...(query.campaign !== undefined && { campaign: query.campaign }),
    ...(query.contact !== undefined && { contact: query.contact }),
    ...(query.result !== undefined && { result: listed(query.result, 'result', RESULTS) }),
    ...(query.kind !== undefined && { kind: listed(query.kind, 'kind', EVENT_KINDS) }),
    ...(query.unanswered !== undefined && { unanswered: query.unanswered }),
    ...(durationMs && { durationMs }),
    ...(speakMs && { speakMs }),
    ...(waitMs && { waitMs }),
    ...(query.live !== undefined && { live: query.live }),
  }
}

/** The filters used, for the audit log: which, and their values save those about persons. */
export const auditable = (query: CallQuery): Record<string, string | number | boolean> => ({
  ...query,
  ...(query.number !== undefined && { number: 'given' }),
  ...(query.contact !== undefined && { contact: 'given' }),
})
