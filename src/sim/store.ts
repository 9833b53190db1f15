/**
 * A journal in memory for worlds that crash: what was written survives in the `Store`, the `StoreJournal` opened on it does not.
 * (The player takes its journal from outside; a simulation needs one it can break at will.)
 */
import { callOf, type Recorded } from '#core/facts.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import { PortError } from '#ports/errors.ts'
import type { Batch, Journal, JournalOpened, PersonRow, Persons, Snapshot } from '#ports/journal.ts'

export class Store {
  readonly facts: Recorded[] = []
  readonly persons = new Map<PersonId, PersonRow>()
  readonly byNumber = new Map<string, PersonId>()
  readonly solutions = new Map<string, string>()
  snapshot: Snapshot | null = null
  /** Sees facts as they become durable. */
  onFacts: ((facts: readonly Recorded[]) => void) | null = null
}

const never = new Promise<never>(() => undefined)

export class StoreJournal implements Journal, Persons {
  readonly #store: Store
  /** What the next append meets: nothing was written, or it was and nobody is told. */
  dies: 'before' | 'after' | null = null
  /** Appends that fail with nothing written, to be tried again. */
  refuses = 0
  #dead = false
  readonly #onDeath: () => void

  constructor(store: Store, onDeath: () => void) {
    this.#store = store
    this.#onDeath = onDeath
  }

  async open(): Promise<JournalOpened> {
    const { facts, snapshot } = this.#store
    return { position: facts.length, lastAt: facts.at(-1)?.at ?? 0, snapshot, damage: null }
  }

  async append(expected: number, batch: Batch): Promise<void> {
    if (this.#dead) return never
    if (this.dies === 'before') return this.#die()
    const fail = (message: string, retry: boolean): PortError => new PortError('journal', 'append', { message, retry })
    if (this.refuses > 0) {
      this.refuses -= 1
      throw fail('the disk is full', true)
    }
    const store = this.#store
    if (expected > store.facts.length) throw fail('the append before it was not written', true)
    if (expected < store.facts.length) throw fail('somebody else has written', false)
    for (const fact of batch.facts) store.facts.push(fact)
    for (const person of batch.persons ?? []) {
      store.persons.set(person.personId, person)
      if (person.number !== null && !store.byNumber.has(person.number)) store.byNumber.set(person.number, person.personId)
    }
    for (const solution of batch.solutions ?? []) store.solutions.set(solution.version, solution.text)
    if (batch.facts.length > 0) store.onFacts?.(batch.facts)
    if (this.dies === 'after') return this.#die()
  }

  /** Nothing more is written through this, and nobody is answered. */
  kill(): void {
    this.#dead = true
  }

  #die(): Promise<never> {
    this.#dead = true
    this.#onDeath()
    return never
  }

  async *read(after: number): AsyncIterable<readonly Recorded[]> {
    if (after < this.#store.facts.length) yield this.#store.facts.slice(after)
  }

  async factsOf(callId: CallId): Promise<readonly Recorded[]> {
    return this.#store.facts.filter((recorded) => callOf(recorded.fact) === callId)
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    if (!this.#dead) this.#store.snapshot = snapshot
  }

  async solutionText(version: string): Promise<string | null> {
    return this.#store.solutions.get(version) ?? null
  }

  async close(): Promise<void> {
    this.#dead = true
  }

  async done(): Promise<null> {
    return null
  }

  async find(number: string): Promise<PersonId | undefined> {
    return this.#store.byNumber.get(number)
  }

  async get(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonRow>> {
    return new Map(
      ids.flatMap((id) => (this.#store.persons.has(id) ? [[id, this.#store.persons.get(id)] as const] : [])) as [PersonId, PersonRow][],
    )
  }

  async note(): Promise<string | null> {
    return null
  }
}
