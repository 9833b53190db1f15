/** What the command line does, and is refused, in the audit log of its data folder; and what is not done where that cannot be written. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { backUp } from '#app/backup/backup.ts'
import { restore } from '#app/backup/restore.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-audit-'))
const at = (...names: string[]) => path.join(base, ...names)
const [whole, data] = [at('whole'), at('data')]
const run = (...args: string[]) => startProgram([...args, '--data', data], { cwd: base, input: 'a long password\n' }).ended

beforeAll(async () => {
  keep(whole, await playedOf('campaign-two-with-the-same-agents'))
}, 60_000)
beforeEach(() => {
  rmSync(data, { recursive: true, force: true })
  cpSync(whole, data, { recursive: true })
})
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

const rows = <T>(file: string, sql: string): readonly T[] => {
  const db = new Database(path.join(data, file), { readonly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}
const told = () =>
  rows<{ what: string; outcome: string; details: string }>('audit.db', 'SELECT what, outcome, details FROM audit ORDER BY seq').map(
    ({ what, outcome, details }) => [what, outcome, JSON.parse(details)],
  )
const users = () => rows<{ name: string }>('accounts.db', 'SELECT name FROM users ORDER BY name').map(({ name }) => name)
/** As a full disk would: it can be read, and takes no row more. */
const breakAudit = async (): Promise<void> => {
  await openAudit({ folder: data }).close()
  const db = new Database(path.join(data, 'audit.db'))
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
  db.close()
}
/** Somebody the journal has calls of. */
const somebody = (): string => {
  const sql = `SELECT number FROM persons WHERE kind = 'person' AND number IS NOT NULL ORDER BY row LIMIT 1`
  return rows<{ number: string }>('journal.db', sql)[0]?.number ?? ''
}

describe('an account', () => {
  test('done and refused are told, each as what it was', async () => {
    await run('user', 'add', 'lena', '--role', 'administrator')
    await run('user', 'add', 'Lena')
    await run('user', 'passwd', 'nobody')
    await run('user', 'disable', 'lena')
    await run('user', 'enable', 'lena')
    expect(told()).toEqual([
      ['user.added', 'done', { role: 'administrator' }],
      ['user.added', 'user.taken', { role: 'agent' }],
      ['user.passwordSet', 'user.unknown', {}],
      ['user.disabled', 'user.lastAdministrator', {}],
      ['user.enabled', 'done', {}],
    ])
  })
  test('is not made where the log cannot be written', async () => {
    await breakAudit()
    const { code, err } = await run('user', 'add', 'lena', '--role', 'administrator')
    expect([code, err]).toEqual([1, expect.stringMatching(/samtal: the audit log in .* cannot be written \([^\n]*\)\n$/)])
    expect(users()).toEqual([])
  })
})

describe('a backup', () => {
  test('is told with how far it goes, and is not made where it cannot be', async () => {
    expect(await run('backup', '--out', at('told'))).toMatchObject({ code: 0 })
    expect(told()).toEqual([['data.backedUp', 'done', { position: 165 }]])
    await breakAudit()
    expect(await run('backup', '--out', at('untold'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^samtal: the audit log in .* cannot be written [^\n]*\n$/),
    })
    expect(existsSync(at('untold'))).toBe(false)
  })
})

describe('a person', () => {
  test('refusals of erasing and of a copy are told; a copy is told with its counts', async () => {
    const number = somebody()
    expect(await run('erase', '112', '--yes')).toMatchObject({ code: 1 })
    expect(await run('export-person', 'hej')).toMatchObject({ code: 1 })
    expect(await run('export-person', '+46701740699')).toMatchObject({ code: 1 })
    expect(await run('export-person', number)).toMatchObject({ code: 0 })
    expect(told()).toEqual([
      ['person.erased', 'person.emergency', {}],
      ['person.copied', 'number.invalid', {}],
      ['person.copied', 'person.unknown', {}],
      ['person.copied', 'done', { calls: expect.any(Number), contacts: 0, directory: 0 }],
    ])
  }, 120_000)
})

describe('where solution.version is lost, as it may be', () => {
  beforeEach(() => rmSync(path.join(data, 'solution.version')))
  test('the journal says which solution is in force: calls are exported, a person is erased', async () => {
    expect(await run('export')).toMatchObject({ code: 0, err: '' })
    expect(await run('erase', somebody(), '--yes', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"status":"erased"') })
  }, 120_000)
  test('a backup without it is restored, and forgets whom it is to forget', async () => {
    const number = somebody()
    await backUp(data, at('without'))
    await run('erase', number, '--yes')
    expect(await restore({ folder: data, backup: at('without'), replace: true, log: () => undefined })).toMatchObject({ erasures: 1 })
    expect(rows('journal.db', `SELECT 1 FROM persons WHERE number = '${number}'`)).toEqual([])
  }, 120_000)
  test('a folder nothing has run on says so still', async () => {
    const db = new Database(path.join(data, 'journal.db'))
    db.exec(`DELETE FROM facts; DELETE FROM texts WHERE kind = 'solution'`)
    db.close()
    expect(await run('export')).toMatchObject({ code: 1, err: expect.stringMatching(/^samtal: nothing has run on .* yet\n$/) })
  })
})
