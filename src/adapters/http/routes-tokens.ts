/** Tokens for programs: made, seen and withdrawn by administrators. */
import type { TokenRow } from '#ports/accounts.ts'
import { ById } from '#wire/requests.ts'
import { CreatedToken, CreateToken, TOKEN_SCOPES, Tokens, type Token as WireToken } from '#wire/tokens.ts'
import { refused } from './problems.ts'
import { ADMINISTRATORS, type Route, route } from './route.ts'

const YEAR_MS = 365 * 86_400_000
const iso = (at: number): string => new Date(at).toISOString()
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

const wireOf = (token: TokenRow, nameOf: (user: string) => string): WireToken => ({
  id: token.id,
  name: token.name,
  scopes: TOKEN_SCOPES.filter((scope) => token.scopes.includes(scope)),
  createdAt: iso(token.createdAt),
  createdBy: nameOf(token.createdBy),
  endsAt: iso(token.endsAt),
  withdrawnAt: isoOrNull(token.withdrawnAt),
  usedAt: isoOrNull(token.usedAt),
})

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/tokens',
    summary: 'Tokens of programs, those withdrawn and ended too',
    audit: { what: 'tokens.read', as: 'look' },
    roles: ADMINISTRATORS,
    answer: { status: 200, schema: Tokens },
    refuses: [],
    handle: async ({ deps, users }) => {
      const names = await users.names()
      return { items: (await deps.accounts.tokens()).map((token) => wireOf(token, (user) => names.get(user) ?? user)) }
    },
  }),
  route({
    method: 'POST',
    path: '/tokens',
    summary: 'A new token for a program; its secret is shown this once and kept nowhere',
    audit: { what: 'token.created', as: 'change' },
    roles: ADMINISTRATORS,
    body: CreateToken,
    answer: { status: 201, schema: CreatedToken },
    refuses: ['token.endsAt', 'token.made'],
    repeat: () => {
      throw refused('token.made')
    },
    handle: async ({ deps, tokens, users, body, note }, caller) => {
      const now = deps.clock.now()
      const endsAt = body.endsAt === undefined ? now + YEAR_MS : Date.parse(body.endsAt)
      if (endsAt <= now || endsAt > now + 2 * YEAR_MS + 86_400_000) throw refused('token.endsAt', { field: 'endsAt' })
      const asked = { name: body.name.trim(), scopes: body.scopes, endsAt, createdBy: caller.user.name }
      const { token, secret } = await tokens.create(asked, caller.once)
      users.forget()
      note({ on: [{ kind: 'token', id: token.id }], details: { scopes: token.scopes, endsAt: iso(endsAt) } })
      return { ...wireOf(token, () => caller.user.displayName), secret }
    },
  }),
  route({
    method: 'DELETE',
    path: '/tokens/:id',
    summary: 'Withdraw a token: from now on it is refused',
    audit: { what: 'token.withdrawn', as: 'work' },
    roles: ADMINISTRATORS,
    params: ById,
    answer: { status: 204 },
    refuses: ['token.unknown'],
    handle: async ({ deps, params }) => {
      if (!(await deps.accounts.withdrawToken(params.id, deps.clock.now()))) throw refused('token.unknown')
    },
  }),
]
