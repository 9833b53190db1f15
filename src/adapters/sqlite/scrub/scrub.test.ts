/**
 * SQLite overwrites what it deletes, and still leaves copies behind where a page was split: measured here, and made good. The numbers are
 * spread by a fixed rule, so that the same pages are split in every run.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gapsOf } from './gaps.ts'
import { scrubFolder } from './scrub.ts'

const folder = mkdtempSync(join(tmpdir(), 'samtal-scrub-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const SPREAD = 0x9e3779b1
const numberOf = (index: number): string => `+467${String(10_000_000 + ((Math.imul(index, SPREAD) >>> 0) % 89_999_999))}`
const spelledOf = (number: string) => ({ international: number.slice(1), national: `0${number.slice(3)}`, bare: number.slice(3) })
const bytesOf = (name: string): string => readFileSync(join(folder, name), 'latin1')
const COUNT = 40_000
let db: Database.Database
let stale: string[]

beforeAll(() => {
  db = new Database(join(folder, 'contacts.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('secure_delete = ON')
  db.exec(`CREATE TABLE cards (id INTEGER PRIMARY KEY, name TEXT, external_id TEXT, "values" TEXT);
    CREATE TABLE do_not_call (number TEXT, campaign TEXT, reason TEXT, PRIMARY KEY (number, campaign)) WITHOUT ROWID;
    CREATE TABLE imports (key INTEGER PRIMARY KEY, file_name TEXT);`)
  const insert = db.prepare('INSERT OR IGNORE INTO do_not_call VALUES (?, ?, ?)')
  db.transaction(() => {
    for (let index = 0; index < COUNT; index++) insert.run(numberOf(index), '', 'asked')
  })()
  const gone = Array.from({ length: COUNT / 4 }, (_, index) => numberOf(index * 4))
  const remove = db.prepare('DELETE FROM do_not_call WHERE number = ?')
  db.transaction(() => {
    for (const number of gone) remove.run(number)
  })()
  db.pragma('wal_checkpoint(TRUNCATE)')
  const there = new Set(bytesOf('contacts.db').match(/\+467\d{8}/g))
  stale = gone.filter((number) => there.has(number))
})
afterAll(() => db.close())

test('deleted rows stand in gaps of pages, and scrubbing takes them away under the feet of an open connection', () => {
  expect(stale.length).toBeGreaterThan(0)
  const before = db.prepare('SELECT * FROM do_not_call').all()
  for (const number of stale.slice(0, 5)) {
    const { overwritten, left } = scrubFolder(folder, spelledOf(number))
    expect([overwritten > 0, left]).toEqual([true, []])
    // The open connection writes pages it had read before: what it kept of them must not come back.
    db.prepare('UPDATE do_not_call SET reason = reason || ? WHERE number > ? AND number < ?').run('!', number.slice(0, 7), number)
    db.pragma('wal_checkpoint(TRUNCATE)')
    expect(bytesOf('contacts.db')).not.toContain(number)
  }
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.prepare('SELECT count(*) FROM do_not_call').pluck().get()).toBe(before.length)
})

test('words of others lose the number and nothing else; files that are no databases of ours are blackened', () => {
  db.prepare('INSERT INTO cards (id, name, "values") VALUES (1, ?, ?)').run('Bo', JSON.stringify(['sister: 070-174 06 51', 'vip']))
  mkdirSync(join(folder, 'log'))
  writeFileSync(join(folder, 'log', 'old.log'), 'rang 0701740651 twice')
  const scrubbed = scrubFolder(folder, spelledOf('+46701740651'))
  expect(scrubbed).toMatchObject({ words: 1, left: [] })
  expect(db.prepare('SELECT name, "values" FROM cards').get()).toEqual({ name: 'Bo', values: '["sister: […]","vip"]' })
  expect(bytesOf('log/old.log')).toBe('rang ********** twice')
})

test('a page’s gap is what lies between its cells and their contents, and nothing of a page that is no tree’s', () => {
  const page = Buffer.alloc(512)
  page.writeUInt8(0x0d, 0)
  page.writeUInt16BE(400, 1)
  page.writeUInt16BE(2, 3)
  page.writeUInt16BE(300, 5)
  page.writeUInt16BE(0, 400)
  page.writeUInt16BE(20, 402)
  expect(gapsOf(page, 2)).toEqual([
    { from: 12, to: 300 },
    { from: 404, to: 420 },
  ])
  expect(gapsOf(Buffer.alloc(512), 2)).toEqual([])
})
