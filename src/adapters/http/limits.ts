/** How often something may be tried: a bucket per key that fills again by itself, so that nobody is locked out for long. */
import type { Clock } from '#ports/clock.ts'

/** Keys remembered at most; the one used longest ago is forgotten first. */
const KEYS_MAX = 10_000

export class Buckets {
  readonly #size: number
  readonly #refillMs: number
  readonly #clock: Clock
  readonly #left = new Map<string, { tokens: number; at: number }>()

  /** `size` tries at once, then one each `refillMs`. */
  constructor(size: number, refillMs: number, clock: Clock) {
    this.#size = size
    this.#refillMs = refillMs
    this.#clock = clock
  }

  /** Takes one try. 0: taken; else the milliseconds until there is one. */
  take(key: string): number {
    const now = this.#clock.monotonic()
    const had = this.#left.get(key) ?? { tokens: this.#size, at: now }
    const tokens = Math.min(this.#size, had.tokens + (now - had.at) / this.#refillMs)
    this.#left.delete(key)
    this.#left.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    if (this.#left.size > KEYS_MAX) for (const oldest of this.#left.keys().take(1)) this.#left.delete(oldest)
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * this.#refillMs)
  }

  /** A try that went well is given back. */
  giveBack(key: string): void {
    const had = this.#left.get(key)
    if (had !== undefined) this.#left.set(key, { tokens: Math.min(this.#size, had.tokens + 1), at: had.at })
  }
}
