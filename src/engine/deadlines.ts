/** Waits for the next stored timer of the world, and lets those that are due run, in order of their due time. */
import type { TimerInput } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'
import type { Clock } from '#ports/clock.ts'
import { Timers } from './timers.ts'

export interface DeadlinesPlan {
  readonly world: World
  readonly clock: Clock
  /** Timers wait until the switch has been asked what happened, and for good when the engine has stopped. */
  readonly held: () => boolean
  readonly now: () => Ms
  /** Before those that are due run. */
  readonly look: () => void
  readonly due: (timer: TimerInput, now: Ms) => void
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
    const at = this.#timers.next()
    if (this.#wake?.at === at || this.#plan.held()) return
    this.#wake?.cancel()
    this.#wake = at === null ? null : { at, cancel: this.#plan.clock.wake(at, () => this.#due()) }
  }

  /** The next deadline is an instant by the wall, and the wall's clock was moved: it is waited for anew. */
  forget(): void {
    this.#wake?.cancel()
    this.#wake = null
  }

  #due(): void {
    this.#wake = null
    this.#plan.look()
    const now = this.#plan.now()
    for (let timer = this.#timers.pop(now); timer !== null; timer = this.#timers.pop(now)) this.#plan.due(timer, now)
    this.set()
  }
}
