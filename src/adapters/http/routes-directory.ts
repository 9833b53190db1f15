/** The directory: searched by everybody, its contacts kept by supervisors, imported and exported. */
import { randomBytes } from 'node:crypto'
import type { ColumnUse } from '#ports/contact-files.ts'
import type { Contact, ContactWritten } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import {
  ChangeContact,
  ContactPage,
  Contact as ContactSchema,
  DirectoryPage,
  FindQuery,
  ImportQuery,
  ImportReport,
  type Contact as WireContact,
  WriteContact,
} from '#wire/directory.ts'
import { ById } from '#wire/requests.ts'
import { importContacts } from './contact-import.ts'
import { contactQuery, find } from './find.ts'
import { SentFile } from './list-file.ts'
import { refused } from './problems.ts'
import { EVERYONE, type Route, route, type Server, SUPERVISORS } from './route.ts'

const PAGE = 50
const EXPORT_PAGE = 1_000
const FILE_BYTES_MAX = 32 * 1024 * 1024
const TYPES = ['application/json', 'text/csv', 'text/vcard'] as const
const FILE_TYPES = ['text/csv', 'text/vcard', 'text/plain', 'application/octet-stream'] as const
/** Faults told in the sentence of a refusal; a dry run tells them all. */
const FAULTS_SAID = 5

/** In one order whoever made it: asked for twice under one key, the answer is the same to the byte. */
const wireOf = ({ id, name, company, numbers, fields, revision, changedAt }: Contact): WireContact => ({
  id,
  name,
  company,
  numbers: [...numbers],
  fields,
  revision,
  changedAt: new Date(changedAt).toISOString(),
})

/** As people write it into what is kept: one line, numbers as E.164, none twice. */
function numbersOf(written: WriteContact['numbers'], numbers: Numbers): ContactWritten['numbers'] {
  const read = written.map(({ number, label }, index) => {
    const facts = numbers.read(number)
    if (facts.barred === 'invalid' || facts.number === '') throw refused('contact.number', { field: `numbers.${index}.number` })
    return [facts.number, { number: facts.number, label: label?.trim() || null }] as const
  })
  return [...new Map(read.toReversed()).values()].toReversed()
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim()
const given = (fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name.trim(), value.trim()]])))

function writtenOf(body: Partial<WriteContact>, numbers: Numbers): Partial<ContactWritten> {
  return {
    ...(body.name !== undefined && { name: oneLine(body.name) }),
    ...(body.company !== undefined && { company: oneLine(body.company ?? '') || null }),
    ...(body.numbers !== undefined && { numbers: numbersOf(body.numbers, numbers) }),
    ...(body.fields !== undefined && { fields: given(body.fields) }),
  }
}

/** The first of our types the client takes. */
function accepted(accept: string | undefined): (typeof TYPES)[number] {
  for (const part of (accept ?? '*/*').split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase()
    const found = TYPES.find((own) => own === type)
    if (found !== undefined) return found
    if (type === '*/*' || type === 'application/*') return 'application/json'
  }
  throw refused('request.notAcceptable')
}

async function* found({ deps }: Server, q: string | undefined): AsyncGenerator<readonly Contact[]> {
  let after: string | null = null
  do {
    const looked = { q, limit: EXPORT_PAGE, ...(after !== null && { after }) }
    const page = await deps.directory.search(contactQuery(looked, deps.engine.solution().country))
    yield page.contacts
    after = page.next
  } while (after !== null)
}

const contactRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/contacts',
    summary: 'Contacts with their fields; also as CSV or vCard 4.0 by Accept, streamed to the end',
    audit: { what: 'contacts.listed', or: ['contacts.exported'], as: 'look' },
    numbersWhole: true,
    roles: EVERYONE,
    token: 'directory.read',
    query: FindQuery,
    answer: { status: 200, schema: ContactPage, types: TYPES },
    refuses: ['request.notAcceptable'],
    handle: async (asked, caller) => {
      const { deps, query, reply, request, note } = asked
      const type = accepted(request.headers.accept)
      if (type !== 'application/json') {
        if (!SUPERVISORS.includes(caller.user.role)) throw refused('session.notAllowed')
        note({ what: 'contacts.exported', details: { as: type, ...(query.q !== undefined && { q: 'given' }) } })
        reply.header('content-disposition', `attachment; filename="contacts.${type === 'text/csv' ? 'csv' : 'vcf'}"`)
        reply.type(`${type}; charset=utf-8`)
        const { head, contact: line } = deps.contactFiles.write(type === 'text/csv' ? 'csv' : 'vcard', await deps.directory.columns())
        return SentFile.of({ head, blocks: found(asked, query.q), line })
      }
      const page = await deps.directory.search(contactQuery({ ...query, limit: query.limit ?? PAGE }, deps.engine.solution().country))
      note({ details: { ...(query.q !== undefined && { q: 'given' }), ...(query.after !== undefined && { page: 'next' }) } })
      return { items: page.contacts.map(wireOf), found: page.found, next: page.next }
    },
  }),
  route({
    method: 'POST',
    path: '/contacts',
    summary: 'A new contact',
    audit: { what: 'contact.created', as: 'change' },
    numbersWhole: true,
    roles: SUPERVISORS,
    body: WriteContact,
    answer: { status: 201, schema: ContactSchema },
    refuses: ['contact.number', 'contacts.full'],
    handle: async ({ deps, body, note }, caller) => {
      const { name = '', company = null, numbers = [], fields = {} } = writtenOf(body, deps.numbers())
      const asked = { id: randomBytes(12).toString('base64url'), at: deps.clock.now(), ...(caller.once && { once: caller.once }) }
      const made = await deps.directory.create({ name, company, numbers, fields }, asked)
      if (made === 'full') throw refused('contacts.full')
      if (made === 'otherBody') throw refused('request.idempotencyKey')
      note({ on: [{ kind: 'contact', id: made.id }] })
      return wireOf(made)
    },
  }),
  route({
    method: 'GET',
    path: '/contacts/:id',
    summary: 'One contact',
    audit: { what: 'contact.read', as: 'look' },
    numbersWhole: true,
    roles: EVERYONE,
    token: 'directory.read',
    params: ById,
    answer: { status: 200, schema: ContactSchema },
    refuses: ['contact.unknown'],
    handle: async ({ deps, params }) => {
      const contact = await deps.directory.contact(params.id)
      if (contact === null) throw refused('contact.unknown')
      return wireOf(contact)
    },
  }),
  route({
    method: 'PATCH',
    path: '/contacts/:id',
    summary: 'Change a contact; what is left out stays',
    audit: { what: 'contact.changed', as: 'change' },
    numbersWhole: true,
    roles: SUPERVISORS,
    params: ById,
    body: ChangeContact,
    answer: { status: 200, schema: ContactSchema },
    refuses: ['contact.unknown', 'contact.changed', 'contact.number'],
    handle: async ({ deps, params, body, note }) => {
      const { revision = null, ...rest } = body
      const asked = { revision, at: deps.clock.now() }
      const changed = await deps.directory.change(params.id, writtenOf(rest, deps.numbers()), asked)
      if (changed === 'unknown') throw refused('contact.unknown')
      if (changed === 'changed') throw refused('contact.changed', { field: 'revision' })
      note({ details: { fields: Object.keys(rest) } })
      return wireOf(changed)
    },
  }),
  route({
    method: 'DELETE',
    path: '/contacts/:id',
    summary: 'Delete a contact',
    audit: { what: 'contact.deleted', as: 'change' },
    numbersWhole: true,
    roles: SUPERVISORS,
    params: ById,
    answer: { status: 204 },
    refuses: ['contact.unknown'],
    handle: async ({ deps, params }) => {
      if (!(await deps.directory.remove(params.id))) throw refused('contact.unknown')
    },
  }),
]

/** Said by line and column, never by what stands there. */
const faultsSaid = ({ faults }: ImportReport): string =>
  faults
    .slice(0, FAULTS_SAID)
    .map(({ line, column, reason }) => `${line}${column === null ? '' : `:${column}`} ${reason}`)
    .join(', ')

const importRoute = route({
  method: 'POST',
  path: '/contacts/import',
  summary: 'Import contacts from a table (CSV) or vCards, whole or not at all; with dryRun only the report of what would come of it',
  audit: { what: 'contacts.imported', or: ['contacts.importTried'], as: 'change' },
  numbersWhole: true,
  roles: SUPERVISORS,
  query: ImportQuery,
  raw: { types: FILE_TYPES, bytesMax: FILE_BYTES_MAX },
  answer: { status: 200, schema: ImportReport },
  refuses: ['contacts.faulty', 'contacts.full'],
  handle: async ({ deps, query, request, note }) => {
    if (!Buffer.isBuffer(request.body)) throw refused('request.mediaType')
    const { dryRun = false, skipFaulty = false, format = null, encoding = null, delimiter = null } = query
    const columns = query.columns === undefined ? null : (query.columns.split(',') as ColumnUse[])
    const report = await importContacts({
      directory: deps.directory,
      files: deps.contactFiles,
      numbers: deps.numbers(),
      file: { bytes: request.body, format, encoding, delimiter, columns },
      dryRun,
      skipFaulty,
      at: deps.clock.now(),
    })
    if (report === 'full') throw refused('contacts.full')
    if (!dryRun && !report.written) throw refused('contacts.faulty', { detail: faultsSaid(report) })
    const { rows, added, changed, unchanged, refused: notTaken, written } = report
    const what = written ? 'contacts.imported' : 'contacts.importTried'
    note({ what, details: { format: report.format, rows, added, changed, unchanged, refused: notTaken } })
    return report
  },
})

export const directoryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/directory',
    summary: 'Agents with their state, queues and contacts, by the beginnings of words or the digits of a number',
    audit: { what: 'directory.searched', as: 'work', everyMs: 60_000 },
    numbersWhole: true,
    roles: EVERYONE,
    token: 'directory.read',
    query: FindQuery,
    answer: { status: 200, schema: DirectoryPage },
    refuses: [],
    // Asked at every key, by agents in calls: told once a minute, and what was typed is somebody's name. Whose card was opened is told.
    handle: ({ deps, query }) => find(deps, { ...query, limit: query.limit ?? PAGE }),
  }),
  ...contactRoutes,
  importRoute,
]
