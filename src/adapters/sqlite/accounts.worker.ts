/** The accounts' thread: writing down who signed in waits for the disk here, and nowhere else. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type Ms } from '#core/kernel/kernel.ts'
import type {
  Account,
  AccountChange,
  FoundSession,
  KeyUsed,
  SessionRow,
  TokenRow,
  User,
  UserChanged,
  UserWithPassword,
} from '#ports/accounts.ts'
import { AccountsFile } from './accounts-file.ts'
import { serve } from './rpc.ts'

export interface AccountsOps {
  user(name: string): UserWithPassword | null
  users(arg: null): User[]
  accounts(arg: null): Account[]
  addUser(user: UserWithPassword): boolean
  changeUser(arg: { readonly name: string; readonly change: AccountChange; readonly revision: number | null }): UserChanged
  setPassword(arg: { readonly name: string; readonly passwordHash: string; readonly temporaryUntil: Ms | null }): boolean
  rehash(arg: { readonly name: string; readonly from: string; readonly to: string }): void
  userOfSubject(subject: string): User | null
  linkSubject(arg: { readonly name: string; readonly subject: string }): boolean
  startSession(session: SessionRow): void
  session(arg: { readonly tokenHash: string; readonly now: Ms }): FoundSession | null
  sessions(arg: { readonly user: string; readonly now: Ms }): SessionRow[]
  touchSession(arg: { readonly tokenHash: string; readonly seenAt: Ms; readonly expiresAt: Ms }): void
  endSession(tokenHash: string): void
  endSessions(arg: { readonly user: string; readonly but: string | null }): number
  knowDevice(arg: { readonly user: string; readonly deviceHash: string; readonly at: Ms }): void
  knowsDevice(arg: { readonly user: string; readonly deviceHash: string }): boolean
  addToken(arg: { readonly token: TokenRow; readonly tokenHash: string }): void
  tokens(arg: null): TokenRow[]
  token(arg: { readonly tokenHash: string; readonly now: Ms }): TokenRow | null
  touchToken(arg: { readonly id: string; readonly usedAt: Ms }): void
  withdrawToken(arg: { readonly id: string; readonly at: Ms }): boolean
  keepKey(used: KeyUsed): void
  keyUsed(key: string): KeyUsed | null
  close(arg: null): void
}

if (parentPort === null) throw new Bug('accounts are kept in a thread of their own')
const file = new AccountsFile((workerData as { readonly folder: string }).folder)

serve<AccountsOps>(parentPort, {
  user: (name) => file.user(name),
  users: () => file.users(),
  accounts: () => file.accounts(),
  addUser: (user) => file.addUser(user),
  changeUser: ({ name, change, revision }) => file.changeUser(name, change, revision),
  setPassword: ({ name, passwordHash, temporaryUntil }) => file.setPassword(name, passwordHash, temporaryUntil),
  rehash: ({ name, from, to }) => file.rehash(name, from, to),
  userOfSubject: (subject) => file.userOfSubject(subject),
  linkSubject: ({ name, subject }) => file.linkSubject(name, subject),
  startSession: (session) => file.startSession(session),
  session: ({ tokenHash, now }) => file.session(tokenHash, now),
  sessions: ({ user, now }) => file.sessions(user, now),
  touchSession: ({ tokenHash, seenAt, expiresAt }) => file.touchSession(tokenHash, seenAt, expiresAt),
  endSession: (tokenHash) => file.endSession(tokenHash),
  endSessions: ({ user, but }) => file.endSessions(user, but),
  knowDevice: ({ user, deviceHash, at }) => file.knowDevice(user, deviceHash, at),
  knowsDevice: ({ user, deviceHash }) => file.knowsDevice(user, deviceHash),
  addToken: ({ token, tokenHash }) => file.tokens.add(token, tokenHash),
  tokens: () => file.tokens.all(),
  token: ({ tokenHash, now }) => file.tokens.find(tokenHash, now),
  touchToken: ({ id, usedAt }) => file.tokens.touch(id, usedAt),
  withdrawToken: ({ id, at }) => file.tokens.withdraw(id, at),
  keepKey: (used) => file.keys.keep(used),
  keyUsed: (key) => file.keys.find(key),
  close: () => file.close(),
})
