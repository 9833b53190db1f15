/**
 * Who may sign in, who is signed in, and which programs may ask. Kept apart from the journal: it outlives the calls, and
 * losing it loses no call. Passwords are hashed and tokens made by the caller; here stand only what they turned into.
 */
import type { AgentId, Ms, QueueId } from '#core/kernel/kernel.ts'

export type Role = 'agent' | 'supervisor' | 'campaignManager' | 'administrator'

export interface User {
  /** The name to sign in with: unique, compared without regard to case. */
  readonly name: string
  readonly displayName: string
  readonly role: Role
  /** The agent this account works as, where it has a desk. */
  readonly agentId: AgentId | null
  /** A supervisor's queues, a campaign manager's campaigns; null: all of them. */
  readonly queues: readonly QueueId[] | null
}

export interface UserWithPassword extends User {
  /** argon2id in its PHC form (`$argon2id$v=19$…`), salt included. */
  readonly passwordHash: string
}

export interface SessionRow {
  /** sha-256, hex, of the token in the cookie: a stolen file signs nobody in. */
  readonly tokenHash: string
  readonly user: string
  readonly createdAt: Ms
  readonly seenAt: Ms
  /** From this instant on the session is as if it were not there. */
  readonly expiresAt: Ms
}

/** What a program signs in with. Only its sha-256 is kept: a stolen file opens nothing. */
export interface TokenRow {
  readonly id: string
  readonly name: string
  /** What it may do; nothing else is there for it. */
  readonly scopes: readonly string[]
  readonly createdAt: Ms
  readonly createdBy: string
  /** From this instant on it is refused. */
  readonly endsAt: Ms
  readonly withdrawnAt: Ms | null
  readonly usedAt: Ms | null
}

/** Everything rejects with `PortError` where the store fails; `retry` true: nothing was written. */
export interface Accounts {
  user(name: string): Promise<UserWithPassword | null>
  users(): Promise<readonly User[]>
  /** False, and nothing written, where the name is taken. */
  addUser(user: UserWithPassword): Promise<boolean>
  /** Also ends every session of the user. False where there is no such user. */
  setPassword(name: string, passwordHash: string): Promise<boolean>
  startSession(session: SessionRow): Promise<void>
  /** The live session with this token and whose it is; null where there is none or it has expired by `now`. */
  session(tokenHash: string, now: Ms): Promise<{ readonly session: SessionRow; readonly user: User } | null>
  /** Notes that it was used, and until when it now lasts. To be called at most once a minute and session, not at every request. */
  touchSession(tokenHash: string, seenAt: Ms, expiresAt: Ms): Promise<void>
  endSession(tokenHash: string): Promise<void>
  addToken(token: TokenRow, tokenHash: string): Promise<void>
  /** Newest first, those withdrawn and ended too. */
  tokens(): Promise<readonly TokenRow[]>
  /** The one with this hash; null where there is none, it was withdrawn, or it has ended by `now`. */
  token(tokenHash: string, now: Ms): Promise<TokenRow | null>
  /** Notes that it was used. To be called at most once a minute and token. */
  touchToken(id: string, usedAt: Ms): Promise<void>
  /** False where there is none that still stands. */
  withdrawToken(id: string, at: Ms): Promise<boolean>
  close(): Promise<void>
}
