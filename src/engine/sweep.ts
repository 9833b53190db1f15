/**
 * Whether the switch and we believe the same: asked after a start, when the switch is back, and so often in between. Events may be lost,
 * and commands; what differs twice in a row is reconciled, so a leg the switch does not know ends within 10 s, who talks with somebody is
 * joined with him by then, and whoever has heard a prompt waits no longer than that for what follows. calls.md 7
 */
import { legsUp } from '#core/call/call.ts'
import type { Effect } from '#core/effects.ts'
import type { Input } from '#core/inputs.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { resume, resumeCall } from '#core/world/resume.ts'
import type { World } from '#core/world/world.ts'
import type { Clock } from '#ports/clock.ts'
import { PortError } from '#ports/errors.ts'
import type { Telephony, TelephonyEvent } from '#ports/telephony.ts'
import type { Figures } from './figures.ts'
import { type Found, Joins, type Wanted } from './joins.ts'
import { type Findings, reconcile, rungNow } from './reconcile.ts'

export interface SweepPlan {
  readonly world: World
  readonly telephony: Telephony
  readonly clock: Clock
  readonly now: () => Ms
  readonly ahead: () => Ms
  readonly solutionOf: (version: string) => Solution
  readonly put: (input: Input) => void
  readonly carryOut: (effect: Effect) => void
  readonly hear: (event: TelephonyEvent) => void
  readonly personOf: Findings['personOf']
  /** Prompts that have been heard, and nobody said so. */
  readonly missed: () => Promise<readonly string[]>
  readonly settled: () => Promise<void>
  /** Nothing is asked while the engine has stopped or can write nothing. */
  readonly held: () => boolean
  readonly figures: Pick<Figures, 'strayEnded' | 'strayTakenIn' | 'joinRepeated' | 'joinsInVain'>
  /** It is known again what the switch has: timers may run. */
  readonly done: () => void
  readonly log: (line: string) => void
}

export class Sweep {
  readonly #plan: SweepPlan
  readonly #joins: Joins
  /** When each leg was last in the switch's answer; those of before a start were there when the last fact was written. */
  readonly #seen = new Map<LegId, Ms>()
  #under = 0
  #begun = false
  /** What differed when it was last looked at. */
  #doubtful: ReadonlySet<LegId> = new Set()
  #stopped = false
  #cancel: () => void = () => undefined

  constructor(plan: SweepPlan) {
    this.#plan = plan
    this.#joins = new Joins(plan.world)
    for (const legId of plan.world.callOfLeg.keys()) this.#seen.set(legId, plan.world.at)
  }

  /** Timers wait until the switch has been asked what happened: from the start on. */
  get isUnderWay(): boolean {
    return this.#under > 0 || !this.#begun
  }

  /** Every so often, from now on. */
  begin(everyMs: Ms): void {
    const { clock, log } = this.#plan
    this.#cancel = clock.wake(clock.now() + everyMs, () => {
      this.#look()
        .catch((error: unknown) => log(`the switch could not be compared with what we believe: ${String(error)}`))
        .finally(() => this.#stopped || this.begin(everyMs))
    })
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** `hear`: where lines that rang us meanwhile are told. */
  async all(hear = this.#plan.hear): Promise<void> {
    this.#begun = true
    this.#joins.forget()
    await this.#reconcile(hear, (legIds) => [...this.#rung(legIds), ...resume(this.#plan.world, this.#plan.solutionOf)])
  }

  async #look(): Promise<void> {
    const { world, telephony, put } = this.#plan
    if (this.#plan.held() || this.isUnderWay || world.switchAway) return
    put({ type: 'legs.sweep' })
    // Ours before theirs: what is rung while the switch answers is not missed in its answer.
    const ours = [...world.calls.values()].flatMap((call) => legsUp(call).filter((leg) => !leg.waits))
    const wanted = this.#joins.wanted()
    const alive = await this.#unlessAway(() => telephony.alive())
    if (alive === null) return
    const there = new Set(alive.map(({ legId }) => legId))
    for (const legId of this.#seen.keys()) if (!world.callOfLeg.has(legId)) this.#seen.delete(legId)
    for (const legId of there) if (world.callOfLeg.has(legId)) this.#seen.set(legId, this.#plan.now())
    put({ type: 'switch.see' })
    const { apart, ...told } = this.#joins.look(wanted, alive, this.#plan.clock.monotonic())
    this.#tell(told)
    const missing = ours.filter(({ id }) => !there.has(id) && isUp(world, id)).map(({ id }) => id)
    // Not ours, or over by the facts though its call goes on: our hang-up was lost.
    const unwanted = alive.filter(({ legId }) => !isUp(world, legId)).map(({ legId }) => legId)
    const doubtful = new Set([...missing, ...unwanted])
    const differs = [...doubtful].some((legId) => this.#doubtful.has(legId))
    this.#doubtful = doubtful
    // Those who hear what they should are not disturbed.
    if (differs) await this.#reconcile(this.#plan.hear, (legIds) => this.#rung(legIds))
    if (apart.size > 0) await this.#joinAgain(apart)
    await this.#askOfPrompts()
  }

  #tell({ inVain, mended }: Omit<Found, 'apart'>): void {
    const { world, put, log, figures } = this.#plan
    for (const callId of inVain) {
      log(`in call ${callId} the switch has others joined than talk, however often they are joined again: it is tried on, ever more seldom`)
      put({ type: 'join.fail', callId })
    }
    for (const callId of mended) {
      if (world.calls.has(callId)) log(`in call ${callId} the switch has those joined again who talk`)
      put({ type: 'join.mend', callId })
    }
    figures.joinsInVain(this.#joins.inVain)
  }

  /** With what else is to be heard in those calls: who was to leave a bridge may hear nothing now. */
  async #joinAgain(apart: Wanted): Promise<void> {
    const { clock, log, figures } = this.#plan
    await this.#plan.settled()
    if (this.#plan.held()) return
    for (const call of this.#joins.still(apart)) {
      const isFirst = this.#joins.tried(call.id, clock.monotonic())
      if (isFirst) log(`in call ${call.id} the switch has others joined than talk: they are joined again`)
      figures.joinRepeated()
      for (const effect of resumeCall(call, this.#plan.solutionOf(call.solution))) this.#plan.carryOut(effect)
    }
  }

  /** Music may follow without a fact: not from an engine that can write nothing, for another may have taken its place. */
  async #askOfPrompts(): Promise<void> {
    const missed = (await this.#unlessAway(this.#plan.missed)) ?? []
    if (missed.length === 0) return
    await this.#plan.settled()
    for (const playId of missed) this.#plan.hear({ type: 'prompt.finished', playId })
  }

  #rung(legIds: readonly LegId[]): readonly Effect[] {
    return rungNow(this.#plan.world, legIds, this.#plan.solutionOf, this.#plan.now())
  }

  /** null: it is away, which it tells by itself. */
  async #unlessAway<T>(asked: () => Promise<T>): Promise<T | null> {
    try {
      return await asked()
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      return null
    }
  }

  async #reconcile(hearing: (event: TelephonyEvent) => void, goOn: (unrung: readonly LegId[]) => readonly Effect[]): Promise<void> {
    const { world, telephony, now, ahead, put, personOf, settled, done, figures } = this.#plan
    const hear = (event: TelephonyEvent): void => {
      if (event.type === 'leg.arrived') figures.strayTakenIn()
      hearing(event)
    }
    const carryOut = (effect: Effect): void => {
      if (effect.type === 'leg.hangUp') figures.strayEnded()
      this.#plan.carryOut(effect)
    }
    this.#under += 1
    try {
      await settled()
      const unrung = await reconcile(world, telephony, { now, ahead, put, carryOut, hear, personOf, seen: this.#seen })
      await settled()
      for (const effect of goOn(unrung)) this.#plan.carryOut(effect)
      // Also where it was lost before a restart and came back while nobody looked.
      put({ type: 'switch.find' })
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      put({ type: 'switch.lose' })
    } finally {
      this.#under -= 1
      done()
    }
  }
}

const isUp = (world: World, legId: LegId): boolean => {
  const leg = world.calls.get(world.callOfLeg.get(legId) ?? '')?.legs.get(legId)
  return leg !== undefined && leg.status !== 'ended'
}
