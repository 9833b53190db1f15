/** A route as data: who may call it, what it takes and gives. The server, OpenAPI and the tests all read the same list. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Asking } from '#core/commands.ts'
import type { Role, TokenRow, User } from '#ports/accounts.ts'
import type { Answer, Once } from '#ports/engine.ts'
import type { TokenScope } from '#wire/tokens.ts'
import type { AuditNote, RouteAudit } from './auditing.ts'
import type { HttpDeps } from './deps.ts'
import type { Hub } from './hub.ts'
import type { MaskNow } from './list-file.ts'
import type { Masking } from './masking.ts'
import type { Scope } from './scope.ts'
import type { Sealing } from './sealing.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'
import type { UserNames } from './users.ts'

/** What every handler has at hand. */
export interface Server {
  readonly deps: HttpDeps
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly hub: Hub
  readonly users: UserNames
  readonly masking: Masking
  readonly sealing: Sealing
}

/** What the engine answered to what it did. */
export type Done = Extract<Answer, { ok: true }>

/** Who asks. */
export interface Caller {
  readonly user: User
  readonly scope: Scope
  /** Of the session; empty where a program asks. */
  readonly tokenHash: string
  /** Signed in with a password somebody else has seen. */
  readonly temporary: boolean
  /** Known to the provider of sign-ins. */
  readonly linked: boolean
  /** What a program asks with. */
  readonly token?: TokenRow
  /** For commands: in the capacity of the role. */
  readonly asking: Asking
  /** Of a POST with an `Idempotency-Key`: goes with its command. */
  readonly once?: Once
  /** How this account sees numbers of people just now; null: whole. */
  readonly mask: MaskNow
}

export interface Exchange extends Server {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Adds to the entry of the audit log what only the handler knows. */
  readonly note: (note: AuditNote) => void
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /api/v1, parameters as `:id`. */
  readonly path: string
  readonly summary: string
  /** Roles that may call it; null: anybody, signed in or not. */
  readonly roles: readonly Role[] | null
  /** What the audit log says of it, done and refused. */
  readonly audit: RouteAudit
  /** Also for who has a temporary password and must choose his own first. */
  readonly temporary?: true
  /** The scope in which a program's token may call it too. Left out: none may. */
  readonly token?: TokenScope
  /** Numbers are shown whole to whoever may call it: they are there to be called, or were just typed. */
  readonly numbersWhole?: true
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** The body is a file as it is: of which media types, and how large at most. `streamed`: of any size, read as it comes, by the handler. */
  readonly raw?: { readonly types: readonly string[]; readonly bytesMax: number; readonly streamed?: true }
  readonly answer: { readonly status: 200 | 201 | 202 | 204 | 303; readonly schema?: TSchema; readonly types?: readonly string[] }
  /** Codes it refuses with, beside those every route has. */
  readonly refuses: readonly string[]
  /** Of a route a browser is led to: where it is led when refused, by the code. Left out: it is told as every client. */
  readonly refusedTo?: (code: string) => string
  /** Of a POST that was done before: the body answered then, by what the engine had answered. Left out: it has none. */
  readonly again?: (answer: Done, exchange: Exchange, once: Once, caller: Caller) => unknown
  /** The same of one the journal keeps nothing of. Left out: what changes something is answered as it was, a question is put again. */
  readonly repeat?: (exchange: Exchange, caller: Caller) => unknown
  /** The answer's body; a `SentFile` is sent row by row, as what `reply` says it is; undefined where it has none, or where the reply was sent already. */
  readonly handle: (exchange: Exchange, caller: Caller | null) => Promise<unknown>
}

type Read<T extends TSchema | undefined> = T extends TSchema ? Static<T> : undefined

interface Spec<P extends TSchema | undefined, Q extends TSchema | undefined, B extends TSchema | undefined>
  extends Omit<Route, 'handle' | 'params' | 'query' | 'body'> {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
}

/** What a handler is given: the request's parts, already held against their schemas. */
export interface Asked<P, Q, B> extends Exchange {
  readonly params: P
  readonly query: Q
  readonly body: B
}

/** A route for those signed in. Fastify has validated what is read here as typed. */
export function route<P extends TSchema | undefined, Q extends TSchema | undefined, B extends TSchema | undefined>(
  spec: Spec<P, Q, B> & {
    readonly roles: readonly Role[]
    readonly handle: (asked: Asked<Read<P>, Read<Q>, Read<B>>, caller: Caller) => Promise<unknown>
  },
): Route {
  const { handle, ...rest } = spec
  return {
    ...(rest as Omit<Route, 'handle'>),
    handle: async (exchange, caller) => {
      if (caller === null) throw new Error(`${spec.method} ${spec.path} without a caller`)
      return handle(read(exchange), caller)
    },
  }
}

/** A route for anybody. */
export function openRoute<P extends TSchema | undefined, Q extends TSchema | undefined, B extends TSchema | undefined>(
  spec: Omit<Spec<P, Q, B>, 'roles'> & { readonly handle: (asked: Asked<Read<P>, Read<Q>, Read<B>>) => Promise<unknown> },
): Route {
  const { handle, ...rest } = spec
  return { ...(rest as Omit<Route, 'handle' | 'roles'>), roles: null, handle: (exchange) => handle(read(exchange)) }
}

const read = <P, Q, B>(exchange: Exchange): Asked<P, Q, B> => ({
  ...exchange,
  params: exchange.request.params as P,
  query: exchange.request.query as Q,
  body: exchange.request.body as B,
})

/** Everybody with an account. */
export const EVERYONE: readonly Role[] = ['agent', 'supervisor', 'campaignManager', 'administrator']
export const SUPERVISORS: readonly Role[] = ['supervisor', 'administrator']
/** Who may look at campaigns, and who runs them. */
export const CAMPAIGN_READERS: readonly Role[] = ['supervisor', 'campaignManager', 'administrator']
export const CAMPAIGN_MANAGERS: readonly Role[] = ['campaignManager', 'administrator']
export const ADMINISTRATORS: readonly Role[] = ['administrator']
