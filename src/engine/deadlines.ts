/** Waits for the next stored timer of the world, and lets those that are due run, in order of their due time. */
import type { TimerInput } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'
import type { Clock } from '#ports/clock.ts'
import type { Time } from './time.ts'
import { Timers } from './timers.ts'

export interface DeadlinesPlan {
  readonly world: World
  readonly clock: Clock
  readonly time: Time
  /** Timers wait until the switch has been asked what happened, while nothing can be written, and for good when the engine has stopped. */
  readonly held: () => boolean
  readonly due: (timer: TimerInput) => void
}

export class Deadlines {
  readonly #plan: DeadlinesPlan
  readonly #timers: Timers
  #wake: { readonly at: Ms; readonly cancel: () => void } | null = null

  constructor(plan: DeadlinesPlan) {
    this.#plan = plan
    this.#timers = new Timers(plan.world)
  }

  /** After each turn: timers may have been set. */
  feed(): void {
    this.#timers.feed()
    this.set()
  }

  set(): void {
    const at = this.#timers.next(this.#plan.time.ahead)
    if (this.#wake?.at === at || this.#plan.held()) return
    this.#wake?.cancel()
    this.#wake = at === null ? null : { at, cancel: this.#plan.clock.wake(at, () => this.#due()) }
  }

  /** The wall's clock was moved: the next deadline is at another instant by it, and is waited for anew. */
  forget(): void {
    this.#wake?.cancel()
    this.#wake = null
  }

  #due(): void {
    this.#wake = null
    // They are set again when that is over.
    if (this.#plan.held()) return
    const { time, due } = this.#plan
    // A step that was just noticed moves deadlines first, in a turn of its own, and they are waited for after it.
    if (time.look()) return
    // What is due is not after the time in facts from here on.
    time.now()
    const wall = time.wall()
    for (let timer = this.#timers.pop(wall, time.ahead); timer !== null; timer = this.#timers.pop(wall, time.ahead)) due(timer)
    this.set()
  }
}
