/** What clients send: bodies, path parameters and queries that are not a search of calls. */
import Type, { type Static } from 'typebox'
import { FactLine, listOf } from './calls.ts'
import { Agent, Queue, WaitingEntry } from './live.ts'

const strict = { additionalProperties: false } as const
const Id = Type.String({ minLength: 1, maxLength: 100 })

export const ById = Type.Object({ id: Id }, strict)
export const ByEntry = Type.Object({ id: Id, entryId: Id }, strict)

/** Why a request is taken out of its queue: a supervisor’s decision, or the customer’s own wish told to us. */
export const DeleteQuery = Type.Object(
  {
    reason: Type.Optional(listOf(['supervisor', 'customer'] as const)),
    note: Type.Optional(Type.String({ maxLength: 500, description: 'Free words, shown with the call' })),
  },
  strict,
)

/** A callback ordered by a web form or a program. */
export const OrderCallback = Type.Object(
  {
    queueId: Id,
    number: Type.String({ minLength: 3, maxLength: 40, description: 'Any way of writing it' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Who is to be rung' })),
    extension: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 20,
        description: 'Whom to ask for. Where the number is a switchboard, a name or an extension is needed',
      }),
    ),
    notBefore: Type.Optional(
      Type.String({ format: 'date-time', description: 'Within the hours an order is valid: webOrderHours of the queue, 72 by default' }),
    ),
  },
  strict,
)
export const Ordered = Type.Object({ id: Type.String(), callId: Type.String() })

/** `ready` ends a pause, a rest or a wrap-up, and takes back a wish; `paused` needs one of the solution’s reasons. */
export const SetState = Type.Object(
  {
    state: listOf(['loggedOn', 'ready', 'paused', 'loggedOff'] as const),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  strict,
)
export type SetState = Static<typeof SetState>

/** One of the two: longer by so much, or over now. */
export const SetWrapUp = Type.Object(
  { extendMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: 3_600_000 })), end: Type.Optional(Type.Literal(true)) },
  { ...strict, minProperties: 1, maxProperties: 1 },
)

/** Lets go of what an agent is stuck in. */
export const ReleaseAgent = Type.Object(
  { evenTalking: Type.Optional(Type.Boolean({ description: 'Also where the agent talks with somebody. Default false' })) },
  strict,
)

const To = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'A number in any way of writing it, agent:ID, or (in a consult and a transfer) queue:ID',
})

const ToDial = Type.String({
  ...{ minLength: 1, maxLength: 110 },
  description: 'A number in any way of writing it, agent:ID, or call:ID, whoever was at the other end of that call',
})

/** An agent's own call. `callerId`: which of our numbers is shown, of those agents may pick; left out, the solution's. */
export const Dial = Type.Object({ agentId: Id, to: ToDial, callerId: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })) }, strict)
export const Dialled = Type.Object({ callId: Type.String() })
export const ConsultWhom = Type.Object({ to: To }, strict)
/** Without `to`: to whom is consulted. */
export const TransferTo = Type.Object({ to: Type.Optional(To) }, strict)
/** Sent to the other party one after another; kept nowhere. */
export const SendDigits = Type.Object({ digits: Type.String({ pattern: '^[0-9A-D*#]{1,32}$' }) }, strict)

export const NumberQuery = Type.Object({ text: Type.String({ minLength: 1, maxLength: 100 }) }, strict)
/** A number before it is dialled. */
export const NumberRead = Type.Object({
  /** E.164, or the digits as they came where it is none. */
  number: Type.String(),
  /** Why it would be refused, as the call itself would be; null: it may be dialled. */
  refused: Type.Union([Type.Object({ code: Type.String(), detail: Type.String() }), Type.Null()]),
  emergency: Type.Boolean(),
  /** It is on a line with us, or is being rung: a warning, no refusal. */
  inUse: Type.Union([listOf(['onLine', 'rung'] as const), Type.Null()]),
})
export type NumberRead = Static<typeof NumberRead>

export const SignInDemo = Type.Object({ user: Type.String({ minLength: 1, maxLength: 100 }) }, strict)

export const Queues = Type.Object({ items: Type.Array(Queue) })
export const Agents = Type.Object({ items: Type.Array(Agent) })
export const Callbacks = Type.Object({ items: Type.Array(WaitingEntry) })
export const Facts = Type.Object({ items: Type.Array(FactLine) })
