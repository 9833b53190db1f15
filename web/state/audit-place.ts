/** The audit log's filters in the address bar. */

/** What deeds are about, as the page offers them. */
export const NOUNS = [
  'session',
  'user',
  'token',
  'call',
  'calls',
  'callback',
  'entry',
  'agent',
  'agents',
  'contact',
  'contacts',
  'campaign',
  'import',
  'doNotCall',
  'directory',
  'person',
  'audit',
  'solution',
  'program',
] as const

export interface AuditPlace {
  readonly who?: string
  readonly what?: string
  readonly on?: string
  readonly from?: string
  readonly to?: string
  readonly outcome?: 'done' | 'refused'
}

const DAY = /^\d{4}-\d\d-\d\d$/
const FORMS = {
  who: /^.{1,100}$/,
  what: /^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)?$/,
  on: /^[a-z][A-Za-z]*:.{1,200}$/,
  from: DAY,
  to: DAY,
  outcome: /^(done|refused)$/,
}

/** What is not as it should be is left out. */
export const readAuditPlace = (search: Readonly<Record<string, unknown>>): AuditPlace =>
  Object.fromEntries(
    Object.entries(FORMS).flatMap(([name, form]) => {
      const value = search[name]
      return typeof value === 'string' && form.test(value) ? [[name, value]] : []
    }),
  )
