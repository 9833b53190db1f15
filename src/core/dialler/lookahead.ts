/**
 * Looks at moments in the near future: how many agents will be free by then, against how many contacts will have answered. Both are sums
 * of independent yes-or-no with unequal chances (Poisson-binomial: Hong, On computing the distribution function for the Poisson binomial
 * distribution, 2013): added up exactly where they are few; by their first three cumulants (Edgeworth) where they are many.
 */

/** At one moment: agents free less contacts answered, with everything known; further calls are put on top one by one. */
export interface Moment {
  /** Few: probability of 0, 1, 2 … agents free or fewer, and of 0, 1, 2 … contacts answered. Else null. */
  readonly exact: { readonly freeAtMost: number[]; readonly answered: number[] } | null
  /** Mean, variance and third cumulant of agents free less contacts answered. */
  mean: number
  variance: number
  third: number
}

/** Chances, each for so many agents or calls. */
export interface Chances {
  readonly chances: number[]
  readonly counts: number[]
}

/** Up to this variance sums are added up exactly. */
const EXACT_TO = 6
const LONGEST = 80

/** `free`: chance of each agent to be free by then; `answered`: of each call to be answered by then; `waiting` contacts come first. */
export function momentOf(free: Chances, answered: Chances, waiting: number): Moment {
  let mean = -waiting
  let variance = 0
  let third = 0
  for (let place = 0; place < free.chances.length; place += 1) {
    const chance = free.chances[place] ?? 0
    const count = free.counts[place] ?? 0
    mean += count * chance
    const each = count * chance * (1 - chance)
    variance += each
    third += each * (1 - 2 * chance)
  }
  for (let place = 0; place < answered.chances.length; place += 1) {
    const chance = answered.chances[place] ?? 0
    const count = answered.counts[place] ?? 0
    mean -= count * chance
    const each = count * chance * (1 - chance)
    variance += each
    third -= each * (1 - 2 * chance)
  }
  if (variance > EXACT_TO) return { exact: null, mean, variance, third }
  const freeAtMost = summed(free)
  for (let place = 1; place < freeAtMost.length; place += 1) freeAtMost[place] = (freeAtMost[place] ?? 0) + (freeAtMost[place - 1] ?? 0)
  const already = new Array<number>(Math.min(waiting, LONGEST)).fill(0)
  return { exact: { freeAtMost, answered: [...already, ...summed(answered)] }, mean, variance, third }
}

/** The distribution of how many come true, as far as LONGEST. */
function summed({ chances, counts }: Chances): number[] {
  const sums = [1]
  for (let place = 0; place < chances.length; place += 1) {
    for (let left = counts[place] ?? 0; left > 0; left -= 1) put(sums, chances[place] ?? 0)
  }
  return sums
}

function put(sums: number[], chance: number): void {
  if (chance <= 1e-6) return
  if (sums.length < LONGEST) sums.push(0)
  for (let place = sums.length - 1; place > 0; place -= 1) {
    sums[place] = (sums[place] ?? 0) * (1 - chance) + (sums[place - 1] ?? 0) * chance
  }
  sums[0] = (sums[0] ?? 0) * (1 - chance)
}

/** One more call, with this chance to have been answered by then. */
export function addCall(moment: Moment, chance: number): void {
  const each = chance * (1 - chance)
  moment.mean -= chance
  moment.variance += each
  moment.third -= each * (1 - 2 * chance)
  if (moment.exact) put(moment.exact.answered, chance)
}

/** How likely a contact who answers then finds nobody: as many or more have answered before as agents are free. */
export function nobodyFree({ exact, mean, variance, third }: Moment): number {
  if (!exact) return below(0.5, mean, variance, third)
  const { freeAtMost, answered } = exact
  let sum = 0
  for (let place = 0; place < answered.length; place += 1) {
    sum += (answered[place] ?? 0) * (place < freeAtMost.length ? (freeAtMost[place] ?? 1) : 1)
  }
  return Math.min(1, sum)
}

/** P(sum ≤ edge) by Edgeworth's expansion to the third cumulant. */
function below(edge: number, mean: number, variance: number, third: number): number {
  const deviation = Math.sqrt(Math.max(variance, 1e-9))
  const x = (edge - mean) / deviation
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
  const skewness = third / (deviation * deviation * deviation)
  return Math.min(1, Math.max(0, normal(x) - (density * skewness * (x * x - 1)) / 6))
}

/** Φ, to 7.5e-8 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * poly
  return x >= 0 ? 1 - tail : tail
}
