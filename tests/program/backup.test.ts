/** Backups of real calls' files: what is refused before anything is replaced, and what comes back. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addErasures } from '#adapters/sqlite/erasure-list.ts'
import { PersonHash } from '#adapters/sqlite/person-hash.ts'
import { auditCommand } from '#app/audited.ts'
import { backUp } from '#app/backup/backup.ts'
import { MANIFEST, manifestOf } from '#app/backup/manifest.ts'
import { restore } from '#app/backup/restore.ts'
import { checkFolder } from '#app/checking.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-backup-'))
const at = (...names: string[]) => path.join(base, ...names)
const [whole, data, backup, broken] = [at('whole'), at('data'), at('backup'), at('broken')]

beforeAll(async () => {
  keep(whole, await playedOf('campaign-two-with-the-same-agents'))
  await backUp(whole, backup)
}, 60_000)
beforeEach(() => {
  for (const folder of [data, broken]) rmSync(folder, { recursive: true, force: true })
  cpSync(whole, data, { recursive: true })
  cpSync(backup, broken, { recursive: true })
})
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

/** Every file and its bytes; locks and what readers leave beside a database say nothing. */
const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !/-(wal|shm)$|^lock\.db/u.test(name))
      .map((name) => [name, readFileSync(path.join(folder, name)).toString('base64')]),
  )
const restoring = (more: object = {}) => restore({ folder: data, backup: broken, replace: true, log: () => undefined, ...more })
const manifest = () => JSON.parse(readFileSync(path.join(broken, MANIFEST), 'utf8'))
const rewritten = (change: object, made: object = {}): void => {
  const { sum, format, program, schemas, ...rest } = { ...manifest(), ...change }
  writeFileSync(path.join(broken, MANIFEST), JSON.stringify(manifestOf(rest, made)))
}

describe('a backup', () => {
  test('is a folder only its owner can read, with everything that cannot be made anew', () => {
    expect(readdirSync(backup).sort()).toEqual(['erasures.list', 'journal.db', MANIFEST, 'persons.key', 'solution.version'])
    for (const name of readdirSync(backup)) expect(statSync(path.join(backup, name)).mode & 0o777).toBe(0o600)
    expect(statSync(backup).mode & 0o777).toBe(0o700)
    expect(manifest()).toMatchObject({ format: 1, position: 165, parts: expect.any(Array) })
  })

  test('is not made over something, within the data folder, or of a damaged journal; then nothing is left', async () => {
    await expect(backUp(data, backup)).rejects.toThrow(/there is something at .* already/)
    await expect(backUp(data, path.join(data, 'backup'))).rejects.toThrow('a backup is kept outside the data folder')
    const db = new Database(path.join(data, 'journal.db'))
    db.exec('UPDATE facts SET at = at + 1 WHERE position = 30')
    db.close()
    await expect(backUp(data, at('other'))).rejects.toThrow(/the journal is damaged, and no backup is made of it: facts 29 to 35/)
    expect(readdirSync(base).sort()).toEqual(['backup', 'broken', 'data', 'whole'])
  })
})

describe('refused before anything is replaced', () => {
  const cut = (name: string) => truncateSync(path.join(broken, name), Math.floor(statSync(path.join(broken, name)).size / 2))
  const flip = (name: string) => {
    const bytes = readFileSync(path.join(broken, name))
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    writeFileSync(path.join(broken, name), bytes)
  }
  test.each<[string, () => void, RegExp]>([
    ['cut short', () => cut('journal.db'), /^the backup is not whole: journal\.db has \d+ bytes of \d+$/],
    ['a file missing', () => rmSync(path.join(broken, 'persons.key')), /^the backup is not whole: persons\.key is missing$/],
    ['one byte changed', () => flip('journal.db'), /^the backup is not whole: journal\.db is not as it was written$/],
    ['one byte of its manifest changed', () => flip(MANIFEST), /^the backup is not whole: manifest\.json/],
    ['not finished', () => rmSync(path.join(broken, MANIFEST)), /^there is no backup in .*manifest\.json, which is written last$/],
    [
      'of another format',
      () => writeFileSync(path.join(broken, MANIFEST), '{"format":2}'),
      /^the backup is of format 2, and this program reads 1$/,
    ],
    ['of a later program', () => rewritten({}, { program: '99.0.0' }), /^the backup was made by version 99\.0\.0/],
    ['of other tables', () => rewritten({}, { schemas: { journal: '9', contacts: 1 } }), /^the backup was made by version/],
    [
      'a manifest that tells of another position',
      () => rewritten({ position: 160 }),
      /^the backup is not sound: journal\.db: it ends at fact 165, not at 160$/,
    ],
    ['the key of somebody else', () => rewritten({ solution: { id: 'x', version: '' } }), /^the backup is of another solution/],
  ])('%s', async (_name, harm, line) => {
    harm()
    const before = contentsOf(data)
    await expect(restoring()).rejects.toThrow(line)
    expect(contentsOf(data)).toEqual(before)
  })

  test('of another solution', async () => {
    writeFileSync(path.join(data, 'persons.key'), Buffer.alloc(32, 9))
    const before = contentsOf(data)
    await expect(restoring()).rejects.toThrow(/of another solution .*: nothing is replaced$/)
    expect(contentsOf(data)).toEqual(before)
  })

  test('data that are there, without --replace; a list that is none', async () => {
    await expect(restoring({ replace: false })).rejects.toThrow(/with --replace the backup takes their place/)
    writeFileSync(at('broken', 'list'), 'hej\n')
    await expect(restoring({ erasures: at('broken', 'list') })).rejects.toThrow(/^there is no erasure in/)
    expect(contentsOf(data)).toEqual(contentsOf(whole))
  })
})

describe('restored', () => {
  test('into an empty folder: facts and snapshots as they were, the archive made anew to the same bytes', async () => {
    const folder = at('broken', 'elsewhere')
    expect(await restoring({ folder, replace: false })).toMatchObject({ lost: 0, erasures: 0, calls: 16 })
    expect(checkFolder({ folder }).disagreement).toBeNull()
    const facts = (from: string) => {
      const db = new Database(path.join(from, 'journal.db'), { readonly: true })
      const rows = db.prepare('SELECT * FROM facts WHERE position <= 165 ORDER BY position').all()
      db.close()
      return JSON.stringify(rows)
    }
    expect(facts(folder)).toBe(facts(whole))
    expect(existsSync(path.join(folder, 'restore.new'))).toBe(false)
  }, 60_000)

  test('in place: a person erased here since is in no file, and the audit log goes on', async () => {
    const db = new Database(path.join(data, 'journal.db'))
    const { number, name } = db.prepare('SELECT number, name FROM persons WHERE number IS NOT NULL AND name IS NOT NULL LIMIT 1').get() as {
      number: string
      name: string
    }
    db.close()
    const hash = PersonHash.open(data).of(number).toString('hex')
    addErasures(data, [{ at: 1_900_000_000_000, hash }])
    await auditCommand(data, 'since.backup')
    expect(await restoring()).toMatchObject({ erasures: 1 })
    const audit = new Database(path.join(data, 'audit.db'), { readonly: true })
    expect(audit.prepare('SELECT what FROM audit').pluck().all()).toEqual(['since.backup'])
    audit.close()
    for (const file of readdirSync(data)) {
      const bytes = readFileSync(path.join(data, file))
      for (const words of [number, number.slice(1), `"${name}"`]) expect([file, words, bytes.includes(words)]).toEqual([file, words, false])
    }
    expect(checkFolder({ folder: data }).disagreement).toBeNull()
  }, 60_000)

  test('interrupted while files were exchanged: nothing runs, and the next restore begins anew', async () => {
    const aside = path.join(data, 'restore.old')
    mkdirSync(aside)
    for (const name of ['journal.db', 'persons.key']) cpSync(path.join(data, name), path.join(aside, name))
    for (const name of ['journal.db', 'persons.key']) rmSync(path.join(data, name))
    const serving = startProgram(['serve', '--solution', at('none.json'), '--port', '0', '--data', data], { cwd: base })
    expect((await serving.ended).err).toMatch(/was interrupted: run samtal restore again/)
    await restoring()
    expect(readdirSync(data).filter((name) => name.startsWith('restore'))).toEqual([])
    expect(checkFolder({ folder: data }).disagreement).toBeNull()
  }, 60_000)

  test('the same, when the old files were all aside and some new ones in place', async () => {
    const aside = path.join(data, 'restore.old')
    mkdirSync(aside)
    for (const name of readdirSync(whole)) cpSync(path.join(whole, name), path.join(aside, name))
    writeFileSync(path.join(aside, 'complete'), '')
    appendFileSync(path.join(data, 'journal.db'), 'half')
    rmSync(path.join(broken, MANIFEST))
    cpSync(backup, broken, { recursive: true })
    await expect(restoring({ replace: false })).rejects.toThrow(/there are data in/)
    expect(contentsOf(data)).toEqual(contentsOf(whole))
  })
})
