/** What is going on now: queues, those who wait, callbacks, agents, alarms, and the stream that keeps a page true. */
import Type, { type Static } from 'typebox'
import { Call, listOf } from './calls.ts'
import { Campaign } from './campaigns.ts'
import { ContactOnDesk, PreviewCard } from './contacts.ts'

const Instant = Type.String({ format: 'date-time' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const AGENT_STATES = [
  'loggedOff',
  'ready',
  'connecting',
  'connected',
  'wrapUp',
  'rejected',
  'noAnswer',
  'paused',
  'unreachable',
] as const

export const WaitingEntry = Type.Object({
  entryId: Type.String(),
  callId: Type.String(),
  queueId: Type.String(),
  /** On the line, or off it: a callback. */
  kind: listOf(['line', 'callback', 'consult'] as const),
  status: listOf(['waiting', 'ordering', 'offered', 'dialling', 'talking', 'pausing', 'networkWait', 'heldBack', 'notYet'] as const),
  number: Nullable(Type.String()),
  withheld: Type.Optional(Type.Boolean()),
  erased: Type.Optional(Type.Boolean()),
  name: Type.Optional(Nullable(Type.String())),
  /** 1 is next. null while it cannot be offered. */
  place: Nullable(Type.Integer()),
  joinedAt: Instant,
  /** From when the waiting counts now: later than `joinedAt` for a callback after a counted attempt. */
  waitsSince: Instant,
  /** Callback: attempts made that counted, and how many there may be. */
  attempts: Type.Optional(Type.Integer()),
  attemptsMax: Type.Optional(Type.Integer()),
  /** Paused, or kept from being dialled, until then. */
  until: Type.Optional(Nullable(Instant)),
  offeredTo: Type.Optional(Type.String()),
  /** Whom to ask for behind a switchboard: a name or an extension. */
  askFor: Type.Optional(Type.String()),
})
export type WaitingEntry = Static<typeof WaitingEntry>

export const Queue = Type.Object({
  id: Type.String(),
  name: Type.String(),
  open: Type.Boolean(),
  slaMs: Type.Integer(),
  entries: Type.Array(WaitingEntry),
  waiting: Type.Integer(),
  longestSince: Nullable(Instant),
  callbacks: Type.Integer(),
  callbacksPaused: Type.Integer(),
  agents: Type.Record(Type.String(), Type.Integer(), { description: 'agents serving it, by state' }),
  expectedWaitMs: Nullable(Type.Integer()),
  today: Type.Object({
    offered: Type.Integer(),
    answered: Type.Integer(),
    callbacksOrdered: Type.Integer(),
    abandoned: Type.Integer(),
    short: Type.Integer(),
    answeredWithinSla: Type.Integer(),
    /** 0–1; null before there is anything to divide by. */
    serviceLevel: Nullable(Type.Number()),
  }),
})
export type Queue = Static<typeof Queue>

export const Agent = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: listOf(AGENT_STATES),
  since: Instant,
  reason: Nullable(Type.String()),
  /** When a wrap-up or a rest ends. */
  until: Nullable(Instant),
  wish: Nullable(
    Type.Object({
      state: listOf(['paused', 'loggedOff'] as const),
      reason: Nullable(Type.String()),
      /** A campaign counts on the agent: it takes effect then at the latest; asked for again, at once. */
      effectAt: Type.Optional(Instant),
      /** Logged off before a call for help: it cannot be taken back, only logging on ends it. */
      stays: Type.Optional(Type.Literal(true)),
    }),
  ),
  queues: Type.Array(Type.String()),
  callId: Nullable(Type.String()),
  /** Whether the desk's Answer button can answer this phone. */
  answersFromDesk: Type.Boolean(),
  /** What the desk shows of the matter the agent is in. */
  matter: Nullable(
    Type.Object({
      callId: Type.String(),
      entryId: Nullable(Type.String()),
      queueId: Nullable(Type.String()),
      kind: listOf(['line', 'callback', 'outbound', 'internal', 'dialler'] as const),
      /** Own phone rings; customer's phone rings; joined; over (wrap-up). */
      phase: listOf(['ringing', 'calling', 'talking', 'wrapUp'] as const),
      number: Nullable(Type.String()),
      withheld: Type.Optional(Type.Boolean()),
      erased: Type.Optional(Type.Boolean()),
      /** The customer's, where it is known. */
      name: Type.Optional(Type.String()),
      waitedMs: Nullable(Type.Integer()),
      attempt: Nullable(Type.Integer()),
      attemptsMax: Nullable(Type.Integer()),
      menuPath: Type.Array(Type.String()),
      since: Instant,
      canMarkVoicemail: Type.Boolean(),
      endsAt: Type.Optional(Instant),
      askFor: Type.Optional(Type.String()),
      /** An own call that Cancel withdraws: nobody has answered it yet. */
      canCancel: Type.Boolean(),
      onHold: Type.Boolean(),
      /** The agent is not heard. */
      muted: Type.Boolean(),
      /** Whom the agent consults, the customer on hold. */
      consult: Nullable(
        Type.Object({
          to: Type.Union([
            Type.Object({ kind: Type.Literal('agent'), id: Type.String(), name: Type.String() }),
            Type.Object({ kind: Type.Literal('number'), number: Nullable(Type.String()) }),
            Type.Object({ kind: Type.Literal('queue'), id: Type.String(), name: Type.String() }),
          ]),
          /** The other phone rings; waits in the queue; joined. */
          phase: listOf(['ringing', 'waiting', 'talking'] as const),
          /** The agent hears whom he consults; false: swapped to the customer. */
          active: Type.Boolean(),
        }),
      ),
      conference: Type.Boolean(),
      /** The other one of an agent-to-agent call. */
      colleague: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
      /** Whom the campaign reached, or tries to. */
      contact: Type.Optional(ContactOnDesk),
      /** Why the phone rings, where no queue offers the customer: transferred by this agent; back after a transfer nobody took, or a lost phone. */
      comesFrom: Type.Optional(
        Type.Object({ id: Type.String(), name: Type.String(), how: listOf(['transferred', 'transferFailed', 'phoneLost'] as const) }),
      ),
    }),
  ),
  /** Campaigns whose calls the agent may be given. */
  campaigns: Type.Optional(Type.Array(Type.String())),
  /** A contact offered, not rung yet. */
  card: Type.Optional(Nullable(PreviewCard)),
})
export type Agent = Static<typeof Agent>

export const Alarm = Type.Object({
  id: Type.String(),
  alarm: Type.String(),
  raisedAt: Instant,
  callId: Type.Optional(Type.String()),
  /** Those its call has been in, as the archive has them; and the campaign whose call it is. */
  queues: Type.Optional(Type.Array(Type.String())),
  campaignId: Type.Optional(Type.String()),
  about: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
})
export type Alarm = Static<typeof Alarm>

/** The whole live picture this account may see. */
export const LiveState = Type.Object({
  queues: Type.Array(Queue),
  agents: Type.Array(Agent),
  alarms: Type.Array(Alarm),
  campaigns: Type.Optional(Type.Array(Campaign)),
  liveCalls: Type.Integer(),
})
export type LiveState = Static<typeof LiveState>

/**
 * `GET /stream`, one JSON message per server-sent event, its id the `seq`. First `snapshot`, then changes; after a reconnect with
 * `Last-Event-ID` the changes missed, or a snapshot again. A snapshot also where another solution was taken: what was told or fetched
 * before may be another now, or no longer be shown whole. `tick` at least every 5 s proves that the connection lives.
 */
export const StreamMessage = Type.Union([
  Type.Object({ type: Type.Literal('snapshot'), seq: Type.Integer(), at: Instant, live: LiveState }),
  Type.Object({ type: Type.Literal('queue'), seq: Type.Integer(), at: Instant, queue: Queue }),
  Type.Object({ type: Type.Literal('agent'), seq: Type.Integer(), at: Instant, agent: Agent }),
  Type.Object({ type: Type.Literal('alarms'), seq: Type.Integer(), at: Instant, alarms: Type.Array(Alarm) }),
  /** A campaign as it stands: at most once a second each. */
  Type.Object({ type: Type.Literal('campaign'), seq: Type.Integer(), at: Instant, campaign: Campaign }),
  Type.Object({ type: Type.Literal('campaignRemoved'), seq: Type.Integer(), at: Instant, id: Type.String() }),
  /** A call's story grew: the whole call as it stands. */
  Type.Object({ type: Type.Literal('call'), seq: Type.Integer(), at: Instant, call: Call }),
  Type.Object({
    type: Type.Literal('tick'),
    seq: Type.Integer(),
    at: Instant,
    /** Of the agent whose page it is: when the phone last answered the liveness check; null: it is not checked, or never has. */
    phoneSeenAt: Type.Optional(Nullable(Instant)),
  }),
])
export type StreamMessage = Static<typeof StreamMessage>
