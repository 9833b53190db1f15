/**
 * The digits of all numbers, end to end in one block of bytes: looking through all of it takes some milliseconds per million numbers,
 * whether the digits stand at the beginning, at the end or inside, and needs no number to stand in an index on disk.
 */
const BYTES_AT_FIRST = 1 << 16
const ENTRIES_AT_FIRST = 1 << 12

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

  /** A table with 1 at each entry found. */
  find(how: Match, text: string): Uint8Array {
    const table = new Uint8Array(this.#last + 1)
    const digits = digitsOf(text)
    if (digits === '') return table
    const wanted = Uint8Array.from(digits, (digit) => digit.charCodeAt(0))
    let begin = 0
    for (let entry = 1; entry <= this.#last; entry++) {
      const end = this.#ends[entry] ?? begin
      const latest = end - wanted.length
      if (how === 'inside') {
        if (this.#isWithin(begin, latest, wanted)) table[entry] = 1
      } else {
        const fits = how === 'exact' ? latest === begin : latest >= begin
        if (fits && this.#isAt(how === 'suffix' ? latest : begin, wanted)) table[entry] = 1
      }
      begin = end
    }
    return table
  }

  #isAt(at: number, wanted: Uint8Array): boolean {
    const bytes = this.#bytes
    for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false
    return true
  }

  #isWithin(begin: number, latest: number, wanted: Uint8Array): boolean {
    const bytes = this.#bytes
    const first = wanted[0]
    for (let at = begin; at <= latest; at++) if (bytes[at] === first && this.#isAt(at, wanted)) return true
    return false
  }
}

const larger = <T extends { set(from: T): void }>(from: T, to: T): T => {
  to.set(from)
  return to
}
