/**
 * More calls than may be, on a real Asterisk, beside running conversations: sipp offers three times what a solution takes. The excess is
 * refused with 503, who is let in hears the menu soon, and those who talk lose no speech. calls.md 8.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { Agent } from '#wire/live.ts'
import { freePort, openSite, ours, promptsFolder, type Site } from '../asterisk/network.ts'
import { type Api, apiOn, untilServing } from '../asterisk/serving.ts'
import { caller, network, oneOfMany, Sipp, type SippMessage } from '../asterisk/sipp.ts'
import { until } from '../asterisk/until.ts'
import type { VoicesTold, VoicesWanted } from './voices.worker.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'
const menuLine = '+46850000009'
const LISTENS_MS = 1_500
/** Ends of speech for the crowd: a port is used again when its call is over. */
const CROWD_ENDS = 600
const TALKERS_PER_SECOND = 5
/** sipp by itself lets no more calls live than three seconds bring. */
const AT_ONCE = ['-l', '10000']

export interface OverloadPlan {
  /** What the solution takes; three times that is offered. */
  readonly callsPerSecondMax: number
  readonly seconds: number
  readonly conversations: number
}

export interface Overloaded {
  readonly offered: number
  readonly accepted: number
  readonly refused: number
  /** Neither: no final answer, or another. */
  readonly otherwise: number
  /** Of all that are accepted, from INVITE to the first speech. */
  readonly menuMsP95: number
  readonly heardNothing: number
  readonly packetsLostShare: number
  /** As `/metrics` has it. */
  readonly counted: number
  readonly talking: number
}

/** The ends of speech on their thread. */
class Voices {
  readonly #worker: Worker
  readonly ports: readonly number[]

  private constructor(worker: Worker, ports: readonly number[]) {
    this.#worker = worker
    this.ports = ports
  }

  static async open(wanted: VoicesWanted): Promise<Voices> {
    const worker = new Worker(new URL('./voices.worker.ts', import.meta.url), { workerData: wanted })
    const ports = await new Promise<readonly number[]>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    return new Voices(worker, ports)
  }

  /** Since it was last asked. */
  count(): Promise<VoicesTold> {
    return new Promise((resolve) => {
      this.#worker.once('message', resolve)
      this.#worker.postMessage('count')
    })
  }

  close(): void {
    this.#worker.postMessage('close')
  }
}

const agentNumber = (index: number): string => `+467017700${String(index).padStart(2, '0')}`

const solutionOf = ({ callsPerSecondMax, conversations }: OverloadPlan): object => ({
  name: 'Overload',
  language: 'en',
  numbers: { [ours]: { queue: 'talks' }, [menuLine]: { menu: 'main' } },
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'talks' } } } },
  queues: { talks: { name: 'Talks' } },
  agents: Object.fromEntries(
    Array.from({ length: conversations }, (_, index) => [`agent${index}`, { queues: ['talks'], phone: { number: agentNumber(index) } }]),
  ),
  trunks: { carrier: { endpoint: 'trunk' } },
  limits: { callsPerSecondMax, outboundLiveMax: 1_000, callsToOneNumberADay: 1_000 },
})

async function serve(site: Site, folder: string, port: number): Promise<{ readonly child: ChildProcess; readonly api: Api }> {
  const data = join(folder, 'data')
  mkdirSync(data)
  const accounts = openAccounts({ folder: data })
  const passwordHash = await hashPassword(password)
  await accounts.addUser({ name: 'boss', displayName: 'Boss', role: 'administrator', agentId: null, queues: null, passwordHash })
  await accounts.close()
  const { ariUrl, user, password: secret, app, celFile } = site.instance
  const reach = { ARI_URL: ariUrl, ARI_USER: user, ARI_PASSWORD: secret, ARI_APP: app, ARI_LEG_LOG: celFile, ARI_PROMPTS: promptsFolder }
  const where = ['--solution', join(folder, 'solution.json'), '--data', data, '--port', String(port)]
  const env = { ...process.env, TELEPHONY: 'asterisk', ...reach }
  const child = spawn(process.execPath, [samtal, 'serve', ...where], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  await untilServing(child)
  const api = apiOn(port)
  await api.ask('POST', '/session', { user: 'boss', password })
  return { child, api }
}

/** A list sipp fills its scenario from: a number and a port for each call. */
function listFor(folder: string, name: string, ports: readonly number[]): string {
  const file = join(folder, `${name}.csv`)
  writeFileSync(file, `SEQUENTIAL\n${ports.map((port, index) => `+467018${String(index).padStart(5, '0')};${port}`).join('\n')}\n`)
  return file
}

const connected = async (api: Api): Promise<number> =>
  (await api.ask<{ readonly items: readonly { readonly state: string }[] }>('GET', '/agents')).items.filter(
    ({ state }) => state === 'connected',
  ).length

const callIdOf = ({ text }: SippMessage): string => /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? ''
const portOf = ({ text }: SippMessage): number => Number(/m=audio (\d+)/.exec(text)?.[1] ?? 0)

/** What became of each call by sipp's log, and of those let in, when speech first came. */
function account(log: readonly SippMessage[], begins: VoicesTold['begins']): Omit<Overloaded, 'packetsLostShare' | 'counted' | 'talking'> {
  const calls = new Map<string, { readonly at: number; readonly port: number; final: string | null }>()
  for (const message of log) {
    if (message.of !== 'INVITE') continue
    const id = callIdOf(message)
    const call = calls.get(id)
    if (call === undefined && message.what === 'INVITE') calls.set(id, { at: message.at, port: portOf(message), final: null })
    else if (call !== undefined && call.final === null && /^[2-6]\d\d$/.test(message.what)) call.final = message.what
  }
  const all = [...calls.values()]
  const accepted = all.filter(({ final }) => final === '200')
  const refused = all.filter(({ final }) => final === '503').length
  const byPort = Map.groupBy(begins, ([port]) => port)
  const waits = accepted.flatMap(({ at, port }) => {
    const begin = (byPort.get(port) ?? []).find(([, heard]) => heard >= at && heard < at + LISTENS_MS + 5_000)
    return begin === undefined ? [] : [begin[1] - at]
  })
  const sorted = waits.toSorted((a, b) => a - b)
  return {
    offered: all.length,
    accepted: accepted.length,
    refused,
    otherwise: all.length - accepted.length - refused,
    menuMsP95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
    heardNothing: accepted.length - waits.length,
  }
}

/** `say`: what is being done. */
export async function overload(plan: OverloadPlan, say: (line: string) => void): Promise<Overloaded> {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-overload-'))
  writeFileSync(join(folder, 'solution.json'), JSON.stringify(solutionOf(plan)))
  const { conversations, callsPerSecondMax, seconds } = plan
  const voices = await Voices.open({ ends: 2 * conversations + CROWD_ENDS, speakers: 2 * conversations })
  const [agentPorts, talkerPorts] = [voices.ports.slice(0, conversations), voices.ports.slice(conversations, 2 * conversations)]
  const numbers = agentPorts.map((_, index) => agentNumber(index))
  const trunkPort = await freePort()
  const far = Object.fromEntries(numbers.map((number) => [number, { answersAfterMs: 200 }]))
  const agents = new Sipp(
    folder,
    'agents',
    network(far, (number) => agentPorts[numbers.indexOf(number)] ?? 0),
    trunkPort,
    { calls: 100_000 },
  )
  const site = await openSite([], { trunkPort })
  const port = await freePort()
  const sipps = [agents]
  const { child, api } = await serve(site, folder, port)
  try {
    for (let index = 0; index < conversations; index += 1) await api.ask('PUT', `/agents/agent${index}/state`, { state: 'loggedOn' })
    const target = site.instance.sipPort
    const stays = caller('[field0]', ours, '[field1]', [{ waitsForBye: true, msMax: 600_000 }])
    const paced = ['-r', String(TALKERS_PER_SECOND), ...AT_ONCE, '-inf', listFor(folder, 'talkers', talkerPorts)]
    sipps.push(new Sipp(folder, 'talkers', stays, await freePort(), { target, calls: conversations, secondsMax: 600, more: paced }))
    await until('all talk', async () => (await connected(api)) === conversations, 60_000, 300).catch(async (error: unknown) => {
      const { items } = await api.ask<{ readonly items: readonly Agent[] }>('GET', '/agents')
      for (const { id, state, until: ends } of items)
        if (state !== 'connected') say(`  ${id} is ${state}${ends === null ? '' : ` until ${ends}`}`)
      throw error
    })
    say(`${conversations} talk; ${3 * callsPerSecondMax} calls a second are offered for ${seconds} s, ${callsPerSecondMax} may come in`)
    await voices.count()
    const crowd = ['-r', String(3 * callsPerSecondMax), ...AT_ONCE, '-inf', listFor(folder, 'crowd', voices.ports.slice(2 * conversations))]
    const calls = 3 * callsPerSecondMax * seconds
    const many = new Sipp(folder, 'crowd', oneOfMany(menuLine, LISTENS_MS), await freePort(), {
      target,
      calls,
      secondsMax: seconds + 60,
      more: crowd,
    })
    sipps.push(many)
    await many.done
    const heard = await voices.count()
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    return {
      ...account(many.log(), heard.begins),
      packetsLostShare: 1 - heard.received / heard.sent,
      counted: Number(/^samtal_calls_refused_total\{reason="overload"\} (\d+)/m.exec(metrics)?.[1] ?? Number.NaN),
      talking: await connected(api),
    }
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    for (const sipp of sipps) sipp.kill()
    voices.close()
    await site.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export const shown = ({
  offered,
  accepted,
  refused,
  otherwise,
  menuMsP95,
  heardNothing,
  packetsLostShare,
  counted,
  talking,
}: Overloaded): string =>
  [
    `offered ${offered}, let in ${accepted}, refused with 503 ${refused} (counted in /metrics ${counted}), otherwise ${otherwise}`,
    `their menu heard after ${menuMsP95.toFixed(0)} ms at the 95th percentile, by all but ${heardNothing}`,
    `${talking} still talk, ${(100 * packetsLostShare).toFixed(2)} % of their speech lost`,
    '',
  ].join('\n')
