/** The accounts' thread: writing down who signed in waits for the disk here, and nowhere else. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type Ms } from '#core/kernel/kernel.ts'
import type { SessionRow, TokenRow, User, UserWithPassword } from '#ports/accounts.ts'
import { AccountsFile } from './accounts-file.ts'
import { serve } from './rpc.ts'

export interface AccountsOps {
  user(name: string): UserWithPassword | null
  users(arg: null): User[]
  addUser(user: UserWithPassword): boolean
  setPassword(arg: { readonly name: string; readonly passwordHash: string }): boolean
  startSession(session: SessionRow): void
  session(arg: { readonly tokenHash: string; readonly now: Ms }): { session: SessionRow; user: User } | null
  touchSession(arg: { readonly tokenHash: string; readonly seenAt: Ms; readonly expiresAt: Ms }): void
  endSession(tokenHash: string): void
  addToken(arg: { readonly token: TokenRow; readonly tokenHash: string }): void
  tokens(arg: null): TokenRow[]
  token(arg: { readonly tokenHash: string; readonly now: Ms }): TokenRow | null
  touchToken(arg: { readonly id: string; readonly usedAt: Ms }): void
  withdrawToken(arg: { readonly id: string; readonly at: Ms }): boolean
  close(arg: null): void
}

if (parentPort === null) throw new Bug('accounts are kept in a thread of their own')
const file = new AccountsFile((workerData as { readonly folder: string }).folder)

serve<AccountsOps>(parentPort, {
  user: (name) => file.user(name),
  users: () => file.users(),
  addUser: (user) => file.addUser(user),
  setPassword: ({ name, passwordHash }) => file.setPassword(name, passwordHash),
  startSession: (session) => file.startSession(session),
  session: ({ tokenHash, now }) => file.session(tokenHash, now),
  touchSession: ({ tokenHash, seenAt, expiresAt }) => file.touchSession(tokenHash, seenAt, expiresAt),
  endSession: (tokenHash) => file.endSession(tokenHash),
  addToken: ({ token, tokenHash }) => file.addToken(token, tokenHash),
  tokens: () => file.tokens(),
  token: ({ tokenHash, now }) => file.token(tokenHash, now),
  touchToken: ({ id, usedAt }) => file.touchToken(id, usedAt),
  withdrawToken: ({ id, at }) => file.withdrawToken(id, at),
  close: () => file.close(),
})
