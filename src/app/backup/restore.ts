/**
 * A backup made a data folder again. Everything is made ready beside what is there: read whole, held against its manifest and itself, those
 * erased since forgotten, the archive made anew. Only then the files are exchanged; whatever is refused before leaves the folder as it was.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { keyFits } from '#adapters/sqlite/check/key-fits.ts'
import { pagesFault } from '#adapters/sqlite/check/pages.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { type Erasure, erasureListPath, erasuresIn, mergeErasures, readErasures } from '#adapters/sqlite/erasure-list.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { holdFolder } from '#adapters/sqlite/lock.ts'
import type { Retained } from '#engine/retention.ts'
import { PortError } from '#ports/errors.ts'
import { Failure } from '../failure.ts'
import { failedAt, makeDataFolder, makeFolder, syncPath } from '../folders.ts'
import { hasRun } from '../in-force.ts'
import { rebuildArchive } from '../rebuilding.ts'
import { retainWhileStopped } from '../retaining-stopped.ts'
import { whileStopped } from '../stopped.ts'
import { checkedManifest, type Manifest, partOf, solutionId } from './manifest.ts'
import { unsoundIn } from './soundness.ts'
import { exchange, stagingIn, undoHalfRestored } from './swap.ts'

const OWNER_ONLY = 0o600
const AUDIT = 'audit.db'
/** Passwords of phones, in the folder of an Asterisk that may be running: put there only where there are none. */
const PHONES = 'asterisk/samtal.json'
/** What nothing makes anew, and a backup takes the place of: the audit log goes on. */
const IRREPLACEABLE = ['journal.db', 'contacts.db', 'directory.db', 'accounts.db']
/** Rows deleted from these may have copies in gaps of pages, which only making the file anew takes away. */
const VACUUMED = ['contacts.db', 'directory.db']

export interface Restoring {
  readonly folder: string
  readonly backup: string
  /** A list of erasures kept beside the backups, where the data folder is lost. */
  readonly erasures?: string
  /** What is there may be replaced. */
  readonly replace: boolean
  readonly log: (line: string) => void
}

export interface Restored {
  readonly manifest: Manifest
  /** Erasures the backup did not know of. */
  readonly erasures: number
  /** Calls of it that have outlived their retention since. */
  readonly left: number
  readonly calls: number
  /** Facts that were written here since the backup and are gone. */
  readonly lost: number
}

function hold(folder: string): { release(): void } {
  try {
    makeDataFolder(folder, 0o700)
    return holdFolder(folder)
  } catch (error) {
    if (error instanceof PortError) throw new Failure(error.message.replace(/^\w+\.\w+: /, ''))
    throw error
  }
}

/** How many facts are there; 0 in a folder nothing has run on. */
function factsIn(folder: string): number {
  if (!existsSync(path.join(folder, 'journal.db'))) return 0
  try {
    const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
    const last = Number(db.prepare('SELECT coalesce(max(position), 0) FROM facts').pluck().get())
    db.close()
    return last
  } catch (error) {
    // It is replaced because it is damaged.
    if (error instanceof Database.SqliteError) return 0
    throw error
  }
}

/** Where the key is lost, the journal tells whether its numbers were looked up under the backup's. */
function refuseUntold(folder: string, backup: string): void {
  const key = path.join(backup, 'persons.key')
  // One without a key of its own is refused as not sound.
  const fits = existsSync(key) ? keyFits(folder, readFileSync(key)) : true
  if (fits === true) return
  if (fits === false)
    throw new Failure(
      `the backup is of another solution than the data folder ${folder}, by the numbers in its journal: nothing is replaced`,
    )
  const list = erasureListPath(folder)
  throw new Failure(
    `of which solution the data folder ${folder} is cannot be told, for its persons.key is lost and its journal tells no number: nothing is replaced; restore into an empty folder${existsSync(list) ? ` with --erasures ${list}` : ''}`,
  )
}

function refuseOthers({ folder, backup, replace }: Restoring, { solution }: Manifest): void {
  const here = solutionId(folder)
  const isThere = (name: string): boolean => existsSync(path.join(folder, name))
  if (here !== null && here !== solution.id)
    throw new Failure(`the backup is of another solution (${solution.id}) than the data folder ${folder} (${here}): nothing is replaced`)
  if (here === null && isThere('journal.db')) refuseUntold(folder, backup)
  if (IRREPLACEABLE.some(isThere) && !replace)
    throw new Failure(`there are data in ${folder}: with --replace the backup takes their place, and what came after it is lost`)
}

/** Copies the parts, and holds the copies against the manifest: what is restored is what was read. */
async function stage(staging: string, { backup }: Restoring, { parts }: Manifest): Promise<void> {
  mkdirSync(staging, { mode: 0o700 })
  for (const { name, sha256 } of parts) {
    const to = path.join(staging, name)
    makeFolder(path.dirname(to), 0o700)
    copyFileSync(path.join(backup, name), to)
    chmodSync(to, OWNER_ONLY)
    if ((await partOf(staging, name)).sha256 !== sha256) throw new Failure(`the backup is not whole: ${name} is not as it was written`)
  }
}

function refuseUnsound(staging: string, manifest: Manifest): void {
  const refuse = (file: string, what: string) => {
    throw new Failure(`the backup is not sound: ${file}: ${what}`)
  }
  if (solutionId(staging) !== manifest.solution.id) refuse('persons.key', 'it is not the key of this solution')
  const found = unsoundIn(staging, manifest)
  if (found !== null) refuse(found.file, found.what)
}

/** Read before anything is begun. Throws `Failure` where it is no list. */
function erasuresOf(file: string): readonly Erasure[] {
  try {
    const own = erasuresIn(readFileSync(file, 'utf8'))
    if (own.length === 0) throw new Failure(`there is no erasure in ${file}: is it an erasures.list?`)
    return own
  } catch (error) {
    throw failedAt(`${file} cannot be read`, error)
  }
}

/** Each store applies what its list tells when it is opened; persons are let go by the engine, which withdraws what they ordered. */
async function forget(staging: string, log: (line: string) => void): Promise<void> {
  for (const store of [openContacts({ folder: staging }), openDirectory({ folder: staging })]) await store.close()
  for (const name of VACUUMED) {
    const db = new Database(path.join(staging, name))
    db.pragma('secure_delete = ON')
    db.exec('VACUUM')
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
  }
  const journal = openSqliteJournal({ folder: staging })
  await journal.open()
  const recalled = await journal.recalled()
  await journal.close()
  if (recalled.length > 0) await whileStopped(staging, log, ({ forgetting }) => forgetting.sweep())
}

/** What was kept too long since the backup was made leaves before it is served; null: nothing has run on it. */
const retain = async (staging: string, log: (line: string) => void): Promise<Retained | null> =>
  (await hasRun(staging)) ? retainWhileStopped(staging, log, ({ retention }) => retention.run()) : null

/** Sessions that were ended since would live again: everybody signs in anew. */
function endSessions(staging: string): void {
  const file = path.join(staging, 'accounts.db')
  if (!existsSync(file)) return
  const db = new Database(file)
  db.exec('DELETE FROM sessions')
  db.close()
}

const countCalls = (folder: string): number => {
  const db = new Database(path.join(folder, 'archive.db'), { readonly: true })
  const calls = Number(db.prepare('SELECT count(*) FROM calls').pluck().get())
  db.close()
  return calls
}

/** The log of what was done outlives what it was done to: the one that is here goes on. */
function keepAudit(staging: string, folder: string): void {
  for (const name of [AUDIT, `${AUDIT}-wal`, `${AUDIT}-shm`]) rmSync(path.join(staging, name), { force: true })
  const from = new Database(path.join(folder, AUDIT))
  from.pragma('wal_checkpoint(TRUNCATE)')
  from.close()
  copyFileSync(path.join(folder, AUDIT), path.join(staging, AUDIT))
}

/** It is to go on, and nobody but a person can say that it may be lost. */
function refuseDamagedAudit(folder: string): void {
  const found = existsSync(path.join(folder, AUDIT)) ? pagesFault(folder, AUDIT) : null
  if (found !== null)
    throw new Failure(
      `the audit log in ${folder} is damaged (${AUDIT}: ${found.what}): move it elsewhere, and the backup's own takes its place`,
    )
}

function keepPhones(staging: string, folder: string): void {
  const [from, to] = [path.join(staging, PHONES), path.join(folder, PHONES)]
  if (!existsSync(from) || existsSync(to)) return
  makeFolder(path.dirname(to), 0o700)
  // All of it or none of it, whatever happens meanwhile.
  copyFileSync(from, `${to}.part`)
  chmodSync(`${to}.part`, OWNER_ONLY)
  syncPath(`${to}.part`)
  renameSync(`${to}.part`, to)
}

async function makeReady(
  staging: string,
  given: Restoring,
  manifest: Manifest,
  own: readonly Erasure[],
): Promise<Omit<Restored, 'manifest' | 'lost'>> {
  await stage(staging, given, manifest)
  refuseUnsound(staging, manifest)
  // Whoever was erased since the backup, as this folder, the backup and a list of its own tell.
  const erasures = mergeErasures(staging, [...readErasures(given.folder), ...own])
  await forget(staging, given.log)
  const left = await retain(staging, given.log)
  endSessions(staging)
  rebuildArchive({ folder: staging, into: staging })
  if (existsSync(path.join(given.folder, AUDIT))) keepAudit(staging, given.folder)
  return { erasures, left: left?.calls ?? 0, calls: countCalls(staging) }
}

/** Throws `Failure` with one sentence; then the folder is as it was. */
export async function restore(given: Restoring): Promise<Restored> {
  const { folder, erasures } = given
  const own = erasures === undefined ? [] : erasuresOf(erasures)
  const manifest = await checkedManifest(given.backup)
  const lock = hold(folder)
  try {
    undoHalfRestored(folder)
    refuseOthers(given, manifest)
    refuseDamagedAudit(folder)
    const staging = stagingIn(folder)
    try {
      const ready = await makeReady(staging, given, manifest, own)
      const lost = Math.max(0, factsIn(folder) - manifest.position)
      keepPhones(staging, folder)
      exchange(folder)
      return { manifest, lost, ...ready }
    } catch (error) {
      undoHalfRestored(folder)
      throw error
    }
  } finally {
    lock.release()
  }
}
