/**
 * `samtal check-journal` on files of real calls: whole ones agree, and one byte changed anywhere is found, or means nothing: then every row
 * of every table reads as before.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import { checkFolder } from '#app/checking.ts'
import { rebuildArchive } from '#app/rebuilding.ts'
import { retainWhileStopped } from '#app/retaining-stopped.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

/** `FLIPS=5000` draws so many places in each file. */
const FLIPS = Number(process.env['FLIPS'] ?? 60)
const base = mkdtempSync(path.join(tmpdir(), 'samtal-check-'))
const whole = path.join(base, 'whole')
const folder = path.join(base, 'data')
const at = (name: string) => path.join(folder, name)

beforeAll(async () => {
  keep(whole, await playedOf('campaign-two-with-the-same-agents'))
}, 60_000)
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

const again = (): void => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(whole, folder, { recursive: true })
}
const disagreement = () => checkFolder({ folder }).disagreement
const inFile = (name: string, sql: string): void => {
  const db = new Database(at(name))
  db.exec(sql)
  db.close()
}

/** Every row of every table, and what the tables are described by. */
const contentOf = (name: string): string => {
  const db = new Database(at(name), { readonly: true })
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all() as string[]
    const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
    return JSON.stringify([schema, tables.map((table) => db.prepare(`SELECT * FROM "${table}"`).raw().all())])
  } finally {
    db.close()
  }
}

describe('files as they were written', () => {
  test('agree, and it is said what was looked at', () => {
    again()
    const { checked, disagreement: none } = checkFolder({ folder })
    expect(none).toBeNull()
    expect(checked).toEqual([
      'journal.db: pages, indexes and tables are whole',
      'journal.db: 2 snapshots as written',
      expect.stringMatching(/^journal\.db: \d+ persons, each number that of its hash; erasures as on the list$/),
      expect.stringMatching(/^journal\.db: \d+ rows of names, notes, solutions and answers as written$/),
      expect.stringMatching(/^journal\.db: (\d+) facts up to \1, sealed, in order of time$/),
      expect.stringMatching(
        /^journal\.db: replayed from the first fact and the snapshot at \d+ and the snapshot at \d+ to the same world$/,
      ),
      expect.stringMatching(/^archive\.db: pages, indexes and tables are whole$/),
      expect.stringMatching(/^archive\.db: \d+ calls, the same bytes as made anew from the facts up to \d+$/),
    ])
  })

  test('and are as they were after it, with nothing beside them', () => {
    again()
    const names = () => readdirSync(folder).filter((name) => !/-(wal|shm)$/u.test(name))
    const before = names()
    checkFolder({ folder })
    inFile('archive.db', 'DELETE FROM stories WHERE row = 1; DELETE FROM calls WHERE row = 1')
    checkFolder({ folder })
    expect(names()).toEqual(before)
  })

  test('it is told how far it is; whoever fails to hear it ends it', () => {
    again()
    const told: number[] = []
    checkFolder({ folder, progress: (facts) => told.push(facts) })
    expect([told.at(-1), told.toSorted((a, b) => a - b)]).toEqual([165, told])
    const deaf = () => {
      throw new Error('nobody listens')
    }
    expect(() => checkFolder({ folder, progress: deaf })).toThrow('nobody listens')
  })

  test('an archive that is behind agrees as far as it goes', () => {
    again()
    rebuildArchive({ folder, into: folder, upTo: 100 })
    const { checked, disagreement: none } = checkFolder({ folder })
    expect([none, checked.at(-1)]).toEqual([null, expect.stringMatching(/made anew from the facts up to 100$/)])
  })

  test.each(['contacts.db', 'directory.db', 'accounts.db', 'audit.db', 'figures.db'])('%s too, as far as SQLite can tell', (name) => {
    again()
    inFile(name, 'CREATE TABLE words (word TEXT PRIMARY KEY) STRICT; INSERT INTO words VALUES (hex(randomblob(20)))')
    expect(checkFolder({ folder }).checked.at(-1)).toBe(`${name}: pages and indexes are whole; its rows have no sums`)
    writeFileSync(at(name), readFileSync(at(name)).fill(0x5a, 4096, 4160))
    expect(disagreement()).toMatchObject({ file: name, what: expect.not.stringContaining('\n') })
  })

  test('the other databases too, as far as SQLite can tell; one that is damaged does not agree', () => {
    again()
    inFile('accounts.db', 'CREATE TABLE users (name TEXT PRIMARY KEY) STRICT; INSERT INTO users VALUES (hex(randomblob(20)))')
    inFile('contacts.db', 'CREATE TABLE contacts (id)')
    const { checked, disagreement: none } = checkFolder({ folder })
    expect(none).toBeNull()
    expect(checked.slice(-2)).toEqual([
      'contacts.db: pages and indexes are whole; its rows have no sums',
      'accounts.db: pages and indexes are whole; its rows have no sums',
    ])
    const bytes = readFileSync(at('accounts.db'))
    // The second page is the root of the first table.
    writeFileSync(at('accounts.db'), bytes.fill(0x5a, 4096, 4160))
    expect(disagreement()).toEqual({
      file: 'accounts.db',
      position: null,
      what: expect.stringMatching(/^(SQLite finds|it cannot be read)/),
    })
  })

  test('also from the first minute on, when SQLite has brought nothing of its logs into the files', async () => {
    const young = path.join(base, 'young')
    const journal = openSqliteJournal({ folder: young })
    await journal.open()
    await journal.append(0, { facts: [{ position: 1, at: 1_795_000_000_000, fact: { type: 'engine.started' } }] })
    const archive = openArchiveWriter({ folder: young })
    archive.write([], 1)
    expect(statSync(path.join(young, 'journal.db')).size).toBe(4096)
    expect(checkFolder({ folder: young }).disagreement).toBeNull()
    archive.close()
    await journal.close()
    expect(checkFolder({ folder: young }).disagreement).toBeNull()
  })

  test('not where the mark tells of more facts than there are: the end was cut off between two batches', () => {
    again()
    const last = Number(/up to (\d+),/.exec(checkFolder({ folder }).checked.join('\n'))?.[1])
    writeFileSync(at('journal.mark'), `${last}`.padStart(16))
    expect(disagreement()).toBeNull()
    writeFileSync(at('journal.mark'), `${last + 2}`.padStart(16))
    const what = `facts ${last + 1} to ${last + 2} were written and are not there`
    expect(disagreement()).toEqual({ file: 'journal.db', position: last + 1, what })
  })

  test('the program says so, and the first disagreement with exit code 1', async () => {
    again()
    const check = (...more: string[]) => startProgram(['check-journal', '--data', folder, ...more], { cwd: base }).ended
    expect(await check()).toMatchObject({ code: 0, out: expect.stringMatching(/Everything agrees \([\d.]+ s\)\.\n$/), err: '' })
    inFile('journal.db', `UPDATE facts SET at = at + 1 WHERE position = 9`)
    expect(await check()).toMatchObject({
      code: 1,
      err: 'samtal: journal.db, fact 8: facts 8 to 14 are not those that were sealed\n',
    })
    expect(JSON.parse((await check('--json')).out)).toMatchObject({ ok: false, disagreement: { file: 'journal.db', position: 8 } })
  })
})

describe('a call whose facts were lost as damaged, the rest sealed anew', () => {
  /** The first that was over before the first snapshot. */
  const leave = (): number => {
    const { file } = openJournalFile(folder)
    const call = `SELECT call_id FROM facts WHERE call_id IS NOT NULL GROUP BY call_id HAVING max(position) < 84 ORDER BY min(position) LIMIT 1`
    const gone = file.db.prepare(`SELECT position FROM facts WHERE call_id = (${call})`).pluck().all() as number[]
    const { bad: _none, ...check } = file.check()
    file.cut({ ...check, bad: gone.map((position) => ({ first: position, last: position })) })
    file.close()
    rebuildArchive({ folder, into: folder })
    return gone.length
  }
  test('the rest agrees: replayed from the snapshots behind it', () => {
    again()
    const gone = leave()
    const { checked, disagreement: none } = checkFolder({ folder })
    expect([none, gone > 0]).toEqual([null, true])
    expect(checked).toContain(`journal.db: ${165 - gone} facts up to 165 (${gone} lost as damaged), sealed, in order of time`)
    expect(checked.join()).toMatch(/replayed from the snapshot at \d+ and the snapshot at \d+ to the same world/)
  })
  test('and a fact that left otherwise is still missed', () => {
    again()
    leave()
    inFile('journal.db', 'DELETE FROM facts WHERE position = 90')
    expect(disagreement()).toMatchObject({ file: 'journal.db', what: expect.stringMatching(/not (those|the one) that (were|was) sealed$/) })
  })
})

describe('what does not agree', () => {
  test.each([
    [
      'a story changed',
      'archive.db',
      `UPDATE stories SET story = replace(story, '"wait', '"wbit')`,
      /^call \S+ is not told as its facts tell it$/,
    ],
    ['a call missing', 'archive.db', 'DELETE FROM stories WHERE row = 1; DELETE FROM calls WHERE row = 1', /^call \S+ is not told of$/],
    ['an archive that says it goes less far', 'archive.db', `UPDATE meta SET value = value - 1 WHERE key = 'position'`, /how far it goes/],
    [
      'a name changed',
      'journal.db',
      `UPDATE persons SET name = 'Else', sum = x'0011223344556677' WHERE name IS NOT NULL`,
      /^row \d+ of persons is not as it was written$/,
    ],
    [
      'a number given to another',
      'journal.db',
      `UPDATE persons SET number = '+46701740699' WHERE number IS NOT NULL`,
      /is not that of its hash$/,
    ],
    [
      'a snapshot of other calls',
      'journal.db',
      `UPDATE snapshots SET state = replace(state, '"agents"', '"agentz"')`,
      /snapshot is not as it was written/,
    ],
    [
      'the last facts cut off',
      'journal.db',
      'DELETE FROM facts WHERE position > (SELECT max(position) - 7 FROM facts)',
      /were written and are not there|not those that were sealed/,
    ],
    ['a table of somebody else', 'journal.db', 'CREATE TABLE more (a)', /described by other words/],
  ])('%s', (_name, file, sql, what) => {
    again()
    inFile(file, sql)
    expect(disagreement()).toMatchObject({ file, what: expect.stringMatching(what) })
  })

  const callsOf = (name: string, order: string): string[] => {
    const db = new Database(at(name), { readonly: true })
    const calls = db.prepare(`SELECT id FROM calls ORDER BY started_at ${order}, id ${order}`).pluck().all() as string[]
    db.close()
    return calls
  }
  const lastFactOf = (callId: string): unknown => {
    const db = new Database(at('journal.db'), { readonly: true })
    const last = db.prepare('SELECT max(position) FROM facts WHERE call_id = ?').pluck().get(callId)
    db.close()
    return last
  }

  test.each(['ASC', 'DESC'])('a call that is missing in the archive, by its own name and its last fact: in order %s', (order) => {
    again()
    const [first = '', second = ''] = callsOf('archive.db', order)
    for (const callId of [first, second]) {
      again()
      const row = `(SELECT row FROM calls WHERE id = '${callId}')`
      inFile('archive.db', `DELETE FROM stories WHERE row = ${row}; DELETE FROM calls WHERE id = '${callId}'`)
      expect(disagreement()).toEqual({ file: 'archive.db', position: lastFactOf(callId), what: `call ${callId} is not told of` })
    }
  })

  test.each(['ASC', 'DESC'])('a call whose facts have left, and whose story is there still: in order %s', async (order) => {
    again()
    // Snapshots of the end, behind which a call may leave.
    await retainWhileStopped(
      folder,
      () => undefined,
      async () => undefined,
    )
    const [callId = ''] = callsOf('archive.db', order)
    const journal = openSqliteJournal({ folder })
    await journal.open()
    await journal.forgetCalls([callId])
    await journal.close()
    expect(disagreement()).toEqual({ file: 'archive.db', position: null, what: `call ${callId} is told of, and no fact is` })
  })

  test('an archive that is not there, and a journal that is none', () => {
    again()
    rmSync(at('archive.db'))
    const { checked, disagreement: found } = checkFolder({ folder })
    expect(found).toEqual({ file: 'archive.db', position: null, what: 'it is not there' })
    expect(checked.join()).toContain('replayed from the first fact')
    writeFileSync(at('journal.db'), 'hej\n'.repeat(2_000))
    const what = 'it cannot be read: file is not a database'
    expect(checkFolder({ folder })).toEqual({ checked: [], disagreement: { file: 'journal.db', position: null, what } })
    for (const name of readdirSync(folder)) if (name.startsWith('journal.db')) rmSync(at(name))
    symlinkSync(at('nowhere'), at('journal.db'))
    expect(checkFolder({ folder })).toEqual({
      checked: [],
      disagreement: { file: 'journal.db', position: null, what: 'it cannot be read: unable to open database file' },
    })
  })

  test('a snapshot behind the last fact that is one of another', () => {
    again()
    const { file } = openJournalFile(folder)
    const { state } = file.db.prepare('SELECT state FROM snapshots ORDER BY position DESC LIMIT 1').get() as { readonly state: string }
    file.saveSnapshot({ position: 200, state })
    file.close()
    const { position } = JSON.parse(state) as { readonly position: number }
    expect(disagreement()).toEqual({ file: 'journal.db', position: 200, what: `the snapshot is one of fact ${position}` })
  })

  test('a fact that was sealed and is none', () => {
    again()
    const { file, opened } = openJournalFile(folder)
    file.transaction(() => file.write({ expected: opened.position, lines: `${opened.lastAt}\t\tengine.started\t{\n` }))
    file.close()
    expect(disagreement()).toMatchObject({ file: 'journal.db', what: expect.stringMatching(/^it cannot be read: .*JSON/) })
  })

  test('a key that is lost; and none is made in its place', () => {
    again()
    rmSync(at('persons.key'))
    expect(disagreement()).toEqual({ file: 'persons.key', position: null, what: 'it is not there' })
    expect(readdirSync(folder)).not.toContain('persons.key')
  })

  test('a key that is another, and a list of erasures that lacks one', () => {
    again()
    writeFileSync(at('persons.key'), Buffer.alloc(32, 7))
    expect(disagreement()?.what).toMatch(/is not that of its hash$/)
    again()
    writeFileSync(at('erasures.list'), '')
    expect(disagreement()).toMatchObject({ file: 'erasures.list' })
  })
})

test.each(['ask for Maria', 'Name 0', '{"ok":true}', '"agents":[', 'CREATE TABLE done'])('one letter of %s changed', (words) => {
  again()
  const bytes = readFileSync(at('journal.db'))
  const places = [...bytes.toString('latin1').matchAll(new RegExp(words.replaceAll(/[[{}]/gu, '\\$&'), 'gu'))]
  const found = places.filter(({ index }) => {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(bytes.readUInt8(index + 3) ^ 1, index + 3)
    writeFileSync(at('journal.db'), changed)
    return disagreement() !== null
  })
  // A copy left in the gap of a page means nothing.
  expect(found.length).toBeGreaterThan(0)
})

describe.each(['journal.db', 'archive.db'])('one byte of %s changed, anywhere', (name) => {
  test('is found, or means nothing', () => {
    again()
    const bytes = readFileSync(at(name))
    const content = contentOf(name)
    const used = { found: 0, meaningless: 0 }
    const flips = fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(flips, ([place, bits]) => {
        for (const left of readdirSync(folder)) if (left.startsWith(`${name}-`)) rmSync(at(left))
        const changed = Buffer.from(bytes)
        changed.writeUInt8(bytes.readUInt8(place) ^ bits, place)
        writeFileSync(at(name), changed)
        if (disagreement() !== null) {
          used.found += 1
          return
        }
        used.meaningless += 1
        expect(contentOf(name)).toBe(content)
      }),
      { numRuns: FLIPS },
    )
    expect(used.found).toBeGreaterThan(FLIPS / 4)
    expect(used.found + used.meaningless).toBe(FLIPS)
  }, 3_600_000)
})
