/**
 * How a dialler is asked how many calls to start now, and what it is told. A pacing knows no clock, no switch and no day's guard: a
 * snapshot of one campaign in, a decision out. Durations and instants are milliseconds and need not be whole; optional fields may be
 * missing in any snapshot, and then nothing is known. A caller from outside judges a pacing by these names (dialler.md 3).
 */

/** How a campaign's calls are started. Preview has no pacing: an agent presses Call. */
export type PacingMode = 'progressive' | 'power' | 'predictive'

export interface PacingSettings {
  readonly mode: PacingMode
  /** Power: calls per idle agent. */
  readonly ratio?: number
  /** Share of answered contacts that may be silent calls, 0.03 for three in a hundred. */
  readonly silentTarget: number
  /** From a contact's answer until an agent must be joined. */
  readonly silentAfterMs: number
  readonly ringTimeoutMs: number
  /** For draws that look ahead: same seed, same decisions. */
  readonly seed?: number
}

/** Of one campaign, of one day. A call ended through `hangUp` is in `placed` alone. */
export interface Totals {
  readonly placed: number
  readonly answered: number
  readonly connected: number
  readonly silent: number
  readonly noAnswer: number
  readonly failed: number
}

/** What is so at one instant. An agent or a call of which no fact was told may appear in it, or vanish from it. */
export interface Snapshot {
  readonly nowMs: number
  /** When the campaign may ring nobody any more. */
  readonly closesAtMs: number
  readonly idle: number
  readonly paused: number
  /** `idle` + `paused` + those talking + those in wrap-up. */
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
  /** Beside `wrappingMs`: what the wrap-up timer still shows. */
  readonly wrapLeftMs?: readonly (number | null)[]
  /** Beside `talkingMs`: what the agent's script still holds. */
  readonly talkLeftMs?: readonly (number | null)[]
  /** Beside `ringingMs`: how likely each is answered, 0 to 1. */
  readonly ringingOdds?: readonly number[]
  /** Of the contacts next in order, 0 to 1. */
  readonly nextOdds?: readonly number[]
}

/** What happened since the last snapshot. `ringMs` counts from dialling, set-up included; `hungUp`: by us, through `hangUp`. */
export type PacingFact = { readonly atMs: number } & (
  | { readonly type: 'answered' | 'noAnswer' | 'failed' | 'hungUp'; readonly ringMs: number }
  | { readonly type: 'connected'; readonly waitedMs: number }
  | { readonly type: 'silent' }
  | { readonly type: 'talkEnded'; readonly talkMs: number }
  | { readonly type: 'wrapEnded'; readonly wrapMs: number }
  | { readonly type: 'agentReady' | 'agentPaused' | 'agentLoggedOut' }
)

/** How many calls to start now, and how many of those ringing longest to end because nobody will be ready: whole numbers, 0 or more. */
export interface Decision {
  readonly dial: number
  readonly hangUp: number
}

/** `State`: what it has learnt, as plain JSON. */
export interface Pacing<State = unknown> {
  /** Asked on every change, and at least every 500 ms. */
  decide(snapshot: Snapshot): Decision
  /** Told before the snapshot that follows it. */
  observe(fact: PacingFact): void
  /** A pacing made anew with this decides alike from here on. */
  save(): State
}

/** Makes a pacing that has learnt nothing yet. */
export type CreatePacing = (settings: PacingSettings) => Pacing
