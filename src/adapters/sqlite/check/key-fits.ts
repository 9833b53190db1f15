/** Whose journal it is, where its key of persons is lost: numbers stand in it beside their hashes. */
import Database from 'better-sqlite3'
import { journalPath } from '../journal-file.ts'
import { PersonHash } from '../person-hash.ts'
import { sqliteCode } from '../rpc.ts'

/** Looked at, so that a damaged row among them decides nothing. */
const ROWS = 100

interface Numbered {
  readonly number: string
  readonly hash: Buffer
}

/** Whether numbers of the journal were hashed under this key; null: that cannot be told, for it holds none or cannot be read. */
export function keyFits(folder: string, key: Buffer): boolean | null {
  try {
    const db = new Database(journalPath(folder), { readonly: true })
    try {
      const rows = db
        .prepare('SELECT number, hash FROM persons WHERE number IS NOT NULL AND hash IS NOT NULL LIMIT ?')
        .all(ROWS) as Numbered[]
      const hash = new PersonHash(key)
      return rows.length === 0 ? null : rows.some(({ number, hash: written }) => hash.of(number).equals(written))
    } finally {
      db.close()
    }
  } catch (error) {
    if (!sqliteCode(error).startsWith('SQLITE_')) throw error
    return null
  }
}
