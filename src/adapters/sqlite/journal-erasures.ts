/**
 * Persons taken out of the journal's file, by the thread that writes it. `erased` is the erasure list as far as it was applied here;
 * `recalled` holds those of the list who have a row (again): they called since, something is under way with them, or the file is a
 * backup's. Facts are not touched: they name a `personId` that nobody answers to any more.
 */
import type Database from 'better-sqlite3'
import type { Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Recalled } from '#ports/journal.ts'
import { addErasures, readErasures } from './erasure-list.ts'
import type { PersonHash } from './person-hash.ts'

export const ERASURES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS erased (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS recalled (person_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`

const keyOf = (hash: Buffer): string => hash.toString('hex')

export class JournalErasures {
  readonly #db: Database.Database
  readonly #folder: string
  readonly #hash: PersonHash
  /** Hashes in hex, and when they were erased last. */
  readonly #listed: Map<string, Ms>
  readonly #list: Database.Statement
  readonly #recall: Database.Statement
  readonly #recallAll: Database.Statement
  readonly #having: Database.Statement

  constructor(db: Database.Database, folder: string, hash: PersonHash) {
    this.#db = db
    this.#folder = folder
    this.#hash = hash
    const rows = db.prepare('SELECT hash, at FROM erased').raw().all() as [Buffer, Ms][]
    this.#listed = new Map(rows.map(([hash, at]) => [keyOf(hash), at]))
    this.#list = db.prepare('INSERT OR REPLACE INTO erased (hash, at) VALUES (?, ?)')
    this.#recall = db.prepare('INSERT OR IGNORE INTO recalled (person_id) VALUES (?)')
    this.#recallAll = db.prepare(
      `INSERT OR IGNORE INTO recalled (person_id) SELECT person_id FROM persons WHERE hash = ? AND kind = 'person'`,
    )
    this.#having = db.prepare(`SELECT person_id FROM persons WHERE hash = ? AND kind = 'person' ORDER BY row`).pluck()
  }

  /** What the list tells and this file does not know yet: a backup's file knows less. */
  applyList(): void {
    const fresh = readErasures(this.#folder).filter(({ hash, at }) => (this.#listed.get(hash) ?? -1) < at)
    if (fresh.length > 0)
      this.#db
        .transaction(() => {
          for (const { hash, at } of fresh) this.#take(Buffer.from(hash, 'hex'), at)
        })
        .immediate()
  }

  #take(hash: Buffer, at: Ms): void {
    this.#list.run(hash, at)
    this.#recallAll.run(hash)
    this.#listed.set(keyOf(hash), at)
  }

  /** Within the append that brings a person: whoever is on the list is marked, to be let go when the call is over. */
  arrived(personId: PersonId, hash: Buffer | null): void {
    if (this.#listed.size > 0 && hash !== null && this.#listed.has(keyOf(hash))) this.#recall.run(personId)
  }

  /** First on the list, durably, then marked here. Says who has the number now. */
  list(number: string, at: Ms): readonly PersonId[] {
    const hash = this.#hash.of(number)
    addErasures(this.#folder, [{ at, hash: keyOf(hash) }])
    this.#db.transaction(() => this.#take(hash, at)).immediate()
    return this.#having.all(hash) as PersonId[]
  }

  /** Their rows with name, number and hash, and these notes. Our own lines stay. */
  erase(persons: readonly PersonId[], notes: readonly string[]): void {
    const person = this.#db.prepare(`DELETE FROM persons WHERE person_id = ? AND kind = 'person'`)
    const mark = this.#db.prepare('DELETE FROM recalled WHERE person_id = ?')
    const note = this.#db.prepare(`DELETE FROM texts WHERE kind = 'note' AND key = ?`)
    this.#db
      .transaction(() => {
        for (const id of persons) {
          person.run(id)
          mark.run(id)
        }
        for (const id of notes) note.run(id)
      })
      .immediate()
  }

  recalled(): readonly Recalled[] {
    return this.#db
      .prepare(`SELECT person_id AS personId, number, kind, name, erased.at AS erasedAt
        FROM recalled JOIN persons USING (person_id) JOIN erased USING (hash)`)
      .all() as Recalled[]
  }
}
