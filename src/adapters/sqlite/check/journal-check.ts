/**
 * The journal's file held against itself, row by row, as one moment left it: pages and tables, seals of facts, sums of snapshots and other
 * rows, hashes of numbers, the erasure list. Reads only, beside whoever writes.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { callOf, type Fact, type Recorded } from '#core/facts.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Snapshot } from '#ports/journal.ts'
import { readErasures } from '../erasure-list.ts'
import { JOURNAL_FORMAT, journalPath, markPath, prepareTables } from '../journal-file.ts'
import { PersonHash } from '../person-hash.ts'
import { SUMMED, sumOf } from '../row-sums.ts'
import { type Batch, batchesOf, type FactRow, FIRST_SEAL, isSealed, sha } from '../seals.ts'
import type { Disagreement } from './disagreement.ts'
import { wholeFault } from './whole.ts'

const FILE = 'journal.db'
const fault = (what: string, position: number | null = null): Disagreement => ({ file: FILE, position, what })

export interface FactsChecked {
  readonly facts: number
  readonly last: number
  /** Positions at which there is no fact: some left by their age, with their calls; others were cut out as damaged. */
  readonly left: number
  readonly lost: number
}

/** A number, or what there is instead. */
const readMark = (folder: string): number | string => {
  if (!existsSync(markPath(folder))) return 0
  const text = readFileSync(markPath(folder), 'utf8')
  return /^ *\d{1,16}$/u.test(text) ? Number(text) : text
}

export class JournalCheck {
  readonly #folder: string
  readonly #db: Database.Database
  readonly #mark: number | string

  constructor(folder: string) {
    this.#folder = folder
    // Read before the moment that is looked at: it never tells of more than was written by then.
    this.#mark = readMark(folder)
    this.#db = new Database(journalPath(folder), { readonly: true })
    this.#db.exec('BEGIN')
  }

  whole(): Disagreement | null {
    const found = wholeFault(this.#db, FILE, prepareTables)
    if (found !== null) return found
    const format = this.#db.prepare('SELECT key, value FROM meta').raw().all() as [string, string][]
    return JSON.stringify(format) === JSON.stringify([['format', JOURNAL_FORMAT]])
      ? null
      : fault('its format is not told as it was written')
  }

  /** Those kept, oldest first; damaged ones too. */
  snapshots(): readonly Snapshot[] {
    return this.#db.prepare('SELECT position, state FROM snapshots ORDER BY position').all() as Snapshot[]
  }

  snapshotsFault(): Disagreement | null {
    const rows = this.#db.prepare('SELECT position, state, sum FROM snapshots ORDER BY position').all() as (Snapshot & { sum: Buffer })[]
    const bad = rows.find(({ state, sum }) => !sha(state).equals(sum))
    return bad === undefined ? null : fault('the snapshot is not as it was written', bad.position)
  }

  /** Every fact in its order; `each` is given those that follow each other, run by run, and may object. */
  facts(each: (facts: readonly Recorded[]) => Disagreement | null): Disagreement | FactsChecked {
    let seal: Buffer = FIRST_SEAL
    let [at, last, facts, left] = [0, 0, 0, 0]
    for (const batch of batchesOf(this.#db, 0)) {
      if (batch.seal === null || !isSealed(batch, seal)) return fault(sealed(batch), batch.first)
      for (const run of runsOf(batch.facts)) {
        const read = factsIn(run, at)
        if ('what' in read) return read
        const objection = each(read)
        if (objection !== null) return objection
        at = read.at(-1)?.at ?? at
      }
      seal = batch.seal
      last = batch.last
      facts += batch.facts.length
      if (batch.gone !== null) left += batch.last - batch.first + 1 - batch.facts.length
    }
    return this.#markFault(last) ?? this.#leavingFault() ?? { facts, last, left, lost: last - facts - left }
  }

  /** What was decided to leave and has not yet is still there. */
  #leavingFault(): Disagreement | null {
    const none = this.#db
      .prepare('SELECT call_id FROM leaving WHERE call_id NOT IN (SELECT call_id FROM facts WHERE call_id IS NOT NULL)')
      .get()
    if (none !== undefined) return fault('a call is to leave of which there is no fact')
    const nobody = this.#db.prepare('SELECT 1 FROM parting WHERE person_id NOT IN (SELECT person_id FROM persons)').get()
    return nobody === undefined ? null : fault('somebody is looked for who is no person')
  }

  #markFault(last: number): Disagreement | null {
    const mark = this.#mark
    if (typeof mark === 'string') return { file: 'journal.mark', position: null, what: 'it is no number' }
    // Of a journal whose facts all left, the newest snapshot tells how far it goes.
    const reached = Math.max(last, this.snapshots().at(-1)?.position ?? 0)
    return mark > reached ? fault(`facts ${reached + 1} to ${mark} were written and are not there`, reached + 1) : null
  }

  persons(): Disagreement | number {
    const keyPath = join(this.#folder, 'persons.key')
    if (!existsSync(keyPath)) return { file: 'persons.key', position: null, what: 'it is not there' }
    const hash = PersonHash.open(this.#folder)
    let count = 0
    const rows = this.#db.prepare('SELECT row, kind, number, hash FROM persons').iterate() as IterableIterator<PersonRead>
    for (const { row, kind, number, hash: written } of rows) {
      count += 1
      const agrees = number === null ? written === null : written !== null && hash.of(number).equals(written)
      if (!agrees || (kind !== 'person' && kind !== 'line')) return fault(`the number in row ${row} of persons is not that of its hash`)
    }
    return this.#erasedFault() ?? count
  }

  /** Whom this file has erased stands on the list; the list may be longer. */
  #erasedFault(): Disagreement | null {
    const listed = new Set(readErasures(this.#folder).map(({ at, hash }) => `${hash} ${at}`))
    const erased = this.#db.prepare('SELECT hash, at FROM erased').raw().all() as [Buffer, Ms][]
    if (erased.some(([hash, at]) => !listed.has(`${hash.toString('hex')} ${at}`)))
      return { file: 'erasures.list', position: null, what: 'a person was erased who is not on it' }
    const nobody = this.#db.prepare('SELECT 1 FROM recalled WHERE person_id NOT IN (SELECT person_id FROM persons)').get()
    return nobody === undefined ? null : fault('somebody is to be erased who is no person')
  }

  /** Names, notes, solution texts, answers kept. */
  rows(): Disagreement | number {
    let count = 0
    for (const { table, columns, where } of SUMMED) {
      const rows = this.#db.prepare(`SELECT rowid, sum, (${where}) AS summed, ${columns.join(', ')} FROM ${table}`).raw()
      for (const [row, sum, summed, ...words] of rows.iterate() as IterableIterator<
        [number, Buffer | null, number, ...(string | number)[]]
      >) {
        const agrees = summed === 0 ? sum === null : sum?.equals(sumOf(...words)) === true
        if (!agrees) return fault(`row ${row} of ${table} is not as it was written`)
        count += summed
      }
    }
    return this.#sequenceFault() ?? count
  }

  /** The next row of `done` follows the newest there is. */
  #sequenceFault(): Disagreement | null {
    const rows = this.#db.prepare('SELECT name, seq, (SELECT max(row) FROM done) FROM sqlite_sequence').raw().all()
    const agrees = (rows as [string, number, number | null][]).every(([name, seq, max]) => name === 'done' && seq === (max ?? seq))
    return agrees ? null : fault('rows are not counted as they were written')
  }

  close(): void {
    this.#db.close()
  }
}

interface PersonRead {
  readonly row: number
  readonly kind: string
  readonly number: string | null
  readonly hash: Buffer | null
}

const sealed = ({ first, last, gone }: Batch): string => {
  if (gone !== null) return `what is left of facts ${first} to ${last} is not what was left`
  return first === last ? `fact ${first} is not the one that was sealed` : `facts ${first} to ${last} are not those that were sealed`
}

/** Where facts have left between them, each part by itself. */
function* runsOf(rows: readonly FactRow[]): Generator<readonly FactRow[]> {
  let from = 0
  for (let at = 1; at <= rows.length; at++) {
    if (at < rows.length && rows[at]?.position === (rows[at - 1]?.position ?? 0) + 1) continue
    yield rows.slice(from, at)
    from = at
  }
}

/** Facts whose seal holds. What a program of ours wrote falsely is found here. */
function factsIn(rows: readonly FactRow[], after: Ms): readonly Recorded[] | Disagreement {
  const facts: Recorded[] = []
  let before = after
  for (const { position, at, call_id: call, type, body } of rows) {
    const fact = JSON.parse(body) as Fact
    if (at < before) return fault('its time is before that of the fact before it', position)
    if (fact.type !== type || (callOf(fact) ?? null) !== call) return fault('it is filed under another call or type than its own', position)
    facts.push({ position, at, fact })
    before = at
  }
  return facts
}
