/**
 * What becomes of calls in the air: how likely one that has rung so long is answered, and when. A call is either one that will be
 * answered or one that will not (a mixture cure model: Farewell, The use of mixture models for the analysis of survival data with
 * long-term survivors, 1982): the share of the first is the *level*, which may change within minutes; when they are answered and when
 * the others fail is the *shape*, which changes slowly. A call that still rings is evidence for neither until its time has passed, so
 * calls that fail quickly do not make a list look worse than it is.
 */
import { atRisk, type Bins, binOf, binsOf, type Evidence, ended, hazards, noEvidence } from './hazard.ts'
import { follow, type Level, type Motion, meanOf } from './level.ts'
import type { Counted } from './tally.ts'

const BIN_MS = 500
/** Answer shares 2 % to 95 %, evenly by log odds. */
const GRID = Array.from({ length: 41 }, (_, place) => 1 / (1 + Math.exp(4 - 0.175 * place)))
const LOG_ODDS = GRID.map((share) => Math.log(share / (1 - share)))
/** What a list may be like before the first call: anything, a third or more rather than less. */
const PRIOR = spread(LOG_ODDS.map((odds) => Math.exp(-0.5 * ((odds + 0.4) / 1.1) ** 2)))
/** A jump every half hour; otherwise about a third of an odds per hour. */
const MOTION: Motion = { drift: 1e-4, jump: 1 / 3_600 }
/** After so many answers an old one counts 1/e for the shape. */
const MEMORY = 600
/** After so many answers of the first day a third of the first caution is left. */
const COLD_ANSWERS = 25
/**
 * What is believed of the delay of an answer before one is seen: each second up to the end of ringing is as likely. Later than most lists
 * are, on purpose: calls that do not answer at once are then no sign yet of a bad list, which is how a first minute over-dials.
 */
const EXPECTED_PER_S = 0.02
/** Answers that this weighs, per bin. */
const PRIOR_ENDS = 0.06

function spread(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

export interface AnswersState {
  readonly delays: Evidence
  readonly failures: Evidence
  readonly level: Level
  /** Answers seen since the level was last followed. */
  seen: number
  /** All answers so far. */
  answers: number
}

/** What of the state is worked out now and then, not kept. */
export interface RingTable {
  /** Answers per second of a call that will be answered, by bin of its age. */
  readonly answerHazard: readonly number[]
  /** The share not yet answered (failed) of those that will be (will not be), in the middle of a bin. */
  readonly unanswered: readonly number[]
  readonly unfailed: readonly number[]
}

export class Answers {
  readonly #bins: Bins
  readonly #state: AnswersState
  readonly #expected = new Array<number>(GRID.length).fill(0)
  #table: RingTable

  constructor(ringTimeoutMs: number, state?: AnswersState) {
    const last = Math.ceil(ringTimeoutMs / BIN_MS) * BIN_MS
    this.#bins = binsOf(BIN_MS, 0, last + BIN_MS)
    this.#state = state ?? {
      delays: noEvidence(this.#bins),
      failures: noEvidence(this.#bins),
      level: { weights: [...PRIOR] },
      seen: 0,
      answers: 0,
    }
    this.#table = this.#work()
  }

  get state(): AnswersState {
    return this.#state
  }

  get table(): RingTable {
    return this.#table
  }

  get binCount(): number {
    return this.#table.unanswered.length
  }

  binOf(ageMs: number): number {
    return binOf(this.#bins, ageMs)
  }

  refresh(): void {
    this.#table = this.#work()
  }

  answered(ringMs: number): void {
    const bin = this.binOf(ringMs)
    ended(this.#state.delays, bin, MEMORY)
    this.#lastMoment(bin)
    this.#state.seen += 1
    this.#state.answers += 1
  }

  failed(ringMs: number): void {
    const bin = this.binOf(ringMs)
    ended(this.#state.failures, bin, MEMORY)
    this.#lastMoment(bin)
  }

  /** A call that ended since the last look rang through half of the time between. */
  #lastMoment(bin: number): void {
    atRisk(this.#state.delays, bin, BIN_MS / 2_000)
    atRisk(this.#state.failures, bin, BIN_MS / 2_000)
  }

  /** So many calls of each bin rang through these seconds. */
  rang(ringing: Counted, seconds: number): void {
    const { answerHazard } = this.#table
    this.#expected.fill(0)
    for (let of = 0; of < ringing.bins.length; of += 1) {
      const bin = ringing.bins[of] ?? 0
      const spent = (ringing.counts[of] ?? 0) * seconds
      atRisk(this.#state.delays, bin, spent)
      atRisk(this.#state.failures, bin, spent)
      const rate = spent * (answerHazard[bin] ?? 0)
      for (let place = 0; place < GRID.length; place += 1) {
        this.#expected[place] = (this.#expected[place] ?? 0) + rate * this.will(GRID[place] ?? 0, bin)
      }
    }
    follow(this.#state.level, this.#expected, this.#state.seen, seconds, PRIOR, MOTION, 1 - this.cold)
    this.#state.seen = 0
  }

  /** The share of calls dialled now that will be answered. */
  get share(): number {
    return meanOf(this.#state.level, GRID)
  }

  /** From 1 to 0 as answers come in: how little is known yet of when a call is answered, so of what silence means. */
  get cold(): number {
    return Math.exp(-this.#state.answers / COLD_ANSWERS)
  }

  /** Where the share lies with some certainty: its log odds one standard deviation down and up. */
  get between(): readonly [number, number] {
    const mean = meanOf(this.#state.level, LOG_ODDS)
    let variance = 0
    for (let place = 0; place < GRID.length; place += 1) {
      variance += (this.#state.level.weights[place] ?? 0) * ((LOG_ODDS[place] ?? 0) - mean) ** 2
    }
    const deviation = Math.sqrt(variance)
    const cold = this.cold
    return [1 / (1 + Math.exp(deviation - mean)), Math.max(cold * 0.8, 1 / (1 + Math.exp(-deviation - mean)))]
  }

  /** How likely a call of this age is one that will be answered, if this share of all is. */
  will(share: number, bin: number): number {
    const answered = share * (this.#table.unanswered[bin] ?? 0)
    return answered / (answered + (1 - share) * (this.#table.unfailed[bin] ?? 0) + 1e-12)
  }

  /** How likely one that will be answered is answered within so many ms, being of this age. */
  within(bin: number, ms: number): number {
    const { unanswered } = this.#table
    const now = unanswered[bin] ?? 0
    const steps = ms / BIN_MS
    const whole = Math.floor(steps)
    const from = unanswered[Math.min(bin + whole, unanswered.length - 1)] ?? 0
    const to = unanswered[Math.min(bin + whole + 1, unanswered.length - 1)] ?? 0
    return now > 1e-9 ? 1 - (from + (to - from) * (steps - whole)) / now : 0
  }

  /** The moments after dialling that cut the answers of a call into `count` equally likely parts: the middle of each, ms. */
  moments(count: number): number[] {
    const { unanswered } = this.#table
    const rest = unanswered[unanswered.length - 1] ?? 0
    const moments: number[] = []
    let bin = 0
    for (let part = 0; part < count; part += 1) {
      const left = 1 - ((part + 0.5) / count) * (1 - rest)
      while (bin < unanswered.length - 1 && (unanswered[bin] ?? 0) > left) bin += 1
      moments.push((bin + 0.5) * BIN_MS)
    }
    return moments
  }

  /**
   * From what all calls did (answers and failures per second at each age) to what the two sorts do: the share answered by each age over
   * the share answered in the end, and likewise of the failed (cumulative incidence of competing ends: Kalbfleisch and Prentice, 1980).
   */
  #work(): RingTable {
    const answers = hazards(this.#state.delays, PRIOR_ENDS, (bin) => ((bin + 0.5) * BIN_MS < 1_500 ? 0.002 : EXPECTED_PER_S))
    const failures = hazards(this.#state.failures, PRIOR_ENDS, (bin) => (bin < 10 ? 0.02 : 0.003))
    const answered: number[] = []
    const failed: number[] = []
    let ringing = 1
    let [allAnswered, allFailed] = [0, 0]
    for (let bin = 0; bin < answers.length; bin += 1) {
      const [answer, failure] = [answers[bin] ?? 0, failures[bin] ?? 0]
      const ends = ringing * (1 - Math.exp((-(answer + failure) * BIN_MS) / 1_000))
      const answersHere = (ends * answer) / (answer + failure)
      answered.push(allAnswered + answersHere / 2)
      failed.push(allFailed + (ends - answersHere) / 2)
      allAnswered += answersHere
      allFailed += ends - answersHere
      ringing -= ends
    }
    const unanswered = answered.map((share) => 1 - share / allAnswered)
    const answerHazard = answered.map((_, bin) => {
      const before = bin === 0 ? 1 : (unanswered[bin - 1] ?? 0)
      const after = unanswered[bin + 1] ?? 0
      return ((before - after) * 1_000) / ((bin === 0 ? 1.5 : 2) * BIN_MS * Math.max(unanswered[bin] ?? 0, 1e-9))
    })
    return { answerHazard, unanswered, unfailed: failed.map((share) => 1 - share / (1 - allAnswered)) }
  }
}
