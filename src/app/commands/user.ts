import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { machineClock } from '#adapters/clock/clock.ts'
import { passwordFault } from '#adapters/http/password-rules.ts'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Account, Accounts, Role } from '#ports/accounts.ts'
import { refusals } from '#wire/refusals.ts'
import { ROLES } from '#wire/session.ts'
import { auditCommand } from '../audited.ts'
import { refuseHalfRestored } from '../backup/swap.ts'
import type { Command, Given } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'
import { makeDataFolder } from '../folders.ts'

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

interface Refusal {
  /** As in docs/refusals.md. */
  readonly code: string
  readonly why: string
}
const unknown = (name: string): Refusal => ({ code: 'user.unknown', why: `there is no account ${name}` })
const taken = (name: string): Refusal => ({ code: 'user.taken', why: `there is an account ${name} already` })
const last = (name: string): Refusal => ({
  code: 'user.lastAdministrator',
  why: `${name} is the last administrator: nobody could administrate any more`,
})

/** null: it is done, or may be. */
type Answer = Promise<Refusal | null>

interface Deed {
  /** Asked before the log is told: nothing it calls done is refused, unless somebody else changes accounts in between. */
  readonly refuses: (asked: Asked) => Answer
  /** Whatever has to be asked of whoever runs it has been. `hash`: of the password given. */
  readonly does: (asked: Asked, hash: string) => Answer
  readonly asksPassword: boolean
  /** As the audit log calls it. */
  readonly audited: string
  readonly said: (asked: Asked) => string
}

const hashFor = ({ name, given }: Asked): Promise<string> => newPassword([name, given.text('display-name') ?? ''])
const accountOf = async ({ name, accounts }: Asked): Promise<Account | undefined> =>
  (await accounts.accounts()).find((one) => one.name.toLowerCase() === name.toLowerCase())
const isThere = async (asked: Asked): Answer => ((await accountOf(asked)) === undefined ? unknown(asked.name) : null)

async function added({ name, given, accounts, role }: Asked, passwordHash: string): Answer {
  const queues = given.text('queues')?.split(',') ?? null
  const agentId = given.text('agent') ?? (role === 'agent' ? name : null)
  const isMade = await accounts.addUser({ name, displayName: given.text('display-name') ?? name, role, agentId, queues, passwordHash })
  return isMade ? null : taken(name)
}

const mayBeDisabled = async (asked: Asked): Answer => {
  const account = await accountOf(asked)
  if (account === undefined) return unknown(asked.name)
  const isOne = ({ role, disabledAt }: Account) => role === 'administrator' && disabledAt === null
  const others = (await asked.accounts.accounts()).filter((one) => isOne(one) && one.name !== account.name)
  return isOne(account) && others.length === 0 ? last(asked.name) : null
}

/** An instant keeps out, from now on and wherever he is signed in; null lets in again. */
const barred =
  (at: () => number | null): Deed['does'] =>
  async ({ name, accounts }) => {
    const answer = await accounts.changeUser(name, { disabledAt: at() })
    if (answer === 'lastAdministrator') return last(name)
    return answer === 'unknown' ? unknown(name) : null
  }

const DEEDS = {
  add: {
    refuses: async (asked) => ((await accountOf(asked)) === undefined ? null : taken(asked.name)),
    does: added,
    asksPassword: true,
    audited: 'user.added',
    said: ({ name, role }) => `${name} may sign in as ${role}.`,
  },
  passwd: {
    refuses: isThere,
    does: async ({ name, accounts }, hash) => ((await accounts.setPassword(name, hash)) ? null : unknown(name)),
    asksPassword: true,
    audited: 'user.passwordSet',
    said: ({ name }) => `${name} has a new password.`,
  },
  disable: {
    refuses: mayBeDisabled,
    does: barred(() => machineClock().now()),
    asksPassword: false,
    audited: 'user.disabled',
    said: ({ name }) => `${name} cannot sign in any more, and is signed out.`,
  },
  enable: {
    refuses: isThere,
    does: barred(() => null),
    asksPassword: false,
    audited: 'user.enabled',
    said: ({ name }) => `${name} may sign in again.`,
  },
} as const satisfies Readonly<Record<string, Deed>>
const isDeed = (what: string): what is keyof typeof DEEDS => Object.hasOwn(DEEDS, what)

/** Told to the audit log, done or refused; what is done is told before it is. */
async function carryOut(folder: string, deed: Deed, asked: Asked): Promise<void> {
  const told = {
    on: [{ kind: 'user', id: asked.name }],
    details: deed.audited === DEEDS.add.audited ? { role: asked.role } : {},
  }
  const refuse = async ({ code, why }: Refusal): Promise<never> => {
    await auditCommand(folder, deed.audited, { ...told, refused: code })
    throw new Failure(why)
  }
  const hash = deed.asksPassword ? await hashFor(asked) : ''
  const refusal = await deed.refuses(asked)
  if (refusal !== null) return refuse(refusal)
  await auditCommand(folder, deed.audited, told)
  const late = await deed.does(asked, hash)
  if (late !== null) return refuse(late)
}

export const run: Command['run'] = async (given, { out }) => {
  refuseDatabase(process.env)
  const [what = '', name = ''] = given.words
  if (!isDeed(what)) throw new Failure(`user ${what}? there is user ${Object.keys(DEEDS).join(', user ')}`, { exitCode: 2 })
  if (!NAME.test(name)) throw new Failure('a name has letters, digits and . _ @ -, 100 at most', { exitCode: 2 })
  const role = roleOf(given)
  const folder = dataFolderOf(given, process.env)
  makeDataFolder(folder)
  refuseHalfRestored(folder)
  const accounts = openAccounts({ folder })
  try {
    const asked = { name, given, accounts, role }
    await carryOut(folder, DEEDS[what], asked)
    out(given.flag('json') ? `${JSON.stringify({ ok: true, name })}\n` : `${DEEDS[what].said(asked)}\n`)
    return 0
  } finally {
    await accounts.close()
  }
}
