/**
 * Opens the journal's file and mends it where it must: what can be read of a damaged one goes into a fresh file, everything behind
 * the first fact that is not as it was written is left out, and the old file is kept aside under another name. The archive and the
 * figures of campaigns are then made anew from what is left.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PortError } from '#ports/errors.ts'
import type { JournalOpened } from '#ports/journal.ts'
import { forgetArchive } from './archive-file.ts'
import { forgetFigures } from './figures-file.ts'
import { type Check, JournalFile, journalPath, PAGE_BYTES } from './journal-file.ts'
import { type Row, rowsOf, type Value } from './pages.ts'
import { isCorrupt, sqliteCode } from './rpc.ts'

export interface OpenedFile {
  readonly file: JournalFile
  readonly opened: JournalOpened
}

type FileOptions = { readonly pagesMax?: number }

export const openJournalFile = (folder: string, options: FileOptions = {}): OpenedFile => {
  const sound = tryOpen(folder, options)
  if (sound === null) return salvage(folder, options)
  const { file, check } = sound
  const marked = file.marked()
  const position = Math.max(check.last, check.snapshot?.position ?? 0)
  const damage = marked > position ? `${lost(position + 1, marked)}; everything before is kept` : null
  if (damage !== null) forgetProjections(folder)
  const lastAt = file.startAt(position)
  return { file, opened: { position, lastAt, snapshot: check.snapshot, goneUpTo: check.goneUpTo, damage } }
}

/** Not as it was written: its pages, or the words its own tables are described by, with which our statements then no longer agree. */
const isDamage = (error: unknown): boolean => isCorrupt(error) || sqliteCode(error) === 'SQLITE_ERROR'

/** Null where the file is damaged. */
const tryOpen = (folder: string, options: FileOptions): { file: JournalFile; check: Check } | null => {
  let file: JournalFile | null = null
  try {
    file = new JournalFile(folder, options)
    const check = file.check()
    refuseWithoutSnapshot(check)
    if (check.bad.length === 0) return { file, check }
  } catch (error) {
    if (!isDamage(error)) {
      file?.close()
      throw error
    }
  }
  file?.close()
  return null
}

/** What left cannot be told again: where no snapshot that held it is whole, nothing true can be made of the rest. */
const refuseWithoutSnapshot = ({ snapshot, goneUpTo }: Check): void => {
  if (goneUpTo <= (snapshot?.position ?? 0)) return
  const message = 'no snapshot of the journal is whole, and what it held has left by its age: restore a backup'
  throw new PortError('journal', 'open', { message, retry: false })
}

const lost = (first: number, last: number): string =>
  `the end of the journal was damaged and ${first === last ? `fact ${first} is` : `facts ${first} to ${last} are`} lost`

/** What was made of facts that are lost. */
const forgetProjections = (folder: string): void => {
  forgetArchive(folder)
  forgetFigures(folder)
}

const freeName = (folder: string): string => {
  for (let number = 1; ; number++) {
    const name = `journal.damaged-${number}.db`
    if (!existsSync(join(folder, name))) return name
  }
}

const salvage = (folder: string, options: FileOptions): OpenedFile => {
  const kept = freeName(folder)
  const from = journalPath(folder)
  const fresh = join(folder, 'journal.salvage.db')
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${fresh}${suffix}`, { force: true })
  const into = new JournalFile(folder, { path: fresh })
  const seen = copyRows(from, into)
  const check = into.check()
  try {
    refuseWithoutSnapshot(check)
  } catch (error) {
    into.close()
    rmSync(fresh)
    throw error
  }
  const position = into.cut(check)
  const marked = Math.max(into.marked(), seen)
  into.close()
  for (const suffix of ['-wal', '']) {
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, join(folder, `${kept}${suffix}`))
  }
  rmSync(`${from}-shm`, { force: true })
  renameSync(fresh, from)
  forgetProjections(folder)
  const file = new JournalFile(folder, options)
  const lastAt = file.startAt(position)
  return {
    file,
    opened: { position, lastAt, snapshot: check.snapshot, goneUpTo: check.goneUpTo, damage: sentence(check, position, marked, kept) },
  }
}

const sentence = (check: Check, position: number, last: number, kept: string): string => {
  const earlier = check.bad
    .filter((run) => run.first <= position)
    .reduce((sum, run) => sum + Math.min(run.last, position) - run.first + 1, 0)
  const tail = last > position ? `${lost(position + 1, last)}` : 'the file of the journal was damaged and no fact of its end is lost'
  const before = earlier > 0 ? `, and ${earlier} before the snapshot` : ''
  return `${tail}${before}; everything else is kept, and the damaged file is ${kept}`
}

const isText = (value: Value | undefined): value is string => typeof value === 'string'
const isTextOrNull = (value: Value | undefined): value is string | null => value === null || typeof value === 'string'
const isBytesOrNull = (value: Value | undefined): value is Buffer | null => value === null || Buffer.isBuffer(value)

/** So many columns and the sum of the row, which one written before there were sums does not have. A sum goes along as it is. */
const isSummed = (columns: number, values: readonly Value[]): boolean =>
  values.length === columns || (values.length === columns + 1 && isBytesOrNull(values[columns]))

/** Copies what looks like ours, by the shape of the row. Returns the highest position seen. */
const copyRows = (from: string, into: JournalFile): number => {
  const insert = {
    fact: into.db.prepare('INSERT OR IGNORE INTO facts (position, at, call_id, type, body, seal) VALUES (?, ?, ?, ?, ?, ?)'),
    gone: into.db.prepare('INSERT OR IGNORE INTO gone (first, last, kept, seal, sum) VALUES (?, ?, ?, ?, ?)'),
    person: into.db.prepare('INSERT OR IGNORE INTO persons (person_id, kind, name, number, hash, sum) VALUES (?, ?, ?, ?, ?, ?)'),
    snapshot: into.db.prepare('INSERT OR IGNORE INTO snapshots (position, state, sum) VALUES (?, ?, ?)'),
    done: into.db.prepare('INSERT OR IGNORE INTO done (key, body, at, answer, sum) VALUES (?, ?, ?, ?, ?)'),
    text: into.db.prepare('INSERT OR IGNORE INTO texts (kind, key, text, sum) VALUES (?, ?, ?, ?)'),
  }
  let last = 0
  const copy = ({ rowid, values }: Row): void => {
    const [a, b, c, d, e, f, g = null] = values
    if (values.length === 6 && a === null && typeof b === 'number' && isTextOrNull(c) && isText(d) && isText(e) && isBytesOrNull(f)) {
      insert.fact.run(rowid, b, c, d, e, f)
      last = Math.max(last, rowid)
    } else if (isSummed(6, values) && a === null && isText(b) && isText(c) && isTextOrNull(d) && isTextOrNull(e) && isBytesOrNull(f)) {
      if (e === null || (f !== null && into.isNumberOf(f, e))) insert.person.run(b, c, d, e, f, g)
    } else if (
      values.length === 5 &&
      a === null &&
      typeof b === 'number' &&
      typeof c === 'number' &&
      Buffer.isBuffer(d) &&
      Buffer.isBuffer(e)
    )
      insert.gone.run(rowid, b, c, d, e)
    else if (values.length === 3 && a === null && isText(b) && Buffer.isBuffer(c)) insert.snapshot.run(rowid, b, c)
    else if (isSummed(5, values) && a === null && isText(b) && isText(c) && typeof d === 'number' && isText(e))
      insert.done.run(b, c, d, e, f ?? null)
    else if (isSummed(3, values) && isText(a) && isText(b) && isText(c)) insert.text.run(a, b, c, d ?? null)
  }
  into.db.transaction(() => {
    for (const row of rowsOf(from, PAGE_BYTES)) copy(row)
  })()
  return last
}
