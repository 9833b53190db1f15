/** Accounts, sessions and tokens: `accounts.db`. Synchronous, for the accounts' own thread. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import type { SessionRow, TokenRow, User, UserWithPassword } from '#ports/accounts.ts'

/** Another process may be adding a user (`samtal user add`): its lock is waited for as long. */
const BUSY_MS_MAX = 5_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY COLLATE NOCASE, display_name TEXT NOT NULL, role TEXT NOT NULL, agent_id TEXT, queues TEXT,
    password_hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, user TEXT NOT NULL COLLATE NOCASE REFERENCES users (name) ON DELETE CASCADE,
    created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions (user);
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL, ends_at INTEGER NOT NULL, withdrawn_at INTEGER, used_at INTEGER) STRICT;`

interface StoredUser {
  readonly name: string
  readonly display_name: string
  readonly role: User['role']
  readonly agent_id: string | null
  readonly queues: string | null
  readonly password_hash: string
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

interface StoredToken {
  readonly id: string
  readonly name: string
  readonly scopes: string
  readonly created_at: Ms
  readonly created_by: string
  readonly ends_at: Ms
  readonly withdrawn_at: Ms | null
  readonly used_at: Ms | null
}

const tokenOf = (row: StoredToken): TokenRow => ({
  id: row.id,
  name: row.name,
  scopes: JSON.parse(row.scopes) as string[],
  createdAt: row.created_at,
  createdBy: row.created_by,
  endsAt: row.ends_at,
  withdrawnAt: row.withdrawn_at,
  usedAt: row.used_at,
})

export class AccountsFile {
  readonly #db: Database.Database

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'accounts.db'), { timeout: BUSY_MS_MAX })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('foreign_keys = ON')
    this.#db.exec(SCHEMA)
  }

  user(name: string): UserWithPassword | null {
    const row = this.#db.prepare('SELECT * FROM users WHERE name = ?').get(name) as StoredUser | undefined
    return row === undefined ? null : { ...userOf(row), passwordHash: row.password_hash }
  }

  users(): User[] {
    return (this.#db.prepare('SELECT * FROM users ORDER BY name').all() as StoredUser[]).map(userOf)
  }

  addUser(user: UserWithPassword): boolean {
    const queues = user.queues === null ? null : JSON.stringify(user.queues)
    return (
      this.#db
        .prepare('INSERT OR IGNORE INTO users (name, display_name, role, agent_id, queues, password_hash) VALUES (?, ?, ?, ?, ?, ?)')
        .run(user.name, user.displayName, user.role, user.agentId, queues, user.passwordHash).changes === 1
    )
  }

  setPassword(name: string, passwordHash: string): boolean {
    return this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM sessions WHERE user = ?').run(name)
        return this.#db.prepare('UPDATE users SET password_hash = ? WHERE name = ?').run(passwordHash, name).changes === 1
      })
      .immediate()
  }

  /** Sessions that have run out by then are swept away with it. */
  startSession({ tokenHash, user, createdAt, seenAt, expiresAt }: SessionRow): void {
    this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM sessions WHERE expires_at <= ?').run(createdAt)
        this.#db
          .prepare('INSERT INTO sessions (token_hash, user, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?)')
          .run(tokenHash, user, createdAt, seenAt, expiresAt)
      })
      .immediate()
  }

  session(tokenHash: string, now: Ms): { session: SessionRow; user: User } | null {
    const row = this.#db
      .prepare('SELECT * FROM sessions JOIN users ON users.name = sessions.user WHERE token_hash = ? AND expires_at > ?')
      .get(tokenHash, now) as (StoredSession & StoredUser) | undefined
    if (row === undefined) return null
    const session = { tokenHash, user: row.name, createdAt: row.created_at, seenAt: row.seen_at, expiresAt: row.expires_at }
    return { session, user: userOf(row) }
  }

  touchSession(tokenHash: string, seenAt: Ms, expiresAt: Ms): void {
    this.#db.prepare('UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ?').run(seenAt, expiresAt, tokenHash)
  }

  endSession(tokenHash: string): void {
    this.#db.prepare('DELETE FROM sessions WHERE token_hash = ?').run(tokenHash)
  }

  addToken({ id, name, scopes, createdAt, createdBy, endsAt, withdrawnAt, usedAt }: TokenRow, tokenHash: string): void {
    this.#db
      .prepare(
        'INSERT INTO tokens (id, token_hash, name, scopes, created_at, created_by, ends_at, withdrawn_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, tokenHash, name, JSON.stringify(scopes), createdAt, createdBy, endsAt, withdrawnAt, usedAt)
  }

  tokens(): TokenRow[] {
    return (this.#db.prepare('SELECT * FROM tokens ORDER BY created_at DESC, id DESC').all() as StoredToken[]).map(tokenOf)
  }

  token(tokenHash: string, now: Ms): TokenRow | null {
    const row = this.#db
      .prepare('SELECT * FROM tokens WHERE token_hash = ? AND withdrawn_at IS NULL AND ends_at > ?')
      .get(tokenHash, now) as StoredToken | undefined
    return row === undefined ? null : tokenOf(row)
  }

  touchToken(id: string, usedAt: Ms): void {
    this.#db.prepare('UPDATE tokens SET used_at = ? WHERE id = ?').run(usedAt, id)
  }

  withdrawToken(id: string, at: Ms): boolean {
    return this.#db.prepare('UPDATE tokens SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL').run(at, id).changes === 1
  }

  close(): void {
    this.#db.close()
  }
}
