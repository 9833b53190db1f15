/**
 * The folder of an Asterisk of ours: its configuration (`etc`), its logs, the prompts, and `samtal.json`, which holds what `samtal
 * serve` needs to reach it and the agents' phones to register. Secrets are drawn once and kept; only the owner can read them.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type AsteriskConfig, celFileOf } from '#adapters/asterisk/config.ts'
import { foldersOf } from '#adapters/asterisk/instance.ts'
import { Failure } from '../failure.ts'
import type { SwitchPlan } from './plan.ts'
import { PATH, type SwitchSettings } from './settings.ts'

const Reach = Type.Object(
  {
    ariUrl: Type.String(),
    user: Type.String(),
    password: Type.String(),
    app: Type.String(),
    promptsFolder: Type.String(),
    celFile: Type.Union([Type.String(), Type.Null()]),
    music: Type.Array(Type.String()),
    phones: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false },
)
/** How an Asterisk is reached; `music`: its classes beside `default`; `phones`: the password of each account; `celFile`: its leg log, null: there is none. */
export type SwitchReach = Static<typeof Reach>

const reachFile = Compile(Reach)
const recorded = path.resolve(import.meta.dirname, '../../../prompts')
const APP = 'samtal'

const fileOf = (folder: string): string => path.join(folder, 'samtal.json')
const secret = (): string => randomBytes(18).toString('base64url')

/** What an earlier `samtal asterisk-config` left in this folder; null: nothing. Throws `Failure` where it cannot be read. */
export function readReach(folder: string): SwitchReach | null {
  let text: string
  try {
    text = readFileSync(fileOf(folder), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new Failure(`${fileOf(folder)} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    const value: unknown = JSON.parse(text)
    if (reachFile.Check(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Failure(`${fileOf(folder)} is not what samtal asterisk-config writes: remove it, and let it be written again`)
}

/** Where Asterisk's own music lies. */
const ownMusic = (dataFolder: string | undefined): string => path.join(dataFolder ?? '/usr/share/asterisk', 'moh')

/** The configuration for Asterisk, with the secrets this folder has or gets. Writes `samtal.json` and the prompts; nothing of `etc` yet. */
export function prepareFolder(
  folder: string,
  plan: SwitchPlan,
  settings: SwitchSettings,
): { readonly config: AsteriskConfig; readonly reach: SwitchReach } {
  if (!PATH.test(folder)) throw new Failure(`the folder ${folder} has letters in its name that Asterisk’s configuration cannot hold`)
  const before = readReach(folder)
  const promptsFolder = path.join(folder, 'prompts')
  const reach: SwitchReach = {
    ariUrl: `http://127.0.0.1:${settings.httpPort}/ari`,
    user: APP,
    password: before?.password ?? secret(),
    app: APP,
    promptsFolder,
    celFile: celFileOf(folder),
    music: Object.keys(plan.music),
    phones: Object.fromEntries(plan.phones.map(({ account }) => [account, before?.phones[account] ?? secret()])),
  }
  try {
    mkdirSync(folder, { recursive: true })
    cpSync(recorded, promptsFolder, { recursive: true })
    const beside = `${fileOf(folder)}.new`
    writeFileSync(beside, `${JSON.stringify(reach, null, 2)}\n`, { mode: 0o600 })
    chmodSync(beside, 0o600)
    renameSync(beside, fileOf(folder))
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Failure(`the folder ${folder} cannot be written: ${error.message}`)
    throw error
  }
  const own = settings.binary === null ? {} : foldersOf(settings.binary)
  const config: AsteriskConfig = {
    folder,
    sipAddress: settings.sipAddress,
    httpAddress: '127.0.0.1',
    httpPort: settings.httpPort,
    sipPort: settings.sipPort,
    tls: settings.tls,
    rtpPorts: settings.rtpPorts,
    app: reach.app,
    ariUser: reach.user,
    ariPassword: reach.password,
    trunks: plan.trunks,
    phones: plan.phones.map((phone) => ({ ...phone, password: reach.phones[phone.account] ?? '' })),
    promptsFolder,
    language: plan.language,
    music: { default: ownMusic(own.dataFolder), ...plan.music },
    ...own,
    ...(settings.externalAddress === null ? {} : { externalAddress: settings.externalAddress }),
    ...(settings.stun === null ? {} : { stun: settings.stun }),
    ...(plan.emergency === null ? {} : { emergency: plan.emergency }),
  }
  return { config, reach }
}
