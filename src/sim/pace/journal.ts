/**
 * A journal for a shift that is never taken up again: what is appended is passed on and forgotten, so that a shift of 300 agents does not
 * fill the memory. Persons are kept, for numbers are looked up.
 */
import type { Recorded } from '#core/facts.ts'
import { Bug, type PersonId } from '#core/kernel/kernel.ts'
import type { Batch, Journal, JournalOpened, PersonRow, Persons } from '#ports/journal.ts'

const done = Promise.resolve()

export class PassingJournal implements Journal, Persons {
  readonly #onFacts: (facts: readonly Recorded[]) => void
  readonly #persons = new Map<PersonId, PersonRow>()
  readonly #byNumber = new Map<string, PersonId>()
  #position = 0

  constructor(onFacts: (facts: readonly Recorded[]) => void) {
    this.#onFacts = onFacts
  }

  async open(): Promise<JournalOpened> {
    return { position: 0, lastAt: 0, snapshot: null, goneUpTo: 0, damage: null }
  }

  append(expected: number, { facts, persons = [] }: Batch): Promise<void> {
    if (expected !== this.#position) throw new Bug(`appended at ${expected}, after ${this.#position}`)
    this.#position += facts.length
    for (const person of persons) {
      this.#persons.set(person.personId, person)
      if (person.number !== null) this.#byNumber.set(person.number, person.personId)
    }
    this.#onFacts(facts)
    return done
  }

  async *read(): AsyncIterable<readonly Recorded[]> {
    // Nothing of it is there any more.
  }

  async factsOf(): Promise<readonly Recorded[]> {
    return []
  }

  async saveSnapshot(): Promise<void> {
    throw new Bug('nobody takes this shift up again')
  }

  async solutionText(): Promise<null> {
    return null
  }

  async done(): Promise<null> {
    return null
  }

  async find(number: string): Promise<PersonId | undefined> {
    return this.#byNumber.get(number)
  }

  async get(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonRow>> {
    return new Map(ids.flatMap((id) => (this.#persons.has(id) ? [[id, this.#persons.get(id)] as [PersonId, PersonRow]] : [])))
  }

  async note(): Promise<null> {
    return null
  }

  async close(): Promise<void> {
    await done
  }
}
