/**
 * The keys of the pages, given to whoever has bound them. A key is for the page its user has asked for: one pressed while that page is
 * still on its way (its address is there, its parts are not) waits for it, and so does one for rows that are still being fetched.
 *
 * ```
 * press ──a page is awaited, or another key waits──▶ kept ──pageUp, offer──▶ given
 *   └─────given─────'later'──────────────────────────▶┘ └──too old──▶ lost
 * ```
 */

/** Used; no key of this taker's; or a key of its own, but what it is for is not there yet. */
export type Taken = boolean | 'later'

export interface Key {
  /** A key held down repeats itself, which nobody means for a page that is not there. */
  readonly repeat: boolean
}

/** Keys that wait at once; more are lost. */
export const KEPT_MAX = 20
/** How long a key waits, and a page is awaited: who has waited longer has given up, and must not be surprised. */
export const KEPT_MS_MAX = 5_000

export class Keys<K extends Key> {
  readonly #now: () => number
  readonly #give: (act: () => void) => void
  readonly #takers = new Set<(key: K) => Taken>()
  #kept: readonly { readonly key: K; readonly at: number }[] = []
  #awaitedSince: number | null = null
  #isGiving = false

  /**
   * `now`: milliseconds, never going back. `give` calls what it is given such that everything it changes is drawn when `give` returns,
   * so that the next key meets it.
   */
  constructor(now: () => number, give: (act: () => void) => void) {
    this.#now = now
    this.#give = give
  }

  /** Those bound first are asked first. Returns what unbinds. */
  bind(taker: (key: K) => Taken): () => void {
    this.#takers.add(taker)
    return () => this.#takers.delete(taker)
  }

  /** True when somebody has the key, so that the browser does nothing of its own with it. */
  press(key: K): boolean {
    this.#dropOld()
    const mayGo = !this.#isAwaited() && this.#kept.length === 0
    const taken = mayGo ? this.#asked(key) : 'later'
    if (taken === 'later' && !key.repeat && this.#kept.length < KEPT_MAX) this.#kept = [...this.#kept, { key, at: this.#now() }]
    if (mayGo) return taken !== false
    this.offer()
    return false
  }

  /** Another page is asked for. What waits was meant for one that is not wanted any more, unless it was such a key that asked. */
  pageAsked(): void {
    if (!this.#isGiving) this.#kept = []
    this.#awaitedSince = this.#now()
  }

  /** The page asked for is up. */
  pageUp(): void {
    this.#awaitedSince = null
    this.offer()
  }

  get isWaitedFor(): boolean {
    return this.#kept.length > 0
  }

  /** Gives what waits, in the order pressed, as far as it is taken: something was drawn anew. */
  offer(): void {
    if (this.#isGiving) return
    this.#isGiving = true
    try {
      for (let goesOn = true; goesOn; ) goesOn = this.#offerFirst()
    } finally {
      this.#isGiving = false
    }
  }

  /** Whether the next may be offered as well. */
  #offerFirst(): boolean {
    this.#dropOld()
    const [first, ...others] = this.#kept
    if (first === undefined || this.#isAwaited()) return false
    this.#kept = others
    const taken: Taken[] = []
    this.#give(() => taken.push(this.#asked(first.key)))
    if (!taken.includes('later')) return true
    this.#kept = [first, ...this.#kept]
    return false
  }

  #asked(key: K): Taken {
    for (const taker of this.#takers) {
      const taken = taker(key)
      if (taken !== false) return taken
    }
    return false
  }

  #isAwaited(): boolean {
    return this.#awaitedSince !== null && this.#now() - this.#awaitedSince <= KEPT_MS_MAX
  }

  #dropOld(): void {
    this.#kept = this.#kept.filter(({ at }) => this.#now() - at <= KEPT_MS_MAX)
  }
}
