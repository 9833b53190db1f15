/** Solution files of the running program: their numbers found among the persons of the journal, or given new ids. */
import type { PersonId } from '#core/kernel/kernel.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Persons } from '#ports/journal.ts'
import { recordedPrompts } from './play.ts'
import type { FileError } from './solution/places.ts'
import { readSolution, type SolutionRead } from './solution.ts'

export type KitReader = (text: string) => Promise<SolutionRead | { readonly errors: readonly FileError[] }>

/** A number of ours keeps its id for ever: the one in `persons`, else one given here and written with the solution. */
export function kitReader(parts: { readonly persons: Persons; readonly chance: Chance; readonly clock: Clock }): KitReader {
  const given = new Map<string, PersonId>()
  const prompts = [...new Set(Object.values(recordedPrompts()).flatMap((names) => Object.keys(names)))]
  return async (text) => {
    const first = readSolution(text, { personOf: (number) => number, prompts })
    if ('errors' in first) return first
    for (const { number } of first.lines) {
      if (given.has(number)) continue
      given.set(number, (await parts.persons.find(number)) ?? parts.chance.id(parts.clock.now()))
    }
    return readSolution(text, { personOf: (number) => given.get(number) ?? number, prompts })
  }
}
