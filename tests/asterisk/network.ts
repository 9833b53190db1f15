/** A private Asterisk, people with telephones around it, and our adapter between: what the tests of this folder start from. */
import { randomBytes, randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { type AsteriskTelephony, createAsterisk } from '#adapters/asterisk/asterisk.ts'
import type { AsteriskConfig, PhoneConfig } from '#adapters/asterisk/config.ts'
import { foldersOf, type Instance, startInstance } from '#adapters/asterisk/instance.ts'
import type { AgentId } from '#core/kernel/kernel.ts'
import type { AgentPhone } from '#core/solution/solution.ts'
import { asteriskBinary, asteriskPrefix, chromiumBinary, sippBinary, type Tool } from '../../scripts/fetch-tools.ts'
import { People } from './people.ts'

export const ours = '+46850000000'
export const promptsFolder = join(import.meta.dirname, '../../prompts')

/** Below those the kernel deals out to whoever asks for any, and below those of speech: nobody comes upon one by chance while its program starts. */
const PORTS = { from: 10_000, to: 20_000 }

const isFree = async (port: number): Promise<boolean> => {
  const listener = createServer()
  const socket = createSocket('udp4')
  const opened = [once(listener, 'listening'), once(socket, 'listening')]
  listener.listen(port, '127.0.0.1')
  socket.bind(port, '127.0.0.1')
  const [byTcp, byUdp] = await Promise.allSettled(opened)
  if (byTcp?.status === 'fulfilled') await new Promise((resolve) => listener.close(resolve))
  if (byUdp?.status === 'fulfilled') await new Promise<void>((resolve) => socket.close(resolve))
  return byTcp?.status === 'fulfilled' && byUdp?.status === 'fulfilled'
}

/** A port nobody has right now, by TCP or UDP. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(PORTS.from, PORTS.to)
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

/** Why a suite that needs these cannot run here; null: it can. Said aloud; with CI=true it is a failure. */
const missing = (suite: string, tools: readonly Tool[]): string | null => {
  const reason = tools.flatMap((tool) => (tool.path === null ? [tool.reason] : []))[0]
  if (reason === undefined) return null
  if (process.env['CI'] === 'true') throw new Error(`${suite}: ${reason}`)
  process.stderr.write(`SKIPPED: ${suite}; ${reason}\n`)
  return reason
}
export const noAsterisk = (suite: string): boolean => missing(suite, [asteriskBinary()]) !== null
export const noBrowser = (suite: string): boolean => missing(suite, [asteriskBinary(), chromiumBinary()]) !== null
export const noSipp = (suite: string): boolean => missing(suite, [asteriskBinary(), sippBinary()]) !== null

export interface Site {
  readonly instance: Instance
  readonly people: People
  /** At the far end of the trunk `dead`. */
  readonly refusers: People
  /** Where agents' phones, and the far end of the trunk, are rung. */
  readonly agentPort: number
  readonly trunkPort: number
  /** What the adapter reported as trouble. */
  readonly troubles: string[]
  /** `ariUrl`: by another way than directly. `watches`: tells whether the phones are there. */
  telephony(how?: {
    readonly phones?: Readonly<Record<AgentId, AgentPhone>>
    readonly ariUrl?: string
    readonly watches?: true
  }): AsteriskTelephony
  /** Asterisk is killed and started anew, with the same ports and files. */
  restart(): Promise<void>
  close(): Promise<void>
}

const speechPorts = (sipPort: number): { readonly from: number; readonly to: number } => {
  const from = 20_000 + 2 * (sipPort % 10_000)
  return { from, to: from + 2_000 }
}

/** One packet to every port that speech may come to, from somebody who is in no call. */
export const spray = async ({ sipPort }: Instance, packet: Uint8Array): Promise<void> => {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { from, to } = speechPorts(sipPort)
  for (let port = from; port <= to; port += 1) {
    await new Promise<void>((resolve, reject) =>
      socket.send(packet, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error))),
    )
  }
  socket.close()
}

/** Folders, ports and secrets of an Asterisk on the loopback alone. */
export const onLoopback = async (folder: string, binary: string): Promise<Omit<AsteriskConfig, 'trunks' | 'phones'>> => {
  const [httpPort, sipPort] = [await freePort(), await freePort()]
  return {
    folder,
    sipAddress: '127.0.0.1',
    httpAddress: '127.0.0.1',
    httpPort,
    sipPort,
    rtpPorts: speechPorts(sipPort),
    app: 'samtal',
    ariUser: 'samtal',
    ariPassword: randomBytes(16).toString('hex'),
    promptsFolder,
    language: 'en',
    music: { default: join(asteriskPrefix() ?? '/', 'usr/share/asterisk/moh') },
    ...foldersOf(binary),
  }
}

/** Agents' phones are accounts of the same name, at a fixed address: among our own people unless they are elsewhere. `music`: a folder of it. */
export const openSite = async (
  agents: readonly AgentId[],
  elsewhere: { readonly agentPort?: number; readonly trunkPort?: number; readonly music?: string } = {},
): Promise<Site> => {
  const asterisk = asteriskBinary()
  if (asterisk.path === null) throw new Error(asterisk.reason)
  const folder = mkdtempSync(join(tmpdir(), 'samtal-asterisk-'))
  let sipPort = 0
  const people = await People.open(() => sipPort)
  const refusers = await People.open(() => sipPort, '127.0.0.2')
  const { agentPort = people.port, trunkPort = people.port } = elsewhere
  const config: AsteriskConfig = {
    ...(await onLoopback(folder, asterisk.path)),
    ...(elsewhere.music === undefined ? {} : { music: { default: elsewhere.music } }),
    trunks: [
      { name: 'trunk', host: '127.0.0.1', port: trunkPort },
      { name: 'dead', host: '127.0.0.2', port: refusers.port },
    ],
    phones: [
      ...agents.map(
        (account): PhoneConfig => ({ account, password: account, kind: 'sip', contact: `sip:${account}@127.0.0.1:${agentPort}` }),
      ),
      { account: 'elsewhere', password: 'elsewhere', kind: 'sip' },
      { account: 'browser', password: 'browser', kind: 'web' },
    ],
    emergency: { numbers: ['112'], trunk: 'trunk', callerId: ours },
  }
  const binary = asterisk.path
  let instance = await startInstance(binary, config)
  sipPort = instance.sipPort
  const troubles: string[] = []
  return {
    get instance() {
      return instance
    },
    people,
    refusers,
    agentPort,
    trunkPort,
    troubles,
    telephony: ({
      phones = Object.fromEntries(agents.map((account): [AgentId, AgentPhone] => [account, { kind: 'sip', account }])),
      ariUrl = instance.ariUrl,
      watches,
    } = {}) =>
      createAsterisk({
        ariUrl,
        user: instance.user,
        password: instance.password,
        app: instance.app,
        trunk: (id) => (id === 'dead' ? 'dead' : 'trunk'),
        phone: (agentId) => phones[agentId],
        agents: () => (watches ? Object.keys(phones) : []),
        promptsFolder,
        celFile: instance.celFile,
        trouble: (what) => troubles.push(what),
      }),
    restart: async () => {
      await instance.kill()
      instance = await startInstance(binary, config)
    },
    close: async () => {
      people.close()
      refusers.close()
      await instance.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The switch asked beside the adapter, behind our back. undefined: it answers with nothing. */
export const askSwitch = async (instance: Instance, method: 'GET' | 'POST' | 'DELETE', path: string): Promise<unknown> => {
  const authorization = `Basic ${Buffer.from(`${instance.user}:${instance.password}`).toString('base64')}`
  const answer = await request(`${instance.ariUrl}${path}`, { method, headers: { authorization } })
  const text = await answer.body.text()
  if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The SIP Call-ID of every leg, by which its telephone is found. */
export const sipCalls = async (instance: Instance): Promise<ReadonlyMap<string, string>> => {
  const channels = (await askSwitch(instance, 'GET', '/channels')) as readonly { readonly id: string; readonly protocol_id: string }[]
  return new Map(channels.map((channel) => [channel.id, channel.protocol_id]))
}
