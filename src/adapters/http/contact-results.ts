/** The contacts of a campaign and what came of them, for programs and spreadsheets. */
import type { Contacts } from '#ports/contacts.ts'
import type { CampaignContact } from '#wire/contacts.ts'
import { cell } from './csv.ts'
import type { ListFile } from './list-file.ts'
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

async function* found(contacts: Contacts, campaignId: string): AsyncGenerator<readonly CampaignContact[]> {
  for await (const block of contacts.all(campaignId)) yield block.map(contactOf)
}

/** Results: a line each. A number begins with +, which `cell` keeps a spreadsheet from reckoning with. */
export async function contactResults(
  contacts: Contacts,
  campaignId: string,
  type: 'text/csv' | 'application/x-ndjson',
): Promise<ListFile<CampaignContact>> {
  const blocks = found(contacts, campaignId)
  if (type !== 'text/csv') return { head: '', blocks, line: (contact) => `${JSON.stringify(contact)}\n` }
  const own = await contacts.columns(campaignId)
  return {
    head: `${[...FIELDS.map(([name]) => name), ...own.map(cell)].join(',')}\r\n`,
    blocks,
    line: (contact) =>
      `${[...FIELDS.map(([, read]) => cell(read(contact))), ...own.map((column) => cell(contact.columns[column] ?? null))].join(',')}\r\n`,
  }
}
