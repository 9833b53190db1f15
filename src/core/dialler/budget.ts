/**
 * The day's error budget: of all who will have answered when the day ends, the target's share may have been silent. What is left of it,
 * spread over the answers still to come, is the rate to aim at now; and what the forecast turned out to be worth tells which threshold
 * gives that rate.
 */
import type { Totals } from './types.ts'

export interface BudgetState {
  /** Silent calls the forecast expected of the calls placed, and answers, both faded. */
  forecast: number
  /** The same, of all calls that were judged, against the threshold in force. */
  used: number
  allowed: number
  /** Silent calls seen beside `forecast`. */
  silent: number
  lastSilent: number
  lastAnswered: number
  /** Answers, and the seconds they came in, both faded. */
  answers: number
  seconds: number
}

export const noBudget = (): BudgetState => ({
  forecast: 0,
  used: 0,
  allowed: 0,
  silent: 0,
  lastSilent: 0,
  lastAnswered: 0,
  answers: 0,
  seconds: 0,
})

export interface BudgetNow {
  readonly totals: Totals
  readonly target: number
  /** Answers expected until the day ends. */
  readonly toCome: number
  /** Answers that calls in the air are expected to give. */
  readonly inAir: number
  /** Agents who could be there. */
  readonly agents: number
}

/** No more than so many times the target at a time, however much is left: a quiet morning pays for no wild afternoon. */
const MOST = 1.6

/** Silent calls the day can still bear: of the answers there have been and those sure to come, less those that were silent. */
export const bearable = ({ totals, target, toCome }: BudgetNow): number =>
  target * (totals.answered + Math.max(0, toCome * 0.95 - Math.sqrt(toCome))) - totals.silent

/** The rate of silent calls to aim at now; 0 while only what cannot go wrong may be dialled. */
export function rateNow(now: BudgetNow): number {
  const { totals, target, toCome, inAir, agents } = now
  // Silent calls come in bursts: where one finds nobody, the others in the air may well find nobody either. One burst is kept in hand
  // from the first hour on, not saved up for in the last; of a small day's budget not more than a third.
  const burst = 1.2 + 0.9 * Math.max(0, inAir - 1) + 0.01 * agents
  const reserve = 1.1 + 0.2 * inAir + Math.min(burst, 0.35 * target * (totals.answered + toCome))
  const left = bearable(now) - reserve
  if (left <= 0) return 0
  // Less than in proportion when little is left, more when much is: a burst of silent calls is met before it is beyond earning back.
  const even = left / Math.max(toCome, 1)
  return Math.min(MOST * target, even * Math.min(1.25, 0.6 + (0.6 * even) / target))
}

/** The threshold on one more call's risk that should give that rate. */
export function thresholdFor(state: BudgetState, rate: number): number {
  const worth = (state.silent + 3) / (state.forecast + 2)
  const usual = (state.used + 1) / (state.allowed + 2)
  return rate / Math.min(3, Math.max(0.33, worth)) / Math.min(1, Math.max(0.15, usual))
}

const MEMORY = 800

/** A call was placed: with this chance it is answered, with this risk its answer finds nobody; `threshold` was in force. */
export function placed(state: BudgetState, chance: number, risk: number, threshold: number): void {
  const fading = 1 - chance / MEMORY
  state.forecast = state.forecast * fading + chance * risk
  state.silent *= fading
  const quick = 1 - chance / 40
  state.used = state.used * quick + chance * risk
  state.allowed = state.allowed * quick + chance * threshold
}

/** Answers are counted over about so many seconds. */
const LATELY_S = 1_500

/** Time passed; what is new in the totals. */
export function counted(state: BudgetState, totals: Totals, seconds: number): void {
  // A new day begins with totals of nothing.
  state.silent += Math.max(0, totals.silent - state.lastSilent)
  const fading = Math.exp(-seconds / LATELY_S)
  state.answers = state.answers * fading + Math.max(0, totals.answered - state.lastAnswered)
  state.seconds = state.seconds * fading + seconds
  state.lastSilent = totals.silent
  state.lastAnswered = totals.answered
}

export const answersPerSecond = ({ answers, seconds }: BudgetState): number => answers / Math.max(seconds, 1)
