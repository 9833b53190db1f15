/** Accounts, tokens and an audit log written by hand, for the pages of administration. */
import type { Token } from '#wire/tokens.ts'
import type { AuditItem, User } from '#wire/users.ts'

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
const ahead = (days: number): string => ago(-days * 86_400)

const user = (id: string, name: string, more: Partial<User> = {}): User => ({
  id,
  name,
  role: 'agent',
  agentId: null,
  queues: null,
  disabledAt: null,
  temporaryUntil: null,
  linked: false,
  signedInAt: ago(5_000),
  revision: 1,
  ...more,
})

const users = (): User[] => [
  user('anna', 'Anna Lindqvist', { agentId: 'anna' }),
  user('bo', 'Bo Sandström', { agentId: 'bo', disabledAt: ago(90_000), signedInAt: ago(900_000) }),
  user('lena', 'Lena Wikström', { role: 'supervisor', queues: ['sales'], linked: true }),
  user('maja', 'Maja Dahlin', { role: 'campaignManager', temporaryUntil: ahead(2), signedInAt: null }),
  user('mikael', 'Mikael Berg', { role: 'administrator' }),
]

const token = (id: string, name: string, more: Partial<Token> = {}): Token => ({
  id,
  name,
  scopes: ['callbacks.order'],
  createdAt: ago(900_000),
  createdBy: 'Mikael Berg',
  endsAt: ahead(200),
  withdrawnAt: null,
  usedAt: ago(40),
  ...more,
})

const tokens = (): Token[] => [
  token('t1', 'Order form of the web site'),
  token('t2', 'Figures to the warehouse', { scopes: ['calls.read', 'campaigns.read'], usedAt: null }),
  token('t3', 'Old dialler', { scopes: ['calls.dial'], withdrawnAt: ago(300_000) }),
  token('t4', 'Summer students', { endsAt: ago(80_000) }),
]

const entry = (seq: number, more: Partial<AuditItem>): AuditItem => ({
  seq,
  at: ago((40 - seq) * 61),
  by: 'user',
  who: 'lena',
  name: 'Lena Wikström',
  address: '192.0.2.17',
  what: 'call.read',
  on: [{ kind: 'call', id: 'c01m89zskvfspkckrw8hnvmwkg41' }],
  outcome: 'done',
  details: {},
  ...more,
})

const log = (): AuditItem[] =>
  [
    entry(40, { who: 'mikael', name: 'Mikael Berg', what: 'user.passwordReset', on: [{ kind: 'user', id: 'maja' }] }),
    entry(39, { what: 'calls.searched', on: [{ kind: 'person', id: 'p7Qm2' }], details: { number: 'given', queue: 'sales' } }),
    entry(38, {}),
    entry(37, {
      by: 'nobody',
      who: null,
      name: null,
      address: '203.0.113.9',
      what: 'session.started',
      on: [{ kind: 'user', id: 'mikael' }],
      outcome: 'session.refused',
    }),
    entry(36, {
      by: 'token',
      who: 't2',
      name: 'Figures to the warehouse',
      address: '198.51.100.4',
      what: 'calls.exported',
      on: [],
      details: { as: 'text/csv' },
    }),
    entry(35, {
      who: 'bo',
      name: 'Bo Sandström',
      what: 'campaign.contactsExported',
      on: [{ kind: 'campaign', id: 'renewals' }],
      outcome: 'session.notAllowed',
    }),
    entry(34, {
      by: 'commandLine',
      who: 'root',
      name: null,
      address: null,
      what: 'solution.taken',
      on: [{ kind: 'solution', id: '8f14e45fceea' }],
    }),
    entry(33, { by: 'system', who: null, name: null, address: null, what: 'program.started', on: [] }),
  ] as AuditItem[]

const ownSessions = () => [
  { id: 'aaaaaaaaaaaa', current: true, createdAt: ago(7_000), seenAt: ago(20), expiresAt: ahead(1) },
  { id: 'bbbbbbbbbbbb', current: false, createdAt: ago(200_000), seenAt: ago(9_000), expiresAt: ahead(1) },
]

interface Reply {
  readonly status: number
  readonly body?: unknown
}
const say = (status: number, body?: unknown): Reply => ({ status, body })

export function adminAnswer(method: string, path: string, query: URLSearchParams): Reply | undefined {
  const asked = `${method} ${path}`
  if (asked === 'GET /users') return say(200, { items: users() })
  if (asked === 'POST /users') return say(201, { ...user('nora', 'Nora Nilsson'), password: 'k3m9x-p2wz7-qa5ht-8ycfr-n4vbd' })
  if (/^PATCH \/users\//.test(asked)) return say(200, users()[0])
  if (/^POST \/users\/\w+\/password$/.test(asked)) return say(200, { ...users()[0], password: 'k3m9x-p2wz7-qa5ht-8ycfr-n4vbd' })
  if (/^POST \/users\/\w+\/sign-out$/.test(asked)) return say(200, { ended: 2 })
  if (/^POST \/users\//.test(asked)) return say(200, users()[0])
  if (asked === 'GET /tokens') return say(200, { items: tokens() })
  if (asked === 'POST /tokens') return say(201, { ...token('t5', 'New'), secret: 'samtal_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG' })
  if (asked === 'GET /audit') {
    const refused = query.get('outcome') === 'refused'
    const found = log().filter(({ outcome, who }) => (!refused || outcome !== 'done') && (!query.has('who') || who === query.get('who')))
    return say(200, { items: found, next: null })
  }
  if (asked === 'GET /session/all') return say(200, { items: ownSessions() })
  if (asked === 'DELETE /session/all') return say(200, { ended: 1 })
  if (asked === 'PUT /session/password') return say(204)
  if (asked === 'GET /session/oidc') return say(200, { provider: null })
  return undefined
}
