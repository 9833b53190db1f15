import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    expect(await accounts.user('sara')).toEqual(sara)
    expect(await accounts.user('SARA')).toEqual(sara)
    expect(await accounts.user('nobody')).toBeNull()
    expect(await accounts.addUser({ ...sara, name: 'Sara', displayName: 'Another' })).toBe(false)
    expect((await accounts.user('sara'))?.displayName).toBe('Sara Ström')
    expect((await accounts.users()).map((user) => user.name)).toEqual(['anna', 'sara'])
    expect(await accounts.users()).toContainEqual(saraShown)
  })

  test('a session holds until it expires, is prolonged, and ends', async () => {
    await accounts.startSession(sessionOf('t1'))
    expect(await accounts.session('t1', 1_999)).toEqual({ session: sessionOf('t1'), user: saraShown })
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
    expect((await again.users()).map((user) => user.name)).toEqual(['anna', 'bo', 'sara'])
    await again.close()
  })
})
