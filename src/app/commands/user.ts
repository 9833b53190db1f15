import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { machineClock } from '#adapters/clock/clock.ts'
import { passwordFault } from '#adapters/http/password-rules.ts'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Accounts, Role } from '#ports/accounts.ts'
import { refusals } from '#wire/refusals.ts'
import { ROLES } from '#wire/session.ts'
import { auditCommand } from '../audited.ts'
import type { Command, Given } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'

const NAME = /^[\p{L}\p{N}._@-]{1,100}$/u

/** From the terminal without showing it, else the first line of standard input. */
function askPassword(question: string): Promise<string> {
  const { stdin, stderr } = process
  if (stdin.isTTY) stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY === true })
  return new Promise((resolve) => {
    let line = ''
    reader.once('line', (text) => {
      line = text
      reader.close()
    })
    reader.once('close', () => {
      if (stdin.isTTY) stderr.write('\n')
      resolve(line)
    })
  })
}

async function newPassword(context: readonly string[]): Promise<string> {
  const password = await askPassword('Password: ')
  const fault = await passwordFault(password, [...context, 'samtal'])
  if (fault !== null) throw new Failure(refusals[fault]?.en ?? fault)
  return hashPassword(password)
}

function roleOf(given: Given): Role {
  const role = ROLES.find((one) => one === (given.text('role') ?? 'agent'))
  if (role === undefined) throw new Failure(`--role is one of ${ROLES.join(', ')}`, { exitCode: 2 })
  return role
}

interface Asked {
  readonly name: string
  readonly given: Given
  readonly accounts: Accounts
  readonly role: Role
}

interface Deed {
  /** null: it is done; else why not. */
  readonly does: (asked: Asked) => Promise<string | null>
  /** As the audit log calls it. */
  readonly audited: string
  readonly said: (asked: Asked) => string
}

const unknown = (name: string): string => `there is no account ${name}`
const hashFor = ({ name, given }: Asked): Promise<string> => newPassword([name, given.text('display-name') ?? ''])

async function added(asked: Asked): Promise<string | null> {
  const { name, given, accounts, role } = asked
  const passwordHash = await hashFor(asked)
  const queues = given.text('queues')?.split(',') ?? null
  const agentId = given.text('agent') ?? (role === 'agent' ? name : null)
  const isMade = await accounts.addUser({ name, displayName: given.text('display-name') ?? name, role, agentId, queues, passwordHash })
  return isMade ? null : `there is an account ${name} already`
}

/** An instant keeps out, from now on and wherever he is signed in; null lets in again. */
const barred =
  (at: () => number | null): Deed['does'] =>
  async ({ name, accounts }) => {
    const answer = await accounts.changeUser(name, { disabledAt: at() })
    if (answer === 'lastAdministrator') return `${name} is the last administrator: nobody could administrate any more`
    return answer === 'unknown' ? unknown(name) : null
  }

const DEEDS = {
  add: { does: added, audited: 'user.added', said: ({ name, role }) => `${name} may sign in as ${role}.` },
  passwd: {
    does: async (asked) => ((await asked.accounts.setPassword(asked.name, await hashFor(asked))) ? null : unknown(asked.name)),
    audited: 'user.passwordSet',
    said: ({ name }) => `${name} has a new password.`,
  },
  disable: {
    does: barred(() => machineClock().now()),
    audited: 'user.disabled',
    said: ({ name }) => `${name} cannot sign in any more, and is signed out.`,
  },
  enable: { does: barred(() => null), audited: 'user.enabled', said: ({ name }) => `${name} may sign in again.` },
} as const satisfies Readonly<Record<string, Deed>>
const isDeed = (what: string): what is keyof typeof DEEDS => Object.hasOwn(DEEDS, what)

export const run: Command['run'] = async (given, { out }) => {
  refuseDatabase(process.env)
  const [what = '', name = ''] = given.words
  if (!isDeed(what)) throw new Failure(`user ${what}? there is user ${Object.keys(DEEDS).join(', user ')}`, { exitCode: 2 })
  if (!NAME.test(name)) throw new Failure('a name has letters, digits and . _ @ -, 100 at most', { exitCode: 2 })
  const role = roleOf(given)
  const folder = dataFolderOf(given, process.env)
  const accounts = openAccounts({ folder })
  try {
    const deed: Deed = DEEDS[what]
    const asked = { name, given, accounts, role }
    const why = await deed.does(asked)
    if (why !== null) throw new Failure(why)
    await auditCommand(folder, deed.audited, { on: [{ kind: 'user', id: name }], details: what === 'add' ? { role } : {} })
    out(given.flag('json') ? `${JSON.stringify({ ok: true, name })}\n` : `${deed.said(asked)}\n`)
    return 0
  } finally {
    await accounts.close()
  }
}
