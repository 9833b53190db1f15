/**
 * The predictive pacing: places one more call while the risk that its answer would find nobody, over the moments when it may be answered,
 * stays under a threshold, and ends calls that have rung long when nobody will be ready for them. The day's budget sets the threshold.
 *
 *     snapshot ──▶ what was learnt since (answers, agents) ──▶ rate the budget allows ──▶ threshold
 *        └───────▶ agents free and contacts answered at eight moments ──▶ risk of one more call ──▶ under it? dial, and again
 */
import { Agents, type AgentsState, type FreeTable } from './agents.ts'
import { Answers, type AnswersState } from './answers.ts'
import { answersPerSecond, type BudgetState, bearable, counted, noBudget, placed, rateNow, thresholdFor } from './budget.ts'
import { learnSaid, readyByScript, readyByTimer, type SaidState, shareOf } from './hints.ts'
import { Moment } from './lookahead.ts'
import { Tally } from './tally.ts'
import type { Decision, PacingFact, PacingSettings, Snapshot } from './types.ts'

/** An answer is looked at in so many equally likely moments. */
const MOMENTS = 8
/** What was learnt goes into the tables so often. */
const REFRESH_MS = 10_000
/** Longest stretch between two snapshots that counts as watched. */
const WATCHED_MS = 2_000
/** The engine ends no call before: whoever rings that long without an answer is not cut short. */
const HANG_UP_FROM_MS = 15_000
/** An old call is ended where nobody would be there at so many times the risk allowed for a new one. */
const HANG_UP_FACTOR = 3
/** The budget is planned so far ahead: what a later hour may bring is not spent now. */
const HORIZON_S = 14_400
/** Seconds from dialling to an answer, about. */
const IN_AIR_S = 12
/** With nothing left to spend, a ready agent is still worth a call whose risk is under this share of the target: it earns more than it costs. */
const SAFE_SHARE = 0.3
/** Where one silent call more could not be earned back before the day ends: hardly any risk, so a second ready agent for each call. */
const LAST_SHARE = 0.02
/** So few agents always have one call in the air when one of them is ready. */
const ALONE = 2
/** Calls per agent there in one decision; only a list nobody answers comes near. */
const MOST_PER_AGENT = 6

export interface PredictiveState {
  readonly answers: AnswersState
  readonly agents: AgentsState
  readonly budget: BudgetState
  readonly said: SaidState
  lastMs: number | null
  openedMs: number | null
  /** Agents logged on and not paused at the last snapshot. */
  there: number
  /** When the tables were last worked out; null: before the next decision. */
  refreshedMs: number | null
}

const NOBODY: FreeTable = { talking: () => [], wrapping: () => [] }

export class Predictive {
  readonly #settings: PacingSettings
  /** An agent free at the very end of the limit is too late for the joining to be in time. */
  readonly #patienceMs: number
  readonly #answers: Answers
  readonly #agents: Agents
  readonly #state: PredictiveState
  #moments: number[] = []
  #free: FreeTable = NOBODY
  #soon: FreeTable = NOBODY
  readonly #ringing: Tally
  readonly #talking: Tally
  readonly #wrapping: Tally
  /** The same moments, looked at in up to two worlds that differ in the share of answers. */
  readonly #worlds = [0, 1].map(() => Array.from({ length: MOMENTS }, () => new Moment()))
  readonly #soonMoment = new Moment()
  #lastStraw = false

  constructor(settings: PacingSettings, saved?: PredictiveState) {
    this.#settings = settings
    this.#patienceMs = Math.max(0, settings.silentAfterMs - 250)
    this.#answers = new Answers(settings.ringTimeoutMs, saved?.answers)
    this.#agents = new Agents(saved?.agents)
    this.#state = {
      answers: this.#answers.state,
      agents: this.#agents.state,
      budget: saved?.budget ?? noBudget(),
      said: saved?.said ?? { usual: null },
      lastMs: saved?.lastMs ?? null,
      openedMs: saved?.openedMs ?? null,
      there: saved?.there ?? 0,
      refreshedMs: null,
    }
    const [talks, wraps] = this.#agents.bins
    this.#ringing = new Tally(this.#answers.binCount, (age) => this.#answers.binOf(age))
    this.#talking = new Tally(talks, (age) => this.#agents.talkBin(age))
    this.#wrapping = new Tally(wraps, (age) => this.#agents.wrapBin(age))
  }

  observe(fact: PacingFact): void {
    switch (fact.type) {
      case 'answered':
        this.#answers.answered(fact.ringMs)
        break
      case 'noAnswer':
      case 'failed':
        this.#answers.failed(fact.ringMs)
        break
      case 'talkEnded':
        this.#agents.talkEnded(fact.talkMs)
        break
      case 'wrapEnded':
        this.#agents.wrapEnded(fact.wrapMs)
        break
      default:
        break
    }
  }

  /** The tables are worked out anew before the next decision, here and wherever the state is restored: so both decide alike. */
  save(): PredictiveState {
    this.#state.refreshedMs = null
    return this.#state
  }

  decide(snapshot: Snapshot): Decision {
    this.#learn(snapshot)
    const there = snapshot.loggedIn - snapshot.paused
    const threshold = there > 0 ? this.#threshold(snapshot, there) : 0
    const hangUp = this.#hangUps(snapshot, threshold)
    if (there <= 0) return { dial: 0, hangUp }
    const { idle, ringingMs, waitingMs } = snapshot
    // One or two agents never stand still: no second ready agent may come to make their call sure.
    const least = there <= ALONE && idle >= 1 && ringingMs.length + waitingMs.length === 0 ? 1 : 0
    return { dial: Math.max(least, this.#dials(snapshot, there, threshold)), hangUp }
  }

  #learn({ nowMs, ringingMs, talkingMs, wrappingMs, loggedIn, paused, totals, ringingOdds }: Snapshot): void {
    const state = this.#state
    state.openedMs ??= nowMs
    if (state.refreshedMs === null || Math.abs(nowMs - state.refreshedMs) >= REFRESH_MS) this.#refresh(nowMs)
    const seconds = Math.min(WATCHED_MS, Math.max(0, nowMs - (state.lastMs ?? nowMs))) / 1_000
    const there = loggedIn - paused
    this.#ringing.take(ringingMs)
    this.#talking.take(talkingMs)
    this.#wrapping.take(wrappingMs)
    this.#answers.rang(this.#ringing, seconds)
    this.#agents.worked(this.#talking, this.#wrapping, seconds, there, Math.max(0, state.there - there))
    counted(state.budget, totals, seconds)
    if (ringingOdds) learnSaid(state.said, ringingOdds, seconds)
    state.there = there
    state.lastMs = nowMs
  }

  #refresh(nowMs: number): void {
    this.#state.refreshedMs = nowMs
    this.#answers.refresh()
    this.#agents.refresh()
    this.#moments = this.#answers.moments(MOMENTS)
    this.#free = this.#agents.free(this.#moments.map((ms) => ms + this.#patienceMs))
    this.#soon = this.#agents.free([this.#patienceMs + 500])
  }

  /** What a new call's risk may be now, so that the silent calls of the day stay within their budget. */
  #threshold({ totals, nowMs, closesAtMs }: Snapshot, there: number): number {
    const leftS = Math.max(0, closesAtMs - nowMs) / 1_000
    const aheadS = Math.min(leftS, HORIZON_S)
    const passedS = Math.max(1, (nowMs - (this.#state.openedMs ?? nowMs)) / 1_000)
    // What this team would do from now on, or what was done lately if that is less.
    const team = (there * aheadS) / (this.#agents.cycleSeconds * 1.2 + 5)
    const past = passedS > 600 ? answersPerSecond(this.#state.budget) * aheadS : team
    // What hangs over the budget is never less than what is usually in the air, however few ring at this moment.
    const usual = answersPerSecond(this.#state.budget) * IN_AIR_S
    const share = this.#answers.share
    let inAir = 0
    for (let of = 0; of < this.#ringing.bins.length; of += 1) {
      inAir += (this.#ringing.counts[of] ?? 0) * this.#answers.will(share, this.#ringing.bins[of] ?? 0)
    }
    const now = { totals, target: this.#settings.silentTarget, toCome: Math.min(team, past), inAir: Math.max(inAir, usual), agents: there }
    this.#lastStraw = bearable(now) < 1
    const rate = rateNow(now)
    // Calls that may outlast the day count on nobody but agents who are ready.
    if (leftS * 1_000 < this.#settings.ringTimeoutMs + this.#settings.silentAfterMs) return 0
    return Math.min(0.5, thresholdFor(this.#state.budget, rate))
  }

  #dials(snapshot: Snapshot, there: number, threshold: number): number {
    const shares = this.#shares()
    for (let world = 0; world < shares.length; world += 1) this.#lookAhead(snapshot, shares[world] ?? 0, world)
    const ready = snapshot.idle - snapshot.ringingMs.length - snapshot.waitingMs.length
    const most = threshold > 0 ? MOST_PER_AGENT * there + 10 : ready
    const limit = Math.max(threshold, (this.#lastStraw ? LAST_SHARE : SAFE_SHARE) * this.#settings.silentTarget)
    const chance = shares.reduce((sum, share) => sum + share, 0) / shares.length
    let dial = 0
    for (; dial < most; dial += 1) {
      const risk = this.#risk(shares)
      if (risk > limit) break
      placed(this.#state.budget, chance, risk, threshold)
      for (let world = 0; world < shares.length; world += 1) {
        const share = shares[world] ?? 0
        const moments = this.#worlds[world] ?? []
        const will = shareOf(this.#state.said, share, snapshot.nextOdds?.[dial])
        for (let place = 0; place < MOMENTS; place += 1) moments[place]?.addCall((will * (place + 0.5)) / MOMENTS)
      }
    }
    return dial
  }

  /** How likely the answer of one more call finds nobody. */
  #risk(shares: readonly number[]): number {
    let risk = 0
    let chance = 0
    for (let world = 0; world < shares.length; world += 1) {
      let sum = 0
      for (const moment of this.#worlds[world] ?? []) sum += moment.nobodyFree()
      risk += (shares[world] ?? 0) * sum
      chance += (shares[world] ?? 0) * MOMENTS
    }
    return risk / chance
  }

  /** One share of answers where it is known well enough; else two that stand for its spread. */
  #shares(): readonly number[] {
    const [low, high] = this.#answers.between
    return high / low < 1.25 ? [this.#answers.share] : [low, high]
  }

  #lookAhead(snapshot: Snapshot, share: number, world: number): void {
    const leaving = this.#agents.leaving
    const moments = this.#worlds[world] ?? []
    for (let place = 0; place < moments.length; place += 1) {
      const moment = moments[place]
      const ms = this.#moments[place] ?? 0
      if (!moment) continue
      moment.begin()
      this.#team(moment, snapshot, this.#free, place, ms + this.#patienceMs, Math.exp((-leaving * ms) / 1_000))
      this.#calls(moment, snapshot, share, ms)
      moment.ready(snapshot.waitingMs.length)
    }
  }

  /** Agents free `ms` from now, if each who is there `stays` that long. */
  #team(moment: Moment, snapshot: Snapshot, free: FreeTable, place: number, ms: number, stays: number): void {
    const { idle, talkingMs, wrappingMs, talkLeftMs, wrapLeftMs } = snapshot
    if (idle >= 1) moment.agents(Math.floor(idle), stays)
    const talk = (bin: number): number => free.talking(bin)[place] ?? 0
    const wrap = (bin: number): number => free.wrapping(bin)[place] ?? 0
    if (talkLeftMs) {
      for (let of = 0; of < talkingMs.length; of += 1) {
        const learnt = talk(this.#agents.talkBin(talkingMs[of] ?? 0))
        const left = talkLeftMs[of]
        const chance = left === null || left === undefined ? learnt : readyByScript(left, ms, learnt, (of) => this.#agents.wrapOver(of))
        moment.agents(1, stays * chance)
      }
    } else this.#each(this.#talking, (count, bin) => moment.agents(count, stays * talk(bin)))
    if (wrapLeftMs) {
      for (let of = 0; of < wrappingMs.length; of += 1) {
        const learnt = wrap(this.#agents.wrapBin(wrappingMs[of] ?? 0))
        const left = wrapLeftMs[of]
        moment.agents(1, stays * (left === null || left === undefined ? learnt : readyByTimer(left, ms, learnt)))
      }
    } else this.#each(this.#wrapping, (count, bin) => moment.agents(count, stays * wrap(bin)))
  }

  /** Calls in the air answered within `ms`. */
  #calls(moment: Moment, { ringingMs, ringingOdds }: Snapshot, share: number, ms: number): void {
    if (ringingOdds) {
      for (let of = 0; of < ringingMs.length; of += 1) {
        const bin = this.#answers.binOf(ringingMs[of] ?? 0)
        moment.calls(1, this.#answers.will(shareOf(this.#state.said, share, ringingOdds[of]), bin) * this.#answers.within(bin, ms))
      }
    } else this.#each(this.#ringing, (count, bin) => moment.calls(count, this.#answers.will(share, bin) * this.#answers.within(bin, ms)))
  }

  #each({ bins, counts }: Tally, take: (count: number, bin: number) => void): void {
    for (let of = 0; of < bins.length; of += 1) take(counts[of] ?? 0, bins[of] ?? 0)
  }

  /** All calls old enough to be ended, if an answer within the next moments would find nobody. */
  #hangUps(snapshot: Snapshot, threshold: number): number {
    let old = 0
    for (const age of snapshot.ringingMs) if (age >= HANG_UP_FROM_MS) old += 1
    if (old === 0) return 0
    const soon = this.#soonMoment
    soon.begin()
    this.#team(soon, snapshot, this.#soon, 0, this.#patienceMs + 500, 1)
    this.#calls(soon, snapshot, this.#answers.share, 750)
    soon.ready(snapshot.waitingMs.length)
    return soon.nobodyFree() > Math.min(0.9, Math.max(0.02, HANG_UP_FACTOR * threshold)) ? old : 0
  }
}
