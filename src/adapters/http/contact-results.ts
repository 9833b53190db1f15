/** The contacts of a campaign and what came of them, for programs and spreadsheets. */
import type { Contact, Contacts } from '#ports/contacts.ts'
import type { CampaignContact } from '#wire/contacts.ts'
import { cell } from './csv.ts'
import type { Mask } from './masking.ts'
import { contactOf } from './present-campaigns.ts'

const FIELDS: readonly (readonly [string, (contact: CampaignContact) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['externalId', ({ externalId }) => externalId],
  ['name', ({ name }) => name],
  ['phone', ({ phone }) => phone],
  ['phone2', ({ phone2 }) => phone2],
  ['state', ({ state }) => state],
  ['outcome', ({ outcome }) => outcome],
  ['tries', ({ tries }) => tries],
  ['triedAt', ({ triedAt }) => triedAt],
  ['dueAt', ({ dueAt }) => dueAt],
  ['forAgent', ({ forAgent }) => forAgent],
  ['anyoneAt', ({ anyoneAt }) => anyoneAt],
  ['barred', ({ barred }) => barred],
  ['topics', ({ topics }) => topics.join('; ')],
  ['calls', ({ calls }) => calls.join(' ')],
  ['zone', ({ zone }) => zone],
  ['language', ({ language }) => language],
  ['importId', ({ importId }) => importId],
]

/** Results: a line each, in blocks. A number begins with +, which `cell` keeps a spreadsheet from reckoning with. */
export async function* contactResults(
  contacts: Contacts,
  campaignId: string,
  type: 'text/csv' | 'application/x-ndjson',
  mask: Mask | null = null,
): AsyncGenerator<string> {
  const own = type === 'text/csv' ? await contacts.columns(campaignId) : []
  if (type === 'text/csv') yield `${[...FIELDS.map(([name]) => name), ...own.map(cell)].join(',')}\r\n`
  const line = (row: Contact): string => {
    const whole = contactOf(row)
    const contact = mask === null ? whole : mask(whole)
    if (type !== 'text/csv') return `${JSON.stringify(contact)}\n`
    return `${[...FIELDS.map(([, read]) => cell(read(contact))), ...own.map((column) => cell(contact.columns[column] ?? null))].join(',')}\r\n`
  }
  for await (const block of contacts.all(campaignId)) yield block.map(line).join('')
}
