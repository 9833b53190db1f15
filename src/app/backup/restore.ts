/**
 * A backup made a data folder again. Everything is made ready beside what is there: read whole, held against its manifest and itself, those
 * erased since forgotten, the archive made anew. Only then the files are exchanged; whatever is refused before leaves the folder as it was.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import type { Disagreement } from '#adapters/sqlite/check/disagreement.ts'
import { JournalCheck } from '#adapters/sqlite/check/journal-check.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { erasuresIn, mergeErasures, readErasures } from '#adapters/sqlite/erasure-list.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { holdFolder } from '#adapters/sqlite/lock.ts'
import { PortError } from '#ports/errors.ts'
import { Failure } from '../failure.ts'
import { rebuildArchive } from '../rebuilding.ts'
import { whileStopped } from '../stopped.ts'
import { checkedManifest, type Manifest, partOf, solutionId } from './manifest.ts'
import { exchange, stagingIn, undoHalfRestored } from './swap.ts'

const OWNER_ONLY = 0o600
/** Passwords of phones, in the folder of an Asterisk that may be running: put there only where there are none. */
const PHONES = 'asterisk/samtal.json'
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
  readonly calls: number
  /** Facts that were written here since the backup and are gone. */
  readonly lost: number
}

function hold(folder: string): { release(): void } {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
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

function refuseOthers({ folder, replace }: Restoring, { solution }: Manifest): void {
  const here = solutionId(folder)
  if (here !== null && here !== solution.id)
    throw new Failure(`the backup is of another solution (${solution.id}) than the data folder ${folder} (${here}): nothing is replaced`)
  if (existsSync(path.join(folder, 'journal.db')) && !replace)
    throw new Failure(`there are data in ${folder}: with --replace the backup takes their place, and what came after it is lost`)
}

/** Copies the parts, and holds the copies against the manifest: what is restored is what was read. */
async function stage(staging: string, { backup }: Restoring, { parts }: Manifest): Promise<void> {
  mkdirSync(staging, { mode: 0o700 })
  for (const { name, sha256 } of parts) {
    const to = path.join(staging, name)
    mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
    copyFileSync(path.join(backup, name), to)
    chmodSync(to, OWNER_ONLY)
    if ((await partOf(staging, name)).sha256 !== sha256) throw new Failure(`the backup is not whole: ${name} is not as it was written`)
  }
}

function refuseUnsound(staging: string, { position, solution, parts }: Manifest): void {
  const refuse = ({ file, what }: Disagreement) => {
    throw new Failure(`the backup is not sound: ${file}: ${what}`)
  }
  if (solutionId(staging) !== solution.id) refuse({ file: 'persons.key', position: null, what: 'it is not the key of this solution' })
  const journal = new JournalCheck(staging)
  try {
    const found = journal.whole() ?? journal.snapshotsFault()
    if (found !== null) refuse(found)
    for (const one of [journal.facts(() => null), journal.persons(), journal.rows()]) {
      if (typeof one === 'object' && 'what' in one) refuse(one)
      if (typeof one === 'object' && 'last' in one && one.last !== position)
        refuse({ file: 'journal.db', position, what: `it ends at fact ${one.last}, not at ${position}` })
    }
  } finally {
    journal.close()
  }
  for (const { name } of parts.filter((part) => part.name.endsWith('.db') && part.name !== 'journal.db')) {
    const db = new Database(path.join(staging, name), { readonly: true })
    const found = db.pragma('integrity_check(1)', { simple: true })
    db.close()
    if (found !== 'ok') refuse({ file: name, position: null, what: String(found) })
  }
}

/** Whoever was erased since the backup, as this folder, the backup and a list of its own tell. */
function gatherErasures(staging: string, { folder, erasures }: Restoring): number {
  const own = erasures === undefined ? [] : erasuresIn(readFileSync(erasures, 'utf8'))
  if (erasures !== undefined && own.length === 0) throw new Failure(`there is no erasure in ${erasures}: is it an erasures.list?`)
  return mergeErasures(staging, [...readErasures(folder), ...own])
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
  for (const name of ['audit.db', 'audit.db-wal', 'audit.db-shm']) rmSync(path.join(staging, name), { force: true })
  const from = new Database(path.join(folder, 'audit.db'))
  from.pragma('wal_checkpoint(TRUNCATE)')
  from.close()
  copyFileSync(path.join(folder, 'audit.db'), path.join(staging, 'audit.db'))
}

function keepPhones(staging: string, folder: string): void {
  const [from, to] = [path.join(staging, PHONES), path.join(folder, PHONES)]
  if (!existsSync(from) || existsSync(to)) return
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
  copyFileSync(from, to)
}

async function makeReady(staging: string, given: Restoring, manifest: Manifest): Promise<Omit<Restored, 'manifest' | 'lost'>> {
  await stage(staging, given, manifest)
  refuseUnsound(staging, manifest)
  const erasures = gatherErasures(staging, given)
  await forget(staging, given.log)
  endSessions(staging)
  rebuildArchive({ folder: staging, into: staging })
  if (existsSync(path.join(given.folder, 'audit.db'))) keepAudit(staging, given.folder)
  return { erasures, calls: countCalls(staging) }
}

/** Throws `Failure` with one sentence; then the folder is as it was. */
export async function restore(given: Restoring): Promise<Restored> {
  const { folder } = given
  const manifest = await checkedManifest(given.backup)
  const lock = hold(folder)
  try {
    undoHalfRestored(folder)
    refuseOthers(given, manifest)
    const staging = stagingIn(folder)
    try {
      const ready = await makeReady(staging, given, manifest)
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
