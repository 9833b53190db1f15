/** The world from snapshot and journal, and the solutions its calls are handled by. */
import type { Recorded } from '#core/facts.ts'
import { evolve } from '#core/world/evolve.ts'
import { initial, load, save, type World } from '#core/world/world.ts'
import type { SolutionKit } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import { clashOf, type Refused } from './answer.ts'
import type { EngineParts } from './parts.ts'

const worldFrom = (snapshot: string | null): World => (snapshot === null ? null : load(snapshot)) ?? initial()

export interface Restored {
  readonly world: World
  readonly kits: ReadonlyMap<string, SolutionKit>
  readonly damage: string | null
}

/** Another solution than was in force may not begin: what is refused while it runs (`Engine.take`) is refused at a start too. */
export class MayNotBegin extends Error {
  override readonly name = 'MayNotBegin'
  readonly answer: Refused
  constructor(answer: Refused) {
    super(`the solution may not begin: ${answer.refused} (${answer.field ?? ''})`)
    this.answer = answer
  }
}

async function mayBegin(world: World, { kit, clock, dialler }: Pick<EngineParts, 'kit' | 'clock' | 'dialler'>): Promise<void> {
  if (world.solution === '' || world.solution === kit.solution.version) return
  const clash = await clashOf(world, kit.solution, { now: () => Math.max(clock.now(), world.at), contacts: dialler?.contacts })
  if (clash !== null) throw new MayNotBegin(clash)
}

/** Rejects with `PortError` where the journal cannot be read, with `MayNotBegin` where the solution given would be refused. */
export async function restore(parts: Pick<EngineParts, 'journal' | 'read' | 'kit' | 'clock' | 'dialler'>): Promise<Restored> {
  const { journal } = parts
  const opened = await journal.open()
  const world = worldFrom(opened.snapshot?.state ?? null)
  if (world.position < opened.goneUpTo) {
    const message =
      'the snapshot is of another version of the program, and what was before it has left by its age: start the version it ran with last'
    throw new PortError('journal', 'open', { message, retry: false })
  }
  for await (const block of journal.read(world.position)) for (const recorded of block) evolve(world, recorded)
  await mayBegin(world, parts)
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
