/**
 * How what happens in the network comes to be known, and what is asked of it gets there: in order, slowly, twice, late, overtaken, or
 * never. Measured by waiting, so that a step of the wall clock holds nothing up.
 */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

/** What becomes of one event. `overtaken`: those after it do not wait for it. */
export interface Fate {
  /** 0: it is never told. */
  readonly times: number
  readonly lateMs: Ms
  readonly overtaken: boolean
}

/** One direction of the connection: nothing overtakes what came before it, but what is meant to be overtaken. */
export class Delivery {
  readonly #clock: Clock
  #until: Ms = 0
  #underWay = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long until all that is under way has arrived. */
  get waitMs(): Ms {
    return Math.max(0, this.#until - this.#clock.monotonic())
  }

  /** All has arrived. At the instant at which something is due it is still under way, until its turn comes. */
  get isClear(): boolean {
    return this.#underWay === 0
  }

  /** `arrive` is called after the wait, also where there is none. */
  later({ times, lateMs, overtaken }: Fate, arrive: () => void): void {
    const at = this.#at(lateMs, overtaken)
    for (let left = times; left > 0; left -= 1) this.#wake(at, arrive)
  }

  /** At once where nothing is before it. */
  atOnceOr(lateMs: Ms, arrive: () => void): void {
    const at = this.#at(lateMs, false)
    if (at <= this.#clock.now() && this.isClear) arrive()
    else this.#wake(at, arrive)
  }

  #wake(at: Ms, arrive: () => void): void {
    this.#underWay += 1
    this.#clock.wake(at, () => {
      this.#underWay -= 1
      arrive()
    })
  }

  #at(lateMs: Ms, overtaken: boolean): Ms {
    const now = this.#clock.monotonic()
    const due = Math.max(this.#until, now + lateMs)
    if (!overtaken) this.#until = due
    return this.#clock.now() + due - now
  }
}
