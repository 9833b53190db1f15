/**
 * A level that drifts slowly and now and then jumps, followed on a grid: the exact Bayesian filter of a hidden Markov chain whose states
 * are the levels. The jumps make it a change detector (Shiryaev, On optimum methods in quickest detection problems, 1963: the posterior
 * of a change is what to watch), and while nothing is known its spread says so, which is what keeps a cold start cautious.
 */
export interface Level {
  /** Probability of each level of the grid. */
  weights: number[]
}

/** How a level moves. */
export interface Motion {
  /** Per second: the share that passes to each neighbour, and the share that jumps anywhere. */
  readonly drift: number
  readonly jump: number
}

/**
 * Time passes, then `events` are seen in it. `expected[i]`: how many level i had led one to expect (Poisson). Where nothing was expected
 * at any level and nothing seen, nothing is learnt.
 */
export function follow(
  level: Level,
  expected: readonly number[],
  events: number,
  seconds: number,
  prior: readonly number[],
  motion: Motion,
  trust = 1,
): void {
  const { weights } = level
  const size = weights.length
  const drift = Math.min(0.25, motion.drift * seconds)
  const jump = Math.min(0.5, motion.jump * seconds)
  let before = weights[0] ?? 0
  let sum = 0
  for (let place = 0; place < size; place += 1) {
    const here = weights[place] ?? 0
    const after = weights[place + 1] ?? here
    const moved = (1 - jump) * (here + drift * (before - 2 * here + after)) + jump * (prior[place] ?? 0)
    before = here
    const mean = expected[place] ?? 0
    const told = Math.exp(trust * ((events === 0 ? 0 : events * Math.log(Math.max(mean, 1e-9))) - mean))
    const weight = Math.max(moved * told, 1e-300)
    weights[place] = weight
    sum += weight
  }
  for (let place = 0; place < size; place += 1) weights[place] = (weights[place] ?? 0) / sum
}

/** Σ weight × value. */
export function meanOf(level: Level, values: readonly number[]): number {
  let sum = 0
  for (let place = 0; place < values.length; place += 1) sum += (level.weights[place] ?? 0) * (values[place] ?? 0)
  return sum
}
