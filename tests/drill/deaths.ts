/** At which instants the engine is killed, and what it says of it. */
import type { SeededChance } from '#sim/chance.ts'

/** Those the program dies at by itself, when it comes there; the others are seen from outside, by the network. */
export type InsideKind = 'beforeAppend' | 'afterAppend' | 'unanswered' | 'contactAnswered' | 'snapshot' | 'replay'
export type Kind = InsideKind | 'callbackRinging' | 'consultOnHold'

export const KINDS: Readonly<Record<Kind, string>> = {
  beforeAppend: 'before the append',
  afterAppend: 'between append and effect',
  unanswered: 'effect sent and not answered',
  callbackRinging: 'customer’s phone ringing in a callback',
  contactAnswered: 'contact answered with no agent yet',
  consultOnHold: 'consult with the customer on hold',
  snapshot: 'during a snapshot',
  replay: 'during replay',
}
export const kinds = Object.keys(KINDS) as readonly Kind[]

/** To die there, after so many such moments have been let pass. */
export interface Order {
  readonly kind: InsideKind
  readonly passes: number
}

/** What was being done at the end. */
export interface Last {
  /** By the wall clock, milliseconds since 1970. */
  readonly at: number
  readonly kind: InsideKind
  readonly facts: readonly string[]
  readonly legs: readonly string[]
}

export const isInside = (kind: Kind): kind is InsideKind => kind !== 'callbackRinging' && kind !== 'consultOnHold'

/** `count` kinds in an order of chance: each as often as the others, and once more where the number does not divide evenly. */
export function drawKinds(count: number, chance: SeededChance): readonly Kind[] {
  const all: Kind[] = []
  while (all.length < count) all.push(...shuffled(kinds, chance).slice(0, count - all.length))
  return all
}

function shuffled<T>(list: readonly T[], chance: SeededChance): readonly T[] {
  const left = [...list]
  const drawn: T[] = []
  while (left.length > 0) drawn.push(...left.splice(chance.between(0, left.length - 1), 1))
  return drawn
}
