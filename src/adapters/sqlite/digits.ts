/**
 * The digits of all numbers, end to end in one block of bytes: looking through all of it takes some milliseconds per million numbers,
 * whether the digits stand at the beginning, at the end or inside, and needs no number to stand in an index on disk.
 */
import { Bits } from './bits.ts'

const BYTES_AT_FIRST = 1 << 16
const ENTRIES_AT_FIRST = 1 << 12
/** Entries looked through at a time. */
const BLOCK = 2_048

export type Match = 'exact' | 'prefix' | 'suffix' | 'inside'

const digitsOf = (text: string): string => text.replaceAll(/\D/gu, '')

export class Digits {
  #bytes = new Uint8Array(BYTES_AT_FIRST)
  /** Entry n is the bytes from `#ends[n - 1]` to `#ends[n]`; entry 0 is nobody. */
  #ends = new Uint32Array(ENTRIES_AT_FIRST)
  #last = 0

  /** Entries are numbered from 1, in the order added. */
  get last(): number {
    return this.#last
  }

  /** An entry with no digits is found by nothing. */
  add(number: string): void {
    const digits = digitsOf(number)
    const begin = this.#ends[this.#last] ?? 0
    while (begin + digits.length > this.#bytes.length) this.#bytes = larger(this.#bytes, new Uint8Array(this.#bytes.length * 2))
    this.#last += 1
    if (this.#last === this.#ends.length) this.#ends = larger(this.#ends, new Uint32Array(this.#ends.length * 2))
    for (let index = 0; index < digits.length; index++) this.#bytes[begin + index] = digits.charCodeAt(index)
    this.#ends[this.#last] = begin + digits.length
  }

  /** Nothing finds this entry any more, and its digits are gone. */
  blank(entry: number): void {
    this.#bytes.fill(0, this.#ends[entry - 1] ?? 0, this.#ends[entry] ?? 0)
  }

  /** The entries found. */
  find(how: Match, text: string): Bits {
    const found = new Bits(this.#last + 1)
    const wanted = Uint8Array.from(digitsOf(text), (digit) => digit.charCodeAt(0))
    if (wanted.length === 0) return found
    for (let first = 1; first <= this.#last; first += BLOCK) {
      const last = Math.min(this.#last, first + BLOCK - 1)
      if (how === 'inside') inside(this.#bytes, this.#ends, first, last, wanted, found)
      else atOneEnd(how, this.#bytes, this.#ends, first, last, wanted, found)
    }
    return found
  }
}

const isAt = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean => {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false
  return true
}

/* The loops below go over a block of entries only, so that V8 compiles them once for many calls. */

const atOneEnd = (
  how: 'exact' | 'prefix' | 'suffix',
  bytes: Uint8Array,
  ends: Uint32Array,
  first: number,
  last: number,
  wanted: Uint8Array,
  found: Bits,
): void => {
  let begin = ends[first - 1] ?? 0
  for (let entry = first; entry <= last; entry++) {
    const end = ends[entry] ?? begin
    const latest = end - wanted.length
    const fits = how === 'exact' ? latest === begin : latest >= begin
    if (fits && isAt(bytes, how === 'suffix' ? latest : begin, wanted)) found.add(entry)
    begin = end
  }
}

const inside = (bytes: Uint8Array, ends: Uint32Array, first: number, last: number, wanted: Uint8Array, found: Bits): void => {
  const digit = wanted[0]
  let begin = ends[first - 1] ?? 0
  for (let entry = first; entry <= last; entry++) {
    const end = ends[entry] ?? begin
    const latest = end - wanted.length
    for (let at = begin; at <= latest; at++) {
      if (bytes[at] !== digit || !isAt(bytes, at, wanted)) continue
      found.add(entry)
      break
    }
    begin = end
  }
}

const larger = <T extends { set(from: T): void }>(from: T, to: T): T => {
  to.set(from)
  return to
}
