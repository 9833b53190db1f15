/** Which `Idempotency-Key` was used for what outside the journal, in `accounts.db`. Synchronous, for the accounts' own thread. */
import type Database from 'better-sqlite3'
import type { KeyUsed } from '#ports/accounts.ts'
import { DONE_KEPT_MS, DONE_MAX } from '#ports/journal.ts'

export class KeysTable {
  readonly #db: Database.Database

  constructor(db: Database.Database) {
    this.#db = db
  }

  /** Used once more after its time is over, it stands for what it was used for last. Drops those that are too old or too many. */
  keep({ key, body, answer, at }: KeyUsed): void {
    const write = this.#db.transaction(() => {
      this.#db.prepare('INSERT OR REPLACE INTO keys (key, body, answer, at) VALUES (?, ?, ?, ?)').run(key, body, answer, at)
      this.#db.prepare('DELETE FROM keys WHERE at <= ?').run(at - DONE_KEPT_MS)
      this.#db.prepare('DELETE FROM keys WHERE key IN (SELECT key FROM keys ORDER BY at DESC LIMIT -1 OFFSET ?)').run(DONE_MAX)
    })
    write.immediate()
  }

  find(key: string): KeyUsed | null {
    return (this.#db.prepare('SELECT key, body, answer, at FROM keys WHERE key = ?').get(key) as KeyUsed | undefined) ?? null
  }
}
