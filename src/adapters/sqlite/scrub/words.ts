/** Free text of others that mentions the number: a note, a column of somebody else's row. The number is taken out of it. */
import type Database from 'better-sqlite3'

const TAKEN_OUT = '[…]'

interface Words {
  readonly table: string
  readonly columns: readonly string[]
  /** How a row is named. */
  readonly key: readonly string[]
  readonly where?: string
}

/** By the name of the database. Facts, snapshots and the archive hold ids alone and are never changed. */
const WORDS: Readonly<Record<string, readonly Words[]>> = {
  'journal.db': [
    { table: 'texts', columns: ['text'], key: ['rowid'], where: "kind = 'note'" },
    { table: 'persons', columns: ['name'], key: ['row'] },
  ],
  'contacts.db': [
    { table: 'cards', columns: ['name', 'external_id', 'values'], key: ['id'] },
    { table: 'do_not_call', columns: ['reason'], key: ['number', 'campaign'] },
    { table: 'imports', columns: ['file_name'], key: ['key'] },
  ],
  'directory.db': [{ table: 'contacts', columns: ['name', 'company', 'fields', 'numbers'], key: ['id'] }],
}

/** Returns how many rows changed. Looked for first, so that nobody waits for a lock while a long table is read. */
export const takeOutOfWords = (db: Database.Database, name: string, pattern: RegExp): number => {
  const has = (text: unknown): boolean => typeof text === 'string' && text.search(pattern) !== -1
  let rows = 0
  for (const { table, columns, key, where = 'TRUE' } of WORDS[name] ?? []) {
    const named = columns.map((column) => `"${column}"`)
    const found: (readonly unknown[])[] = []
    const all = db
      .prepare(`SELECT ${[...named, ...key].join(', ')} FROM "${table}" WHERE ${where}`)
      .raw()
      .iterate()
    for (const row of all as IterableIterator<unknown[]>) if (row.slice(0, columns.length).some(has)) found.push(row)
    const update = db.prepare(
      `UPDATE "${table}" SET ${named.map((column) => `${column} = ?`).join(', ')} WHERE ${key.map((one) => `${one} = ?`).join(' AND ')}`,
    )
    const taken = (value: unknown): unknown => (typeof value === 'string' ? value.replace(pattern, TAKEN_OUT) : value)
    for (const row of found) rows += update.run(...row.slice(0, columns.length).map(taken), ...row.slice(columns.length)).changes
  }
  return rows
}

/** Older solution files with the number: those not in force are kept for calls that began under them, and can be done without. */
export const dropSolutions = (db: Database.Database, inForce: string, pattern: RegExp): number => {
  const texts = db.prepare("SELECT key, text FROM texts WHERE kind = 'solution' AND key <> ?").all(inForce) as {
    key: string
    text: string
  }[]
  const dropped = texts.filter(({ text }) => text.search(pattern) !== -1)
  for (const { key } of dropped) db.prepare("DELETE FROM texts WHERE kind = 'solution' AND key = ?").run(key)
  return dropped.length
}
