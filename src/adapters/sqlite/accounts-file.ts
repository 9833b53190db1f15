/** Accounts and sessions: `accounts.db`. Synchronous, for the accounts' own thread. Tokens: accounts-tokens.ts. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Account, AccountChange, FoundSession, SessionRow, User, UserChanged, UserWithPassword } from '#ports/accounts.ts'
import { KeysTable } from './accounts-keys.ts'
import { prepareAccounts } from './accounts-schema.ts'
import { TokensTable } from './accounts-tokens.ts'

/** Another process may be adding a user (`samtal user add`): its lock is waited for as long. */
const BUSY_MS_MAX = 5_000
/** Browsers known of one user. */
const DEVICES_MAX = 20

interface StoredUser {
  readonly name: string
  readonly display_name: string
  readonly role: User['role']
  readonly agent_id: string | null
  readonly queues: string | null
  readonly password_hash: string
  readonly disabled_at: Ms | null
  readonly temporary_until: Ms | null
  readonly subject: string | null
  readonly signed_in_at: Ms | null
  readonly revision: number
}

interface StoredSession {
  readonly token_hash: string
  readonly user: string
  readonly created_at: Ms
  readonly seen_at: Ms
  readonly expires_at: Ms
}

const userOf = (row: StoredUser): User => ({
  name: row.name,
  displayName: row.display_name,
  role: row.role,
  agentId: row.agent_id,
  queues: row.queues === null ? null : (JSON.parse(row.queues) as string[]),
})

const accountOf = (row: StoredUser): Account => ({
  ...userOf(row),
  disabledAt: row.disabled_at,
  temporaryUntil: row.temporary_until,
  subject: row.subject,
  signedInAt: row.signed_in_at,
  revision: row.revision,
})

const sessionOf = (row: StoredSession): SessionRow => ({
  tokenHash: row.token_hash,
  user: row.user,
  createdAt: row.created_at,
  seenAt: row.seen_at,
  expiresAt: row.expires_at,
})

const queuesText = (queues: User['queues']): string | null => (queues === null ? null : JSON.stringify(queues))

/** What a session is opened with, in whatever order queues were written. A form writes all of an account, changed or not. */
const rightsOf = ({ role, agentId, queues, disabledAt }: Account): string =>
  JSON.stringify([role, agentId, queues === null ? null : [...queues].sort(), disabledAt])

export class AccountsFile {
  readonly #db: Database.Database
  readonly tokens: TokensTable
  readonly keys: KeysTable

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'accounts.db'), { timeout: BUSY_MS_MAX })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('foreign_keys = ON')
    prepareAccounts(this.#db)
    this.tokens = new TokensTable(this.#db)
    this.keys = new KeysTable(this.#db)
  }

  user(name: string): UserWithPassword | null {
    const row = this.#db.prepare('SELECT * FROM users WHERE name = ? AND disabled_at IS NULL').get(name) as StoredUser | undefined
    return row === undefined ? null : { ...userOf(row), passwordHash: row.password_hash, temporaryUntil: row.temporary_until }
  }

  users(): User[] {
    return this.#everybody().map(userOf)
  }

  accounts(): Account[] {
    return this.#everybody().map(accountOf)
  }

  #everybody(): StoredUser[] {
    return this.#db.prepare('SELECT * FROM users ORDER BY name').all() as StoredUser[]
  }

  addUser({ name, displayName, role, agentId, queues, passwordHash, temporaryUntil = null }: UserWithPassword): boolean {
    return (
      this.#db
        .prepare(
          'INSERT OR IGNORE INTO users (name, display_name, role, agent_id, queues, password_hash, temporary_until) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(name, displayName, role, agentId, queuesText(queues), passwordHash, temporaryUntil).changes === 1
    )
  }

  changeUser(name: string, change: AccountChange, revision: number | null): UserChanged {
    return this.#db
      .transaction(() => {
        const row = this.#db.prepare('SELECT * FROM users WHERE name = ?').get(name) as StoredUser | undefined
        if (row === undefined) return 'unknown'
        const before = accountOf(row)
        if (revision !== null && revision !== before.revision) return 'changedSince'
        const after = { ...before, ...change }
        if (this.#leavesNobody(before, after)) return 'lastAdministrator'
        const { disabledAt: _, ...written } = change
        const next = Object.keys(written).length === 0 ? before.revision : before.revision + 1
        this.#db
          .prepare('UPDATE users SET display_name = ?, role = ?, agent_id = ?, queues = ?, disabled_at = ?, revision = ? WHERE name = ?')
          .run(after.displayName, after.role, after.agentId, queuesText(after.queues), after.disabledAt, next, name)
        if (rightsOf(before) !== rightsOf(after)) this.endSessions(name, null)
        return 'changed'
      })
      .immediate()
  }

  /** Whether he was the last who could administrate, and would not any more. */
  #leavesNobody(before: Account, after: Account): boolean {
    const could = before.role === 'administrator' && before.disabledAt === null
    const can = after.role === 'administrator' && after.disabledAt === null
    if (!could || can) return false
    const others = this.#db.prepare("SELECT count(*) FROM users WHERE role = 'administrator' AND disabled_at IS NULL AND name <> ?").pluck()
    return others.get(before.name) === 0
  }

  setPassword(name: string, passwordHash: string, temporaryUntil: Ms | null): boolean {
    return this.#db
      .transaction(() => {
        this.endSessions(name, null)
        return (
          this.#db.prepare('UPDATE users SET password_hash = ?, temporary_until = ? WHERE name = ?').run(passwordHash, temporaryUntil, name)
            .changes === 1
        )
      })
      .immediate()
  }

  rehash(name: string, from: string, to: string): void {
    this.#db.prepare('UPDATE users SET password_hash = ? WHERE name = ? AND password_hash = ?').run(to, name, from)
  }

  userOfSubject(subject: string): User | null {
    const row = this.#db.prepare('SELECT * FROM users WHERE subject = ? AND disabled_at IS NULL').get(subject) as StoredUser | undefined
    return row === undefined ? null : userOf(row)
  }

  linkSubject(name: string, subject: string): boolean {
    return (
      this.#db.prepare('UPDATE OR IGNORE users SET subject = @subject WHERE name = @name AND subject IS NULL').run({ name, subject })
        .changes === 1
    )
  }

  /** Sessions that have run out by then are swept away with it. */
  startSession({ tokenHash, user, createdAt, seenAt, expiresAt }: SessionRow): void {
    this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM sessions WHERE expires_at <= ?').run(createdAt)
        this.#db
          .prepare('INSERT INTO sessions (token_hash, user, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?)')
          .run(tokenHash, user, createdAt, seenAt, expiresAt)
        this.#db.prepare('UPDATE users SET signed_in_at = ? WHERE name = ?').run(createdAt, user)
      })
      .immediate()
  }

  session(tokenHash: string, now: Ms): FoundSession | null {
    const row = this.#db
      .prepare(
        'SELECT * FROM sessions JOIN users ON users.name = sessions.user WHERE token_hash = ? AND expires_at > ? AND disabled_at IS NULL',
      )
      .get(tokenHash, now) as (StoredSession & StoredUser) | undefined
    if (row === undefined) return null
    return {
      session: { ...sessionOf(row), user: row.name },
      user: userOf(row),
      temporary: row.temporary_until !== null,
      linked: row.subject !== null,
    }
  }

  sessions(user: string, now: Ms): SessionRow[] {
    const rows = this.#db.prepare('SELECT * FROM sessions WHERE user = ? AND expires_at > ? ORDER BY seen_at DESC').all(user, now)
    return (rows as StoredSession[]).map(sessionOf)
  }

  touchSession(tokenHash: string, seenAt: Ms, expiresAt: Ms): void {
    this.#db.prepare('UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ?').run(seenAt, expiresAt, tokenHash)
  }

  endSession(tokenHash: string): void {
    this.#db.prepare('DELETE FROM sessions WHERE token_hash = ?').run(tokenHash)
  }

  endSessions(user: string, but: string | null): number {
    return this.#db.prepare("DELETE FROM sessions WHERE user = ? AND token_hash <> coalesce(?, '')").run(user, but).changes
  }

  knowDevice(user: string, deviceHash: string, at: Ms): void {
    this.#db
      .transaction(() => {
        this.#db.prepare('INSERT OR REPLACE INTO devices (device_hash, user, seen_at) VALUES (?, ?, ?)').run(deviceHash, user, at)
        this.#db
          .prepare(
            'DELETE FROM devices WHERE user = @user AND device_hash NOT IN (SELECT device_hash FROM devices WHERE user = @user ORDER BY seen_at DESC LIMIT @most)',
          )
          .run({ user, most: DEVICES_MAX })
      })
      .immediate()
  }

  knowsDevice(user: string, deviceHash: string): boolean {
    return this.#db.prepare('SELECT 1 FROM devices WHERE user = ? AND device_hash = ?').get(user, deviceHash) !== undefined
  }

  close(): void {
    this.#db.close()
  }
}
