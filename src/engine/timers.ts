/**
 * The timers of the world in order of their due time. The world holds the truth (a timer is a consequence of a fact); this heap only
 * finds the next one. A key whose timer was moved or taken away is passed over when it comes up.
 */
import type { TimerInput } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'

interface Node {
  readonly at: Ms
  readonly key: string
}

export class Timers {
  readonly #heap: Node[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Takes in what was set since the last time. */
  feed(): void {
    const touched = this.#world.touched
    for (const key of touched) {
      const timer = this.#world.timers.get(key)
      if (timer !== undefined) this.#push({ at: timer.at, key })
    }
    touched.length = 0
  }

  /** When the next one is due; null: none is set. */
  next(): Ms | null {
    this.#dropStale()
    return this.#heap[0]?.at ?? null
  }

  /** The next one due at or before an instant, in order of due time. */
  pop(now: Ms): TimerInput | null {
    this.#dropStale()
    const first = this.#heap[0]
    if (first === undefined || first.at > now) return null
    this.#removeFirst()
    return this.#world.timers.get(first.key)?.input ?? null
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined && this.#world.timers.get(first.key)?.at !== first.at; first = this.#heap[0])
      this.#removeFirst()
  }

  #push(node: Node): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(node)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !goesBefore(node, parent)) break
      heap[place] = parent
      place = above
    }
    heap[place] = node
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      const left = heap[below]
      if (left === undefined) break
      const right = heap[below + 1]
      const smaller = right !== undefined && goesBefore(right, left) ? right : left
      if (smaller === right) below += 1
      if (!goesBefore(smaller, last)) break
      heap[place] = smaller
      place = below
    }
    heap[place] = last
  }
}

const goesBefore = (a: Node, b: Node): boolean => a.at < b.at || (a.at === b.at && a.key < b.key)
