/** Files searched byte by byte for a number. What was opened stays open: to close a file SQLite has open too would let go of its locks. */
import { fsyncSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Needles } from './needles.ts'
import { patternOf, SPELLING_BYTES_MAX, type Spelled } from './spellings.ts'

const BLOCK_BYTES = 4 * 1024 * 1024

/** What is looked for: by its pattern, in blocks that may hold it. */
export class Wanted {
  readonly pattern: RegExp
  readonly #needles: Needles

  constructor(all: readonly Spelled[]) {
    this.pattern = patternOf(...all)
    this.#needles = new Needles(all)
  }

  in(block: Buffer): Iterable<RegExpExecArray> {
    return this.#needles.mayBeIn(block) ? block.toString('latin1').matchAll(this.pattern) : []
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
  *find(wanted: Wanted): Generator<{ readonly at: number; readonly bytes: number }> {
    for (let from = 0; from < this.bytes; from += BLOCK_BYTES) {
      // A little of the block before is read again: the digit before a number tells whether it is one.
      const begin = Math.max(0, from - SPELLING_BYTES_MAX)
      for (const match of wanted.in(this.read(begin, from - begin + BLOCK_BYTES + SPELLING_BYTES_MAX))) {
        const at = begin + match.index
        if (at >= from && at < from + BLOCK_BYTES) yield { at, bytes: match[0].length }
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
