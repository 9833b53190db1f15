/**
 * The digits of all numbers, end to end in one block of bytes: searching it whole for some digits takes about a millisecond per
 * million bytes, whether they stand at the beginning, at the end or inside, and needs no number to stand in an index on disk.
 */
const SEPARATOR = 0x2f
const BYTES_AT_FIRST = 1 << 16
const ENTRIES_AT_FIRST = 1 << 12

export type Match = 'exact' | 'prefix' | 'suffix' | 'inside'

export const digitsOf = (text: string): string => text.replaceAll(/\D/gu, '')

export class Digits {
  /** `/4670123…/4685000…/`: each entry between two separators. */
  #bytes = Buffer.alloc(BYTES_AT_FIRST, SEPARATOR)
  #length = 1
  /** Where entry n begins. */
  #starts = new Uint32Array(ENTRIES_AT_FIRST)
  #count = 0

  /** Entries are numbered from 0, in the order added. */
  get count(): number {
    return this.#count
  }

  /** An entry with no digits is found by nothing. */
  add(number: string): void {
    const digits = digitsOf(number)
    while (this.#length + digits.length + 1 > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length, SEPARATOR)])
    }
    if (this.#count === this.#starts.length) {
      const larger = new Uint32Array(this.#starts.length * 2)
      larger.set(this.#starts)
      this.#starts = larger
    }
    this.#starts[this.#count] = this.#length
    this.#count += 1
    this.#bytes.write(digits, this.#length, 'latin1')
    this.#length += digits.length + 1
  }

  /** The entries found, ascending. */
  find(how: Match, text: string): number[] {
    const digits = digitsOf(text)
    if (digits === '') return []
    const before = how === 'exact' || how === 'prefix' ? '/' : ''
    const behind = how === 'exact' || how === 'suffix' ? '/' : ''
    const needle = Buffer.from(`${before}${digits}${behind}`, 'latin1')
    const found: number[] = []
    let entry = 0
    let at = this.#bytes.indexOf(needle, 0)
    while (at >= 0 && at < this.#length) {
      entry = this.#entryAt(at + before.length, entry)
      found.push(entry)
      entry += 1
      const next = entry < this.#count ? (this.#starts[entry] ?? this.#length) - 1 : this.#length
      at = this.#bytes.indexOf(needle, next)
    }
    return found
  }

  /** The last entry that begins at or before, none before `from`. */
  #entryAt(at: number, from: number): number {
    let low = from
    let high = this.#count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return low
  }
}
