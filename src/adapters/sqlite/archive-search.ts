/**
 * Searches in the archive: the columns of all calls in memory, the stories read from the file, the numbers of `persons` joined from
 * the journal's file beside it. Synchronous, for the searching threads. Every search first takes in what was written since the last.
 */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveFilter } from '#ports/archive.ts'
import { archivePath } from './archive-file.ts'
import { Bits } from './bits.ts'
import { CallIndex } from './call-index.ts'
import { conditionsOf } from './conditions.ts'
import { Digits } from './digits.ts'
import { journalPath } from './journal-file.ts'

const CACHE_KIB = 64 * 1024

const COLUMNS = `
  row, started_at, ended_at, direction, origin, mode, campaign, result, queues, agents, owners, contact, kinds, people,
    unanswered, wait_ms, speak_ms`
type Changed = [
  row: number,
  startedAt: number,
  endedAt: number | null,
  direction: string,
  origin: string | null,
  mode: string | null,
  campaign: string | null,
  result: string,
  queues: string,
  agents: string,
  owners: string,
  contact: string | null,
  kinds: number,
  people: string,
  unanswered: number,
  waitMs: number | null,
  speakMs: number,
]

export interface PageAsked {
  readonly after: string | null
  readonly limit: number
}

/** Stories as JSON, so that they cross to the asking thread as one text. */
export interface PageFound {
  readonly stories: string
  readonly next: string | null
}

export class ArchiveSearch {
  readonly #db: Database.Database
  readonly #folder: string
  readonly #changed: Database.Statement
  readonly #removed: Database.Statement
  readonly #inOrder: Database.Statement
  readonly #idOf: Database.Statement
  readonly #story: Database.Statement
  readonly #storyOf: Database.Statement
  readonly #meta: Database.Statement
  readonly #personRow: Database.Statement
  #newPeople: Database.Statement | null = null
  #index: CallIndex
  /** Person n of `people` is entry n. */
  #digits = new Digits()
  #withheld: number[] = []
  #change = 0
  #drops = 0
  #version = -1

  /** The archive must have been made: `openArchiveWriter` does. */
  constructor(folder: string) {
    this.#folder = folder
    this.#db = new Database(archivePath(folder), { readonly: true })
    this.#db.pragma(`cache_size = -${CACHE_KIB}`)
    this.#changed = this.#db.prepare(`SELECT ${COLUMNS} FROM calls WHERE change > ? ORDER BY change`).raw()
    this.#removed = this.#db.prepare('SELECT row FROM removed WHERE change > ? ORDER BY change').pluck()
    this.#inOrder = this.#db.prepare(`SELECT ${COLUMNS} FROM calls WHERE row > ? ORDER BY row LIMIT ?`).raw()
    this.#idOf = this.#db.prepare('SELECT id FROM calls WHERE row = ?').pluck()
    this.#story = this.#db.prepare('SELECT story FROM stories WHERE row = ?').pluck()
    this.#storyOf = this.#db.prepare('SELECT story FROM stories JOIN calls USING (row) WHERE id = ?').pluck()
    this.#meta = this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck()
    this.#personRow = this.#db.prepare('SELECT row FROM people WHERE person_id = ?').pluck()
    this.#index = this.#emptyIndex()
  }

  #emptyIndex(): CallIndex {
    return new CallIndex((row) => String(this.#idOf.get(row)))
  }

  /** Takes in what was written since, numbers of people too. */
  refresh(): void {
    this.#newPeople ??= this.#joinPersons()
    this.#reading(() => this.#takeInAll())
  }

  #takeInAll(): void {
    this.#refresh()
    this.#refreshPeople()
  }

  /**
   * The first time: all that is there, `limit` calls a turn, in the order of the file, which is quicker than that of the changes.
   * What changes meanwhile is taken in after.
   */
  *load(limit: number): Generator<void> {
    this.#drops = Number(this.#meta.get('drops'))
    const change = Number(this.#meta.get('change'))
    for (let row = 0, taken = limit; taken === limit; ) {
      taken = 0
      for (const call of this.#inOrder.iterate(row, limit) as IterableIterator<Changed>) {
        this.#put(call)
        row = call[0]
        taken += 1
      }
      yield
    }
    this.#index.settle()
    this.#change = change
  }

  #refresh(): void {
    const version = Number(this.#db.pragma('data_version', { simple: true }))
    if (version === this.#version) return
    const drops = Number(this.#meta.get('drops'))
    if (drops !== this.#drops) this.#forget(drops)
    // Whoever did not look for so long that it is not told any more what left takes in everything anew.
    if (this.#change < Number(this.#meta.get('pruned'))) this.#forget(drops)
    this.#index.remove(this.#removed.all(this.#change) as number[])
    for (const row of this.#changed.iterate(this.#change) as IterableIterator<Changed>) this.#put(row)
    this.#index.settle()
    this.#change = Number(this.#meta.get('change'))
    this.#version = version
  }

  #forget(drops: number): void {
    this.#index = this.#emptyIndex()
    this.#digits = new Digits()
    this.#withheld = []
    this.#change = 0
    this.#drops = drops
  }

  #put(row: Changed): void {
    this.#index.put({
      row: row[0],
      startedAt: row[1],
      endedAt: row[2],
      sort: `${row[3]}\t${row[4] ?? ''}\t${row[5] ?? ''}\t${row[6] ?? ''}\t${row[7]}`,
      queues: row[8],
      agents: row[9],
      owners: row[10],
      contact: row[11],
      kinds: row[12],
      people: row[13] === '' ? [] : row[13].split(',').map(Number),
      unanswered: row[14],
      waitMs: row[15],
      speakMs: row[16],
    })
  }

  /** Numbers of the people who came since: read from the journal's file, and kept in this thread only. */
  #refreshPeople(): void {
    if (this.#newPeople === null) return
    for (const [row, kind, number] of this.#newPeople.iterate(this.#digits.last) as IterableIterator<
      [number, string | null, string | null]
    >) {
      while (this.#digits.last < row - 1) this.#digits.add('')
      if (kind !== null && number === null) this.#withheld.push(row)
      this.#digits.add(number ?? '')
    }
  }

  #joinPersons(): Database.Statement | null {
    const path = journalPath(this.#folder)
    if (!existsSync(path)) return null
    this.#db.prepare('ATTACH ? AS journal').run(path)
    return this.#db
      .prepare(`SELECT people.row, persons.kind, persons.number
        FROM people LEFT JOIN journal.persons USING (person_id) WHERE people.row > ? ORDER BY people.row`)
      .raw()
  }

  /** One view of the file for all that is read within: what is found and what is shown agree. */
  #reading<T>(read: () => T): T {
    return this.#db.transaction(read)()
  }

  search(filter: ArchiveFilter, page: PageAsked): PageFound {
    this.#newPeople ??= this.#joinPersons()
    return this.#reading(() => {
      this.#takeInAll()
      const below = page.after === null ? undefined : this.#placeOf(page.after)
      const people = this.#people(filter)
      const conditions = conditionsOf(filter, this.#index, people)
      const { rows, more } = this.#index.search(conditions, { from: filter.from, to: filter.to, below }, page.limit, people[0])
      const last = rows.at(-1)
      return {
        stories: `[${rows.map((row) => String(this.#story.get(row))).join(',')}]`,
        next: more && last !== undefined ? this.#keyOf(last) : null,
      }
    })
  }

  count(filter: ArchiveFilter, atMost: number): number {
    this.#newPeople ??= this.#joinPersons()
    return this.#reading(() => {
      this.#takeInAll()
      const people = this.#people(filter)
      const conditions = conditionsOf(filter, this.#index, people)
      return this.#index.search(conditions, { from: filter.from, to: filter.to }, atMost, people[0]).rows.length
    })
  }

  story(callId: CallId): string | null {
    return (this.#storyOf.get(callId) as string | undefined) ?? null
  }

  /** Of persons who are erased: the digits kept here. */
  forget(persons: readonly PersonId[]): void {
    for (const person of persons) {
      const row = Number(this.#personRow.get(person) ?? 0)
      if (row > 0 && row <= this.#digits.last) this.#digits.blank(row)
    }
  }

  #keyOf(row: number): string {
    return `${this.#index.columns.startedAt[row] ?? 0}.${String(this.#idOf.get(row))}`
  }

  /** A key that is none of ours begins at the newest. */
  #placeOf(key: string): number | undefined {
    const dot = key.indexOf('.')
    const startedAt = Number(key.slice(0, dot))
    return dot < 0 || !Number.isFinite(startedAt) ? undefined : this.#index.before(startedAt, key.slice(dot + 1))
  }

  /** Whose calls are meant: somebody of each set. None where a filter names nobody. */
  #people(filter: ArchiveFilter): Bits[] {
    const people: Bits[] = []
    if (filter.person !== undefined) people.push(this.#set([Number(this.#personRow.get(filter.person) ?? 0)]))
    const { number } = filter
    if (number === 'withheld') people.push(this.#set(this.#withheld))
    else if (number !== undefined) people.push(this.#digits.find(number.how, number.digits))
    return people
  }

  /** People by their row; row 0 is nobody. */
  #set(rows: readonly number[]): Bits {
    const set = new Bits(rows.reduce((largest, row) => Math.max(largest, row), 0) + 1)
    for (const row of rows) if (row > 0) set.add(row)
    return set
  }

  close(): void {
    this.#db.close()
  }
}
