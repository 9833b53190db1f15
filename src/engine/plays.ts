/**
 * The prompts that are being played, as far as anybody told. That one has been heard is told once, and may be lost on the way: whoever
 * heard it would be left in silence, and nothing would follow. So the switch is asked. calls.md 7
 */
import type { Telephony } from '#ports/telephony.ts'

export class Plays {
  readonly #telephony: Telephony
  /** By play: whether it was going on already when it was last looked. */
  readonly #going = new Map<string, boolean>()

  constructor(telephony: Telephony) {
    this.#telephony = telephony
  }

  begun(playId: string): void {
    this.#going.set(playId, false)
  }

  /** Heard to its end, or stopped. */
  over(playId: string): void {
    this.#going.delete(playId)
  }

  /**
   * Those that are over in the switch, and nobody said so. Most last no longer than from one look to the next, and are not asked about.
   * Rejects with `PortError` when the switch is away.
   */
  async missed(): Promise<readonly string[]> {
    const missed: string[] = []
    for (const [playId, wasGoing] of [...this.#going]) {
      if (!wasGoing) this.#going.set(playId, true)
      else if (!(await this.#telephony.plays(playId)) && this.#going.delete(playId)) missed.push(playId)
    }
    return missed
  }
}
