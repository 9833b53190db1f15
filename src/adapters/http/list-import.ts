/** A file of contacts on its way into a campaign's list: read as it comes and staged; nobody is called before it is confirmed. */

import type { Static } from 'typebox'
import type { FileFault, ListFormat } from '#ports/contact-lists.ts'
import type { ImportRow, ListMapping } from '#ports/contacts.ts'
import { CONTACT_FIELDS, type UploadQuery } from '#wire/contacts.ts'
import { type FileFaultCode, fileFaults } from '#wire/file-faults.ts'
import type { HttpDeps } from './deps.ts'
import { refused } from './problems.ts'

/** Files read at one time: each takes a core for itself. */
const READING_MAX = 2
const reading = new WeakMap<HttpDeps, number>()

export type Upload = Static<typeof UploadQuery>

/** Said by line, column and heading, never by what stands there. */
export function fileRefused({ code, line, column, field }: Omit<FileFault, 'code'> & { readonly code: FileFaultCode }): Error {
  const saying = (lineWord: string, columnWord: string, sentence: string): string => {
    const place = [line === null ? '' : `${lineWord} ${line}`, column === null ? '' : `${columnWord} ${column}`].filter(
      (part) => part !== '',
    )
    return [place.join(', '), `${sentence} (${code})`].filter((part) => part !== '').join(': ')
  }
  const { en, sv } = fileFaults[code]
  const detail = { en: saying('line', 'column', en), sv: saying('rad', 'kolumn', sv) }
  return refused('import.file', { detail, ...(field !== null && { field }) })
}

function headingsIn(json: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(json)
    if (Array.isArray(list) && list.every((heading) => typeof heading === 'string')) return list
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw refused('request.invalid', { field: 'skip' })
}

/** null: by the headings. */
function mappingOf(query: Upload): ListMapping | null {
  const given = Object.fromEntries(CONTACT_FIELDS.flatMap((field) => (query[field] === undefined ? [] : [[field, query[field]]])))
  if (Object.keys(given).length === 0 && query.skip === undefined) return null
  if (query.phone === undefined) throw fileRefused({ code: 'header.noNumber', line: null, column: null, field: 'phone' })
  return { ...given, phone: query.phone, ...(query.skip !== undefined && { skip: headingsIn(query.skip) }) }
}

export const formatOf = ({ encoding, delimiter }: Pick<Upload, 'encoding' | 'delimiter'>): ListFormat => ({
  encoding: encoding ?? null,
  delimiter: delimiter ?? null,
})

interface Arriving {
  readonly campaignId: string
  readonly country: string
  readonly user: string
  readonly query: Upload
  readonly file: AsyncIterable<Uint8Array>
}

/** One of the few files read at a time, or a refusal. */
export async function reads<T>(deps: HttpDeps, file: () => Promise<T>): Promise<T> {
  const under = reading.get(deps) ?? 0
  if (under >= READING_MAX) throw refused('import.tooMany', { retryAfter: 10 })
  reading.set(deps, under + 1)
  try {
    return await file()
  } finally {
    reading.set(deps, (reading.get(deps) ?? 1) - 1)
  }
}

/** Reads it to its end; the import, ready to be confirmed, or the one this very file was before. Refuses a file that cannot be read, and leaves nothing of it. */
export const importList = (deps: HttpDeps, arriving: Arriving): Promise<ImportRow> => reads(deps, () => read(deps, arriving))

async function read(deps: HttpDeps, { campaignId, country, user, query, file }: Arriving): Promise<ImportRow> {
  const mapping = mappingOf(query)
  const { fileName = 'contacts.csv', how = 'add', sha256 = null } = query
  const staged = await deps.contacts.startImport({ campaignId, at: deps.clock.now(), user, fileName, how, hash: sha256 })
  if ('confirmed' in staged) return staged.confirmed
  try {
    const rules = { country, zone: deps.engine.solution().zone }
    const done = await deps.contactLists.read(file, { ...formatOf(query), mapping, rules }, (rows, faults, bytes) =>
      staged.add(rows, faults, bytes),
    )
    if ('code' in done) throw fileRefused(done)
    if (mapping !== null) await deps.contacts.rememberMapping(campaignId, done.headings, mapping)
    return await staged.finish({ hash: done.hash })
  } catch (error) {
    await staged.abandon()
    throw error
  }
}
