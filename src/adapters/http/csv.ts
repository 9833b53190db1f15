/** Calls as CSV (RFC 4180). A cell a spreadsheet would take for a formula begins with an apostrophe. */
import type { Call } from '#wire/calls.ts'

const COLUMNS: readonly (readonly [string, (call: Call) => string | number | null | undefined])[] = [
  ['id', (call) => call.id],
  ['startedAt', (call) => call.startedAt],
  ['endedAt', (call) => call.endedAt],
  ['direction', (call) => call.direction],
  ['origin', (call) => call.origin],
  ['callerNumber', (call) => (call.erased === true ? 'erased' : call.withheld === true ? 'withheld' : call.callerNumber)],
  ['from', (call) => call.from],
  ['to', (call) => call.to],
  ['queues', (call) => call.queues.map(({ name }) => name).join('; ')],
  ['agents', (call) => call.agents.map(({ name }) => name).join('; ')],
  ['result', (call) => call.result],
  ['waitMs', (call) => call.waitMs],
  ['waitToCustomerMs', (call) => call.waitToCustomerMs],
  ['speakMs', (call) => call.speakMs],
  ['unanswered', (call) => call.unanswered],
  ['events', (call) => call.events.map(({ kind }) => kind).join(' ')],
  ['relatedCalls', (call) => call.relatedCalls.join(' ')],
]

/**
 * OWASP, CSV Injection: a leading = + - @, tab or line end starts a formula in common spreadsheets, wide signs too in some languages. Where
 * the decimal sign is a comma (Sweden) a spreadsheet parts cells at semicolons, whatever is quoted: what follows one begins a cell there.
 */
const FORMULA = /^(?= *[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?= *[=+\-@＝＋－＠])/g

export function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = value.replaceAll(FORMULA, "'")
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvHeader = `${COLUMNS.map(([name]) => name).join(',')}\r\n`
export const csvLine = (call: Call): string => `${COLUMNS.map(([, read]) => cell(read(call))).join(',')}\r\n`
