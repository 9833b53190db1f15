/** Bearer tokens for programs: `Authorization: Bearer samtal_…`. What a token may do is in its scopes; nothing else is there for it. */
import Type, { type Static } from 'typebox'
import { listOf } from './calls.ts'

const strict = { additionalProperties: false } as const
const Instant = Type.String({ format: 'date-time' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const TOKEN_SCOPES = [
  'calls.read',
  'calls.dial',
  'callbacks.order',
  'campaigns.read',
  'campaigns.write',
  'contacts.read',
  'contacts.import',
  'doNotCall.read',
  'doNotCall.write',
  'directory.read',
  'metrics.read',
] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(listOf(TOKEN_SCOPES)),
  createdAt: Instant,
  createdBy: Type.String(),
  /** From then on it is refused. */
  endsAt: Instant,
  withdrawnAt: Nullable(Instant),
  usedAt: Nullable(Instant),
})
export type Token = Static<typeof Token>
export const Tokens = Type.Object({ items: Type.Array(Token) })

export const CreateToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    scopes: Type.Array(listOf(TOKEN_SCOPES), { minItems: 1, maxItems: TOKEN_SCOPES.length, uniqueItems: true }),
    endsAt: Type.Optional(Type.String({ format: 'date-time', description: 'At most two years ahead. Default: in a year' })),
  },
  strict,
)
/** `secret` is shown this once and kept nowhere. */
export const CreatedToken = Type.Object({ ...Token.properties, secret: Type.String() })
export type CreatedToken = Static<typeof CreatedToken>
