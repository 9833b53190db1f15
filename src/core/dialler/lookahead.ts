/**
 * Looks at one moment in the near future: how many agents will be free by then, against how many contacts will have answered. Both are
 * sums of independent yes-or-no with unequal chances (Poisson-binomial: Hong, On computing the distribution function for the Poisson
 * binomial distribution, 2013): added up exactly where they are few; by their first three cumulants (Edgeworth) where they are many.
 */

/** Up to this variance sums are added up exactly. */
const EXACT_TO = 6
/** Sums longer than this are cut; no team whose variance is small comes near. */
const LONGEST = 64
/** Chances below this change nothing. */
const NEVER = 1e-5

/** Agents free less contacts answered at one moment; further calls are put on top one by one. Used again for every decision. */
export class Moment {
  #agentsMean = 0
  #mean = 0
  #variance = 0
  #third = 0
  #exact = false
  /** Probability of 0, 1, 2 … agents free, later of so many or fewer; and of 0, 1, 2 … contacts answered. */
  readonly #free = new Float64Array(LONGEST)
  #freeLength = 1
  readonly #answered = new Float64Array(LONGEST)
  #answeredLength = 1
  readonly #chances: number[] = []
  readonly #counts: number[] = []
  #agents = 0

  begin(): void {
    this.#agentsMean = 0
    this.#mean = 0
    this.#agents = 0
    this.#variance = 0
    this.#third = 0
    this.#chances.length = 0
    this.#counts.length = 0
  }

  /** So many agents, each free by then with this chance. All agents come before all calls. */
  agents(count: number, chance: number): void {
    if (chance < NEVER) return
    this.#mean += count * chance
    const each = count * chance * (1 - chance)
    this.#variance += each
    this.#third += each * (1 - 2 * chance)
    this.#chances.push(chance)
    this.#counts.push(count)
    this.#agents = this.#chances.length
    this.#agentsMean += count * chance
  }

  /** So many calls, each answered by then with this chance. */
  calls(count: number, chance: number): void {
    if (chance < NEVER) return
    this.#mean -= count * chance
    const each = count * chance * (1 - chance)
    this.#variance += each
    this.#third -= each * (1 - 2 * chance)
    this.#chances.push(chance)
    this.#counts.push(count)
  }

  /** Everything known is in; so many contacts wait already. */
  ready(waiting: number): void {
    this.#mean -= waiting
    const called = this.#agentsMean - this.#mean
    this.#exact = this.#variance <= EXACT_TO && this.#agentsMean <= LONGEST / 2 && called <= LONGEST / 3
    if (!this.#exact) return
    this.#freeLength = this.#sum(this.#free, 0, 0, this.#agents)
    for (let place = 1; place < this.#freeLength; place += 1) this.#free[place] = (this.#free[place] ?? 0) + (this.#free[place - 1] ?? 0)
    this.#answeredLength = this.#sum(this.#answered, Math.min(waiting, LONGEST - 1), this.#agents, this.#chances.length)
  }

  /** One more call, with this chance to have been answered by then. */
  addCall(chance: number): void {
    const each = chance * (1 - chance)
    this.#mean -= chance
    this.#variance += each
    this.#third -= each * (1 - 2 * chance)
    if (!this.#exact) return
    if (this.#answeredLength === LONGEST) this.#exact = false
    else this.#answeredLength = put(this.#answered, this.#answeredLength, chance)
  }

  /** How likely a contact who answers then finds nobody: as many or more have answered before as agents are free. */
  nobodyFree(): number {
    if (!this.#exact) return below(0.5, this.#mean, this.#variance, this.#third)
    let sum = 0
    for (let place = 0; place < this.#answeredLength; place += 1) {
      sum += (this.#answered[place] ?? 0) * (place < this.#freeLength ? (this.#free[place] ?? 1) : 1)
    }
    return Math.min(1, sum)
  }

  #sum(into: Float64Array, certain: number, from: number, to: number): number {
    into.fill(0, 0, certain + 1)
    into[certain] = 1
    let length = certain + 1
    for (let place = from; place < to; place += 1) {
      const chance = this.#chances[place] ?? 0
      for (let left = this.#counts[place] ?? 0; left > 0; left -= 1) length = put(into, length, chance)
    }
    return length
  }
}

/** One more that comes true with this chance; the new length. */
function put(sums: Float64Array, length: number, chance: number): number {
  const longer = Math.min(length + 1, LONGEST)
  if (longer > length) sums[length] = 0
  const not = 1 - chance
  for (let place = longer - 1; place > 0; place -= 1) sums[place] = (sums[place] ?? 0) * not + (sums[place - 1] ?? 0) * chance
  sums[0] = (sums[0] ?? 0) * not
  return longer
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
