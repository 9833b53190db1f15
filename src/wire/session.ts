/** Who is signed in, and the solution's names a page needs. */
import Type, { type Static } from 'typebox'
import { listOf } from './calls.ts'

export const ROLES = ['agent', 'supervisor', 'campaignManager', 'administrator'] as const

export const Session = Type.Object({
  user: Type.String(),
  name: Type.String(),
  /** The password is one somebody else has seen: nothing else is done before it is changed. */
  mustChangePassword: Type.Optional(Type.Literal(true)),
  role: listOf(ROLES),
  /** The account is linked to the provider: where one signs out there too. */
  signOutUrl: Type.Optional(Type.String()),
  /** The agent this account works as, where it has a desk. */
  agentId: Type.Union([Type.String(), Type.Null()]),
  solution: Type.Object({
    name: Type.String(),
    zone: Type.String(),
    language: Type.String(),
    /** ISO 3166 alpha-2: its own numbers are shown without a country code. */
    country: Type.Optional(Type.String()),
    queues: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    agents: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    /** Those this account may see, or whose calls it may be given. */
    campaigns: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Type.String() }))),
    pauseReasons: Type.Array(Type.String()),
    /** What agents' own calls show: the number where none is picked (null: withheld), and those that may be picked. */
    callerId: Type.Union([Type.String(), Type.Null()]),
    callerIds: Type.Array(Type.Object({ number: Type.String(), name: Type.String() })),
    /** False: an administrator has switched emergency calls off, and every desk must say so. */
    emergencyCalls: Type.Boolean(),
  }),
})
export type Session = Static<typeof Session>

/** `GET /session/phone`: what the browser's phone of who is signed in registers with; null where calls are not taken in a browser. */
export const BrowserPhone = Type.Object({
  phone: Type.Union([
    Type.Object({
      uri: Type.String(),
      password: Type.String(),
      /** A path of our own server. */
      wsUrl: Type.String(),
      /** Servers its voice finds its way by; left out: none is needed. */
      iceServers: Type.Optional(
        Type.Array(Type.Object({ urls: Type.String(), username: Type.Optional(Type.String()), credential: Type.Optional(Type.String()) })),
      ),
    }),
    Type.Null(),
  ]),
})
export type BrowserPhone = Static<typeof BrowserPhone>

export const SignIn = Type.Object(
  { user: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)
export type SignIn = Static<typeof SignIn>

export const ChangePassword = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 500 }),
    next: Type.String({ minLength: 1, maxLength: 500, description: '12 characters or more, no common password' }),
  },
  { additionalProperties: false },
)

/** One's own sessions, the latest used first. */
export const OwnSessions = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      current: Type.Boolean(),
      createdAt: Type.String(),
      seenAt: Type.String(),
      expiresAt: Type.String(),
    }),
  ),
})
export type OwnSessions = Static<typeof OwnSessions>
export const SessionsEnded = Type.Object({ ended: Type.Integer() })

/** `GET /session/oidc`: `url` is a place of our own that leads on to it. */
export const SignInProvider = Type.Object({ provider: Type.Union([Type.Object({ name: Type.String(), url: Type.String() }), Type.Null()]) })
export type SignInProvider = Static<typeof SignInProvider>
/** What a provider sends a browser back with; it may say more. RFC 6749, 4.1.2 and RFC 9207 */
export const OidcReturn = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 4_000 })),
  state: Type.Optional(Type.String({ maxLength: 500 })),
  error: Type.Optional(Type.String({ maxLength: 200 })),
})

/** `GET /session/demo`: the demonstration's accounts for one-click sign-in; an empty list everywhere else. `POST /session/demo { user }` signs in. */
export const DemoUsers = Type.Array(Type.Object({ user: Type.String(), name: Type.String(), role: listOf(ROLES) }))
export type DemoUsers = Static<typeof DemoUsers>

/** RFC 9457, with Samtal's stable code and the field at fault. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** `noun.reason`, or `request.invalid` for a malformed request. */
  code: Type.String(),
  detail: Type.String(),
  field: Type.Optional(Type.String()),
})
export type Problem = Static<typeof Problem>
