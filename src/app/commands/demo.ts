import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import { importContacts } from '#adapters/http/contact-import.ts'
import type { DemoUser } from '#adapters/http/deps.ts'
import type { Accounts } from '#ports/accounts.ts'
import type { Directory } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { Command } from '../command.ts'
import { readConfig } from '../config.ts'
import { demonstration } from '../demonstration.ts'
import { plainLog } from '../log.ts'
import { openData, portFree, readFileSolution, untilSignal } from '../running.ts'
import { buildWeb } from '../web.ts'

const project = path.resolve(import.meta.dirname, '../../..')
const file = path.join(project, 'demo/solution.json')

/** Signed in by one click; no password fits them. */
export const DEMO_USERS: readonly (DemoUser & { readonly agentId: string | null })[] = [
  { user: 'anna', name: 'Anna Lindqvist', role: 'agent', agentId: 'anna' },
  { user: 'bo', name: 'Bo Sandström', role: 'agent', agentId: 'bo' },
  { user: 'lena', name: 'Lena Wikström', role: 'supervisor', agentId: null },
  { user: 'maja', name: 'Maja Dahlin', role: 'campaignManager', agentId: null },
  { user: 'admin', name: 'Mikael Berg', role: 'administrator', agentId: null },
]

async function addUsers(accounts: Accounts): Promise<void> {
  for (const { user, name, role, agentId } of DEMO_USERS) {
    if ((await accounts.user(user)) === null) {
      await accounts.addUser({ name: user, displayName: name, role, agentId, queues: null, passwordHash: 'none' })
    }
  }
}

/** Made-up people with numbers that are nobody's, the first time. */
async function addContacts(directory: Directory, numbers: Numbers): Promise<void> {
  const { found } = await directory.search({ words: [], bare: false, digits: null, after: null, limit: 1 })
  if (found > 0) return
  const bytes = await readFile(path.join(project, 'demo/contacts.csv'))
  const file = { bytes, format: null, encoding: null, delimiter: null, columns: null }
  await importContacts({ directory, files: contactFiles, numbers, file, dryRun: false, skipFaulty: false, at: Date.now() })
}

export const run: Command['run'] = async (given, { out }) => {
  const config = readConfig(given, { ...process.env, TELEPHONY: 'simulated' })
  await portFree(config.host, config.port)
  const clock = machineClock()
  const chance = machineChance()
  const built = buildWeb()
  // Waited for below; until then its failure is nobody's yet.
  built.catch(() => undefined)
  const data = await openData(config.dataFolder, clock, chance)
  const kit = await readFileSolution(data, file)
  const running = await demonstration({
    config,
    data,
    file,
    kit,
    wallClock: clock,
    chance,
    log: plainLog,
    demoUsers: DEMO_USERS,
    supervisor: 'lena',
    prepare: async () => {
      await built
    },
    addUsers,
  })
  await addContacts(running.directory, kit.numbers)
  out(`Samtal is running at ${running.address}\nSign in by one click. Ctrl-C ends it; the data is in ${config.dataFolder}\n`)
  return untilSignal(() => running.close())
}
