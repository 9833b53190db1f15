/**
 * The telephone network, whatever it is: the simulated one (`#sim/network`) and Asterisk (`#adapters/asterisk`) stand behind it,
 * and one contract suite (`tests/telephony.contract.ts`) holds for both.
 *
 * The engine calls the commands, in order, after the facts of their turn are durable. A command never throws and never waits for
 * its outcome: what comes of it arrives as an event. Events arrive one at a time through the handler given to `start`, in the
 * order the network saw them; they may be repeated, and events of a leg may arrive before the command's own answer.
 */

import type { LegOutcome } from '#core/facts.ts'
import type { AgentId, CallId, LegId, Ms } from '#core/kernel/kernel.ts'

export type Spoken = { readonly prompt: string } | { readonly digits: string } | { readonly count: number }

/** What an `Effect` becomes once numbers are looked up. */
export type TelephonyCommand =
  /** Rings a person: at most once per `legId`, ever. Followed by `leg.rang`?, then `leg.answered` or `leg.ended`. */
  | {
      readonly type: 'leg.ring'
      readonly callId: CallId
      readonly legId: LegId
      readonly to: { readonly agent: AgentId } | { readonly number: string }
      readonly callerId: string | null
      /** The solution's id of the trunk for a number outside. Left out, or not known: the first. */
      readonly trunk?: string
      /** An emergency number, as it was keyed: over the route for these, with nothing in its way. */
      readonly emergency?: true
      readonly ringMsMax: Ms
    }
  | { readonly type: 'leg.answer'; readonly legId: LegId }
  /**
   * `overload`: one more than may be, refused as a network refuses (503). `unwritten`: an arriving line that cannot be taken, for nothing
   * can be written: the switch tells the caller so with a message of its own where it has one, and else refuses.
   */
  | { readonly type: 'leg.hangUp'; readonly legId: LegId; readonly why: 'normal' | 'withdrawn' | 'overload' | 'unwritten' }
  | {
      readonly type: 'prompt.play'
      readonly playId: string
      readonly legs: readonly LegId[]
      readonly language: string
      readonly parts: readonly Spoken[]
    }
  | { readonly type: 'prompt.stop'; readonly playId: string; readonly legs: readonly LegId[] }
  /** The leg leaves its bridge for the music: it hears nobody and nobody hears it, until it is joined again. */
  | { readonly type: 'music.start'; readonly legId: LegId; readonly music: string }
  | { readonly type: 'music.stop'; readonly legId: LegId }
  | { readonly type: 'bridge.join'; readonly callId: CallId; readonly bridge: 'main' | 'consult'; readonly legs: readonly LegId[] }
  /** Until it is taken back nobody hears this leg, in whatever bridge it is; it hears as before. */
  | { readonly type: 'leg.mute'; readonly legId: LegId; readonly on: boolean }
  /** Digits to the phone at the other end of this leg (DTMF): 0–9, * and #, one after the other. */
  | { readonly type: 'digits.send'; readonly legId: LegId; readonly digits: string }
  /** Answers a phone that rings in the desk. Networks whose phones are answered by hand ignore it; see `answersFromDesk`. */
  | { readonly type: 'leg.pickUp'; readonly legId: LegId }

export type TelephonyEvent =
  /** A line rings us. `legId` is minted by the adapter, unique for ever. `from`: as the trunk gave it, null when withheld. `to`: the number called. */
  | { readonly type: 'leg.arrived'; readonly legId: LegId; readonly from: string | null; readonly to: string; readonly trunk: string }
  | { readonly type: 'leg.rang'; readonly legId: LegId }
  | { readonly type: 'leg.answered'; readonly legId: LegId }
  /**
   * The last event of a leg. `by` party: hung up, declined, did not exist; network: everything else that was not our own command (then
   * `us`). `cause`: Q.850 or null. `lost`: the switch gave it up, for nothing came from it any more since that instant.
   */
  | {
      readonly type: 'leg.ended'
      readonly legId: LegId
      readonly outcome: LegOutcome
      readonly by: 'party' | 'us' | 'network'
      readonly cause: number | null
      readonly lost?: { readonly what: 'noMedia' | 'sessionTimer'; readonly since: Ms }
    }
  | { readonly type: 'digit.pressed'; readonly legId: LegId; readonly digit: string }
  /** Heard to its end: not sent for a prompt that was stopped. */
  | { readonly type: 'prompt.finished'; readonly playId: string }
  /** The switch can no longer be commanded; legs may live on in it. */
  | { readonly type: 'switch.lost' }
  /** It can again: the engine reconciles, and only then goes on. */
  | { readonly type: 'switch.found' }
  /**
   * An agent's phone does not answer the liveness check (any more), or does (again). Told of each phone that can be checked once after
   * a start and after `switch.found`, whatever it is then; afterwards when it changes: at most 15 s after a phone fell silent (calls.md 1).
   */
  | { readonly type: 'phone.lost'; readonly agentId: AgentId }
  | { readonly type: 'phone.found'; readonly agentId: AgentId }

/** What a phone in the browser registers with. `wsUrl`: a path of our own server, which leads to the switch. */
export interface DeskPhone {
  readonly uri: string
  readonly password: string
  readonly wsUrl: string
  /** Servers its voice finds its way by, as a browser takes them. */
  readonly iceServers?: readonly { readonly urls: string; readonly username?: string; readonly credential?: string }[]
}

/** A leg the switch has now. */
export interface LegAlive {
  readonly legId: LegId
  readonly state: 'ringing' | 'answered'
  /** An inbound line that rang us, or a leg we rang. */
  readonly inbound: boolean
  /** The other legs it is joined with. */
  readonly joinedWith: readonly LegId[]
  readonly from: string | null
  readonly to: string
}

/** What the switch's own leg log says of a leg: undefined instants did not happen; null: the log itself is lost, nothing is known. */
export interface LegPast {
  readonly startedAt?: Ms
  readonly answeredAt?: Ms
  readonly ended?: { readonly at: Ms; readonly outcome: LegOutcome; readonly by: 'party' | 'us' | 'network'; readonly cause: number | null }
}

export interface Telephony {
  /** Whether `leg.pickUp` works for this agent's phone. */
  answersFromDesk(agentId: AgentId): boolean
  /** When the agent's phone last answered the liveness check; null: it is not checked, or has not answered since the start. */
  phoneSeenAt(agentId: AgentId): Ms | null
  /** Connects and from then on calls `handler`. Resolves when the first connection stands, or at once with a `switch.lost` event where it does not: it keeps trying. */
  start(handler: (event: TelephonyEvent) => void): Promise<void>
  send(command: TelephonyCommand): void
  /** Every leg alive now, with every command given before carried out. Rejects with `PortError` when the switch is away. */
  alive(): Promise<readonly LegAlive[]>
  /** Whether this prompt is still being played to somebody, with every command given before carried out. Rejects with `PortError` when the switch is away. */
  plays(playId: string): Promise<boolean>
  /** One leg's past, by the switch's own log. Asked after `alive`. */
  past(legId: LegId): Promise<LegPast | null>
  stop(): Promise<void>
}
