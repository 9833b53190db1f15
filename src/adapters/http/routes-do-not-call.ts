/** Whom nobody may call: for every campaign, or one. Each number is a fact; whole files are the list's own. */
import { Readable } from 'node:stream'
import type { Static } from 'typebox'
import type { ListedNumber } from '#ports/contact-lists.ts'
import type { DoNotCallListed, RowFault } from '#ports/contacts.ts'
import { AddDoNotCall, DoNotCallFileQuery, DoNotCallImported, DoNotCallPage, DoNotCallQuery, LiftDoNotCall } from '#wire/contacts.ts'
import { ask } from './answers.ts'
import { fileRefused, reads } from './list-import.ts'
import { listedOf } from './present-campaigns.ts'
import { refused } from './problems.ts'
import { CAMPAIGN_MANAGERS, CAMPAIGN_READERS, type Caller, type Route, route, type Server } from './route.ts'
import { campaignFor } from './routes-campaigns.ts'
import { wholeNumberIn } from './search.ts'

const PAGE = 50
const FAULTS_SHOWN = 200
/** Of one file: they are kept in memory until its end is read, so that a file that breaks off lists nobody. */
const NUMBERS_MAX = 1_000_000
const FILE_TYPES = ['text/csv', 'text/plain', 'application/octet-stream'] as const
const NUMBER = ['number.invalid', 'number.emergency']

/** Of which campaign; refused where the account may not see it. null: of every one. */
function campaignIdOf(server: Server, caller: Caller, id: string | null | undefined): string | null {
  return id == null ? null : campaignFor(server, caller, id).id
}

/** For every campaign only who sees them all may bar a number, or take that back. */
function seesEvery({ scope }: Caller): boolean {
  return scope.sees === 'all' || (scope.sees === 'campaigns' && scope.campaigns === null)
}

function scoped(server: Server, caller: Caller, id: string | null | undefined): string | null {
  const campaignId = campaignIdOf(server, caller, id)
  if (campaignId === null && !seesEvery(caller)) throw refused('session.notAllowed')
  return campaignId
}

/** What is sealed here: where a page ends, and which listing is meant. Both hold its number. */
const PLACE = 'place in the do-not-call list'
const LISTING = 'do-not-call listing'

const idOf = ({ sealing }: Server, { number, campaignId }: DoNotCallListed): string | null =>
  number === null ? null : sealing.seal(LISTING, JSON.stringify([number, campaignId]))

/** Of which number and campaign: by the id of a listing, for who is not told its number too; or as it is written. */
function meantBy(server: Server, { id, number, campaign }: Static<typeof LiftDoNotCall>) {
  if ((id === undefined) === (number === undefined) || (id !== undefined && campaign !== undefined))
    throw refused('request.invalid', { field: id === undefined ? 'number' : 'id' })
  if (id === undefined) return { number: number ?? '', campaignId: campaign ?? null }
  const listing = server.sealing.open(LISTING, id)
  if (listing === null) throw refused('doNotCall.unknown', { field: 'id' })
  const [listed, campaignId] = JSON.parse(listing) as [string, string | null]
  return { number: listed, campaignId }
}

const ofCampaign = (id: string | null) => (id === null ? [] : [{ kind: 'campaign', id }])

const digitsOf = (text: string): string => text.replace(/\D/g, '').replace(/^00?/, '')

export const doNotCallRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/do-not-call',
    summary: 'Numbers nobody may call, of every campaign and of those the account sees',
    audit: { what: 'doNotCall.listed', as: 'look' },
    roles: CAMPAIGN_READERS,
    token: 'doNotCall.read',
    query: DoNotCallQuery,
    answer: { status: 200, schema: DoNotCallPage },
    refuses: ['campaign.unknown', 'number.masked'],
    handle: async (asked, caller) => {
      const { deps, query } = asked
      const { after = null, limit = PAGE, campaign } = query
      const campaignId = campaign === 'all' ? null : campaign === undefined ? undefined : campaignIdOf(asked, caller, campaign)
      // Who sees some campaigns alone asks for one of them, or for what holds in every one.
      const within = campaignId === undefined && !seesEvery(caller) ? null : campaignId
      const number = wholeNumberIn(caller.mask(), query.digits ?? null, 'digits', deps.numbers())
      const digits = query.digits === undefined || number !== null ? null : digitsOf(query.digits)
      const from = after === null ? null : asked.sealing.open(PLACE, after)
      if (after !== null && from === null) throw refused('request.invalid', { field: 'after' })
      const page = await deps.contacts.doNotCall({
        ...{ campaignId: within, digits, after: from, limit, at: deps.clock.now() },
        ...(number !== null && { number }),
      })
      asked.note({ details: { ...(query.digits !== undefined && { digits: 'given' }), ...(after !== null && { page: 'next' }) } })
      return {
        items: page.rows.map((row) => ({ id: idOf(asked, row), ...listedOf(row) })),
        next: page.next === null ? null : asked.sealing.seal(PLACE, page.next),
      }
    },
  }),
  route({
    method: 'POST',
    path: '/do-not-call',
    summary: 'A number nobody may call any more: from now on, by any campaign or by one',
    audit: { what: 'doNotCall.added', as: 'work' },
    roles: CAMPAIGN_MANAGERS,
    token: 'doNotCall.write',
    body: AddDoNotCall,
    answer: { status: 204 },
    refuses: ['campaign.unknown', ...NUMBER],
    handle: async (asked, caller) => {
      const { deps, body } = asked
      const campaignId = scoped(asked, caller, body.campaignId)
      const { number, barred } = deps.numbers().read(body.number)
      if (barred === 'invalid' || barred === 'emergency') throw refused(`number.${barred}`, { field: 'number' })
      const until = body.until == null ? null : Date.parse(body.until)
      if (until !== null && until <= deps.clock.now()) throw refused('request.invalid', { field: 'until' })
      await ask(
        deps,
        {
          type: 'doNotCall.add',
          ...caller.asking,
          number,
          campaignId,
          source: caller.token === undefined ? 'page' : 'api',
          until,
          ...(body.reason === undefined ? {} : { reason: body.reason }),
        },
        caller.once,
      )
      asked.note({ on: ofCampaign(campaignId), details: { until: body.until ?? null } })
    },
  }),
  route({
    method: 'DELETE',
    path: '/do-not-call',
    summary: 'A number may be called again',
    audit: { what: 'doNotCall.removed', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'doNotCall.write',
    query: LiftDoNotCall,
    answer: { status: 204 },
    refuses: ['campaign.unknown', 'number.invalid', 'doNotCall.unknown'],
    handle: async (asked, caller) => {
      const { deps, query } = asked
      const meant = meantBy(asked, query)
      const campaignId = scoped(asked, caller, meant.campaignId)
      const { number, barred } = deps.numbers().read(meant.number)
      if (barred === 'invalid') throw refused('number.invalid', { field: 'number' })
      await ask(deps, { type: 'doNotCall.remove', ...caller.asking, number, campaignId })
      asked.note({ on: ofCampaign(campaignId) })
    },
  }),
  route({
    method: 'POST',
    path: '/do-not-call/imports',
    summary: 'A file of numbers nobody may call, of any size; those that are none are told',
    audit: { what: 'doNotCall.imported', as: 'work' },
    roles: CAMPAIGN_MANAGERS,
    token: 'doNotCall.write',
    query: DoNotCallFileQuery,
    raw: { types: FILE_TYPES, bytesMax: Number.MAX_SAFE_INTEGER, streamed: true },
    answer: { status: 200, schema: DoNotCallImported },
    refuses: ['campaign.unknown', 'import.file', 'import.tooMany'],
    handle: async (asked, caller) => {
      const { deps, query, request } = asked
      const campaignId = scoped(asked, caller, query.campaign)
      if (!(request.body instanceof Readable)) throw refused('request.mediaType')
      const addedAt = deps.clock.now()
      const until = query.until === undefined ? null : Date.parse(query.until)
      if (until !== null && until <= addedAt) throw refused('request.invalid', { field: 'until' })
      const solution = deps.engine.solution()
      const rules = { country: solution.country, zone: solution.zone }
      const shown: RowFault[] = []
      let invalid = 0
      const numbers: ListedNumber[] = []
      const file = request.body as AsyncIterable<Uint8Array>
      const take = async (rows: readonly ListedNumber[], faults: readonly RowFault[]): Promise<void> => {
        invalid += faults.length
        shown.push(...faults.slice(0, FAULTS_SHOWN - shown.length))
        if (numbers.length + rows.length > NUMBERS_MAX)
          throw fileRefused({ code: 'file.tooManyRows', line: null, column: null, field: null })
        for (const row of rows) numbers.push(row)
      }
      const read = await reads(deps, () => deps.contactLists.readNumbers(file, rules, take))
      if ('code' in read) throw fileRefused(read)
      const all = { campaignId, source: 'file', until, addedAt }
      const added = await deps.contacts.listDoNotCall(
        numbers.map(({ number, reason }) => ({ ...all, number, reason: reason ?? query.reason ?? null })),
      )
      if (added > 0) await deps.engine.recheckContacts()
      asked.note({ on: ofCampaign(campaignId), details: { rows: read.rows, added, invalid } })
      return { rows: read.rows, added, invalid, faults: shown.map((fault) => ({ ...fault })) }
    },
  }),
]
