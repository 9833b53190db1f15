/**
 * How likely something that has lasted so long ends in the next moment, learnt from ends and from everything that still lasts: events
 * over time at risk, bin by bin of its age (the occurrence/exposure estimate that underlies Kaplan and Meier, Nonparametric estimation
 * from incomplete observations, 1958). What still lasts counts as time at risk and not as an end that failed to come. Old evidence fades.
 */
export interface Evidence {
  /** Faded number of ends, and seconds at risk, per bin. */
  ends: number[]
  seconds: number[]
  /** What one end or second is worth now; it grows, which is the same as the old ones fading. */
  worth: number
}

/** Where one bin ends and the next begins, ms. The last bin is open. */
export interface Bins {
  readonly edges: readonly number[]
  /** Bin of an age, by whole half seconds; ages beyond are in the last. */
  readonly lookup: readonly number[]
}

const LOOKUP_MS = 500
/** After so many ends neighbours share half of what they do at first. */
const SHARED_ENDS = 60

/** Bins of `fromMs` width at first, later a share of the age. */
export function binsOf(fromMs: number, share: number, toMs: number): Bins {
  const edges: number[] = []
  for (let edge = fromMs; edge < toMs; edge += Math.ceil(Math.max(fromMs, edge * share) / LOOKUP_MS) * LOOKUP_MS) edges.push(edge)
  const lookup: number[] = []
  for (let age = 0, bin = 0; age <= toMs; age += LOOKUP_MS) {
    while (bin < edges.length && age >= (edges[bin] ?? 0)) bin += 1
    lookup.push(bin)
  }
  return { edges, lookup }
}

export function binOf(bins: Bins, ageMs: number): number {
  return ageMs > 0 ? (bins.lookup[Math.floor(ageMs / LOOKUP_MS)] ?? bins.edges.length) : 0
}

export function noEvidence(bins: Bins): Evidence {
  const none = (): number[] => new Array<number>(bins.edges.length + 1).fill(0)
  return { ends: none(), seconds: none(), worth: 1 }
}

/** `memory`: after so many further ends, one counts 1/e. */
export function ended(evidence: Evidence, bin: number, memory: number): void {
  evidence.worth *= 1 + 1 / memory
  evidence.ends[bin] = (evidence.ends[bin] ?? 0) + evidence.worth
  if (evidence.worth < 1e9) return
  for (let place = 0; place < evidence.ends.length; place += 1) {
    evidence.ends[place] = (evidence.ends[place] ?? 0) / evidence.worth
    evidence.seconds[place] = (evidence.seconds[place] ?? 0) / evidence.worth
  }
  evidence.worth = 1
}

export function atRisk(evidence: Evidence, bin: number, seconds: number): void {
  evidence.seconds[bin] = (evidence.seconds[bin] ?? 0) + seconds * evidence.worth
}

/**
 * Hazard per second of each bin: what was seen there and, weighed as `prior` ends, what is expected there. Neighbours share what they
 * have seen, the less the more was seen in all, so that a wrap-up of exactly twenty seconds is found to be one.
 * `expected` is the hazard per second believed before anything is seen.
 */
export function hazards(evidence: Evidence, prior: number, expected: (bin: number) => number): number[] {
  const { ends, seconds, worth } = evidence
  const all = ends.reduce((sum, value) => sum + value, 0) / worth
  const lent = (0.25 * SHARED_ENDS) / (SHARED_ENDS + all)
  const shared = (values: readonly number[], bin: number): number => {
    const here = values[bin] ?? 0
    return (here + lent * ((values[bin - 1] ?? here) + (values[bin + 1] ?? here) - 2 * here)) / worth
  }
  return ends.map((_, bin) => (shared(ends, bin) + prior) / (shared(seconds, bin) + prior / Math.max(expected(bin), 1e-6)))
}

/** Ends per second over all ages, with `ends` ends in `seconds` believed beforehand. */
export function overall(evidence: Evidence, ends: number, seconds: number): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / evidence.worth
  return (sum(evidence.ends) + ends) / (sum(evidence.seconds) + seconds)
}
