/**
 * Time that only moves when nothing is left to do. Everything waiting lies in a heap; between two instants whatever was
 * started (promises, commits) is let come to rest, so that the same world gives the same story however fast the machine is.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

interface Waiting {
  readonly at: Ms
  readonly order: number
  call: (() => void) | null
}

const before = (a: Waiting, b: Waiting): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A binary heap: the earliest first, at one instant in the order they were asked for. */
class Heap {
  readonly #items: Waiting[] = []

  get size(): number {
    return this.#items.length
  }

  first(): Waiting | undefined {
    return this.#items[0]
  }

  push(item: Waiting): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent]
      if (above === undefined || !before(item, above)) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  pop(): Waiting | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (top === undefined || last === undefined || items.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      let below = items[child]
      if (below === undefined) break
      const right = items[child + 1]
      if (right !== undefined && before(right, below)) {
        child += 1
        below = right
      }
      if (!before(below, last)) break
      items[at] = below
      at = child
    }
    items[at] = last
    return top
  }
}

/** A clock so little behind another counts as having caught up: what is left is made good by the first wakings. */
const BEHIND_MS_MAX: Ms = 50

/** Waits until the promises and commits now under way have come to rest. */
export type Settle = () => Promise<void>

/** Two turns of Node's loop: enough for any chain of promises, and for one that waits for the next turn itself. */
export const settled: Settle = async () => {
  await nextTurn()
  await nextTurn()
}

export class VirtualClock implements Clock {
  readonly #heap = new Heap()
  readonly #startsAt: Ms
  /** By waiting; the wall shows `#steppedMs` more. */
  #now: Ms
  #steppedMs: Ms = 0
  #order = 0
  #asleep = 0
  /** The clock followed, once this one has caught up with it. */
  #real: Clock | null = null

  /** `startsAt`: UTC milliseconds. */
  constructor(startsAt: Ms) {
    this.#startsAt = startsAt
    this.#now = startsAt
  }

  now(): Ms {
    return this.#real === null ? this.#now + this.#steppedMs : Math.max(this.#now, this.#real.now())
  }

  /** Going over to a real clock makes no jump: what passed virtually counts. */
  monotonic(): Ms {
    return this.now() - this.#steppedMs - this.#startsAt
  }

  /** The wall's clock is set forward, or back: whoever waits waits no longer and no shorter. */
  step(byMs: Ms): void {
    this.#steppedMs += byMs
  }

  /** How many wait for an instant. */
  get waiting(): number {
    return this.#asleep
  }

  wake(at: Ms, call: () => void): () => void {
    if (this.#real !== null) return this.#real.wake(at, call)
    const item: Waiting = { at: Math.max(at - this.#steppedMs, this.#now), order: this.#order++, call }
    this.#heap.push(item)
    this.#asleep += 1
    return () => {
      if (item.call === null) return
      item.call = null
      this.#asleep -= 1
    }
  }

  /**
   * Lets so much time pass as there is until then, at most, or until nobody waits any more. `settle` is awaited before every step, so that a step
   * sees all that follows from the one before. Ends with the clock there, or at the last step where that is infinite.
   */
  async run(wallUntil: Ms, settle: Settle = settled): Promise<void> {
    const until = wallUntil - this.#steppedMs
    for (;;) {
      await settle()
      const item = this.#next()
      if (item === undefined || item.at > until) break
      this.#heap.pop()
      this.#now = item.at
      const call = item.call
      item.call = null
      this.#asleep -= 1
      call?.()
    }
    if (Number.isFinite(until)) this.#now = Math.max(this.#now, until)
  }

  /**
   * Lets virtual time pass until it is the real clock's now, then follows that clock for good: a world made in virtual time lives on in
   * real time, with every person, timer and call in it.
   */
  async catchUp(real: Clock, settle: Settle = settled): Promise<void> {
    while (real.now() - this.#now > BEHIND_MS_MAX) await this.run(real.now(), settle)
    this.#real = real
    for (let item = this.#next(); item !== undefined; item = this.#next()) {
      this.#heap.pop()
      this.#follow(item, real)
    }
  }

  /** Taking it back still works: the call is looked up when its time comes. */
  #follow(item: Waiting, real: Clock): void {
    real.wake(item.at, () => {
      const call = item.call
      if (call === null) return
      item.call = null
      this.#asleep -= 1
      call()
    })
  }

  /** The earliest that was not taken back. */
  #next(): Waiting | undefined {
    let item = this.#heap.first()
    while (item !== undefined && item.call === null) {
      this.#heap.pop()
      item = this.#heap.first()
    }
    return item
  }
}
