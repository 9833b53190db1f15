/** Files into the list of a campaign: looked at, read and judged, confirmed, undone. */
import { Readable } from 'node:stream'
import type { Static } from 'typebox'
import type { ImportRow, RowFault } from '#ports/contacts.ts'
import {
  ByImport,
  type CampaignImport,
  CampaignImports,
  ImportLook,
  CampaignImport as ImportSchema,
  LookQuery,
  UploadQuery,
} from '#wire/contacts.ts'
import { ById } from '#wire/requests.ts'
import { cell } from './csv.ts'
import { SentFile } from './list-file.ts'
import { fileRefused, formatOf, importList } from './list-import.ts'
import { importOf } from './present-campaigns.ts'
import { refused } from './problems.ts'
import { CAMPAIGN_MANAGERS, type Caller, type Exchange, type Route, route, type Server } from './route.ts'
import { campaignFor } from './routes-campaigns.ts'

const FILE_TYPES = ['text/csv', 'text/plain', 'application/octet-stream'] as const
const LOOK_BYTES_MAX = 1024 * 1024
/** Of a row of the report of faults. */
const FAULT_COLUMNS: readonly (readonly [string, (fault: RowFault) => string | number | null | undefined])[] = [
  ['row', (fault) => fault.row],
  ['line', (fault) => fault.line],
  ['column', (fault) => fault.column],
  ['code', (fault) => fault.code],
  ['value', (fault) => fault.value],
  ['earlierLine', (fault) => fault.earlierLine],
  ['since', (fault) => (fault.since === undefined ? undefined : new Date(fault.since).toISOString())],
]

async function shown({ users }: Server, row: ImportRow): Promise<CampaignImport> {
  const names = await users.names()
  return importOf(row, (user) => names.get(user) ?? user)
}

/** The import, of a campaign the account may see. */
async function importFor(server: Server, caller: Caller, { id, importId }: { readonly id: string; readonly importId: string }) {
  campaignFor(server, caller, id)
  const row = await server.deps.contacts.import(importId)
  if (row === null || row.campaignId !== id) throw refused('import.unknown')
  return row
}

/** As it stands by now, whatever was done with it since. */
const shownNow = async (exchange: Exchange, caller: Caller): Promise<CampaignImport> =>
  shown(exchange, await importFor(exchange, caller, exchange.request.params as Static<typeof ByImport>))

const about = ({ how, counts }: ImportRow) => ({ details: { how, ...counts } })

const FAULT_HEAD = `${FAULT_COLUMNS.map(([name]) => name).join(',')}\r\n`
const faultLine = (fault: RowFault): string => `${FAULT_COLUMNS.map(([, of]) => cell(of(fault))).join(',')}\r\n`

const reading: readonly Route[] = [
  route({
    method: 'POST',
    path: '/campaigns/:id/imports/look',
    summary:
      'What a file looks like: send its beginning, a megabyte at most. Columns are what they were said to be when a file with this header was read last',
    audit: { nothing: 'one’s own file, looked at and not kept' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ById,
    query: LookQuery,
    raw: { types: FILE_TYPES, bytesMax: LOOK_BYTES_MAX },
    answer: { status: 200, schema: ImportLook },
    refuses: ['campaign.unknown', 'import.file'],
    handle: async (asked, caller) => {
      campaignFor(asked, caller, asked.params.id)
      if (!Buffer.isBuffer(asked.request.body)) throw refused('request.mediaType')
      const look = asked.deps.contactLists.look(asked.request.body, formatOf(asked.query))
      if ('code' in look) throw fileRefused(look)
      const remembered = await asked.deps.contacts.mapping(asked.params.id, look.columns)
      return remembered === null ? look : { ...look, mapping: remembered }
    },
  }),
  route({
    method: 'POST',
    path: '/campaigns/:id/imports',
    summary: 'Send a file of contacts, of any size: it is read and judged row by row, and nobody is called before it is confirmed',
    audit: { what: 'import.read', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ById,
    query: UploadQuery,
    raw: { types: FILE_TYPES, bytesMax: Number.MAX_SAFE_INTEGER, streamed: true },
    answer: { status: 201, schema: ImportSchema },
    refuses: ['campaign.unknown', 'import.file', 'import.tooMany'],
    handle: async (asked, caller) => {
      const { deps, request, query } = asked
      const { id, settings } = campaignFor(asked, caller, asked.params.id)
      if (!(request.body instanceof Readable)) throw refused('request.mediaType')
      const file = request.body as AsyncIterable<Uint8Array>
      const row = await importList(deps, { campaignId: id, country: settings.country, user: caller.user.name, query, file })
      asked.note({ on: [{ kind: 'import', id: row.id }], ...about(row) })
      return shown(asked, row)
    },
  }),
]

const judged: readonly Route[] = [
  route({
    method: 'GET',
    path: '/campaigns/:id/imports',
    summary: 'Files sent for a campaign, those being read too',
    audit: { nothing: 'names of files and counts of rows' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ById,
    answer: { status: 200, schema: CampaignImports },
    refuses: ['campaign.unknown'],
    handle: async (asked, caller) => {
      const { id } = campaignFor(asked, caller, asked.params.id)
      const rows = await asked.deps.contacts.imports(id)
      return { items: await Promise.all(rows.map((row) => shown(asked, row))) }
    },
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/imports/:importId',
    summary: 'One file: what it did, or would do',
    audit: { nothing: 'the name of a file and counts of rows' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ByImport,
    answer: { status: 200, schema: ImportSchema },
    refuses: ['campaign.unknown', 'import.unknown'],
    handle: async (asked, caller) => shown(asked, await importFor(asked, caller, asked.params)),
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/imports/:importId/faults',
    summary: 'Rows of a file that are not called, each with its reason, as CSV',
    audit: { what: 'import.faultsExported', as: 'look' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ByImport,
    answer: { status: 200, types: ['text/csv'] },
    refuses: ['campaign.unknown', 'import.unknown'],
    handle: async (asked, caller) => {
      const { id } = await importFor(asked, caller, asked.params)
      asked.reply.header('content-disposition', `attachment; filename="${id}-faults.csv"`)
      asked.reply.type('text/csv; charset=utf-8')
      return SentFile.of({ head: FAULT_HEAD, blocks: asked.deps.contacts.faults(id), line: faultLine })
    },
  }),
  route({
    method: 'POST',
    path: '/campaigns/:id/imports/:importId/confirm',
    summary: 'Put the good rows of a file into the list, all of them or none; confirmed before, it is the same again',
    audit: { what: 'import.confirmed', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ByImport,
    answer: { status: 200, schema: ImportSchema },
    refuses: ['campaign.unknown', 'import.unknown', 'import.notReady'],
    repeat: shownNow,
    handle: async (asked, caller) => {
      const { deps } = asked
      const { id } = await importFor(asked, caller, asked.params)
      const confirmed = await deps.contacts.confirm(id, deps.clock.now())
      if (confirmed === 'unknown') throw refused('import.unknown')
      if (confirmed === 'notReady') throw refused('import.notReady')
      asked.note(about(confirmed))
      return shown(asked, confirmed)
    },
  }),
  route({
    method: 'POST',
    path: '/campaigns/:id/imports/:importId/undo',
    summary: 'Take a confirmed file out of the list again, until somebody of it is called',
    audit: { what: 'import.undone', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'contacts.import',
    params: ByImport,
    answer: { status: 200, schema: ImportSchema },
    refuses: ['campaign.unknown', 'import.unknown', 'import.notConfirmed', 'import.called'],
    repeat: shownNow,
    handle: async (asked, caller) => {
      const { deps } = asked
      const { id } = await importFor(asked, caller, asked.params)
      const undone = await deps.contacts.undo(id)
      if (undone === 'unknown') throw refused('import.unknown')
      if (undone === 'called') throw refused('import.called')
      if (undone === 'notConfirmed') throw refused('import.notConfirmed')
      asked.note(about(undone))
      return shown(asked, undone)
    },
  }),
]

export const importRoutes: readonly Route[] = [...reading, ...judged]
