/** A journal that lost facts in the middle of calls, before its snapshot: the archive tells all other calls, and goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ArchiveDump } from '#adapters/sqlite/archive.ts'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import { Projector } from '#app/projector/projector.ts'
import { keep, playedOf } from './kept.support.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samtal-lost-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const told = (): readonly string[] => {
  const dump = new ArchiveDump(folder)
  const calls = [...dump.lines()]
  dump.close()
  return calls
}

test('is told to its end, without the calls that make no story', async () => {
  keep(folder, await playedOf('campaign-two-with-the-same-agents'))
  const before = told()
  const db = new Database(path.join(folder, 'journal.db'))
  db.exec('UPDATE facts SET at = at + 1 WHERE position = 23')
  db.close()
  const { file, opened } = openJournalFile(folder)
  file.close()
  expect(opened.damage).toContain('7 before the snapshot')
  const said: string[] = []
  const projector = new Projector(folder, (line) => said.push(line), { from: opened.snapshot, every: 50_000, save: async () => undefined })
  projector.upTo(165)
  await projector.reached(165)
  await projector.close()
  const after = told()
  expect(said.length).toBeGreaterThan(0)
  for (const line of said) expect(line).toMatch(/^call \S+ cannot be told beyond fact \d+: /)
  // Whoever lost no fact is told as before; nobody is told twice.
  expect(after.filter((line) => before.includes(line)).length).toBeGreaterThanOrEqual(before.length - 7)
  expect(after.length).toBeLessThanOrEqual(before.length)
})
