/** What may stand in the audit log: ids, counts, filters. What reads as a telephone number is left out, wherever it came from. */
import type { AuditDetails, AuditThing } from '#ports/audit.ts'

/** Kept of a text; an id or a filter is shorter. */
const TEXT_MAX = 200
const INSTANT = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/
/** Five digits and more, however they are set apart. */
const NUMBER = /\+?\d(?:[\s().\-/]*\d){4,}/
/** An address names a thing by an id of our own making, which is no mere number. */
const ONLY_NUMBER = /^\+?[\d\s().\-/]{5,}$/

const GIVEN = 'given'

const cleanText = (text: string): string => (!INSTANT.test(text) && NUMBER.test(text) ? GIVEN : text.slice(0, TEXT_MAX))

export const cleanThing = ({ kind, id }: AuditThing): AuditThing => ({ kind, id: ONLY_NUMBER.test(id) ? GIVEN : id.slice(0, TEXT_MAX) })

export const cleanDetails = (details: AuditDetails): AuditDetails =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      if (typeof value === 'string') return [name, cleanText(value)]
      return [name, Array.isArray(value) ? value.map(cleanText) : value]
    }),
  )

/** What an address calls the things it names. */
const NOUNS: Readonly<Record<string, string>> = {
  agents: 'agent',
  alarms: 'alarm',
  callbacks: 'entry',
  calls: 'call',
  campaigns: 'campaign',
  contacts: 'contact',
  entries: 'entry',
  imports: 'import',
  offers: 'call',
  queues: 'queue',
  tokens: 'token',
  users: 'user',
}

/** The things a path names, `/campaigns/:id/imports/:importId`: a campaign, an import. Throws for one it has no word for. */
export function thingsOf(path: string, params: Readonly<Record<string, string>>): AuditThing[] {
  const parts = path.split('/')
  return parts.flatMap((part, index) => {
    if (!part.startsWith(':')) return []
    const kind = NOUNS[parts[index - 1] ?? '']
    if (kind === undefined) throw new Error(`the audit log has no word for ${part} of ${path}`)
    const id = params[part.slice(1)]
    return id === undefined ? [] : [{ kind, id }]
  })
}
