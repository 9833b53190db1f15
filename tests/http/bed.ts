/** A whole contact centre behind HTTP, without a disk but for its accounts: real engine, simulated network, in real time. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { hashOf, newSecret } from '#adapters/http/cookies.ts'
import type { HttpDeps } from '#adapters/http/deps.ts'
import { hashPassword } from '#adapters/http/passwords.ts'
import { createHttpServer, type HttpServer } from '#adapters/http/server.ts'
import { memoryArchive } from '#adapters/memory/archive.ts'
import { MemoryAudit } from '#adapters/memory/audit.ts'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { type MemoryStore, memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { paceElsewhere } from '#app/pace-thread.ts'
import { Folding } from '#app/projector/folding.ts'
import { readSolution } from '#app/solution.ts'
import type { Story } from '#core/archive/story.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { callOf } from '#core/facts.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { Engine } from '#engine/engine.ts'
import { PersonForgetting } from '#engine/forgetting.ts'
import type { Accounts, User } from '#ports/accounts.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import { promptLengths } from '#sim/prompts.ts'
import { Problem } from '#wire/session.ts'
import { memoryFigures } from './figures.ts'

const HOUR_MS = 3_600_000
export const PASSWORD = 'correct horse battery'

const PROMPTS = ['welcome', 'closed', 'full', 'noAgents', 'sorry', 'callback.choose', 'callback.readBack', 'callback.ordered']
const SOLUTION = JSON.stringify({
  name: 'Bed',
  numbers: { '+46846500400': { queue: 'support' }, '+46846500401': { queue: 'sales' }, '+46846500402': { menu: 'main' } },
  switchboards: ['+46846500490'],
  menus: { main: { name: 'Main menu', prompt: 'welcome', choices: { '1': { queue: 'sales' } } } },
  queues: {
    support: { name: 'Support', skill: 'support', wrapUpSeconds: 60, callback: { attempts: 2, pauseSeconds: 1 } },
    sales: { name: 'Sales', skill: 'sales' },
  },
  agents: {
    anna: { name: 'Anna', skills: { support: 1 } },
    bo: { name: 'Bo', skills: { support: 1 } },
    saga: { name: 'Saga', skills: { sales: 1 } },
  },
  pauseReasons: ['lunch'],
  // A contact may be promised a call for any day of a year.
  retention: { callsMonths: 24 },
  prompts: Object.fromEntries(PROMPTS.map((name) => [name, 0])),
})

export const USERS: readonly User[] = [
  { name: 'anna', displayName: 'Anna A', role: 'agent', agentId: 'anna', queues: null },
  { name: 'bo', displayName: 'Bo B', role: 'agent', agentId: 'bo', queues: null },
  { name: 'lena', displayName: 'Lena L', role: 'supervisor', agentId: null, queues: null },
  { name: 'sara', displayName: 'Sara S', role: 'supervisor', agentId: null, queues: ['sales'] },
  { name: 'maja', displayName: 'Maja M', role: 'campaignManager', agentId: null, queues: null },
  { name: 'admin', displayName: 'Adam A', role: 'administrator', agentId: null, queues: null },
]

export interface Bed {
  readonly http: HttpServer
  readonly store: MemoryStore
  readonly engine: Engine
  readonly network: SimulatedNetwork
  readonly accounts: Accounts
  readonly audit: MemoryAudit
  readonly directory: Directory
  readonly contacts: Contacts
  readonly log: string[]
  /** A cookie of somebody signed in. */
  signedIn(user: string): Promise<string>
  /** Asks as somebody (null: nobody), with the header our pages send. */
  ask(user: string | null, method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Asked>
  /** Waits until the condition holds, looking after every commit. */
  until<T>(look: () => T | undefined | null | false): Promise<T>
  /** Takes the solution anew, with numbers masked for these roles. */
  maskFor(roles: readonly string[]): Promise<void>
  /** How many facts of a type there are. */
  many(type: string): number
  /** Until the archive and the live view stand where the journal does. */
  settled(): Promise<void>
  close(): Promise<void>
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export interface Asked {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  readonly json: unknown
  /** Of a refusal: its code. */
  readonly code: string | undefined
  /** The answer as the wire describes it; throws where it is not that. */
  as<T extends TSchema>(schema: T): Static<T>
}

type More = Partial<Pick<HttpDeps, 'demoUsers' | 'signInProvider' | 'hosts' | 'trustedProxies' | 'pace' | 'contactLists' | 'phoneWay'>> & {
  /** What an earlier bed has written: this one is the program started again. */
  readonly store?: MemoryStore
  /** Roles that see numbers masked. */
  readonly maskedFor?: readonly string[]
  /** `limits` of the solution file. */
  readonly limits?: Readonly<Record<string, number>>
  /** The network is asked so often what it has; left out: only at the start. */
  readonly sweepMs?: Ms
}

export async function openBed(more: More = {}): Promise<Bed> {
  const [clock, chance] = [machineClock(), machineChance()]
  const folder = await mkdtemp(path.join(tmpdir(), 'samtal-http-'))
  const contacts = new MemoryContacts()
  const { kit, store, journal, log, network, engine, projected, listeners } = await centre(
    contacts,
    clock,
    chance,
    more.store ?? memoryStore(),
    { maskedFor: more.maskedFor ?? [], ...(more.limits && { limits: more.limits }) },
    more.sweepMs === undefined ? {} : { sweepMs: more.sweepMs },
  )
  const accounts = await accountsIn(folder)
  const audit = new MemoryAudit()
  const directory = openDirectory({ folder })
  const forgetting = new PersonForgetting({
    ...{ engine, archive: projected.archive, contacts, directory, clock, erasures: journal, persons: journal, scrub: null },
    archived: async () => undefined,
    isOurs: (number) => kit.text.includes(number),
    isEmergency: (number) => kit.numbers.read(number).barred === 'emergency',
    log: (line) => log.push(line),
  })
  const http = await createHttpServer({
    engine,
    ...projected,
    accounts,
    audit,
    directory,
    contactFiles,
    campaigns: engine,
    contacts,
    contactLists: more.contactLists ?? contactLists(() => kit.numbers),
    pace: more.pace ?? paceElsewhere,
    forgetting,
    clock,
    persons: journal,
    numbers: () => kit.numbers,
    calendar: () => kit.calendar,
    factsOf: (callId) => journal.factsOf(callId),
    doneBefore: (key) => journal.done(key),
    phones: network,
    deskPhone,
    onStories: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...settingsOf(more),
    log: (level, message, fields) => log.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
  })
  const { ask, signedIn } = clientOf(http, accounts, clock)
  return {
    ...{ http, store, engine, network, accounts, audit, directory, contacts, log, ask, signedIn },
    until: (look) => untilSeen(engine, look),
    async maskFor(roles) {
      const taken = await engine.take(kitWith({ maskedFor: roles }))
      if (!taken.ok) throw new Error(taken.refused)
    },
    many: (type) => store.facts.filter(({ fact }) => fact.type === type).length,
    settled: () => engine.settled(),
    async close() {
      await http.close()
      await forgetting.close()
      await engine.stop()
      await accounts.close()
      await directory.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const settingsOf = ({ signInProvider = null, phoneWay = null, demoUsers = [], hosts = [], trustedProxies = [] }: More) => ({
  ...{ signInProvider, phoneWay, demoUsers, hosts, trustedProxies },
  sealingSecret: Buffer.from('of the bed'),
  webFolder: null,
})

/** anna's alone is in her browser. */
const deskPhone: HttpDeps['deskPhone'] = (agentId) =>
  agentId === 'anna' ? { uri: 'sip:anna@samtal.invalid', password: 'of anna', wsUrl: '/phone' } : null

/** Hashing takes its time on purpose: once is enough. */
let hashed: Promise<string> | undefined

async function accountsIn(folder: string): Promise<Accounts> {
  const accounts = openAccounts({ folder })
  hashed ??= hashPassword(PASSWORD)
  const passwordHash = await hashed
  for (const user of USERS) await accounts.addUser({ ...user, passwordHash })
  return accounts
}

/** null where it is none. */
function jsonIn(answer: LightMyRequestResponse): unknown {
  const isJson = /\bjson\b|\+json/.test(String(answer.headers['content-type'] ?? '').replace('x-ndjson', ''))
  return isJson && answer.body !== '' ? answer.json() : null
}

/** A session as a sign-in leaves it; without the work of a password, of which other tests tell. */
async function sessionOf(accounts: Accounts, clock: Clock, user: string): Promise<string> {
  const token = newSecret()
  const now = clock.now()
  await accounts.startSession({ tokenHash: hashOf(token), user, createdAt: now, seenAt: now, expiresAt: now + HOUR_MS })
  return `samtal=${token}`
}

function clientOf(http: HttpServer, accounts: Accounts, clock: Clock): Pick<Bed, 'ask' | 'signedIn'> {
  const cookies = new Map<string, string>()
  const ask: Bed['ask'] = async (user, method, url, body, headers = {}) => {
    const cookie = user === null ? {} : { cookie: await signedIn(user) }
    const { ['x-samtal']: own = '1', ...others } = headers
    const answer = await http.app.inject({
      method,
      url: url.startsWith('/') ? url : `/api/v1/${url}`,
      headers: { host: '127.0.0.1:4080', ...(own === '' ? {} : { 'x-samtal': own }), ...cookie, ...others },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const json = jsonIn(answer)
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json,
      code: Value.Check(Problem, json) ? json.code : undefined,
      as: (schema) => {
        if (!Value.Check(schema, json)) throw new Error(`${method} ${url}: ${JSON.stringify(Value.Errors(schema, json))} in ${answer.body}`)
        return json
      },
    }
  }
  const signedIn = async (user: string): Promise<string> => {
    const cookie = cookies.get(user) ?? (await sessionOf(accounts, clock, user))
    cookies.set(user, cookie)
    return cookie
  }
  return { ask, signedIn }
}

function untilSeen<T>(engine: Engine, look: () => T | undefined | null | false): Promise<T> {
  return new Promise((resolve) => {
    const seen = look()
    if (seen !== undefined && seen !== null && seen !== false) {
      resolve(seen)
      return
    }
    const stop = engine.onCommit(() => {
      const found = look()
      if (found === undefined || found === null || found === false) return
      stop()
      resolve(found)
    })
  })
}

function kitWith(change: Readonly<Record<string, unknown>>) {
  const kit = readSolution(JSON.stringify({ ...JSON.parse(SOLUTION), ...change }), { personOf: (number) => `line${number.slice(-1)}` })
  if ('errors' in kit) throw new Error(JSON.stringify(kit.errors))
  return kit
}

/** The contact centre itself, its archive kept by every commit. */
async function centre(
  contacts: Contacts,
  clock: Clock,
  chance: Chance,
  store: MemoryStore,
  change: Readonly<Record<string, unknown>>,
  sweeps: { readonly sweepMs?: Ms },
) {
  const kit = kitWith(change)
  const journal = memoryJournal(store)
  const log: string[] = []
  const network = new SimulatedNetwork({ clock, chance, lengthMs: promptLengths({}, kit.promptMs) })
  const engine = await Engine.start({
    journal,
    persons: journal,
    telephony: network,
    clock,
    chance,
    kit,
    dialler: { contacts, pacing: createPacing },
    read: async () => kit,
    log: (line) => log.push(line),
    ...sweeps,
  })
  const archive = memoryArchive((id) => store.persons.get(id))
  const folding = new Folding(
    (callId) => store.facts.filter(({ fact }) => callOf(fact) === callId),
    (line) => {
      throw new Error(line)
    },
  )
  const figures = memoryFigures(() => kit.solution)
  figures.take(store.facts)
  const listeners = new Set<(stories: readonly Story[]) => void>()
  engine.onCommit(({ facts }) => {
    const stories = folding.take(facts)
    archive.write(stories, facts.at(-1)?.position ?? 0)
    figures.take(facts)
    for (const listener of listeners) listener(stories)
  })
  return {
    kit,
    store,
    journal,
    log,
    network,
    engine,
    projected: { archive, figures, archivePosition: () => archive.position() },
    listeners,
  }
}
