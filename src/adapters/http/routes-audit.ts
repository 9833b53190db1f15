/** The audit log, searched and exported by administrators; reading it is told in it. */
import type { Static } from 'typebox'
import type { AuditRow, AuditQuery as PortQuery } from '#ports/audit.ts'
import { type AuditItem, AuditPage, AuditQuery } from '#wire/users.ts'
import { accepted } from './accepted.ts'
import { cell } from './csv.ts'
import { SentFile } from './list-file.ts'
import { ADMINISTRATORS, type Route, route, type Server } from './route.ts'
import { tokenUser } from './tokens.ts'

const PAGE = 50
const EXPORT_PAGE = 1_000
const TYPES = ['application/json', 'text/csv', 'application/x-ndjson'] as const

type Names = ReadonlyMap<string, string>

const itemOf = ({ on, at, details, ...row }: AuditRow, names: Names): AuditItem => ({
  ...row,
  at: new Date(at).toISOString(),
  name: row.who === null ? null : (names.get(row.by === 'token' ? tokenUser(row.who) : row.who) ?? null),
  on: on.map((thing) => ({ ...thing })),
  details: { ...details },
})

function filterOf({ from, to, who, what, on, outcome }: Static<typeof AuditQuery>): Omit<PortQuery, 'before' | 'limit'> {
  const at = on?.indexOf(':') ?? -1
  return {
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
    ...(who !== undefined && { who }),
    ...(what !== undefined && { what }),
    ...(on !== undefined && { on: { kind: on.slice(0, at), id: on.slice(at + 1) } }),
    ...(outcome !== undefined && { outcome }),
  }
}

const COLUMNS: readonly (readonly [string, (item: AuditItem) => string | number | null])[] = [
  ['seq', ({ seq }) => seq],
  ['at', ({ at }) => at],
  ['by', ({ by }) => by],
  ['who', ({ who }) => who],
  ['name', ({ name }) => name],
  ['address', ({ address }) => address],
  ['what', ({ what }) => what],
  ['on', ({ on }) => on.map(({ kind, id }) => `${kind}:${id}`).join(' ')],
  ['outcome', ({ outcome }) => outcome],
  ['details', ({ details }) => (Object.keys(details).length === 0 ? '' : JSON.stringify(details))],
]
const csvLine = (item: AuditItem): string => `${COLUMNS.map(([, read]) => cell(read(item))).join(',')}\r\n`

const HEAD = `${COLUMNS.map(([name]) => name).join(',')}\r\n`

async function* found({ deps }: Server, names: Names, filter: Omit<PortQuery, 'before' | 'limit'>): AsyncGenerator<readonly AuditItem[]> {
  let before: number | null = null
  do {
    const page = await deps.audit.search({ ...filter, before, limit: EXPORT_PAGE })
    yield page.rows.map((row) => itemOf(row, names))
    before = page.next
  } while (before !== null)
}

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/audit',
    summary:
      'Who looked at, exported or changed what, and what was refused, newest first; also as CSV or NDJSON by Accept, streamed to the end',
    audit: { what: 'audit.read', or: ['audit.exported'], as: 'look' },
    roles: ADMINISTRATORS,
    query: AuditQuery,
    answer: { status: 200, schema: AuditPage, types: TYPES },
    refuses: ['request.notAcceptable'],
    handle: async (asked) => {
      const { deps, users, query, request, reply, note } = asked
      const type = accepted(TYPES, request.headers.accept)
      const filter = filterOf(query)
      note({ on: filter.on === undefined ? [] : [filter.on], details: { ...query } })
      const names = await users.names()
      if (type === 'application/json') {
        const page = await deps.audit.search({
          ...filter,
          before: query.after === undefined ? null : Number(query.after),
          limit: query.limit ?? PAGE,
        })
        return { items: page.rows.map((row) => itemOf(row, names)), next: page.next === null ? null : String(page.next) }
      }
      note({ what: 'audit.exported', details: { as: type } })
      reply.header('content-disposition', `attachment; filename="audit.${type === 'text/csv' ? 'csv' : 'ndjson'}"`)
      reply.type(`${type}; charset=utf-8`)
      const blocks = found(asked, names, filter)
      if (type === 'text/csv') return SentFile.of({ head: HEAD, blocks, line: csvLine })
      return SentFile.of({ head: '', blocks, line: (item) => `${JSON.stringify(item)}\n` })
    },
  }),
]
