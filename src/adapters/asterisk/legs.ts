/**
 * What we know of the legs in the switch, and how its events become ours. Every handler may meet an event twice, late, or before the
 * answer to the request that caused it.
 */
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { LegAlive, TelephonyEvent } from '#ports/telephony.ts'
import type { AriBridge, AriChannel, AriEvent } from './ari.ts'
import { Keys } from './keys.ts'
import { endingOf, lostOf } from './outcome.ts'
import { Plays } from './plays.ts'

export interface Leg {
  readonly id: LegId
  readonly inbound: boolean
  /** It was there before us, and nobody has said anew yet what is heard on it. */
  found: boolean
  readonly from: string | null
  readonly to: string
  rang: boolean
  answered: boolean
  /** The far end is leaving: what still plays to it is not heard to its end. */
  leaving: boolean
  /** We asked for its end. */
  endedByUs: boolean
  /** Asterisk has taken that: it still lists the channel for a moment, and nobody is there any more. */
  dying: boolean
  /** Whether music may be playing: unknown of a leg found after a restart, so it is stopped on trust. */
  music: boolean
  /** The same of a ringing tone. */
  ringing: boolean
  bridge: string | null
  /** The far end has put it on hold, and need not send any sound. */
  onHold: boolean
  readonly keys: Keys
}

/** Events that tell nothing we do not know otherwise. */
const ofNoUse: ReadonlySet<string> = new Set([
  'ApplicationReplaced',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDialplan',
  'ChannelToneDetected',
  'ChannelVarset',
  'MohStart',
  'MohStop',
  'ChannelMohStart',
  'ChannelMohStop',
  'ContactStatusChange',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackStarted',
  'StasisEnd',
])

/** `Stasis(app,inbound,trunk,number called,presentation)`, see the dialplan of `config.ts`. */
const inboundArgs = (args: readonly string[]): { readonly trunk: string; readonly to: string; readonly shown: boolean } | undefined => {
  const [kind, trunk, to, presentation] = args
  if (kind !== 'inbound' || trunk === undefined || to === undefined) return undefined
  return { trunk, to, shown: presentation === undefined || !/^(prohib|unavailable)/.test(presentation) }
}

const callerOf = (channel: AriChannel, shown: boolean): string | null =>
  !shown || channel.caller === '' || /^anonymous$/i.test(channel.caller) ? null : channel.caller

export class Legs {
  readonly plays = new Plays()
  readonly #app: string
  readonly #legs = new Map<LegId, Leg>()
  readonly #tell: (event: TelephonyEvent) => void
  readonly #now: () => Ms
  /** Called when Asterisk has given a channel to the application. */
  readonly #started = new Map<LegId, () => void>()
  readonly #unknown = new Map<string, number>()

  constructor(app: string, tell: (event: TelephonyEvent) => void, now: () => Ms = Date.now) {
    this.#app = app
    this.#tell = tell
    this.#now = now
  }

  get(legId: LegId): Leg | undefined {
    return this.#legs.get(legId)
  }

  /** The answered legs of what we rang under this name. */
  talking(to: string): readonly LegId[] {
    return [...this.#legs.values()].flatMap((leg) => (leg.to === to && leg.answered && !leg.inbound && !leg.endedByUs ? [leg.id] : []))
  }

  /** Events whose type we do not know, counted. */
  unknownEvents(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#unknown)
  }

  /** A leg we are about to ring. */
  asked(legId: LegId, to: string): void {
    const leg: Leg = {
      id: legId,
      inbound: false,
      found: false,
      from: null,
      to,
      rang: false,
      answered: false,
      leaving: false,
      endedByUs: false,
      dying: false,
      music: false,
      ringing: false,
      bridge: null,
      onHold: false,
      keys: new Keys(),
    }
    this.#legs.set(legId, leg)
  }

  /** Calls once the application has the leg, or the leg is gone. */
  onStart(legId: LegId, call: () => void): void {
    this.#started.set(legId, call)
  }

  /** The leg is over: told once. */
  end(legId: LegId, gone: { readonly cause?: number; readonly sipStatus?: number }): void {
    const leg = this.#legs.get(legId)
    if (leg === undefined) return
    this.#legs.delete(legId)
    this.plays.leave(legId)
    this.#release(legId)
    const { answered, inbound, endedByUs: byUs } = leg
    const ending = endingOf({ answered, inbound, byUs, cause: gone.cause, sipStatus: gone.sipStatus })
    const lost = answered && !byUs ? lostOf(ending.cause, leg.onHold, this.#now()) : {}
    this.#tell({ type: 'leg.ended', legId, ...ending, ...lost })
  }

  /** A play with nothing in it is at its end at once. */
  heard(playId: string): void {
    this.#tell({ type: 'prompt.finished', playId })
  }

  #release(legId: LegId): void {
    this.#started.get(legId)?.()
    this.#started.delete(legId)
  }

  /** Gives back the leg that has just come in, for it to be watched. */
  take(event: AriEvent): LegId | undefined {
    const { channel } = event
    switch (event.type) {
      case 'StasisStart':
        return channel === undefined ? undefined : this.#entered(channel, event.args)
      case 'ChannelStateChange':
        if (channel?.state === 'Ringing') this.#rang(channel.id)
        if (channel?.state === 'Up') this.#answered(channel.id)
        return undefined
      case 'Dial':
        if (event.dialStatus === 'RINGING' || event.dialStatus === 'PROGRESS') this.#rang(event.peer?.id)
        if (event.dialStatus === 'ANSWER') this.#answered(event.peer?.id)
        return undefined
      case 'ChannelDtmfReceived':
        this.#pressed(event)
        return undefined
      case 'PlaybackFinished':
        this.#played(event)
        return undefined
      case 'ChannelEnteredBridge':
      case 'ChannelLeftBridge':
        this.#moved(event)
        return undefined
      case 'ChannelHold':
      case 'ChannelUnhold': {
        const leg = channel === undefined ? undefined : this.#legs.get(channel.id)
        if (leg !== undefined) leg.onHold = event.type === 'ChannelHold'
        return undefined
      }
      case 'ChannelHangupRequest': {
        const leg = channel === undefined ? undefined : this.#legs.get(channel.id)
        if (leg !== undefined) leg.leaving = true
        return undefined
      }
      case 'ChannelDestroyed':
        if (channel !== undefined) this.end(channel.id, event)
        return undefined
      default:
        if (!ofNoUse.has(event.type)) this.#unknown.set(event.type, (this.#unknown.get(event.type) ?? 0) + 1)
        return undefined
    }
  }

  #entered(channel: AriChannel, args: readonly string[]): LegId | undefined {
    const inbound = inboundArgs(args)
    if (inbound === undefined) {
      this.#release(channel.id)
      return undefined
    }
    if (this.#legs.has(channel.id)) return undefined
    const leg = this.#found(channel, inbound)
    this.#tell({ type: 'leg.arrived', legId: leg.id, from: leg.from, to: leg.to, trunk: inbound.trunk })
    if (channel.state === 'Up') this.#answered(channel.id)
    return leg.id
  }

  #found(channel: AriChannel, inbound: ReturnType<typeof inboundArgs>): Leg {
    const leg: Leg = {
      id: channel.id,
      inbound: inbound !== undefined,
      found: false,
      from: inbound === undefined ? null : callerOf(channel, inbound.shown),
      to: inbound === undefined ? channel.to : inbound.to,
      rang: channel.state === 'Ringing',
      answered: false,
      leaving: false,
      endedByUs: false,
      dying: false,
      music: false,
      ringing: false,
      bridge: null,
      onHold: false,
      keys: new Keys(),
    }
    this.#legs.set(leg.id, leg)
    return leg
  }

  #rang(legId: LegId | undefined): void {
    const leg = legId === undefined ? undefined : this.#legs.get(legId)
    if (leg === undefined || leg.inbound || leg.rang || leg.answered) return
    leg.rang = true
    this.#tell({ type: 'leg.rang', legId: leg.id })
  }

  #answered(legId: LegId | undefined): void {
    const leg = legId === undefined ? undefined : this.#legs.get(legId)
    if (leg === undefined || leg.answered) return
    leg.answered = true
    this.#tell({ type: 'leg.answered', legId: leg.id })
  }

  #pressed(event: AriEvent): void {
    const leg = event.channel === undefined ? undefined : this.#legs.get(event.channel.id)
    const { digit } = event
    if (leg === undefined || digit === undefined) return
    if (leg.keys.isPress({ digit, endedAt: event.at, durationMs: event.durationMs ?? 0 }))
      this.#tell({ type: 'digit.pressed', legId: leg.id, digit })
  }

  #played(event: AriEvent): void {
    const playbackId = event.playbackId ?? ''
    const listeners = this.plays.listeners(playbackId)
    const cutOff =
      event.playbackState === 'failed' && listeners.length > 0 && listeners.every((legId) => this.#legs.get(legId)?.leaving !== false)
    const playId = this.plays.finished(playbackId)
    if (playId !== undefined && !cutOff) this.#tell({ type: 'prompt.finished', playId })
  }

  #moved(event: AriEvent): void {
    const leg = event.channel === undefined ? undefined : this.#legs.get(event.channel.id)
    if (leg === undefined || event.bridge === undefined) return
    if (event.type === 'ChannelEnteredBridge') leg.bridge = event.bridge.id
    else if (leg.bridge === event.bridge.id) leg.bridge = null
  }

  /** Begins anew from what the switch has now. Nothing is told: whoever starts us asks `alive` and `past`. */
  adopt(channels: readonly AriChannel[], bridges: readonly AriBridge[]): void {
    this.#legs.clear()
    this.plays.clear()
    for (const channel of channels) {
      const args = this.#argsOf(channel)
      if (args === undefined) continue
      const leg = this.#found(channel, inboundArgs(args))
      leg.answered = channel.state === 'Up'
      leg.found = true
      leg.music = true
      leg.ringing = true
      leg.bridge = bridges.find((bridge) => bridge.channels.includes(leg.id))?.id ?? null
    }
    for (const legId of this.#started.keys()) this.#release(legId)
  }

  /** The arguments a channel entered our application with; undefined where it is not ours. */
  #argsOf(channel: AriChannel): readonly string[] | undefined {
    const [app, ...args] = channel.dialplanData.split(',')
    return channel.dialplanApp === 'Stasis' && app === this.#app ? args : undefined
  }

  /** Of the channels listed, those of legs we know: one that is not was over before the list came, or is told of in a moment. */
  alive(channels: readonly AriChannel[], bridges: readonly AriBridge[]): readonly LegAlive[] {
    const ours = channels.flatMap((channel) => {
      const args = this.#argsOf(channel)
      const leg = this.#legs.get(channel.id)
      return args === undefined || leg === undefined || leg.dying ? [] : [{ channel, inbound: inboundArgs(args) }]
    })
    const ids = new Set(ours.map(({ channel }) => channel.id))
    return ours.map(({ channel, inbound }) => ({
      legId: channel.id,
      state: channel.state === 'Up' ? 'answered' : 'ringing',
      inbound: inbound !== undefined,
      joinedWith: bridges
        .filter((bridge) => bridge.channels.includes(channel.id))
        .flatMap((bridge) => bridge.channels.filter((id) => id !== channel.id && ids.has(id))),
      from: inbound === undefined ? null : callerOf(channel, inbound.shown),
      to: inbound === undefined ? channel.to : inbound.to,
    }))
  }
}
