/** Backups of real calls' files: what is refused before anything is replaced, and what comes back. */
import { createHash } from 'node:crypto'
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
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { addErasures } from '#adapters/sqlite/erasure-list.ts'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import { PersonHash } from '#adapters/sqlite/person-hash.ts'
import { auditCommand } from '#app/audited.ts'
import { backUp } from '#app/backup/backup.ts'
import { MANIFEST, manifestOf, programVersion, SCHEMAS, solutionId } from '#app/backup/manifest.ts'
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

  test('tells by which program, of which solution and how much; of the key of persons nothing', async () => {
    const { manifest: told, bytes } = await backUp(data, at('broken', 'made'))
    const version = readFileSync(path.join(data, 'solution.version'), 'utf8').trim()
    const key = readFileSync(path.join(data, 'persons.key'))
    const text = readFileSync(at('broken', 'made', MANIFEST), 'utf8')
    expect(told).toMatchObject({ program: programVersion(), solution: { version } })
    expect(version).not.toBe('')
    const sizes = told.parts.map(({ name }) => statSync(at('broken', 'made', name)).size)
    expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
    // Any eight bytes of it.
    for (let from = 0; from + 8 <= key.length; from++) expect(text).not.toContain(key.subarray(from, from + 8).toString('hex'))
    writeFileSync(path.join(data, 'persons.key'), Buffer.alloc(32, 9))
    expect(solutionId(data)).not.toBe(told.solution.id)
  })

  test('is not made over something, within the data folder, or of a damaged journal; then nothing is left', async () => {
    await expect(backUp(data, backup)).rejects.toThrow(/there is something at .* already/)
    await expect(backUp(data, path.join(data, 'backup'))).rejects.toThrow('a backup is kept outside the data folder')
    const db = new Database(path.join(data, 'journal.db'))
    db.exec('UPDATE facts SET at = at + 1 WHERE position = 30')
    db.close()
    await expect(backUp(data, at('other'))).rejects.toThrow(
      /^what is damaged is not backed up: journal\.db, fact 29: facts 29 to 35 are not .*; see samtal check-journal$/,
    )
    expect(readdirSync(base).sort()).toEqual(['backup', 'broken', 'data', 'whole'])
  })
})

/** The first page of its first table, as a failing disk leaves it. */
const damage = (file: string): void => {
  const db = new Database(file)
  db.pragma('wal_checkpoint(TRUNCATE)')
  const root = Number(db.prepare(`SELECT min(rootpage) FROM sqlite_schema WHERE type = 'table'`).pluck().get())
  db.close()
  writeFileSync(file, readFileSync(file).fill(0x5a, (root - 1) * 4096, (root - 1) * 4096 + 64))
}
const STORES_BESIDE = ['accounts.db', 'audit.db', 'contacts.db', 'directory.db']
const withStores = async (): Promise<void> => {
  for (const open of [openAccounts, openAudit, openContacts, openDirectory]) await open({ folder: data }).close()
}

describe('what could not be restored is not backed up, and it is said which file it is', () => {
  test('whole stores are', async () => {
    await withStores()
    await backUp(data, at('broken', 'made'))
    expect(readdirSync(at('broken', 'made'))).toEqual(expect.arrayContaining(STORES_BESIDE))
    expect(readdirSync(at('broken', 'made')).filter((name) => /-(wal|shm)$/u.test(name))).toEqual([])
    expect(await restoring({ backup: at('broken', 'made') })).toMatchObject({ calls: 16 })
  })
  test.each(STORES_BESIDE)('%s with a damaged page, or with other bytes altogether', async (name) => {
    await withStores()
    damage(path.join(data, name))
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(new RegExp(`^what is damaged is not backed up: ${name}: `))
    writeFileSync(path.join(data, name), 'hej\n'.repeat(2_000))
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(new RegExp(`${name}.* not a database`))
    expect(readdirSync(broken).filter((one) => one.startsWith('made'))).toEqual([])
  })
  test('a journal that is none, or cannot be read on', async () => {
    const journal = path.join(data, 'journal.db')
    writeFileSync(journal, 'hej\n'.repeat(2_000))
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(/^journal\.db cannot be read: file is not a database$/)
    cpSync(path.join(whole, 'journal.db'), journal)
    damage(journal)
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(/^(what is damaged is not backed up: )?journal\.db/)
    expect(readdirSync(broken).filter((one) => one.startsWith('made'))).toEqual([])
  })
  test('a fact that was sealed and is none', async () => {
    const { file, opened } = openJournalFile(data)
    file.transaction(() => file.write({ expected: opened.position, lines: `${opened.lastAt}\t\tengine.started\t{\n` }))
    file.close()
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(
      /^what is damaged is not backed up: journal\.db: it cannot be read: [^\n]*JSON/,
    )
  })
  test('a journal whose key of persons is gone, or a number of which is another', async () => {
    rmSync(path.join(data, 'persons.key'))
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(/^what is damaged is not backed up: persons\.key: it is not there/)
    cpSync(path.join(whole, 'persons.key'), path.join(data, 'persons.key'))
    const db = new Database(path.join(data, 'journal.db'))
    db.exec(`UPDATE persons SET number = '+46701740699' WHERE number IS NOT NULL`)
    db.close()
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(/^what is damaged is not backed up: journal\.db: the number in row/)
  })
})

describe('where a backup lies', () => {
  test('not in the data folder, by whatever way', async () => {
    symlinkSync(data, at('broken', 'way'))
    await expect(backUp(data, at('broken', 'way', 'backup'))).rejects.toThrow('a backup is kept outside the data folder')
    await expect(backUp(at('broken', 'way'), path.join(data, 'deep', 'backup'))).rejects.toThrow('a backup is kept outside the data folder')
    expect(existsSync(path.join(data, 'backup'))).toBe(false)
    await expect(backUp(data, path.join(data, '..backup'))).rejects.toThrow('a backup is kept outside the data folder')
    await backUp(data, at('broken', '..backup'))
  })
  test('nor is there one of a folder that has no journal, or of which a restore was interrupted', async () => {
    await expect(backUp(at('nowhere'), at('broken', 'made'))).rejects.toThrow(/^there is no journal in \S+nowhere$/)
    mkdirSync(path.join(data, 'restore.old'))
    await expect(backUp(data, at('broken', 'made'))).rejects.toThrow(/^a restore of \S+ was interrupted: run samtal restore again/)
    expect(readdirSync(broken).filter((name) => name.startsWith('made'))).toEqual([])
  })
  test('a folder that cannot be made is told in one line, also where the system says it is not there for ever', async () => {
    for (const place of [path.join(data, 'journal.db', 'x'), '/proc/samtal/x'])
      await expect(backUp(data, place)).rejects.toThrow(/^no backup can be made at .*: (ENOTDIR|ENOENT|EACCES)[^\n]*$/)
  })
  test('it has no name before it is told of; where that fails there is none', async () => {
    const [out, told] = [at('broken', 'made'), [] as unknown[]]
    const tell = async ({ position }: { readonly position: number }) => void told.push([position, existsSync(out)])
    await backUp(data, out, tell)
    expect(told).toEqual([[165, false]])
    const fails = () => Promise.reject(new Error('the audit log cannot be written'))
    await expect(backUp(data, at('broken', 'other'), fails)).rejects.toThrow('the audit log cannot be written')
    expect(readdirSync(broken).filter((name) => name.startsWith('other'))).toEqual([])
  })
})

describe('refused before anything is replaced', () => {
  const later = programVersion().replace(/\d+$/, (last) => String(Number(last) + 1))
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
    [
      'a word of its manifest changed, and still a manifest',
      () => writeFileSync(path.join(broken, MANIFEST), JSON.stringify({ ...manifest(), madeAt: '2020-01-01T00:00:00.000Z' })),
      /^the backup is not whole: manifest\.json is not as it was written$/,
    ],
    ['not finished', () => rmSync(path.join(broken, MANIFEST)), /^there is no backup in .*manifest\.json, which is written last$/],
    [
      'of another format',
      () => writeFileSync(path.join(broken, MANIFEST), '{"format":2}'),
      /^the backup is of format 2, and this program reads 1$/,
    ],
    ['of a later program', () => rewritten({}, { program: '99.0.0' }), /^the backup was made by version 99\.0\.0/],
    ['of one a little later', () => rewritten({}, { program: later }), /^the backup was made by version \d+\.\d+\.\d+, which/],
    ['of another journal', () => rewritten({}, { schemas: { ...SCHEMAS, journal: '9' } }), /^the backup was made by version/],
    ['of other lists', () => rewritten({}, { schemas: { ...SCHEMAS, contacts: 99 } }), /^the backup was made by version/],
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

  test.each(['../solution.version', '../evil', 'restore.old/complete', at('evil'), 'lock.db'])('a part of the name %s', async (name) => {
    writeFileSync(at('evil'), 'evil')
    const evil = { name, bytes: 4, sha256: createHash('sha256').update('evil').digest('hex') }
    rewritten({ parts: [...manifest().parts, evil] })
    mkdirSync(path.dirname(path.resolve(broken, name)), { recursive: true })
    writeFileSync(path.resolve(broken, name), 'evil')
    const before = contentsOf(data)
    await expect(restoring({ folder: at('nowhere') })).rejects.toThrow(/^the backup is not whole: manifest\.json is not one of ours$/)
    await expect(restoring()).rejects.toThrow(/^the backup is not whole: manifest\.json is not one of ours$/)
    expect(contentsOf(data)).toEqual(before)
    expect(existsSync(at('nowhere'))).toBe(false)
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
    await expect(restoring({ folder: at('nowhere'), erasures: at('none') })).rejects.toThrow(/none cannot be read: ENOENT[^\n]*$/)
    expect(existsSync(at('nowhere'))).toBe(false)
  })

  test('over an audit log that is damaged, which is to go on; with it moved aside nothing stands in the way', async () => {
    const audit = path.join(data, 'audit.db')
    writeFileSync(audit, Buffer.alloc(8192, 7))
    for (const log of ['-wal', '-shm']) rmSync(`${audit}${log}`, { force: true })
    const before = contentsOf(data)
    await expect(restoring()).rejects.toThrow(/^the audit log in [^\n]* is damaged \(audit\.db: [^\n]*\): move it elsewhere[^\n]*$/)
    expect(contentsOf(data)).toEqual(before)
    rmSync(audit)
    expect(await restoring()).toMatchObject({ lost: 0 })
  }, 60_000)

  test('a data folder that is none', async () => {
    await expect(restoring({ folder: at('broken', MANIFEST) })).rejects.toThrow(/^the data folder .* cannot be used: EEXIST[^\n]*$/)
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

  test('after one that was killed when the old files were no longer needed: what was erased stays so', async () => {
    addErasures(data, [{ at: 1_900_000_000_000, hash: '00112233445566778899aabbccddeeff' }])
    mkdirSync(path.join(data, 'restore.gone'))
    cpSync(path.join(whole, 'archive.db'), path.join(data, 'restore.gone', 'archive.db'))
    expect(await restoring()).toMatchObject({ erasures: 1 })
    expect(readdirSync(data).filter((name) => name.startsWith('restore'))).toEqual([])
    expect(readFileSync(path.join(data, 'erasures.list'), 'utf8')).toContain('00112233445566778899aabbccddeeff')
  }, 60_000)
})
