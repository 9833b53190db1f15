/**
 * Lines that were there before us and whose music is to be set anew: after a start thousands, and whoever calls now is not to wait
 * behind them. So a few at a time; one that something else is asked of has its turn at once.
 */
import type { LegId } from '#core/kernel/kernel.ts'

export class Unhurried {
  #free: number
  readonly #waiting = new Map<LegId, () => void>()

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  async take(legId: LegId, work: () => Promise<void>): Promise<void> {
    if (this.#free <= 0) await new Promise<void>((resolve) => this.#waiting.set(legId, resolve))
    this.#free -= 1
    try {
      await work()
    } finally {
      this.#free += 1
      const [next] = this.#free > 0 ? this.#waiting.keys() : []
      if (next !== undefined) this.hurry(next)
    }
  }

  hurry(legId: LegId): void {
    const go = this.#waiting.get(legId)
    this.#waiting.delete(legId)
    go?.()
  }
}
