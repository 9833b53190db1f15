/**
 * Whether an SQLite file is what SQLite wrote, as far as SQLite itself can tell: its header, its pages and trees, its indexes against
 * their tables, and the words its tables are described by. Content that stands in one place only needs sums of ours beside.
 * File format: https://www.sqlite.org/fileformat2.html (1.3 the header); check: https://www.sqlite.org/pragma.html#pragma_integrity_check.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Disagreement } from './disagreement.ts'
import { integrityFault } from './pages.ts'

const HEADER_BYTES = 100
/** Bytes that are the same in every file of ours: magic, WAL, no reserved space, fractions; cache size, vacuum, UTF-8; reserved. */
const CONSTANT: readonly { readonly at: number; readonly bytes: Buffer }[] = [
  { at: 0, bytes: Buffer.from('SQLite format 3\0') },
  { at: 18, bytes: Buffer.from([2, 2, 0, 64, 32, 32]) },
  { at: 48, bytes: Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) },
  { at: 64, bytes: Buffer.alloc(8) },
  { at: 72, bytes: Buffer.alloc(20) },
]
const CHANGES_AT = 24
const PAGES_AT = 28
const ENCODING_AT = 56
const VALID_FOR_AT = 92

const headerOf = (path: string): Buffer => {
  const file = openSync(path, 'r')
  const header = Buffer.alloc(HEADER_BYTES)
  readSync(file, header, 0, HEADER_BYTES, 0)
  closeSync(file)
  return header
}

/** Until the log is brought in for the first time the file is one page without a table, whose encoding nothing has settled yet. */
const isUnbegun = (header: Buffer): boolean => header.readUInt32BE(PAGES_AT) === 1 && header.readUInt32BE(ENCODING_AT) === 0

const headerFault = (path: string): string | null => {
  const header = headerOf(path)
  if (isUnbegun(header)) header.writeUInt32BE(1, ENCODING_AT)
  for (const { at, bytes } of CONSTANT)
    if (!header.subarray(at, at + bytes.length).equals(bytes)) return `the header of the file is not one of ours at byte ${at}`
  const agree = header.readUInt32BE(CHANGES_AT) === header.readUInt32BE(VALID_FOR_AT)
  return agree ? null : 'the header counts its changes in two ways'
}

interface Described {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}
const described = (db: Database.Database): readonly string[] =>
  (db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').all() as Described[])
    .map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, (sql ?? '').replaceAll(/\s+/gu, ' ')].join('\t'))
    .sort()

/** `make`: how a program of ours comes to these tables. */
const tablesFault = (db: Database.Database, make: (db: Database.Database) => void): string | null => {
  const fresh = new Database(':memory:')
  make(fresh)
  const ours = described(fresh)
  fresh.close()
  const there = described(db)
  const strange = there.find((line) => !ours.includes(line))
  if (strange !== undefined) return `a table is described by other words than ours: ${strange.split('\t').slice(0, 2).join(' ')}`
  return there.length === ours.length ? null : 'a table, an index or a trigger of ours is missing'
}

/** Null: it is whole. Throws SQLite's own errors where a page cannot be read at all. */
export function wholeFault(db: Database.Database, file: string, make: (db: Database.Database) => void): Disagreement | null {
  const what = integrityFault(db) ?? headerFault(db.name) ?? tablesFault(db, make)
  return what === null ? null : { file, position: null, what }
}
