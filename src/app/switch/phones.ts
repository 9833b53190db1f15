/** Agents' phones in the browser: what they register with, and the way from our own server to Asterisk's websocket. */
import type { IncomingMessage } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { PhoneAsked, PhoneHeld, PhoneWay } from '#adapters/http/deps.ts'
import { PHONE_PATH } from '#adapters/http/phone-way.ts'
import type { AgentId } from '#core/kernel/kernel.ts'
import type { DeskPhone } from '#ports/telephony.ts'
import type { SolutionRead } from '../solution.ts'
import type { SwitchReach } from './folder.ts'
import { CLOSED, type Closing, closeFrame, FrameReader } from './frames.ts'
import type { IceServer } from './ice.ts'

/** Of no meaning to Asterisk, which knows a phone by its account. RFC 2606: nobody's. */
const DOMAIN = 'samtal.invalid'
/** For Asterisk to take the websocket. */
const CONNECT_MS_MAX = 5_000
const HEAD_BYTES_MAX = 16_384
/** Whether a session lives still is asked so often, of the store: a command line may have ended it. */
const LOOK_EVERY_MS = 2_000
/** A page registers each half minute and asks the switch each three seconds; a conversation begins and ends with some ten messages. */
const FRAMES_AT_ONCE = 200
const FRAMES_PER_SECOND = 50
/** How long a browser may take to hear that it is over. */
const FAREWELL_MS = 1_000
/** A machine that went away without a word is noticed (TCP's own asking). */
const KEEP_ALIVE_MS = 30_000
const HEAD_END = '\r\n\r\n'

/** null: the agent has no phone in the browser, or its password is not known here. */
export const deskPhones =
  (kit: () => SolutionRead, reach: () => SwitchReach, ice: readonly IceServer[]) =>
  (agentId: AgentId): DeskPhone | null => {
    const phone = kit().solution.agents[agentId]?.phone
    const password = phone?.kind === 'desk' ? reach().phones[phone.account] : undefined
    if (phone?.kind !== 'desk' || password === undefined) return null
    return { uri: `sip:${phone.account}@${DOMAIN}`, password, wsUrl: PHONE_PATH, ...(ice.length === 0 ? {} : { iceServers: ice }) }
  }

/** The request as it came, for Asterisk: it opens the websocket itself. What says who asks stays here, and what would pack frames. */
function handedOn({ rawHeaders }: IncomingMessage, target: URL): string {
  const headers: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (/^(sec-websocket-(key|version|protocol)|upgrade|connection)$/i.test(name)) headers.push(`${name}: ${rawHeaders[at + 1]}`)
  }
  return [`GET ${target.pathname.replace(/\/ari\/?$/, '')}/ws HTTP/1.1`, `Host: ${target.host}`, ...headers, '', ''].join('\r\n')
}

/** Asterisk's end, opened: what it answered, for the browser, and what came behind it. */
interface Far {
  readonly socket: Socket
  readonly answer: Buffer
  readonly rest: Buffer
}

/** Encrypted where ARI is: to Asterisk on another machine. An address is no server name (RFC 6066, 3); its certificate must hold it all the same. */
function dial({ protocol, hostname, port }: URL, then: () => void): Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  const named = isIP(host) === 0 ? { servername: host } : {}
  if (protocol === 'https:') return connectSecurely({ host, port: Number(port || 443), ...named }, then)
  return connect({ host, port: Number(port || 80) }, then)
}

/** null: it cannot be reached, takes no websocket, or does not answer in time. */
function openFar(request: IncomingMessage, target: URL): Promise<Far | null> {
  return new Promise((resolve) => {
    const socket = dial(target, () => socket.write(handedOn(request, target)))
    let heard = Buffer.alloc(0)
    const give = (far: Far | null): void => {
      clearTimeout(timer)
      socket.removeAllListeners('data')
      if (far === null) socket.destroy()
      else socket.pause()
      resolve(far)
    }
    const timer = setTimeout(() => give(null), CONNECT_MS_MAX)
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes])
      const end = heard.indexOf(HEAD_END)
      if (end === -1 && heard.length <= HEAD_BYTES_MAX) return
      const answer = heard.subarray(0, end + HEAD_END.length)
      const isOpen = end !== -1 && answer.subarray(0, 13).toString('latin1') === 'HTTP/1.1 101 '
      give(isOpen ? { socket, answer, rest: heard.subarray(answer.length) } : null)
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => give(null))
  })
}

/** Two ends joined; each frame is looked at as it goes by, and none is kept. */
class Tunnel {
  readonly held: PhoneHeld
  readonly #near: Socket
  readonly #over: () => void
  readonly #fromNear = new FrameReader(true)
  readonly #fromFar = new FrameReader(false)
  #far: Socket | null = null
  #counted = 0
  #room = FRAMES_AT_ONCE
  #countedAt = performance.now()

  constructor(near: Socket, held: PhoneHeld, over: () => void) {
    this.held = held
    this.#near = near
    this.#over = over
    near.once('close', () => {
      this.#far?.destroy()
      over()
    })
  }

  /** `head`: what the browser sent behind its request. */
  join({ socket, answer, rest }: Far, head: Buffer): void {
    this.#far = socket
    const near = this.#near
    socket.once('close', () => this.end({ code: CLOSED.switchLost, reason: 'the switch is away' }))
    if (near.destroyed || socket.destroyed) {
      near.destroy()
      socket.destroy()
      return
    }
    for (const end of [near, socket]) end.setKeepAlive(true, KEEP_ALIVE_MS)
    near.write(answer)
    this.#outward(rest)
    this.#inward(head)
    socket.on('data', (bytes) => this.#outward(bytes))
    near.on('data', (bytes) => this.#inward(bytes))
    // Whoever closes its half has nothing more to say, and a websocket with one half is none.
    near.once('end', () => near.destroy())
    near.on('drain', () => socket.resume())
    socket.on('drain', () => near.resume())
    socket.resume()
    near.resume()
  }

  /** Says why, where a frame may be put in; then nothing passes any more. */
  end(closing: Closing): void {
    const near = this.#near
    this.#far?.removeAllListeners('data')
    near.removeAllListeners('data')
    this.#far?.destroy()
    this.#over()
    if (near.destroyed || near.writableEnded) return
    if (this.#far === null || !this.#fromFar.isBetween) {
      near.destroy()
      return
    }
    const timer = setTimeout(() => near.destroy(), FAREWELL_MS)
    near.once('close', () => clearTimeout(timer))
    near.resume()
    near.end(this.#fromFar.isClosed ? Buffer.alloc(0) : closeFrame(closing))
  }

  #inward(bytes: Buffer): void {
    const fault = this.#fromNear.take(bytes) ?? this.#flood()
    if (fault !== null) this.end(fault)
    else if (this.#far?.write(bytes) === false) this.#near.pause()
  }

  #outward(bytes: Buffer): void {
    if (this.#fromFar.take(bytes) !== null) this.#near.destroy()
    else if (!this.#near.write(bytes)) this.#far?.pause()
  }

  #flood(): Closing | null {
    const now = performance.now()
    const [begun, passedMs] = [this.#fromNear.frames - this.#counted, now - this.#countedAt]
    this.#counted = this.#fromNear.frames
    this.#countedAt = now
    this.#room = Math.min(FRAMES_AT_ONCE, this.#room + (passedMs * FRAMES_PER_SECOND) / 1_000) - begun
    return this.#room < 0 ? { code: CLOSED.policy, reason: 'too many messages' } : null
  }
}

/** Leads the websockets of browsers' phones to Asterisk, and ends those whose session is over. */
export function phoneWay(ariUrl: () => string, lookEveryMs = LOOK_EVERY_MS): PhoneWay {
  const tunnels = new Set<Tunnel>()
  const look = async (): Promise<void> => {
    for (const tunnel of [...tunnels]) {
      // A store that fails for a moment ends no conversation.
      const may = await tunnel.held.mayStay().catch(() => true)
      if (!may) tunnel.end({ code: CLOSED.policy, reason: 'signed out' })
    }
  }
  const looking = setInterval(() => void look(), lookEveryMs).unref()
  return {
    count: (holder) => (holder === undefined ? tunnels.size : [...tunnels].filter(({ held }) => held.holder === holder).length),
    async lead({ request, socket, head }: PhoneAsked, held: PhoneHeld) {
      const tunnel = new Tunnel(socket, held, () => tunnels.delete(tunnel))
      tunnels.add(tunnel)
      const far = await openFar(request, new URL(ariUrl()))
      if (far === null) tunnels.delete(tunnel)
      return far === null ? null : () => tunnel.join(far, head)
    },
    close() {
      clearInterval(looking)
      for (const tunnel of [...tunnels]) tunnel.end({ code: CLOSED.goingAway, reason: 'the server stops' })
    },
  }
}
