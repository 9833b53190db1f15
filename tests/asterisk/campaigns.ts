/**
 * Campaigns on a real Asterisk, with the whole product between: `samtal serve` as a process of its own, campaigns made and lists of
 * contacts imported over HTTP as a person would, and agents whose phones answer by themselves among our own people on the network.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Call, CallPage } from '#wire/calls.ts'
import type { Campaign } from '#wire/campaigns.ts'
import type { CampaignContact, CampaignContacts, CampaignImport } from '#wire/contacts.ts'
import type { Agent } from '#wire/live.ts'
import { ALWAYS } from '../http/lists.ts'
import type { NetworkLine } from './boundaries.ts'
import { freePort, openSite, ours, promptsFolder, type Site } from './network.ts'
import type { Line, People } from './people.ts'
import { observePlayed } from './played.ts'
import { type Api, apiOn, liveOf, untilServing } from './serving.ts'
import type { SippMessage } from './sipp.ts'
import { until } from './until.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'
const BOSS = 'boss'

/** One campaign, and what became of it. */
export interface Held {
  readonly id: string
  start(): Promise<void>
  stop(): Promise<void>
  live(): Promise<Campaign['live']>
  /** Its calls in the archive, the oldest first. */
  calls(): Promise<readonly Call[]>
  /** Its one call, when it is over. */
  over(): Promise<Call>
  contacts(): Promise<readonly CampaignContact[]>
  /** Its one contact. */
  contact(): Promise<CampaignContact>
}

export interface Office {
  readonly site: Site
  /** What Asterisk itself says that it plays. */
  readonly played: Awaited<ReturnType<typeof observePlayed>>
  readonly folder: string
  serve(): Promise<void>
  end(signal: NodeJS.Signals): Promise<void>
  /** A campaign of these agents' skill and numbers, not started. */
  campaign(id: string, settings: Readonly<Record<string, unknown>>, numbers: readonly string[], skill?: string): Promise<Held>
  agent(id: string): Promise<Agent>
  /** What an agent asks at the desk. */
  asAgent(id: string, path: string): Promise<void>
  state(id: string, state: 'loggedOn' | 'ready' | 'paused' | 'loggedOff'): Promise<void>
  /** Kinds of the alarms there are. */
  alarms(): Promise<readonly string[]>
  boss<T>(method: string, path: string, body?: object | string): Promise<T>
  close(): Promise<void>
}

const messageOf = ({ at, start, text }: People['log'][number]): SippMessage => {
  const of = /^CSeq: \d+ (\w+)/im.exec(text)?.[1] ?? ''
  const line = start.slice(2)
  const what = line.startsWith('SIP/2.0') ? (line.split(' ')[1] ?? '') : (line.split(' ')[0] ?? '')
  return { at, sent: start.startsWith('>'), what, of, text }
}

/** The network's own log of every call so far, by the number or account that was rung. */
export function networkLines(people: People): readonly NetworkLine[] {
  const lines = new Map<string, { readonly number: string; readonly log: SippMessage[] }>()
  for (const entry of people.log) {
    const rung = /^< INVITE sip:([^@]+)@/.exec(entry.start)?.[1]
    if (rung !== undefined && !lines.has(entry.callId)) lines.set(entry.callId, { number: rung, log: [] })
    lines.get(entry.callId)?.log.push(messageOf(entry))
  }
  return [...lines.values()]
}

/** The newest line of whoever has this number or account, in this state. */
export const lineOf = (people: People, user: string, state: Line['state']): Line | undefined =>
  [...people.lines.values()].findLast((line) => line.state === state && line.invite?.start.startsWith(`INVITE sip:${user}@`))

/** Each hears the other's tone, and nothing else. */
export const talk = (one: Line, other: Line): boolean =>
  [
    [one, other],
    [other, one],
  ].every(([listener, speaker]) => {
    const { tones, music } = listener?.speech.ear() ?? { tones: [], music: true }
    return !music && tones.length === 1 && tones[0] === speaker?.speech.tone
  })

export const msOf = (instant: string | null | undefined): number => Date.parse(instant ?? '')
/** What a story of archive.md 3.4 is told by, beside its instants. */
export const shape = ({ result, events, contactId, attempt, mode }: Call): object => ({
  result,
  kinds: events.map(({ kind }) => kind).join(' '),
  attempt,
  mode,
  ofContact: typeof contactId === 'string',
  label: events.find(({ kind }) => kind === 'queueCallback')?.label,
})
export const told = (result: string, kinds: string, mode: string, label?: string): object => ({
  result,
  kinds,
  attempt: 1,
  mode,
  ofContact: true,
  label,
})

/** Users are made before anything runs: an account for each agent, and one who may do everything. */
async function addUsers(folder: string, agents: readonly string[]): Promise<void> {
  const accounts = openAccounts({ folder })
  const passwordHash = await hashPassword(password)
  const none = { queues: null, passwordHash } as const
  await accounts.addUser({ name: BOSS, displayName: 'Boss', role: 'administrator', agentId: null, ...none })
  for (const id of agents) await accounts.addUser({ name: id, displayName: id, role: 'agent', agentId: id, ...none })
  await accounts.close()
}

/** What the program is started with: a solution whose agents' phones answer by themselves, each with the skill of one campaign. */
const solutionOf = (skills: Readonly<Record<string, string>>, more: object): object => ({
  name: 'Test',
  language: 'en',
  numbers: { [ours]: { hangUp: true } },
  agents: Object.fromEntries(
    Object.entries(skills).map(([id, skill]) => [id, { name: id, ...('queues' in more ? {} : { queues: [] }), skills: { [skill]: 1 } }]),
  ),
  trunks: { carrier: { endpoint: 'trunk' } },
  pauseReasons: ['lunch'],
  ...more,
})

/** Whoever signs in does so once. */
function signIns(port: number): (user: string) => Promise<Api> {
  const apis = new Map<string, Promise<Api>>()
  return (user) => {
    const api = apiOn(port)
    const signed = apis.get(user) ?? api.ask('POST', '/session', { user, password }).then(() => api)
    apis.set(user, signed)
    return signed
  }
}

/** `skills`: of each agent, the one campaign it serves. `more`: beside it in the solution file; its queues are served by all. */
export async function openOffice(skills: Readonly<Record<string, string>>, more: object = {}): Promise<Office> {
  const agents = Object.keys(skills)
  const folder = mkdtempSync(join(tmpdir(), 'samtal-campaigns-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const site = await openSite(agents)
  writeFileSync(join(folder, 'solution.json'), JSON.stringify(solutionOf(skills, more)))
  await addUsers(data, agents)
  const port = await freePort()
  const signedIn = signIns(port)
  const boss = async <T>(method: string, path: string, body?: object | string): Promise<T> =>
    (await signedIn(BOSS)).ask<T>(method, path, body)
  const played = await observePlayed(site.instance)
  let serving: ChildProcess | null = null
  const serve = async (): Promise<void> => {
    const { ariUrl, user, password: secret, app, celFile } = site.instance
    const reach = { ARI_URL: ariUrl, ARI_USER: user, ARI_PASSWORD: secret, ARI_APP: app, ARI_LEG_LOG: celFile, ARI_PROMPTS: promptsFolder }
    serving = spawn(
      process.execPath,
      [samtal, 'serve', '--solution', join(folder, 'solution.json'), '--data', data, '--port', String(port)],
      {
        env: { ...process.env, TELEPHONY: 'asterisk', ...reach },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    await untilServing(serving)
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (serving === null || serving.exitCode !== null || serving.signalCode !== null) return
    const child = serving
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  return {
    site,
    played,
    folder,
    serve,
    end,
    boss,
    campaign: (id, settings, numbers, skill = id) => hold(boss, id, { skill, ...settings }, numbers),
    agent: async (id) => {
      const { items } = await (await signedIn(id)).ask<{ readonly items: readonly Agent[] }>('GET', '/agents')
      const found = items.find((agent) => agent.id === id)
      if (found === undefined) throw new Error(`no agent ${id}`)
      return found
    },
    asAgent: async (id, path) => {
      await (await signedIn(id)).ask('POST', path)
    },
    state: async (id, state) => {
      await (await signedIn(id)).ask('PUT', `/agents/${id}/state`, { state, ...(state === 'paused' ? { reason: 'lunch' } : {}) })
    },
    alarms: async () => (await liveOf(port, (await signedIn(BOSS)).cookie())).alarms.map(({ alarm }) => alarm),
    close: async () => {
      await end('SIGTERM')
      played.close()
      await site.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asks the product now and then, for it has other things to do. */
export const patiently = <T>(what: string, ask: () => Promise<T>): ReturnType<typeof until<T>> => until(what, ask, 60_000, 150)

/** Only so many files are read at a time. */
let reading: Promise<unknown> = Promise.resolve()
const inTurn = <T>(read: () => Promise<T>): Promise<T> => {
  const mine = reading.then(read)
  reading = mine.catch(() => undefined)
  return mine
}

/** A campaign of these numbers, not started; asked for by `boss`. */
export async function hold(boss: Office['boss'], id: string, settings: object, numbers: readonly string[]): Promise<Held> {
  const short = { hours: ALWAYS, wrapUpSeconds: 0, ringSeconds: 15, pauseSeconds: 86_400 }
  await boss('POST', '/campaigns', { id, name: id, ...short, ...settings })
  const list = `phone,externalId\n${numbers.map((number, index) => `${number},${id}-${index + 1}`).join('\n')}\n`
  const file = `/campaigns/${id}/imports?fileName=${id}.csv&phone=phone&externalId=externalId`
  const read = await inTurn(() => boss<CampaignImport>('POST', file, list))
  if (read.counts.added !== numbers.length) throw new Error(`not every contact is taken: ${JSON.stringify(read.counts)}`)
  await boss('POST', `/campaigns/${id}/imports/${read.id}/confirm`)
  const calls = async (): Promise<readonly Call[]> =>
    [...(await boss<CallPage>('GET', `/calls?campaign=${id}&limit=200`)).items].sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  const contacts = async (): Promise<readonly CampaignContact[]> =>
    (await boss<CampaignContacts>('GET', `/campaigns/${id}/contacts?limit=200`)).items
  return {
    id,
    calls,
    contacts,
    start: () => boss('POST', `/campaigns/${id}/start`),
    stop: () => boss('POST', `/campaigns/${id}/stop`),
    live: async () => (await boss<Campaign>('GET', `/campaigns/${id}`)).live,
    over: () => patiently(`the call of ${id} is over`, async () => (await calls()).find(({ endedAt }) => endedAt !== null)),
    contact: () => patiently(`the contact of ${id} is settled`, async () => (await contacts()).find(({ state }) => state !== 'underWay')),
  }
}
