/**
 * The processes that go through a data folder after an erasure and after a night of retention: how many are begun, with which words, and
 * what becomes of those that fail.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { Scrubbing, scrub, wipe } from '#app/scrubbing.ts'

/** The words of each process that was begun. */
const begun = vi.hoisted(() => [] as string[])
vi.mock('node:child_process', async (importOriginal) => {
  const processes = await importOriginal<typeof import('node:child_process')>()
  return {
    ...processes,
    spawn: (program: string, words: string[], options: object) => {
      begun.push(words.join(' '))
      return processes.spawn(program, words, options)
    },
  }
})

const NUMBER = '+46701740699'

async function folderOfLists(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-scrubbing-'))
  await openContacts({ folder }).close()
  return folder
}

test('begin when the one before has ended, whoever else has been waited for by then', async () => {
  const one = await folderOfLists()
  try {
    begun.length = 0
    const [first, second] = [wipe(one), scrub(one, [NUMBER])]
    await first
    const third = wipe(one)
    await turn()
    expect(begun.length).toBe(2)
    await Promise.all([second, third])
  } finally {
    rmSync(one, { recursive: true })
  }
})

describe('one that fails', () => {
  const nowhere = path.join(tmpdir(), `samtal-scrubbing-${process.pid}-nowhere`)

  test('says what it said, and the next one is begun all the same', async () => {
    const [failing, next] = [scrub(nowhere, [NUMBER]), wipe(nowhere)]
    await expect(failing).rejects.toThrow(/^Error: ENOENT: no such file or directory/)
    await expect(next).resolves.toBeUndefined()
  })

  test('a database it cannot open is told of too', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samtal-scrubbing-'))
    mkdirSync(path.join(folder, 'contacts.db'))
    await expect(wipe(folder)).rejects.toThrow(/^SqliteError: unable to open database file/)
    rmSync(folder, { recursive: true })
  })

  test('after an erasure: in one line, and whoever waits is told that it failed', async () => {
    const said: string[] = []
    const scrubbing = new Scrubbing(nowhere, (line) => said.push(line))
    scrubbing.ask(NUMBER)
    expect(await scrubbing.done()).toBeNull()
    expect(said).toEqual([expect.stringMatching(/^the files could not be searched for an erased number: Error: ENOENT: [^\n]*$/)])
    expect(said.join()).not.toContain(NUMBER.slice(1))
  })
})

describe('after erasures', () => {
  const OTHERS = ['+46701740622', '+46701740633', '+46701740644']
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-scrubbing-'))
  const file = path.join(folder, 'old.log')
  const said: string[] = []
  let scrubbing: Scrubbing
  beforeEach(() => {
    begun.length = 0
    said.length = 0
    scrubbing = new Scrubbing(folder, (line) => said.push(line))
    writeFileSync(file, [NUMBER, ...OTHERS].join())
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const there = (): string[] => [NUMBER, ...OTHERS].filter((number) => readFileSync(file, 'utf8').includes(number.slice(1)))

  test('one search is made for all that were asked for, and the next for whoever was since', async () => {
    const [first = '', second = '', third = ''] = OTHERS
    for (const number of [first, second]) scrubbing.ask(number)
    const asked = scrubbing.done()
    await turn()
    for (const number of [third, third]) scrubbing.ask(number)
    expect(await asked).toMatchObject({ overwritten: 2, left: [] })
    expect(there()).toEqual([NUMBER, third])
    writeFileSync(file, [NUMBER, ...OTHERS].join())
    // Whose turn is over is looked for no more.
    expect(await scrubbing.done()).toMatchObject({ overwritten: 1, left: [] })
    expect(there()).toEqual([NUMBER, first, second])
    expect([begun.length, said]).toEqual([2, []])
  })

  test('no number is among the words of a process, which everybody on the machine can read', async () => {
    scrubbing.ask(NUMBER)
    await scrubbing.done()
    expect(begun).toEqual([expect.stringMatching(/scrub\.process\.ts \S+$/)])
    expect(begun.join().replaceAll(/\D/gu, '')).not.toContain(NUMBER.slice(3))
    expect(there()).toEqual(OTHERS)
  })

  test('where something of ours stores the number it is told in which file', async () => {
    const db = new Database(path.join(folder, 'figures.db'))
    db.exec(`CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('${NUMBER}')`)
    db.close()
    scrubbing.ask(NUMBER)
    expect(await scrubbing.done()).toMatchObject({ left: ['figures.db'] })
    expect(said).toEqual(['an erased number is left in figures.db'])
  })
})
