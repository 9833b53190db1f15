/** The audit log: `audit.db`. Synchronous, for the log's own thread. Triggers refuse what the log never does. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import { type AuditEntry, type AuditPage, type AuditQuery, type AuditRow, nounOf } from '#ports/audit.ts'

/** Another process may be writing (`samtal user add`): its lock is waited for as long. */
const BUSY_MS_MAX = 5_000
/** Rows removed in one transaction, so that whoever writes meanwhile does not wait for all of them. */
const FORGET_BLOCK = 5_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL, who TEXT COLLATE NOCASE, address TEXT, noun TEXT NOT NULL,
    what TEXT NOT NULL, outcome TEXT NOT NULL, things TEXT NOT NULL, details TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
  CREATE INDEX IF NOT EXISTS audit_who ON audit (who);
  CREATE INDEX IF NOT EXISTS audit_what ON audit (what);
  CREATE INDEX IF NOT EXISTS audit_noun ON audit (noun);
  CREATE TABLE IF NOT EXISTS audit_on (
    kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES audit (seq) ON DELETE CASCADE,
    PRIMARY KEY (kind, id, seq)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS audit_on_seq ON audit_on (seq);
  CREATE TABLE IF NOT EXISTS audit_forgotten (one INTEGER PRIMARY KEY CHECK (one = 1), before INTEGER NOT NULL) STRICT;
  CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS audit_on_stays BEFORE UPDATE ON audit_on BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS audit_kept BEFORE DELETE ON audit
    WHEN OLD.at >= coalesce((SELECT before FROM audit_forgotten), 0)
    BEGIN SELECT RAISE(ABORT, 'only what has outlived its retention leaves the audit log'); END;`

interface Stored extends Omit<AuditRow, 'on' | 'details'> {
  readonly things: string
  readonly details: string
}

const rowOf = ({ things, details, ...row }: Stored): AuditRow => ({
  ...row,
  on: JSON.parse(things) as AuditRow['on'],
  details: JSON.parse(details) as AuditRow['details'],
})

/** What a query asks, as conditions and their values. */
function conditions(query: AuditQuery): { readonly where: string; readonly values: Record<string, unknown> } {
  const { on, ...values } = query
  const parts = [
    ...(query.from === undefined ? [] : ['at >= @from']),
    ...(query.to === undefined ? [] : ['at < @to']),
    ...(query.who === undefined ? [] : ['who = @who']),
    ...(query.what === undefined ? [] : [query.what.includes('.') ? 'what = @what' : 'noun = @what']),
    ...(on === undefined ? [] : ['seq IN (SELECT seq FROM audit_on WHERE kind = @kind AND id = @id)']),
    ...(query.outcome === undefined ? [] : [query.outcome === 'done' ? "outcome = 'done'" : "outcome <> 'done'"]),
    ...(query.before === null ? [] : ['seq < @before']),
  ]
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values: { ...values, ...on, limit: query.limit + 1 } }
}

export class AuditFile {
  readonly #db: Database.Database

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'audit.db'), { timeout: BUSY_MS_MAX })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('foreign_keys = ON')
    // What is forgotten is written over.
    this.#db.pragma('secure_delete = ON')
    this.#db.exec(SCHEMA)
  }

  /** All of them or none, in one commit. */
  write(entries: readonly AuditEntry[]): void {
    const insert = this.#db.prepare(
      'INSERT INTO audit (at, by, who, address, noun, what, outcome, things, details) VALUES (@at, @by, @who, @address, @noun, @what, @outcome, @things, @details)',
    )
    const name = this.#db.prepare('INSERT OR IGNORE INTO audit_on (kind, id, seq) VALUES (?, ?, ?)')
    this.#db
      .transaction(() => {
        for (const { on, details, ...entry } of entries) {
          const stored = { ...entry, noun: nounOf(entry.what), things: JSON.stringify(on), details: JSON.stringify(details) }
          const { lastInsertRowid } = insert.run(stored)
          for (const { kind, id } of on) name.run(kind, id, lastInsertRowid)
        }
      })
      .immediate()
  }

  search(query: AuditQuery): AuditPage {
    const { where, values } = conditions(query)
    const found = this.#db
      .prepare(`SELECT seq, at, by, who, address, what, outcome, things, details FROM audit ${where} ORDER BY seq DESC LIMIT @limit`)
      .all(values) as Stored[]
    const rows = found.slice(0, query.limit).map(rowOf)
    return { rows, next: found.length > rows.length ? (rows.at(-1)?.seq ?? null) : null }
  }

  forget(before: Ms): number {
    const remember = this.#db.prepare(
      'INSERT INTO audit_forgotten (one, before) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET before = max(before, excluded.before)',
    )
    const remove = this.#db.prepare('DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE at < ? LIMIT ?)')
    remember.run(before)
    let gone = 0
    for (;;) {
      const { changes } = remove.run(before, FORGET_BLOCK)
      gone += changes
      if (changes < FORGET_BLOCK) break
    }
    if (gone > 0) this.#db.pragma('wal_checkpoint(TRUNCATE)')
    return gone
  }

  close(): void {
    this.#db.close()
  }
}
