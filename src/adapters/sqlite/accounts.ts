/** Accounts in SQLite, `accounts.db` in the data folder, kept by a thread of their own. Several processes may have it open. */
import { mkdirSync } from 'node:fs'
import type { Accounts } from '#ports/accounts.ts'
import type { AccountsOps } from './accounts.worker.ts'
import { WorkerClient } from './rpc.ts'

/** To be closed by whoever opened it. */
export const openAccounts = ({ folder }: { readonly folder: string }): Accounts => {
  mkdirSync(folder, { recursive: true })
  const worker = new WorkerClient<AccountsOps>('accounts', new URL('./accounts.worker.ts', import.meta.url), { folder })
  return {
    user: (name) => worker.ask('user', name),
    users: () => worker.ask('users', null),
    accounts: () => worker.ask('accounts', null),
    addUser: (user) => worker.ask('addUser', user),
    changeUser: (name, change, revision) => worker.ask('changeUser', { name, change, revision: revision ?? null }),
    setPassword: (name, passwordHash, temporaryUntil = null) => worker.ask('setPassword', { name, passwordHash, temporaryUntil }),
    rehash: (name, from, to) => worker.ask('rehash', { name, from, to }),
    userOfSubject: (subject) => worker.ask('userOfSubject', subject),
    linkSubject: (name, subject) => worker.ask('linkSubject', { name, subject }),
    startSession: (session) => worker.ask('startSession', session),
    session: (tokenHash, now) => worker.ask('session', { tokenHash, now }),
    sessions: (user, now) => worker.ask('sessions', { user, now }),
    touchSession: (tokenHash, seenAt, expiresAt) => worker.ask('touchSession', { tokenHash, seenAt, expiresAt }),
    endSession: (tokenHash) => worker.ask('endSession', tokenHash),
    endSessions: (user, but) => worker.ask('endSessions', { user, but }),
    knowDevice: (user, deviceHash, at) => worker.ask('knowDevice', { user, deviceHash, at }),
    knowsDevice: (user, deviceHash) => worker.ask('knowsDevice', { user, deviceHash }),
    addToken: (token, tokenHash) => worker.ask('addToken', { token, tokenHash }),
    tokens: () => worker.ask('tokens', null),
    token: (tokenHash, now) => worker.ask('token', { tokenHash, now }),
    touchToken: (id, usedAt) => worker.ask('touchToken', { id, usedAt }),
    withdrawToken: (id, at) => worker.ask('withdrawToken', { id, at }),
    keepKey: (used) => worker.ask('keepKey', used),
    keyUsed: (key) => worker.ask('keyUsed', key),
    close: () => worker.close('close', null),
  }
}
