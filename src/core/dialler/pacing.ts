/**
 * How many calls of a campaign to start now, so that agents talk as much as they can while contacts who answer find somebody: a snapshot
 * in, a decision out. No clock, no chance: what it is told decides, and its state is plain data.
 *
 * **Progressive** and **Power** are one line each. **Predictive** learns how calls are answered (`answers.ts`), when agents become free
 * and how often they leave (`agents.ts`), looks at the moments when one more call might be answered (`lookahead.ts`), and dials while the
 * risk is one that the day's budget of silent calls can bear (`budget.ts`).
 *
 * Sources.
 * - D. A. Samuelson, Predictive dialing for outbound telephone call centers, Interfaces 29:5 (1999): pacing by when agents will be free
 *   rather than by a ratio, its estimates kept current from what happens.
 * - E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations (1958): calls still ringing and talks still going are
 *   time at risk, not failures. V. T. Farewell, The use of mixture models … with long-term survivors (1982): those never to be answered.
 * - A. N. Shiryaev, On optimum methods in quickest detection problems (1963): a change of the answer rate as a hidden state's posterior.
 * - Y. Hong, On computing the distribution function for the Poisson binomial distribution (2013): free agents against answered calls.
 * - Limits of 3 % by campaign and day: Ofcom, Persistent misuse policy statement (2016); FTC, 16 CFR 310.4(b)(4), where an agent within
 *   two seconds of the answer is the same rule.
 */
import { Predictive, type PredictiveState } from './predictive.ts'
import type { Decision, PacingFact, PacingSettings, Snapshot } from './types.ts'

export type { Decision, PacingFact, PacingMode, PacingSettings, Snapshot } from './types.ts'

/** What a pacing has learnt, as plain JSON. */
export interface PacingState {
  readonly predictive: PredictiveState | null
}

export interface Pacing {
  /** Called on every change and at least every 500 ms, after the facts that came before. */
  decide(snapshot: Snapshot): Decision
  observe(fact: PacingFact): void
  /** `createPacing(settings, save())` decides alike from here on. */
  save(): PacingState
}

const RATIO_MIN = 1
const RATIO_MAX = 6

/** Refuses settings no campaign can mean. */
function check({ mode, ratio, silentTarget, silentAfterMs, ringTimeoutMs }: PacingSettings): void {
  const wrong = (what: string): never => {
    throw new RangeError(`pacing: ${what}`)
  }
  if (mode !== 'progressive' && mode !== 'power' && mode !== 'predictive')
    wrong(`mode is progressive, power or predictive, not ${String(mode)}`)
  if (!(silentTarget > 0 && silentTarget < 1)) wrong(`silentTarget is a share between 0 and 1, not ${silentTarget}`)
  if (!(silentAfterMs >= 0 && silentAfterMs < 60_000)) wrong(`silentAfterMs is 0 to 60,000, not ${silentAfterMs}`)
  if (!(ringTimeoutMs >= 5_000 && ringTimeoutMs <= 180_000)) wrong(`ringTimeoutMs is 5,000 to 180,000, not ${ringTimeoutMs}`)
  if (mode === 'power' && !(ratio !== undefined && ratio >= RATIO_MIN && ratio <= RATIO_MAX)) {
    wrong(`ratio is ${RATIO_MIN} to ${RATIO_MAX} in mode power, not ${ratio}`)
  }
}

/** One silent call more would pass the limit: over-dialling stops until answers have made room. */
const threatened = ({ totals }: Snapshot, target: number): boolean => totals.silent > 0 && totals.silent + 1 > target * totals.answered

const perReadyAgent = (ratio: number, { idle, ringingMs, waitingMs }: Snapshot): number =>
  Math.max(0, Math.floor(ratio * idle) - ringingMs.length - waitingMs.length)

export function createPacing(settings: PacingSettings, saved?: PacingState): Pacing {
  check(settings)
  if (settings.mode === 'predictive') {
    const kept = saved?.predictive ?? null
    const predictive = new Predictive(settings, kept === null ? undefined : copy(kept))
    return {
      decide: (snapshot) => predictive.decide(snapshot),
      observe: (fact) => predictive.observe(fact),
      save: () => ({ predictive: copy(predictive.save()) }),
    }
  }
  const ratio = settings.mode === 'power' ? (settings.ratio ?? RATIO_MIN) : 1
  return {
    decide: (snapshot) => ({ dial: perReadyAgent(threatened(snapshot, settings.silentTarget) ? 1 : ratio, snapshot), hangUp: 0 }),
    observe: () => undefined,
    save: () => ({ predictive: null }),
  }
}

/** Nothing of a state is shared with whoever keeps it. */
const copy = (state: PredictiveState): PredictiveState => JSON.parse(JSON.stringify(state)) as PredictiveState
