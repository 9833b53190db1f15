/** A set of small whole numbers, a bit each: two hundred thousand fit into the fastest cache, where a byte each would not. */
export class Bits {
  readonly #words: Uint32Array
  #any = false

  /** For numbers below `room`. */
  constructor(room: number) {
    this.#words = new Uint32Array((room >>> 5) + 1)
  }

  get any(): boolean {
    return this.#any
  }

  add(number: number): void {
    const word = number >>> 5
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (number & 31))
    this.#any = true
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1
  }

  /** Those in it, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#words.length; at++) {
      for (let word = this.#words[at] ?? 0; word !== 0; word &= word - 1) yield at * 32 + 31 - Math.clz32(word & -word)
    }
  }
}
