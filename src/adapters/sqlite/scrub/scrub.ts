/**
 * After an erasure: every file of the data folder is searched for the number, in any spelling, and what is left of it where nothing is
 * stored any more (gaps of pages, freed pages, the write-ahead log, a damaged file kept aside, a log) is overwritten. Beside the
 * program that runs, for a process of its own: it holds the write lock for moments only, and closes no file before it ends.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sumRows } from '../row-sums.ts'
import { isCorrupt } from '../rpc.ts'
import { filesIn, OpenFile, Wanted } from './files.ts'
import { freePages, gapsOf } from './gaps.ts'
import type { Spelled } from './spellings.ts'
import { dropSolutions, takeOutOfWords } from './words.ts'

export interface Scrubbed {
  readonly files: number
  readonly bytes: number
  /** Places that were overwritten. */
  readonly overwritten: number
  /** Rows of free text the number was taken out of. */
  readonly words: number
  /** Files, by their path in the folder, that still hold it: something of ours stores it, or it came back meanwhile. */
  readonly left: readonly string[]
}

/** Databases that this program writes; what else looks like one is treated as a file of bytes. */
const DATABASES: readonly string[] = ['journal.db', 'archive.db', 'contacts.db', 'directory.db', 'accounts.db', 'audit.db', 'figures.db']
/** The program's own marks, in which no number stands: `lock.db` is empty, and held by an exclusive lock. */
const LOCK = 'lock.db'
const MARKS: readonly string[] = [LOCK, 'erasures.list', 'persons.key', 'journal.mark', 'solution.version']
const PAGE_SIZE_AT = 16
/** A commit may come between the log's being brought in and the lock: it is tried again. */
const LOCK_TRIES = 200
const BUSY_MS_MAX = 5_000
const ROUNDS_MAX = 5

class Book {
  readonly name: string
  readonly #file: OpenFile
  readonly #log: OpenFile | null
  readonly #pageBytes: number
  readonly db: Database.Database
  /** What it was when it was last looked through. */
  wasDirty = false

  constructor(folder: string, name: string) {
    this.name = name
    this.db = new Database(join(folder, name), { timeout: BUSY_MS_MAX })
    this.db.pragma('secure_delete = ON')
    this.#file = new OpenFile(join(folder, name))
    this.#log = existsSync(join(folder, `${name}-wal`)) ? new OpenFile(join(folder, `${name}-wal`)) : null
    const size = this.#file.read(PAGE_SIZE_AT, 2).readUInt16BE(0)
    this.#pageBytes = size === 1 ? 65_536 : size
  }

  #page(number: number): Buffer {
    return this.#file.read((number - 1) * this.#pageBytes, this.#pageBytes)
  }

  /** Pages with it, in the file itself. */
  #pagesWith(wanted: Wanted): readonly number[] {
    return [...new Set([...this.#file.find(wanted)].map(({ at }) => Math.floor(at / this.#pageBytes) + 1))]
  }

  #isInLog(wanted: Wanted): boolean {
    return this.#log !== null && this.#log.find(wanted).next().done !== true
  }

  isClean(wanted: Wanted): boolean {
    return !this.#isInLog(wanted) && this.#file.find(wanted).next().done === true
  }

  /** Brings the log into the file and empties it, as soon as nobody reads from it. */
  #emptyLog(): void {
    this.db.pragma('wal_checkpoint(TRUNCATE)')
  }

  /** How many places were overwritten. */
  clean(wanted: Wanted): number {
    this.#emptyLog()
    const pages = this.#pagesWith(wanted)
    this.wasDirty = pages.length > 0 || this.#isInLog(wanted)
    if (pages.length === 0) return 0
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      this.#emptyLog()
      this.db.exec('BEGIN IMMEDIATE')
      if (this.#log === null || this.#log.bytes === 0) return this.#overwrite(pages, wanted)
      this.db.exec('ROLLBACK')
    }
    return 0
  }

  /** Under the lock, with an empty log: what the file holds is what there is. A write after it makes others forget the pages they keep. */
  #overwrite(pages: readonly number[], wanted: Wanted): number {
    let places = 0
    const free = freePages((number) => this.#page(number))
    for (const number of pages) {
      const page = this.#page(number)
      for (const { from, to } of free.has(number) ? [{ from: 0, to: page.length }] : gapsOf(page, number)) {
        if (page.toString('latin1', from, to).search(wanted.pattern) === -1) continue
        this.#file.write(Buffer.alloc(to - from), (number - 1) * this.#pageBytes + from)
        places += 1
      }
    }
    this.#file.sync()
    const version = Number(this.db.pragma('user_version', { simple: true }))
    this.db.pragma(`user_version = ${(version + 1) % 0x7fffffff}`)
    this.db.exec('COMMIT')
    this.#emptyLog()
    return places
  }
}

const openBooks = (folder: string): readonly Book[] =>
  DATABASES.filter((name) => existsSync(join(folder, name))).flatMap((name) => {
    try {
      return new Book(folder, name)
    } catch (error) {
      if (isCorrupt(error)) return []
      throw error
    }
  })

/** Not one of ours that is open: a damaged journal kept aside, a log, an export that was put here. */
const blacken = (file: OpenFile, wanted: Wanted): number => {
  let places = 0
  for (const { at, bytes } of file.find(wanted)) {
    file.write(Buffer.alloc(bytes, '*'), at)
    places += 1
  }
  if (places > 0) file.sync()
  return places
}

const inForce = (folder: string): string => {
  const path = join(folder, 'solution.version')
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
}

/** Of several numbers at once. */
export const scrubFolder = (folder: string, ...spelled: readonly Spelled[]): Scrubbed => {
  const wanted = new Wanted(spelled)
  const books = openBooks(folder)
  const ofBooks = new Set(books.flatMap(({ name }) => [name, `${name}-wal`, `${name}-shm`]))
  const others = filesIn(folder).filter((name) => !ofBooks.has(name) && !MARKS.includes(name))
  let [overwritten, words] = [0, 0]
  const spoilt = others.filter((name) => {
    const places = blacken(new OpenFile(join(folder, name)), wanted)
    overwritten += places
    return places > 0
  })
  // One without it when it was looked through has it nowhere: nothing writes it any more. The others are looked through again.
  let dirty = books
  for (let round = 0; round < ROUNDS_MAX && dirty.length > 0; round++) {
    for (const book of dirty) {
      if (round === 1) {
        words += takeOutOfWords(book.db, book.name, wanted.pattern)
        if (book.name === 'journal.db') {
          words += dropSolutions(book.db, inForce(folder), wanted.pattern)
          sumRows(book.db)
        }
      }
      overwritten += book.clean(wanted)
    }
    dirty = dirty.filter((book) => book.wasDirty && !book.isClean(wanted))
  }
  const files = filesIn(folder)
  const held = spoilt.filter((name) => new OpenFile(join(folder, name)).find(wanted).next().done !== true)
  const left = [...dirty.map(({ name }) => name), ...held]
  return {
    files: files.length,
    bytes: files.reduce((sum, name) => sum + new OpenFile(join(folder, name)).bytes, 0),
    overwritten,
    words,
    left,
  }
}
