/** The world from snapshot and journal, and the solutions its calls are handled by. */
import type { Recorded } from '#core/facts.ts'
import { evolve } from '#core/world/evolve.ts'
import { initial, load, save, type World } from '#core/world/world.ts'
import type { SolutionKit } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { Journal } from '#ports/journal.ts'

const worldFrom = (snapshot: string | null): World => (snapshot === null ? null : load(snapshot)) ?? initial()

export interface Restored {
  readonly world: World
  readonly kits: ReadonlyMap<string, SolutionKit>
  readonly damage: string | null
}

export async function restore(parts: {
  readonly journal: Journal
  readonly read: (text: string) => Promise<SolutionKit>
}): Promise<Restored> {
  const { journal } = parts
  const opened = await journal.open()
  const world = worldFrom(opened.snapshot?.state ?? null)
  if (world.position < opened.goneUpTo) {
    const message =
      'the snapshot is of another version of the program, and what was before it has left by its age: start the version it ran with last'
    throw new PortError('journal', 'open', { message, retry: false })
  }
  for await (const block of journal.read(world.position)) for (const recorded of block) evolve(world, recorded)
  const kits = new Map<string, SolutionKit>()
  for (const call of world.calls.values()) {
    if (call.solution === '' || kits.has(call.solution)) continue
    const text = await journal.solutionText(call.solution)
    if (text !== null) kits.set(call.solution, await parts.read(text))
  }
  return { world, kits, damage: opened.damage }
}

/** A world kept beside the engine's own from the same facts: makes snapshots without the engine waiting for it. */
export class Shadow {
  readonly #world: World
  readonly #take: (world: World, recorded: Recorded) => void

  /** `take`: takes a fact into the world; to look at it fact by fact. */
  constructor(snapshot: string | null, take: (world: World, recorded: Recorded) => void = evolve) {
    this.#world = worldFrom(snapshot)
    this.#take = take
  }

  get world(): World {
    return this.#world
  }

  position(): number {
    return this.#world.position
  }

  apply(facts: readonly Recorded[]): void {
    for (const recorded of facts) if (recorded.position > this.#world.position) this.#take(this.#world, recorded)
    this.#world.touched.length = 0
  }

  save(): { position: number; state: string } {
    return { position: this.#world.position, state: save(this.#world) }
  }
}

export const saveWorld = save
