/**
 * The journal's file: its tables, what it checks when opened, how it is read and written. Synchronous, for use in worker threads;
 * `journal.ts` is what the engine holds.
 *
 * Facts are sealed batch by batch: the last fact of each carries the SHA-256 (first 16 bytes) over the seal before it and the text
 * of its facts, so that changed, missing and exchanged facts are seen. Beside the file, `journal.mark` says how far was ever
 * committed: SQLite drops damaged frames at the end of its write-ahead log without a word.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import { DONE_KEPT_MS, DONE_MAX, type DoneOnce, type PersonRow, type Snapshot } from '#ports/journal.ts'
import { CorruptFile } from './corrupt.ts'
import { GONE_SCHEMA, Gone, goneUpTo } from './gone.ts'
import { ERASURES_SCHEMA, JournalErasures } from './journal-erasures.ts'
import { PersonHash } from './person-hash.ts'
import { prepareSums, sumOf, sumRows } from './row-sums.ts'
import { batchesOf, FIRST_SEAL, type GoneRow, isSealed, linesOf, sealBefore, sealOf, sha, sumOfGone } from './seals.ts'

export const PAGE_BYTES = 4096
const SNAPSHOTS_KEPT = 2
/** Files up to this size are checked whole when opened; of larger ones what came after the snapshot. */
const CHECKED_WHOLE_BYTES_MAX = 32 * 1024 * 1024
const CACHE_KIB = 32 * 1024
export const JOURNAL_FORMAT = '1'

const FACTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (
    position INTEGER PRIMARY KEY, at INTEGER NOT NULL, call_id TEXT, type TEXT NOT NULL, body TEXT NOT NULL, seal BLOB) STRICT;
  CREATE INDEX IF NOT EXISTS facts_of_call ON facts (call_id) WHERE call_id IS NOT NULL;
  CREATE TABLE IF NOT EXISTS persons (
    row INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT, number TEXT, hash BLOB) STRICT;
  CREATE INDEX IF NOT EXISTS persons_by_hash ON persons (hash) WHERE hash IS NOT NULL;
  CREATE TABLE IF NOT EXISTS texts (kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT;
  CREATE TABLE IF NOT EXISTS snapshots (position INTEGER PRIMARY KEY, state TEXT NOT NULL, sum BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS done (
    row INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`

/** One append as it crosses to the worker: a line per fact, `at TAB call TAB type TAB body`; JSON holds no tab and no line break. */
export interface PackedBatch {
  readonly expected: number
  readonly lines: string
  readonly persons?: readonly PersonRow[]
  readonly notes?: readonly { readonly noteId: string; readonly text: string }[]
  readonly solutions?: readonly { readonly version: string; readonly text: string }[]
  readonly done?: readonly DoneOnce[]
}

export const markPath = (folder: string): string => join(folder, 'journal.mark')
export const journalPath = (folder: string): string => join(folder, 'journal.db')

/** Every table, index and trigger of the journal, whatever of them is there. */
export const prepareTables = (db: Database.Database): void => {
  db.exec(FACTS_SCHEMA)
  prepareSums(db)
  db.exec(ERASURES_SCHEMA)
  db.exec(GONE_SCHEMA)
}

/** A run of facts that are not what was written, or not what was left of those that have left (`gone`). */
export interface BadRun {
  readonly first: number
  readonly last: number
  readonly gone?: boolean
}

export interface Check {
  /** Where the facts end now, damaged ones included. */
  readonly last: number
  readonly snapshot: Snapshot | null
  /** Facts up to here may have left: without a snapshot that holds them nothing can be made of the rest. */
  readonly goneUpTo: number
  readonly bad: readonly BadRun[]
}

export class JournalFile {
  readonly db: Database.Database
  readonly #folder: string
  readonly #hash: PersonHash
  readonly erasures: JournalErasures
  readonly gone: Gone
  readonly #insertFact: Database.Statement
  readonly #insertPerson: Database.Statement
  readonly #insertText: Database.Statement
  readonly #insertDone: Database.Statement
  readonly #forgetDone: Database.Statement
  #position = 0
  #seal: Buffer = FIRST_SEAL
  #mark: number | null = null

  /** Opens, and makes what is not there. Throws SQLite's own errors, `isCorrupt` among them. */
  constructor(folder: string, options: { readonly path?: string; readonly pagesMax?: number } = {}) {
    this.#folder = folder
    this.#hash = PersonHash.open(folder)
    this.db = new Database(options.path ?? journalPath(folder))
    try {
      this.db.pragma(`page_size = ${PAGE_BYTES}`)
      this.db.pragma('journal_mode = WAL')
      this.db.pragma('synchronous = FULL')
      // What is deleted is overwritten: https://www.sqlite.org/pragma.html#pragma_secure_delete
      this.db.pragma('secure_delete = ON')
      this.db.pragma(`cache_size = -${CACHE_KIB}`)
      if (options.pagesMax !== undefined) this.db.pragma(`max_page_count = ${options.pagesMax}`)
      prepareTables(this.db)
      sumRows(this.db)
      this.erasures = new JournalErasures(this.db, folder, this.#hash)
      this.gone = new Gone(this.db)
      this.db.prepare(`INSERT OR IGNORE INTO meta (key, value) VALUES ('format', ?)`).run(JOURNAL_FORMAT)
      this.#insertFact = this.db.prepare('INSERT INTO facts (position, at, call_id, type, body, seal) VALUES (?, ?, ?, ?, ?, ?)')
      this.#insertPerson = this.db.prepare(`INSERT INTO persons (person_id, kind, name, number, hash, sum) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (person_id) DO UPDATE SET kind = excluded.kind, number = excluded.number, hash = excluded.hash,
          name = CASE WHEN ? THEN excluded.name ELSE name END, sum = CASE WHEN ? THEN excluded.sum ELSE sum END`)
      this.#insertText = this.db.prepare('INSERT OR REPLACE INTO texts (kind, key, text, sum) VALUES (?, ?, ?, ?)')
      this.#insertDone = this.db.prepare('INSERT OR REPLACE INTO done (key, body, at, answer, sum) VALUES (?, ?, ?, ?, ?)')
      this.#forgetDone = this.db.prepare('DELETE FROM done WHERE row <= ? OR at <= ?')
    } catch (error) {
      this.db.close()
      throw error
    }
  }

  /** Looks for damage; in files of some size, only behind the newest snapshot that is whole. */
  check(): Check {
    const bytes = Number(this.db.pragma('page_count', { simple: true })) * PAGE_BYTES
    const whole = bytes <= CHECKED_WHOLE_BYTES_MAX
    if (whole && this.db.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new CorruptFile()
    const snapshots = this.#snapshots()
    const from = whole ? 0 : (snapshots[0]?.position ?? 0)
    return { last: this.#last(), snapshot: snapshots[0] ?? null, goneUpTo: goneUpTo(this.db), bad: this.#badRuns(from) }
  }

  #last(): number {
    return Number(this.db.prepare('SELECT coalesce(max(position), 0) FROM facts').pluck().get())
  }

  /** Those whose sum holds, newest first. */
  #snapshots(): Snapshot[] {
    const rows = this.db.prepare('SELECT position, state, sum FROM snapshots ORDER BY position DESC').all() as (Snapshot & {
      sum: Buffer
    })[]
    return rows.filter((row) => sha(row.state).equals(row.sum)).map(({ position, state }) => ({ position, state }))
  }

  /** Batches that do not fit their seal. Where facts are missing, the next batch does not: its seal covers the one before. */
  #badRuns(from: number): BadRun[] {
    const before = sealBefore(this.db, from)
    let { seal } = before
    const bad: BadRun[] = []
    for (const batch of batchesOf(this.db, before.position)) {
      if (!isSealed(batch, seal)) bad.push({ first: batch.first, last: batch.last, gone: batch.gone !== null })
      seal = batch.seal ?? seal
    }
    return bad
  }

  /** Damaged facts were taken away: the batches behind are sealed anew over what is there. */
  #sealAnew(from: number): void {
    const before = sealBefore(this.db, from - 1)
    let { seal } = before
    const seals: [Buffer, number][] = []
    const runs: GoneRow[] = []
    for (const batch of batchesOf(this.db, before.position)) {
      if (batch.gone !== null) runs.push({ ...batch.gone, kept: batch.facts.length, sum: sumOfGone(seal, batch.gone, batch.facts) })
      seal = batch.gone?.seal ?? sealOf(seal, batch.first, linesOf(batch))
      if (batch.gone === null) seals.push([seal, batch.last])
    }
    const update = this.db.prepare('UPDATE facts SET seal = ? WHERE position = ?')
    for (const [value, position] of seals) update.run(value, position)
    for (const run of runs) this.gone.put(run)
  }

  /** Takes away damaged facts: behind the snapshot everything from the first of them on, before it only they. Says where the facts end then. */
  cut({ bad, snapshot }: Check): number {
    const snapshotAt = snapshot?.position ?? 0
    const remove = this.db.prepare('DELETE FROM facts WHERE position BETWEEN ? AND ?')
    const dropRun = this.db.prepare('DELETE FROM gone WHERE first = ?')
    const firstBehind = bad.find((run) => run.last > snapshotAt)
    this.db.transaction(() => {
      for (const run of bad) if (run.first <= snapshotAt) remove.run(run.first, Math.min(run.last, snapshotAt))
      if (firstBehind !== undefined) remove.run(Math.max(firstBehind.first, snapshotAt + 1), Number.MAX_SAFE_INTEGER)
      for (const { first, gone = false } of bad) if (gone) dropRun.run(first)
      this.db.prepare('DELETE FROM snapshots WHERE position > ?').run(snapshotAt)
      const [firstBad] = bad
      if (firstBad !== undefined) this.#sealAnew(firstBad.first)
    })()
    return Math.max(this.#last(), snapshotAt)
  }

  /** From now on appends follow this position. Returns the time of the last fact. */
  startAt(position: number): Ms {
    const at = this.db.prepare('SELECT at FROM facts WHERE position <= ? ORDER BY position DESC LIMIT 1').pluck().get(position)
    this.#position = position
    this.#seal = sealBefore(this.db, position).seal
    this.#mark = openSync(markPath(this.#folder), constants.O_RDWR | constants.O_CREAT)
    this.#writeMark()
    return Number(at ?? 0)
  }

  get position(): number {
    return this.#position
  }

  /** How far was ever committed, as far as is known. */
  marked(): number {
    try {
      const mark = Number(readFileSync(markPath(this.#folder), 'utf8'))
      return Number.isSafeInteger(mark) ? mark : 0
    } catch {
      return 0
    }
  }

  #writeMark(): void {
    if (this.#mark !== null) writeSync(this.#mark, `${this.#position}`.padStart(16), 0)
  }

  /** All of the batches, or none, in one transaction: durable when it returns. `write` refuses a batch by throwing before it writes. */
  transaction(write: () => void): void {
    const position = this.#position
    const seal = this.#seal
    try {
      this.db.transaction(write).immediate()
    } catch (error) {
      this.#position = position
      this.#seal = seal
      throw error
    }
    this.#writeMark()
  }

  /** Within `transaction`, and at the right position. */
  write(batch: PackedBatch): void {
    if (batch.lines !== '') this.#writeFacts(batch.lines)
    for (const person of batch.persons ?? []) this.#writePerson(person)
    for (const note of batch.notes ?? []) this.#writeText('note', note.noteId, note.text)
    for (const solution of batch.solutions ?? []) this.#writeText('solution', solution.version, solution.text)
    for (const { key, body, at, answer } of batch.done ?? []) {
      const row = Number(this.#insertDone.run(key, body, at, answer, sumOf(key, body, at, answer)).lastInsertRowid)
      this.#forgetDone.run(row - DONE_MAX, at - DONE_KEPT_MS)
    }
  }

  #writePerson(person: PersonRow): void {
    const { personId, kind, number, name = null } = person
    const hash = number === null ? null : this.#hash.of(number)
    const named = person.name === undefined ? 0 : 1
    this.#insertPerson.run(personId, kind, name, number, hash, name === null ? null : sumOf(personId, name), named, named)
    this.erasures.arrived(personId, hash)
  }

  #writeText(kind: 'note' | 'solution', key: string, text: string): void {
    this.#insertText.run(kind, key, text, sumOf(kind, key, text))
  }

  #writeFacts(text: string): void {
    const lines = text.split('\n')
    const count = lines.length - 1
    const seal = sealOf(this.#seal, this.#position + 1, text)
    for (let index = 0; index < count; index++) {
      const [at, callId, type, body] = (lines[index] ?? '').split('\t')
      this.#position += 1
      this.#insertFact.run(this.#position, Number(at), callId === '' ? null : callId, type, body, index === count - 1 ? seal : null)
    }
    this.#seal = seal
  }

  /** Whether this is still the number whose hash was written. */
  isNumberOf(hash: Buffer, number: string): boolean {
    return this.#hash.of(number).equals(hash)
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.db
      .transaction(() => {
        this.db
          .prepare('INSERT OR REPLACE INTO snapshots (position, state, sum) VALUES (?, ?, ?)')
          .run(snapshot.position, snapshot.state, sha(snapshot.state))
        this.db
          .prepare('DELETE FROM snapshots WHERE position NOT IN (SELECT position FROM snapshots ORDER BY position DESC LIMIT ?)')
          .run(SNAPSHOTS_KEPT)
      })
      .immediate()
  }

  close(): void {
    if (this.#mark !== null) closeSync(this.#mark)
    this.#mark = null
    this.db.close()
  }
}
