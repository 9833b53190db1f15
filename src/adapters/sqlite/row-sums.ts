/**
 * Sums over what no other part of the journal's file tells: names of persons, notes and solution texts, answers kept for whoever asks
 * again. Facts have seals, snapshots sums of their own, numbers their keyed hash, keys an index beside them; with these, no byte that
 * means something can change unseen (docs/decisions/one-changed-byte.md). A sum goes with its row.
 */
import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'

const SUM_BYTES = 8

/** The first 8 bytes of a SHA-256: against accidents, not against whoever writes the file on purpose. */
export const sumOf = (...words: readonly (string | number)[]): Buffer =>
  hash('sha256', JSON.stringify(words), 'buffer').subarray(0, SUM_BYTES)

interface Summed {
  readonly table: string
  /** What the sum is over, in this order. */
  readonly columns: readonly string[]
  /** Rows that have one. */
  readonly where: string
}

export const SUMMED: readonly Summed[] = [
  { table: 'persons', columns: ['person_id', 'name'], where: 'name IS NOT NULL' },
  { table: 'texts', columns: ['kind', 'key', 'text'], where: 'TRUE' },
  { table: 'done', columns: ['key', 'body', 'at', 'answer'], where: 'TRUE' },
]

/** A row somebody changed by other ways than ours has no sum any more until `sumRows`, rather than a wrong one. */
const TRIGGERS = `
  CREATE TRIGGER IF NOT EXISTS persons_changed AFTER UPDATE OF name ON persons WHEN NEW.name IS NOT OLD.name AND NEW.sum IS OLD.sum
    BEGIN UPDATE persons SET sum = NULL WHERE row = NEW.row; END;
  CREATE TRIGGER IF NOT EXISTS texts_changed AFTER UPDATE OF text ON texts WHEN NEW.text IS NOT OLD.text AND NEW.sum IS OLD.sum
    BEGIN UPDATE texts SET sum = NULL WHERE rowid = NEW.rowid; END;`

const without = ({ where }: Summed): string => (where === 'TRUE' ? 'sum IS NULL' : `${where} AND sum IS NULL`)

/** Gives a journal of before the columns, and what finds the rows without a sum. */
export const prepareSums = (db: Database.Database): void => {
  for (const summed of SUMMED) {
    const has = db.prepare(`SELECT 1 FROM pragma_table_info(?) WHERE name = 'sum'`).get(summed.table) !== undefined
    if (!has) db.exec(`ALTER TABLE ${summed.table} ADD COLUMN sum BLOB`)
    db.exec(`CREATE INDEX IF NOT EXISTS ${summed.table}_without_sum ON ${summed.table} (sum) WHERE ${without(summed)}`)
  }
  db.exec(TRIGGERS)
}

/** Rows that were written before there were sums, or changed by an erasure, get theirs. */
export const sumRows = (db: Database.Database): void => {
  for (const summed of SUMMED) {
    const rows = db.prepare(`SELECT rowid, ${summed.columns.join(', ')} FROM ${summed.table} WHERE ${without(summed)}`).raw()
    const update = db.prepare(`UPDATE ${summed.table} SET sum = ? WHERE rowid = ?`)
    const found = rows.all() as [number, ...(string | number)[]][]
    if (found.length === 0) continue
    db.transaction(() => {
      for (const [row, ...words] of found) update.run(sumOf(...words), row)
    }).immediate()
  }
}
