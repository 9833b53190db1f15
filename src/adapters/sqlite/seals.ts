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

export interface Batch {
  readonly first: number
  readonly last: number
  readonly lines: string
  readonly seal: Buffer | null
}

/** The seal of the last batch that ends at or before, and where it ends. */
export const sealBefore = (db: Database.Database, position: number): { readonly position: number; readonly seal: Buffer } => {
  const row = db
    .prepare('SELECT position, seal FROM facts WHERE position <= ? AND seal IS NOT NULL ORDER BY position DESC LIMIT 1')
    .get(position) as { position: number; seal: Buffer } | undefined
  return row ?? { position: 0, seal: FIRST_SEAL }
}

/** The batches behind a position; one without a seal has lost its end. */
export function* batchesOf(db: Database.Database, after: number): Generator<Batch> {
  let batch = null as Batch | null
  const rows = db.prepare('SELECT * FROM facts WHERE position > ? ORDER BY position').iterate(after)
  for (const row of rows as IterableIterator<FactRow>) {
    if (batch !== null && row.position !== batch.last + 1) {
      yield batch
      batch = null
    }
    batch = { first: batch?.first ?? row.position, last: row.position, lines: (batch?.lines ?? '') + lineOf(row), seal: row.seal }
    if (row.seal === null) continue
    yield batch
    batch = null
  }
  if (batch !== null) yield batch
}
