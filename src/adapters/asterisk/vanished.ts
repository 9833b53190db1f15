/**
 * Legs whose phone has vanished. A page that is loaded anew, or a network that is gone, sends no BYE, and Asterisk would keep the leg
 * for a minute (`rtp_timeout`). A closed websocket alone proves nothing, for it closes too when our own server is started again, while
 * those who talk talk on: so a phone that is in doubt is asked for its voice. Browsers send one all the time, muted or not.
 */
import type { LegId } from '#core/kernel/kernel.ts'

const stepMs = 500
/** Silent for so many steps: the phone is gone. A voice comes 50 times a second. */
const silentSteps = 3
/** So long after the last reason for it a doubt is over. What was on its way arrives when the reason is known already. */
const doubtSteps = 8

export interface VanishedOptions {
  /** The packets of voice a leg has brought so far; null: the leg is over. */
  readonly received: (legId: LegId) => Promise<number | null>
  readonly lose: (legId: LegId) => void
}

interface Doubt {
  received: number | null
  silent: number
  left: number
  timer: NodeJS.Timeout | undefined
}

export class Vanished {
  readonly #options: VanishedOptions
  readonly #doubts = new Map<LegId, Doubt>()

  constructor(options: VanishedOptions) {
    this.#options = options
  }

  /** These legs' phone may be gone. */
  doubt(legs: readonly LegId[]): void {
    for (const legId of legs) {
      const known = this.#doubts.get(legId)
      if (known !== undefined) {
        known.left = doubtSteps
        continue
      }
      const doubt: Doubt = { received: null, silent: 0, left: doubtSteps, timer: undefined }
      this.#doubts.set(legId, doubt)
      this.#listen(legId, doubt)
    }
  }

  stop(): void {
    for (const { timer } of this.#doubts.values()) clearTimeout(timer)
    this.#doubts.clear()
  }

  #listen(legId: LegId, doubt: Doubt): void {
    this.#options.received(legId).then((received) => {
      if (this.#doubts.get(legId) !== doubt) return
      doubt.silent = received === doubt.received ? doubt.silent + 1 : 0
      doubt.received = received
      doubt.left -= 1
      const lost = received !== null && doubt.silent >= silentSteps
      if (received === null || lost || doubt.left <= 0) this.#doubts.delete(legId)
      else doubt.timer = setTimeout(() => this.#listen(legId, doubt), stepMs)
      if (lost) this.#options.lose(legId)
    })
  }
}
