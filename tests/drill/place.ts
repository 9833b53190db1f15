/** Where kills are drilled: a real Asterisk that outlives the engine, sipp as the network at the end of its trunk, agents with telephones of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Agent, LiveState } from '#wire/live.ts'
import { Carrier } from '../asterisk/carrier.ts'
import { freePort, openSite, ours, promptsFolder, type Site } from '../asterisk/network.ts'
import { type Api, apiOn, liveOf, untilServing } from '../asterisk/serving.ts'
import type { Far } from '../asterisk/sipp.ts'
import { tones } from '../asterisk/sound.ts'
import type { Last, Order } from './deaths.ts'
import { steadyMusic } from './music.ts'

const password = 'a long enough password'
const BOSS = 'boss'

/** Our numbers, by the queue they lead to. */
export const line = { talks: ours, brief: '+46850000001', patience: '+46850000002' } as const
/** Who serves what. `helper` is consulted; `pat` is paused until the end, `gone` logged off; the last four are the campaign's. */
export const crew = {
  talks: ['anna', 'bo'],
  brief: ['cilla'],
  help: ['helper'],
  callbacks: ['dan', 'eva'],
  patience: ['pat', 'gone'],
  campaign: ['fia', 'gus', 'hans', 'ida'],
} as const
export const everybody: readonly string[] = Object.values(crew).flat()
const answersAfterMs = (agent: string): number => ((crew.campaign as readonly string[]).includes(agent) ? 500 : 200)

/** Callers, each with a line and a tone of their own. */
export const callers = [
  '+46701740605',
  '+46701740606',
  '+46701740607',
  '+46701740608',
  '+46701740609',
  '+46701740610',
  '+46701740611',
] as const

/** Whom callbacks and the campaign reach: all numbers that begin so. */
export const reached = {
  callbackBusy: '+467017600',
  callbackSilent: '+467017601',
  callbackAnswers: '+467017602',
} as const
const contacts: readonly Far[] = [
  { answersAfterMs: 400, talksMs: 2_000 },
  { answersAfterMs: 900, talksMs: 1_500 },
  { refuses: '486 Busy Here' },
  { answersAfterMs: 1_500, talksMs: 2_500 },
  { neverAnswers: true },
  { answersAfterMs: 700, talksMs: 3_000 },
  { answersAfterMs: 2_200, talksMs: 2_000 },
  { refuses: '603 Decline' },
]
const CONTACTS = '+4670175'
export const isContact = (number: string): boolean => number.startsWith(CONTACTS)
/** A list of so many, of all kinds in turn. */
export const contactList = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const kind = index % contacts.length
    return `${CONTACTS}${kind}${String(Math.floor(index / contacts.length)).padStart(3, '0')}`
  })

const far: Readonly<Record<string, Far>> = {
  [reached.callbackBusy]: { refuses: '486 Busy Here' },
  [reached.callbackSilent]: { neverAnswers: true },
  [reached.callbackAnswers]: { answersAfterMs: 800, talksMs: 1_500 },
  ...Object.fromEntries(contacts.map((does, kind) => [`${CONTACTS}${kind}`, does])),
}

const solution = {
  name: 'Drill',
  language: 'en',
  numbers: Object.fromEntries(Object.entries(line).map(([queue, number]) => [number, { queue }])),
  queues: {
    talks: { name: 'Talks' },
    brief: { name: 'Brief' },
    patience: { name: 'Patience', callback: {} },
    callbacks: { name: 'Callbacks', callback: { attempts: 3, pauseSeconds: 6, ringSeconds: 15 } },
  },
  agents: Object.fromEntries(
    Object.entries(crew).flatMap(([queue, names]) =>
      names.map((name) => [
        name,
        {
          name,
          queues: queue === 'help' || queue === 'campaign' ? [] : [queue],
          skills: { [queue === 'campaign' ? 'spring' : 'desk']: 1 },
        },
      ]),
    ),
  ),
  trunks: { carrier: { endpoint: 'trunk' } },
  pauseReasons: ['lunch'],
  limits: { callsToOneNumberADay: 1_000 },
}

async function addUsers(folder: string): Promise<void> {
  const accounts = openAccounts({ folder })
  const passwordHash = await hashPassword(password)
  const none = { queues: null, passwordHash } as const
  await accounts.addUser({ name: BOSS, displayName: 'Boss', role: 'administrator', agentId: null, ...none })
  for (const id of everybody) await accounts.addUser({ name: id, displayName: id, role: 'agent', agentId: id, ...none })
  await accounts.close()
}

/** One run of the program. */
export interface Run {
  readonly child: ChildProcess
  /** When it was killed, or killed itself; null: it runs. */
  readonly gone: Promise<{ readonly at: number; readonly signal: string | null }>
  /** Its last lines, the newest last. */
  said(): readonly string[]
}

const SAID_LINES = 12

export class Place {
  readonly site: Site
  readonly carrier: Carrier
  readonly line = line
  readonly callers = callers
  readonly #folder: string
  readonly #port: number
  readonly #apis = new Map<string, Promise<Api>>()
  #run: Run | null = null

  private constructor(site: Site, carrier: Carrier, folder: string, port: number) {
    this.site = site
    this.carrier = carrier
    this.#folder = folder
    this.#port = port
  }

  static async open(): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), 'samtal-drill-'))
    const network = join(folder, 'network')
    mkdirSync(network)
    mkdirSync(join(folder, 'data'))
    let sipPort = 0
    const voices = Object.fromEntries(
      [...callers, ...Object.keys(far)].map((number, index) => [number, tones[index % tones.length] ?? 440]),
    )
    const carrier = await Carrier.open(network, () => sipPort, far, voices)
    const site = await openSite([...everybody], { trunkPort: carrier.port, music: steadyMusic(folder) })
    sipPort = site.instance.sipPort
    for (const agent of everybody) site.people.does(agent, { answersAfterMs: answersAfterMs(agent) })
    writeFileSync(join(folder, 'solution.json'), JSON.stringify(solution))
    await addUsers(join(folder, 'data'))
    return new Place(site, carrier, folder, await freePort())
  }

  /** Starts the program; resolves when it serves. `diesInReplay`: it never does. */
  async start(how: { readonly diesInReplay?: true } = {}): Promise<Run> {
    const { ariUrl, user, password: secret, app, celFile } = this.site.instance
    const reach = { ARI_URL: ariUrl, ARI_USER: user, ARI_PASSWORD: secret, ARI_APP: app, ARI_LEG_LOG: celFile, ARI_PROMPTS: promptsFolder }
    const where = ['--data', join(this.#folder, 'data'), '--port', String(this.#port)]
    const env = { ...process.env, TELEPHONY: 'asterisk', ...reach, LAST_WORDS: this.#words }
    const file = join(this.#folder, 'solution.json')
    const child = spawn(process.execPath, [join(import.meta.dirname, 'mortal.ts'), file, ...where], {
      env: how.diesInReplay === true ? { ...env, DIES_IN_REPLAY: '1' } : env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const gone = new Promise<{ readonly at: number; readonly signal: string | null }>((resolve) =>
      child.once('exit', (_, signal) => resolve({ at: Date.now(), signal })),
    )
    let said: readonly string[] = []
    child.stderr?.on('data', (text) => {
      said = [...said, ...String(text).trimEnd().split('\n')].slice(-SAID_LINES)
    })
    this.#run = { child, gone, said: () => said }
    if (how.diesInReplay !== true) await untilServing(child)
    return this.#run
  }

  order(order: Order): void {
    this.#run?.child.send(order)
  }

  /** The program as it runs, or as it ran last. */
  get run(): Run | null {
    return this.#run
  }

  /** As kill -9, now. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#run?.child.kill(signal)
    await this.#run?.gone
  }

  /** What it was doing each time it died by itself. */
  lastWords(): readonly Last[] {
    if (!existsSync(this.#words)) return []
    return readFileSync(this.#words, 'utf8')
      .split('\n')
      .flatMap((text) => (text === '' ? [] : [JSON.parse(text) as Last]))
  }

  get #words(): string {
    return join(this.#folder, 'last-words')
  }

  /** Asks as this user, who signs in once: sessions outlive the program. */
  async ask<T>(user: string, method: string, path: string, body?: object | string): Promise<T> {
    return (await this.#signedIn(user)).ask<T>(method, path, body)
  }

  #signedIn(user: string): Promise<Api> {
    const api = apiOn(this.#port)
    const signed = this.#apis.get(user) ?? api.ask('POST', '/session', { user, password }).then(() => api)
    this.#apis.set(user, signed)
    return signed
  }

  boss = <T>(method: string, path: string, body?: object | string): Promise<T> => this.ask<T>(BOSS, method, path, body)

  async state(agent: string, state: 'loggedOn' | 'ready' | 'paused' | 'loggedOff'): Promise<void> {
    await this.ask(agent, 'PUT', `/agents/${agent}/state`, { state, ...(state === 'paused' ? { reason: 'lunch' } : {}) })
  }

  async agents(): Promise<readonly Agent[]> {
    return (await this.boss<{ readonly items: readonly Agent[] }>('GET', '/agents')).items
  }

  async live(): Promise<LiveState> {
    return liveOf(this.#port, (await this.#signedIn(BOSS)).cookie())
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.address}/metrics`)).text()
  }

  /** Asterisk's own log of legs. */
  legLog(): string {
    return readFileSync(this.site.instance.celFile, 'utf8')
  }

  async close(): Promise<void> {
    await this.kill('SIGTERM')
    this.carrier.close()
    await this.site.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
