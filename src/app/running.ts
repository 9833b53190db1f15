/** The program as it runs: journal, engine, projector, HTTP server and control socket, wired together and closed in order. */
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import type { DemoUser, HttpDeps, Log } from '#adapters/http/deps.ts'
import { createHttpServer } from '#adapters/http/server.ts'
import { openIdProvider } from '#adapters/oidc/oidc.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openArchiveReader, openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { openSqliteJournal, type SqliteJournal } from '#adapters/sqlite/journal.ts'
import { PersonHash } from '#adapters/sqlite/person-hash.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import type { CallId } from '#core/kernel/kernel.ts'
import { Engine } from '#engine/engine.ts'
import type { Accounts } from '#ports/accounts.ts'
import type { Audit, AuditEntry } from '#ports/audit.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import { PortError } from '#ports/errors.ts'
import type { Journal, JournalOpened } from '#ports/journal.ts'
import type { Telephony } from '#ports/telephony.ts'
import { refusals } from '#wire/refusals.ts'
import { byCommandLine, bySystem } from './audited.ts'
import { refuseHalfRestored, removeLeftovers } from './backup/swap.ts'
import type { Config } from './config.ts'
import { type Reloaded, serveControl } from './control.ts'
import { Failure, faultLines } from './failure.ts'
import { makeDataFolder } from './folders.ts'
import { openForgetting } from './forgetting.ts'
import { type KitReader, kitReader } from './kit.ts'
import { listsElsewhere } from './lists-thread.ts'
import { paceElsewhere } from './pace-thread.ts'
import { Projector } from './projector/projector.ts'
import type { SolutionRead } from './solution.ts'
import { phoneWay } from './switch/phones.ts'
import type { Switch } from './switch/switch.ts'

/** A snapshot after so many facts: what a restart reads at most, beside it. */
const SNAPSHOT_EVERY = 50_000
export const webFolder = path.resolve(import.meta.dirname, '../../dist/web')

/** The data folder, held by this process. */
export interface Data {
  readonly folder: string
  readonly journal: SqliteJournal
  readonly opened: JournalOpened
  readonly read: KitReader
}

export interface Running {
  readonly address: string
  readonly engine: Engine
  readonly accounts: Accounts
  readonly audit: Audit
  readonly directory: Directory
  readonly contacts: Contacts
  readonly projector: Projector
  readonly atDesk: (agentId: string) => boolean
  close(): Promise<void>
}

const errorCode = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined)

/** Fails at once where the port is taken, before anything else is begun. */
export function portFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const taken = errorCode(error) === 'EADDRINUSE'
      const why = taken
        ? `port ${port} is taken: stop what uses it, or choose another with --port`
        : `cannot listen at ${host}:${port}: ${error.message}`
      reject(new Failure(why))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/** Opens the data folder. Throws `Failure` where another process has it. */
export async function openData(folder: string, clock: Clock, chance: Chance): Promise<Data> {
  try {
    makeDataFolder(folder)
    refuseHalfRestored(folder)
    const journal = openSqliteJournal({ folder })
    const opened = await journal.open()
    // It holds the folder now: what lies there of a restore is of one that is over.
    removeLeftovers(folder)
    return { folder, journal, opened, read: kitReader({ persons: journal, chance, clock }) }
  } catch (error) {
    if (error instanceof PortError) throw new Failure(error.message.replace(/^\w+\.\w+: /, ''))
    if (error instanceof Error && errorCode(error) !== undefined)
      throw new Failure(`the data folder ${folder} cannot be used: ${error.message}`)
    throw error
  }
}

/** The solution of a file. Throws `Failure` with every fault of it. */
export async function readFileSolution(data: Data, file: string): Promise<SolutionRead> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const read = await data.read(text)
  if (!('errors' in read)) return read
  throw new Failure(`${file} is not taken:\n${faultLines(file, read.errors)}`, { errors: read.errors })
}

/** The journal opened once already: the engine finds it as it was then. */
export const openedOnce = (journal: SqliteJournal, opened: JournalOpened): Journal => ({
  open: async () => opened,
  append: (expected, batch) => journal.append(expected, batch),
  read: (after) => journal.read(after),
  factsOf: (callId) => journal.factsOf(callId),
  saveSnapshot: (snapshot) => journal.saveSnapshot(snapshot),
  solutionText: (version) => journal.solutionText(version),
  done: (key) => journal.done(key),
  close: () => journal.close(),
})

export interface RunParts {
  readonly config: Config
  readonly data: Data
  readonly file: string
  readonly kit: SolutionRead
  readonly telephony: Telephony
  /** The switch behind it; null: the simulated network, which serves every solution. */
  readonly asterisk?: Switch | null
  /** Told when another solution is taken. */
  readonly onSolution?: (kit: SolutionRead) => void
  /** The engine's clock: virtual at first in the demonstration. */
  readonly clock: Clock
  /** The clock of sessions and pages. */
  readonly wallClock: Clock
  readonly chance: Chance
  readonly log: Log
  readonly demoUsers: readonly DemoUser[]
  /** Facts from one snapshot to the next, where it is not the usual number. */
  readonly snapshotEvery?: number
}

async function prepareEngine({ data, kit, telephony, clock, chance, log }: RunParts, contacts: Contacts): Promise<Engine> {
  const line = (text: string) => log('warn', text)
  return Engine.prepare({
    journal: openedOnce(data.journal, data.opened),
    persons: data.journal,
    telephony,
    clock,
    chance,
    kit,
    log: line,
    clockWatchMs: 1_000,
    sweepMs: 4_000,
    dialler: { contacts, pacing: createPacing },
    read: async (text) => {
      const read = await data.read(text)
      if ('errors' in read) throw new Failure('a solution kept in the journal cannot be read any more')
      return read
    },
  })
}

function reloader({ data, file, asterisk, log, onSolution }: RunParts, engine: Engine, audit: Audit): () => Promise<Reloaded> {
  return async () => {
    const read = await data.read(await readFile(file, 'utf8'))
    if ('errors' in read) return { ok: false, errors: read.errors, file }
    const errors = asterisk?.judge(read) ?? []
    if (errors.length > 0) return { ok: false, errors, file }
    const answer = await engine.take(read)
    if (!answer.ok)
      return { ok: false, file, refused: `${refusals[answer.refused]?.en ?? answer.refused} (${answer.field ?? answer.refused})` }
    onSolution?.(read)
    await noteVersion(data.folder, read)
    await tell(audit, log, byCommandLine('solution.taken', { on: [{ kind: 'solution', id: read.solution.version }] }))
    return { ok: true, file, version: read.solution.version }
  }
}

/** Calls go on, whether it can be written or not. */
const tell = (audit: Audit, log: Log, entry: AuditEntry): Promise<void> =>
  audit.write(entry).catch((error: unknown) => log('error', 'the audit log cannot be written', { what: entry.what, error: String(error) }))

/** Which solution is in force, for commands that read the data folder beside the running process. */
const noteVersion = (folder: string, { solution }: SolutionRead) =>
  writeFile(path.join(folder, 'solution.version'), `${solution.version}\n`)

/** The archive follows the journal, from where it stands. */
function startProjector({ data, log, snapshotEvery = SNAPSHOT_EVERY }: RunParts, engine: Engine): Projector {
  openArchiveWriter({ folder: data.folder }).close()
  const projector = new Projector(data.folder, (line) => log('error', line), {
    from: data.opened.snapshot,
    every: snapshotEvery,
    save: (snapshot) => data.journal.saveSnapshot(snapshot),
  })
  engine.onCommit(({ facts }) => {
    const last = facts.at(-1)
    if (last !== undefined) projector.upTo(last.position)
  })
  projector.upTo(engine.figures().position)
  return projector
}

const signInProvider = ({ oidc }: Config, clock: Clock) =>
  oidc === null ? null : { provider: openIdProvider(oidc.settings, () => clock.now()), rules: oidc.rules }

/** Agents' phones in the browser: the simulated network has none. */
const browserPhones = ({ asterisk = null }: RunParts): Pick<HttpDeps, 'deskPhone' | 'phoneWay'> => ({
  deskPhone: (agentId) => asterisk?.deskPhone(agentId) ?? null,
  phoneWay: asterisk === null ? null : phoneWay(asterisk.ariUrl),
})

/** The stores beside the journal that outlive calls. */
const openPeople = (folder: string) => ({
  accounts: openAccounts({ folder }),
  audit: openAudit({ folder }),
  directory: openDirectory({ folder }),
})

const toldBy = (projector: Projector): Pick<HttpDeps, 'onStories' | 'archivePosition' | 'figures'> => ({
  figures: projector,
  onStories: (listener) => projector.onStories(listener),
  archivePosition: () => projector.position,
})

/** What the server asks the journal. */
const ofJournal = (journal: SqliteJournal) => ({
  persons: journal,
  factsOf: (callId: CallId) => journal.factsOf(callId),
  doneBefore: (key: string) => journal.done(key),
})

const errorsTo =
  (log: Log) =>
  (line: string): void =>
    log('error', line)

/** Starts everything; when it resolves, calls are taken and the address answers. */
export async function startAll(parts: RunParts): Promise<Running> {
  const { config, data, telephony, wallClock, log } = parts
  let { kit } = parts
  const taken = (next: SolutionRead) => {
    kit = next
    parts.onSolution?.(next)
  }
  const contacts = openContacts({ folder: data.folder })
  const engine = await prepareEngine(parts, contacts)
  const projector = startProjector(parts, engine)
  const archive = openArchiveReader({ folder: data.folder })
  const people = openPeople(data.folder)
  const persons = openForgetting({ ...parts, ...people, engine, archive, contacts, clock: wallClock, kit: () => kit, log: errorsTo(log) })
  const browsers = browserPhones(parts)
  const http = await createHttpServer({
    engine,
    forgetting: persons.forgetting,
    archive,
    ...people,
    contactFiles,
    contactLists: listsElsewhere(() => kit.numberRules),
    contacts,
    campaigns: engine,
    pace: paceElsewhere,
    ...ofJournal(data.journal),
    clock: wallClock,
    log,
    numbers: () => kit.numbers,
    calendar: () => kit.calendar,
    phones: telephony,
    ...browsers,
    ...toldBy(projector),
    signInProvider: signInProvider(config, wallClock),
    demoUsers: parts.demoUsers,
    hosts: config.hosts,
    trustedProxies: config.trustedProxies,
    // In words, as no number is written.
    sealingSecret: PersonHash.open(data.folder).of('what is sealed in lists'),
    webFolder,
  })
  // Its schemas take the thread for a second: callers and contacts do not wait for that.
  await engine.begin()
  await noteVersion(data.folder, parts.kit)
  await persons.forgetting.sweep()
  const reload = reloader({ ...parts, onSolution: taken }, engine, people.audit)
  const control = await serveControl(data.folder, { reload, ...persons.controls })
  const address = await http.listen({ host: config.host, port: config.port })
  await tell(people.audit, log, bySystem('program.started', [{ kind: 'solution', id: parts.kit.solution.version }]))
  return {
    address,
    engine,
    ...people,
    contacts,
    projector,
    atDesk: (agentId) => http.atDesk(agentId),
    async close() {
      await control.close()
      browsers.phoneWay?.close()
      await http.close()
      await persons.close()
      await tell(people.audit, log, bySystem('program.stopped'))
      await engine.stop()
      await projector.close()
      await archive.close()
      for (const store of [...Object.values(people), contacts]) await store.close()
    },
  }
}

/** Runs until a signal asks it to end, then closes in order; a second signal ends it where it stands. */
export function untilSignal(close: () => Promise<void>): Promise<0 | 1> {
  return new Promise((resolve) => {
    let asked = false
    const end = () => {
      if (asked) process.exit(1)
      asked = true
      close().then(
        () => resolve(0),
        (error: unknown) => {
          process.stderr.write(`samtal: closing failed: ${String(error)}\n`)
          resolve(1)
        },
      )
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  })
}
