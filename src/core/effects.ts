/**
 * What the rules want done in the world, as data. Two readers carry it out: the simulated network and Asterisk.
 * An effect is carried out only after the facts of its turn are durable. Every id in it is chosen by us.
 * Numbers are not in here: an effect names a `PersonId`, and the engine looks the number up when it is carried out.
 */
import type { AgentId, CallId, CampaignId, LegId, Ms, PersonId } from './kernel/kernel.ts'

/** One piece of what is said. `number`: a person's number read digit by digit; `note`: the digits kept there; `count`: 0–99 (place in line, minutes). */
export type PromptPart =
  | { readonly prompt: string }
  | { readonly number: PersonId }
  | { readonly note: string }
  | { readonly count: number }

export type Effect =
  /** Rings a person: sent at most once per `legId`, ever. */
  | {
      readonly type: 'leg.ring'
      readonly callId: CallId
      readonly legId: LegId
      readonly to: { readonly agent: AgentId } | { readonly person: PersonId }
      /** Whose number is shown; null: withheld. */
      readonly callerId: PersonId | null
      /** Over which a number outside is rung. */
      readonly trunk?: string
      /** An emergency number: dialled as it was keyed, over the route for these. */
      readonly emergency?: true
      /** Only a bound for the switch, longer than ours: the ringing timeout is the engine's own timer. */
      readonly ringMsMax: Ms
    }
  /* All that follow may be repeated and must then be harmless. */
  | { readonly type: 'leg.answer'; readonly legId: LegId }
  /** `busy` refuses a line before it was answered (503 or 486 as the trunk wants). */
  | { readonly type: 'leg.hangUp'; readonly legId: LegId; readonly why: 'normal' | 'withdrawn' | 'overload' }
  /** Plays to one leg or to all joined in a bridge, after what was playing there is stopped. Ends in `prompt.finished` with the same `playId`. */
  | {
      readonly type: 'prompt.play'
      readonly playId: string
      readonly legs: readonly LegId[]
      readonly language: string
      readonly parts: readonly PromptPart[]
    }
  | { readonly type: 'prompt.stop'; readonly playId: string; readonly legs: readonly LegId[] }
  | { readonly type: 'music.start'; readonly legId: LegId; readonly music: string }
  | { readonly type: 'music.stop'; readonly legId: LegId }
  /** The legs of this bridge are exactly these from now on; music and prompts to them stop first. Empty: the bridge is taken down. */
  | { readonly type: 'bridge.join'; readonly callId: CallId; readonly bridge: 'main' | 'consult'; readonly legs: readonly LegId[] }
  /** Digits of this leg are collected outside the facts into a number or an extension, and come back as one input. # or `silenceMs` ends them; * starts over. */
  | {
      readonly type: 'digits.collect'
      readonly callId: CallId
      readonly legId: LegId
      readonly silenceMs: Ms
      readonly what: 'number' | 'extension'
    }
  | { readonly type: 'digits.dismiss'; readonly legId: LegId }
  /** Until it is taken back nobody hears this leg; it hears as before. */
  | { readonly type: 'leg.mute'; readonly legId: LegId; readonly on: boolean }
  /** Digits to the phone at the other end of this leg. */
  | { readonly type: 'digits.send'; readonly legId: LegId; readonly digits: string }
  /** So many contacts of this campaign that may be called now are wanted: they come back as `contacts.deal`. May be repeated. */
  | { readonly type: 'contacts.draw'; readonly campaignId: CampaignId; readonly count: number }
  /** The desk's Answer button, where the network can do it (the simulated phone). */
  | { readonly type: 'leg.pickUp'; readonly legId: LegId }
