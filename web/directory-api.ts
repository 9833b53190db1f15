/** Asks the server about the directory. */
import type { ChangeContact, Contact, DirectoryPage, ImportReport, WriteContact } from '#wire/directory.ts'
import { ask, BASE, problemOf, Refused } from './api.ts'

const id = encodeURIComponent

export interface ImportAsked {
  readonly dryRun: boolean
  readonly skipFaulty?: boolean
  readonly encoding?: string
  readonly delimiter?: string
  /** What each column is, with commas between; empty: by the headings. */
  readonly columns?: string
}

const queryOf = (asked: object): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) if (value !== undefined && value !== '') query.set(name, String(value))
  return query.toString()
}

const sendFile = async (file: File, asked: ImportAsked): Promise<ImportReport> => {
  const answer = await fetch(`${BASE}/contacts/import?${queryOf(asked)}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      'x-samtal': '1',
      'content-type': 'application/octet-stream',
    },
    body: file,
  }).catch((error: unknown) => {
    throw new Refused(0, 'network', error instanceof Error ? error.message : String(error))
  })
  if (!answer.ok) throw await problemOf(answer)
  return (await answer.json()) as ImportReport
}

export const directoryApi = {
  find: (q: string, limit: number, after?: string | null) =>
    ask<DirectoryPage>('GET', `/directory?${queryOf({ q, limit, after: after ?? undefined })}`),
  contact: (contactId: string) => ask<Contact>('GET', `/contacts/${id(contactId)}`),
  create: (contact: WriteContact) => ask<Contact>('POST', '/contacts', contact),
  change: (contactId: string, change: ChangeContact) => ask<Contact>('PATCH', `/contacts/${id(contactId)}`, change),
  remove: (contactId: string) => ask<void>('DELETE', `/contacts/${id(contactId)}`),
  importFile: sendFile,
  exportOf: (format: 'csv' | 'vcard') =>
    fetch(`${BASE}/contacts`, { credentials: 'same-origin', headers: { accept: format === 'csv' ? 'text/csv' : 'text/vcard' } }),
}
