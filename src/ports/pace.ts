/** "What would this campaign do with 30 agents?": a shift of campaign, pacing, engine and archive in virtual time, beside the engine that works. */
import type { Ms } from '#core/kernel/kernel.ts'

export type PaceMode = 'progressive' | 'power' | 'predictive'

export interface PaceShift {
  readonly mode: PaceMode
  /** 1–300. */
  readonly agents: number
  /** Share of calls a person answers. */
  readonly answerRate: number
  /** 0.25–8. */
  readonly hours: number
  /** Means. */
  readonly talkMs: Ms
  readonly wrapUpMs: Ms
  readonly ratio: number
  readonly silentTarget: number
  readonly silentAfterMs: Ms
  readonly ringMs: Ms
  readonly seed: number
}

/** Worked out from the archive of the shift. */
export interface PaceResult {
  readonly calls: number
  readonly answered: number
  readonly silent: number
  /** Share of the answered; of the worst 30 minutes. */
  readonly silentRate: number
  readonly worstRate: number
  /** Of logged-in time without pauses: talk; talk and wrap-up. */
  readonly talkShare: number
  readonly busyShare: number
  readonly idleMsPerCall: Ms
}

/** Runs elsewhere than on the thread that asks. Rejects where it could not be run. */
export type Pace = (shift: PaceShift) => Promise<PaceResult>
