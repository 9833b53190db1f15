/** What people reach of the running program: the pages and the API, the control socket, persons forgotten. Read in once calls are taken. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import type { HttpDeps, Log } from '#adapters/http/deps.ts'
import { createHttpServer } from '#adapters/http/server.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openArchiveReader } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import type { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { PersonHash } from '#adapters/sqlite/person-hash.ts'
import type { CallId } from '#core/kernel/kernel.ts'
import type { Engine } from '#engine/engine.ts'
import type { ArchiveReader } from '#ports/archive.ts'
import type { Audit, AuditEntry } from '#ports/audit.ts'
import type { Clock } from '#ports/clock.ts'
import { byCommandLine, bySystem } from './audited.ts'
import type { Config } from './config.ts'
import { type Reloaded, serveControl } from './control.ts'
import { openForgetting } from './forgetting.ts'
import { listsElsewhere } from './lists-thread.ts'
import { paceElsewhere } from './pace-thread.ts'
import type { Projector } from './projector/projector.ts'
import { refusedText } from './refused.ts'
import { openRetention, REST_MS, type Retaining, snapshotWhenRead } from './retaining.ts'
import type { Running, RunParts } from './run-parts.ts'
import type { SolutionRead } from './solution.ts'
import { phoneWay } from './switch/phones.ts'
import { webFolder } from './web.ts'

function reloader({ data, file, asterisk, log, onSolution }: RunParts, engine: Engine, audit: Audit): () => Promise<Reloaded> {
  return async () => {
    const read = await data.read(await readFile(file, 'utf8'))
    if ('errors' in read) return { ok: false, errors: read.errors, file }
    const errors = asterisk?.judge(read) ?? []
    if (errors.length > 0) return { ok: false, errors, file }
    const answer = await engine.take(read)
    if (!answer.ok) return { ok: false, file, refused: refusedText(answer) }
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

/** Its library is large, and read in only where there is a provider. */
async function signInProvider({ oidc }: Config, clock: Clock): Promise<HttpDeps['signInProvider']> {
  if (oidc === null) return null
  const { openIdProvider } = await import('#adapters/oidc/oidc.ts')
  return { provider: openIdProvider(oidc.settings, () => clock.now()), rules: oidc.rules }
}

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

/** What takes calls already. */
export type AtWork = Pick<Running, 'engine' | 'contacts' | 'projector'>

export interface Serving extends Omit<Running, keyof AtWork> {
  /** After the engine has stopped; `close` before. */
  closeStores(): Promise<void>
}

function startRetention(
  { data, wallClock, log }: RunParts,
  { engine, contacts, projector }: AtWork,
  { archive, ...stores }: { readonly archive: ArchiveReader; readonly audit: Audit; readonly kit: () => SolutionRead },
): Retaining {
  const retaining = openRetention({
    ...{ folder: data.folder, journal: data.journal, archive: projector, contacts, clock: wallClock, log, ...stores },
    campaigns: () => engine.campaigns(),
    letGo: (asked) => engine.letGo(asked),
    forgotten: (persons) => archive.forget(persons),
    rest: () => pause(REST_MS),
    snapshot: snapshotWhenRead({ engine, projector }),
  })
  return retaining
}

/** Who is let in, by which names, and what is shown. */
async function doorOf({ config, data, demoUsers, wallClock }: RunParts) {
  return {
    signInProvider: await signInProvider(config, wallClock),
    demoUsers,
    hosts: config.hosts,
    trustedProxies: config.trustedProxies,
    // In words, as no number is written.
    sealingSecret: PersonHash.open(data.folder).of('what is sealed in lists'),
    webFolder,
  }
}

/** Serves what is at work; when it resolves, the address answers. */
export async function serveAll(parts: RunParts, work: AtWork): Promise<Serving> {
  const { engine, contacts, projector } = work
  const { config, data, telephony, wallClock, log } = parts
  let { kit } = parts
  const taken = (next: SolutionRead) => {
    kit = next
    parts.onSolution?.(next)
  }
  const archive = openArchiveReader({ folder: data.folder })
  const people = openPeople(data.folder)
  const persons = openForgetting({ ...parts, ...people, ...work, archive, clock: wallClock, kit: () => kit, log: errorsTo(log) })
  const browsers = browserPhones(parts)
  await turn()
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
    ...(await doorOf(parts)),
  })
  await noteVersion(data.folder, parts.kit)
  await persons.forgetting.sweep()
  const reload = reloader({ ...parts, onSolution: taken }, engine, people.audit)
  const retaining = startRetention(parts, work, { archive, audit: people.audit, kit: () => kit })
  const control = await serveControl(data.folder, { reload, ...persons.controls, retention: retaining.ask })
  const address = await http.listen({ host: config.host, port: config.port })
  await tell(people.audit, log, bySystem('program.started', { on: [{ kind: 'solution', id: parts.kit.solution.version }] }))
  retaining.retention.begin()
  return {
    address,
    ...people,
    atDesk: (agentId) => http.atDesk(agentId),
    async close() {
      await retaining.retention.close()
      await control.close()
      browsers.phoneWay?.close()
      await http.close()
      await persons.close()
      await tell(people.audit, log, bySystem('program.stopped'))
    },
    async closeStores() {
      await archive.close()
      for (const store of Object.values(people)) await store.close()
    },
  }
}
