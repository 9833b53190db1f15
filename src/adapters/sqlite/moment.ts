/**
 * Databases of a data folder copied as one moment left them, beside whoever writes. What is stored beside the journal follows it, so for
 * some milliseconds nobody writes to the others: just long enough to begin reading from all of them and from the journal. Then each is
 * copied page by page out of that reading, however long it takes, and nobody waits (https://www.sqlite.org/isolation.html: in WAL mode a
 * reader sees what was committed when it began; https://www.sqlite.org/backup.html: a copy made within it is of that).
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { PortError } from '#ports/errors.ts'
import { sqliteCode } from './rpc.ts'

/**
 * The journal is last: nothing beside it tells of more than it does. Figures are made anew from facts where all of these are there; of
 * those that have left nothing else tells.
 */
export const STORES = ['figures.db', 'contacts.db', 'directory.db', 'accounts.db', 'audit.db', 'journal.db'] as const
type Store = (typeof STORES)[number]
const JOURNAL = 'journal.db'
const TRIES_MAX = 500
const AGAIN_AFTER_MS = 20
const PAGES_A_STEP = 1_000

const isBusy = (error: unknown): boolean => sqliteCode(error).startsWith('SQLITE_BUSY')

/** As a `PortError` that says of which file it is. */
const unreadable = (name: string, error: unknown): unknown => {
  const code = sqliteCode(error)
  if (!code.startsWith('SQLITE_')) return error
  const message = `${name} cannot be read: ${error instanceof Error ? error.message : code}`
  return new PortError('journal', 'backup', { message, retry: false, cause: error })
}

/** Holds writers off the stores beside the journal; null: one of them writes just now. */
const holdOff = (folder: string, names: readonly string[]): readonly Database.Database[] | null => {
  const held: Database.Database[] = []
  let name = ''
  try {
    for (name of names) {
      const db = new Database(join(folder, name), { timeout: 0 })
      held.push(db)
      db.exec('BEGIN IMMEDIATE')
    }
    return held
  } catch (error) {
    letGo(held)
    if (isBusy(error)) return null
    throw unreadable(name, error)
  }
}
const letGo = (held: readonly Database.Database[]): void => {
  for (const db of held) db.close()
}

function beginReading(folder: string, name: string): Database.Database {
  try {
    const db = new Database(join(folder, name), { readonly: true })
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    throw unreadable(name, error)
  }
}

export interface Moment {
  /** Of the last fact, and its time. */
  readonly position: number
  readonly at: number
  /** How long writers beside the journal were held off. */
  readonly heldMs: number
  /** Files there are. */
  readonly names: readonly Store[]
  /** Copies one of them to a file that is not there yet. */
  copy(name: Store, to: string): Promise<void>
  close(): void
}

/** Begins to read, but `without`. The longer it is open, the longer the write-ahead logs grow. Throws `PortError` where the stores are written to without end. */
export async function openMoment(folder: string, { without = [] }: { readonly without?: readonly string[] } = {}): Promise<Moment> {
  const names = STORES.filter((name) => !without.includes(name) && existsSync(join(folder, name)))
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const startedAt = performance.now()
    const held = holdOff(
      folder,
      names.filter((name) => name !== JOURNAL),
    )
    if (held === null) {
      await pause(AGAIN_AFTER_MS)
      continue
    }
    const reading = new Map<Store, Database.Database>()
    try {
      for (const name of names) reading.set(name, beginReading(folder, name))
    } finally {
      letGo(held)
    }
    return momentOf(reading, performance.now() - startedAt)
  }
  throw new PortError('journal', 'backup', { message: 'somebody writes to the data folder without a pause', retry: true })
}

type Last = { readonly position: number; readonly at: number } | undefined

function lastFact(journal: Database.Database | undefined): Last {
  try {
    return journal?.prepare('SELECT position, at FROM facts ORDER BY position DESC LIMIT 1').get() as Last
  } catch (error) {
    throw unreadable(JOURNAL, error)
  }
}

function momentOf(reading: ReadonlyMap<Store, Database.Database>, heldMs: number): Moment {
  const last = lastFact(reading.get(JOURNAL))
  return {
    position: last?.position ?? 0,
    at: last?.at ?? 0,
    heldMs,
    names: [...reading.keys()],
    async copy(name, to) {
      await reading
        .get(name)
        ?.backup(to, { progress: () => PAGES_A_STEP })
        .catch((error: unknown) => {
          throw unreadable(name, error)
        })
    },
    close() {
      for (const db of reading.values()) db.close()
    },
  }
}
