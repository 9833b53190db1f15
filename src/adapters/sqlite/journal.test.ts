import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PortError } from '#ports/errors.ts'
import { batchFrom, factsFrom, journalContract, readAll } from '../../../tests/journal.contract.ts'
import { openSqliteJournal, SqliteJournal } from './journal.ts'
import { journalPath } from './journal-file.ts'
import { JournalReader } from './journal-reader.ts'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'samtal-journal-'))

journalContract('sqlite', () => {
  const folder = newFolder()
  return {
    journal: () => openSqliteJournal({ folder }),
    another: () => {
      const other = newFolder()
      return { journal: openSqliteJournal({ folder: other }), done: async () => rmSync(other, { recursive: true }) }
    },
    kill: async (journal) => {
      if (journal instanceof SqliteJournal) await journal.kill()
    },
    done: async () => rmSync(folder, { recursive: true }),
  }
})

/** A process of its own that appends without end, ten facts at a time, and tells each position once it is durable. */
const APPENDS_FOR_EVER = `
  import { openSqliteJournal } from ${JSON.stringify(new URL('./journal.ts', import.meta.url).href)}
  const journal = openSqliteJournal({ folder: process.argv[1] })
  let { position } = await journal.open()
  for (;;) {
    const facts = Array.from({ length: 10 }, (_, index) => {
      const number = position + 1 + index
      const fact = { type: 'leg.arrived', callId: 'c' + number, legId: 'l' + number, personId: 'p' + number }
      return { position: number, at: 1795000000000 + number, fact }
    })
    await journal.append(position, { facts })
    position += 10
    process.stdout.write(position + '\\n')
  }`

const startWriter = (folder: string) => spawn(process.execPath, ['-e', APPENDS_FOR_EVER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })

describe('the journal in SQLite', () => {
  let folder: string
  beforeEach(() => {
    folder = newFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('a process that has the folder keeps others out; killed with -9, all it called durable is there', async () => {
    const writer = startWriter(folder)
    let told = ''
    writer.stdout.on('data', (text) => {
      told += text
    })
    while (told.split('\n').length < 100) await once(writer.stdout, 'data')
    const journal = openSqliteJournal({ folder })
    await expect(journal.open()).rejects.toThrow('another process has the data folder')
    const gone = once(writer, 'close')
    writer.kill('SIGKILL')
    await gone
    const durable = Number(told.trim().split('\n').at(-1))
    const opened = await journal.open()
    expect(opened.position).toBeGreaterThanOrEqual(durable)
    expect(opened.damage).toBeNull()
    expect(await readAll(journal)).toEqual(factsFrom(1, opened.position))
    await journal.close()
  })

  test('on a full disk an append writes nothing and may be retried', async () => {
    const journal = openSqliteJournal({ folder, pagesMax: 60 })
    await journal.open()
    let position = 0
    let full: unknown = null
    while (full === null) {
      full = await journal.append(position, batchFrom(position + 1, 50)).then(
        () => null,
        (error: unknown) => error,
      )
      if (full === null) position += 50
    }
    expect(full).toBeInstanceOf(PortError)
    expect(full).toMatchObject({ operation: 'append', retry: true })
    expect(await readAll(journal)).toEqual(factsFrom(1, position))
    await journal.close()
    const larger = openSqliteJournal({ folder })
    expect(await larger.open()).toMatchObject({ position, damage: null })
    await larger.append(position, batchFrom(position + 1, 50))
    await larger.close()
  })

  test('appends that wait together share a transaction, and one that does not fit spoils none of its neighbours', async () => {
    const journal = openSqliteJournal({ folder })
    await journal.open()
    const results = await Promise.allSettled([
      journal.append(0, batchFrom(1, 5)),
      journal.append(3, batchFrom(4, 5)),
      journal.append(5, batchFrom(6, 5)),
      journal.append(99, batchFrom(100, 5)),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect(results[1]).toMatchObject({ reason: { retry: false } })
    expect(results[3]).toMatchObject({ reason: { retry: true } })
    expect(await readAll(journal)).toEqual(factsFrom(1, 10))
    await journal.close()
  })

  test('one that a program wrote before there was a table of what was done is read all the same', async () => {
    const journal = openSqliteJournal({ folder })
    await journal.open()
    await journal.append(0, batchFrom(1, 3))
    await journal.close()
    const file = new Database(journalPath(folder))
    file.exec('DROP TABLE done')
    file.close()
    const reader = new JournalReader(folder)
    expect(reader.factsAfter(0, 10)).toEqual(factsFrom(1, 3))
    reader.close()
  })

  test('before it is opened, and after it is closed, it says so', async () => {
    const journal = openSqliteJournal({ folder })
    await expect(journal.append(0, batchFrom(1, 1))).rejects.toMatchObject({ port: 'journal', retry: false })
    await journal.open()
    await journal.close()
    await expect(journal.find('+46701234567')).rejects.toMatchObject({ port: 'journal', retry: false })
  })
})
