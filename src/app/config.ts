/** What the environment and the command line say, validated at the start; the rest is the solution file. */
import path from 'node:path'
import type { Given } from './command.ts'
import { Failure } from './failure.ts'

export interface AsteriskConfig {
  readonly ariUrl: string
  readonly user: string
  readonly password: string
  readonly app: string
  readonly promptsFolder: string
  readonly celFile: string | null
}

export interface Config {
  readonly dataFolder: string
  readonly host: string
  readonly port: number
  /** Host names the server answers to, beside 127.0.0.1 and localhost. */
  readonly hosts: readonly string[]
  readonly trustedProxies: readonly string[]
  /** null: the simulated network. */
  readonly asterisk: AsteriskConfig | null
}

type Env = Readonly<Record<string, string | undefined>>

const PORT = 4080
const list = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))

function asteriskOf(env: Env): AsteriskConfig {
  const needed = ['ARI_URL', 'ARI_USER', 'ARI_PASSWORD'].filter((name) => (env[name] ?? '') === '')
  if (needed.length > 0) throw new Failure(`TELEPHONY=asterisk needs ${needed.join(', ')} in the environment`)
  const url = env['ARI_URL'] ?? ''
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Failure('ARI_URL should be like http://127.0.0.1:8088/ari')
  return {
    ariUrl: url,
    user: env['ARI_USER'] ?? '',
    password: env['ARI_PASSWORD'] ?? '',
    app: env['ARI_APP'] ?? 'samtal',
    promptsFolder: env['ARI_PROMPTS'] ?? path.resolve(import.meta.dirname, '../../prompts'),
    celFile: env['ARI_LEG_LOG'] ?? null,
  }
}

/** The data folder, by option, environment or habit. */
export const dataFolderOf = (given: Given, env: Env): string => path.resolve(given.text('data') ?? env['SAMTAL_DATA'] ?? 'data')

/** Throws `Failure` with one line for what is wrong. */
export function readConfig(given: Given, env: Env): Config {
  refuseDatabase(env)
  const portText = given.text('port') ?? env['PORT'] ?? String(PORT)
  const port = Number(portText)
  if (!/^\d{1,5}$/.test(portText) || port > 65_535) throw new Failure(`${portText} is no port: a number from 0 to 65535`, { exitCode: 2 })
  const telephony = env['TELEPHONY'] ?? 'simulated'
  if (telephony !== 'simulated' && telephony !== 'asterisk') throw new Failure(`TELEPHONY is simulated or asterisk, not ${telephony}`)
  return {
    dataFolder: dataFolderOf(given, env),
    host: given.text('host') ?? env['HOST_ADDRESS'] ?? '127.0.0.1',
    port,
    hosts: list(env['SAMTAL_HOSTS']),
    trustedProxies: list(env['TRUSTED_PROXIES']),
    asterisk: telephony === 'asterisk' ? asteriskOf(env) : null,
  }
}

/** PostgreSQL is not there: a setting that would have no effect is refused. */
export function refuseDatabase(env: Env): void {
  if ((env['DATABASE_URL'] ?? '') !== '') throw new Failure('DATABASE_URL is set, but Samtal keeps its data in its data folder: unset it')
}

/** The configuration in one line, without secrets. */
export const shownConfig = (config: Config): string =>
  [
    `data ${config.dataFolder}`,
    `telephony ${config.asterisk === null ? 'simulated' : `asterisk at ${new URL(config.asterisk.ariUrl).host} as ${config.asterisk.user}`}`,
    `hosts 127.0.0.1 localhost${config.hosts.map((host) => ` ${host}`).join('')}`,
    ...(config.trustedProxies.length === 0 ? [] : [`proxies ${config.trustedProxies.join(' ')}`]),
  ].join(', ')
