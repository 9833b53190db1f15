/**
 * The timers of the world in order of their due time. The world holds the truth (a timer is a consequence of a fact); the heaps only
 * find the next one: one for those who wait, by the time in facts, and one for appointments, by the wall. A key whose timer was moved or
 * taken away is passed over when it comes up.
 */
import type { TimerInput } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { clockOf } from '#core/world/waits.ts'
import type { World } from '#core/world/world.ts'

interface Node {
  readonly at: Ms
  readonly key: string
}

export class Timers {
  readonly #waits = new Heap()
  readonly #appointments = new Heap()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Takes in what was set since the last time. */
  feed(): void {
    const touched = this.#world.touched
    for (const key of touched) {
      const timer = this.#world.timers.get(key)
      if (timer === undefined) continue
      const heap = clockOf(this.#world, timer.input) === 'waiting' ? this.#waits : this.#appointments
      heap.push({ at: timer.at, key })
    }
    touched.length = 0
  }

  /** When the next one is due by the wall, where the time in facts is so far ahead of it; null: none is set. */
  next(aheadMs: Ms): Ms | null {
    const wait = this.#first(this.#waits)
    const appointment = this.#first(this.#appointments)
    if (wait === undefined) return appointment?.at ?? null
    return Math.min(wait.at - aheadMs, appointment?.at ?? Number.POSITIVE_INFINITY)
  }

  /** The next one due at or before an instant of the wall, in order of due time. */
  pop(wall: Ms, aheadMs: Ms): TimerInput | null {
    const at = this.next(aheadMs)
    if (at === null || at > wall) return null
    const wait = this.#first(this.#waits)
    const heap = wait !== undefined && wait.at - aheadMs === at ? this.#waits : this.#appointments
    const node = heap.pop()
    return node === undefined ? null : (this.#world.timers.get(node.key)?.input ?? null)
  }

  #first(heap: Heap): Node | undefined {
    for (let first = heap.first(); first !== undefined && this.#world.timers.get(first.key)?.at !== first.at; first = heap.first())
      heap.pop()
    return heap.first()
  }
}

class Heap {
  readonly #nodes: Node[] = []
  /** Of each key, the instant it was last put in for: set twice for one instant, it falls due once. */
  readonly #waiting = new Map<string, Ms>()

  first(): Node | undefined {
    for (let first = this.#nodes[0]; first !== undefined && this.#waiting.get(first.key) !== first.at; first = this.#nodes[0]) this.pop()
    return this.#nodes[0]
  }

  push(node: Node): void {
    if (this.#waiting.get(node.key) === node.at) return
    this.#waiting.set(node.key, node.at)
    const nodes = this.#nodes
    let place = nodes.length
    nodes.push(node)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = nodes[above]
      if (parent === undefined || !goesBefore(node, parent)) break
      nodes[place] = parent
      place = above
    }
    nodes[place] = node
  }

  pop(): Node | undefined {
    const nodes = this.#nodes
    const first = nodes[0]
    if (first !== undefined && this.#waiting.get(first.key) === first.at) this.#waiting.delete(first.key)
    const last = nodes.pop()
    if (last === undefined || nodes.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      const left = nodes[below]
      if (left === undefined) break
      const right = nodes[below + 1]
      const smaller = right !== undefined && goesBefore(right, left) ? right : left
      if (smaller === right) below += 1
      if (!goesBefore(smaller, last)) break
      nodes[place] = smaller
      place = below
    }
    nodes[place] = last
    return first
  }
}

const goesBefore = (a: Node, b: Node): boolean => a.at < b.at || (a.at === b.at && a.key < b.key)
