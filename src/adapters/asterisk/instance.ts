/**
 * An Asterisk as a child of this process, with the configuration we wrote for it. It dies with us, whatever we die of.
 */
import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { request } from 'undici'
import { PortError } from '#ports/errors.ts'
import { type AsteriskConfig, celFileOf, writeConfig } from './config.ts'

export interface Instance {
  readonly ariUrl: string
  readonly app: string
  readonly user: string
  readonly password: string
  readonly httpPort: number
  readonly sipPort: number
  readonly celFile: string
  readonly logFile: string
  /** How it ended. */
  readonly ended: Promise<string>
  /** A line of Asterisk's own console. */
  cli(line: string): Promise<string>
  stop(): Promise<void>
  /** As kill -9. */
  kill(): Promise<void>
}

/** Ready in about a second; given up after this. */
const startMsMax = 20_000
const stopMsMax = 5_000

/**
 * Where the modules and data of an Asterisk lie that was unpacked into a folder of its own, as `PREFIX/bin/asterisk` with
 * `PREFIX/usr` beside; nothing for an installed one, which knows.
 */
export const foldersOf = (binary: string): { readonly moduleFolder?: string; readonly dataFolder?: string } => {
  const usr = join(dirname(dirname(binary)), 'usr')
  const system = existsSync(join(usr, 'lib')) ? readdirSync(join(usr, 'lib')) : []
  const moduleFolder = system.map((name) => join(usr, 'lib', name, 'asterisk/modules')).find((folder) => existsSync(folder))
  return moduleFolder === undefined ? {} : { moduleFolder, dataFolder: join(usr, 'share/asterisk') }
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

/** Writes the configuration and starts Asterisk with it. Rejects with `PortError` when it does not get ready. */
export const startInstance = async (binary: string, config: AsteriskConfig): Promise<Instance> => {
  writeConfig(config)
  const etc = join(config.folder, 'etc/asterisk.conf')
  const logFile = join(config.folder, 'log/console.log')
  const log = openSync(logFile, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', binary, '-f', '-n', '-C', etc], {
    stdio: ['ignore', log, log],
    env: { ...process.env, TMPDIR: join(config.folder, 'spool/tmp') },
  })
  closeSync(log)
  let how: string | null = null
  const ended = new Promise<string>((resolve) => {
    const over = (what: string): void => {
      how = what
      resolve(what)
    }
    child.once('error', (error) => over(error.message))
    child.once('exit', (code, signal) => over(`ended with ${code ?? signal}`))
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (how !== null) return
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    await ended
    clearTimeout(late)
  }
  const cli = async (line: string): Promise<string> =>
    (await promisify(execFile)(binary, ['-C', etc, '-rx', line], { maxBuffer: 16e6 })).stdout
  const deadline = performance.now() + startMsMax
  while (!(await isReady(config))) {
    if (how !== null || performance.now() > deadline) {
      await end('SIGKILL')
      throw new PortError('asterisk', 'start', { message: `not ready: ${how ?? 'too slow'}; see ${logFile}`, retry: false })
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
    ended,
    cli,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
