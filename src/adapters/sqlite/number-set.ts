/** A set of telephone numbers in 8 bytes each (16 with the room kept free): a million of them in memory while a file is read. */

const FIRST_SIZE = 1 << 12
/** Filled so far, it grows. */
const LOAD_MAX = 0.6
/** 2^32 divided by the golden ratio: spreads numbers that follow each other (Knuth, The Art of Computer Programming 3, 6.4). */
const SPREAD = 0x9e3779b1

/** E.164 has at most 15 digits, so that a double holds it; others (short numbers, leading zeros) are told apart by sign and a leading 1. */
const keyOf = (number: string): number => (number.startsWith('+') ? Number(number.slice(1)) : -Number(`1${number}`))

export class NumberSet {
  #slots = new Float64Array(FIRST_SIZE)
  #size = 0

  /** False where it was there. */
  add(number: string): boolean {
    if (!this.#put(keyOf(number))) return false
    this.#size += 1
    if (this.#size > this.#slots.length * LOAD_MAX) this.#grow()
    return true
  }

  #put(key: number): boolean {
    const mask = this.#slots.length - 1
    let place = (Math.imul(key % 0x7fffffff, SPREAD) >>> 7) & mask
    for (let there = this.#slots[place]; there !== 0; there = this.#slots[place]) {
      if (there === key) return false
      place = (place + 1) & mask
    }
    this.#slots[place] = key
    return true
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Float64Array(before.length * 2)
    for (const key of before) if (key !== 0) this.#put(key)
  }
}
