/** What a copy of a data folder must be before it is called a backup, and again before it takes anybody's place: whole, and of one piece. */
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Disagreement } from '#adapters/sqlite/check/disagreement.ts'
import { JournalCheck } from '#adapters/sqlite/check/journal-check.ts'
import { pagesFault } from '#adapters/sqlite/check/pages.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { sqliteCode } from '#adapters/sqlite/rpc.ts'
import type { Manifest } from './manifest.ts'

const JOURNAL = 'journal.db'

function journalFault(folder: string, position: number): Disagreement | null {
  const journal = new JournalCheck(folder)
  try {
    const found = journal.whole() ?? journal.snapshotsFault()
    if (found !== null) return found
    for (const one of [journal.facts(() => null), journal.persons(), journal.rows()]) {
      if (typeof one !== 'object') continue
      if ('what' in one) return one
      if (one.last !== position) return { file: JOURNAL, position, what: `it ends at fact ${one.last}, not at ${position}` }
    }
    return null
  } finally {
    journal.close()
  }
}

/** What SQLite cannot read, and a text that is none, is unsound too. */
function guarded(look: () => Disagreement | null): Disagreement | null {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof SyntaxError) && !sqliteCode(error).startsWith('SQLITE_')) throw error
    return { file: JOURNAL, position: null, what: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** The first fault of the parts of a backup, as they lie in `folder`; null: it could be restored. Nobody else may have it. */
export function unsoundIn(folder: string, { position, parts }: Pick<Manifest, 'position' | 'parts'>): Disagreement | null {
  const databases = parts.map(({ name }) => name).filter((name) => name.endsWith('.db'))
  try {
    for (const name of databases) {
      const found = name === JOURNAL ? null : pagesFault(folder, name)
      if (found !== null) return found
    }
    return guarded(() => journalFault(folder, position))
  } finally {
    // What readers left.
    for (const name of databases) for (const log of ['-wal', '-shm']) rmSync(path.join(folder, `${name}${log}`), { force: true })
  }
}

const FIGURES = 'figures.db'

/** Whether all facts can be read that figures are counted from. */
function isJournalComplete(folder: string): boolean {
  const reader = new JournalReader(folder)
  try {
    return reader.isComplete()
  } finally {
    reader.close()
  }
}

/** The figures of campaigns, where they are damaged and a backup is as good without: then they are counted anew. null: they are backed up. */
export function figuresToLeaveOut(folder: string): Disagreement | null {
  const found = existsSync(path.join(folder, FIGURES)) ? pagesFault(folder, FIGURES) : null
  if (found === null) return null
  try {
    return isJournalComplete(folder) ? found : null
  } catch (error) {
    // What cannot be read of the journal is told when it is backed up.
    if (!sqliteCode(error).startsWith('SQLITE_')) throw error
    return null
  }
}
