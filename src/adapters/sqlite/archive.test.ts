import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { archiveContract, storyOf } from '../../../tests/archive.contract.ts'
import { dumpArchive, openArchiveReader, openArchiveWriter } from './archive.ts'
import { openJournalFile } from './journal-salvage.ts'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'samtal-archive-'))

archiveContract('sqlite', () => {
  const folder = newFolder()
  const { file } = openJournalFile(folder)
  const writer = openArchiveWriter({ folder })
  const reader = openArchiveReader({ folder, workers: 2 })
  return {
    writer,
    reader,
    persons: (persons) => file.transaction(() => file.write({ expected: 0, lines: '', persons })),
    done: async () => {
      await reader.close()
      writer.close()
      file.close()
      rmSync(folder, { recursive: true })
    },
  }
})

describe('the archive in SQLite', () => {
  let folder: string
  beforeEach(() => {
    folder = newFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('the same stories give the same bytes, in whatever order and however often they were written', () => {
    const one = storyOf({ id: 'c1', caller: 'p1' })
    const two = storyOf({ id: 'c2', caller: 'p2', startedAt: one.startedAt - 5 })
    const early = storyOf({ id: 'c2', caller: 'p3', startedAt: two.startedAt, endedAt: null })
    const written = (batches: (typeof one)[][]): string => {
      const writer = openArchiveWriter({ folder })
      writer.drop()
      for (const [index, batch] of batches.entries()) writer.write(batch, index)
      writer.close()
      return [...dumpArchive(folder)].join('')
    }
    const live = written([[early], [one, early], [two]])
    expect(written([[two, one]])).toBe(live)
    expect(live.split('\n').map((line) => line.slice(0, 5))).toEqual(['["c2"', '["c1"', ''])
    expect(written([[two]])).not.toBe(live)
  })

  test('a file that cannot be read is made anew: the journal has it all', () => {
    writeFileSync(join(folder, 'archive.db'), 'not a database at all, and longer than its header would be'.repeat(10))
    const writer = openArchiveWriter({ folder })
    expect(writer.position()).toBe(0)
    writer.write([storyOf({ id: 'c1' })], 4)
    writer.close()
    const again = openArchiveWriter({ folder })
    expect(again.position()).toBe(4)
    again.close()
  })

  test('no phone number is in its file', async () => {
    const { file } = openJournalFile(folder)
    file.transaction(() => file.write({ expected: 0, lines: '', persons: [{ personId: 'p1', number: '+46701234567', kind: 'person' }] }))
    const writer = openArchiveWriter({ folder })
    writer.write([storyOf({ id: 'c1' })], 1)
    const reader = openArchiveReader({ folder })
    expect((await reader.search({ number: { how: 'inside', digits: '70123' } }, { after: null, limit: 1 })).stories).toHaveLength(1)
    await reader.close()
    writer.close()
    file.close()
    expect([...dumpArchive(folder)].join('')).not.toContain('4670123')
  })
})
