/** Telephone numbers and the line each stood on first, in 12 bytes each (24 with the room kept free): a million in memory while a file is read. */

const FIRST_SIZE = 1 << 12
/** Filled so far, it grows. */
const LOAD_MAX = 0.6
/** 2^32 divided by the golden ratio: spreads numbers that follow each other (Knuth, The Art of Computer Programming 3, 6.4). */
const SPREAD = 0x9e3779b1

/** E.164 has at most 15 digits, so that a double holds it; others (short numbers, leading zeros) are told apart by sign and a leading 1. */
const keyOf = (number: string): number => (number.startsWith('+') ? Number(number.slice(1)) : -Number(`1${number}`))

export class NumberLines {
  #slots = new Float64Array(FIRST_SIZE)
  #lines = new Uint32Array(FIRST_SIZE)
  #size = 0

  /** The line it stood on before; null where it is new. */
  add(number: string, line: number): number | null {
    const earlier = this.#put(keyOf(number), line)
    if (earlier !== null) return earlier
    this.#size += 1
    if (this.#size > this.#slots.length * LOAD_MAX) this.#grow()
    return null
  }

  #put(key: number, line: number): number | null {
    const mask = this.#slots.length - 1
    let place = (Math.imul(key % 0x7fffffff, SPREAD) >>> 7) & mask
    for (let there = this.#slots[place]; there !== 0; there = this.#slots[place]) {
      if (there === key) return this.#lines[place] ?? null
      place = (place + 1) & mask
    }
    this.#slots[place] = key
    this.#lines[place] = line
    return null
  }

  #grow(): void {
    const [slots, lines] = [this.#slots, this.#lines]
    this.#slots = new Float64Array(slots.length * 2)
    this.#lines = new Uint32Array(slots.length * 2)
    slots.forEach((key, place) => {
      if (key !== 0) this.#put(key, lines[place] ?? 0)
    })
  }
}
