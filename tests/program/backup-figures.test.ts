/**
 * The figures of campaigns are counted from facts: a damaged file of them stops no backup where every fact is there, and stops it where
 * some have left, for nothing else tells of those.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import { backUp } from '#app/backup/backup.ts'
import { MANIFEST } from '#app/backup/manifest.ts'
import { restore } from '#app/backup/restore.ts'
import { Projector } from '#app/projector/projector.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-figures-'))
const [whole, data, backup] = ['whole', 'data', 'backup'].map((name) => path.join(base, name)) as [string, string, string]
const figures = path.join(data, 'figures.db')

/** Follows the journal to its end, from its newest snapshot, as a program does that runs. */
async function count(folder: string): Promise<void> {
  const { file, opened } = openJournalFile(folder)
  file.close()
  const projector = new Projector(folder, () => undefined, { from: opened.snapshot, every: 50_000, save: async () => undefined })
  projector.upTo(opened.position)
  await projector.reached(opened.position)
  await projector.snapshotNow()
  await projector.close()
}
const rowsIn = (folder: string): unknown => {
  const db = new Database(path.join(folder, 'figures.db'), { readonly: true })
  const rows = db.prepare('SELECT * FROM figures ORDER BY campaign, span, at').all()
  db.close()
  return rows
}
const damage = (): void => writeFileSync(figures, readFileSync(figures).fill(0x5a, 4096, 4160))

beforeAll(async () => {
  keep(whole, await playedOf('campaign-two-with-the-same-agents'))
  await count(whole)
}, 60_000)
beforeEach(() => {
  for (const folder of [data, backup]) rmSync(folder, { recursive: true, force: true })
  cpSync(whole, data, { recursive: true })
})
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})
const partsOf = (): string[] =>
  JSON.parse(readFileSync(path.join(backup, MANIFEST), 'utf8')).parts.map(({ name }: { name: string }) => name)

test('whole ones are in it', async () => {
  expect(rowsIn(data)).not.toEqual([])
  expect(await backUp(data, backup)).toMatchObject({ leftOut: null })
  expect(partsOf()).toContain('figures.db')
})

test('damaged ones are not, and it is said; restored, they are counted anew to the same', async () => {
  const before = rowsIn(data)
  damage()
  const { code, out, err } = await startProgram(['backup', '--out', backup, '--data', data], { cwd: base }).ended
  expect([code, out, err]).toEqual([
    0,
    expect.stringMatching(/^Backed up to /),
    expect.stringMatching(
      /^samtal: figures\.db is damaged and not in the backup: where it is restored, figures are counted anew \([^\n]+\)\n$/,
    ),
  ])
  expect([partsOf().includes('figures.db'), partsOf().includes('journal.db')]).toEqual([false, true])
  expect(existsSync(path.join(backup, 'figures.db'))).toBe(false)
  await restore({ folder: data, backup, replace: true, log: () => undefined })
  expect(existsSync(figures)).toBe(false)
  await count(data)
  expect(rowsIn(data)).toEqual(before)
})

test('nor is what is no database at all', async () => {
  writeFileSync(figures, 'hej\n'.repeat(2_000))
  expect(await backUp(data, backup)).toMatchObject({ leftOut: { file: 'figures.db' } })
})

test('where facts have left, or were lost, it is refused: what was counted of them is told by nothing else', async () => {
  damage()
  const db = new Database(path.join(data, 'journal.db'))
  db.exec('DELETE FROM facts WHERE position = 20')
  db.close()
  await expect(backUp(data, backup)).rejects.toThrow(/^what is damaged is not backed up: figures\.db: /)
  expect(existsSync(backup)).toBe(false)
})

test('where the journal is damaged too, that is what is told of', async () => {
  damage()
  writeFileSync(path.join(data, 'journal.db'), 'hej\n'.repeat(2_000))
  await expect(backUp(data, backup)).rejects.toThrow(/^journal\.db cannot be read: file is not a database$/)
  expect(existsSync(backup)).toBe(false)
})
