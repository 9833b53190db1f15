/** Asks the server about accounts, tokens and the audit log. */
import type { CreatedToken, Token } from '#wire/tokens.ts'
import type { AuditPage, ChangeUser, CreateUser, User, UserWithPassword } from '#wire/users.ts'
import { ask, BASE } from './api.ts'

const id = encodeURIComponent
const of = (user: string): string => `/users/${id(user)}`

/** As the page's fields hold them; empty ones are left out. */
export interface AuditAsked {
  readonly who?: string
  readonly what?: string
  readonly on?: string
  readonly from?: string
  readonly to?: string
  readonly outcome?: string
}

const queryOf = (asked: object): URLSearchParams =>
  new URLSearchParams(Object.entries(asked).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''))

export const adminApi = {
  users: () => ask<{ readonly items: readonly User[] }>('GET', '/users'),
  createUser: (user: CreateUser) => ask<UserWithPassword>('POST', '/users', user),
  changeUser: (user: string, change: ChangeUser) => ask<User>('PATCH', of(user), change),
  resetPassword: (user: string) => ask<UserWithPassword>('POST', `${of(user)}/password`),
  disable: (user: string) => ask<User>('POST', `${of(user)}/disable`),
  enable: (user: string) => ask<User>('POST', `${of(user)}/enable`),
  signOut: (user: string) => ask<{ readonly ended: number }>('POST', `${of(user)}/sign-out`),

  tokens: () => ask<{ readonly items: readonly Token[] }>('GET', '/tokens'),
  createToken: (token: { readonly name: string; readonly scopes: readonly string[]; readonly endsAt?: string }) =>
    ask<CreatedToken>('POST', '/tokens', token),
  withdrawToken: (tokenId: string) => ask<void>('DELETE', `/tokens/${id(tokenId)}`),

  audit: (asked: AuditAsked, after: string | null) =>
    ask<AuditPage>('GET', `/audit?${queryOf({ ...asked, limit: '50', ...(after !== null && { after }) })}`),
  exportOf: (asked: AuditAsked, format: 'csv' | 'ndjson') =>
    fetch(`${BASE}/audit?${queryOf(asked)}`, {
      credentials: 'same-origin',
      headers: { accept: format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
    }),
}
