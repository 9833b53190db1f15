/**
 * The time in facts. It never runs back: it is the larger of the last fact's time and the wall clock. Waiting is measured by the
 * monotonic clock (calls.md 7), so where the wall clock is set back while somebody talks or waits, time in facts goes on from where it
 * was, as fast as before: nobody waits an hour for his 20 seconds, and a conversation is as long as it was. It stands still until the
 * wall has caught up as soon as nobody waits. Set forwards, it jumps, and the deadlines of all who wait are moved with it by a fact.
 */
import type { Input } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { clockOf } from '#core/world/waits.ts'
import type { World } from '#core/world/world.ts'
import type { Clock } from '#ports/clock.ts'

const STEP_MS = 2_000
/** While time in facts stands still, an instant of it that is near by would be near by again and again until the wall has caught up. */
const STANDS_STILL_MS = 500

export type Step = Extract<Input, { type: 'clock.step' }>

export interface TimePlan {
  readonly clock: Clock
  readonly world: World
  /** A step was noticed, and is to be taken with the next turn. */
  readonly stepped: () => void
  /** Also looks by itself so often, until `stop`. */
  readonly everyMs: Ms | undefined
}

/** Whether anybody talks or waits after this instant, so that it matters how fast time goes. */
const isMeasured = (world: World, after: Ms): boolean =>
  world.calls.size > 0 || [...world.timers.values()].some(({ at, input }) => at > after && clockOf(world, input) === 'waiting')

export class Time {
  readonly #plan: TimePlan
  /** How far time in facts is ahead of the wall. */
  #ahead: Ms
  #wall: Ms
  #monotonic: Ms
  #step: Step | null = null
  /** The latest that was told. */
  #told: Ms
  #cancel: () => void = () => undefined

  constructor(plan: TimePlan) {
    this.#plan = plan
    this.#wall = plan.clock.now()
    this.#monotonic = plan.clock.monotonic()
    this.#told = plan.world.at
    this.#ahead = Math.max(0, this.#told - this.wall())
    if (plan.everyMs !== undefined) this.#lookEvery(plan.everyMs)
  }

  /** How far time in facts is ahead of the wall. */
  get ahead(): Ms {
    return this.#ahead
  }

  wall(): Ms {
    return Math.floor(this.#plan.clock.now())
  }

  /** A step nobody has noticed yet is noticed here: else a wall set forwards would carry time in facts along, and back it never comes. */
  now(): Ms {
    const { clock, world } = this.#plan
    this.look()
    if (this.#standsStill()) this.#ahead = Math.max(0, this.#told - this.wall())
    this.#told = Math.max(this.#told, world.at, Math.floor(clock.now() + this.#ahead))
    return this.#told
  }

  /** For who waits by the time in facts. */
  readonly clock: Clock = {
    now: () => this.now(),
    monotonic: () => this.#plan.clock.monotonic(),
    wake: (at, call) => {
      const { clock } = this.#plan
      return clock.wake(Math.max(at - this.#ahead, this.#standsStill() ? clock.now() + STANDS_STILL_MS : 0), call)
    },
  }

  #standsStill(): boolean {
    return this.#ahead > 0 && !isMeasured(this.#plan.world, this.#told)
  }

  /** Notices each step over 2 s, forwards or back. Returns whether one is still to be taken. */
  look(): boolean {
    const wall = this.#plan.clock.now()
    const monotonic = this.#plan.clock.monotonic()
    const byMs = Math.round(wall - this.#wall - (monotonic - this.#monotonic))
    this.#wall = wall
    this.#monotonic = monotonic
    if (Math.abs(byMs) > STEP_MS) this.#note(byMs)
    return this.#step !== null
  }

  /** What was noticed since the last time; null: nothing. */
  take(): Step | null {
    this.look()
    const step = this.#step
    this.#step = null
    return step
  }

  stop(): void {
    this.#cancel()
  }

  #note(byMs: Ms): void {
    const jumpedMs = Math.max(0, byMs - this.#ahead)
    this.#ahead = Math.max(0, this.#ahead - byMs)
    const before = this.#step
    this.#step = { type: 'clock.step', byMs: byMs + (before?.byMs ?? 0), jumpedMs: jumpedMs + (before?.jumpedMs ?? 0) }
    this.#plan.stepped()
  }

  #lookEvery(everyMs: Ms): void {
    const { clock } = this.#plan
    this.#cancel = clock.wake(clock.now() + everyMs, () => {
      this.#lookEvery(everyMs)
      this.look()
    })
  }
}
