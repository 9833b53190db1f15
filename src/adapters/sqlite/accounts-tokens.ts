/** Tokens of programs, in `accounts.db`. Synchronous, for the accounts' own thread. */
import type Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import type { TokenRow } from '#ports/accounts.ts'

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

export class TokensTable {
  readonly #db: Database.Database

  constructor(db: Database.Database) {
    this.#db = db
  }

  add({ id, name, scopes, createdAt, createdBy, endsAt, withdrawnAt, usedAt }: TokenRow, tokenHash: string): void {
    this.#db
      .prepare(
        'INSERT INTO tokens (id, token_hash, name, scopes, created_at, created_by, ends_at, withdrawn_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, tokenHash, name, JSON.stringify(scopes), createdAt, createdBy, endsAt, withdrawnAt, usedAt)
  }

  all(): TokenRow[] {
    return (this.#db.prepare('SELECT * FROM tokens ORDER BY created_at DESC, id DESC').all() as StoredToken[]).map(tokenOf)
  }

  find(tokenHash: string, now: Ms): TokenRow | null {
    const row = this.#db
      .prepare('SELECT * FROM tokens WHERE token_hash = ? AND withdrawn_at IS NULL AND ends_at > ?')
      .get(tokenHash, now) as StoredToken | undefined
    return row === undefined ? null : tokenOf(row)
  }

  touch(id: string, usedAt: Ms): void {
    this.#db.prepare('UPDATE tokens SET used_at = ? WHERE id = ?').run(usedAt, id)
  }

  withdraw(id: string, at: Ms): boolean {
    return this.#db.prepare('UPDATE tokens SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL').run(at, id).changes === 1
  }
}
