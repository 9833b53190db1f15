/** Whether SQLite itself finds a file whole: pages, trees, indexes against their tables. For stores whose rows have no sums of ours. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sqliteCode } from '../rpc.ts'
import type { Disagreement } from './disagreement.ts'

/** As one moment left it, beside whoever writes; null: it is whole. */
export function pagesFault(folder: string, file: string): Disagreement | null {
  const fault = (what: string): Disagreement => ({ file, position: null, what })
  try {
    const db = new Database(join(folder, file), { readonly: true })
    try {
      const found = db.pragma('integrity_check(1)', { simple: true })
      return found === 'ok' ? null : fault(`SQLite finds the file damaged: ${String(found)}`)
    } finally {
      db.close()
    }
  } catch (error) {
    const code = sqliteCode(error)
    if (!code.startsWith('SQLITE_')) throw error
    return fault(`it cannot be read: ${error instanceof Error ? error.message : code}`)
  }
}
