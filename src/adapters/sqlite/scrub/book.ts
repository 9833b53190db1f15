/** A database of the data folder, looked into and overwritten where it stores nothing, beside whoever has it open. For a process of its own. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { isCorrupt } from '../rpc.ts'
import { OpenFile, type Wanted } from './files.ts'
import { freePages, gapsOf } from './gaps.ts'

/** Databases that this program writes; what else looks like one is treated as a file of bytes. */
const DATABASES: readonly string[] = ['journal.db', 'archive.db', 'contacts.db', 'directory.db', 'accounts.db', 'audit.db', 'figures.db']
const PAGE_SIZE_AT = 16
/** A commit may come between the log's being brought in and the lock: it is tried again. */
const LOCK_TRIES = 200
const BUSY_MS_MAX = 5_000
const PAGES_A_LOCK = 100

const isAnything = (text: string): boolean => /[^\0]/u.test(text)

export class Book {
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
    return pages.length === 0 ? 0 : this.#locked(() => this.#overwrite(pages, (text) => text.search(wanted.pattern) !== -1))
  }

  /** Overwrites whatever is left in any gap or freed page; some pages under one lock, so that whoever writes waits for moments only. */
  wipe(): number {
    this.#emptyLog()
    const pages = [...this.#pagesWithRests()]
    let places = 0
    for (let from = 0; from < pages.length; from += PAGES_A_LOCK)
      places += this.#locked(() => this.#overwrite(pages.slice(from, from + PAGES_A_LOCK), isAnything))
    return places
  }

  *#pagesWithRests(): Generator<number> {
    const free = freePages((number) => this.#page(number))
    const count = Math.floor(this.#file.bytes / this.#pageBytes)
    for (let number = 1; number <= count; number++) {
      const page = this.#page(number)
      const ranges = free.has(number) ? [{ from: 0, to: page.length }] : gapsOf(page, number)
      if (ranges.some(({ from, to }) => isAnything(page.toString('latin1', from, to)))) yield number
    }
  }

  #locked(work: () => number): number {
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      this.#emptyLog()
      this.db.exec('BEGIN IMMEDIATE')
      if (this.#log === null || this.#log.bytes === 0) return work()
      this.db.exec('ROLLBACK')
    }
    return 0
  }

  /** Under the lock, with an empty log: what the file holds is what there is. A write after it makes others forget the pages they keep. */
  #overwrite(pages: readonly number[], goes: (text: string) => boolean): number {
    let places = 0
    const free = freePages((number) => this.#page(number))
    for (const number of pages) {
      const page = this.#page(number)
      for (const { from, to } of free.has(number) ? [{ from: 0, to: page.length }] : gapsOf(page, number)) {
        if (!goes(page.toString('latin1', from, to))) continue
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

export const openBooks = (folder: string): readonly Book[] =>
  DATABASES.filter((name) => existsSync(join(folder, name))).flatMap((name) => {
    try {
      return new Book(folder, name)
    } catch (error) {
      if (isCorrupt(error)) return []
      throw error
    }
  })
