/** `samtal check-journal` beside a night of retention: a call that leaves archive and journal just between the looks at the two. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samtal-beside-'))
})
afterEach(() => {
  before.opened = () => undefined
  rmSync(folder, { recursive: true, force: true })
})
/** Does something each time the journal is about to be looked at behind the archive. */
function betweenTheTwo(act: () => void): void {
  let isArchiveOpen = false
  const watch = (file: string): void => {
    const opened = path.basename(file)
    const isBetween = opened === 'journal.db' && isArchiveOpen
    isArchiveOpen = opened === 'archive.db'
    if (!isBetween) return
    before.opened = () => undefined
    act()
    before.opened = watch
  }
  before.opened = watch
}

/** More than it is tried, some fifty times. */
const LOOKS_MAX = 200

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
  betweenTheTwo(() => {
    const [callId] = going.splice(0, 1)
    if (callId !== undefined) leaves(callId)
  })
  const { checked, disagreement } = checkFolder({ folder })
  expect(disagreement).toBeNull()
  expect(going).toEqual([])
  expect(checked).toContainEqual(expect.stringMatching(new RegExp(`^archive\\.db: ${calls.length - 3} calls, the same bytes as made anew`)))
})

test('is looked at again for so long and no longer, where some leaves at each look', async () => {
  keep(folder, await playedOf('campaign-two-with-the-same-agents'))
  let looks = 0
  betweenTheTwo(() => {
    looks += 1
    if (looks > LOOKS_MAX) throw new Error('it is looked at for ever')
    const file = new JournalFile(folder)
    file.gone.put({ first: looks, last: looks, kept: 0, seal: Buffer.alloc(16), sum: Buffer.alloc(16) })
    file.close()
  })
  // What left so was no fact.
  expect(checkFolder({ folder }).disagreement).toMatchObject({ file: 'journal.db' })
  expect(looks).toBeGreaterThan(10)
})
