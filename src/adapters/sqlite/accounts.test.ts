import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Accounts, SessionRow, TokenRow, UserWithPassword } from '#ports/accounts.ts'
import { openAccounts } from './accounts.ts'

const sara: UserWithPassword = {
  name: 'sara',
  displayName: 'Sara Ström',
  role: 'supervisor',
  agentId: null,
  queues: ['support'],
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
}
const { passwordHash: _, ...saraShown } = sara
const sessionOf = (tokenHash: string, fields: Partial<SessionRow> = {}): SessionRow => ({
  tokenHash,
  user: 'sara',
  createdAt: 1_000,
  seenAt: 1_000,
  expiresAt: 2_000,
  ...fields,
})

describe('accounts', () => {
  let folder: string
  let accounts: Accounts
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-accounts-'))
    accounts = openAccounts({ folder })
    await accounts.addUser(sara)
    await accounts.addUser({ ...sara, name: 'anna', displayName: 'Anna', role: 'agent', agentId: 'anna', queues: null })
  })
  afterAll(async () => {
    await accounts.close()
    rmSync(folder, { recursive: true })
  })

  test('a user is found by name, written large or small; a name is given once', async () => {
    expect(await accounts.user('sara')).toEqual({ ...sara, temporaryUntil: null })
    expect(await accounts.user('SARA')).toEqual({ ...sara, temporaryUntil: null })
    expect(await accounts.user('nobody')).toBeNull()
    expect(await accounts.addUser({ ...sara, name: 'Sara', displayName: 'Another' })).toBe(false)
    expect((await accounts.user('sara'))?.displayName).toBe('Sara Ström')
    expect((await accounts.users()).map((user) => user.name)).toEqual(['anna', 'sara'])
    expect(await accounts.users()).toContainEqual(saraShown)
  })

  test('a session holds until it expires, is prolonged, and ends', async () => {
    await accounts.startSession(sessionOf('t1'))
    expect(await accounts.session('t1', 1_999)).toEqual({ session: sessionOf('t1'), user: saraShown, temporary: false, linked: false })
    expect(await accounts.session('t1', 2_000)).toBeNull()
    expect(await accounts.session('t2', 1_000)).toBeNull()
    await accounts.touchSession('t1', 1_500, 3_000)
    expect((await accounts.session('t1', 2_500))?.session).toMatchObject({ seenAt: 1_500, expiresAt: 3_000 })
    await accounts.endSession('t1')
    expect(await accounts.session('t1', 1_000)).toBeNull()
  })

  test('a session of nobody is refused', async () => {
    await expect(accounts.startSession(sessionOf('t3', { user: 'nobody' }))).rejects.toMatchObject({ port: 'accounts', retry: false })
  })

  test('a new password ends every session of the user, and no other', async () => {
    await accounts.startSession(sessionOf('t4'))
    await accounts.startSession(sessionOf('t5', { user: 'anna' }))
    expect(await accounts.setPassword('sara', '$argon2id$new')).toBe(true)
    expect((await accounts.user('sara'))?.passwordHash).toBe('$argon2id$new')
    expect(await accounts.session('t4', 1_000)).toBeNull()
    expect(await accounts.session('t5', 1_000)).not.toBeNull()
    expect(await accounts.setPassword('nobody', '$argon2id$new')).toBe(false)
  })

  test('a user is changed, disabled and let in again; sessions end where rights change; one administrator always is', async () => {
    await accounts.addUser({ ...sara, name: 'adam', role: 'administrator', queues: null, temporaryUntil: 5_000 })
    await accounts.startSession(sessionOf('a1', { user: 'adam' }))
    expect(await accounts.changeUser('ADAM', { displayName: 'Adam' })).toBe('changed')
    expect(await accounts.session('a1', 1_000)).toMatchObject({ user: { displayName: 'Adam' }, temporary: true })
    expect(await accounts.changeUser('adam', { role: 'agent' })).toBe('lastAdministrator')
    await accounts.addUser({ ...sara, name: 'ada', role: 'administrator', queues: null })
    expect(await accounts.changeUser('adam', { disabledAt: 3_000 })).toBe('changed')
    expect([await accounts.user('adam'), await accounts.session('a1', 1_000)]).toEqual([null, null])
    expect(await accounts.changeUser('ada', { disabledAt: 3_000 })).toBe('lastAdministrator')
    expect((await accounts.accounts()).find(({ name }) => name === 'adam')).toMatchObject({
      disabledAt: 3_000,
      temporaryUntil: 5_000,
      subject: null,
      signedInAt: 1_000,
    })
    expect(await accounts.changeUser('adam', { disabledAt: null, role: 'supervisor', queues: ['sales'], agentId: 'a' })).toBe('changed')
    expect(await accounts.user('adam')).toMatchObject({ role: 'supervisor', queues: ['sales'], agentId: 'a' })
    expect(await accounts.changeUser('nobody', {})).toBe('unknown')
  })

  test('an account somebody else has changed since it was read is left as it is; being disabled or signed in is no such change', async () => {
    await accounts.addUser({ ...sara, name: 'rita' })
    const rita = async () => (await accounts.accounts()).find(({ name }) => name === 'rita')
    expect(await rita()).toMatchObject({ revision: 1 })
    expect(await accounts.changeUser('rita', { role: 'agent' }, 1)).toBe('changed')
    expect(await accounts.changeUser('rita', { role: 'administrator' }, 1)).toBe('changedSince')
    expect(await accounts.changeUser('rita', { disabledAt: 3_000 }, 2)).toBe('changed')
    await accounts.changeUser('rita', { disabledAt: null })
    await accounts.startSession(sessionOf('rita1', { user: 'rita' }))
    expect(await rita()).toMatchObject({ role: 'agent', revision: 2 })
    expect(await accounts.changeUser('rita', { disabledAt: null, displayName: 'Rita' }, 2)).toBe('changed')
    expect(await rita()).toMatchObject({ displayName: 'Rita', revision: 3 })
  })

  test('sessions of a user are told, and end together, but for one', async () => {
    for (const [hash, seenAt] of [
      ['b1', 1_100],
      ['b2', 1_200],
      ['b3', 1_050],
    ] as const)
      await accounts.startSession(sessionOf(hash, { user: 'ada', seenAt }))
    expect((await accounts.sessions('ada', 1_500)).map(({ tokenHash }) => tokenHash)).toEqual(['b2', 'b1', 'b3'])
    expect(await accounts.sessions('ada', 2_000)).toEqual([])
    expect(await accounts.endSessions('ada', 'b1')).toBe(2)
    expect((await accounts.sessions('ada', 1_500)).map(({ tokenHash }) => tokenHash)).toEqual(['b1'])
    expect(await accounts.endSessions('ada', null)).toBe(1)
  })

  test('browsers are known by user, the latest twenty', async () => {
    for (let n = 0; n < 22; n++) await accounts.knowDevice('sara', `d${n}`, n)
    expect(await Promise.all(['d0', 'd1', 'd2', 'd21'].map((hash) => accounts.knowsDevice('sara', hash)))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(await accounts.knowsDevice('anna', 'd21')).toBe(false)
  })

  test('one user is one subject of the provider', async () => {
    expect(await accounts.linkSubject('sara', 'https://id.example|1')).toBe(true)
    expect(await accounts.linkSubject('anna', 'https://id.example|1')).toBe(false)
    expect(await accounts.linkSubject('sara', 'https://id.example|2')).toBe(false)
    expect(await accounts.linkSubject('nobody', 'https://id.example|3')).toBe(false)
    expect((await accounts.userOfSubject('https://id.example|1'))?.name).toBe('sara')
    expect(await accounts.userOfSubject('https://id.example|2')).toBeNull()
  })

  test('a password is hashed anew only where it is still the one that was known', async () => {
    await accounts.startSession(sessionOf('r1', { user: 'ada' }))
    await accounts.rehash('ada', 'another', '$argon2id$later')
    expect((await accounts.user('ada'))?.passwordHash).toBe(sara.passwordHash)
    await accounts.rehash('ada', sara.passwordHash, '$argon2id$later')
    expect((await accounts.user('ada'))?.passwordHash).toBe('$argon2id$later')
    expect(await accounts.session('r1', 1_000)).not.toBeNull()
  })

  test('a token is found by its digest until it ends or is withdrawn, and told newest first', async () => {
    const token: TokenRow = {
      id: 't1',
      name: 'Web form',
      scopes: ['callbacks.order', 'calls.read'],
      createdAt: 1_000,
      createdBy: 'sara',
      endsAt: 2_000,
      withdrawnAt: null,
      usedAt: null,
    }
    await accounts.addToken(token, 'digest1')
    await accounts.addToken({ ...token, id: 't2', createdAt: 1_500 }, 'digest2')
    await expect(accounts.addToken({ ...token, id: 't3' }, 'digest1')).rejects.toMatchObject({ port: 'accounts' })
    expect(await accounts.token('digest1', 1_999)).toEqual(token)
    expect(await accounts.token('digest1', 2_000)).toBeNull()
    expect(await accounts.token('t1', 1_000)).toBeNull()
    await accounts.touchToken('t1', 1_700)
    expect(await accounts.withdrawToken('t2', 1_800)).toBe(true)
    expect(await accounts.withdrawToken('t2', 1_900)).toBe(false)
    expect(await accounts.token('digest2', 1_900)).toBeNull()
    expect(await accounts.tokens()).toEqual([
      { ...token, id: 't2', createdAt: 1_500, withdrawnAt: 1_800 },
      { ...token, usedAt: 1_700 },
    ])
  })

  test('another process, say `samtal user`, may add a user meanwhile, and all is there after a restart', async () => {
    const other = openAccounts({ folder })
    await other.addUser({ ...sara, name: 'bo', displayName: 'Bo' })
    expect((await accounts.user('bo'))?.displayName).toBe('Bo')
    await other.close()
    const again = openAccounts({ folder })
    expect((await again.users()).map((user) => user.name)).toEqual(['ada', 'adam', 'anna', 'bo', 'rita', 'sara'])
    await again.close()
  })

  test.each([
    ['another name', { displayName: 'Rut R' }, true],
    [
      'the same in whole, as a form writes it',
      { displayName: 'Rut', role: 'supervisor', agentId: 'r', queues: ['sales', 'support'] },
      true,
    ],
    ['the same queues in another order, and not disabled', { queues: ['support', 'sales'], disabledAt: null }, true],
    ['another role', { role: 'administrator' }, false],
    ['another agent', { agentId: 's' }, false],
    ['no agent any more', { agentId: null }, false],
    ['a queue less', { queues: ['sales'] }, false],
    ['a queue more', { queues: ['sales', 'support', 'x'] }, false],
    ['every queue', { queues: null }, false],
    ['being disabled', { disabledAt: 1_100 }, false],
  ] as const)('%s: its sessions go on: %3$s', async (what, change, goOn) => {
    const name = `rut ${what}`
    await accounts.addUser({ ...sara, name, displayName: 'Rut', role: 'supervisor', agentId: 'r', queues: ['sales', 'support'] })
    await accounts.startSession(sessionOf(`of ${name}`, { user: name }))
    expect(await accounts.changeUser(name, change)).toBe('changed')
    // Being let in again brings none back.
    await accounts.changeUser(name, { disabledAt: null })
    expect((await accounts.session(`of ${name}`, 1_000)) !== null).toBe(goOn)
  })
})

test('a file of an earlier version is taken as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-accounts-'))
  const db = new Database(join(folder, 'accounts.db'))
  db.exec(`CREATE TABLE users (name TEXT PRIMARY KEY COLLATE NOCASE, display_name TEXT NOT NULL, role TEXT NOT NULL, agent_id TEXT,
    queues TEXT, password_hash TEXT NOT NULL) STRICT;
    INSERT INTO users VALUES ('sara', 'Sara', 'supervisor', NULL, '["support"]', 'x');
    CREATE TABLE keys (key TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO keys VALUES ('k', 'b', 1);`)
  db.close()
  const accounts = openAccounts({ folder })
  expect(await accounts.accounts()).toEqual([
    { ...saraShown, displayName: 'Sara', disabledAt: null, temporaryUntil: null, subject: null, signedInAt: null, revision: 1 },
  ])
  expect(await accounts.keyUsed('k')).toEqual({ key: 'k', body: 'b', answer: null, at: 1 })
  await accounts.close()
  rmSync(folder, { recursive: true })
})
