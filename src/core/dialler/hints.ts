/**
 * What a snapshot may tell beyond elapsed times: an agent's wrap-up timer or remaining script, and how likely single contacts are to
 * answer. What is not told is not guessed: then the learnt tables stand alone.
 */

/** An agent whose timer is over is nearly always ready; whose script is over, mostly at the end of his talk. */
const READY_AT_TIMER = 0.98
const OVER_AT_SCRIPT = 0.7

/** Chance that an agent whose wrap-up timer ends in `leftMs` is ready `ms` from now; he may end it earlier, as agents here do. */
export const readyByTimer = (leftMs: number, ms: number, learnt: number): number =>
  ms >= leftMs ? Math.max(READY_AT_TIMER, learnt) : learnt

/** Chance that an agent whose script ends in `leftMs` is ready; `wrapOver(ms)`: that a wrap-up is over so long after it began. */
export const readyByScript = (leftMs: number, ms: number, learnt: number, wrapOver: (ms: number) => number): number =>
  Math.max(learnt, ms > leftMs ? OVER_AT_SCRIPT * wrapOver(ms - leftMs) : 0)

const logOdds = (share: number): number => {
  const inside = Math.min(0.98, Math.max(0.02, share))
  return Math.log(inside / (1 - inside))
}

/** How likely contacts are said to answer, on average lately, as log odds; null: never said. */
export interface SaidState {
  usual: number | null
}

/** What is said of calls counts only against what is usually said: the level is learnt from answers. */
export function learnSaid(state: SaidState, said: readonly number[], seconds: number): void {
  if (said.length === 0) return
  let sum = 0
  for (const share of said) sum += logOdds(share)
  const mean = sum / said.length
  state.usual = state.usual === null ? mean : state.usual + (mean - state.usual) * (1 - Math.exp(-seconds / 600))
}

/** The share a call of these odds stands for, where this is the share of all. */
export function shareOf(state: SaidState, share: number, said: number | undefined): number {
  if (said === undefined || state.usual === null) return share
  return 1 / (1 + Math.exp(-(logOdds(share) + logOdds(said) - state.usual)))
}
