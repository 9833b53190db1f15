/**
 * The one truth of a solution: facts in one order, and what belongs to them (persons, solution texts, notes), written in one
 * transaction. One writer at a time: an append names the position it expects to follow, and a second writer is fenced off.
 */

import type { Horizons } from '#core/archive/outlived.ts'
import type { Recorded } from '#core/facts.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'

/** Whoever has a number: the only place where it is written. `line`: a number of our own. */
export interface PersonRow {
  readonly personId: PersonId
  /** E.164 where it could be normalised, else as it came; null when withheld. */
  readonly number: string | null
  readonly kind: 'person' | 'line'
  readonly name?: string | null
}

/**
 * A request that was done and is done once: `key` and `body` are hashes, made by whoever took it; `answer` is what was answered, as
 * JSON, and holds ids alone. `at`: when it was done.
 */
export interface DoneOnce {
  readonly key: string
  readonly body: string
  readonly at: Ms
  readonly answer: string
}
/** They are kept for a day, and no more than so many: whoever asks again asks soon. */
export const DONE_KEPT_MS: Ms = 24 * 3_600_000
export const DONE_MAX = 10_000

/** What one append writes, all or nothing. */
export interface Batch {
  readonly facts: readonly Recorded[]
  readonly persons?: readonly PersonRow[]
  readonly notes?: readonly { readonly noteId: string; readonly text: string }[]
  readonly solutions?: readonly { readonly version: string; readonly text: string }[]
  readonly done?: readonly DoneOnce[]
}

export interface Snapshot {
  /** The position of the last fact it holds. */
  readonly position: number
  /** JSON of the world, made and read by the engine. */
  readonly state: string
}

export interface JournalOpened {
  /** The position of the last fact, 0 when empty. */
  readonly position: number
  readonly lastAt: Ms
  readonly snapshot: Snapshot | null
  /** Facts up to here may have left (`Retaining`): the world is not to be made without a snapshot that holds them. 0: all are there. */
  readonly goneUpTo: number
  /** A damaged tail that was cut off: what was lost, in one sentence. */
  readonly damage: string | null
}

export interface Journal {
  /** Refuses with `PortError` where another process has it. */
  open(): Promise<JournalOpened>
  /** Durable when it resolves. Rejects: `retry` true (disk full, slow) leaves nothing written; `retry` false (fenced: the position was not the expected one) means that somebody else writes. */
  append(expected: number, batch: Batch): Promise<void>
  /** In order, from `after` + 1, in blocks. */
  read(after: number): AsyncIterable<readonly Recorded[]>
  factsOf(callId: CallId): Promise<readonly Recorded[]>
  saveSnapshot(snapshot: Snapshot): Promise<void>
  solutionText(version: string): Promise<string | null>
  /** The request done under this key, while it is kept. */
  done(key: string): Promise<DoneOnce | null>
  close(): Promise<void>
}

/** Numbers and names, joined when read. */
export interface Persons {
  /** The person with this number, or undefined: found through a keyed hash. */
  find(number: string): Promise<PersonId | undefined>
  get(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonRow>>
  note(noteId: string): Promise<string | null>
}

export interface Recalled extends PersonRow {
  readonly number: string
  readonly erasedAt: Ms
}

/**
 * Persons who are to be forgotten (calls.md 7). Their rows go; what stays is the keyed hash of the number, on a list that is kept beside
 * the journal and outlives it: whoever is on it and gets a row again, by a call or by a backup that is restored, is told by `recalled`.
 */
export interface Erasures {
  /** On the list, durably. Who has that number now; nothing of them is deleted yet. */
  listErased(number: string, at: Ms): Promise<readonly PersonId[]>
  /** Deletes rows and notes for good. To be called while nothing is under way with them. Our own lines are passed over. */
  erase(persons: readonly PersonId[], notes: readonly string[]): Promise<void>
  /** Those on the list who have a row, and when they were erased last. */
  recalled(): Promise<readonly Recalled[]>
}

export interface OutlivedAsked {
  readonly after: number
  readonly upTo: number
  readonly horizons: Horizons
}

/** Where the search for calls goes on, and what it found. */
export interface Outlived {
  readonly calls: readonly CallId[]
  /** The position of the last fact looked at; null: there is no more. */
  readonly next: number | null
}

/** Persons of facts that left whom no fact up to `next` mentions: all that are left when there is no more to look through. */
export interface Unmentioned {
  readonly persons: readonly PersonRow[]
  readonly next: number | null
}

/** Facts of no call that left, and where to go on; null: there is no more. */
export interface OthersForgotten {
  readonly facts: number
  readonly next: number | null
}

/**
 * What leaves by its age (calls.md 7): whole calls, with their facts and notes; facts of no call; persons nobody refers to. What stays is
 * that the facts that are left are those that were written, in their places, and that snapshot and facts make the same world as before.
 */
export interface Retaining {
  /** Up to which position facts may leave: that of the older of the snapshots kept, so that either leads to the world. 0: none may. */
  leavableUpTo(): Promise<number>
  /** Calls that have outlived their retention, all their facts at `upTo` or before, among those that began in the next so many facts behind `after`. */
  outlived(asked: OutlivedAsked): Promise<Outlived>
  /** Calls that were decided to leave and have not: an interruption is made up for from there. */
  leaving(): Promise<readonly CallId[]>
  /** Decides, durably, that these leave; nothing of them is deleted yet. */
  markLeaving(calls: readonly CallId[]): Promise<void>
  /** Deletes their facts for good, and the notes these tell of. How many facts. Refused where one is behind `leavableUpTo`. */
  forgetCalls(calls: readonly CallId[]): Promise<number>
  /** The same of facts of no call, but which solutions were taken, that are older than `before`, among the next so many facts behind `after`. */
  forgetOthers(asked: { readonly after: number; readonly before: Ms }): Promise<OthersForgotten>
  /** Looks through the next so many facts behind `after` for persons of facts that left, from 0 on; told are those nobody mentions, at the end. */
  unmentioned(asked: { readonly after: number }): Promise<Unmentioned>
  /**
   * Those of them whom no fact behind `behind` mentions either go for good, with number and name; the others stay. To be called while
   * nothing is under way with them. Who went.
   */
  forgetPersons(asked: { readonly persons: readonly PersonId[]; readonly behind: number }): Promise<readonly PersonId[]>
  /** Whoever left a fact is looked for no more: he stays, until another fact of his leaves. */
  keepPersons(): Promise<void>
}
