/**
 * Where in a block of bytes one of some numbers may stand: quick, for gigabytes, and none left out. Whether it does is then told by the
 * pattern (`spellings.ts`). A number is a run of digits, with what stands between them, so that a byte in every few is looked at, and
 * those around it only where it may be of such a run (after Boyer and Moore, A Fast String Searching Algorithm, 1977).
 */
import type { Spelled } from './spellings.ts'

/** Characters that stand between digits: blank ( ) - . / and the blank that does not break. */
const BETWEEN = new Uint8Array(256)
for (const character of ' ()-./\u00a0') BETWEEN[character.charCodeAt(0)] = 1
const BETWEEN_MAX = 3

/** Bytes a number may be made of, those of two bytes a character included. */
const MEMBER = BETWEEN.slice()
for (const character of '\u00000123456789') MEMBER[character.charCodeAt(0)] = 1

/** What is looked for, as arrays alone. */
interface Digits {
  readonly all: readonly Uint8Array[]
  /** By byte: some number begins with it; it may follow the first. */
  readonly first: Uint8Array
  readonly second: Uint8Array
  /** Digits of the shortest. */
  readonly least: number
}

export class Needles {
  readonly #digits: Digits

  constructor(numbers: readonly Spelled[]) {
    const all = numbers.map(({ bare }) => Uint8Array.from(bare, (digit) => digit.charCodeAt(0)))
    const [first, second] = [new Uint8Array(256), BETWEEN.slice()]
    second[0] = 1
    for (const [one = 0, two = 0] of all) {
      first[one] = 1
      second[two] = 1
    }
    this.#digits = { all, first, second, least: Math.min(...all.map(({ length }) => length)) }
  }

  /** Where the first digit without country code and trunk prefix is. */
  in(block: Uint8Array): readonly number[] {
    return placesIn(block, this.#digits)
  }
}

/** Functions of their own with nothing but arrays: V8 makes a fraction of a nanosecond a byte of them. */
function placesIn(block: Uint8Array, digits: Digits): readonly number[] {
  const { least } = digits
  const found: number[] = []
  for (let at = least - 1; at < block.length; at += least) {
    if (MEMBER[block[at] as number] === 0) continue
    let from = at
    while (from > 0 && MEMBER[block[from - 1] as number] === 1) from -= 1
    while (at < block.length && MEMBER[block[at] as number] === 1) at += 1
    if (at - from >= least) addPlaces(found, block, from, at, digits)
  }
  return found
}

/** Of one run. */
function addPlaces(found: number[], block: Uint8Array, from: number, to: number, { all, first, second }: Digits): void {
  for (let at = from; at < to - 1; at++) {
    if (first[block[at] as number] === 0 || second[block[at + 1] as number] === 0) continue
    for (const digits of all) if (isAt(block, at, digits) || isWideAt(block, at, digits)) found.push(at)
  }
}

/** The digits from here on, with no more than a few characters between two of them. */
const isAt = (block: Uint8Array, from: number, digits: Uint8Array): boolean => {
  let at = from
  for (let index = 0; index < digits.length; index++) {
    for (let between = 0; index > 0 && between < BETWEEN_MAX && BETWEEN[block[at] ?? 0] === 1; between++) at += 1
    if (block[at] !== digits[index]) return false
    at += 1
  }
  return true
}

/** The digits with a zero byte between each and the next: two bytes a character, whichever comes first. */
const isWideAt = (block: Uint8Array, from: number, digits: Uint8Array): boolean => {
  for (let index = 0; index < digits.length; index++)
    if (block[from + 2 * index] !== digits[index] || (index > 0 && block[from + 2 * index - 1] !== 0)) return false
  return true
}
