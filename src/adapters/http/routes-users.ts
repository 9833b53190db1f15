/** Accounts of people: made, changed, disabled, given a new password, signed out. By administrators, who see nobody's own password. */
import type { Static } from 'typebox'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Account, AccountChange, User } from '#ports/accounts.ts'
import { ById } from '#wire/requests.ts'
import { SessionsEnded } from '#wire/session.ts'
import { ChangeUser, CreateUser, User as UserSchema, Users, UserWithPassword, type User as WireUser } from '#wire/users.ts'
import { hashPassword, temporaryPassword } from './passwords.ts'
import { refused } from './problems.ts'
import { ADMINISTRATORS, type Exchange, type Route, route, type Server } from './route.ts'

/** A password somebody else has seen signs in for so long, to be changed. */
const TEMPORARY_MS: Ms = 3 * 24 * 3_600_000

const isoOrNull = (at: Ms | null): string | null => (at === null ? null : new Date(at).toISOString())

const wireOf = ({ name, displayName, subject, ...account }: Account): WireUser => ({
  id: name,
  name: displayName,
  role: account.role,
  agentId: account.agentId,
  queues: account.queues === null ? null : [...account.queues],
  disabledAt: isoOrNull(account.disabledAt),
  temporaryUntil: isoOrNull(account.temporaryUntil),
  linked: subject !== null,
  signedInAt: isoOrNull(account.signedInAt),
  revision: account.revision,
})

async function accountOf({ deps }: Pick<Server, 'deps'>, id: string): Promise<Account> {
  const found = (await deps.accounts.accounts()).find(({ name }) => name.toLowerCase() === id.toLowerCase())
  if (found === undefined) throw refused('user.unknown')
  return found
}

/** Refuses an agent or a queue there is none of: a slip would show somebody nothing, or too much when it is made later. */
function holdToSolution({ deps }: Pick<Server, 'deps'>, { role, agentId, queues }: Pick<User, 'role' | 'agentId' | 'queues'>): void {
  const solution = deps.engine.solution()
  if (agentId !== null && solution.agents[agentId] === undefined) throw refused('user.agent', { field: 'agentId' })
  if (queues === null) return
  const known = (id: string): boolean =>
    role === 'campaignManager'
      ? deps.campaigns.campaign(id) !== undefined
      : solution.queues[id] !== undefined || deps.campaigns.campaign(id) !== undefined
  if (!queues.every(known)) throw refused('user.queues', { field: 'queues' })
}

/** Writes a change, and ends what was open by the rights of before. */
async function change({ deps, hub, users }: Server, name: string, change: AccountChange, revision?: number): Promise<void> {
  const answer = await deps.accounts.changeUser(name, change, revision)
  if (answer === 'unknown') throw refused('user.unknown')
  if (answer === 'changedSince') throw refused('user.changed', { field: 'revision' })
  if (answer === 'lastAdministrator') throw refused('user.lastAdministrator')
  await hub.endOver(name)
  users.forget()
}

/** A new password, shown once: its owner has to choose another. */
async function withPassword(asked: Exchange, name: string): Promise<UserWithPassword> {
  const password = temporaryPassword()
  await asked.deps.accounts.setPassword(name, await hashPassword(password), asked.deps.clock.now() + TEMPORARY_MS)
  asked.hub.endUser(name)
  return { ...wireOf(await accountOf(asked, name)), password }
}

/** A password is kept nowhere, so it cannot be told again; another one would make the first of no use. */
const toldOnce = (): never => {
  throw refused('user.made')
}

/** Somebody else may have changed it since. */
const asItIs = async (exchange: Exchange): Promise<WireUser> =>
  wireOf(await accountOf(exchange, (exchange.request.params as Static<typeof ById>).id))

const editing: readonly Route[] = [
  route({
    method: 'GET',
    path: '/users',
    summary: 'Everybody who has an account, the disabled too',
    audit: { what: 'users.read', as: 'look' },
    roles: ADMINISTRATORS,
    answer: { status: 200, schema: Users },
    refuses: [],
    handle: async ({ deps }) => ({ items: (await deps.accounts.accounts()).map(wireOf) }),
  }),
  route({
    method: 'POST',
    path: '/users',
    summary: 'A new account, with a temporary password that is shown this once',
    audit: { what: 'user.added', as: 'change' },
    roles: ADMINISTRATORS,
    body: CreateUser,
    answer: { status: 201, schema: UserWithPassword },
    refuses: ['user.taken', 'user.agent', 'user.queues', 'user.made'],
    repeat: toldOnce,
    handle: async (asked) => {
      const { deps, users, body, note } = asked
      const { id, name, role, agentId = null, queues = null } = body
      note({ on: [{ kind: 'user', id }], details: { role, ...(queues !== null && { queues }) } })
      const user = { name: id, displayName: name.trim(), role, agentId, queues }
      holdToSolution(asked, user)
      const password = temporaryPassword()
      const temporaryUntil = deps.clock.now() + TEMPORARY_MS
      if (!(await deps.accounts.addUser({ ...user, passwordHash: await hashPassword(password), temporaryUntil })))
        throw refused('user.taken', { field: 'id' })
      users.forget()
      return { ...wireOf(await accountOf(asked, id)), password }
    },
  }),
  route({
    method: 'PATCH',
    path: '/users/:id',
    summary:
      'Change an account; what is left out stays, another role, agent or queues sign it out everywhere. With its revision: only over what was read',
    audit: { what: 'user.changed', as: 'change' },
    roles: ADMINISTRATORS,
    params: ById,
    body: ChangeUser,
    answer: { status: 200, schema: UserSchema },
    refuses: ['user.unknown', 'user.changed', 'user.lastAdministrator', 'user.agent', 'user.queues'],
    handle: async (asked) => {
      const { params, body, note } = asked
      const { name, revision, ...rights } = body
      const fields = Object.keys(body).filter((field) => field !== 'revision')
      note({ details: { fields, ...(body.role !== undefined && { role: body.role }) } })
      const before = await accountOf(asked, params.id)
      holdToSolution(asked, { ...before, ...rights })
      await change(asked, before.name, { ...rights, ...(name !== undefined && { displayName: name.trim() }) }, revision)
      return wireOf(await accountOf(asked, before.name))
    },
  }),
]

const keys: readonly Route[] = [
  route({
    method: 'POST',
    path: '/users/:id/password',
    summary: 'Give an account a temporary password, shown this once; its sessions end',
    audit: { what: 'user.passwordReset', as: 'change' },
    roles: ADMINISTRATORS,
    params: ById,
    answer: { status: 200, schema: UserWithPassword },
    refuses: ['user.unknown', 'user.made'],
    repeat: toldOnce,
    handle: async (asked) => withPassword(asked, (await accountOf(asked, asked.params.id)).name),
  }),
  route({
    method: 'POST',
    path: '/users/:id/disable',
    summary: 'Let an account sign in no more; its sessions end at once',
    // Never refused for want of a log: somebody who must be kept out is kept out.
    audit: { what: 'user.disabled', as: 'work' },
    roles: ADMINISTRATORS,
    params: ById,
    answer: { status: 200, schema: UserSchema },
    refuses: ['user.unknown', 'user.lastAdministrator'],
    repeat: asItIs,
    handle: async (asked) => {
      const { name } = await accountOf(asked, asked.params.id)
      await change(asked, name, { disabledAt: asked.deps.clock.now() })
      return wireOf(await accountOf(asked, name))
    },
  }),
  route({
    method: 'POST',
    path: '/users/:id/enable',
    summary: 'Let a disabled account sign in again',
    audit: { what: 'user.enabled', as: 'change' },
    roles: ADMINISTRATORS,
    params: ById,
    answer: { status: 200, schema: UserSchema },
    refuses: ['user.unknown'],
    repeat: asItIs,
    handle: async (asked) => {
      const { name } = await accountOf(asked, asked.params.id)
      await change(asked, name, { disabledAt: null })
      return wireOf(await accountOf(asked, name))
    },
  }),
  route({
    method: 'POST',
    path: '/users/:id/sign-out',
    summary: 'Sign an account out everywhere',
    audit: { what: 'user.signedOut', as: 'work' },
    roles: ADMINISTRATORS,
    params: ById,
    answer: { status: 200, schema: SessionsEnded },
    refuses: ['user.unknown'],
    // Whoever has signed in since was not meant.
    repeat: () => ({ ended: 0 }),
    handle: async (asked) => {
      const { deps, hub, note } = asked
      const { name } = await accountOf(asked, asked.params.id)
      const ended = await deps.accounts.endSessions(name, null)
      hub.endUser(name)
      note({ details: { ended } })
      return { ended }
    },
  }),
]

export const userRoutes: readonly Route[] = [...editing, ...keys]
