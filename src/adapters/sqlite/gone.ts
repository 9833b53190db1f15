/**
 * Facts that leave the journal with their calls (calls.md 7). Their rows are deleted, and `gone` says at which positions none is missed:
 * a row is a run of whole batches, with the seal of the last, which the next batch's covers, and a sum over what is left of it. So the
 * chain of seals holds on, a fact that is missing elsewhere is still missed, and nothing behind has to be sealed anew. Runs of which
 * nothing is left and that follow each other become one.
 *
 * `parting` holds whom the facts that left mentioned, until it is known whether others do. `leaving` holds the calls that were decided to leave and have not yet: an interruption is made up for from there.
 */
import type Database from 'better-sqlite3'
import { notesIn, wordsIn } from '#core/archive/outlived.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'
import { PortError } from '#ports/errors.ts'
import type { OthersForgotten } from '#ports/journal.ts'
import { CorruptFile } from './corrupt.ts'
import { type Batch, type FactRow, type GoneRow, isSealed, sealBefore, sumOfGone } from './seals.ts'

export const GONE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS gone (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, kept INTEGER NOT NULL, seal BLOB NOT NULL, sum BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS leaving (call_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parting (person_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`

/** The last position at which a fact has left; 0: none has. */
export const goneUpTo = (db: Database.Database): number => {
  const run = db.prepare('SELECT * FROM gone ORDER BY first DESC LIMIT 1').get() as GoneRow | undefined
  if (run === undefined) return 0
  const kept = db.prepare('SELECT position FROM facts WHERE position BETWEEN ? AND ? ORDER BY position DESC').pluck()
  let position = run.last
  for (const there of kept.iterate(run.first, run.last) as IterableIterator<number>) {
    if (there !== position) break
    position -= 1
  }
  return position
}

/** By its last one it is known which solution is in force, where the file that says so is lost. */
const STAYS = 'solution.taken'

interface OthersAsked {
  readonly after: number
  readonly before: Ms
  readonly limit: number
  readonly most?: number
}

export class Gone {
  readonly #db: Database.Database
  readonly #lastRun: Database.Statement
  readonly #within: Database.Statement
  readonly #put: Database.Statement
  readonly #drop: Database.Statement
  readonly #mark: Database.Statement
  readonly #part: Database.Statement

  constructor(db: Database.Database) {
    this.#db = db
    this.#lastRun = db.prepare('SELECT * FROM gone WHERE first <= ? ORDER BY first DESC LIMIT 1')
    this.#within = db.prepare('SELECT * FROM facts WHERE position BETWEEN ? AND ? ORDER BY position')
    this.#put = db.prepare('INSERT OR REPLACE INTO gone (first, last, kept, seal, sum) VALUES (@first, @last, @kept, @seal, @sum)')
    this.#drop = db.prepare('DELETE FROM gone WHERE first = ?')
    // Prepared when the file is opened, as all others: by that a table that is described by other words is found.
    this.#mark = db.prepare('INSERT OR IGNORE INTO leaving (call_id) VALUES (?)')
    this.#part = db.prepare(
      `INSERT OR IGNORE INTO parting (person_id) SELECT person_id FROM persons WHERE person_id = ? AND kind = 'person'`,
    )
  }

  /** Up to which position facts may leave: either of the two snapshots then still leads to the world. */
  leavableUpTo(): number {
    const kept = this.#db.prepare('SELECT position FROM snapshots ORDER BY position DESC LIMIT 2').pluck().all() as number[]
    return kept[1] ?? 0
  }

  leaving(): readonly CallId[] {
    return this.#db.prepare('SELECT call_id FROM leaving ORDER BY call_id').pluck().all() as CallId[]
  }

  markLeaving(calls: readonly CallId[]): void {
    this.#db
      .transaction(() => {
        for (const callId of calls) this.#mark.run(callId)
      })
      .immediate()
  }

  /** Their facts and the notes these tell of, for good. Throws where what would leave is not what was written. How many facts. */
  forgetCalls(calls: readonly CallId[]): number {
    const facts = this.#db.prepare('SELECT * FROM facts WHERE call_id = ? ORDER BY position')
    const unmark = this.#db.prepare('DELETE FROM leaving WHERE call_id = ?')
    return this.#db
      .transaction(() => {
        const found = calls.flatMap((callId) => facts.all(callId) as FactRow[])
        this.#forget(found)
        for (const callId of calls) unmark.run(callId)
        return found.length
      })
      .immediate()
  }

  /** Facts of no call from before an instant, among the next `limit` facts and so many at most: how many, and where to go on; null: that was all. */
  forgetOthers({ after, before, limit, most = limit }: OthersAsked): OthersForgotten {
    return this.#db
      .transaction(() => {
        const rows = this.#db
          .prepare('SELECT * FROM facts WHERE position > ? AND position <= ? AND at < ? ORDER BY position LIMIT ?')
          .all(after, this.leavableUpTo(), before, limit) as FactRow[]
        const others = rows.filter(({ call_id, type }) => call_id === null && type !== STAYS)
        const found = others.slice(0, most)
        this.#forget(found)
        if (found.length < others.length) return { facts: found.length, next: found.at(-1)?.position ?? null }
        return { facts: found.length, next: rows.length < limit ? null : (rows.at(-1)?.position ?? null) }
      })
      .immediate()
  }

  forgetPersons({ persons, behind }: { readonly persons: readonly PersonId[]; readonly behind: number }): readonly PersonId[] {
    const facts = this.#db.prepare('SELECT body FROM facts WHERE position > ?').pluck()
    const remove = this.#db.prepare(`DELETE FROM persons WHERE person_id = ? AND kind = 'person'`)
    const unmark = [
      this.#db.prepare('DELETE FROM parting WHERE person_id = ?'),
      this.#db.prepare('DELETE FROM recalled WHERE person_id = ?'),
    ]
    return this.#db
      .transaction(() => {
        const going = new Set(persons)
        for (const body of facts.iterate(behind) as IterableIterator<string>) for (const word of wordsIn(body)) going.delete(word)
        for (const id of going) for (const statement of [remove, ...unmark]) statement.run(id)
        return [...going]
      })
      .immediate()
  }

  keepPersons(): void {
    this.#db.exec('DELETE FROM parting')
  }

  #runAt(position: number): GoneRow | undefined {
    const run = this.#lastRun.get(position) as GoneRow | undefined
    return run !== undefined && run.last >= position ? run : undefined
  }

  #forget(facts: readonly FactRow[]): void {
    const upTo = this.leavableUpTo()
    const beyond = facts.find(({ position }) => position > upTo)
    if (beyond !== undefined) {
      const message = `fact ${beyond.position} may not leave: no two snapshots hold it`
      throw new PortError('journal', 'forget', { message, retry: false })
    }
    const positions = new Set(facts.map(({ position }) => position))
    const done = new Set<number>()
    for (const position of [...positions].sort((a, b) => a - b)) {
      if (done.has(position)) continue
      const batch = this.#batchAt(position)
      for (const fact of batch.facts) if (positions.has(fact.position)) done.add(fact.position)
      this.#leave(batch, positions)
    }
    for (const id of new Set(facts.flatMap(({ body }) => wordsIn(body)))) this.#part.run(id)
    const note = this.#db.prepare(`DELETE FROM texts WHERE kind = 'note' AND key = ?`)
    for (const id of facts.flatMap(({ body }) => notesIn(body))) note.run(id)
  }

  /** The batch a fact stands in, or the run of those that have left in part. */
  #batchAt(position: number): Batch {
    const gone = this.#runAt(position)
    if (gone !== undefined) return { ...gone, facts: this.#within.all(gone.first, gone.last) as FactRow[], gone }
    const end = this.#db
      .prepare('SELECT position FROM facts WHERE position >= ? AND seal IS NOT NULL ORDER BY position LIMIT 1')
      .pluck()
      .get(position) as number
    const facts = this.#within.all(sealBefore(this.#db, position - 1).position + 1, end) as FactRow[]
    return { first: facts[0]?.position ?? position, last: end, facts, seal: facts.at(-1)?.seal ?? null, gone: null }
  }

  #leave(batch: Batch, positions: ReadonlySet<number>): void {
    const { first, last, seal } = batch
    const before = sealBefore(this.#db, first - 1).seal
    if (seal === null || !isSealed(batch, before)) throw new CorruptFile(`facts ${first} to ${last} are not those that were sealed`)
    const remove = this.#db.prepare('DELETE FROM facts WHERE position = ?')
    for (const { position } of batch.facts) if (positions.has(position)) remove.run(position)
    this.#write(
      { first, last, seal },
      before,
      batch.facts.filter(({ position }) => !positions.has(position)),
    )
  }

  put(run: GoneRow): void {
    this.#put.run(run)
  }

  /** A run as it is now, joined with an empty one just before and just behind it where nothing is left of it. */
  #write({ first, last, seal }: Pick<GoneRow, 'first' | 'last' | 'seal'>, before: Buffer, kept: readonly FactRow[]): void {
    const emptyAt = (position: number): GoneRow | undefined => {
      const run = kept.length > 0 ? undefined : this.#runAt(position)
      return run?.kept === 0 ? run : undefined
    }
    const [earlier, later] = [emptyAt(first - 1), emptyAt(last + 1)]
    for (const run of [earlier, later, { first }]) if (run !== undefined) this.#drop.run(run.first)
    const run = { first: earlier?.first ?? first, last: later?.last ?? last, seal: later?.seal ?? seal }
    const sealedBefore = earlier === undefined ? before : sealBefore(this.#db, earlier.first - 1).seal
    this.put({ ...run, kept: kept.length, sum: sumOfGone(sealedBefore, run, kept) })
  }
}
