/** Campaigns: made, changed, started and stopped, seen as they stand and as they have gone. */
import { createHash, randomBytes } from 'node:crypto'
import type { Static } from 'typebox'
import type { PeopleCommand } from '#core/commands.ts'
import type { LiveCampaign, Once } from '#ports/engine.ts'
import {
  type Campaign,
  type CampaignDay,
  CampaignDays,
  CampaignPace,
  CampaignProgress,
  Campaign as CampaignSchema,
  Campaigns,
  CreateCampaign,
  PaceAsked,
  PaceQuery,
  PaceTable,
  ReplaceQuery,
  Revivable,
  RevivableQuery,
  Schedule,
  WriteCampaign,
} from '#wire/campaigns.ts'
import { ById } from '#wire/requests.ts'
import { accepted } from './accepted.ts'
import { ask } from './answers.ts'
import { defaultsFor, inPeoplesUnits, revisionOf, settingsOf } from './campaign-settings.ts'
import { cell } from './csv.ts'
import { SentFile } from './list-file.ts'
import { campaignNow, campaignsNow } from './live.ts'
import { tableOf } from './pace-table.ts'
import { dayOf, progressOf, skillsOf } from './present-campaigns.ts'
import { paceOf } from './present-figures.ts'
import { refused } from './problems.ts'
import { CAMPAIGN_MANAGERS, CAMPAIGN_READERS, type Caller, type Exchange, type Route, route, type Server } from './route.ts'
import { seesCampaign } from './scope.ts'

const DAY_TYPES = ['application/json', 'text/csv'] as const

/** The campaign, where the account may see it: else it is as if there were none. */
export function campaignFor({ deps }: Pick<Server, 'deps'>, { scope }: Caller, id: string): LiveCampaign {
  const live = seesCampaign(scope, id) ? deps.campaigns.campaign(id) : undefined
  if (live === undefined) throw refused('campaign.unknown')
  return live
}

async function shown({ deps }: Server, id: string): Promise<Campaign> {
  const campaign = await campaignNow(deps, id)
  if (campaign === null) throw refused('campaign.unknown')
  return campaign
}

/** Refused as the rules refuse it, the field as it is called here. */
async function command({ deps }: Server, asked: PeopleCommand, once?: Once): Promise<void> {
  try {
    await ask(deps, asked, once)
  } catch (error) {
    throw inPeoplesUnits(error)
  }
}

/** Of its name, and four letters that tell it from others of that name; under a key always the same. */
function idOf(body: Static<typeof CreateCampaign>, once: Once | undefined): string {
  if (body.id !== undefined) return body.id
  const words = body.name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
  const tail = once === undefined ? randomBytes(2).toString('hex') : createHash('sha256').update(once.key).digest('hex').slice(0, 4)
  return `${words.slice(0, 30).replace(/-$/, '') || 'campaign'}-${tail}`
}

async function create(server: Exchange, caller: Caller, body: Static<typeof CreateCampaign>): Promise<Campaign> {
  const { deps } = server
  const { id: _, ...written } = body
  const campaignId = idOf(body, caller.once)
  server.note({ on: [{ kind: 'campaign', id: campaignId }] })
  if (deps.campaigns.campaign(campaignId) !== undefined) throw refused('campaign.idTaken', { field: 'id' })
  if (!seesCampaign(caller.scope, campaignId)) throw refused('session.notAllowed')
  const settings = await settingsOf(written, deps.engine.solution(), deps.persons)
  await command(server, { type: 'campaign.write', ...caller.asking, campaignId, settings }, caller.once)
  return shown(server, campaignId)
}

/** Attempts raised over contacts that are finished are asked about first. */
async function replace(
  server: Exchange,
  caller: Caller,
  id: string,
  { revision, ...body }: WriteCampaign,
  { revive }: Static<typeof ReplaceQuery>,
): Promise<Campaign> {
  const { deps } = server
  const before = campaignFor(server, caller, id)
  if (revision !== undefined && revision !== revisionOf(before.settings)) throw refused('campaign.changed', { field: 'revision' })
  const settings = await settingsOf(body, deps.engine.solution(), deps.persons)
  const raised = settings.attemptsMax > before.settings.attemptsMax
  const revivable = raised ? await deps.contacts.revivable(id, settings.attemptsMax) : 0
  if (revivable > 0 && revive === undefined) throw refused('campaign.wouldRevive', { field: 'attempts', detail: `(${revivable})` })
  const over = revision === undefined ? {} : { over: before.settings }
  await command(server, { type: 'campaign.write', ...caller.asking, campaignId: id, settings, ...over })
  const revived = revivable > 0 && revive === true ? await deps.contacts.revive(id, settings.attemptsMax) : 0
  if (revived > 0) server.note({ details: { revived } })
  return shown(server, id)
}

const DONE = { start: 'started', pause: 'paused', stop: 'stopped' } as const

const verb = (name: 'start' | 'pause' | 'stop', summary: string, refuses: readonly string[]): Route =>
  route({
    method: 'POST',
    path: `/campaigns/:id/${name}`,
    summary,
    // To stop calling people is never refused.
    audit: { what: `campaign.${DONE[name]}`, as: name === 'start' ? 'change' : 'work' },
    roles: CAMPAIGN_MANAGERS,
    token: 'campaigns.write',
    params: ById,
    answer: { status: 200, schema: CampaignSchema },
    refuses: ['campaign.unknown', ...refuses],
    handle: async (asked, caller) => {
      const { id } = campaignFor(asked, caller, asked.params.id)
      await command(asked, { type: `campaign.${name}`, ...caller.asking, campaignId: id }, caller.once)
      return shown(asked, id)
    },
    again: (_, asked) => shown(asked, (asked.request.params as { readonly id: string }).id),
  })

const WRITE_REFUSES = [
  'campaign.settings',
  'campaign.window',
  'campaign.neverOpen',
  'campaign.skill',
  'campaign.country',
  'campaign.silentReason',
  'callerId.unknown',
]

const managing: readonly Route[] = [
  route({
    method: 'GET',
    path: '/campaigns',
    summary: 'Campaigns with their settings and how they stand',
    audit: { nothing: 'settings and figures, and nobody’s data' },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    answer: { status: 200, schema: Campaigns },
    refuses: [],
    handle: async ({ deps }, { scope }) => {
      const solution = deps.engine.solution()
      const items = (await campaignsNow(deps)).filter(({ id }) => seesCampaign(scope, id))
      return { items, defaults: defaultsFor(solution.country), skills: skillsOf(solution) }
    },
  }),
  route({
    method: 'POST',
    path: '/campaigns',
    summary: 'A new campaign, a draft: nobody is called before it is started',
    audit: { what: 'campaign.created', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'campaigns.write',
    body: CreateCampaign,
    answer: { status: 201, schema: CampaignSchema },
    refuses: ['campaign.idTaken', ...WRITE_REFUSES],
    handle: (asked, caller) => create(asked, caller, asked.body),
    again: (_, asked, once) => shown(asked, idOf(asked.request.body as Static<typeof CreateCampaign>, once)),
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id',
    summary: 'One campaign',
    audit: { nothing: 'settings and figures, and nobody’s data' },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    params: ById,
    answer: { status: 200, schema: CampaignSchema },
    refuses: ['campaign.unknown'],
    handle: (asked, caller) => shown(asked, campaignFor(asked, caller, asked.params.id).id),
  }),
  route({
    method: 'PUT',
    path: '/campaigns/:id',
    summary: 'Write a campaign anew, whole; in force for what is dialled next. With its revision: only over what was read',
    audit: { what: 'campaign.changed', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'campaigns.write',
    params: ById,
    query: ReplaceQuery,
    body: WriteCampaign,
    answer: { status: 200, schema: CampaignSchema },
    refuses: ['campaign.unknown', 'campaign.changed', 'campaign.wouldRevive', ...WRITE_REFUSES],
    handle: (asked, caller) => replace(asked, caller, asked.params.id, asked.body, asked.query),
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/revivable',
    summary: 'How many finished contacts would be called again with so many attempts',
    audit: { nothing: 'settings and figures, and nobody’s data' },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    params: ById,
    query: RevivableQuery,
    answer: { status: 200, schema: Revivable },
    refuses: ['campaign.unknown'],
    handle: async (asked, caller) => {
      const { id } = campaignFor(asked, caller, asked.params.id)
      return { contacts: await asked.deps.contacts.revivable(id, asked.query.attempts) }
    },
  }),
  verb('start', 'Start a campaign, also one that was paused or stopped, or is done and has contacts again', ['campaign.running']),
  verb('pause', 'Nothing more is dialled; calls in the air finish', ['campaign.notRunning']),
  verb('stop', 'Stop a campaign: contacts who wait leave its queue, calls in the air finish', ['campaign.notStarted']),
  route({
    method: 'POST',
    path: '/campaigns/:id/schedule',
    summary: 'Start a campaign by itself at an instant; null: not any more',
    audit: { what: 'campaign.scheduled', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'campaigns.write',
    params: ById,
    body: Schedule,
    answer: { status: 200, schema: CampaignSchema },
    refuses: ['campaign.unknown', 'campaign.changed', 'campaign.running', 'campaign.startsAt'],
    handle: async (asked, caller) => {
      const { deps, body, note } = asked
      note({ details: { startsAt: body.startsAt } })
      const { id, settings } = campaignFor(asked, caller, asked.params.id)
      const startsAt = body.startsAt === null ? null : Date.parse(body.startsAt)
      if (startsAt !== null && startsAt <= deps.clock.now()) throw refused('campaign.startsAt', { field: 'startsAt' })
      const campaign = { ...caller.asking, campaignId: id } as const
      await command(asked, { type: 'campaign.write', ...campaign, settings: { ...settings, startsAt }, over: settings })
      if (deps.campaigns.campaign(id)?.status !== 'scheduled' && startsAt !== null)
        await command(asked, { type: 'campaign.schedule', ...campaign }, caller.once)
      return shown(asked, id)
    },
    again: (_, asked) => shown(asked, (asked.request.params as { readonly id: string }).id),
  }),
  route({
    method: 'DELETE',
    path: '/campaigns/:id',
    summary: 'Remove a campaign with its contacts; its calls stay in the archive',
    audit: { what: 'campaign.removed', as: 'change' },
    roles: CAMPAIGN_MANAGERS,
    token: 'campaigns.write',
    params: ById,
    answer: { status: 204 },
    refuses: ['campaign.unknown', 'campaign.running', 'campaign.inUse'],
    handle: async (asked, caller) => {
      const { id } = campaignFor(asked, caller, asked.params.id)
      await command(asked, { type: 'campaign.remove', ...caller.asking, campaignId: id })
      await asked.deps.contacts.removeCampaign(id)
    },
  }),
]

const DAY_COLUMNS = [
  'from',
  'until',
  'placed',
  'answered',
  'connected',
  'silent',
  'silentWithMessage',
  'noAnswer',
  'busy',
  'rejected',
  'notInUse',
  'failed',
  'withdrawn',
  'toAgentMs',
  'silentRate',
  'budgetLeft',
  'silentTarget',
] as const satisfies readonly (keyof CampaignDay)[]

const dayLine = (day: CampaignDay): string => `${DAY_COLUMNS.map((column) => cell(day[column])).join(',')}\r\n`

const figures: readonly Route[] = [
  route({
    method: 'GET',
    path: '/campaigns/:id/progress',
    summary: 'How far a campaign has come, and when it will be through',
    audit: { nothing: 'settings and figures, and nobody’s data' },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    params: ById,
    answer: { status: 200, schema: CampaignProgress },
    refuses: ['campaign.unknown'],
    handle: async (asked, caller) => {
      const { deps } = asked
      const live = campaignFor(asked, caller, asked.params.id)
      const { hours, periods } = live.settings
      const { zone } = deps.engine.solution()
      const calling = (at: number) => deps.calendar().calling({ zone, hours, periods, own: null }, at)
      const tries = deps.figures.now(live.id)?.all.tries ?? []
      return progressOf(await deps.contacts.progress(live.id), tries, live, deps.clock.now(), calling)
    },
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/pace',
    summary: 'A campaign over time: the last quarter of an hour, today, or from its beginning',
    roles: CAMPAIGN_READERS,
    audit: { nothing: 'settings and figures, and nobody’s data' },
    token: 'campaigns.read',
    params: ById,
    query: PaceQuery,
    answer: { status: 200, schema: CampaignPace },
    refuses: ['campaign.unknown'],
    handle: async (asked, caller) => {
      const { deps, query } = asked
      const { id } = campaignFor(asked, caller, asked.params.id)
      return paceOf(deps.figures, id, query.range ?? 'today', (at) => deps.calendar().day(at), deps.clock.now())
    },
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/days',
    summary: 'A campaign by days, newest first; also as CSV by Accept',
    audit: { what: 'campaign.daysRead', or: ['campaign.daysExported'], as: 'look', everyMs: 60_000 },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    params: ById,
    answer: { status: 200, schema: CampaignDays, types: DAY_TYPES },
    refuses: ['campaign.unknown', 'request.notAcceptable'],
    handle: async (asked, caller) => {
      const { deps, reply, request } = asked
      const type = accepted(DAY_TYPES, request.headers.accept)
      const { id } = campaignFor(asked, caller, asked.params.id)
      const items = deps.campaigns.campaignDays(id).map(dayOf)
      if (type === 'application/json') return { items }
      asked.note({ what: 'campaign.daysExported' })
      reply.header('content-disposition', `attachment; filename="${id}-days.csv"`).type('text/csv; charset=utf-8')
      return SentFile.of({ head: `${DAY_COLUMNS.join(',')}\r\n`, blocks: [items], line: dayLine })
    },
  }),
  route({
    method: 'POST',
    path: '/pace',
    summary: 'What a campaign would do with so many agents: a shift in virtual time, beside the calls that go on',
    audit: { nothing: 'a made-up shift: nobody is called' },
    roles: CAMPAIGN_READERS,
    token: 'campaigns.read',
    body: PaceAsked,
    answer: { status: 200, schema: PaceTable },
    refuses: ['campaign.unknown', 'pace.busy'],
    handle: (asked, caller) => {
      const { campaignId } = asked.body
      const settings = campaignId === undefined ? null : campaignFor(asked, caller, campaignId).settings
      return tableOf(asked.deps, asked.body, settings)
    },
  }),
]

export const campaignRoutes: readonly Route[] = [...managing, ...figures]
