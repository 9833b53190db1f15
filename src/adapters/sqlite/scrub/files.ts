/** Files searched byte by byte for a number. What was opened stays open: to close a file SQLite has open too would let go of its locks. */
import { fsyncSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Needles } from './needles.ts'
import { patternOf, SPELLING_BYTES_MAX, type Spelled } from './spellings.ts'

const BLOCK_BYTES = 4 * 1024 * 1024

interface Found {
  readonly at: number
  readonly bytes: number
}

/** What is looked for: by its pattern, around the places where it may be. */
export class Wanted {
  readonly pattern: RegExp
  readonly #needles: Needles

  constructor(all: readonly Spelled[]) {
    this.pattern = patternOf(...all)
    this.#needles = new Needles(all)
  }

  /** Each once, in order. */
  in(block: Buffer): readonly Found[] {
    const found = new Map<number, Found>()
    for (const place of this.#needles.in(block)) {
      const from = Math.max(0, place - SPELLING_BYTES_MAX)
      for (const match of block.toString('latin1', from, place + SPELLING_BYTES_MAX).matchAll(this.pattern)) {
        const [at, bytes] = [from + match.index, match[0].length]
        // What begins at the edge of what is looked at may be the end of something else.
        if (at <= place && place < at + bytes) found.set(at, { at, bytes })
      }
    }
    return [...found.values()]
  }
}

export class OpenFile {
  readonly path: string
  readonly #file: number

  constructor(path: string) {
    this.path = path
    this.#file = openSync(path, 'r+')
  }

  read(at: number, bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes)
    return buffer.subarray(0, readSync(this.#file, buffer, 0, bytes, at))
  }

  write(bytes: Buffer, at: number): void {
    writeSync(this.#file, bytes, 0, bytes.length, at)
  }

  sync(): void {
    fsyncSync(this.#file)
  }

  get bytes(): number {
    return statSync(this.path).size
  }

  /** Where it begins, and how many bytes it has there. */
  *find(wanted: Wanted): Generator<Found> {
    const block = Buffer.allocUnsafe(BLOCK_BYTES + 2 * SPELLING_BYTES_MAX)
    for (let from = 0; from < this.bytes; from += BLOCK_BYTES) {
      // A little of the block before is read again: the digit before a number tells whether it is one.
      const begin = Math.max(0, from - SPELLING_BYTES_MAX)
      const bytes = readSync(this.#file, block, 0, from - begin + BLOCK_BYTES + SPELLING_BYTES_MAX, begin)
      for (const found of wanted.in(block.subarray(0, bytes))) {
        const at = begin + found.at
        if (at >= from && at < from + BLOCK_BYTES) yield { at, bytes: found.bytes }
      }
    }
  }
}

/** Regular files of the folder and of those within, by their path in it; sockets are none. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
