/** What has a backup's name is on the disk: each of its files before the name is given, and the name before it is told of as made. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { backUp } from '#app/backup/backup.ts'

const disk = vi.hoisted(() => ({ log: [] as string[] }))

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const { basename } = await import('node:path')
  const opened = new Map<number, string>()
  return {
    ...fs,
    renameSync: (from: string, to: string) => {
      disk.log.push(`mv ${basename(from)} ${basename(to)}`)
      fs.renameSync(from, to)
    },
    openSync: (file: string, ...how: [string, number?]) => {
      const handle = fs.openSync(file, ...how)
      opened.set(handle, file)
      return handle
    },
    fsyncSync: (handle: number) => {
      disk.log.push(`sync ${basename(opened.get(handle) ?? '')}`)
      fs.fsyncSync(handle)
    },
  }
})

const base = mkdtempSync(path.join(tmpdir(), 'samtal-durable-'))
const folder = path.join(base, 'data')
beforeEach(async () => {
  const journal = openSqliteJournal({ folder })
  await journal.open()
  await journal.append(0, { facts: [{ position: 1, at: 1_795_000_000_000, fact: { type: 'engine.started' } }] })
  await journal.close()
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

test('every file, then the folder, then its name, then the folder it lies in', async () => {
  disk.log.length = 0
  await backUp(folder, path.join(base, 'backup'))
  const part = `backup.part-${process.pid}`
  expect(disk.log).toEqual([
    'sync journal.db',
    'sync persons.key',
    'sync manifest.json',
    `sync ${part}`,
    `mv ${part} backup`,
    `sync ${path.basename(base)}`,
  ])
})
