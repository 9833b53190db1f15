/**
 * Asterisk's REST interface as far as we use it: requests over HTTP, events over a websocket. Nothing in here knows what a call is.
 */
import { Pool } from 'undici'
import { WebSocket } from 'ws'
import { PortError } from '#ports/errors.ts'

export interface AriOptions {
  /** As `http://127.0.0.1:8088/ari`. */
  readonly url: string
  readonly user: string
  readonly password: string
  readonly app: string
}

export interface AriChannel {
  readonly id: string
  readonly state: string
  readonly caller: string
  /** What the dialplan does with it: `Stasis` and its arguments while the application has it. */
  readonly dialplanApp: string
  readonly dialplanData: string
  readonly to: string
}

export interface AriBridge {
  readonly id: string
  readonly channels: readonly string[]
}

export interface AriEvent {
  readonly type: string
  readonly channel?: AriChannel
  readonly peer?: AriChannel
  readonly bridge?: AriBridge
  /** The SIP endpoint it is about. */
  readonly endpoint?: string
  readonly playbackId?: string
  readonly playbackState?: string
  readonly dialStatus?: string
  readonly cause?: number
  readonly sipStatus?: number
  readonly digit?: string
  readonly durationMs?: number
  /** The switch's clock, milliseconds since 1970; 0 where it did not say. */
  readonly at: number
  readonly args: readonly string[]
}

/** What tells that a phone came or went. */
export const phoneEvents: ReadonlySet<string> = new Set(['PeerStatusChange', 'ContactStatusChange'])

/** A request waits so long for its answer. */
const requestMsMax = 5_000
/** For a connection, and what makes it private; of the websocket until it is open. */
const connectMsMax = 3_000
const connections = 16
/** A websocket that answers no ping within one such time is dead. */
const farewellMsMax = 1_000
const pingEveryMs = 5_000

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])
const whole = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

const channelOf = (value: unknown): AriChannel | undefined => {
  const fields = fieldsOf(value)
  if (text(fields['id']) === '') return undefined
  const dialplan = fieldsOf(fields['dialplan'])
  return {
    id: text(fields['id']),
    state: text(fields['state']),
    caller: text(fieldsOf(fields['caller'])['number']),
    dialplanApp: text(dialplan['app_name']),
    dialplanData: text(dialplan['app_data']),
    to: text(fieldsOf(fields['channelvars'])['SAMTAL_TO']),
  }
}

const bridgeOf = (value: unknown): AriBridge | undefined => {
  const fields = fieldsOf(value)
  return text(fields['id']) === '' ? undefined : { id: text(fields['id']), channels: texts(fields['channels']) }
}

/** What one message of the websocket says; undefined where it is no event. */
export const readEvent = (message: string): AriEvent | undefined => {
  let fields: Fields
  try {
    fields = fieldsOf(JSON.parse(message))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const type = text(fields['type'])
  if (type === '') return undefined
  const playback = fieldsOf(fields['playback'])
  const found = {
    channel: channelOf(fields['channel']),
    peer: channelOf(fields['peer']),
    bridge: bridgeOf(fields['bridge']),
    endpoint: text(fieldsOf(fields['endpoint'])['resource']) || undefined,
    playbackId: typeof playback['id'] === 'string' ? playback['id'] : undefined,
    playbackState: typeof playback['state'] === 'string' ? playback['state'] : undefined,
    dialStatus: typeof fields['dialstatus'] === 'string' ? fields['dialstatus'] : undefined,
    cause: whole(fields['cause']),
    sipStatus: whole(fields['tech_cause']),
    digit: typeof fields['digit'] === 'string' ? fields['digit'] : undefined,
    durationMs: whole(fields['duration_ms']),
  }
  const given = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
  return { type, at: Date.parse(text(fields['timestamp'])) || 0, args: texts(fields['args']), ...given }
}

/** Asterisk understood and said no. */
export class AriRefused extends Error {
  override readonly name = 'AriRefused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export class Ari {
  readonly #options: AriOptions
  readonly #pool: Pool
  readonly #path: string
  readonly #authorization: string
  #socket: WebSocket | null = null

  constructor(options: AriOptions) {
    this.#options = options
    const url = new URL(options.url)
    this.#path = url.pathname.replace(/\/$/, '')
    this.#authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`
    this.#pool = new Pool(url.origin, {
      connections,
      connectTimeout: connectMsMax,
      headersTimeout: requestMsMax,
      bodyTimeout: requestMsMax,
      keepAliveTimeout: 10_000,
      // Asterisk speaks none. Asked for over TLS, the first connection would have to tell before there is another, and all wait for one that hangs.
      allowH2: false,
    })
  }

  /** Rejects with `AriRefused` (Asterisk said no) or `PortError` (it could not be reached, or said nothing in time). */
  async request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, query: Fields = {}, body?: Fields): Promise<unknown> {
    const asked = new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])).toString()
    let status: number
    let answer: string
    try {
      const response = await this.#pool.request({
        method,
        path: `${this.#path}${path}${asked === '' ? '' : `?${asked}`}`,
        headers: { authorization: this.#authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      status = response.statusCode
      answer = await response.body.text()
    } catch (cause) {
      throw new PortError('telephony', `${method} ${path}`, { message: 'Asterisk cannot be reached', retry: true, cause })
    }
    if (status >= 400) throw new AriRefused(status, `${method} ${path}: ${status}`)
    return answer === '' ? undefined : JSON.parse(answer)
  }

  async channels(): Promise<readonly AriChannel[]> {
    const answer = await this.request('GET', '/channels')
    return Array.isArray(answer) ? answer.flatMap((one) => channelOf(one) ?? []) : []
  }

  async bridges(): Promise<readonly AriBridge[]> {
    const answer = await this.request('GET', '/bridges')
    return Array.isArray(answer) ? answer.flatMap((one) => bridgeOf(one) ?? []) : []
  }

  /** The state of every SIP endpoint, by its name. */
  async endpoints(): Promise<ReadonlyMap<string, string>> {
    const answer = await this.request('GET', '/endpoints/PJSIP')
    return new Map(Array.isArray(answer) ? answer.map((one) => [text(fieldsOf(one)['resource']), text(fieldsOf(one)['state'])]) : [])
  }

  /** Packets of voice this channel has brought; null: there is no such channel, or it has no voice. */
  async received(channelId: string): Promise<number | null> {
    try {
      return whole(fieldsOf(await this.request('GET', `/channels/${channelId}/rtp_statistics`))['rxcount']) ?? null
    } catch (error) {
      if (error instanceof AriRefused) return null
      throw error
    }
  }

  /**
   * From now on told when a SIP phone registers, is closed, or does not answer. Under an application of its own, which takes these events
   * alone: who watches a phone is told of all that happens on its calls, and ours would hear of everything twice.
   */
  async watchPhones(): Promise<void> {
    const allowed = [...phoneEvents].map((type) => ({ type }))
    await this.request('PUT', `/applications/${this.#watcher}/eventFilter`, {}, { allowed })
    await this.request('POST', `/applications/${this.#watcher}/subscription`, { eventSource: 'endpoint:PJSIP' })
  }

  get #watcher(): string {
    return `${this.#options.app}-phones`
  }

  async isPlaying(playbackId: string): Promise<boolean> {
    try {
      await this.request('GET', `/playbacks/${playbackId}`)
      return true
    } catch (error) {
      if (error instanceof AriRefused && error.status === 404) return false
      throw error
    }
  }

  /** undefined: there is none with this id. */
  async bridge(id: string): Promise<AriBridge | undefined> {
    try {
      return bridgeOf(await this.request('GET', `/bridges/${id}`))
    } catch (error) {
      if (error instanceof AriRefused && error.status === 404) return undefined
      throw error
    }
  }

  /** Resolves when the websocket is open; from then on every message goes to `onMessage`, and its end to `onClose`, once. */
  connect(onMessage: (message: string) => void, onClose: () => void): Promise<void> {
    const { user, password, app, url } = this.#options
    const query = new URLSearchParams({ app: `${app},${this.#watcher}`, subscribeAll: 'false', api_key: `${user}:${password}` })
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/events?${query}`, { perMessageDeflate: false })
    // Whatever comes meanwhile: a limit for silence alone would begin anew with each byte of a handshake that never ends.
    const late = setTimeout(() => socket.terminate(), connectMsMax)
    this.#socket = socket
    return new Promise((resolve, reject) => {
      let ping: NodeJS.Timeout | undefined
      let answered = true
      socket.on('pong', () => {
        answered = true
      })
      socket.on('message', (data) => onMessage(String(data)))
      socket.once('open', () => {
        clearTimeout(late)
        ping = setInterval(() => {
          if (!answered) socket.terminate()
          answered = false
          socket.ping()
        }, pingEveryMs)
        socket.once('close', onClose)
        resolve()
      })
      socket.on('error', (cause) => {
        reject(new PortError('telephony', 'connect', { message: 'Asterisk cannot be reached', retry: true, cause }))
      })
      socket.once('close', () => {
        clearTimeout(late)
        clearInterval(ping)
      })
    })
  }

  /** Drops the websocket, as if the network had. */
  disconnect(): void {
    this.#socket?.terminate()
  }

  /**
   * Says goodbye and waits until Asterisk has let go: one that ends the old connection after a new one has come would take the
   * application away from the new one.
   */
  async close(): Promise<void> {
    await this.#farewell(this.#socket)
    await this.#pool.destroy()
  }

  #farewell(socket: WebSocket | null): Promise<void> {
    if (socket === null || socket.readyState === WebSocket.CLOSED) return Promise.resolve()
    return new Promise((resolve) => {
      const late = setTimeout(() => socket.terminate(), farewellMsMax)
      socket.once('close', () => {
        clearTimeout(late)
        resolve()
      })
      if (socket.readyState === WebSocket.OPEN) socket.close(1000)
      else socket.terminate()
    })
  }
}
