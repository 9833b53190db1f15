/** Sums of names, notes and answers: given to a journal of before, made anew where an erasure changed words, and seen to be wrong otherwise. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalCheck } from './check/journal-check.ts'
import { openJournalFile } from './journal-salvage.ts'
import { sumRows } from './row-sums.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samtal-sums-'))
  const { file } = openJournalFile(folder)
  file.transaction(() =>
    file.write({
      ...{ expected: 0, lines: '1\t\tengine.started\t{"type":"engine.started"}\n' },
      persons: [
        { personId: 'p1', number: '+46701740651', kind: 'person', name: 'Maria' },
        { personId: 'p2', number: '+46701740652', kind: 'person' },
      ],
      notes: [{ noteId: 'n1', text: 'ask for 070-174 06 51' }],
      done: [{ key: 'k', body: 'b', at: 1, answer: '{}' }],
    }),
  )
  file.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const journal = (sql: string): void => {
  const db = new Database(join(folder, 'journal.db'))
  db.exec(sql)
  db.close()
}
const rows = () => {
  const check = new JournalCheck(folder)
  try {
    return [check.whole(), check.rows()]
  } finally {
    check.close()
  }
}
const reopened = () => {
  openJournalFile(folder).file.close()
  return rows()
}

test('named persons, notes and answers have one; who has no name has none', () => {
  expect(rows()).toEqual([null, 3])
})

test('a journal of before they were is given them when it is opened', () => {
  journal(`DROP TRIGGER persons_changed; DROP TRIGGER texts_changed;
    ${['persons', 'texts', 'done'].map((table) => `DROP INDEX ${table}_without_sum; ALTER TABLE ${table} DROP COLUMN sum`).join(';')}`)
  expect(reopened()).toEqual([null, 3])
})

test('words taken out by an erasure leave the row without, until it is summed', () => {
  journal(`UPDATE texts SET text = 'ask for […]'; UPDATE persons SET name = 'M' WHERE person_id = 'p1'`)
  expect(rows()[1]).toMatchObject({ what: expect.stringMatching(/^row 1 of persons/) })
  const db = new Database(join(folder, 'journal.db'))
  sumRows(db)
  db.close()
  expect(rows()).toEqual([null, 3])
})

test('a name given anew over the journal keeps its sum true', () => {
  const { file } = openJournalFile(folder)
  const write = (name?: string | null) =>
    file.transaction(() =>
      file.write({
        expected: 1,
        lines: '',
        persons: [{ personId: 'p1', number: '+46701740651', kind: 'person', ...(name !== undefined && { name }) }],
      }),
    )
  for (const [name, summed] of [
    ['Eva', 3],
    [undefined, 3],
    [null, 2],
    ['Eva', 3],
  ] as const) {
    write(name)
    expect(rows()).toEqual([null, summed])
  }
  file.close()
})

test.each([
  ['persons', `name = 'Mario'`, 'name IS NOT NULL'],
  ['texts', `text = 'ask for 070-174 06 59'`, 'TRUE'],
  ['done', `answer = '[]'`, 'TRUE'],
])('a row of %s that is not as it was written is seen, and opening it hides nothing', (table, change, where) => {
  journal(`UPDATE ${table} SET ${change}, sum = x'0011223344556677' WHERE ${where}`)
  expect(reopened()[1]).toMatchObject({ file: 'journal.db', what: `row 1 of ${table} is not as it was written` })
})
