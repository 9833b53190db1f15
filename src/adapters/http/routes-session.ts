/** Signing in and out, and who is signed in. */
import type { SessionRow, User } from '#ports/accounts.ts'
import { SignInDemo } from '#wire/requests.ts'
import { BrowserPhone, ChangePassword, DemoUsers, OwnSessions, Session, SessionsEnded, SignIn } from '#wire/session.ts'
import { refused } from './problems.ts'
import { EVERYONE, openRoute, type Route, route, type Server } from './route.ts'
import { ownAddress } from './routes-oidc.ts'
import { namesFor, scopeOf, seesCampaign } from './scope.ts'

async function sessionOf({ deps }: Server, user: User, temporary = false): Promise<Session> {
  const solution = deps.engine.solution()
  const scope = scopeOf(user)
  const { callerId, callerIds, emergencyCalls } = solution.outbound
  const shown = await deps.persons.get([...callerIds, ...(callerId === null ? [] : [callerId])])
  const numberOf = (line: string): string | null => shown.get(line)?.number ?? null
  const { queues, agents } = namesFor(scope, solution, (agentId) => deps.engine.agent(agentId)?.queues ?? [])
  const mayBeGiven = user.agentId === null ? [] : (deps.engine.agent(user.agentId)?.campaigns ?? [])
  const campaigns = deps.campaigns.campaigns().filter(({ id }) => seesCampaign(scope, id) || mayBeGiven.includes(id))
  const { name, zone, language, country, pauseReasons } = solution
  return {
    user: user.name,
    ...(temporary && { mustChangePassword: true }),
    name: user.displayName,
    role: user.role,
    agentId: user.agentId,
    solution: {
      name,
      zone,
      language,
      country,
      queues,
      agents,
      campaigns: campaigns.map(({ id, settings }) => ({ id, name: settings.name })),
      pauseReasons: [...pauseReasons],
      callerId: callerId === null ? null : numberOf(callerId),
      callerIds: callerIds.flatMap((line) => {
        const number = numberOf(line)
        return number === null ? [] : [{ number, name: solution.lines[line]?.name ?? number }]
      }),
      emergencyCalls,
    },
  }
}

/** Named by the beginning of its digest: enough to tell it from others, and nothing one could sign in with. */
const shownSession = ({ tokenHash, createdAt, seenAt, expiresAt }: SessionRow, current: string) => ({
  id: tokenHash.slice(0, 12),
  current: tokenHash === current,
  createdAt: new Date(createdAt).toISOString(),
  seenAt: new Date(seenAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
})

export const sessionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and the names of the solution',
    temporary: true,
    audit: { nothing: 'one’s own name, and the names of the solution' },
    roles: EVERYONE,
    answer: { status: 200, schema: Session },
    refuses: [],
    handle: async (asked, { user, temporary, linked }) => {
      const session = await sessionOf(asked, user, temporary)
      const signOutUrl = linked ? await asked.deps.signInProvider?.provider.signOutUrl(`${ownAddress(asked.request)}/`) : null
      return signOutUrl == null ? session : { ...session, signOutUrl }
    },
  }),
  route({
    method: 'GET',
    path: '/session/phone',
    summary: 'What the phone in the browser of who is signed in registers with',
    audit: { nothing: 'one’s own telephone' },
    roles: EVERYONE,
    answer: { status: 200, schema: BrowserPhone },
    refuses: ['session.noDesk'],
    handle: async ({ deps }, { user }) => {
      if (user.agentId === null) throw refused('session.noDesk')
      return { phone: deps.deskPhone(user.agentId) }
    },
  }),
  openRoute({
    method: 'POST',
    path: '/session',
    summary: 'Sign in with name and password',
    audit: { what: 'session.started', as: 'work' },
    body: SignIn,
    answer: { status: 200, schema: Session },
    refuses: ['session.refused', 'session.tooOften'],
    handle: async (asked) => {
      const { sessions, body, request, reply, note } = asked
      const tried = (name: string) => note({ on: [{ kind: 'user', id: name }] })
      const user = await sessions.signIn(body.user, body.password, { request, reply, tried })
      note({ user })
      return sessionOf(asked, user, user.temporaryUntil != null)
    },
  }),
  route({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    temporary: true,
    audit: { what: 'session.ended', as: 'work' },
    roles: EVERYONE,
    answer: { status: 204 },
    refuses: [],
    handle: async ({ sessions, hub, request, reply }, caller) => {
      await sessions.end(caller, request, reply)
      hub.endSession(caller.tokenHash)
    },
  }),
  route({
    method: 'PUT',
    path: '/session/password',
    summary: 'Choose another password; every session of the account ends, and this browser gets a new one',
    temporary: true,
    audit: { what: 'user.passwordChanged', as: 'change' },
    roles: EVERYONE,
    body: ChangePassword,
    answer: { status: 204 },
    refuses: ['password.wrong', 'password.same', 'password.short', 'password.common', 'password.context', 'session.tooOften'],
    handle: async ({ sessions, hub, body, request, reply, note }, { user }) => {
      note({ on: [{ kind: 'user', id: user.name }] })
      await sessions.changePassword(user, body, { request, reply, tried: () => undefined })
      hub.endUser(user.name)
    },
  }),
  route({
    method: 'GET',
    path: '/session/all',
    summary: 'Where one is signed in: every session of one’s own',
    audit: { nothing: 'one’s own sessions' },
    roles: EVERYONE,
    answer: { status: 200, schema: OwnSessions },
    refuses: [],
    handle: async ({ deps }, { user, tokenHash }) => {
      const rows = await deps.accounts.sessions(user.name, deps.clock.now())
      return { items: rows.map((row) => shownSession(row, tokenHash)) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/session/all',
    summary: 'Sign out everywhere else: every session of one’s own but this ends',
    audit: { what: 'user.signedOutEverywhere', as: 'work' },
    roles: EVERYONE,
    answer: { status: 200, schema: SessionsEnded },
    refuses: [],
    handle: async ({ deps, hub, note }, { user, tokenHash }) => {
      const ended = await deps.accounts.endSessions(user.name, tokenHash)
      hub.endUser(user.name, tokenHash)
      note({ on: [{ kind: 'user', id: user.name }], details: { ended } })
      return { ended }
    },
  }),
  openRoute({
    method: 'GET',
    path: '/session/demo',
    summary: 'Accounts of the demonstration, to be signed in by one click; none anywhere else',
    audit: { nothing: 'names of the demonstration, for anybody at this machine' },
    answer: { status: 200, schema: DemoUsers },
    refuses: [],
    handle: async ({ deps, sessions, request }) => (sessions.demoOffered(request) ? deps.demoUsers : []),
  }),
  openRoute({
    method: 'POST',
    path: '/session/demo',
    summary: 'Sign in as one of the demonstration’s accounts, on this machine only',
    audit: { what: 'session.started', as: 'work' },
    body: SignInDemo,
    answer: { status: 200, schema: Session },
    refuses: ['session.noDemo'],
    handle: async (asked) => {
      const user = await asked.sessions.signInDemo(asked.body.user, asked.request, asked.reply)
      asked.note({ user, details: { demo: true } })
      return sessionOf(asked, user)
    },
  }),
]
