/**
 * A journal in memory for worlds that crash: what was written survives in the `Store`, the `StoreJournal` opened on it does not.
 * (The player takes its journal from outside; a simulation needs one it can break at will.)
 */
import { callOf, type Recorded } from '#core/facts.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'
import { PortError } from '#ports/errors.ts'
import type { Batch, Journal, JournalOpened, PersonRow, Persons, Snapshot } from '#ports/journal.ts'

const SNAPSHOTS_KEPT = 2

export class Store {
  readonly facts: Recorded[] = []
  readonly persons = new Map<PersonId, PersonRow>()
  readonly byNumber = new Map<string, PersonId>()
  readonly notes = new Map<string, string>()
  readonly solutions = new Map<string, string>()
  /** Oldest first. */
  snapshots: readonly Snapshot[] = []
  /** Sees facts as they become durable. */
  onFacts: ((facts: readonly Recorded[]) => void) | null = null
  /** Sees snapshots as they are kept. */
  onSnapshot: ((snapshot: Snapshot) => void) | null = null
  /** How long an append takes. */
  appendMs: Ms = 0
  /** Appends that fail with nothing written, to be tried again. */
  refuses = 0
  full = false
}

/** Where the engine is killed, at the next of these. `hangs`: nothing is written yet; it will be when `thaw` is called. */
export type Death = 'before' | 'after' | 'inSnapshot' | 'hangs'

const never = new Promise<never>(() => undefined)
const fail = (message: string, retry: boolean): PortError => new PortError('journal', 'append', { message, retry })

export class StoreJournal implements Journal, Persons {
  readonly #store: Store
  readonly #clock: Clock
  readonly #onDeath: (how: Death) => void
  dies: Death | null = null
  #dead = false
  /** Somebody else has written: nothing is taken from this one any more, whatever position it names. */
  #fenced = false
  #thawed: (() => void) | null = null
  #before: Promise<void> = Promise.resolve()

  constructor(store: Store, clock: Clock, onDeath: (how: Death) => void) {
    this.#store = store
    this.#clock = clock
    this.#onDeath = onDeath
  }

  async open(): Promise<JournalOpened> {
    const { facts, snapshots } = this.#store
    return { position: facts.length, lastAt: facts.at(-1)?.at ?? 0, snapshot: snapshots.at(-1) ?? null, goneUpTo: 0, damage: null }
  }

  /** One after the other, each in its time. */
  append(expected: number, batch: Batch): Promise<void> {
    const written = this.#before.then(() => this.#append(expected, batch))
    this.#before = written.catch(() => undefined)
    return written
  }

  async #append(expected: number, batch: Batch): Promise<void> {
    const store = this.#store
    if (store.appendMs > 0) await this.#wait(store.appendMs)
    if (this.#dead) return never
    if (this.dies === 'before') return this.#die()
    if (this.dies === 'hangs') await this.#hang()
    if (store.full) throw fail('the disk is full', true)
    if (store.refuses > 0) {
      store.refuses -= 1
      throw fail('the disk did not answer', true)
    }
    this.#write(expected, batch)
    if (this.dies === 'after') return this.#die()
  }

  #write(expected: number, batch: Batch): void {
    const store = this.#store
    if (expected > store.facts.length) throw fail('the append before it was not written', true)
    if (expected < store.facts.length) this.#fenced = true
    if (this.#fenced) throw fail('somebody else has written', false)
    for (const fact of batch.facts) store.facts.push(fact)
    for (const person of batch.persons ?? []) {
      store.persons.set(person.personId, person)
      if (person.number !== null && !store.byNumber.has(person.number)) store.byNumber.set(person.number, person.personId)
    }
    for (const { noteId, text } of batch.notes ?? []) store.notes.set(noteId, text)
    for (const solution of batch.solutions ?? []) store.solutions.set(solution.version, solution.text)
    if (batch.facts.length > 0) store.onFacts?.(batch.facts)
  }

  #wait(ms: Ms): Promise<void> {
    return new Promise((resolve) => void this.#clock.wake(this.#clock.now() + ms, resolve))
  }

  #hang(): Promise<void> {
    this.dies = null
    this.#onDeath('hangs')
    return new Promise((resolve) => {
      this.#thawed = resolve
    })
  }

  /** What hung goes on. */
  thaw(): void {
    this.#thawed?.()
  }

  /** Nothing more is written through this, and nobody is answered. */
  kill(): void {
    this.#dead = true
  }

  #die(): Promise<never> {
    this.#dead = true
    if (this.dies !== null) this.#onDeath(this.dies)
    return never
  }

  async *read(after: number): AsyncIterable<readonly Recorded[]> {
    if (after < this.#store.facts.length) yield this.#store.facts.slice(after)
  }

  async factsOf(callId: CallId): Promise<readonly Recorded[]> {
    return this.#store.facts.filter((recorded) => callOf(recorded.fact) === callId)
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    if (this.#dead) return never
    if (this.dies === 'inSnapshot') return this.#die()
    this.#store.onSnapshot?.(snapshot)
    this.#store.snapshots = [...this.#store.snapshots, snapshot].slice(-SNAPSHOTS_KEPT)
  }

  async solutionText(version: string): Promise<string | null> {
    return this.#store.solutions.get(version) ?? null
  }

  async close(): Promise<void> {
    await this.#before
    this.#dead = true
  }

  async done(): Promise<null> {
    return null
  }

  async find(number: string): Promise<PersonId | undefined> {
    return this.#store.byNumber.get(number)
  }

  async get(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonRow>> {
    const found = new Map<PersonId, PersonRow>()
    for (const id of ids) {
      const person = this.#store.persons.get(id)
      if (person !== undefined) found.set(id, person)
    }
    return found
  }

  async note(noteId: string): Promise<string | null> {
    return this.#store.notes.get(noteId) ?? null
  }
}
