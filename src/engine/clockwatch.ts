/** Notices a step of the wall clock: waiting is measured by the monotonic one. calls.md 7 */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

const STEP_MS = 2_000

export class ClockWatch {
  readonly #clock: Clock
  #wall: Ms
  #monotonic: Ms

  constructor(clock: Clock) {
    this.#clock = clock
    this.#wall = clock.now()
    this.#monotonic = clock.monotonic()
  }

  /** How far the wall clock has stepped since it was last asked, forwards or back; 0 for 2 s or less. */
  stepped(): Ms {
    const wall = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    const byMs = Math.round(wall - this.#wall - (monotonic - this.#monotonic))
    this.#wall = wall
    this.#monotonic = monotonic
    return Math.abs(byMs) > STEP_MS ? byMs : 0
  }
}
