/** The same facts taken from the beginning and from each snapshot: they must come to the same world. */
import type { Disagreement } from '#adapters/sqlite/check/disagreement.ts'
import type { Recorded } from '#core/facts.ts'
import { Bug } from '#core/kernel/kernel.ts'
import { Shadow } from '#engine/restore.ts'
import type { Snapshot } from '#ports/journal.ts'

const fault = (position: number, what: string): Disagreement => ({ file: 'journal.db', position, what })

export class Replay {
  /** From the first fact, and from the snapshots passed so far; each by the position it began at. */
  readonly #worlds = new Map<number, Shadow>([[0, new Shadow(null)]])
  readonly #ahead: Snapshot[]
  readonly #compared: number[] = []
  readonly #older: number[] = []
  #last = 0

  constructor(snapshots: readonly Snapshot[]) {
    this.#ahead = [...snapshots]
  }

  /** The next facts. */
  take(facts: readonly Recorded[]): Disagreement | null {
    const [first] = facts
    if (first === undefined) return null
    // Facts left with their calls: nobody can come through from before.
    if (first.position !== this.#last + 1) {
      const missing = this.#pass(first.position - 1)
      if (missing !== null) return missing
      for (const [from, world] of this.#worlds) if (world.position() < first.position - 1) this.#worlds.delete(from)
    }
    let rest = facts
    for (let [next] = this.#ahead; next !== undefined && next.position <= (facts.at(-1)?.position ?? 0); [next] = this.#ahead) {
      const upTo = next.position
      const found = this.#apply(rest.filter(({ position }) => position <= upTo)) ?? this.#pass(upTo)
      if (found !== null) return found
      rest = rest.filter(({ position }) => position > upTo)
    }
    return this.#apply(rest)
  }

  #apply(facts: readonly Recorded[]): Disagreement | null {
    const last = facts.at(-1)
    if (last === undefined) return null
    try {
      for (const world of this.#worlds.values()) world.apply(facts)
    } catch (error) {
      if (!(error instanceof Bug) && !(error instanceof TypeError)) throw error
      return fault(facts[0]?.position ?? 0, `the facts up to ${last.position} cannot be replayed: ${error.message}`)
    }
    this.#last = last.position
    return null
  }

  /** Snapshots up to here are held against the worlds that came so far, and followed from here on. */
  #pass(position: number): Disagreement | null {
    for (let [next] = this.#ahead; next !== undefined && next.position <= position; [next] = this.#ahead) {
      this.#ahead.shift()
      const { position: at } = JSON.parse(next.state) as { readonly position: number }
      if (at !== next.position) return fault(next.position, `the snapshot is one of fact ${at}`)
      const world = new Shadow(next.state)
      if (world.position() !== next.position) {
        this.#older.push(next.position)
        continue
      }
      for (const other of this.#worlds.values())
        if (other.position() === next.position && other.save().state !== next.state)
          return fault(next.position, 'the snapshot is not the world that its facts make')
      this.#worlds.set(next.position, world)
      this.#compared.push(next.position)
    }
    return null
  }

  /** All facts were taken: those behind the last of them, too, and whether all worlds are one. */
  end(): Disagreement | null {
    const rest = this.#pass(Number.MAX_SAFE_INTEGER)
    if (rest !== null) return rest
    const ends = new Set([...this.#worlds.values()].map((world) => world.save().state))
    return ends.size <= 1 ? null : fault(this.#last, 'replayed from a snapshot the world is another than from the first fact')
  }

  /** What was proved. */
  says(): string {
    const from = [...this.#worlds.keys()].map((position) => (position === 0 ? 'the first fact' : `the snapshot at ${position}`))
    const older = this.#older.length === 0 ? '' : `; of an older program, and not used: ${this.#older.join(', ')}`
    return `journal.db: replayed from ${from.join(' and ') || 'nothing'} to the same world${older}`
  }
}
