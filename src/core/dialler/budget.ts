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
}

export const noBudget = (): BudgetState => ({ forecast: 0, used: 0, allowed: 0, silent: 0, lastSilent: 0 })

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
/** No less than this share of the target while there is a day left in which to earn it back. */
const LEAST = 0.04

/** The rate of silent calls to aim at now. */
export function rateNow({ totals, target, toCome, inAir, agents }: BudgetNow): number {
  const sure = Math.max(0, toCome * 0.93 - 2 * Math.sqrt(toCome))
  const reserve = 1 + 0.15 * inAir + Math.min(0.02 * agents, 2)
  const left = target * (totals.answered + sure) - totals.silent - reserve
  const rate = left / Math.max(toCome, 1)
  return Math.min(MOST * target, Math.max(LEAST * target, rate))
}

/** The threshold on one more call's risk that should give that rate. */
export function thresholdFor(state: BudgetState, rate: number): number {
  const worth = (state.silent + 3) / (state.forecast + 3)
  const usual = (state.used + 1) / (state.allowed + 2)
  return rate / Math.min(3, Math.max(0.33, worth)) / Math.min(1, Math.max(0.15, usual))
}

const MEMORY = 150

/** A call was placed: with this chance it is answered, with this risk its answer finds nobody; `threshold` was in force. */
export function placed(state: BudgetState, chance: number, risk: number, threshold: number): void {
  const fading = 1 - chance / MEMORY
  state.forecast = state.forecast * fading + chance * risk
  state.silent *= fading
  const quick = 1 - chance / 40
  state.used = state.used * quick + chance * risk
  state.allowed = state.allowed * quick + chance * threshold
}

export function counted(state: BudgetState, totals: Totals): void {
  if (totals.silent > state.lastSilent) state.silent += totals.silent - state.lastSilent
  state.lastSilent = totals.silent
}
