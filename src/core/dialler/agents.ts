/**
 * When agents are free: how likely one who has talked or wrapped up so long is ready so many seconds from now, learnt from this
 * campaign's own conversations, and how likely an agent counted on is gone by then.
 */
import { atRisk, type Bins, binOf, binsOf, type Evidence, ended, hazards, noEvidence, overall } from './hazard.ts'
import { follow, type Level, type Motion, meanOf } from './level.ts'
import type { Counted } from './tally.ts'

const TALK: Bins = binsOf(4_000, 0.12, 3_600_000)
const WRAP: Bins = binsOf(500, 0.02, 300_000)
/** Ends after which an old one counts 1/e: of the shape, which changes slowly. */
const MEMORY = 400
/** What is believed beforehand weighs as so many ends in each bin. */
const TALK_PRIOR = 0.7
const WRAP_PRIOR = 0.3
/** Before anything is seen: three minutes of talk, half a minute of wrap-up. */
const TALK_SECONDS = 200
const WRAP_SECONDS = 30
/** How much faster than usual conversations end just now. */
const PACES = Array.from({ length: 17 }, (_, place) => Math.exp(0.175 * (place - 8)))
const PACE_PRIOR = PACES.map((_, place) => Math.exp(-0.5 * ((place - 8) / 2.5) ** 2))
const PACE_SUM = PACE_PRIOR.reduce((total, weight) => total + weight, 0)
const PRIOR = PACE_PRIOR.map((weight) => weight / PACE_SUM)
const MOTION: Motion = { drift: 1e-4, jump: 1 / 5_400 }

export interface AgentsState {
  readonly talk: Evidence
  readonly wrap: Evidence
  readonly pace: Level
  /** Conversations that ended since the pace was last followed, and how many should have. */
  talksEnded: number
  /** Agents who left, faded, and the seconds of agents there. */
  left: number
  there: number
}

/** For each bin of elapsed time, how likely an agent is ready at each of the moments looked at. */
export interface FreeTable {
  readonly talking: (bin: number) => readonly number[]
  readonly wrapping: (bin: number) => readonly number[]
}

export class Agents {
  readonly #state: AgentsState
  #talkHazard: readonly number[] = []
  #wrapHazard: readonly number[] = []
  #wrapReady: readonly number[] = [0]
  readonly #expected = new Array<number>(PACES.length).fill(0)

  constructor(state?: AgentsState) {
    this.#state = state ?? {
      talk: noEvidence(TALK),
      wrap: noEvidence(WRAP),
      pace: { weights: [...PRIOR] },
      talksEnded: 0,
      left: 0.2,
      there: 3_600,
    }
    this.#work()
  }

  get state(): AgentsState {
    return this.#state
  }

  talkBin(elapsedMs: number): number {
    return binOf(TALK, elapsedMs)
  }

  wrapBin(elapsedMs: number): number {
    return binOf(WRAP, elapsedMs)
  }

  get bins(): readonly [number, number] {
    return [TALK.edges.length + 1, WRAP.edges.length + 1]
  }

  talkEnded(talkMs: number): void {
    ended(this.#state.talk, this.talkBin(talkMs), MEMORY)
    this.#state.talksEnded += 1
  }

  wrapEnded(wrapMs: number): void {
    ended(this.#state.wrap, this.wrapBin(wrapMs), MEMORY)
  }

  /** So many agents of these bins were talking and wrapping up through these seconds; `there` in all, and `left` are gone. */
  worked(talking: Counted, wrapping: Counted, seconds: number, there: number, left: number): void {
    let due = 0
    for (let of = 0; of < talking.bins.length; of += 1) {
      const bin = talking.bins[of] ?? 0
      const spent = (talking.counts[of] ?? 0) * seconds
      atRisk(this.#state.talk, bin, spent)
      due += spent * (this.#talkHazard[bin] ?? 0)
    }
    for (let of = 0; of < wrapping.bins.length; of += 1) {
      atRisk(this.#state.wrap, wrapping.bins[of] ?? 0, (wrapping.counts[of] ?? 0) * seconds)
    }
    for (let place = 0; place < PACES.length; place += 1) this.#expected[place] = due * (PACES[place] ?? 1)
    follow(this.#state.pace, this.#expected, this.#state.talksEnded, seconds, PRIOR, MOTION)
    this.#state.talksEnded = 0
    const fading = Math.exp((-seconds * there) / 100_000)
    this.#state.left = this.#state.left * fading + left
    this.#state.there = this.#state.there * fading + seconds * there
  }

  /** How often an agent leaves, per second. */
  get leaving(): number {
    return this.#state.left / this.#state.there
  }

  /** Seconds from an answer to being ready again, on average. */
  get cycleSeconds(): number {
    return 1 / overall(this.#state.talk, 1, TALK_SECONDS) + 1 / overall(this.#state.wrap, 1, WRAP_SECONDS)
  }

  refresh(): void {
    this.#work()
  }

  /** How likely a wrap-up is over so long after it began. */
  wrapOver(ms: number): number {
    return at(this.#wrapReady, ms / 1_000)
  }

  /** Rows are worked out when first asked for: a small team asks for few. */
  free(momentsMs: readonly number[]): FreeTable {
    const pace = meanOf(this.#state.pace, PACES)
    const seconds = Math.ceil((momentsMs[momentsMs.length - 1] ?? 0) / 1_000) + 1
    const wrapHazard = this.#wrapHazard
    const talkHazard = this.#talkHazard.map((rate) => rate * pace)
    const fresh = readyBy(WRAP, wrapHazard, 0, seconds)
    const wrapping = (bin: number): number[] => {
      const ready = readyBy(WRAP, wrapHazard, middle(WRAP, bin), seconds)
      return momentsMs.map((ms) => at(ready, ms / 1_000))
    }
    const talking = (bin: number): number[] => {
      const ready = inTurn(readyBy(TALK, talkHazard, middle(TALK, bin), seconds), fresh)
      return momentsMs.map((ms) => at(ready, ms / 1_000))
    }
    return { talking: once(talking), wrapping: once(wrapping) }
  }

  #work(): void {
    const talk = overall(this.#state.talk, 1, TALK_SECONDS)
    const wrap = overall(this.#state.wrap, 1, WRAP_SECONDS)
    this.#talkHazard = hazards(this.#state.talk, TALK_PRIOR, () => talk)
    this.#wrapHazard = hazards(this.#state.wrap, WRAP_PRIOR, () => wrap)
    this.#wrapReady = readyBy(WRAP, this.#wrapHazard, 0, 60)
  }
}

/** The middle of a bin, ms; of the last, open one its beginning. */
function middle(bins: Bins, bin: number): number {
  const from = bins.edges[bin - 1] ?? 0
  return (from + (bins.edges[bin] ?? from)) / 2
}

/** How likely it has ended 0, 1, 2 … seconds from now, being of this age. */
function readyBy(bins: Bins, hazard: readonly number[], ageMs: number, seconds: number): number[] {
  let lasting = 1
  const ready = [0]
  for (let second = 0; second < seconds; second += 1) {
    for (const half of [250, 750]) lasting *= Math.exp(-0.5 * (hazard[binOf(bins, ageMs + second * 1_000 + half)] ?? 0))
    ready.push(1 - lasting)
  }
  return ready
}

function at(values: readonly number[], place: number): number {
  const whole = Math.floor(place)
  const from = values[whole] ?? values[values.length - 1] ?? 0
  const to = values[whole + 1] ?? from
  return from + (to - from) * (place - whole)
}

/** How likely one thing and then the other has ended after 0, 1, 2 … seconds. */
function inTurn(first: readonly number[], then: readonly number[]): number[] {
  return first.map((_, second) => {
    let sum = 0
    for (let ends = 1; ends <= second; ends += 1) {
      const chance = (first[ends] ?? 0) - (first[ends - 1] ?? 0)
      sum += (chance * ((then[second - ends] ?? 0) + (then[second - ends + 1] ?? 0))) / 2
    }
    return sum
  })
}

function once(row: (bin: number) => number[]): (bin: number) => readonly number[] {
  const rows: (number[] | undefined)[] = []
  return (bin) => {
    const known = rows[bin]
    if (known) return known
    const made = row(bin)
    rows[bin] = made
    return made
  }
}
