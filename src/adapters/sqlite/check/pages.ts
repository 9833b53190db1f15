/** Whether SQLite itself finds a file whole: pages, trees, indexes against their tables. For stores whose rows have no sums of ours. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sqliteCode } from '../rpc.ts'
import type { Disagreement } from './disagreement.ts'

/** What SQLite writes above the findings of a file. */
const HEADING = '*** in database main ***\n'

/** The first that SQLite finds wrong, in one line; null: nothing. Throws SQLite's own errors where a page cannot be read at all. */
export function integrityFault(db: Database.Database): string | null {
  const found = String(db.pragma('integrity_check(1)', { simple: true }))
  return found === 'ok' ? null : `SQLite finds the file damaged: ${found.replace(HEADING, '')}`
}

/** As one moment left it, beside whoever writes; null: it is whole. */
export function pagesFault(folder: string, file: string): Disagreement | null {
  const fault = (what: string): Disagreement => ({ file, position: null, what })
  try {
    const db = new Database(join(folder, file), { readonly: true })
    try {
      const found = integrityFault(db)
      return found === null ? null : fault(found)
    } finally {
      db.close()
    }
  } catch (error) {
    const code = sqliteCode(error)
    if (!code.startsWith('SQLITE_')) throw error
    return fault(`it cannot be read: ${error instanceof Error ? error.message : code}`)
  }
}
