import { Predictive, type PredictiveState } from './predictive.ts'
import type { Decision, PacingFact, PacingSettings, Snapshot } from './types.ts'

export type { Decision, PacingFact, PacingMode, PacingSettings, Snapshot, Totals } from './types.ts'

export interface PacingState {
  readonly predictive: PredictiveState | null
}

export interface Pacing {
  decide(snapshot: Snapshot): Decision
  observe(fact: PacingFact): void
  save(): PacingState
}

export function createPacing(settings: PacingSettings, saved?: PacingState): Pacing {
  if (settings.mode === 'predictive') {
    const predictive = new Predictive(settings, saved?.predictive ?? undefined)
    return { decide: (s) => predictive.decide(s), observe: (f) => predictive.observe(f), save: () => ({ predictive: predictive.state }) }
  }
  const ratio = settings.mode === 'power' ? (settings.ratio ?? 1) : 1
  return {
    decide: (s) => ({ dial: Math.max(0, Math.floor(ratio * s.idle) - s.ringingMs.length - s.waitingMs.length), hangUp: 0 }),
    observe: () => undefined,
    save: () => ({ predictive: null }),
  }
}
