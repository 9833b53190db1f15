import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { passwordFault } from '#adapters/http/password-rules.ts'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Role } from '#ports/accounts.ts'
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

export const run: Command['run'] = async (given, { out }) => {
  refuseDatabase(process.env)
  const [what = '', name = ''] = given.words
  if (what !== 'add' && what !== 'passwd') throw new Failure(`user ${what}? there is user add and user passwd`, { exitCode: 2 })
  if (!NAME.test(name)) throw new Failure('a name has letters, digits and . _ @ -, 100 at most', { exitCode: 2 })
  const role = roleOf(given)
  const folder = dataFolderOf(given, process.env)
  const accounts = openAccounts({ folder })
  try {
    const passwordHash = await newPassword([name, given.text('display-name') ?? ''])
    const queues = given.text('queues')?.split(',') ?? null
    const agentId = given.text('agent') ?? (role === 'agent' ? name : null)
    const done =
      what === 'passwd'
        ? await accounts.setPassword(name, passwordHash)
        : await accounts.addUser({ name, displayName: given.text('display-name') ?? name, role, agentId, queues, passwordHash })
    if (!done) throw new Failure(what === 'add' ? `there is an account ${name} already` : `there is no account ${name}`)
    const on = [{ kind: 'user', id: name }]
    await auditCommand(folder, what === 'add' ? 'user.added' : 'user.passwordSet', { on, details: what === 'add' ? { role } : {} })
    out(
      given.flag('json')
        ? `${JSON.stringify({ ok: true, name })}\n`
        : what === 'add'
          ? `${name} may sign in as ${role}.\n`
          : `${name} has a new password.\n`,
    )
    return 0
  } finally {
    await accounts.close()
  }
}
