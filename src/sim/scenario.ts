/**
 * A scripted story: who calls whom, who answers when, and what the archive must tell of it. The published schema of the file is
 * `#wire/scenario.ts`; these are its types as the player reads them. Every time is in seconds, from the story's start unless said.
 */

import type { Settings as CampaignSettings } from '#core/campaign/settings.ts'
import type { DiallerMode } from '#core/facts.ts'

/** What a person does when rung. */
export type Reaction =
  | { readonly answersAfter: number; readonly talks?: number }
  | { readonly rings: number }
  | { readonly busyAfter: number }
  | { readonly rejectsAfter: number }
  | { readonly failsWith: 'notInUse' }
  | { readonly voicemailAfter: number; readonly talks?: number }

/** Exactly one of `at` and `afterAnswer` (from our answer to the call). */
export interface Press {
  readonly at?: number
  readonly afterAnswer?: number
  /** Pressed all at once. */
  readonly digits: string
}

export interface PersonCall {
  readonly at: number
  readonly to: string
  readonly withheld?: boolean
  readonly presses?: readonly Press[]
  readonly hangsUpAt?: number
}

export interface ScenarioPerson {
  readonly calls?: readonly PersonCall[]
  /** Web orders of a callback to this number. `notBefore`: seconds from the story's start. */
  readonly orders?: readonly {
    readonly at: number
    readonly queue: string
    readonly notBefore?: number
    /** Whom to ask for, where the number is a switchboard. */
    readonly name?: string
    readonly extension?: string
    readonly refused?: string
  }[]
  readonly whenCalled?: readonly Reaction[]
}

/** What agents do about a conversation by a button of the desk, nothing more to say. */
export type TalkDeed = 'hold' | 'resume' | 'mute' | 'unmute' | 'swap' | 'conference' | 'abortConsult'

export type AgentDeed =
  | TalkDeed
  | 'return'
  | 'pause'
  | 'logOn'
  | 'logOff'
  | 'extendWrapUp'
  | 'answer'
  | 'reject'
  | 'hangUp'
  | 'markVoicemail'
  | 'dial'
  | 'cancel'
  | 'digits'
  | 'consult'
  | 'transfer'
  | 'losePhone'
  | 'call'
  | 'cancelContact'
  | 'reschedule'
  | 'markUnanswered'

export interface AgentDoes {
  readonly at: number
  readonly do: AgentDeed
  /** dial, consult, transfer: a number, `agent:ID` or `queue:ID`. A transfer without it is to whoever is consulted. reschedule: `agent:ID`. */
  readonly to?: string
  /** dial: the number of ours to show. */
  readonly callerId?: string
  /** digits. */
  readonly digits?: string
  /** extendWrapUp: by so long. losePhone: no ring reaches it for so long; left out, it can be rung again at once. reschedule: in so long. */
  readonly seconds?: number
  /** reschedule, to an agent: his alone for so long, then anyone's. */
  readonly aloneSeconds?: number
  /** The rules are expected to say no, with this code. */
  readonly refused?: string
}

export interface ScenarioAgent {
  readonly starts?: 'ready' | 'paused' | 'loggedOff'
  readonly answersAfter?: number
  readonly whenCalled?: readonly Reaction[]
  readonly does?: readonly AgentDoes[]
}

export interface SupervisorDoes {
  readonly at: number
  readonly do: 'deleteCallback' | 'callNow' | 'listDoNotCall' | 'liftDoNotCall'
  /** The customer's. */
  readonly number: string
  readonly note?: string
  readonly refused?: string
}

export interface ScenarioContact {
  readonly id: string
  readonly phone: string
  readonly phone2?: string
  readonly name?: string
  readonly zone?: string
  readonly language?: string
  readonly from?: number
  readonly to?: number
  readonly window?: string
  readonly columns?: Readonly<Record<string, string>>
}

type Windows = readonly string[]

/** A campaign's settings in people's units, its list, and what its owner does. What is left out: `#sim/campaigns.ts`. */
export interface ScenarioCampaign {
  readonly name?: string
  readonly mode: DiallerMode
  readonly skill?: string | null
  readonly priority?: number
  readonly ratio?: number
  readonly attempts?: number
  readonly pauseSeconds?: number
  readonly ringSeconds?: number
  readonly retry?: CampaignSettings['retry']
  readonly retriesFirst?: boolean
  readonly sort?: CampaignSettings['sort']
  readonly filters?: CampaignSettings['filters']
  readonly hours?: { readonly days: Readonly<Record<string, Windows | undefined>>; readonly holidays: Readonly<Record<string, Windows>> }
  readonly periods?: Windows
  readonly wrapUpSeconds?: number
  readonly ringAgentSeconds?: number
  readonly cardSeconds?: number
  readonly autoCallSeconds?: number | null
  readonly whenAllSpokenFor?: CampaignSettings['whenAllSpokenFor']
  readonly silentTarget?: number
  readonly silentAfterSeconds?: number
  readonly silentMessage?: CampaignSettings['silentMessage']
  readonly silentAgainAfterHours?: number
  readonly silentCallback?: boolean
  readonly mayHangUp?: boolean
  readonly callerId?: string | null
  readonly topics?: readonly string[]
  readonly liveMax?: number
  readonly contacts: readonly ScenarioContact[]
  readonly does?: readonly { readonly at: number; readonly do: 'start' | 'pause' | 'stop'; readonly refused?: string }[]
}

export interface NetworkTrouble {
  readonly at: number
  readonly for: number
  readonly fault: 'trunkDown' | 'slow' | 'loseEvents'
  /** Of `trunkDown`: that trunk alone. */
  readonly trunk?: string
}

export interface ExpectedEvent {
  readonly kind?: string
  readonly from?: number
  /** null: still going on. */
  readonly to?: number | null
  /** Both `from` and `to`. */
  readonly at?: number
  readonly queue?: string
  readonly menu?: string
  readonly choice?: string
  readonly agents?: readonly string[]
  /** The outside number joined. */
  readonly number?: string
  readonly unanswered?: number
  readonly label?: string
  readonly by?: string
  readonly reason?: string
}

export interface ExpectedLeg {
  readonly party?: string
  readonly agentId?: string
  readonly number?: string
  readonly attempt?: number
  readonly requested?: number
  readonly ringing?: number | null
  readonly answered?: number | null
  readonly ended?: number | null
  readonly holds?: readonly { readonly from: number; readonly to: number | null }[]
  readonly outcome?: string | null
  readonly by?: string
  readonly cause?: number | null
  readonly notCounted?: string
}

export interface ExpectedCall {
  readonly direction?: string
  readonly origin?: string
  readonly mode?: string
  readonly campaign?: string
  readonly contact?: string
  readonly attempt?: number
  readonly result?: string
  readonly from?: number
  readonly to?: number | null
  readonly queues?: readonly string[]
  readonly agents?: readonly string[]
  readonly unanswered?: number
  readonly askFor?: string
  readonly waitSeconds?: number | null
  readonly waitToCustomerSeconds?: number | null
  /** Of the call, or by agent. */
  readonly speakSeconds?: number | Readonly<Record<string, number>>
  readonly wrapSeconds?: Readonly<Record<string, number>>
  readonly holdSeconds?: Readonly<Record<string, number>>
  /** Places in this list, from 1. */
  readonly relatedCalls?: readonly number[]
  readonly events?: readonly ExpectedEvent[]
  readonly legs?: readonly ExpectedLeg[]
}

/** Who hears whom at one instant: numbers and agents, `music:NAME`, `prompt:NAME`. Exactly those on the line are named. */
export interface ExpectedHearing {
  readonly at: number
  readonly who: Readonly<Record<string, readonly string[]>>
}

export interface Scenario<Settings = unknown> {
  readonly name: string
  readonly why?: string
  /** By the solution's local clock, `2026-11-23T09:00`. */
  readonly startsAt?: string
  /** The story is looked at then; left out: when every call has ended. */
  readonly endsAt?: number
  readonly settings: Settings
  readonly people?: Readonly<Record<string, ScenarioPerson>>
  readonly agents?: Readonly<Record<string, ScenarioAgent>>
  readonly supervisors?: Readonly<Record<string, { readonly does: readonly SupervisorDoes[] }>>
  readonly campaigns?: Readonly<Record<string, ScenarioCampaign>>
  readonly network?: readonly NetworkTrouble[]
  readonly engine?: readonly { readonly at: number; readonly do: 'restart' }[]
  readonly expect?: {
    readonly calls: readonly ExpectedCall[]
    readonly hears?: readonly ExpectedHearing[]
    /** The digits sent to a number or agent in the whole story. */
    readonly received?: Readonly<Record<string, string>>
  }
}

/** A Monday, by the solution's clock. */
export const STARTS_AT = '2026-11-23T09:00'
