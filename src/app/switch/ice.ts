/** How a browser's voice finds its way where routers stand between (ICE, RFC 8445): the servers a page and Asterisk ask. */
import { Failure } from '../failure.ts'

export interface IceSettings {
  /** As `stun.example.net:3478`: tells whoever asks which address others see. null: nobody asks. */
  readonly stun: string | null
  /** Passes voice on for browsers that nothing else lets through. */
  readonly turn: { readonly server: string; readonly user: string; readonly password: string } | null
}

/** As a browser takes it. */
export interface IceServer {
  readonly urls: string
  readonly username?: string
  readonly credential?: string
}

type Env = Readonly<Record<string, string | undefined>>

const SERVER = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:\d{1,5})?$/

function server(env: Env, name: string): string | null {
  const given = env[name] ?? ''
  if (given === '') return null
  if (!SERVER.test(given)) throw new Failure(`${name} should be a server and its port, as ice.example.net:3478`)
  return given
}

/** Throws `Failure` with one line for what is wrong. */
export function iceSettings(env: Env): IceSettings {
  const [turn, user, password] = [server(env, 'TURN_SERVER'), env['TURN_USER'] ?? '', env['TURN_PASSWORD'] ?? '']
  if ((turn !== null) !== (user !== '') || (turn !== null) !== (password !== ''))
    throw new Failure('TURN_SERVER, TURN_USER and TURN_PASSWORD go together: set all three, or none')
  return { stun: server(env, 'STUN_SERVER'), turn: turn === null ? null : { server: turn, user, password } }
}

/** RFC 7064, RFC 7065. TURN also over TCP, for networks that let no UDP out. */
export const iceServers = ({ stun, turn }: IceSettings): readonly IceServer[] => [
  ...(stun === null ? [] : [{ urls: `stun:${stun}` }]),
  ...(turn === null
    ? []
    : ['udp', 'tcp'].map((over) => ({ urls: `turn:${turn.server}?transport=${over}`, username: turn.user, credential: turn.password }))),
]
