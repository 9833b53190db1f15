/**
 * Calls as HTTP clients and browsers see them. Times are ISO 8601 UTC with milliseconds, durations milliseconds.
 * Numbers and names are joined from `persons` when read: a person erased reads null with `erased`, a withheld number null with `withheld`.
 */
import Type, { type Static } from 'typebox'

const Instant = Type.String({ format: 'date-time' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** One of a closed list of words. */
export const listOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values] })

export const EVENT_KINDS = ['menu', 'queue', 'queueCallback', 'conversation', 'consult', 'consultToQueue', 'deleted'] as const
export const RESULTS = [
  'live',
  'callbackReached',
  'expired',
  'deleted',
  'callbackUnreached',
  'answered',
  'silent',
  'merged',
  'cancelled',
  'busy',
  'rejected',
  'notInUse',
  'unanswered',
  'failed',
  'abandoned',
  'timedOut',
  'full',
  'closed',
  'noAgents',
  'left',
] as const
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const
export const LEG_OUTCOMES = ['answered', 'unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'withdrawn', 'unknown'] as const

export const Event = Type.Object({
  id: Type.String(),
  kind: listOf(EVENT_KINDS),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  queue: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
  /** A menu of the solution, or one of Samtal’s own prompts: then the name is its id. */
  menu: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
  choice: Type.Optional(Type.String()),
  agents: Type.Array(Type.String()),
  to: Type.Optional(Nullable(Type.String())),
  unanswered: Type.Optional(Type.Integer()),
  /** The source's wording, in English: `1 unanswered call done`. */
  label: Type.Optional(Type.String()),
  by: Type.Optional(listOf(['agent', 'supervisor', 'customer', 'campaign', 'system'] as const)),
  /** The name of the account, where one did it. */
  byName: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  learntAt: Type.Optional(Instant),
})
export type Event = Static<typeof Event>

export const Leg = Type.Object({
  id: Type.String(),
  party: listOf(['customer', 'agent', 'external'] as const),
  agentId: Type.Optional(Type.String()),
  number: Type.Optional(Nullable(Type.String())),
  erased: Type.Optional(Type.Boolean()),
  withheld: Type.Optional(Type.Boolean()),
  attempt: Type.Optional(Type.Integer()),
  requestedAt: Instant,
  ringingAt: Nullable(Instant),
  answeredAt: Nullable(Instant),
  endedAt: Nullable(Instant),
  holds: Type.Array(Type.Object({ from: Instant, to: Nullable(Instant) })),
  outcome: Nullable(listOf(LEG_OUTCOMES)),
  by: Type.Optional(listOf(['party', 'us', 'network'] as const)),
  cause: Nullable(Type.Integer()),
  notCounted: Type.Optional(listOf(['agentNoAnswer', 'agentLeft', 'network', 'unknown', 'customerCalling'] as const)),
  reconciled: Type.Optional(Type.Boolean()),
  learntAt: Type.Optional(Instant),
})
export type Leg = Static<typeof Leg>

const rowFields = {
  id: Type.String(),
  direction: listOf(DIRECTIONS),
  origin: Type.Optional(Type.String()),
  mode: Type.Optional(Type.String()),
  campaignId: Type.Optional(Type.String()),
  contactId: Type.Optional(Type.String()),
  attempt: Type.Optional(Type.Integer()),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  /** As shown: the customer's number, the called one for outbound, `xxxxxxx` for agent to agent. */
  callerNumber: Nullable(Type.String()),
  erased: Type.Optional(Type.Boolean()),
  withheld: Type.Optional(Type.Boolean()),
  /** A number, or `agent:ID`. */
  from: Nullable(Type.String()),
  to: Nullable(Type.String()),
  /** Of an outbound call: the id of the agent whose own it is; an internal one says so in `from`. */
  orderedBy: Type.Optional(Type.String()),
  /** Whom to ask for behind the switchboard that is called back: a name or an extension. */
  askFor: Type.Optional(Type.String()),
  queues: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  agents: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), speakMs: Type.Integer(), holdMs: Type.Integer(), wrapMs: Type.Integer() }),
  ),
  result: listOf(RESULTS),
  waitMs: Nullable(Type.Integer()),
  waitToCustomerMs: Nullable(Type.Integer()),
  speakMs: Type.Integer(),
  unanswered: Type.Integer(),
  relatedCalls: Type.Array(Type.String()),
  events: Type.Array(Event),
  legs: Type.Array(Leg),
  /** Grows with every change: a larger one is newer. */
  version: Type.Integer(),
}
/** One call, whole. A row of a list carries the same fields, so a page can fold one over the other. */
export const Call = Type.Object(rowFields)
export type Call = Static<typeof Call>

export const CallPage = Type.Object({ items: Type.Array(Call), next: Nullable(Type.String()) })
export type CallPage = Static<typeof CallPage>

/** One line of the journal, for the curious: no numbers in it. */
export const FactLine = Type.Object({
  position: Type.Integer(),
  at: Instant,
  type: Type.String(),
  fact: Type.Record(Type.String(), Type.Unknown()),
})
export type FactLine = Static<typeof FactLine>

/** Query parameters of `GET /calls`; lists are comma separated. */
export const CallQuery = Type.Object(
  {
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    number: Type.Optional(Type.String({ maxLength: 40, description: 'any way of writing it; `withheld`' })),
    numberMatch: Type.Optional(listOf(['exact', 'prefix', 'suffix', 'inside'] as const)),
    queue: Type.Optional(Type.String()),
    agent: Type.Optional(Type.String()),
    direction: Type.Optional(Type.String()),
    origin: Type.Optional(Type.String()),
    mode: Type.Optional(Type.String()),
    campaign: Type.Optional(Type.String()),
    contact: Type.Optional(Type.String()),
    result: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String({ description: 'kind of event it contains' })),
    unanswered: Type.Optional(Type.Boolean()),
    durationMin: Type.Optional(Type.Integer({ minimum: 0 })),
    durationMax: Type.Optional(Type.Integer({ minimum: 0 })),
    speakMin: Type.Optional(Type.Integer({ minimum: 0 })),
    speakMax: Type.Optional(Type.Integer({ minimum: 0 })),
    waitMin: Type.Optional(Type.Integer({ minimum: 0 })),
    waitMax: Type.Optional(Type.Integer({ minimum: 0 })),
    live: Type.Optional(Type.Boolean()),
    after: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
)
export type CallQuery = Static<typeof CallQuery>
