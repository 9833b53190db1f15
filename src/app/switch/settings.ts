/** What the environment says of the machine an Asterisk of ours runs on: addresses and ports. The rest is the solution. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Failure } from '../failure.ts'
import { iceSettings } from './ice.ts'

export interface TlsSettings {
  readonly port: number
  /** Whose word counts for a provider's certificate. */
  readonly authorities: string
  /** Our own, for providers that connect to us; null: we only connect to them. */
  readonly certificate: { readonly file: string; readonly keyFile: string } | null
}

export interface SwitchSettings {
  /** Where SIP and speech are bound. */
  readonly sipAddress: string
  readonly sipPort: number
  /** Where trunks over TLS reach us, and what proves who we and they are. */
  readonly tls: TlsSettings
  readonly rtpPorts: { readonly from: number; readonly to: number }
  /** Our address as the trunks see it; null: the machine's own. */
  readonly externalAddress: string | null
  /** Tells Asterisk which address browsers see; null: it does not ask. */
  readonly stun: string | null
  /** Where ARI and the browsers' phones are served, on the loopback. */
  readonly httpPort: number
  /** Folders of music by name; null: Asterisk's own music alone. */
  readonly musicFolder: string | null
  /** The Asterisk that will read the configuration; null: an installed one, which knows where its modules lie. */
  readonly binary: string | null
}

/** What every part of Asterisk's configuration takes in a path as it is. */
export const PATH = /^[A-Za-z0-9/._+@~-]+$/

type Env = Readonly<Record<string, string | undefined>>

/** Each call has two ports of speech at either end, of which RTP takes the even ones. */
const RTP = { from: 10_000, to: 20_000 } as const

const text = (env: Env, name: string): string | null => {
  const value = env[name] ?? ''
  return value === '' ? null : value
}

function port(env: Env, name: string, otherwise: number): number {
  const given = text(env, name)
  if (given === null) return otherwise
  if (!/^\d{1,5}$/.test(given) || Number(given) < 1 || Number(given) > 65_535) throw new Failure(`${name} should be a port from 1 to 65535`)
  return Number(given)
}

function address(env: Env, name: string): string | null {
  const given = text(env, name)
  if (given !== null && !/^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(given)) throw new Failure(`${name} should be an IPv4 address, as 192.0.2.7`)
  return given
}

function rtpPorts(env: Env): SwitchSettings['rtpPorts'] {
  const given = text(env, 'RTP_PORTS')
  if (given === null) return RTP
  const [, from, to] = /^(\d{4,5})-(\d{4,5})$/.exec(given) ?? []
  if (from === undefined || to === undefined || Number(from) + 10 > Number(to) || Number(to) > 65_535)
    throw new Failure('RTP_PORTS should be a range of ports, as 10000-20000')
  return { from: Number(from), to: Number(to) }
}

/** Of Debian's and most other systems' `ca-certificates`. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt'

function file(env: Env, name: string): string | null {
  const given = text(env, name)
  if (given === null) return null
  const found = path.resolve(given)
  if (!existsSync(found)) throw new Failure(`${name} names ${given}, which is not there`)
  if (!PATH.test(found)) throw new Failure(`${name} names ${given}, with letters that Asterisk’s configuration cannot hold`)
  return found
}

function tls(env: Env): TlsSettings {
  const [own, keyFile] = [file(env, 'SIP_TLS_CERTIFICATE'), file(env, 'SIP_TLS_KEY')]
  if ((own === null) !== (keyFile === null)) throw new Failure('SIP_TLS_CERTIFICATE and SIP_TLS_KEY go together: set both, or none')
  return {
    port: port(env, 'SIP_TLS_PORT', 5061),
    authorities: file(env, 'SIP_TLS_AUTHORITIES') ?? AUTHORITIES,
    certificate: own === null || keyFile === null ? null : { file: own, keyFile },
  }
}

/** Throws `Failure` with one line for what is wrong. */
export const switchSettings = (env: Env): SwitchSettings => ({
  sipAddress: address(env, 'SIP_ADDRESS') ?? '0.0.0.0',
  sipPort: port(env, 'SIP_PORT', 5060),
  tls: tls(env),
  rtpPorts: rtpPorts(env),
  externalAddress: address(env, 'SIP_EXTERNAL_ADDRESS'),
  stun: iceSettings(env).stun,
  httpPort: port(env, 'ASTERISK_HTTP_PORT', 8088),
  musicFolder: text(env, 'MUSIC_FOLDER'),
  binary: text(env, 'ASTERISK_BIN'),
})
