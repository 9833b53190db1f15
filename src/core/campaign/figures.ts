/**
 * What the pages tell of a campaign beyond what its rules need: what its agents' time went to, how busy its lines were, and what came
 * of each try. Sums of a span of time; those of two spans are added. They are a projection of the journal's facts (`meter.ts`).
 */
import type { CampaignId, Ms } from '../kernel/kernel.ts'

/** Time, each multiplied by how many: two agents who talk for a minute are two minutes of talk. */
export interface Times {
  /** Agents with one of its contacts. */
  readonly talkMs: Ms
  /** Agents with a card, being rung for a contact, or hearing a contact's phone ring. */
  readonly onTheWayMs: Ms
  readonly wrapUpMs: Ms
  /** Agents who are ready and counted on by it, and by no other. dialler.md 1 */
  readonly idleMs: Ms
  /** Agents paused or about to be, resting, or out of reach. */
  readonly awayMs: Ms
  /** Contacts being rung, or without an agent yet. */
  readonly airMs: Ms
  /** The day's limit of silent calls kept it from dialling more than one call for each ready agent. */
  readonly heldMs: Ms
}

export interface Counts {
  readonly placed: number
  /** Those of the instant of the answer, whenever they were known. */
  readonly answered: number
  readonly silent: number
  /** Stretches of an agent's being ready, from a call or its wrap-up to a call of this campaign, and their sum. */
  readonly idles: number
  readonly idlesMs: Ms
  /** Cards shown for the first time, and how long they waited for an agent, together. */
  readonly cards: number
  readonly cardsMs: Ms
}

export interface Figures extends Times, Counts {
  /** The idle stretches by their whole seconds, the longest together. Of a day. */
  readonly idleSeconds?: Readonly<Record<string, number>>
  /** Attempts used up: the first, the second … of a contact, answered or not. Of all time. */
  readonly tries?: readonly Tried[]
}

export interface Tried {
  readonly answered: number
  readonly not: number
}

/** How many just now: what the times grow by in an instant. */
export type Rates = { readonly [K in keyof Times as K extends `${infer Name}Ms` ? Name : never]: number }

/** `all`: from the campaign's beginning, kept at 0. */
export type Span = 'minute' | 'hour' | 'day' | 'all'

/** Figures of the span of a campaign that began then. */
export interface Spanned {
  readonly campaignId: CampaignId
  readonly span: Span
  readonly at: Ms
  readonly figures: Figures
}

export const NO_FIGURES: Figures = {
  talkMs: 0,
  onTheWayMs: 0,
  wrapUpMs: 0,
  idleMs: 0,
  awayMs: 0,
  airMs: 0,
  heldMs: 0,
  placed: 0,
  answered: 0,
  silent: 0,
  idles: 0,
  idlesMs: 0,
  cards: 0,
  cardsMs: 0,
}
export const NO_RATES: Rates = { talk: 0, onTheWay: 0, wrapUp: 0, idle: 0, away: 0, air: 0, held: 0 }

const NAMES = Object.keys(NO_FIGURES) as (keyof typeof NO_FIGURES & (keyof Times | keyof Counts))[]

/** Both together. */
export function plus(a: Figures, b: Partial<Figures>): Figures {
  const sum: Record<string, number> = {}
  for (const name of NAMES) sum[name] = a[name] + (b[name] ?? 0)
  return {
    ...(sum as unknown as Figures),
    ...both('idleSeconds', a.idleSeconds, b.idleSeconds, addSeconds),
    ...both('tries', a.tries, b.tries, addTries),
  }
}

const both = <K extends string, T>(name: K, a: T | undefined, b: T | undefined, add: (a: T, b: T) => T) => {
  const value = a === undefined ? b : b === undefined ? a : add(a, b)
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: T })
}

function addSeconds(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a }
  for (const [seconds, count] of Object.entries(b)) sum[seconds] = (sum[seconds] ?? 0) + count
  return sum
}

const NOT_TRIED: Tried = { answered: 0, not: 0 }
const addTries = (a: readonly Tried[], b: readonly Tried[]): readonly Tried[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const [one, other] = [a[index] ?? NOT_TRIED, b[index] ?? NOT_TRIED]
    return { answered: one.answered + other.answered, not: one.not + other.not }
  })

export const timesOf = (rates: Rates, ms: Ms): Times => ({
  talkMs: rates.talk * ms,
  onTheWayMs: rates.onTheWay * ms,
  wrapUpMs: rates.wrapUp * ms,
  idleMs: rates.idle * ms,
  awayMs: rates.away * ms,
  airMs: rates.air * ms,
  heldMs: rates.held * ms,
})

/** An interval cut where spans of this length begin: each piece with its span's beginning. */
export function pieces(from: Ms, until: Ms, spanMs: Ms): readonly { readonly at: Ms; readonly ms: Ms }[] {
  const cut: { at: Ms; ms: Ms }[] = []
  for (let start = from; start < until; ) {
    const at = start - (start % spanMs)
    const end = Math.min(until, at + spanMs)
    cut.push({ at, ms: end - start })
    start = end
  }
  return cut
}

/** Of the idle stretches; null where there is none. */
export function medianIdleMs({ idleSeconds = {} }: Figures): Ms | null {
  const seconds = Object.entries(idleSeconds)
    .map(([second, count]) => [Number(second), count] as const)
    .sort(([a], [b]) => a - b)
  let left = seconds.reduce((sum, [, count]) => sum + count, 0) / 2
  for (const [second, count] of seconds) {
    left -= count
    if (left <= 0) return second * 1000
  }
  return null
}
