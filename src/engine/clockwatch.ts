/** Notices a step of the wall clock: waiting is measured by the monotonic one. calls.md 7 */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

const STEP_MS = 2_000

export class ClockWatch {
  readonly #clock: Clock
  readonly #stepped: (byMs: Ms) => void
  #wall: Ms
  #monotonic: Ms
  #cancel: () => void = () => undefined

  /** `stepped` is told of each step over 2 s, forwards or back. `everyMs`: also looks by itself so often, until `stop`. */
  constructor(clock: Clock, stepped: (byMs: Ms) => void, everyMs?: Ms) {
    this.#clock = clock
    this.#stepped = stepped
    this.#wall = clock.now()
    this.#monotonic = clock.monotonic()
    if (everyMs !== undefined) this.#lookEvery(everyMs)
  }

  look(): void {
    const wall = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    const byMs = Math.round(wall - this.#wall - (monotonic - this.#monotonic))
    this.#wall = wall
    this.#monotonic = monotonic
    if (Math.abs(byMs) > STEP_MS) this.#stepped(byMs)
  }

  stop(): void {
    this.#cancel()
  }

  #lookEvery(everyMs: Ms): void {
    this.#cancel = this.#clock.wake(this.#clock.now() + everyMs, () => {
      this.#lookEvery(everyMs)
      this.look()
    })
  }
}
