/**
 * After an erasure: every file of the data folder is searched for the number, in any spelling, and what is left of it where nothing is
 * stored any more (gaps of pages, freed pages, the write-ahead log, a damaged file kept aside, a log) is overwritten. Beside the
 * program that runs, for a process of its own: it holds the write lock for moments only, and closes no file before it ends.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sumRows } from '../row-sums.ts'
import { openBooks } from './book.ts'
import { filesIn, OpenFile, Wanted } from './files.ts'
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

/** The program's own marks, in which no number stands: `lock.db` is empty, and held by an exclusive lock. */
const LOCK = 'lock.db'
const MARKS: readonly string[] = [LOCK, 'erasures.list', 'persons.key', 'journal.mark', 'solution.version']
const ROUNDS_MAX = 5

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
