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
  /** argon2id in its PHC form (`$argon2id$v=19$…`), salt included; anything else is a password that nothing matches. */
  readonly passwordHash: string
  /** A password somebody else has seen: it signs in to be changed, and until then. Left out or null: one's own. */
  readonly temporaryUntil?: Ms | null
}

/** A user as administrators see him. */
export interface Account extends User {
  /** From this instant on he cannot sign in; null: he can. */
  readonly disabledAt: Ms | null
  readonly temporaryUntil: Ms | null
  /** Who he is to the provider of sign-ins; null: not linked to one. */
  readonly subject: string | null
  readonly signedInAt: Ms | null
  /** One more with each change of what stands in `User`. */
  readonly revision: number
}

/** What may be changed of an account. `disabledAt`: an instant disables it, null lets it sign in again. */
export type AccountChange = Partial<Pick<User, 'displayName' | 'role' | 'agentId' | 'queues'>> & { readonly disabledAt?: Ms | null }

export type UserChanged = 'changed' | 'unknown' | 'lastAdministrator' | 'changedSince'

export interface SessionRow {
  /** sha-256, hex, of the token in the cookie: a stolen file signs nobody in. */
  readonly tokenHash: string
  readonly user: string
  readonly createdAt: Ms
  readonly seenAt: Ms
  /** From this instant on the session is as if it were not there. */
  readonly expiresAt: Ms
}

export interface FoundSession {
  readonly session: SessionRow
  readonly user: User
  /** The password is one somebody else has seen. */
  readonly temporary: boolean
  /** The account is known to the provider of sign-ins. */
  readonly linked: boolean
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

/** An `Idempotency-Key` that was used for what the journal keeps nothing of: both as in `DoneOnce`, hashed. */
export interface KeyUsed {
  readonly key: string
  readonly body: string
  /** What was answered, sealed so that whoever lacks the key cannot read it; null where it is made anew. */
  readonly answer: string | null
  readonly at: Ms
}

/** Everything rejects with `PortError` where the store fails; `retry` true: nothing was written. */
export interface Accounts {
  /** With his password, if he can sign in: not where he is disabled. */
  user(name: string): Promise<UserWithPassword | null>
  users(): Promise<readonly User[]>
  /** Everybody, by name; the disabled too. */
  accounts(): Promise<readonly Account[]>
  /** False, and nothing written, where the name is taken. */
  addUser(user: UserWithPassword): Promise<boolean>
  /**
   * Ends every session of the user where role, agent, queues or being disabled change, so that nobody goes on with what was taken from
   * him. `lastAdministrator`: nobody would be left who can administrate; `changedSince`: the account is of another revision than this one
   * that was read. Nothing is written then.
   */
  changeUser(name: string, change: AccountChange, revision?: number): Promise<UserChanged>
  /** Also ends every session of the user. False where there is no such user. */
  setPassword(name: string, passwordHash: string, temporaryUntil?: Ms | null): Promise<boolean>
  /** The same password hashed anew: only where the hash is still the one it was, and no session ends. */
  rehash(name: string, from: string, to: string): Promise<void>
  /** Who is this to the provider; null: nobody, or disabled. */
  userOfSubject(subject: string): Promise<User | null>
  /** False where there is no such user, or he is linked to another, or another to this. */
  linkSubject(name: string, subject: string): Promise<boolean>
  /** Also notes when the user signed in. */
  startSession(session: SessionRow): Promise<void>
  /** The live session with this token and whose it is; null where there is none or it has expired by `now`. */
  session(tokenHash: string, now: Ms): Promise<FoundSession | null>
  /** Those that live, the latest used first. */
  sessions(user: string, now: Ms): Promise<readonly SessionRow[]>
  /** Notes that it was used, and until when it now lasts. To be called at most once a minute and session, not at every request. */
  touchSession(tokenHash: string, seenAt: Ms, expiresAt: Ms): Promise<void>
  endSession(tokenHash: string): Promise<void>
  /** Every one of the user's but this, if one is named; how many. */
  endSessions(user: string, but: string | null): Promise<number>
  /** A browser this user has signed in with: by the sha-256 of what its cookie holds. The latest 20 are known. */
  knowDevice(user: string, deviceHash: string, at: Ms): Promise<void>
  knowsDevice(user: string, deviceHash: string): Promise<boolean>
  addToken(token: TokenRow, tokenHash: string): Promise<void>
  /** Newest first, those withdrawn and ended too. */
  tokens(): Promise<readonly TokenRow[]>
  /** The one with this hash; null where there is none, it was withdrawn, or it has ended by `now`. */
  token(tokenHash: string, now: Ms): Promise<TokenRow | null>
  /** Notes that it was used. To be called at most once a minute and token. */
  touchToken(id: string, usedAt: Ms): Promise<void>
  /** False where there is none that still stands. */
  withdrawToken(id: string, at: Ms): Promise<boolean>
  /** Kept as long as, and no more than, `DoneOnce` is. */
  keepKey(used: KeyUsed): Promise<void>
  keyUsed(key: string): Promise<KeyUsed | null>
  close(): Promise<void>
}
