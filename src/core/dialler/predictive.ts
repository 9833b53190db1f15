/** The predictive pacing: places one more call while the risk that its answer would find nobody stays under a threshold the day's budget sets. */
import { Agents, type AgentsState, type FreeTable } from './agents.ts'
import { Answers, type AnswersState } from './answers.ts'
import { type BudgetState, counted, noBudget, placed, rateNow, thresholdFor } from './budget.ts'
import { addCall, type Chances, type Moment, momentOf, nobodyFree } from './lookahead.ts'
import type { Decision, PacingFact, PacingSettings, Snapshot } from './types.ts'

const MOMENTS = 8
const REFRESH_MS = 3_000
/** Longest stretch between two snapshots that counts as watched. */
const WATCHED_MS = 2_000
const HANG_UP_FROM_MS = 15_000

export interface PredictiveState {
  readonly answers: AnswersState
  readonly agents: AgentsState
  readonly budget: BudgetState
  lastMs: number | null
  openedMs: number | null
  /** Agents there at the last snapshot, and those who left and came since by what the facts say. */
  there: number
  refreshedMs: number
}

export class Predictive {
  readonly #settings: PacingSettings
  readonly #answers: Answers
  readonly #agents: Agents
  readonly #state: PredictiveState
  #moments: number[] = []
  #free: FreeTable = { talking: [], wrapping: [] }
  #soon: FreeTable = { talking: [], wrapping: [] }
  readonly #ringing: number[]
  readonly #talking: number[]
  readonly #wrapping: number[]

  constructor(settings: PacingSettings, saved?: PredictiveState) {
    this.#settings = settings
    this.#answers = new Answers(settings.ringTimeoutMs, saved?.answers)
    this.#agents = new Agents(saved?.agents)
    this.#state = {
      budget: saved?.budget ?? noBudget(),
      lastMs: saved?.lastMs ?? null,
      openedMs: saved?.openedMs ?? null,
      there: saved?.there ?? 0,
      refreshedMs: Number.NEGATIVE_INFINITY,
      answers: this.#answers.state,
      agents: this.#agents.state,
    }
    const [talks, wraps] = this.#agents.bins
    this.#ringing = new Array<number>(this.#answers.binCount).fill(0)
    this.#talking = new Array<number>(talks).fill(0)
    this.#wrapping = new Array<number>(wraps).fill(0)
  }

  get state(): PredictiveState {
    return this.#state
  }

  observe(fact: PacingFact): void {
    switch (fact.type) {
      case 'answered':
        return this.#answers.answered(fact.ringMs)
      case 'noAnswer':
      case 'failed':
        return this.#answers.failed(fact.ringMs)
      case 'talkEnded':
        return this.#agents.talkEnded(fact.talkMs)
      case 'wrapEnded':
        return this.#agents.wrapEnded(fact.wrapMs)
      default:
        return
    }
  }

  decide(snapshot: Snapshot): Decision {
    this.#watch(snapshot)
    if (snapshot.loggedIn - snapshot.paused <= 0) return { dial: 0, hangUp: this.#hangUps(snapshot, 0) }
    const threshold = this.#threshold(snapshot)
    const hangUp = this.#hangUps(snapshot, threshold)
    return { dial: this.#dials(snapshot, threshold), hangUp }
  }

  #watch(snapshot: Snapshot): void {
    const { nowMs, ringingMs, talkingMs, wrappingMs } = snapshot
    const state = this.#state
    state.openedMs ??= nowMs
    const seconds = Math.min(WATCHED_MS, Math.max(0, nowMs - (state.lastMs ?? nowMs))) / 1_000
    count(this.#ringing, ringingMs, (age) => this.#answers.binOf(age))
    count(this.#talking, talkingMs, (age) => this.#agents.talkBin(age))
    count(this.#wrapping, wrappingMs, (age) => this.#agents.wrapBin(age))
    const there = snapshot.loggedIn - snapshot.paused
    this.#answers.rang(this.#ringing, seconds)
    this.#agents.worked(this.#talking, this.#wrapping, seconds, there, Math.max(0, state.there - there))
    counted(state.budget, snapshot.totals)
    state.there = there
    state.lastMs = nowMs
    if (Math.abs(nowMs - state.refreshedMs) < REFRESH_MS) return
    state.refreshedMs = nowMs
    this.#answers.refresh()
    this.#agents.refresh()
    this.#moments = this.#answers.moments(MOMENTS)
    const patience = this.#settings.silentAfterMs - 250
    this.#free = this.#agents.free(this.#moments.map((ms) => ms + patience))
    this.#soon = this.#agents.free([patience + 500, patience + 2_000])
  }

  /** The share of answers there may be silent now, as a threshold on the risk of one more call. */
  #threshold(snapshot: Snapshot): number {
    const { totals, nowMs, closesAtMs } = snapshot
    const opened = this.#state.openedMs ?? nowMs
    const there = snapshot.loggedIn - snapshot.paused
    const left = Math.max(0, closesAtMs - nowMs) / 1_000
    const cycle = this.#agents.cycleSeconds * 1.2 + 5
    // What the team would do from now on, and what it did so far: the lower.
    const passed = Math.max(1, (nowMs - opened) / 1_000)
    const steady = (there * left) / cycle
    const past = passed > 600 ? (totals.answered / passed) * left : steady
    const toCome = Math.min(steady, past)
    let inAir = 0
    const share = this.#answers.share
    for (let bin = 0; bin < this.#ringing.length; bin += 1) inAir += (this.#ringing[bin] ?? 0) * this.#answers.will(share, bin)
    const rate = rateNow({ totals, target: this.#settings.silentTarget, toCome, inAir, agents: there })
    return Math.min(0.5, thresholdFor(this.#state.budget, rate))
  }

  #dials(snapshot: Snapshot, threshold: number): number {
    const shares = this.#shares()
    const worlds = shares.map((share) => ({ share, moments: this.#lookAhead(snapshot, share) }))
    const answered = this.#moments.map((_, place) => (place + 0.5) / MOMENTS)
    const most = 6 * (snapshot.loggedIn - snapshot.paused) + 10
    let dial = 0
    for (; dial < most; dial += 1) {
      let risk = 0
      let chance = 0
      for (const { share, moments } of worlds) {
        for (const moment of moments) risk += share * nobodyFree(moment)
        chance += share * moments.length
      }
      risk /= chance
      if (risk > threshold) break
      placed(this.#state.budget, chance / (worlds.length * MOMENTS), risk, threshold)
      for (const { share, moments } of worlds) {
        for (let place = 0; place < moments.length; place += 1) {
          const moment = moments[place]
          if (moment) addCall(moment, share * (answered[place] ?? 0))
        }
      }
    }
    return dial
  }

  /** One share of answers where it is known well enough; else two that stand for its spread. */
  #shares(): readonly number[] {
    const [low, high] = this.#answers.between
    return high / low < 1.25 ? [this.#answers.share] : [low, high]
  }

  #lookAhead(snapshot: Snapshot, share: number): Moment[] {
    const leaving = this.#agents.leaving
    return this.#moments.map((ms, place) => {
      const stays = Math.exp((-leaving * ms) / 1_000)
      const free: Chances = { chances: [stays], counts: [snapshot.idle] }
      gather(free, this.#talking, (bin) => stays * (this.#free.talking[bin]?.[place] ?? 0))
      gather(free, this.#wrapping, (bin) => stays * (this.#free.wrapping[bin]?.[place] ?? 0))
      const answered: Chances = { chances: [], counts: [] }
      gather(answered, this.#ringing, (bin) => this.#answers.will(share, bin) * this.#answers.within(bin, ms))
      return momentOf(free, answered, snapshot.waitingMs.length)
    })
  }

  /** Of the calls old enough to be ended, those whose answer within the next moments would find nobody. */
  #hangUps(snapshot: Snapshot, threshold: number): number {
    const old = snapshot.ringingMs.filter((age) => age >= HANG_UP_FROM_MS).length
    if (old === 0) return 0
    const limit = Math.min(0.9, Math.max(0.02, 6 * threshold))
    const share = this.#answers.share
    const free: Chances = { chances: [1], counts: [snapshot.idle] }
    gather(free, this.#talking, (bin) => this.#soon.talking[bin]?.[0] ?? 0)
    gather(free, this.#wrapping, (bin) => this.#soon.wrapping[bin]?.[0] ?? 0)
    const answered: Chances = { chances: [], counts: [] }
    gather(answered, this.#ringing, (bin) => this.#answers.will(share, bin) * this.#answers.within(bin, 750))
    return nobodyFree(momentOf(free, answered, snapshot.waitingMs.length)) > limit ? old : 0
  }
}

function count(bins: number[], ages: readonly number[], binOf: (age: number) => number): void {
  bins.fill(0)
  for (let place = 0; place < ages.length; place += 1) {
    const bin = binOf(Math.max(0, ages[place] ?? 0))
    bins[bin] = (bins[bin] ?? 0) + 1
  }
}

function gather(into: Chances, counts: readonly number[], chanceOf: (bin: number) => number): void {
  for (let bin = 0; bin < counts.length; bin += 1) {
    const here = counts[bin] ?? 0
    if (here === 0) continue
    into.chances.push(chanceOf(bin))
    into.counts.push(here)
  }
}
