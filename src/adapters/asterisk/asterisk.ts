/**
 * Asterisk 20 and 22 behind the Telephony port, through ARI. One websocket brings events, requests go over HTTP. While the websocket
 * is away legs live on in Asterisk: it is opened again within a second, and what the switch has then is what counts.
 */
import type { AgentId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { AgentPhone } from '#core/solution/solution.ts'
import { PortError } from '#ports/errors.ts'
import type { LegAlive, LegPast, Telephony, TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { Ari, AriRefused, phoneEvents, readEvent } from './ari.ts'
import { Commands } from './commands.ts'
import { LegLog } from './leglog.ts'
import { Legs } from './legs.ts'
import { PhoneWatch } from './phones.ts'
import { Vanished } from './vanished.ts'

export interface AsteriskOptions {
  /** As `http://127.0.0.1:8088/ari`. */
  readonly ariUrl: string
  readonly user: string
  readonly password: string
  /** The Stasis application the dialplan sends calls to. */
  readonly app: string
  /** The PJSIP endpoint of a trunk of the solution; undefined: of the first. Asked at each ring. */
  readonly trunk: (id: string | undefined) => string
  /** Agents' phones; asked at each ring, so that a reloaded solution counts at once. */
  readonly phone: (agentId: AgentId) => AgentPhone | undefined
  /** Agents whose phones are watched; left out: nobody's. */
  readonly agents?: () => readonly AgentId[]
  /** The folder of prompts by language, as Asterisk sees it. */
  readonly promptsFolder: string
  /** Whether the solution wants this prompt played at all; left out: every one. */
  readonly played?: (prompt: string) => boolean
  /** Classes of music Asterisk has; any other name plays `default`. Asked at each need. */
  readonly music?: () => readonly string[]
  /** The leg log; undefined: there is none, and the past of a leg is unknown. */
  readonly celFile?: string
  /** Told what the switch refused, and messages that were not understood. Holds no numbers. */
  readonly trouble?: (what: string) => void
}

/** Waits between attempts to reconnect; the last is kept. Asterisk holds new calls outside meanwhile. */
const reconnectMs = [50, 100, 250, 500, 1_000] as const
/** Q.850, destination out of order: the phone of a leg has vanished. */
const vanished = 27
/** Lines named in one request: Asterisk reads an address of some thousand characters at most. */
const watchedAtOnce = 20
/** Stopping waits so long for commands under way. */
const drainMsMax = 2_000

export interface AsteriskTelephony extends Telephony {
  /** Events whose type is not known, by type: counted, and skipped. */
  unknownEvents(): Readonly<Record<string, number>>
}

export const createAsterisk = (options: AsteriskOptions): AsteriskTelephony => new Switch(options)

class Switch implements AsteriskTelephony {
  readonly #options: AsteriskOptions
  readonly #log: LegLog | null
  readonly #legs: Legs
  readonly #phones: PhoneWatch
  readonly #vanished: Vanished
  #ari: Ari
  #commands: Commands
  #handler: ((event: TelephonyEvent) => void) | null = null
  #state: 'stopped' | 'connecting' | 'up' | 'lost' = 'stopped'
  #retry: NodeJS.Timeout | undefined
  /** The number of the newest connection: what an older one still says is not heard. */
  #connection = 0

  constructor(options: AsteriskOptions) {
    this.#options = options
    this.#log = options.celFile === undefined ? null : new LegLog(options.celFile)
    this.#legs = new Legs(options.app, (event) => this.#handler?.(event))
    this.#ari = this.#newAri()
    this.#commands = this.#newCommands()
    this.#phones = new PhoneWatch({
      states: () => this.#ari.endpoints(),
      agents: options.agents ?? (() => []),
      phone: options.phone,
      now: Date.now,
      tell: (event) => this.#handler?.(event),
      doubt: (agentId) => this.#vanished.doubt(this.#legs.talking(agentId)),
      trouble: (what) => this.#trouble(what),
    })
    this.#vanished = new Vanished({ received: (legId) => this.#received(legId), lose: (legId) => this.#lose(legId) })
  }

  async #received(legId: LegId): Promise<number | null> {
    try {
      return await this.#ari.received(legId)
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      // Nobody can tell whether it is there: that is no reason to end it.
      this.#trouble(`asking for the voice of a leg: ${error.message}`)
      return null
    }
  }

  /** Nothing is heard from the phone any more: Asterisk lets go of it, and the leg ends as the network's doing. */
  #lose(legId: LegId): void {
    this.#ari.request('DELETE', `/channels/${legId}`, { reason_code: vanished }).then(
      () => this.#legs.end(legId, { cause: vanished }),
      (error: unknown) => {
        if (!(error instanceof AriRefused || error instanceof PortError)) throw error
        this.#trouble(`letting go of a phone that vanished: ${error.message}`)
      },
    )
  }

  #newAri(): Ari {
    const { ariUrl: url, user, password, app } = this.#options
    return new Ari({ url, user, password, app })
  }

  #newCommands(): Commands {
    const { app, trunk, phone, promptsFolder, music = () => [], played = () => true } = this.#options
    return new Commands(this.#ari, this.#legs, {
      app,
      trunk,
      phone,
      promptsFolder,
      played,
      music,
      trouble: (what) => this.#trouble(what),
    })
  }

  #trouble(what: string): void {
    this.#options.trouble?.(what)
  }

  answersFromDesk(): boolean {
    return false
  }

  phoneSeenAt(agentId: AgentId): Ms | null {
    return this.#phones.seenAt(agentId)
  }

  async start(handler: (event: TelephonyEvent) => void): Promise<void> {
    if (this.#state !== 'stopped') throw new PortError('telephony', 'start', { message: 'started twice', retry: false })
    this.#handler = handler
    this.#state = 'connecting'
    try {
      await this.#connect()
      this.#state = 'up'
      this.#phones.start()
    } catch (error) {
      this.#lost(error)
    }
  }

  /** Opens the websocket and takes over what the switch has. Events that come meanwhile are kept until that is known. */
  async #connect(): Promise<void> {
    this.#connection += 1
    const mine = this.#connection
    const early: string[] = []
    let adopted = false
    let closed = false
    const onMessage = (message: string): void => {
      if (adopted) this.#message(message)
      else early.push(message)
    }
    const onClose = (): void => {
      closed = true
      if (mine === this.#connection) this.#lost(undefined)
    }
    await this.#ari.connect(onMessage, onClose)
    const [channels, bridges] = await Promise.all([this.#ari.channels(), this.#ari.bridges()])
    if (closed) throw new PortError('telephony', 'connect', { message: 'the connection was closed', retry: true })
    if (this.#options.agents !== undefined) await this.#ari.watchPhones()
    this.#legs.adopt(channels, bridges)
    adopted = true
    for (const message of early) this.#message(message)
    this.#watchFound(
      this.#legs.alive(channels, bridges).map(({ legId }) => legId),
      () => mine === this.#connection && !closed,
    )
    if (closed) throw new PortError('telephony', 'connect', { message: 'the connection was closed', retry: true })
  }

  /**
   * Lines that were there before: nobody new waits until thousands are watched. One that ends before it is watched is found gone then.
   */
  async #watchEach(legIds: readonly LegId[], isConnected: () => boolean): Promise<void> {
    for (let from = 0; from < legIds.length && isConnected(); from += watchedAtOnce)
      await this.#watch(legIds.slice(from, from + watchedAtOnce))
  }

  #watchFound(legIds: readonly LegId[], isConnected: () => boolean): void {
    this.#watchEach(legIds, isConnected).catch((error: unknown) => {
      if (isConnected()) this.#unwatched(error)
    })
  }

  /** Without this the end of a line that came in is not told. */
  async #watch(legIds: readonly LegId[]): Promise<void> {
    const eventSource = legIds.map((legId) => `channel:${legId}`).join(',')
    try {
      await this.#ari.request('POST', `/applications/${this.#options.app}/subscription`, { eventSource })
    } catch (error) {
      if (!(error instanceof AriRefused)) throw error
      // It has left since: nobody would tell. Of several it is not said which, and none is watched.
      if (legIds.length === 1) for (const legId of legIds) this.#legs.end(legId, {})
      else for (const legId of legIds) await this.#watch([legId])
    }
  }

  /** Its end would not be told: reconciling will. */
  #unwatched(error: unknown): void {
    this.#trouble(String(error))
    this.#ari.disconnect()
  }

  #message(message: string): void {
    const event = readEvent(message)
    if (event === undefined) {
      this.#trouble('a message that is no event')
      return
    }
    const arrived = this.#legs.take(event)
    if (arrived !== undefined) {
      this.#watch([arrived]).catch((error: unknown) => this.#unwatched(error))
    }
    if (phoneEvents.has(event.type) && event.endpoint !== undefined && this.#state === 'up') this.#phones.changed(event.endpoint)
    if (event.type === 'ChannelDestroyed' && event.channel !== undefined) this.#commands.forget(event.channel.id)
    if (event.type === 'ChannelLeftBridge' && event.bridge?.channels.length === 0) this.#commands.tidy(event.bridge.id)
  }

  #lost(error: unknown): void {
    if (this.#state === 'stopped' || this.#state === 'lost') return
    if (error !== undefined) this.#trouble(error instanceof Error ? error.message : String(error))
    this.#state = 'lost'
    this.#phones.stop()
    this.#vanished.stop()
    this.#ari.disconnect()
    this.#handler?.({ type: 'switch.lost' })
    this.#reconnect(0)
  }

  #reconnect(attempt: number): void {
    const wait = reconnectMs[Math.min(attempt, reconnectMs.length - 1)] ?? 1_000
    this.#retry = setTimeout(() => {
      this.#connect().then(
        () => {
          if (this.#state !== 'lost') return
          this.#state = 'up'
          this.#handler?.({ type: 'switch.found' })
          this.#phones.start()
        },
        () => {
          this.#ari.disconnect()
          if (this.#state === 'lost') this.#reconnect(attempt + 1)
        },
      )
    }, wait)
  }

  send(command: TelephonyCommand): void {
    if (this.#state === 'up') this.#commands.send(command)
  }

  async alive(): Promise<readonly LegAlive[]> {
    if (this.#state !== 'up') throw new PortError('telephony', 'alive', { message: 'the switch is away', retry: true })
    try {
      await this.#commands.idle()
      const [channels, bridges] = await Promise.all([this.#ari.channels(), this.#ari.bridges()])
      return this.#legs.alive(channels, bridges)
    } catch (error) {
      if (error instanceof PortError) throw error
      throw new PortError('telephony', 'alive', { message: 'the switch refuses to tell', retry: true, cause: error })
    }
  }

  async plays(playId: string): Promise<boolean> {
    if (this.#state !== 'up') throw new PortError('telephony', 'plays', { message: 'the switch is away', retry: true })
    try {
      await this.#commands.idle()
      const playing = await Promise.all(this.#legs.plays.playbacks(playId).map((playbackId) => this.#ari.isPlaying(playbackId)))
      return playing.includes(true)
    } catch (error) {
      throw new PortError('telephony', 'plays', { message: 'the switch refuses to tell', retry: true, cause: error })
    }
  }

  past(legId: LegId): Promise<LegPast | null> {
    return this.#log === null ? Promise.resolve(null) : this.#log.past(legId)
  }

  unknownEvents(): Readonly<Record<string, number>> {
    return this.#legs.unknownEvents()
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    clearTimeout(this.#retry)
    this.#phones.stop()
    this.#vanished.stop()
    let late: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      late = setTimeout(resolve, drainMsMax)
    })
    await Promise.race([this.#commands.idle(), patience])
    clearTimeout(late)
    this.#handler = null
    await this.#ari.close()
    this.#ari = this.#newAri()
    this.#commands = this.#newCommands()
  }
}
