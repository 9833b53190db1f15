/**
 * The journal as read beside its writer: facts, persons and texts, through a read-only connection. Synchronous, for worker threads:
 * the journal's own reading thread, and whoever projects the facts.
 */
import Database from 'better-sqlite3'
import { hasOutlived, latest, wordsIn } from '#core/archive/outlived.ts'
import type { Fact, Recorded } from '#core/facts.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { DoneOnce, Outlived, OutlivedAsked, PersonRow, Unmentioned } from '#ports/journal.ts'
import { journalPath } from './journal-file.ts'
import { PersonHash } from './person-hash.ts'

type Stored = { readonly position: number; readonly at: number; readonly body: string }
type StoredPerson = {
  readonly person_id: string
  readonly number: string | null
  readonly kind: 'person' | 'line'
  readonly name: string | null
}

/** As JSON, made by joining what is JSON already. */
const jsonOf = (rows: readonly Stored[]): string =>
  `[${rows.map((row) => `{"position":${row.position},"at":${row.at},"fact":${row.body}}`).join(',')}]`

export class JournalReader {
  readonly #db: Database.Database
  readonly #folder: string
  /** Read when it is first asked for: a look into a folder whose key is lost must not make another. */
  #hash: PersonHash | null = null
  readonly #after: Database.Statement
  readonly #old: Database.Statement
  readonly #ofCall: Database.Statement
  readonly #byHash: Database.Statement
  readonly #person: Database.Statement
  readonly #text: Database.Statement
  /** Whom facts that left mentioned, and none of those looked through so far. */
  #parting = new Set<PersonId>()
  /** Prepared when it is first asked for: a journal that a program before this table wrote can be read all the same. */
  #done: Database.Statement | null = null

  /** `moment`: everything is read as it is now, whatever is written meanwhile; not to be held open for long beside a running program. */
  constructor(folder: string, { moment = false }: { readonly moment?: boolean } = {}) {
    this.#folder = folder
    this.#db = new Database(journalPath(folder), { readonly: true })
    if (moment) this.#db.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
    this.#after = this.#db.prepare('SELECT position, at, body FROM facts WHERE position > ? ORDER BY position LIMIT ?')
    this.#old = this.#db.prepare(
      'SELECT position, call_id FROM facts WHERE position > ? AND position <= ? AND at < ? ORDER BY position LIMIT ?',
    )
    this.#ofCall = this.#db.prepare('SELECT position, at, body FROM facts WHERE call_id = ? ORDER BY position')
    this.#byHash = this.#db.prepare('SELECT person_id FROM persons WHERE hash = ? ORDER BY row LIMIT 1').pluck()
    this.#person = this.#db.prepare('SELECT person_id, number, kind, name FROM persons WHERE person_id = ?')
    this.#text = this.#db.prepare('SELECT text FROM texts WHERE kind = ? AND key = ?').pluck()
  }

  /** JSON of the next facts as `Recorded[]`, no more than `limit`; `[]` at the end. */
  factsAfterAsJson(position: number, limit: number): string {
    return jsonOf(this.#after.all(position, limit) as Stored[])
  }

  /** The next facts, no more than `limit`; none at the end. */
  factsAfter(position: number, limit: number): readonly Recorded[] {
    return JSON.parse(this.factsAfterAsJson(position, limit)) as Recorded[]
  }

  /** Positions without a fact: they left with their calls, or were lost with a damaged part of the file. */
  missingUpTo(position: number): number {
    return position - Number(this.#db.prepare('SELECT count(*) FROM facts WHERE position <= ?').pluck().get(position))
  }

  /** How many facts have left; it only grows. */
  gone(): number {
    return Number(this.#db.prepare('SELECT coalesce(sum(last - first + 1 - kept), 0) FROM gone').pluck().get())
  }

  /** Whether every fact that was written is there: none has left, and none was lost. */
  isComplete(): boolean {
    return this.missingUpTo(Number(this.#db.prepare('SELECT coalesce(max(position), 0) FROM facts').pluck().get())) === 0
  }

  /** Calls that were decided to leave and have not: the archive may be without them already. */
  leaving(): ReadonlySet<CallId> {
    return new Set(this.#db.prepare('SELECT call_id FROM leaving').pluck().all() as CallId[])
  }

  factsOfAsJson(callId: CallId): string {
    return jsonOf(this.#ofCall.all(callId) as Stored[])
  }

  /** The last fact of its type; null: there is none. Reads back through the journal: for what happens now and then. */
  lastOf<T extends Fact['type']>(type: T): Extract<Fact, { readonly type: T }> | null {
    const body = this.#db.prepare('SELECT body FROM facts WHERE type = ? ORDER BY position DESC LIMIT 1').pluck().get(type)
    return typeof body === 'string' ? (JSON.parse(body) as Extract<Fact, { readonly type: T }>) : null
  }

  /** Calls that began among the next `limit` facts, are there up to `upTo` with all that was written of them, and have outlived their retention. */
  outlived({ after, upTo, horizons }: OutlivedAsked, limit: number): Outlived {
    const rows = this.#old.all(after, upTo, latest(horizons), limit) as { position: number; call_id: CallId | null }[]
    const [first] = rows
    if (first === undefined) return { calls: [], next: null }
    const calls = [...new Set(rows.flatMap(({ call_id }) => call_id ?? []))].filter((callId) => {
      const facts = JSON.parse(this.factsOfAsJson(callId)) as Recorded[]
      const [began, last] = [facts[0]?.position ?? 0, facts.at(-1)?.position ?? 0]
      return began >= first.position && last <= upTo && hasOutlived(facts, horizons)
    })
    return { calls, next: rows.length < limit ? null : (rows.at(-1)?.position ?? null) }
  }

  /** Block by block, from 0 on; whom it looks for is remembered from one to the next. */
  unmentioned(after: number, limit: number): Unmentioned {
    if (after === 0) this.#parting = new Set(this.#db.prepare('SELECT person_id FROM parting').pluck().all() as PersonId[])
    const rows = this.#parting.size === 0 ? [] : (this.#after.all(after, limit) as Stored[])
    for (const { body } of rows) for (const word of wordsIn(body)) this.#parting.delete(word)
    const next = rows.length < limit ? null : (rows.at(-1)?.position ?? null)
    return { persons: next === null ? this.get([...this.#parting]) : [], next }
  }

  find(number: string): PersonId | undefined {
    this.#hash ??= PersonHash.open(this.#folder)
    return this.#byHash.get(this.#hash.of(number)) as PersonId | undefined
  }

  get(ids: readonly PersonId[]): PersonRow[] {
    const rows = ids.map((id) => this.#person.get(id) as StoredPerson | undefined)
    return rows.filter((row) => row !== undefined).map(({ person_id, number, kind, name }) => ({ personId: person_id, number, kind, name }))
  }

  text(kind: 'note' | 'solution', key: string): string | null {
    return (this.#text.get(kind, key) as string | undefined) ?? null
  }

  done(key: string): DoneOnce | null {
    this.#done ??= this.#db.prepare('SELECT key, body, at, answer FROM done WHERE key = ?')
    return (this.#done.get(key) as DoneOnce | undefined) ?? null
  }

  close(): void {
    this.#db.close()
  }
}
