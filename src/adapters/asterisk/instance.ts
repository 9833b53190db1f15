/**
 * A private Asterisk as a child of this process: its own configuration, ports and folders, on the loopback only. It dies with us,
 * whatever we die of.
 */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { request } from 'undici'
import { PortError } from '#ports/errors.ts'
import { type AsteriskConfig, celFileOf, type PhoneConfig, type TrunkConfig, writeConfig } from './config.ts'

export interface InstanceOptions {
  readonly binary: string
  /** Where a fetched Asterisk was unpacked; undefined for an installed one. */
  readonly prefix?: string | undefined
  readonly folder: string
  readonly promptsFolder: string
  readonly musicFolder: string
  readonly trunks: readonly TrunkConfig[]
  readonly phones: readonly PhoneConfig[]
  /** Taken again when an instance is started anew. */
  readonly ports?: { readonly http: number; readonly sip: number }
  /** Of the ARI account; a new one is drawn unless given. */
  readonly password?: string
}

export interface Instance {
  readonly ariUrl: string
  readonly app: string
  readonly user: string
  readonly password: string
  readonly httpPort: number
  readonly sipPort: number
  readonly celFile: string
  readonly logFile: string
  /** A line of Asterisk's own console. */
  cli(line: string): Promise<string>
  stop(): Promise<void>
  /** As kill -9. */
  kill(): Promise<void>
}

/** Ready in about a second; given up after this. */
const startMsMax = 20_000
const stopMsMax = 5_000

/** A TCP port nobody listens at right now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

const configFor = async (options: InstanceOptions): Promise<AsteriskConfig> => {
  const ports = options.ports ?? { http: await freePort(), sip: await freePort() }
  const rtpFrom = 20_000 + 2 * (ports.sip % 10_000)
  const system = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  return {
    folder: options.folder,
    sipAddress: '127.0.0.1',
    httpAddress: '127.0.0.1',
    httpPort: ports.http,
    sipPort: ports.sip,
    rtpPorts: { from: rtpFrom, to: rtpFrom + 2_000 },
    app: 'samtal',
    ariUser: 'samtal',
    ariPassword: options.password ?? randomBytes(16).toString('hex'),
    trunks: options.trunks,
    phones: options.phones,
    promptsFolder: options.promptsFolder,
    language: 'en',
    music: { default: options.musicFolder },
    ...(options.prefix === undefined
      ? {}
      : {
          moduleFolder: join(options.prefix, `usr/lib/${system}/asterisk/modules`),
          dataFolder: join(options.prefix, 'usr/share/asterisk'),
        }),
  }
}

/** 200: ours is ready. 401: another Asterisk holds the port, for the password is random. */
const isReady = async (config: AsteriskConfig): Promise<boolean> => {
  const authorization = `Basic ${Buffer.from(`${config.ariUser}:${config.ariPassword}`).toString('base64')}`
  try {
    const answer = await request(`http://127.0.0.1:${config.httpPort}/ari/asterisk/info`, { headers: { authorization } })
    await answer.body.dump()
    if (answer.statusCode === 401)
      throw new PortError('asterisk', 'start', { message: `another Asterisk holds port ${config.httpPort}`, retry: false })
    return answer.statusCode === 200
  } catch (error) {
    if (error instanceof PortError) throw error
    return false
  }
}

export const startInstance = async (options: InstanceOptions): Promise<Instance> => {
  const config = await configFor(options)
  writeConfig(config)
  const etc = join(config.folder, 'etc/asterisk.conf')
  const logFile = join(config.folder, 'log/console.log')
  const log = openSync(logFile, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', options.binary, '-f', '-n', '-C', etc], {
    stdio: ['ignore', log, log],
    env: { ...process.env, TMPDIR: join(config.folder, 'spool/tmp') },
  })
  closeSync(log)
  let ended: string | null = null
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = error.message
      resolve()
    })
    child.once('exit', (code, signal) => {
      ended = `ended with ${code ?? signal}`
      resolve()
    })
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (ended !== null) return
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    await exited
    clearTimeout(late)
  }
  const cli = async (line: string): Promise<string> =>
    (await promisify(execFile)(options.binary, ['-C', etc, '-rx', line], { maxBuffer: 16e6 })).stdout
  const deadline = performance.now() + startMsMax
  while (!(await isReady(config))) {
    if (ended !== null || performance.now() > deadline) {
      await end('SIGKILL')
      throw new PortError('asterisk', 'start', { message: `not ready: ${ended ?? 'too slow'}; see ${logFile}`, retry: false })
    }
    await pause(15)
  }
  await cli('core waitfullybooted')
  return {
    ariUrl: `http://127.0.0.1:${config.httpPort}/ari`,
    app: config.app,
    user: config.ariUser,
    password: config.ariPassword,
    httpPort: config.httpPort,
    sipPort: config.sipPort,
    celFile: celFileOf(config.folder),
    logFile: join(config.folder, 'log/messages.log'),
    cli,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
