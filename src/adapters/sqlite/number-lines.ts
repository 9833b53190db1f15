/**
 * Telephone numbers and the line each stood on first: a million in memory while a file is read, 15 to 19 bytes each. The table is in parts
 * that grow one by one and a little at a time, so that never the whole of it is there twice; the memory of a part that has grown is let go
 * at once, not when it is next collected.
 */

/** A power of two: the first bits of a number's hash say in which part it is. */
const PARTS = 64
const PART_BITS = Math.log2(PARTS)
const FIRST_SLOTS = 64
/** Filled so far, a part grows: a number is then found among a dozen slots that follow each other, and most among two or three. */
const LOAD_MAX = 0.8
const GROWTH = 1.25
const LINE_BYTES = Uint32Array.BYTES_PER_ELEMENT
const KEY_BYTES = Float64Array.BYTES_PER_ELEMENT
/** 2^32 divided by the golden ratio: spreads numbers that follow each other (Knuth, The Art of Computer Programming 3, 6.4). */
const SPREAD = 0x9e3779b1

/** E.164 has at most 15 digits, so that a double holds it; others (short numbers, leading zeros) are told apart by sign and a leading 1. */
const keyOf = (number: string): number => (number.startsWith('+') ? Number(number.slice(1)) : -Number(`1${number}`))

/** 32 bits. */
const hashOf = (key: number): number => Math.imul(key % 0x7fffffff, SPREAD) >>> 0

/** The bits behind those that say the part, as a fraction of one. */
const placeOf = (hash: number): number => ((hash << PART_BITS) >>> 0) / 2 ** 32

/** Key 0: nobody is there. */
interface Slots {
  readonly keys: Float64Array
  readonly lines: Uint32Array
  readonly memory: ArrayBuffer
}

const emptySlots = (count: number): Slots => {
  const memory = new ArrayBuffer(count * (KEY_BYTES + LINE_BYTES))
  return { keys: new Float64Array(memory, 0, count), lines: new Uint32Array(memory, count * KEY_BYTES, count), memory }
}

class Part {
  #slots = emptySlots(FIRST_SLOTS)
  #size = 0

  add(key: number, hash: number, line: number): number | null {
    const earlier = this.#put(key, hash, line)
    if (earlier !== null) return earlier
    this.#size += 1
    if (this.#size > this.#slots.keys.length * LOAD_MAX) this.#grow()
    return null
  }

  #put(key: number, hash: number, line: number): number | null {
    const { keys, lines } = this.#slots
    let slot = Math.floor(placeOf(hash) * keys.length)
    for (let there = keys[slot]; there !== 0; there = keys[slot]) {
      if (there === key) return lines[slot] ?? null
      slot = slot + 1 === keys.length ? 0 : slot + 1
    }
    keys[slot] = key
    lines[slot] = line
    return null
  }

  #grow(): void {
    const { keys, lines, memory } = this.#slots
    this.#slots = emptySlots(Math.ceil(keys.length * GROWTH))
    keys.forEach((key, slot) => {
      if (key !== 0) this.#put(key, hashOf(key), lines[slot] ?? 0)
    })
    memory.transfer(0)
  }
}

export class NumberLines {
  readonly #parts = Array.from({ length: PARTS }, () => new Part())

  /** The line it stood on before; null where it is new. */
  add(number: string, line: number): number | null {
    const key = keyOf(number)
    const hash = hashOf(key)
    return (this.#parts[hash >>> (32 - PART_BITS)] as Part).add(key, hash, line)
  }
}
