/**
 * Whether a block of bytes may hold one of some numbers: quick, for gigabytes, and never no where it does. What may is then looked at by
 * the pattern (`spellings.ts`).
 */
import type { Spelled } from './spellings.ts'

/** Characters that stand between digits: blank ( ) - . / and the blank that does not break. */
const BETWEEN = new Uint8Array(256)
for (const character of ' ()-./\u00a0') BETWEEN[character.charCodeAt(0)] = 1
const BETWEEN_MAX = 3

export class Needles {
  readonly #digits: readonly Uint8Array[]
  readonly #wide: readonly Buffer[]
  /** By byte: some number begins with it; it may follow the first. */
  readonly #first = new Uint8Array(256)
  readonly #second = BETWEEN.slice()

  constructor(all: readonly Spelled[]) {
    this.#digits = all.map(({ bare }) => Uint8Array.from(bare, (digit) => digit.charCodeAt(0)))
    this.#wide = all.map(({ bare }) => Buffer.from(bare, 'utf16le').subarray(0, -1))
    for (const [first = 0, second = 0] of this.#digits) {
      this.#first[first] = 1
      this.#second[second] = 1
    }
  }

  mayBeIn(block: Buffer): boolean {
    return this.#wide.some((wide) => block.includes(wide)) || isAnyIn(block, this.#first, this.#second, this.#digits)
  }
}

/** A function of its own with nothing but arrays: V8 makes about a nanosecond a byte of it. */
function isAnyIn(block: Buffer, first: Uint8Array, second: Uint8Array, all: readonly Uint8Array[]): boolean {
  const last = block.length - 1
  for (let at = 0; at < last; at++) {
    if (first[block[at] as number] === 0 || second[block[at + 1] as number] === 0) continue
    for (const digits of all) if (isAt(block, at, digits)) return true
  }
  return false
}

/** The digits from here on, with no more than a few characters between two of them. */
const isAt = (block: Buffer, from: number, digits: Uint8Array): boolean => {
  let at = from
  for (let index = 0; index < digits.length; index++) {
    for (let between = 0; index > 0 && between < BETWEEN_MAX && BETWEEN[block[at] ?? 0] === 1; between++) at += 1
    if (block[at] !== digits[index]) return false
    at += 1
  }
  return true
}
