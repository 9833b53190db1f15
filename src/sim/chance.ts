/** Chance that a seed decides: the same seed, the same world. Never used where ids must not be guessed. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Chance } from '#ports/clock.ts'

/** Crockford's base 32: sorts as it counts, and leaves out letters that read like digits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export interface SeededChance extends Chance {
  /** 0 ≤ x < 1. */
  random(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  /** True this often, 0–1. */
  often(share: number): boolean
  /** One of them; throws on an empty list. */
  pick<T>(from: readonly T[]): T
  /** Exponentially distributed with this mean: the time to the next of things that happen independently. */
  wait(mean: number): number
  /** A generator of its own, so that drawing more here does not move what is drawn there. */
  fork(name: string): SeededChance
}

/** 32 bits of a text (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** sfc32 (PractRand, Chris Doty-Humphrey): 128 bits of state, small and fast. */
function sfc32(seed: string): () => number {
  let a = hash(`${seed}/a`)
  let b = hash(`${seed}/b`)
  let c = hash(`${seed}/c`)
  let d = 1
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

export function seededChance(seed: string): SeededChance {
  const bits = sfc32(seed)
  const random = (): number => bits() / 0x1_0000_0000
  const letters = (value: number, length: number): string => {
    let text = ''
    for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = (LETTERS[rest % 32] ?? '0') + text
    return text
  }
  return {
    /** As a ULID: ten letters of time, sixteen of chance. */
    id: (at: Ms) => {
      let text = letters(at, 10)
      for (let i = 0; i < 16; i++) text += LETTERS[bits() >>> 27] ?? '0'
      return text
    },
    random,
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    often: (share) => random() < share,
    pick: (from) => {
      const item = from[Math.floor(random() * from.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    wait: (mean) => -mean * Math.log(1 - random()),
    fork: (name) => seededChance(`${seed}/${name}`),
  }
}
