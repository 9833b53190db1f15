/**
 * The journal kept in memory: for the simulation, the scenario player and tests. It keeps the same contract as the one on disk
 * (`tests/journal.contract.ts`). What survives a crash of the engine is the `MemoryStore`; what does not is the journal opened on it.
 */
import { hasOutlived, notesIn, wordsIn } from '#core/archive/outlived.ts'
import type { Recorded } from '#core/facts.ts'
import { callOf } from '#core/facts.ts'
import { Bug, type CallId, type Ms, type PersonId } from '#core/kernel/kernel.ts'
import { PortError } from '#ports/errors.ts'
import {
  type Batch,
  DONE_KEPT_MS,
  DONE_MAX,
  type DoneOnce,
  type Erasures,
  type Journal,
  type JournalOpened,
  type OthersForgotten,
  type Outlived,
  type OutlivedAsked,
  type PersonRow,
  type Persons,
  type Recalled,
  type Retaining,
  type Snapshot,
  type Unmentioned,
} from '#ports/journal.ts'

const READ_BLOCK_FACTS = 1_000
const SNAPSHOTS_KEPT = 2
const OUTLIVED_BLOCK = 200

/** The disk, as it were: everything that was durably written. */
export interface MemoryStore {
  readonly facts: Recorded[]
  readonly persons: Map<PersonId, PersonRow>
  readonly byNumber: Map<string, PersonId>
  readonly notes: Map<string, string>
  readonly solutions: Map<string, string>
  /** Oldest first. */
  readonly done: Map<string, DoneOnce>
  /** Numbers on the erasure list, with the latest instant. */
  readonly erased: Map<string, Ms>
  snapshots: readonly Snapshot[]
  /** Calls that were decided to leave and have not. */
  readonly leaving: Set<CallId>
  /** Whom facts that left mentioned, until it is known whether others do. */
  readonly parting: Set<PersonId>
  /** The last position at which a fact has left. */
  goneUpTo: number
  /** The journal that has it open. */
  holder: MemoryJournal | null
}

export const memoryStore = (): MemoryStore => ({
  facts: [],
  persons: new Map(),
  byNumber: new Map(),
  notes: new Map(),
  solutions: new Map(),
  done: new Map(),
  erased: new Map(),
  leaving: new Set(),
  parting: new Set(),
  goneUpTo: 0,
  snapshots: [],
  holder: null,
})

/** What may go wrong, or slowly. Each may wait; a `PortError` thrown by `beforeAppend` fails that append with nothing written. */
export interface MemoryFaults {
  readonly beforeAppend?: (expected: number, batch: Batch) => void | Promise<void>
  /** It is durable, and the caller does not know it yet: a crash here is the one that matters. */
  readonly afterAppend?: (batch: Batch) => void | Promise<void>
}

/** Of the last fact: it never leaves, for a snapshot that holds it is not the older one. */
const positionOf = ({ facts }: MemoryStore): number => facts.at(-1)?.position ?? 0

const failed = (operation: string, message: string, retry: boolean) => new PortError('journal', operation, { message, retry })

/** Throws what the contract says of an append at the wrong position. */
const checkPositions = (position: number, expected: number, facts: readonly Recorded[]): void => {
  if (expected < position) throw failed('append', `another writer has written: position ${position}, expected ${expected}`, false)
  if (expected > position) throw failed('append', `the append before it was not written: position ${position}, expected ${expected}`, true)
  facts.forEach((recorded, index) => {
    if (recorded.position !== expected + 1 + index) throw new Bug(`fact ${recorded.position} appended at ${expected + 1 + index}`)
  })
}

function keepDone(kept: Map<string, DoneOnce>, done: DoneOnce): void {
  kept.delete(done.key)
  kept.set(done.key, done)
  for (const [key, { at }] of kept) {
    if (kept.size <= DONE_MAX && at > done.at - DONE_KEPT_MS) return
    kept.delete(key)
  }
}

const forever = new Promise<never>(() => undefined)
const done = Promise.resolve()

export class MemoryJournal implements Journal, Persons, Erasures, Retaining {
  readonly #store: MemoryStore
  readonly #faults: MemoryFaults
  #queue: Promise<void> = done
  #crashed = false

  constructor(store: MemoryStore, faults: MemoryFaults) {
    this.#store = store
    this.#faults = faults
  }

  async open(): Promise<JournalOpened> {
    if (this.#store.holder !== null && this.#store.holder !== this) throw failed('open', 'another process has this journal', false)
    this.#store.holder = this
    const last = this.#store.facts.at(-1)
    const snapshot = this.#store.snapshots.at(-1) ?? null
    return { position: positionOf(this.#store), lastAt: last?.at ?? 0, snapshot, goneUpTo: this.#store.goneUpTo, damage: null }
  }

  append(expected: number, batch: Batch): Promise<void> {
    if (this.#crashed) return forever
    if (this.#faults.beforeAppend === undefined && this.#faults.afterAppend === undefined) {
      try {
        this.#write(expected, batch)
        return done
      } catch (error) {
        return Promise.reject(error)
      }
    }
    const written = this.#queue.then(() => this.#appendWithFaults(expected, batch))
    this.#queue = written.catch(() => undefined)
    return written
  }

  async #appendWithFaults(expected: number, batch: Batch): Promise<void> {
    await this.#faults.beforeAppend?.(expected, batch)
    if (this.#crashed) return forever
    this.#write(expected, batch)
    await this.#faults.afterAppend?.(batch)
    return this.#crashed ? forever : undefined
  }

  #write(expected: number, batch: Batch): void {
    const store = this.#store
    if (store.holder !== this) throw failed('append', 'another process has this journal', false)
    checkPositions(positionOf(store), expected, batch.facts)
    for (const fact of batch.facts) store.facts.push(fact)
    for (const person of batch.persons ?? []) {
      const name = person.name === undefined ? store.persons.get(person.personId)?.name : person.name
      store.persons.set(person.personId, { ...person, name: name ?? null })
      if (person.number !== null && !store.byNumber.has(person.number)) store.byNumber.set(person.number, person.personId)
    }
    for (const note of batch.notes ?? []) store.notes.set(note.noteId, note.text)
    for (const solution of batch.solutions ?? []) store.solutions.set(solution.version, solution.text)
    for (const done of batch.done ?? []) keepDone(store.done, done)
  }

  async *read(after: number): AsyncIterable<readonly Recorded[]> {
    let position = after
    for (;;) {
      const from = this.#indexBehind(position)
      const block = this.#store.facts.slice(from, from + READ_BLOCK_FACTS)
      const last = block.at(-1)
      if (last === undefined) return
      position = last.position
      yield block
    }
  }

  async factsOf(callId: string): Promise<readonly Recorded[]> {
    return this.#store.facts.filter((recorded) => callOf(recorded.fact) === callId)
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    if (this.#crashed) return forever
    this.#store.snapshots = [...this.#store.snapshots, snapshot].slice(-SNAPSHOTS_KEPT)
  }

  async solutionText(version: string): Promise<string | null> {
    return this.#store.solutions.get(version) ?? null
  }

  async done(key: string): Promise<DoneOnce | null> {
    return this.#store.done.get(key) ?? null
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

  async listErased(number: string, at: Ms): Promise<readonly PersonId[]> {
    this.#store.erased.set(number, at)
    return (await this.recalled()).filter((row) => row.number === number).map(({ personId }) => personId)
  }

  async erase(persons: readonly PersonId[], notes: readonly string[]): Promise<void> {
    for (const id of persons) {
      const row = this.#store.persons.get(id)
      if (row === undefined || row.kind === 'line') continue
      this.#store.persons.delete(id)
      if (row.number !== null && this.#store.byNumber.get(row.number) === id) this.#store.byNumber.delete(row.number)
    }
    for (const id of notes) this.#store.notes.delete(id)
  }

  async recalled(): Promise<readonly Recalled[]> {
    return [...this.#store.persons.values()].flatMap((row) => {
      const { number, kind } = row
      const erasedAt = number === null ? undefined : this.#store.erased.get(number)
      return kind === 'line' || number === null || erasedAt === undefined ? [] : [{ ...row, number, erasedAt }]
    })
  }

  /** Where the facts behind a position begin. Mostly none has left, and it is the position itself. */
  #indexBehind(position: number): number {
    const { facts } = this.#store
    if (position === 0 || facts[position - 1]?.position === position) return position
    const index = facts.findIndex((recorded) => recorded.position > position)
    return index < 0 ? facts.length : index
  }

  async leavableUpTo(): Promise<number> {
    const [older, newer] = this.#store.snapshots.slice(-SNAPSHOTS_KEPT)
    return newer === undefined ? 0 : (older?.position ?? 0)
  }

  async outlived({ after, upTo, horizons }: OutlivedAsked): Promise<Outlived> {
    const begin = this.#indexBehind(after)
    const facts = this.#store.facts.slice(begin, begin + OUTLIVED_BLOCK).filter(({ position }) => position <= upTo)
    const calls = new Set(facts.flatMap(({ fact }) => (fact.type === 'call.started' ? [fact.callId] : [])))
    const found: CallId[] = []
    for (const callId of calls) {
      const all = await this.factsOf(callId)
      if ((all.at(-1)?.position ?? 0) <= upTo && hasOutlived(all, horizons)) found.push(callId)
    }
    return { calls: found, next: facts.length < OUTLIVED_BLOCK ? null : (facts.at(-1)?.position ?? null) }
  }

  async leaving(): Promise<readonly CallId[]> {
    return [...this.#store.leaving].sort()
  }

  async markLeaving(calls: readonly CallId[]): Promise<void> {
    if (this.#crashed) return forever
    for (const callId of calls) this.#store.leaving.add(callId)
  }

  async forgetCalls(calls: readonly CallId[]): Promise<number> {
    if (this.#crashed) return forever
    const going = new Set(calls)
    const facts = await this.#forget(({ fact }) => going.has(callOf(fact) ?? ''))
    for (const callId of calls) this.#store.leaving.delete(callId)
    return facts
  }

  async forgetOthers({ before }: { readonly after: number; readonly before: Ms }): Promise<OthersForgotten> {
    if (this.#crashed) return forever
    const upTo = await this.leavableUpTo()
    const facts = await this.#forget(
      ({ at, position, fact }) => callOf(fact) === undefined && fact.type !== 'solution.taken' && at < before && position <= upTo,
    )
    return { facts, next: null }
  }

  async unmentioned(_asked: { readonly after: number }): Promise<Unmentioned> {
    const mentioned = new Set(wordsIn(JSON.stringify(this.#store.facts)))
    const persons = [...this.#store.parting].flatMap((id) => (mentioned.has(id) ? [] : (this.#store.persons.get(id) ?? [])))
    return { persons, next: null }
  }

  async forgetPersons({ persons, behind }: Parameters<Retaining['forgetPersons']>[0]): Promise<readonly PersonId[]> {
    if (this.#crashed) return forever
    const mentioned = new Set(wordsIn(JSON.stringify(this.#store.facts.filter(({ position }) => position > behind))))
    const going = persons.filter((id) => !mentioned.has(id))
    await this.erase(going, [])
    for (const id of going) this.#store.parting.delete(id)
    return going
  }

  async keepPersons(): Promise<void> {
    this.#store.parting.clear()
  }

  async #forget(goes: (recorded: Recorded) => boolean): Promise<number> {
    const store = this.#store
    const gone = store.facts.filter(goes)
    const last = gone.at(-1)
    if (last === undefined) return 0
    if (last.position > (await this.leavableUpTo()))
      throw failed('forget', `fact ${last.position} may not leave: no two snapshots hold it`, false)
    const kept = store.facts.filter((recorded) => !goes(recorded))
    store.facts.splice(0, store.facts.length, ...kept)
    store.goneUpTo = Math.max(store.goneUpTo, last.position)
    const json = JSON.stringify(gone)
    for (const id of notesIn(json)) store.notes.delete(id)
    for (const id of wordsIn(json)) if (store.persons.get(id)?.kind === 'person') store.parting.add(id)
    return gone.length
  }

  async close(): Promise<void> {
    await this.#queue
    if (this.#store.holder === this) this.#store.holder = null
  }

  /** As kill -9: what was not written never will be, nobody is answered any more, and the store may be opened anew. */
  crash(): void {
    this.#crashed = true
    if (this.#store.holder === this) this.#store.holder = null
  }
}

export const memoryJournal = (store: MemoryStore, faults: MemoryFaults = {}): MemoryJournal => new MemoryJournal(store, faults)
