/**
 * Carries out the engine's commands, in order for each leg. Every id Asterisk is given is ours: a channel is named as its leg, a bridge
 * after its call, a playback after its play; so whatever is repeated meets what is there already.
 */
import type { AgentId, LegId } from '#core/kernel/kernel.ts'
import type { AgentPhone } from '#core/solution/solution.ts'
import { PortError } from '#ports/errors.ts'
import { promptNames } from '#ports/spoken.ts'
import type { TelephonyCommand } from '#ports/telephony.ts'
import { type Ari, type AriBridge, AriRefused } from './ari.ts'
import { Lanes } from './lanes.ts'
import type { Leg, Legs } from './legs.ts'
import { Unhurried } from './unhurried.ts'

export interface CommandOptions {
  readonly app: string
  /** The PJSIP endpoint of a trunk; undefined: of the first. */
  readonly trunk: (id: string | undefined) => string
  readonly phone: (agentId: AgentId) => AgentPhone | undefined
  /** The prompts' folder, as Asterisk sees it. */
  readonly promptsFolder: string
  readonly played: (prompt: string) => boolean
  /** Classes of `musiconhold.conf`. Any other name plays `default`, save `ringing`, which then is the network's own ringing tone. */
  readonly music: () => readonly string[]
  /** A command the switch would not or could not carry out, in one sentence without numbers. */
  readonly trouble: (what: string) => void
}

type Of<T extends TelephonyCommand['type']> = Extract<TelephonyCommand, { readonly type: T }>

/** Between a channel's creation and its entry into the application lie milliseconds. */
const startMsMax = 5_000
/** Ids of rings remembered, so that none is carried out twice. */
const rungMax = 100_000
/** More commands waiting than this: the switch does not keep up, and is treated as lost. */
const waitingMax = 20_000
/** Of the requests that may be under way; the others are for who calls now. */
const foundAtOnce = 4
/** Q.850: the phone is not there; no circuit (Asterisk makes it 503). */
const cause = { absent: 20, noCircuit: 34 }

/** What may stand in a dial string: anything else could name another endpoint. */
const dialable = /^\+?[0-9*#]{1,32}$/

const pressable = /^[0-9*#]{1,64}$/

const bridgeId = (command: Of<'bridge.join'>): string => `${command.callId}-${command.bridge}`

export class Commands {
  readonly #ari: Ari
  readonly #legs: Legs
  readonly #options: CommandOptions
  readonly #lanes = new Lanes()
  readonly #found = new Unhurried(foundAtOnce)
  readonly #rung = new Set<LegId>()
  /** The bridge each leg is to be in by the commands given, carried out or not. */
  readonly #places = new Map<LegId, string>()

  constructor(ari: Ari, legs: Legs, options: CommandOptions) {
    this.#ari = ari
    this.#legs = legs
    this.#options = options
  }

  idle(): Promise<void> {
    return this.#lanes.idle()
  }

  send(command: TelephonyCommand): void {
    if (this.#lanes.size > waitingMax) {
      this.#options.trouble(`more than ${waitingMax} commands wait for the switch`)
      this.#ari.disconnect()
      return
    }
    const keys = this.#keys(command)
    for (const key of keys) this.#found.hurry(key)
    this.#lanes.run(
      keys,
      () => this.#carryOut(command),
      (error) => this.#failed(command, error),
    )
  }

  /**
   * A bridge waits for those who come and for those who are to leave it: one that is taken down while somebody in it is being moved
   * would take him with it.
   */
  #keys(command: TelephonyCommand): readonly string[] {
    if (command.type !== 'bridge.join') {
      if (command.type === 'music.start' || command.type === 'leg.hangUp') this.#places.delete(command.legId)
      return 'legs' in command ? command.legs : [command.legId]
    }
    const id = bridgeId(command)
    const keys = new Set([id, ...this.#placedIn(id), ...command.legs])
    for (const legId of this.#placedIn(id)) this.#places.delete(legId)
    for (const legId of command.legs) this.#places.set(legId, id)
    return [...keys]
  }

  #placedIn(id: string): readonly LegId[] {
    return [...this.#places].flatMap(([legId, place]) => (place === id ? [legId] : []))
  }

  /** 404: the leg has left meanwhile, and its end is told. 409: it is leaving. */
  #failed(command: TelephonyCommand, error: unknown): void {
    if (error instanceof AriRefused && (error.status === 404 || error.status === 409)) return
    if (!(error instanceof AriRefused || error instanceof PortError)) throw error
    this.#options.trouble(`${command.type}: ${error.message}`)
  }

  async #carryOut(command: TelephonyCommand): Promise<void> {
    switch (command.type) {
      case 'leg.ring':
        return this.#ring(command)
      case 'leg.answer':
        return this.#known(command.legId, async (leg) => {
          if (!leg.answered) await this.#ari.request('POST', `/channels/${leg.id}/answer`)
        })
      case 'leg.hangUp':
        return this.#known(command.legId, (leg) => this.#hangUp(leg, command.why))
      case 'prompt.play':
        return this.#play(command)
      case 'prompt.stop':
        for (const legId of command.legs) if (this.#legs.plays.hears(legId, command.playId)) await this.#stopPlay(legId)
        return
      case 'music.start':
        return this.#known(command.legId, (leg) => {
          const { found } = leg
          leg.found = false
          if (found) return this.#found.take(leg.id, () => this.#startMusic(leg, command.music, true))
          return this.#startMusic(leg, command.music)
        })
      case 'music.stop':
        return this.#known(command.legId, (leg) => this.#stopMusic(leg))
      case 'bridge.join':
        return this.#join(command)
      case 'leg.mute':
        return this.#known(command.legId, async (leg) => {
          await this.#ari.request(command.on ? 'POST' : 'DELETE', `/channels/${leg.id}/mute`, { direction: 'in' })
        })
      case 'digits.send':
        return this.#known(command.legId, async (leg) => {
          if (pressable.test(command.digits)) await this.#ari.request('POST', `/channels/${leg.id}/dtmf`, { dtmf: command.digits })
        })
      case 'leg.pickUp':
        return
    }
  }

  async #hangUp(leg: Leg, why: Of<'leg.hangUp'>['why']): Promise<void> {
    leg.endedByUs = true
    if (why !== 'unwritten' || !(await this.#sentOut(leg))) {
      const reason = why === 'overload' || why === 'unwritten' ? { reason_code: cause.noCircuit } : {}
      await this.#ari.request('DELETE', `/channels/${leg.id}`, reason)
    }
    leg.dying = true
  }

  /** Back into the dialplan (`config.ts`), where the caller hears that we are sorry; false: this dialplan is another's. */
  async #sentOut(leg: Leg): Promise<boolean> {
    try {
      await this.#ari.request('POST', `/channels/${leg.id}/continue`, { label: 'sorry' })
      return true
    } catch (error) {
      if (error instanceof AriRefused) return false
      throw error
    }
  }

  async #known(legId: LegId, then: (leg: Leg) => Promise<void>): Promise<void> {
    const leg = this.#legs.get(legId)
    if (leg !== undefined) await then(leg)
  }

  #endpoint({ to, trunk }: Of<'leg.ring'>): { readonly endpoint: string; readonly formats?: string } | undefined {
    const phone: AgentPhone | undefined = 'number' in to ? { kind: 'number', number: to.number } : this.#options.phone(to.agent)
    if (phone === undefined) return undefined
    if (phone.kind === 'number')
      return dialable.test(phone.number) ? { endpoint: `PJSIP/${phone.number}@${this.#options.trunk(trunk)}` } : undefined
    // Unless Opus is asked for, a browser's leg gets G.711.
    return { endpoint: `PJSIP/${phone.account}`, ...(phone.kind === 'desk' ? { formats: 'opus,ulaw' } : {}) }
  }

  async #ring(command: Of<'leg.ring'>): Promise<void> {
    const { legId, to } = command
    if (this.#rung.has(legId) || this.#legs.get(legId) !== undefined) return
    this.#rung.add(legId)
    if (this.#rung.size > rungMax) this.#rung.delete(this.#rung.values().next().value ?? '')
    const shown = 'number' in to ? to.number : to.agent
    this.#legs.asked(legId, shown)
    const address = this.#endpoint(command)
    if (address === undefined) return this.#legs.end(legId, { cause: cause.absent })
    try {
      const started = this.#started(legId)
      await this.#ari.request(
        'POST',
        '/channels/create',
        { ...address, app: this.#options.app, appArgs: 'outbound', channelId: legId },
        { variables: { SAMTAL_TO: shown, ...callerVariables(command.callerId) } },
      )
      await started
      if (this.#legs.get(legId) === undefined) return
      await this.#ari.request('POST', `/channels/${legId}/dial`, { timeout: Math.ceil(command.ringMsMax / 1000) })
    } catch (error) {
      await this.#notRung(legId, 'agent' in to, error)
    }
  }

  /** Resolves when the application has the channel (a dial before that is refused), or the leg is gone. */
  #started(legId: LegId): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, startMsMax)
      this.#legs.onStart(legId, () => {
        clearTimeout(late)
        resolve()
      })
    })
  }

  /** A refusal means that nobody was rung. Where nothing was heard, Asterisk is asked; where it does not answer either, reconciling will tell. */
  async #notRung(legId: LegId, agent: boolean, error: unknown): Promise<void> {
    if (!(error instanceof AriRefused || error instanceof PortError)) throw error
    this.#options.trouble(`leg.ring: ${error.message}`)
    if (error instanceof PortError) {
      try {
        await this.#ari.request('GET', `/channels/${legId}`)
      } catch (second) {
        if (!(second instanceof AriRefused)) return this.#ari.disconnect()
      }
    }
    try {
      await this.#ari.request('DELETE', `/channels/${legId}`)
    } catch (gone) {
      if (!(gone instanceof AriRefused)) throw gone
      this.#legs.end(legId, agent ? { cause: cause.absent } : {})
    }
  }

  /** `found`: a line that was there before us hears something, or nothing. Music takes its place of itself; stopped first there would be a hole. */
  async #startMusic(leg: Leg, music: string, found = false): Promise<void> {
    const isClass = this.#options.music().includes(music)
    const isTone = music === 'ringing' && !isClass
    if (isTone || !found) await this.#silence(leg)
    await this.#leave(leg)
    if (isTone) {
      await this.#ari.request('POST', `/channels/${leg.id}/ring`)
      leg.ringing = true
      return
    }
    await this.#ari.request('POST', `/channels/${leg.id}/moh`, { mohClass: isClass ? music : 'default' })
    leg.music = true
  }

  async #stopMusic(leg: Leg): Promise<void> {
    if (leg.ringing) {
      leg.ringing = false
      await this.#ari.request('DELETE', `/channels/${leg.id}/ring`)
    }
    if (!leg.music) return
    leg.music = false
    await this.#ari.request('DELETE', `/channels/${leg.id}/moh`)
  }

  async #stopPlay(legId: LegId): Promise<void> {
    const playbackId = this.#legs.plays.leave(legId)
    if (playbackId === undefined) return
    try {
      await this.#ari.request('DELETE', `/playbacks/${playbackId}`)
    } catch (error) {
      // It has just come to its end by itself.
      if (!(error instanceof AriRefused && error.status === 404)) throw error
    }
  }

  async #silence(leg: Leg): Promise<void> {
    await this.#stopPlay(leg.id)
    await this.#stopMusic(leg)
  }

  /** Who hears music hears nobody, and is heard by nobody: joining again ends both. */
  async #leave(leg: Leg, bridge = leg.bridge): Promise<void> {
    if (bridge === null) return
    if (leg.bridge === bridge) leg.bridge = null
    try {
      await this.#ari.request('POST', `/bridges/${bridge}/removeChannel`, { channel: leg.id })
    } catch (error) {
      // It had left, or the bridge had been taken down.
      if (!(error instanceof AriRefused)) throw error
    }
  }

  async #play(command: Of<'prompt.play'>): Promise<void> {
    const { playId } = command
    const legs = command.legs.flatMap((legId) => this.#legs.get(legId) ?? [])
    if (legs.length === 0 || this.#legs.plays.has(playId)) return
    for (const leg of legs) await this.#silence(leg)
    const prompts = command.parts.flatMap((part) => ('prompt' in part ? [part.prompt] : []))
    if (prompts.length > 0 && !prompts.some(this.#options.played)) {
      this.#legs.heard(playId)
      return
    }
    const folder = `${this.#options.promptsFolder}/${command.language}`
    const media = promptNames(command.parts.filter((part) => !('prompt' in part) || this.#options.played(part.prompt)))
      .map((name) => `sound:${folder}/${name}`)
      .join(',')
    const bridge = legs.length > 1 && legs.every((leg) => leg.bridge === legs[0]?.bridge) ? (legs[0]?.bridge ?? null) : null
    const targets =
      bridge === null
        ? legs.map((leg, index) => ({
            target: `channels/${leg.id}`,
            playbackId: index === 0 ? playId : `${playId}~${index}`,
            legs: [leg.id],
          }))
        : [{ target: `bridges/${bridge}`, playbackId: playId, legs: legs.map((leg) => leg.id) }]
    this.#legs.plays.begin(playId, new Map(targets.map((one) => [one.playbackId, one.legs])))
    await Promise.all(targets.map((one) => this.#ari.request('POST', `/${one.target}/play/${one.playbackId}`, { media })))
  }

  /** Asterisk is asked who is in the bridge now, so that the outcome is exact also after a restart, and however often it is said. */
  async #join(command: Of<'bridge.join'>): Promise<void> {
    const id = bridgeId(command)
    const now = await this.#ari.bridge(id)
    if (command.legs.length === 0) return this.#takeDown(id, now)
    const there = new Set(now?.channels ?? [])
    const legs = command.legs.flatMap((legId) => this.#legs.get(legId) ?? [])
    // Asterisk still lists for a moment who has just been moved elsewhere.
    const coming = legs.filter((leg) => !there.has(leg.id) || leg.bridge !== id)
    const going = [...there].flatMap((legId) => (command.legs.includes(legId) ? [] : (this.#legs.get(legId) ?? [])))
    if (now === undefined) await this.#ari.request('POST', `/bridges/${id}`, { type: 'mixing' })
    for (const leg of going) await this.#leave(leg, id)
    let refused: AriRefused | null = null
    for (const leg of coming) {
      try {
        await this.#silence(leg)
        await this.#ari.request('POST', `/bridges/${id}/addChannel`, { channel: leg.id })
        leg.bridge = id
      } catch (error) {
        // One who is just leaving keeps nobody else out.
        if (!(error instanceof AriRefused)) throw error
        refused = error
      }
    }
    if (refused !== null) throw refused
  }

  /**
   * Whoever is still in it is taken out first. Taken down around somebody, a bridge lives on for as long as something plays to him: whoever
   * is to come into one of that name then never enters, and what is played to him in that moment is never heard.
   */
  async #takeDown(id: string, now: AriBridge | undefined): Promise<void> {
    if (now === undefined) return
    for (const legId of now.channels) {
      const leg = this.#legs.get(legId)
      if (leg !== undefined) await this.#leave(leg, id)
    }
    await this.#ari.request('DELETE', `/bridges/${id}`)
  }

  /** A leg that is over is nowhere. */
  forget(legId: LegId): void {
    this.#places.delete(legId)
  }

  /**
   * The last leg has left: Asterisk would keep the bridge for ever. Asked in the bridge's own lane, and left alone where somebody is to
   * be in it: Asterisk lists who joins a moment later.
   */
  tidy(id: string): void {
    const task = async (): Promise<void> => {
      if (this.#placedIn(id).length > 0) return
      const now = await this.#ari.bridge(id)
      if (now !== undefined && now.channels.length === 0) await this.#ari.request('DELETE', `/bridges/${id}`)
    }
    this.#lanes.run([id], task, (error) => {
      if (!(error instanceof AriRefused || error instanceof PortError)) throw error
    })
  }
}

/** On a leg we ring, the connected line is who calls: it becomes the From header. */
const callerVariables = (callerId: string | null): Readonly<Record<string, string>> =>
  callerId === null ? { 'CONNECTEDLINE(pres)': 'prohib' } : { 'CONNECTEDLINE(num)': callerId, 'CONNECTEDLINE(pres)': 'allowed' }
