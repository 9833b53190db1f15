/** One person by number: what is kept of them, a copy of it, and forgetting it. Numbers are in bodies, never in addresses: those are logged. */
import Type, { type Static } from 'typebox'
import { CampaignContact, DoNotCallListing } from './contacts.ts'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time' })
const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description !== undefined && { description }) })

export const PersonNumber = Type.Object(
  { number: Type.String({ minLength: 3, maxLength: 40, description: 'Any way of writing it' }) },
  { additionalProperties: false },
)

/** What there is, in counts, and what would become of it. */
export const PersonSummary = Type.Object({
  number: Type.String(),
  name: Nullable(Type.String()),
  calls: Count(),
  open: Count('calls that are not over, callbacks among them'),
  callbacks: Count('open; withdrawn by an erasure'),
  contacts: Count('in lists of campaigns'),
  listings: Count('on do-not-call lists; they hold on after an erasure'),
  directory: Count('contacts of the directory with this number'),
  /** Why it may not be erased, and in words; null: it may. */
  refused: Nullable(Type.String()),
  refusedWhy: Nullable(Type.String()),
})
export type PersonSummary = Static<typeof PersonSummary>

export const PersonErased = Type.Object({
  /** `whenOver`: a call with the person goes on; name and number go when it ends. */
  status: Type.Union([Type.Literal('erased'), Type.Literal('whenOver')]),
  calls: Count('stay, without name and number'),
  open: Count(),
  withdrawn: Count('callbacks'),
  contacts: Count(),
  listings: Count(),
  directoryRemoved: Count(),
  directoryChanged: Count('contacts that keep other numbers'),
  notes: Count(),
})
export type PersonErased = Static<typeof PersonErased>

/** `part`: `called` where others had the call and only asked this person (a consult, a transfer). */
const PersonCall = Type.Object({
  id: Type.String(),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  direction: Type.String(),
  part: Type.Union([Type.Literal('customer'), Type.Literal('called')]),
  origin: Type.Optional(Type.String()),
  campaignId: Type.Optional(Type.String()),
  result: Type.String(),
  waitMs: Nullable(Type.Integer()),
  speakMs: Nullable(Type.Integer()),
  queues: Type.Array(Type.String()),
  events: Type.Array(
    Type.Object({
      kind: Type.String(),
      startedAt: Instant,
      endedAt: Nullable(Instant),
      queue: Type.Optional(Type.String()),
      menu: Type.Optional(Type.String()),
      choice: Type.Optional(Type.String()),
      reason: Type.Optional(Type.String()),
      note: Type.Optional(Type.String()),
    }),
  ),
  /** Of this person's telephone alone. */
  legs: Type.Array(
    Type.Object({
      requestedAt: Instant,
      ringingAt: Nullable(Instant),
      answeredAt: Nullable(Instant),
      endedAt: Nullable(Instant),
      outcome: Nullable(Type.String()),
    }),
  ),
  askFor: Type.Optional(Type.String()),
  /** Who looked at this call, by the audit log: when, and in what capacity. */
  looks: Type.Array(Type.Object({ at: Instant, what: Type.String(), by: Type.String() })),
})
export type PersonCall = Static<typeof PersonCall>

/** Everything kept of one person, and of nobody else. */
export const PersonCopy = Type.Object({
  number: Type.String(),
  name: Nullable(Type.String()),
  madeAt: Instant,
  calls: Type.Array(PersonCall),
  contacts: Type.Array(Type.Object({ campaignId: Type.String(), ...CampaignContact.properties })),
  doNotCall: Type.Array(DoNotCallListing),
  directory: Type.Array(
    Type.Object({
      name: Type.String(),
      company: Nullable(Type.String()),
      label: Nullable(Type.String()),
      fields: Type.Record(Type.String(), Type.String()),
      changedAt: Instant,
    }),
  ),
})
export type PersonCopy = Static<typeof PersonCopy>
