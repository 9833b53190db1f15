/** `samtal check-journal` beside a night of retention: a call that leaves archive and journal just between the looks at the two. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type Database from 'better-sqlite3'
import { afterAll, expect, test, vi } from 'vitest'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { JournalFile } from '#adapters/sqlite/journal-file.ts'
import { checkFolder } from '#app/checking.ts'
import { retainWhileStopped } from '#app/retaining-stopped.ts'
import { callOf } from '#core/facts.ts'
import { keep, playedOf } from './kept.support.ts'

/** What somebody else does before a file is opened. */
const before = vi.hoisted(() => ({ opened: (_file: string): void => undefined }))
vi.mock('better-sqlite3', async (importOriginal) => {
  const { default: Original } = await importOriginal<{ readonly default: typeof Database }>()
  class Watched extends Original {
    constructor(file: string, options?: object) {
      before.opened(file)
      super(file, options)
    }
  }
  return { default: Object.assign(Watched, { SqliteError: Original.SqliteError }) }
})

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-beside-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Decided, out of the archive, out of the journal. */
function leaves(callId: string): void {
  const file = new JournalFile(folder)
  file.gone.markLeaving([callId])
  const archive = openArchiveWriter({ folder })
  archive.forgetCalls([callId])
  archive.close()
  file.gone.forgetCalls([callId])
  file.close()
}

test('is no disagreement: both are looked at again', async () => {
  const { played, text } = await playedOf('campaign-two-with-the-same-agents')
  keep(folder, { played, text })
  // Snapshots of the end, behind which calls may leave.
  await retainWhileStopped(
    folder,
    () => undefined,
    async () => undefined,
  )
  const calls = [...new Set(played.facts.flatMap(({ fact }) => callOf(fact) ?? []))]
  const going = calls.slice(0, 3)
  let isArchiveOpen = false
  before.opened = (file) => {
    const opened = path.basename(file)
    if (opened === 'journal.db' && isArchiveOpen && going.length > 0) {
      const watch = before.opened
      before.opened = () => undefined
      leaves(going.shift() ?? '')
      before.opened = watch
    }
    isArchiveOpen = opened === 'archive.db'
  }
  const { checked, disagreement } = checkFolder({ folder })
  expect(disagreement).toBeNull()
  expect(going).toEqual([])
  expect(checked).toContainEqual(expect.stringMatching(new RegExp(`^archive\\.db: ${calls.length - 3} calls, the same bytes as made anew`)))
})
