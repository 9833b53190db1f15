/** What the environment and the command line say, validated at the start; the rest is the solution file. */
import path from 'node:path'
import type { Given } from './command.ts'
import { Failure } from './failure.ts'
import { type OidcConfig, readOidc } from './oidc.ts'
import { readReach, type SwitchReach } from './switch/folder.ts'
import { type IceSettings, iceSettings } from './switch/ice.ts'
import { type SwitchSettings, switchSettings } from './switch/settings.ts'

/** An Asterisk that Samtal runs itself, or one that runs already. */
export type AsteriskConfig = { readonly ice: IceSettings } & (
  | { readonly kind: 'child'; readonly binary: string; readonly folder: string; readonly settings: SwitchSettings }
  | { readonly kind: 'running'; readonly reach: SwitchReach }
)

export interface Config {
  readonly dataFolder: string
  readonly host: string
  readonly port: number
  /** Host names the server answers to, beside 127.0.0.1 and localhost. */
  readonly hosts: readonly string[]
  readonly trustedProxies: readonly string[]
  /** null: people sign in by password alone. */
  readonly oidc: OidcConfig | null
  /** null: the simulated network. */
  readonly asterisk: AsteriskConfig | null
}

type Env = Readonly<Record<string, string | undefined>>

const PORT = 4080
const list = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))

const value = (env: Env, name: string): string | undefined => (env[name] === '' ? undefined : env[name])

/** One that runs: what the environment says of it, else what `samtal asterisk-config` left in its folder. */
function runningAsterisk(env: Env): AsteriskConfig {
  const folder = value(env, 'ASTERISK_FOLDER')
  const written = folder === undefined ? null : readReach(path.resolve(folder))
  if (folder !== undefined && written === null)
    throw new Failure(`ASTERISK_FOLDER names ${folder}, where no samtal asterisk-config has written: run it first, with --out ${folder}`)
  const url = value(env, 'ARI_URL') ?? written?.ariUrl ?? ''
  const user = value(env, 'ARI_USER') ?? written?.user ?? ''
  const password = value(env, 'ARI_PASSWORD') ?? written?.password ?? ''
  const needed = Object.entries({ ARI_URL: url, ARI_USER: user, ARI_PASSWORD: password }).flatMap(([name, is]) => (is === '' ? [name] : []))
  if (needed.length > 0)
    throw new Failure(`Asterisk needs ${needed.join(', ')} in the environment, or ASTERISK_BIN for one that Samtal runs`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Failure('ARI_URL should be like http://127.0.0.1:8088/ari')
  return {
    kind: 'running',
    ice: iceSettings(env),
    reach: {
      ariUrl: url,
      user,
      password,
      app: value(env, 'ARI_APP') ?? written?.app ?? 'samtal',
      promptsFolder: value(env, 'ARI_PROMPTS') ?? written?.promptsFolder ?? path.resolve(import.meta.dirname, '../../prompts'),
      celFile: value(env, 'ARI_LEG_LOG') ?? written?.celFile ?? null,
      music: written?.music ?? [],
      phones: written?.phones ?? {},
    },
  }
}

function asteriskOf(env: Env, dataFolder: string): AsteriskConfig {
  const binary = value(env, 'ASTERISK_BIN')
  if (binary === undefined) return runningAsterisk(env)
  if (value(env, 'ARI_URL') !== undefined)
    throw new Failure('ASTERISK_BIN (Samtal runs it) and ARI_URL (it runs already) are both set: unset one')
  const folder = path.resolve(value(env, 'ASTERISK_FOLDER') ?? path.join(dataFolder, 'asterisk'))
  return { kind: 'child', binary, folder, settings: switchSettings(env), ice: iceSettings(env) }
}

/** The data folder, by option, environment or habit. */
export const dataFolderOf = (given: Given, env: Env): string => path.resolve(given.text('data') ?? env['SAMTAL_DATA'] ?? 'data')

/** Throws `Failure` with one line for what is wrong. */
export function readConfig(given: Given, env: Env): Config {
  refuseDatabase(env)
  const portText = given.text('port') ?? env['PORT'] ?? String(PORT)
  const port = Number(portText)
  if (!/^\d{1,5}$/.test(portText) || port > 65_535) throw new Failure(`${portText} is no port: a number from 0 to 65535`, { exitCode: 2 })
  const dataFolder = dataFolderOf(given, env)
  const named = ['ASTERISK_BIN', 'ARI_URL', 'ASTERISK_FOLDER'].some((name) => (env[name] ?? '') !== '')
  const telephony = env['TELEPHONY'] ?? (named ? 'asterisk' : 'simulated')
  if (telephony !== 'simulated' && telephony !== 'asterisk') throw new Failure(`TELEPHONY is simulated or asterisk, not ${telephony}`)
  return {
    dataFolder,
    host: given.text('host') ?? env['HOST_ADDRESS'] ?? '127.0.0.1',
    port,
    hosts: list(env['SAMTAL_HOSTS']),
    trustedProxies: list(env['TRUSTED_PROXIES']),
    oidc: readOidc(env),
    asterisk: telephony === 'asterisk' ? asteriskOf(env, dataFolder) : null,
  }
}

/** PostgreSQL is not there: a setting that would have no effect is refused. */
export function refuseDatabase(env: Env): void {
  if ((env['DATABASE_URL'] ?? '') !== '') throw new Failure('DATABASE_URL is set, but Samtal keeps its data in its data folder: unset it')
}

function shownTelephony({ asterisk }: Config): string {
  if (asterisk === null) return 'simulated: no real call is made or taken (ASTERISK_BIN or ARI_URL names an Asterisk)'
  if (asterisk.kind === 'child') return `asterisk, run from ${asterisk.folder}`
  return `asterisk at ${new URL(asterisk.reach.ariUrl).host} as ${asterisk.reach.user}`
}

/** The configuration in one line, without secrets. */
export const shownConfig = (config: Config): string =>
  [
    `data ${config.dataFolder}`,
    `telephony ${shownTelephony(config)}`,
    ...(config.oidc === null ? [] : [`sign-in also with ${config.oidc.settings.name} (${new URL(config.oidc.settings.issuer).host})`]),
    `hosts 127.0.0.1 localhost${config.hosts.map((host) => ` ${host}`).join('')}`,
    ...(config.trustedProxies.length === 0 ? [] : [`proxies ${config.trustedProxies.join(' ')}`]),
  ].join(', ')
