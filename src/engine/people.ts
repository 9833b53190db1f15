/**
 * Numbers at the engine's edge: a number that comes in becomes a `PersonId` before the rules see it, and a `PersonId` becomes a
 * number again when an effect is carried out. New persons are written in the same transaction as the facts that name them.
 */
import type { Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Chance } from '#ports/clock.ts'
import type { PersonRow, Persons } from '#ports/journal.ts'

/** Persons kept at hand; those beyond are asked for again. */
const KEPT_MAX = 50_000
/** Notes kept at hand: only of orders that are being confirmed. */
const NOTES_KEPT_MAX = 500

export class People {
  readonly #persons: Persons
  readonly #chance: Chance
  readonly #byNumber = new Map<string, PersonId>()
  readonly #numbers = new Map<PersonId, string | null>()
  /** Being looked up: two calls from one number at once are one person. */
  readonly #asked = new Map<string, Promise<PersonId>>()
  /** Extensions that are read back. */
  readonly #notes = new Map<string, string>()
  /** Being let go: whoever calls from these numbers meanwhile is looked up when that is over. */
  readonly #held = new Map<string, Promise<void>>()
  #fresh: PersonRow[] = []

  constructor(persons: Persons, chance: Chance) {
    this.#persons = persons
    this.#chance = chance
  }

  /** At once where the person is at hand. */
  idOf(number: string, at: Ms): PersonId | Promise<PersonId> {
    return this.#byNumber.get(number) ?? this.#asked.get(number) ?? this.#ask(number, at)
  }

  /** Whoever has this number is called so from now on, whether he was known or not. */
  rename(row: PersonRow): void {
    this.#fresh.push(row)
  }

  /** A caller who withholds the number is somebody new each time. */
  withheld(at: Ms): PersonId {
    const personId = `p${this.#chance.id(at)}`
    this.#fresh.push({ personId, number: null, kind: 'person' })
    this.#keep(personId, null)
    return personId
  }

  addLine(row: { readonly personId: PersonId; readonly number: string; readonly name: string }): void {
    this.#fresh.push({ ...row, kind: 'line' })
    this.#keep(row.personId, row.number)
  }

  /** The number to dial or to read back; undefined: not at hand, ask `load` first. */
  numberOf(personId: PersonId): string | null | undefined {
    return this.#numbers.get(personId)
  }

  async load(personId: PersonId): Promise<void> {
    const row = (await this.#persons.get([personId])).get(personId)
    this.#keep(personId, row?.number ?? null)
  }

  /** The digits to read back; undefined: not at hand, ask `loadNote` first. */
  noteOf(noteId: string): string | undefined {
    return this.#notes.get(noteId)
  }

  async loadNote(noteId: string): Promise<void> {
    if (this.#notes.size >= NOTES_KEPT_MAX) this.#notes.clear()
    this.#notes.set(noteId, (await this.#persons.note(noteId)) ?? '')
  }

  /** From now on nobody is taken for the person with this number, until released: then it is looked up anew. */
  async hold(number: string): Promise<() => void> {
    while (this.#held.has(number)) await this.#held.get(number)
    const held = Promise.withResolvers<void>()
    this.#held.set(number, held.promise)
    this.#byNumber.delete(number)
    // One asked for before may still be on its way to the rules: it is in the inbox when this is over.
    await this.#asked.get(number)?.catch(() => undefined)
    this.#byNumber.delete(number)
    return () => {
      this.#held.delete(number)
      held.resolve()
    }
  }

  /** They are erased: nothing of them is kept at hand. */
  forget(persons: readonly PersonId[]): void {
    for (const id of persons) this.#numbers.delete(id)
    this.#notes.clear()
  }

  /** The new rows since the last time, for the append that first names them. */
  take(): PersonRow[] {
    const rows = this.#fresh
    this.#fresh = []
    return rows
  }

  async #ask(number: string, at: Ms): Promise<PersonId> {
    const looked = this.#held.get(number)?.then(() => this.#persons.find(number)) ?? this.#persons.find(number)
    const asked = looked.then((found) => {
      const personId = found ?? `p${this.#chance.id(at)}`
      if (found === undefined) this.#fresh.push({ personId, number, kind: 'person' })
      this.#keep(personId, number)
      return personId
    })
    this.#asked.set(number, asked)
    // Where it could not be looked up too: the next time it is asked for anew.
    const over = (): void => void this.#asked.delete(number)
    asked.then(over, over)
    return asked
  }

  #keep(personId: PersonId, number: string | null): void {
    if (this.#numbers.size >= KEPT_MAX) this.#forgetOldest()
    this.#numbers.set(personId, number)
    if (number !== null) this.#byNumber.set(number, personId)
  }

  #forgetOldest(): void {
    for (const [personId, number] of this.#numbers) {
      this.#numbers.delete(personId)
      if (number !== null) this.#byNumber.delete(number)
      if (this.#numbers.size < KEPT_MAX * 0.9) return
    }
  }
}
