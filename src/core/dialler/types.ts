/** What a pacing is asked, told and answers: names and units as agreed, for the engine and for whoever judges a pacing from outside. */

/** How a campaign's calls are started. Preview has no pacing: an agent presses Call. */
export type PacingMode = 'progressive' | 'power' | 'predictive'

export interface PacingSettings {
  readonly mode: PacingMode
  /** Power: calls in the air per ready agent, 1.0–6.0. */
  readonly ratio?: number
  /** Answered contacts with no agent in time, as a share of answered contacts of a day: 0.03 is 3 %. */
  readonly silentTarget: number
  /** From the answer until the call counts as silent. */
  readonly silentAfterMs: number
  /** Ringing is ended after so long, set-up included. */
  readonly ringTimeoutMs: number
  /** Kept for draws: same seed, same decisions. What is here draws nothing, so any two seeds decide alike. */
  readonly seed?: number
}

/** This campaign, this day. A call ended through `hangUp` is in `placed` alone. */
export interface Totals {
  readonly placed: number
  readonly answered: number
  readonly connected: number
  readonly silent: number
  readonly noAnswer: number
  readonly failed: number
}

/** What is known at an instant. Times in milliseconds, not necessarily whole. */
export interface Snapshot {
  readonly nowMs: number
  readonly closesAtMs: number
  readonly idle: number
  readonly paused: number
  /** idle + paused + talking + wrapping */
  readonly loggedIn: number
  /** Elapsed, one per agent on a call. */
  readonly talkingMs: readonly number[]
  /** Elapsed, one per agent in wrap-up. */
  readonly wrappingMs: readonly number[]
  /** Since dialled, one per call in the air that nobody has answered. */
  readonly ringingMs: readonly number[]
  /** Since the answer, one per contact who has no agent yet. */
  readonly waitingMs: readonly number[]
  readonly totals: Totals
  /** Beside `wrappingMs`: what is left of the wrap-up timer. */
  readonly wrapLeftMs?: readonly (number | null)[]
  /** Beside `talkingMs`: what is left of the script. */
  readonly talkLeftMs?: readonly (number | null)[]
  /** Beside `ringingMs`: the probability, when dialled, that this call is answered at all. */
  readonly ringingOdds?: readonly number[]
  /** The same of the contacts next in order. */
  readonly nextOdds?: readonly number[]
}

export type PacingFact = { readonly atMs: number } & (
  | { readonly type: 'answered' | 'noAnswer' | 'failed' | 'hungUp'; readonly ringMs: number }
  | { readonly type: 'connected'; readonly waitedMs: number }
  | { readonly type: 'silent' }
  | { readonly type: 'talkEnded'; readonly talkMs: number }
  | { readonly type: 'wrapEnded'; readonly wrapMs: number }
  | { readonly type: 'agentReady' | 'agentPaused' | 'agentLoggedOut' }
)

/** Whole numbers, never below zero. */
export interface Decision {
  /** How many calls to start now. */
  readonly dial: number
  /** How many of the longest-ringing calls to end because nobody will be ready. */
  readonly hangUp: number
}
