/**
 * One process per data folder: an exclusive lock of the operating system on `lock.db`, held as long as the process lives and let go
 * by the system when it dies, however it dies.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PortError } from '#ports/errors.ts'
import { sqliteCode } from './rpc.ts'

/** Holds the folder until `release`. Throws a `PortError` in one sentence where another has it. */
export const holdFolder = (folder: string): { release(): void } => {
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) throw error
    const message = `another process has the data folder ${folder}: stop it first, or give this one a folder of its own`
    throw new PortError('journal', 'open', { message, retry: false, cause: error })
  }
  return { release: () => db.close() }
}
