/**
 * A backup put back after somebody was erased, after it was changed by somebody, over files that were damaged since: what comes back, what
 * does not, and what stays as it was.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { addErasures, erasureListPath } from '#adapters/sqlite/erasure-list.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { holdFolder } from '#adapters/sqlite/lock.ts'
import { PersonHash } from '#adapters/sqlite/person-hash.ts'
import { auditCommand, byCommandLine } from '#app/audited.ts'
import { backUp } from '#app/backup/backup.ts'
import { MANIFEST, manifestOf, type Part, partOf, programVersion } from '#app/backup/manifest.ts'
import { type Restoring, restore } from '#app/backup/restore.ts'
import { checkFolder } from '#app/checking.ts'
import { keep, playedOf } from './kept.support.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-restore-'))
const at = (...names: string[]) => path.join(base, ...names)
const [whole, data, backup] = [at('whole'), at('data'), at('backup')]
const T0 = 1_795_000_000_000
const LATER = 1_900_000_000_000

beforeAll(async () => keep(whole, await playedOf('campaign-two-with-the-same-agents')), 60_000)
beforeEach(() => {
  for (const folder of [data, backup]) rmSync(folder, { recursive: true, force: true })
  cpSync(whole, data, { recursive: true })
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const restoring = (more: object = {}) => restore({ folder: data, backup, replace: true, log: () => undefined, ...more })
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
const filesWith = (folder: string, words: readonly string[]): string[] =>
  filesIn(folder)
    .filter((file) => {
      const bytes = readFileSync(file)
      return words.some((word) => bytes.includes(word))
    })
    .map((file) => path.relative(folder, file))
const eraseIn = (folder: string, numbers: readonly string[]): void => {
  const hash = PersonHash.open(folder)
  addErasures(
    folder,
    numbers.map((number) => ({ at: LATER, hash: hash.of(number).toString('hex') })),
  )
}
/** Somebody in a call, who has a number. */
const personIn = (folder: string): { readonly number: string } => {
  const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
  const found = db.prepare(`SELECT number FROM persons WHERE kind = 'person' AND number IS NOT NULL ORDER BY row LIMIT 1`).get()
  db.close()
  return found as { readonly number: string }
}
/** Every file and its bytes; locks and what readers leave beside a database say nothing. */
const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesIn(folder)
      .filter((name) => !/-(wal|shm)$|lock\.db/u.test(name))
      .map((name) => [path.relative(folder, name), readFileSync(name).toString('base64')]),
  )

const LISTED = '+46701740611'
const BESIDE = '+46701740622'

/** A list and a directory with somebody, and nothing has run: no retention goes over the files afterwards. */
async function listsIn(folder: string): Promise<void> {
  const journal = openSqliteJournal({ folder })
  await journal.open()
  await journal.close()
  const contacts = openContacts({ folder })
  const listed = { campaignId: null, source: 'file', reason: null, until: null, addedAt: T0 } as const
  await contacts.listDoNotCall([LISTED, BESIDE].map((number) => ({ number, ...listed })))
  await contacts.close()
  const directory = openDirectory({ folder })
  for (const number of [LISTED, BESIDE])
    await directory.create(
      { name: `Who has ${number}`, company: null, numbers: [{ number, label: null }], fields: {} },
      { id: number, at: T0 },
    )
  await directory.close()
}

/** As SQLite leaves copies of a row where it split a page: in pages that are free, and in gaps of those that are not. */
function leaveCopies(file: string, number: string): void {
  const db = new Database(file)
  db.pragma('secure_delete = OFF')
  db.exec('CREATE TABLE moved (row INTEGER PRIMARY KEY, words TEXT)')
  const insert = db.prepare('INSERT INTO moved (words) VALUES (?)')
  db.transaction(() => {
    for (let row = 0; row < 500; row++) insert.run(`a row with ${number} that stood elsewhere`)
  })()
  db.exec('DELETE FROM moved WHERE row > 5; DELETE FROM moved; DROP TABLE moved')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

describe('whoever was erased since the backup', () => {
  const STORES = ['contacts.db', 'directory.db']

  test('is in no file, also where SQLite had left copies of a row of theirs', async () => {
    const [lists, only] = [at('lists'), at('forgotten')]
    mkdirSync(lists)
    await listsIn(lists)
    for (const name of STORES) leaveCopies(path.join(lists, name), LISTED)
    await backUp(lists, backup)
    eraseIn(lists, [LISTED])
    // A store that forgets overwrites its rows, and no copies of them.
    cpSync(lists, only, { recursive: true })
    for (const open of [openContacts, openDirectory]) await open({ folder: only }).close()
    expect(filesWith(only, [LISTED])).toEqual(STORES)

    expect(await restoring({ folder: lists })).toMatchObject({ erasures: 1 })
    expect(filesWith(lists, [LISTED])).toEqual([])
    expect(filesWith(lists, [BESIDE])).toEqual(STORES)
  }, 60_000)

  test('by a list kept beside the backups, where the data folder is lost: in lists, in the directory, and in a call', async () => {
    const { number } = personIn(data)
    await listsIn(data)
    await backUp(data, backup)
    eraseIn(data, [LISTED, number])
    cpSync(erasureListPath(data), at('list'))
    const folder = at('elsewhere')
    expect(await restoring({ folder, replace: false })).toMatchObject({ erasures: 0 })
    expect(filesWith(folder, [LISTED]).sort()).toEqual(STORES)
    rmSync(folder, { recursive: true })
    expect(await restoring({ folder, replace: false, erasures: at('list') })).toMatchObject({ erasures: 2 })
    expect([filesWith(folder, [LISTED]), filesWith(folder, [number])]).toEqual([[], []])
    expect(filesWith(folder, [BESIDE])).toEqual(STORES)
    expect(checkFolder({ folder }).disagreement).toBeNull()
    rmSync(folder, { recursive: true })
  }, 60_000)
})

const modeOf = (place: string): string => (statSync(place).mode & 0o777).toString(8)
/** One bit of the byte in its middle is another. */
const flipped = (file: string): Buffer => {
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  return bytes
}
const inFile = (file: string, sql: string): void => {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}
const manifest = () => JSON.parse(readFileSync(path.join(backup, MANIFEST), 'utf8'))
/** As whoever makes another backup of it would write it. */
const rewritten = (change: object, made: object = {}): void => {
  const { sum, format, program, schemas, ...rest } = { ...manifest(), ...change }
  writeFileSync(path.join(backup, MANIFEST), JSON.stringify(manifestOf(rest, made)))
}
/** Of parts that were changed, the manifest tells as if they had always been so. */
const blessed = async (): Promise<void> =>
  rewritten({ parts: await Promise.all(manifest().parts.map(({ name }: Part) => partOf(backup, name))) })

describe('nothing is replaced', () => {
  beforeEach(async () => void (await backUp(data, backup)))

  test.each(['journal.db', 'persons.key', 'erasures.list', 'solution.version'])(
    'where %s of the backup changes after it was read',
    async (name) => {
      const [before, file, folder] = [contentsOf(data), path.join(backup, name), data]
      const changed = flipped(file)
      let asked = 0
      const given: Restoring = {
        ...{ folder, replace: true, log: () => undefined },
        // Asked for to read it, and again to copy it.
        get backup() {
          asked += 1
          if (asked === 2) writeFileSync(file, changed)
          return backup
        },
      }
      await expect(restore(given)).rejects.toThrow(`the backup is not whole: ${name} is not as it was written`)
      expect(contentsOf(folder)).toEqual(before)
    },
  )

  test('and no folder made, where a byte of the backup is another: all of it is read first', async () => {
    writeFileSync(path.join(backup, 'journal.db'), flipped(path.join(backup, 'journal.db')))
    await expect(restoring({ folder: at('nowhere') })).rejects.toThrow('journal.db is not as it was written')
    expect(existsSync(at('nowhere'))).toBe(false)
  })

  test.each<[string, () => void, RegExp]>([
    [
      'another key than its solution has',
      () => writeFileSync(path.join(backup, 'persons.key'), Buffer.alloc(32, 7)),
      /^the backup is not sound: persons\.key: it is not the key of this solution$/,
    ],
    [
      'a snapshot that is not as it was written',
      () => inFile(path.join(backup, 'journal.db'), `UPDATE snapshots SET state = replace(state, '"agents"', '"agentz"')`),
      /^the backup is not sound: journal\.db: the snapshot is not as it was written$/,
    ],
    [
      'a note that is another',
      () => inFile(path.join(backup, 'journal.db'), `UPDATE texts SET text = 'ask for Else' WHERE kind = 'note'`),
      /^the backup is not sound: journal\.db: row \d+ of texts is not as it was written$/,
    ],
    [
      'a fact that is no fact',
      () => writeFileSync(path.join(backup, 'journal.db'), 'hej\n'.repeat(2_000)),
      /^the backup is not sound: journal\.db: it cannot be read: file is not a database$/,
    ],
    [
      'a table that is none of ours',
      () => inFile(path.join(backup, 'journal.db'), 'CREATE TABLE more (a)'),
      /^the backup is not sound: journal\.db: a table is described by other words than ours: table more$/,
    ],
  ])('where it holds %s, whatever its manifest tells', async (_name, harm, line) => {
    harm()
    for (const log of ['-wal', '-shm']) rmSync(path.join(backup, `journal.db${log}`), { force: true })
    await blessed()
    const before = contentsOf(data)
    const folder = at('elsewhere')
    await expect(restoring({ folder })).rejects.toThrow(line)
    expect(filesIn(folder).filter((file) => !file.endsWith('lock.db'))).toEqual([])
    expect(contentsOf(data)).toEqual(before)
    rmSync(folder, { recursive: true })
  })

  test('while somebody has the folder; whoever restored, or could not, has it no more', async () => {
    const lock = holdFolder(data)
    await expect(restoring()).rejects.toThrow(/^another process has the data folder/)
    lock.release()
    rmSync(path.join(backup, 'erasures.list'))
    await expect(restoring()).rejects.toThrow('erasures.list is missing')
    holdFolder(data).release()
    cpSync(path.join(whole, 'erasures.list'), path.join(backup, 'erasures.list'))
    await restoring()
    holdFolder(data).release()
  }, 60_000)

  test.each(['contacts.db', 'directory.db', 'accounts.db'])('without --replace, also where only %s is there', async (name) => {
    const folder = at('begun')
    mkdirSync(folder)
    for (const open of [openContacts, openDirectory, openAccounts]) await open({ folder }).close()
    for (const other of readdirSync(folder)) if (other !== name) rmSync(path.join(folder, other))
    await expect(restoring({ folder, replace: false })).rejects.toThrow(/^there are data in \S+begun: with --replace/)
    expect(await restoring({ folder })).toMatchObject({ lost: 0, calls: 16 })
    rmSync(folder, { recursive: true })
  })

  test('where the key of the folder is lost and its journal does not tell whose it is', async () => {
    rmSync(path.join(data, 'persons.key'))
    inFile(path.join(data, 'journal.db'), 'UPDATE persons SET number = NULL, hash = NULL')
    const before = contentsOf(data)
    const line =
      /^of which solution the data folder .* cannot be told, .*: nothing is replaced; restore into an empty folder with --erasures \S+erasures\.list$/
    await expect(restoring()).rejects.toThrow(line)
    expect(contentsOf(data)).toEqual(before)
    writeFileSync(path.join(data, 'journal.db'), 'hej\n'.repeat(2_000))
    rmSync(erasureListPath(data))
    await expect(restoring()).rejects.toThrow(/restore into an empty folder$/)
    expect(existsSync(path.join(data, 'persons.key'))).toBe(false)
  })

  test('where the key of the folder is lost, and the numbers of its journal are those of another solution', async () => {
    const other = at('other')
    keep(other, await playedOf('campaign-two-with-the-same-agents'))
    rmSync(path.join(other, 'persons.key'))
    await expect(restoring({ folder: other })).rejects.toThrow(/^the backup is of another solution than .*by the numbers in its journal/)
    rmSync(other, { recursive: true })
  })
})

test('a folder whose key is lost, and the numbers of whose journal are the backup’s, is given its key again', async () => {
  await backUp(data, backup)
  rmSync(path.join(data, 'persons.key'))
  await expect(restoring({ replace: false })).rejects.toThrow(/with --replace the backup takes their place/)
  expect(await restoring()).toMatchObject({ lost: 0, calls: 16 })
  expect(checkFolder({ folder: data }).disagreement).toBeNull()
}, 60_000)

describe('restored', () => {
  test('over a journal that is damaged, for that is what it is for', async () => {
    await backUp(data, backup)
    writeFileSync(path.join(data, 'journal.db'), 'hej\n'.repeat(2_000))
    expect(await restoring()).toMatchObject({ lost: 0, calls: 16 })
    expect(checkFolder({ folder: data }).disagreement).toBeNull()
  }, 60_000)

  test('it tells how many facts came after it, and none where it goes further', async () => {
    await backUp(data, backup)
    const journal = openSqliteJournal({ folder: data })
    const { position } = await journal.open()
    const facts = [1, 2].map((more) => ({ position: position + more, at: LATER, fact: { type: 'engine.started' } as const }))
    await journal.append(position, { facts })
    await journal.close()
    const further = at('further')
    await backUp(data, further)
    const { lost } = await restoring()
    expect(lost).toBe(2)
    expect(await restoring({ backup: further })).toMatchObject({ lost: 0 })
  }, 60_000)

  test('of an earlier program, also where one of its numbers is the larger', async () => {
    await backUp(data, backup)
    const [major = 0, minor = 0] = programVersion().split('.').map(Number)
    expect(manifest().program).toBe(programVersion())
    rewritten({}, { program: minor > 0 ? `${major}.${minor - 1}.99` : `${major - 1}.99.99` })
    expect(await restoring()).toMatchObject({ calls: 16 })
  }, 60_000)

  test('nobody is signed in, and every user is there', async () => {
    const accounts = openAccounts({ folder: data })
    const sara = { name: 'sara', displayName: 'Sara', role: 'administrator', agentId: null, queues: null, passwordHash: '-' } as const
    await accounts.addUser(sara)
    await accounts.startSession({ tokenHash: 't1', user: 'sara', createdAt: T0, seenAt: T0, expiresAt: LATER })
    await accounts.close()
    await backUp(data, backup)
    await restoring()
    const again = openAccounts({ folder: data })
    expect([(await again.user('sara'))?.name, await again.sessions('sara', T0)]).toEqual(['sara', []])
    await again.close()
  }, 60_000)

  test('only its owner can read it, while it is made ready and afterwards', async () => {
    await backUp(data, backup)
    for (const name of filesIn(backup)) chmodSync(name, 0o644)
    const folder = at('elsewhere')
    const modes = (within: string): string[] => manifest().parts.map(({ name }: Part) => modeOf(path.join(within, name)))
    const seen: unknown[] = []
    await restore({
      ...{ backup, replace: true, log: () => undefined },
      // Asked for again when the copies are made.
      get folder() {
        const staging = path.join(folder, 'restore.new')
        if (existsSync(path.join(staging, 'solution.version'))) seen.push([modeOf(staging), new Set(modes(staging))])
        return folder
      },
    })
    expect(seen[0]).toEqual(['700', new Set(['600'])])
    expect([modeOf(folder), new Set(modes(folder))]).toEqual(['700', new Set(['600'])])
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('the audit log that is here goes on, with what was not brought into its file, and none of the backup’s', async () => {
    await auditCommand(data, 'before.backup')
    await backUp(data, backup)
    const audit = openAudit({ folder: data })
    await audit.write(byCommandLine('since.backup'))
    // A process that was killed leaves its log.
    const folder = at('killed')
    cpSync(data, folder, { recursive: true })
    await audit.close()
    expect(statSync(path.join(folder, 'audit.db-wal')).size).toBeGreaterThan(0)
    await restoring({ folder })
    const db = new Database(path.join(folder, 'audit.db'), { readonly: true })
    expect(db.prepare('SELECT what FROM audit ORDER BY 1').pluck().all()).toEqual(['before.backup', 'since.backup'])
    db.close()
    rmSync(folder, { recursive: true })
  }, 60_000)
})

describe('passwords of phones', () => {
  const phones = (folder: string) => path.join(folder, 'asterisk', 'samtal.json')
  const textIn = (folder: string) => readFileSync(phones(folder), 'utf8')
  beforeEach(async () => {
    mkdirSync(path.join(data, 'asterisk'))
    writeFileSync(phones(data), '{"backup":1}')
    await backUp(data, backup)
  })

  test('are in a backup, for its owner alone, and put where there are none', async () => {
    const kept = (folder: string) => [textIn(folder), modeOf(phones(folder)), modeOf(path.join(folder, 'asterisk'))]
    expect(kept(backup)).toEqual(['{"backup":1}', '600', '700'])
    rmSync(path.join(data, 'asterisk'), { recursive: true })
    await restoring()
    expect(kept(data)).toEqual(['{"backup":1}', '600', '700'])
    expect(readdirSync(path.join(data, 'asterisk'))).toEqual(['samtal.json'])
  }, 60_000)

  test('stay where an Asterisk has others by now', async () => {
    writeFileSync(phones(data), '{"here":1}')
    await restoring()
    expect(textIn(data)).toBe('{"here":1}')
  }, 60_000)
})
