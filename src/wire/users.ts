/** Accounts of people, as administrators see and change them; and the audit log. */
import Type, { type Static } from 'typebox'
import { listOf } from './calls.ts'
import { ROLES } from './session.ts'

const strict = { additionalProperties: false } as const
const Instant = Type.String({ format: 'date-time' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Id = Type.String({ minLength: 1, maxLength: 100 })

export const User = Type.Object({
  /** What one signs in with. */
  id: Type.String(),
  name: Type.String(),
  role: listOf(ROLES),
  agentId: Nullable(Type.String()),
  /** A supervisor's queues, a campaign manager's campaigns; null: all of them. */
  queues: Nullable(Type.Array(Type.String())),
  disabledAt: Nullable(Instant),
  /** The password is a temporary one, and ends then. */
  temporaryUntil: Nullable(Instant),
  /** Signs in with the provider, too. */
  linked: Type.Boolean(),
  signedInAt: Nullable(Instant),
  revision: Type.Integer({ description: 'One more with each change of its name and rights' }),
})
export type User = Static<typeof User>
export const Users = Type.Object({ items: Type.Array(User) })

const written = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'As others see it' }),
  role: listOf(ROLES),
  agentId: Nullable(Id),
  queues: Nullable(Type.Array(Id, { maxItems: 500, uniqueItems: true })),
}
export const CreateUser = Type.Object(
  {
    id: Type.String({ pattern: '^[\\p{L}\\p{N}._@-]{1,100}$', description: 'What one signs in with: letters, digits and . _ @ -' }),
    name: written.name,
    role: written.role,
    agentId: Type.Optional(written.agentId),
    queues: Type.Optional(written.queues),
  },
  strict,
)
export type CreateUser = Static<typeof CreateUser>
/** What is left out stays. With `revision` nothing is written where somebody else has changed it since. */
export const ChangeUser = Type.Object(
  {
    name: Type.Optional(written.name),
    role: Type.Optional(written.role),
    agentId: Type.Optional(written.agentId),
    queues: Type.Optional(written.queues),
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { ...strict, minProperties: 1 },
)
export type ChangeUser = Static<typeof ChangeUser>

/** `password` is temporary, shown this once and kept nowhere. */
export const UserWithPassword = Type.Object({ ...User.properties, password: Type.String() })
export type UserWithPassword = Static<typeof UserWithPassword>

export const AUDIT_ACTORS = ['user', 'token', 'commandLine', 'system', 'nobody'] as const
export const AuditItem = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  by: listOf(AUDIT_ACTORS),
  /** An account, the id of a token, the machine's own name of who ran a command. */
  who: Nullable(Type.String()),
  /** As others see him or it, where it is known. */
  name: Nullable(Type.String()),
  address: Nullable(Type.String()),
  what: Type.String(),
  on: Type.Array(Type.Object({ kind: Type.String(), id: Type.String() })),
  /** `done`, or the code it was refused with. */
  outcome: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
})
export type AuditItem = Static<typeof AuditItem>
export const AuditPage = Type.Object({ items: Type.Array(AuditItem), next: Nullable(Type.String()) })
export type AuditPage = Static<typeof AuditPage>

export const AuditQuery = Type.Object(
  {
    from: Type.Optional(Instant),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Before it' })),
    who: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'An account, or the id of a token' })),
    what: Type.Optional(
      Type.String({ pattern: '^[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)?$', maxLength: 80, description: 'As call.read, or call for all of it' }),
    ),
    on: Type.Optional(Type.String({ pattern: '^[a-z][A-Za-z]*:.{1,200}$', description: 'A thing, as call:c1 or user:anna' })),
    outcome: Type.Optional(listOf(['done', 'refused'] as const)),
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'The `next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  strict,
)
export type AuditQuery = Static<typeof AuditQuery>
