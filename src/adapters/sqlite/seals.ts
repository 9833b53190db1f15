/**
 * Seals: the last fact of each batch carries the SHA-256 (first 16 bytes) over the seal before it, its first position and the text of its
 * facts, so that changed, missing and exchanged facts are seen.
 */
import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'

const SEAL_BYTES = 16
export const FIRST_SEAL = Buffer.alloc(SEAL_BYTES)

export interface FactRow {
  readonly position: number
  readonly at: Ms
  readonly call_id: string | null
  readonly type: string
  readonly body: string
  readonly seal: Buffer | null
}

export const sha = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** `lines`: a line per fact, `at TAB call TAB type TAB body`. */
export const sealOf = (before: Buffer, first: number, lines: string): Buffer => sha(before, `${first}\n`, lines).subarray(0, SEAL_BYTES)
const lineOf = (row: FactRow): string => `${row.at}\t${row.call_id ?? ''}\t${row.type}\t${row.body}\n`

/** A run of positions whose facts have left, all or some, with the calls they were of (`gone.ts`). */
export interface GoneRow {
  readonly first: number
  readonly last: number
  /** Facts of it that are still there. */
  readonly kept: number
  /** Of the last batch that ended in it, over facts nobody can read any more: the next batch's covers it. */
  readonly seal: Buffer
  /** Over what is left (`sumOfGone`). */
  readonly sum: Buffer
}

/** `before`: the seal of the batch before. A removed fact leaves no line; that of one still there says its position. */
export const sumOfGone = (
  before: Buffer,
  { first, last, seal }: Pick<GoneRow, 'first' | 'last' | 'seal'>,
  kept: readonly FactRow[],
): Buffer =>
  sha(before, `${first}\t${last}\t${kept.length}\n`, seal, ...kept.map((row) => `${row.position}\t${lineOf(row)}`)).subarray(0, SEAL_BYTES)

/** Facts sealed together; or, with `gone`, what is left of some that were. */
export interface Batch {
  readonly first: number
  readonly last: number
  readonly facts: readonly FactRow[]
  /** Null: it has lost its end. */
  readonly seal: Buffer | null
  readonly gone: GoneRow | null
}

export const linesOf = ({ facts }: Batch): string => facts.map(lineOf).join('')

/** Whether it is what was written, or what was left of it; `before`: the seal of the batch before. */
export const isSealed = (batch: Batch, before: Buffer): boolean => {
  const { first, seal, gone, facts } = batch
  if (gone !== null) return facts.length === gone.kept && sumOfGone(before, gone, facts).equals(gone.sum)
  return seal !== null && sealOf(before, first, linesOf(batch)).equals(seal)
}

/** The seal of the last batch that ends at or before, and where it ends. */
export const sealBefore = (db: Database.Database, position: number): { readonly position: number; readonly seal: Buffer } => {
  const gone = db.prepare('SELECT last, seal FROM gone WHERE first <= @position AND last <= @position ORDER BY first DESC LIMIT 1')
  const run = gone.get({ position }) as Pick<GoneRow, 'last' | 'seal'> | undefined
  // What is left of a run may have lost its end: only behind it a fact with a seal is looked for.
  const row = db
    .prepare('SELECT position, seal FROM facts WHERE position > ? AND position <= ? AND seal IS NOT NULL ORDER BY position DESC LIMIT 1')
    .get(run?.last ?? 0, position) as { position: number; seal: Buffer } | undefined
  return row ?? (run === undefined ? { position: 0, seal: FIRST_SEAL } : { position: run.last, seal: run.seal })
}

const whole = (facts: readonly FactRow[]): Batch => ({
  first: facts[0]?.position ?? 0,
  last: facts.at(-1)?.position ?? 0,
  facts,
  seal: facts.at(-1)?.seal ?? null,
  gone: null,
})

/** Batches none of whose facts has left; one whose end is missing, by itself. */
function* wholeBatches(rows: IterableIterator<FactRow>): Generator<Batch> {
  let facts: FactRow[] = []
  for (const row of rows) {
    if (facts.length > 0 && row.position !== (facts.at(-1)?.position ?? 0) + 1) {
      yield whole(facts)
      facts = []
    }
    facts.push(row)
    if (row.seal === null) continue
    yield whole(facts)
    facts = []
  }
  if (facts.length > 0) yield whole(facts)
}

/** The batches behind a position, which must be the end of one, and what is left of those whose facts have left. */
export function* batchesOf(db: Database.Database, after: number): Generator<Batch> {
  const runs = db.prepare('SELECT * FROM gone WHERE last > ? ORDER BY first')
  const between = db.prepare('SELECT * FROM facts WHERE position > ? AND position < ? ORDER BY position')
  const within = db.prepare('SELECT * FROM facts WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?')
  const factsBetween = (from: number, to: number) => between.iterate(from, to) as IterableIterator<FactRow>
  let reached = after
  for (const run of runs.iterate(after) as IterableIterator<GoneRow>) {
    yield* wholeBatches(factsBetween(reached, run.first))
    yield { ...run, facts: within.all(run.first, run.last, run.kept + 1) as FactRow[], gone: run }
    reached = run.last
  }
  yield* wholeBatches(factsBetween(reached, Number.MAX_SAFE_INTEGER))
}
