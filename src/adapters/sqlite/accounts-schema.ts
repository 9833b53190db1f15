/** What `accounts.db` is made of, and how a file of an earlier version becomes one of this. */
import type Database from 'better-sqlite3'

const TABLES = `
  CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY COLLATE NOCASE, display_name TEXT NOT NULL, role TEXT NOT NULL, agent_id TEXT, queues TEXT,
    password_hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, user TEXT NOT NULL COLLATE NOCASE REFERENCES users (name) ON DELETE CASCADE,
    created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions (user);
  CREATE TABLE IF NOT EXISTS devices (
    device_hash TEXT NOT NULL, user TEXT NOT NULL COLLATE NOCASE REFERENCES users (name) ON DELETE CASCADE, seen_at INTEGER NOT NULL,
    PRIMARY KEY (user, device_hash)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL, ends_at INTEGER NOT NULL, withdrawn_at INTEGER, used_at INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS keys_by_time ON keys (at);`

/** Columns that came later, in their order. */
const LATER = [
  ['users', 'disabled_at', 'INTEGER'],
  ['users', 'temporary_until', 'INTEGER'],
  ['users', 'subject', 'TEXT'],
  ['users', 'signed_in_at', 'INTEGER'],
  ['users', 'revision', 'INTEGER NOT NULL DEFAULT 1'],
  ['keys', 'answer', 'TEXT'],
] as const

/** Two processes may open it at once: what is there is looked at under the lock. */
export const prepareAccounts = (db: Database.Database): void =>
  db
    .transaction(() => {
      db.exec(TABLES)
      const isThere = db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?')
      for (const [table, name, type] of LATER)
        if (isThere.get(table, name) === undefined) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)
      db.exec('CREATE UNIQUE INDEX IF NOT EXISTS users_by_subject ON users (subject) WHERE subject IS NOT NULL')
    })
    .immediate()
