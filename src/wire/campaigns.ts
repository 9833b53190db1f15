/**
 * Campaigns as HTTP clients and browsers see and write them. Settings are in people's units: seconds, hours, shares (0.03 is 3 %),
 * windows of the clock as `09:00-17:00`. Instants are ISO 8601 UTC, durations of what happened milliseconds.
 */
import Type, { type Static } from 'typebox'
import { listOf } from './calls.ts'

const strict = { additionalProperties: false } as const
const Instant = Type.String({ format: 'date-time' })
/** Null first: a validator that coerces would make an empty string of it. */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([Type.Null(), schema])
const Seconds = (minimum: number, maximum: number, description: string) => Type.Number({ minimum, maximum, description })
const Word = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', ...(description === undefined ? {} : { description }) })

/** An object with the same under each of these names. */
export const eachOf = <const K extends readonly string[], T extends Type.TSchema>(keys: K, schema: T) =>
  Object.fromEntries(keys.map((key) => [key, schema])) as { [P in K[number]]: T }

export const CAMPAIGN_MODES = ['preview', 'progressive', 'power', 'predictive'] as const
export const CAMPAIGN_STATES = ['draft', 'scheduled', 'running', 'paused', 'stopped', 'done'] as const
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const Window = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
  description: 'From–to by the contact’s own clock, as 09:00-17:00; past midnight is written as two days',
})
const Windows = Type.Array(Window, { maxItems: 24 })

/** Whom it rings, when, how often, and who sees to it. */
export const CampaignSettings = Type.Object(
  {
    name: Word(100),
    mode: listOf(CAMPAIGN_MODES),
    skill: Nullable(Type.String({ minLength: 1, maxLength: 40, description: 'The skill an agent needs; null: none' })),
    priority: Type.Integer({ minimum: 0, maximum: 1_000, description: 'Higher first, among campaigns that want the same agent' }),
    ratio: Type.Number({ minimum: 1, maximum: 6, description: 'Power: calls per idle agent' }),
    attempts: Type.Integer({ minimum: 1, maximum: 20, description: 'Attempts a contact may use up' }),
    pauseSeconds: Seconds(0, 30 * 86_400, 'From a try’s end to the next of the same contact, at least'),
    ringSeconds: Seconds(15, 120, 'How long a contact is rung'),
    retry: Type.Object(
      { unanswered: Type.Boolean(), busy: Type.Boolean(), rejected: Type.Boolean(), failed: Type.Boolean() },
      { ...strict, description: 'After which endings a contact is tried again. Not in use: never that number again' },
    ),
    retriesFirst: Type.Boolean({ description: 'Due retries go before contacts never tried' }),
    sort: Type.Array(Type.Object({ column: Word(100), descending: Type.Boolean(), numeric: Type.Boolean() }, strict), {
      maxItems: 3,
      description: 'The first counts most; then the order of the import',
    }),
    filters: Type.Array(
      Type.Object({ column: Word(100), values: Type.Array(Type.String({ maxLength: 2_000 }), { minItems: 1, maxItems: 1_000 }) }, strict),
      { maxItems: 20, description: 'Called are those whose column has one of these values' },
    ),
    hours: Type.Object(
      {
        days: Type.Object(eachOf(WEEKDAYS, Type.Optional(Windows)), { ...strict, description: 'A day left out is closed' }),
        holidays: Type.Record(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }), Windows, {
          ...strict,
          maxProperties: 400,
          description: 'Dates with hours of their own; an empty list: nobody is rung',
        }),
      },
      { ...strict, description: 'When contacts may be rung, by each contact’s own clock' },
    ),
    periods: Type.Array(Window, {
      maxItems: 12,
      description: 'An unanswered contact is tried in another of these next. Empty: the whole of the hours',
    }),
    startsAt: Nullable(Type.String({ format: 'date-time', description: 'When a scheduled campaign begins' })),
    wrapUpSeconds: Seconds(0, 3_600, 'After a conversation'),
    ringAgentSeconds: Seconds(5, 120, 'How long an agent’s phone is rung'),
    cardSeconds: Seconds(5, 3_600, 'Preview: a card left alone so long goes to the next agent'),
    autoCallSeconds: Nullable(Seconds(1, 3_600, 'Preview: Call is pressed by itself after so long; null: never')),
    whenAllSpokenFor: listOf(['inbound', 'dialler'] as const),
    silentTarget: Type.Number({
      minimum: 0.001,
      maximum: 0.1,
      description: 'Share of answered contacts that may be silent calls in a day',
    }),
    silentAfterSeconds: Seconds(1, 10, 'From a contact’s answer until an agent must be there'),
    silentMessage: Type.Object(
      { on: Type.Boolean(), reason: Nullable(Type.String({ maxLength: 500, description: 'Needed where it is off' })) },
      strict,
    ),
    silentAgainAfterHours: Type.Number({
      minimum: 0,
      maximum: 8_760,
      description: 'Nobody who got a silent call is called again within this',
    }),
    silentCallback: Type.Boolean({ description: 'Who got a silent call is called again with an agent first, once' }),
    mayHangUp: Type.Boolean({ description: 'Calls that have rung 15 s may be ended when nobody will be ready' }),
    callerId: Nullable(Type.String({ maxLength: 40, description: 'One of our numbers, shown to contacts; null: the solution’s' })),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'By whose rules numbers of its lists are read' }),
    topics: Type.Array(Word(60), { maxItems: 100, description: 'What agents say of a call, beside its result' }),
    liveMax: Type.Integer({ minimum: 1, maximum: 10_000, description: 'Numbers rung or talked with at one time' }),
  },
  strict,
)
export type CampaignSettings = Static<typeof CampaignSettings>

/** What is left out is as in `defaults` of the list of campaigns. */
const written = {
  ...(Type.Partial(Type.Omit(CampaignSettings, ['name', 'mode'])).properties as {
    [K in Exclude<keyof CampaignSettings, 'name' | 'mode'>]: Type.TOptional<(typeof CampaignSettings)['properties'][K]>
  }),
  name: CampaignSettings.properties.name,
  mode: CampaignSettings.properties.mode,
}
export const WriteCampaign = Type.Object(
  {
    ...written,
    revision: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Of the settings that were read: with it nothing is written where somebody else has written others since',
      }),
    ),
  },
  strict,
)
export type WriteCampaign = Static<typeof WriteCampaign>
export const CreateCampaign = Type.Object(
  {
    id: Type.Optional(
      Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$', description: 'Also its queue’s; left out, it is made of the name' }),
    ),
    ...written,
  },
  strict,
)
export const ReplaceQuery = Type.Object(
  {
    revive: Type.Optional(
      Type.Boolean({
        description: 'Where attempts are raised: contacts finished for want of attempts are called again, or stay as they are',
      }),
    ),
  },
  strict,
)
export const Schedule = Type.Object({ startsAt: Nullable(Instant) }, strict)

/**
 * Why nothing is being dialled. `allAway`: every agent is paused, resting or out of reach. `allBusy`: none is free, and some are in its
 * own calls. `allElsewhere`: those there are busy or counted for another campaign or for callers. `network`: its last tries all failed in
 * the network; one at a time looks whether it works again. `limit`: as many calls are in the air as may be. `later`: contacts are left,
 * and due later.
 */
export const WHY_IDLE = [
  'notRunning',
  'noAgents',
  'allAway',
  'allBusy',
  'allElsewhere',
  'network',
  'outsideHours',
  'listEmpty',
  'later',
  'silentLimit',
  'limit',
  'listAway',
  'switchDown',
] as const

const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) })

/** Of a local day of the solution. */
export const CampaignTotals = Type.Object({
  placed: Count('calls begun'),
  answered: Count(),
  connected: Count('joined with an agent'),
  silent: Count('answered, with no agent in time'),
  silentWithMessage: Count('of these: the message was played'),
  noAnswer: Count('rung to the end, and nobody took it up'),
  busy: Count(),
  rejected: Count('by the contact'),
  notInUse: Count('the number is not in use'),
  failed: Count('the network failed, or no line was left'),
  withdrawn: Count('ended from our side before an answer'),
  toAgentMs: Nullable(Type.Integer({ description: 'mean, from a contact’s answer to the agent’s' })),
  silentRate: Nullable(Type.Number({ description: 'share of the answered; null before there is one' })),
  budgetLeft: Type.Integer({ description: 'calls that may still be silent today, with as many answered; below 0: over the limit' }),
})
export type CampaignTotals = Static<typeof CampaignTotals>

const Ms = (description: string) => Type.Integer({ minimum: 0, description })

/** What its agents' time went to this day: of all of them together, while they were counted on by no other campaign. */
export const CampaignWork = Type.Object({
  talkMs: Ms('with its contacts'),
  onTheWayMs: Ms('with a card, being rung, or hearing a contact’s phone ring'),
  wrapUpMs: Ms('in the wrap-up after its calls'),
  idleMs: Ms('ready for it'),
  awayMs: Ms('paused, resting, or out of reach'),
  talkShare: Nullable(Type.Number({ description: 'of that time without pauses; null before there is any' })),
  idleBetween: Nullable(
    Type.Object(
      { times: Count(), meanMs: Ms('mean'), medianMs: Ms('median, to the second') },
      { description: 'how long agents were ready between a call and the next; null before there are two' },
    ),
  ),
  cardWaitMs: Nullable(Ms('agent first: mean, from when a contact was taken up until an agent had the card')),
  heldMs: Ms('held at one call for each ready agent by the limit of silent calls'),
})
export type CampaignWork = Static<typeof CampaignWork>

/** How a campaign stands just now. */
export const CampaignLive = Type.Object({
  id: Type.String(),
  name: Type.String(),
  mode: listOf(CAMPAIGN_MODES),
  state: listOf(CAMPAIGN_STATES),
  startsAt: Nullable(Instant),
  /** What its agents are doing: those logged on who may take part. */
  agents: Type.Record(Type.String(), Type.Integer(), { description: 'by state' }),
  crew: Type.Object(
    {
      idle: Count('ready, and counted on nowhere else'),
      talking: Count('with one of its contacts'),
      onTheWay: Count('with a card, being rung, or hearing a contact’s phone ring'),
      wrapUp: Count(),
      away: Count('paused or about to be, resting, or out of reach'),
      elsewhere: Count('in other calls, or counted on by another campaign or for callers'),
    },
    { description: 'its agents who are logged on, each in one place' },
  ),
  counted: Count('agents its pacing counts on now'),
  inTheAir: Count('contacts being rung'),
  waiting: Count('contacts who have answered and have no agent yet'),
  talking: Count('contacts talking with an agent'),
  cards: Count('Preview cards on agents’ desks, or waiting for one'),
  today: CampaignTotals,
  work: CampaignWork,
  silentTarget: Type.Number(),
  /** The day's share is at the limit: one call per ready agent, no more. */
  limitReached: Type.Boolean(),
  /** The pacing failed: one call per ready agent until somebody writes the campaign anew. */
  pacingFailed: Type.Boolean(),
  pace: Type.Object({
    /** How it dials now: `progressive` where over-dialling is stopped. */
    mode: listOf(CAMPAIGN_MODES),
    perMinute: Type.Number({ description: 'calls begun in the last minute' }),
  }),
  /** null: contacts are being dialled. */
  why: Nullable(listOf(WHY_IDLE)),
  /** When that is over, where it is known. */
  whyUntil: Nullable(Instant),
})
export type CampaignLive = Static<typeof CampaignLive>

export const Campaign = Type.Object({
  id: Type.String(),
  settings: CampaignSettings,
  revision: Type.String({ description: 'Of its settings: others have another' }),
  live: CampaignLive,
})
export type Campaign = Static<typeof Campaign>
export const Campaigns = Type.Object({
  items: Type.Array(Campaign),
  /** What a new one has where nothing is said. */
  defaults: Type.Omit(CampaignSettings, ['name', 'mode']),
  skills: Type.Array(Type.String(), { description: 'those the solution’s agents have' }),
})
export type Campaigns = Static<typeof Campaigns>

export const RevivableQuery = Type.Object({ attempts: CampaignSettings.properties.attempts }, strict)
export const Revivable = Type.Object({ contacts: Count('finished for want of attempts, which would be called again') })

/* ---------------------------------------------------------------- how far it has come */

export const CONTACT_STATES = [
  'waiting',
  'paused',
  'asked',
  'underWay',
  'reached',
  'exhausted',
  'neverCall',
  'doNotCall',
  'notInUse',
] as const

export const CampaignProgress = Type.Object({
  contacts: Count(),
  byState: Type.Object(eachOf(CONTACT_STATES, Count())),
  byTries: Type.Array(Count(), { description: 'how many contacts have been tried 0, 1, 2 … times' }),
  byTry: Type.Array(Type.Object({ answered: Count(), not: Count() }), {
    description: 'first, second … attempts that were used up, by whether somebody answered',
  }),
  hours: Type.Array(Type.Object({ at: Instant, calls: Count(), reached: Count(), silent: Count() }), {
    description: 'tries by the hour they ended in, the last 48; an hour without any is left out',
  }),
  today: CampaignTotals,
  silentTarget: Type.Number(),
  expected: Nullable(
    Type.Object({
      callingHours: Type.Number({ description: 'hours of calling left at the pace of the latest hours' }),
      doneAt: Nullable(Instant),
    }),
  ),
})
export type CampaignProgress = Static<typeof CampaignProgress>

export const PACE_RANGES = ['quarter', 'today', 'all'] as const
export const PaceQuery = Type.Object({ range: Type.Optional(listOf(PACE_RANGES)) }, strict)
/** How it went over time, in steps of one length; the first is the first in which anything was. */
export const CampaignPace = Type.Object({
  stepMs: Ms('length of a step; the last may not be over'),
  points: Type.Array(
    Type.Object({
      at: Instant,
      inTheAir: Type.Number({ description: 'contacts being rung or without an agent yet, mean' }),
      talking: Type.Number({ description: 'agents with its contacts, mean' }),
      there: Type.Number({ description: 'agents logged on and counted on by no other, mean' }),
      placed: Count(),
      answered: Count(),
      silent: Count('of those answered then'),
      heldMs: Ms('held back by the limit of silent calls'),
    }),
  ),
})
export type CampaignPace = Static<typeof CampaignPace>

export const CampaignDay = Type.Object({
  from: Instant,
  until: Instant,
  ...CampaignTotals.properties,
  silentTarget: Type.Number({ description: 'share of the answered calls that might be silent that day' }),
})
export const CampaignDays = Type.Object({ items: Type.Array(CampaignDay) })
export type CampaignDay = Static<typeof CampaignDay>

/* ---------------------------------------------------------------- what would it do */

/** "What would this campaign do with 30 agents?" What is left out is the campaign's, or as it has been of late. */
export const PaceAsked = Type.Object(
  {
    campaignId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    mode: Type.Optional(listOf(['progressive', 'power', 'predictive'] as const)),
    agents: Type.Integer({ minimum: 1, maximum: 300 }),
    answerRate: Type.Optional(Type.Number({ minimum: 0.01, maximum: 1, description: 'share of calls a person answers. Default 0.3' })),
    hours: Type.Optional(Type.Number({ minimum: 0.25, maximum: 8, description: 'Default 4' })),
    talkSeconds: Type.Optional(Seconds(5, 3_600, 'mean. Default 180')),
    wrapUpSeconds: Type.Optional(Seconds(0, 3_600, 'mean. Default: the campaign’s, else 30')),
    ratio: Type.Optional(CampaignSettings.properties.ratio),
    silentTarget: Type.Optional(CampaignSettings.properties.silentTarget),
    silentAfterSeconds: Type.Optional(CampaignSettings.properties.silentAfterSeconds),
    ringSeconds: Type.Optional(CampaignSettings.properties.ringSeconds),
    seed: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The same seed, the same shift. Default 1' })),
    compare: Type.Optional(Type.Boolean({ description: 'All modes side by side' })),
  },
  strict,
)
export type PaceAsked = Static<typeof PaceAsked>

export const PaceRow = Type.Object({
  mode: listOf(['progressive', 'power', 'predictive'] as const),
  calls: Count(),
  answered: Count(),
  silent: Count(),
  silentRate: Type.Number(),
  worstRate: Type.Number({ description: 'of the worst 30 minutes' }),
  talkShare: Type.Number({ description: 'of logged-in time without pauses' }),
  busyShare: Type.Number({ description: 'talk and wrap-up' }),
  idleMsPerCall: Type.Integer({ description: 'an agent’s, between two conversations' }),
})
export const PaceTable = Type.Object({
  rows: Type.Array(PaceRow),
  hours: Type.Number(),
  agents: Count(),
  seed: Type.Integer(),
})
export type PaceTable = Static<typeof PaceTable>
