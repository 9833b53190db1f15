/** How many there are in each bin of age, the empty bins left out: what every sum of a decision runs over. */
export interface Counted {
  readonly bins: readonly number[]
  readonly counts: readonly number[]
}

/** Used again for every snapshot. */
export class Tally implements Counted {
  readonly bins: number[] = []
  readonly counts: number[] = []
  readonly #all: number[]
  readonly #binOf: (ageMs: number) => number

  constructor(size: number, binOf: (ageMs: number) => number) {
    this.#all = new Array<number>(size).fill(0)
    this.#binOf = binOf
  }

  take(agesMs: readonly number[]): void {
    for (let place = 0; place < agesMs.length; place += 1) {
      const bin = this.#binOf(agesMs[place] ?? 0)
      this.#all[bin] = (this.#all[bin] ?? 0) + 1
    }
    this.bins.length = 0
    this.counts.length = 0
    for (let bin = 0; bin < this.#all.length; bin += 1) {
      const here = this.#all[bin] ?? 0
      if (here === 0) continue
      this.bins.push(bin)
      this.counts.push(here)
      this.#all[bin] = 0
    }
  }
}
