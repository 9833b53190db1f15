/**
 * What a solution asks of Asterisk: its trunks with their credentials, its agents' phones, its music, the route of emergency calls.
 * A part that cannot be served is a fault at its line and field, as a fault of the solution file itself is.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { TrunkConfig } from '#adapters/asterisk/config.ts'
import { emergencyNumbers } from '#adapters/numbers/emergency.ts'
import type { FileTrunk } from '#wire/solution.ts'
import { type FileError, type Path, readPlaces } from '../solution/places.ts'
import type { SolutionRead } from '../solution.ts'
import type { SwitchSettings } from './settings.ts'

/** A phone Asterisk is to know. `web`: in a browser. */
export interface PlannedPhone {
  readonly account: string
  readonly kind: 'sip' | 'web'
  readonly emergencyCallerId?: string
}

export interface SwitchPlan {
  readonly trunks: readonly TrunkConfig[]
  readonly phones: readonly PlannedPhone[]
  /** Music the solution names, each a folder of sound files; without `default` where it has none of its own. */
  readonly music: Readonly<Record<string, string>>
  readonly emergency: { readonly numbers: readonly string[]; readonly trunk: string; readonly callerId: string | null } | null
  readonly language: string
}

type Env = Readonly<Record<string, string | undefined>>
type Say = (path: Path, message: string, name?: boolean) => void

interface Reading {
  readonly kit: SolutionRead
  readonly env: Env
  readonly settings: SwitchSettings
  readonly say: Say
}

/** Asterisk's names of trunks and phones stand in dial strings and section names. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/
const QUALIFY_SECONDS = 30

/** The password of a trunk; null where it cannot be had, which has been said. */
function passwordOf({ env, say }: Reading, at: Path, account: NonNullable<FileTrunk['account']>): string | null {
  const { passwordEnv, passwordFile } = account
  if ((passwordEnv === undefined) === (passwordFile === undefined)) {
    say(at, 'needs exactly one of passwordEnv and passwordFile', true)
    return null
  }
  const here: Path = [...at, passwordEnv === undefined ? 'passwordFile' : 'passwordEnv']
  const found = passwordEnv === undefined ? fileText(passwordFile ?? '') : (env[passwordEnv] ?? '')
  if (found === null) say(here, `the file ${passwordFile} cannot be read`)
  else if (found === '')
    say(here, passwordEnv === undefined ? `the file ${passwordFile} is empty` : `the environment has no ${passwordEnv}`)
  else if (/^\s|\s$|[^\x20-\x7e]/.test(found))
    say(here, 'holds what no SIP password can: a line break, space at an end, or letters beyond ASCII')
  else return found
  return null
}

function fileText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

function trunkOf(reading: Reading, id: string, trunk: SolutionRead['trunks'][string]): TrunkConfig | null {
  const { say } = reading
  const at: Path = ['trunks', id]
  if (!NAME.test(trunk.endpoint)) say([...at, 'endpoint'], 'should hold letters, digits, dots, hyphens and underscores only')
  const { account } = trunk
  const password = account === undefined ? '' : passwordOf(reading, [...at, 'account'], account)
  if (trunk.host === undefined) {
    say(at, 'has no "host": the provider’s SIP server is needed', true)
    return null
  }
  if (trunk.srtp === true && trunk.transport !== 'tls') say([...at, 'srtp'], 'needs "transport": "tls": its keys are told by SIP')
  if (password === null) return null
  const transport = trunk.transport ?? 'udp'
  return {
    name: trunk.endpoint,
    id,
    host: trunk.host,
    port: trunk.port ?? (transport === 'tls' ? 5061 : 5060),
    transport,
    ...(trunk.srtp === true ? { srtp: true } : {}),
    qualifySeconds: QUALIFY_SECONDS,
    ...(trunk.addresses === undefined ? {} : { addresses: trunk.addresses }),
    ...(account === undefined ? {} : { account: { user: account.user, password, register: account.register ?? true } }),
  }
}

/** Two parts of one name would be one endpoint in Asterisk. */
function checkNames({ kit, say }: Reading): void {
  const owners = new Map<string, string>()
  const take = (name: string, owner: string, at: Path): void => {
    const other = owners.get(name)
    if (other !== undefined) say(at, `"${name}" is the name of ${other} already`)
    owners.set(name, owner)
  }
  for (const [id, trunk] of Object.entries(kit.trunks)) take(trunk.endpoint, `trunk "${id}"`, ['trunks', id, 'endpoint'])
  for (const [id, { phone }] of Object.entries(kit.solution.agents))
    if (phone.kind !== 'number') take(phone.account, `the phone of "${id}"`, ['agents', id, 'phone', phone.kind])
}

function musicOf({ kit, settings, say }: Reading): SwitchPlan['music'] {
  const found: Record<string, string> = {}
  const has = (name: string): boolean => {
    const folder = settings.musicFolder === null ? null : path.resolve(settings.musicFolder, name)
    if (folder === null || !/^[A-Za-z0-9_-]+$/.test(name) || !existsSync(folder) || readdirSync(folder).length === 0) return false
    found[name] = folder
    return true
  }
  has('default')
  const wanted: readonly (readonly [string, Path])[] = [
    ...Object.values(kit.solution.queues).map((queue) => [queue.music, ['queues', queue.id, 'music']] as const),
    [kit.solution.outbound.music, ['outbound', 'music']],
  ]
  for (const [name, at] of wanted)
    if (name !== 'default' && !has(name))
      say(
        at,
        settings.musicFolder === null
          ? `MUSIC_FOLDER is not set, so there is no music "${name}"`
          : `there is no music "${name}" in ${settings.musicFolder}`,
      )
  return found
}

function emergencyOf({ kit }: Reading): SwitchPlan['emergency'] {
  const { outbound, country } = kit.solution
  const trunk = (outbound.emergencyTrunk === null ? undefined : kit.trunks[outbound.emergencyTrunk]) ?? Object.values(kit.trunks)[0]
  if (!outbound.emergencyCalls || trunk === undefined) return null
  const callerId = kit.lines.find((line) => line.personId === outbound.callerId)?.number ?? null
  return { numbers: [...emergencyNumbers(country)], trunk: trunk.endpoint, callerId }
}

/** Everything Asterisk is to serve, or every fault in order of place. */
export function switchPlan(kit: SolutionRead, env: Env, settings: SwitchSettings): SwitchPlan | { readonly errors: readonly FileError[] } {
  const places = readPlaces(kit.text)
  const errors: FileError[] = []
  const say: Say = (at, message, name = false) => errors.push(places.fault(at, message, name))
  const reading: Reading = { kit, env, settings, say }
  const trunks = Object.entries(kit.trunks).flatMap(([id, trunk]) => trunkOf(reading, id, trunk) ?? [])
  checkNames(reading)
  const music = musicOf(reading)
  if (errors.length > 0) return { errors: errors.sort((a, b) => a.line - b.line || a.column - b.column) }
  const phones = Object.values(kit.solution.agents).flatMap(({ phone, emergencyCallerId }): PlannedPhone[] => {
    if (phone.kind === 'number') return []
    const place = kit.lines.find((line) => line.personId === emergencyCallerId)?.number
    const kind = phone.kind === 'desk' ? 'web' : 'sip'
    return [{ account: phone.account, kind, ...(place === undefined ? {} : { emergencyCallerId: place }) }]
  })
  return { trunks, phones, music, emergency: emergencyOf(reading), language: kit.solution.language }
}
