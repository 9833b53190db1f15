/** The archive: searched, exported, one call, its facts. */
import type { Story } from '#core/archive/story.ts'
import type { ArchiveFilter } from '#ports/archive.ts'
import type { AuditThing } from '#ports/audit.ts'
import { type Call, CallPage, CallQuery, Call as CallSchema } from '#wire/calls.ts'
import { ById, Facts } from '#wire/requests.ts'
import { csvHeader, csvLine } from './csv.ts'
import { SentFile } from './list-file.ts'
import { campaignNames } from './live.ts'
import { callOf, factLine, join } from './present.ts'
import { refused } from './problems.ts'
import { type Caller, EVERYONE, type Route, route, type Server } from './route.ts'
import { seenBy, seesStory } from './scope.ts'
import { auditable, filterOf } from './search.ts'

const PAGE = 50
/** Calls read at once for an export. */
const EXPORT_PAGE = 200
const TYPES = ['application/json', 'text/csv', 'application/x-ndjson'] as const

async function present({ deps, users }: Server, stories: readonly Story[]): Promise<Call[]> {
  const joined = await join(deps.persons, deps.engine.solution(), await users.names(), stories, [], campaignNames(deps))
  return stories.map((story) => callOf(joined, story))
}

async function* found(server: Server, filter: ArchiveFilter): AsyncGenerator<readonly Call[]> {
  let after: string | null = null
  do {
    const page = await server.deps.archive.search(filter, { after, limit: EXPORT_PAGE })
    yield await present(server, page.stories)
    after = page.next
  } while (after !== null)
}

/** The first of our types the client takes. */
function accepted(accept: string | undefined): (typeof TYPES)[number] {
  const wanted = (accept ?? '*/*').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '')
  for (const type of wanted) {
    const found = TYPES.find((own) => own === type)
    if (found !== undefined) return found
    if (type === '*/*' || type === 'application/*') return 'application/json'
  }
  throw refused('request.notAcceptable')
}

/** The person a whole number was searched for, so that the audit log can tell who looked for somebody. */
async function searchedFor({ persons }: Server['deps'], { number }: ArchiveFilter): Promise<AuditThing[]> {
  if (number === undefined || number === 'withheld' || number.how !== 'exact') return []
  const id = await persons.find(`+${number.digits}`)
  return id === undefined ? [] : [{ kind: 'person', id }]
}

/** The call, if the account may see it: else it is as if there were none. */
export async function storyFor({ deps }: Server, caller: Caller, id: string): Promise<Story> {
  const story = await deps.archive.story(id)
  if (story === null || !seesStory(caller.scope, story)) throw refused('call.unknown')
  return story
}

export const callRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/calls',
    summary: 'Search the archive, newest first; also as CSV or NDJSON by Accept, streamed to the end',
    audit: { what: 'calls.searched', or: ['calls.exported'], as: 'look' },
    roles: EVERYONE,
    token: 'calls.read',
    query: CallQuery,
    answer: { status: 200, schema: CallPage, types: TYPES },
    refuses: ['request.notAcceptable', 'request.number', 'number.masked'],
    handle: async (asked, caller) => {
      const { deps, query, reply, request, note } = asked
      const type = accepted(request.headers.accept)
      const filter = { ...filterOf(query, deps.numbers(), deps.engine.solution().country), ...seenBy(caller.scope) }
      if (typeof filter.number === 'object' && filter.number.how !== 'exact' && caller.mask() !== null)
        throw refused('number.masked', { field: 'number' })
      note({ on: await searchedFor(deps, filter), details: auditable(query) })
      if (type !== 'application/json') {
        note({ what: 'calls.exported', details: { as: type } })
        reply.header('content-disposition', `attachment; filename="calls.${type === 'text/csv' ? 'csv' : 'ndjson'}"`)
        reply.type(`${type}; charset=utf-8`)
        const blocks = found(asked, filter)
        if (type === 'text/csv') return SentFile.of({ head: csvHeader, blocks, line: csvLine })
        return SentFile.of({ head: '', blocks, line: (call) => `${JSON.stringify(call)}\n` })
      }
      const page = await deps.archive.search(filter, { after: query.after ?? null, limit: query.limit ?? PAGE })
      return { items: await present(asked, page.stories), next: page.next }
    },
  }),
  route({
    method: 'GET',
    path: '/calls/:id',
    summary: 'One call, whole',
    audit: { what: 'call.read', as: 'look' },
    roles: EVERYONE,
    token: 'calls.read',
    params: ById,
    answer: { status: 200, schema: CallSchema },
    refuses: ['call.unknown'],
    handle: async (asked, caller) => {
      const [call] = await present(asked, [await storyFor(asked, caller, asked.params.id)])
      return call
    },
  }),
  route({
    method: 'GET',
    path: '/calls/:id/facts',
    summary: 'What the journal says of one call',
    audit: { what: 'call.factsRead', as: 'look' },
    roles: EVERYONE,
    token: 'calls.read',
    params: ById,
    answer: { status: 200, schema: Facts },
    refuses: ['call.unknown'],
    handle: async (asked, caller) => {
      const { id } = await storyFor(asked, caller, asked.params.id)
      return { items: (await asked.deps.factsOf(id)).map(factLine) }
    },
  }),
]
