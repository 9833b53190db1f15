/**
 * A solution as the rules see it: the file of `samtal serve --solution FILE`, checked whole, with every default filled in
 * and every duration in milliseconds. The file's own format is `#wire/solution.ts`.
 */
import type { AgentId, HoursId, MenuId, Ms, PersonId, QueueId } from '../kernel/kernel.ts'

/** Where a caller goes next. */
export type Target =
  | { readonly menu: MenuId }
  | { readonly queue: QueueId }
  | { readonly hours: HoursId; readonly open: Target; readonly closed: Target }
  | { readonly message: string; readonly then: Target | null }
  | { readonly hangUp: true }

export interface Line {
  /** The person id of this number of ours. */
  readonly personId: PersonId
  readonly name: string
  readonly target: Target
  readonly language: string
  readonly trunk: string
}

export interface Menu {
  readonly name: string
  readonly prompt: string
  readonly choices: Readonly<Record<string, Target>>
  /** Wrong digits and silences together, the last leads out. */
  readonly triesMax: number
  readonly silenceMs: Ms
  readonly otherwise: Target
}

export interface CallbackSettings {
  readonly digit: string
  readonly attemptsMax: number
  readonly pauseMs: Ms
  readonly ringMs: Ms
  readonly giveUp: 'closing' | 'nextDay' | '72h'
  /** How long one ordered by API is valid, instead of `giveUp`. */
  readonly webOrderMs: Ms
  /** Leaves out the first menu: the caller's own number is read back at once. */
  readonly askWhichNumber: boolean
  readonly retryVoicemail: boolean
  /** Callbacks waiting in this queue at most. */
  readonly waitingMax: number
  /** When the offer is announced: this long after joining, and only when the expected wait is over this (unknown counts as over). null: never announced, the digit works all the same. */
  readonly offerAfterMs: Ms | null
  readonly offerWhenWaitOverMs: Ms
  /** The line whose number is shown to the customer. null: the line called, or the solution's default. */
  readonly callerId: PersonId | null
  /** Wrap-up after an attempt that reached nobody. */
  readonly wrapUpAfterUnanswered: boolean
}

export interface Queue {
  readonly id: QueueId
  readonly name: string
  readonly skill: string | null
  readonly priority: number
  /** 0: no SLA. */
  readonly slaMs: Ms
  readonly music: string
  readonly hours: HoursId | null
  readonly waitingMax: number
  readonly waitMsMax: Ms | null
  readonly announceEveryMs: Ms | null
  readonly exits: { readonly closed: Target; readonly full: Target; readonly noAgents: Target; readonly timedOut: Target }
  /** Closing throws out those on the line too. */
  readonly closedExitForWaiting: boolean
  readonly wrapUpMs: Ms
  readonly ringAgentMs: Ms
  readonly welcome: string | null
  readonly handlingMs: Ms
  readonly callback: CallbackSettings | null
  /** How long its calls are kept; null: as long as others. */
  readonly retentionMonths: number | null
}

export interface Agent {
  readonly id: AgentId
  readonly name: string
  /** null: every skill (level 1). */
  readonly skills: Readonly<Record<string, number>> | null
  /** The queues chosen; null: all. */
  readonly profile: readonly QueueId[] | null
  readonly phone: AgentPhone
  readonly wrapUpMs: Ms
  /** The line whose number an emergency number is shown, for help is sent to where that number is; left out: that of all own calls. */
  readonly emergencyCallerId?: PersonId
}

/** `desk`: a phone in the browser that answers by itself or by the desk's button; `sip`: a registered account; `number`: a telephone of whatever kind. */
export type AgentPhone =
  | { readonly kind: 'desk'; readonly account: string }
  | { readonly kind: 'sip'; readonly account: string }
  | { readonly kind: 'number'; readonly number: string }

/** What agents' own calls may do, and how they are shown. calls.md 3 and 5 */
export interface Outbound {
  /** The name of the queue they are shown in; its id is `OUTBOUND_QUEUE`. */
  readonly queueName: string
  /** How long the number called is rung, and the agent's own phone before it. */
  readonly ringMs: Ms
  readonly ringOwnMs: Ms
  /** The line whose number is shown; null: none, the number is withheld. */
  readonly callerId: PersonId | null
  /** The lines agents may pick instead. */
  readonly callerIds: readonly PersonId[]
  /**
   * Numbers outside that agents are calling or talking with at one time, all agents together and one of them; and calls to one number in
   * a day of the solution. Consults and transfers count as calls of whoever asked for them.
   */
  readonly liveMax: number
  readonly liveMaxPerAgent: number
  readonly perNumberADay: number
  /** What a customer hears who is kept waiting in a conversation. */
  readonly music: string
  readonly emergencyCalls: boolean
  /** The trunk emergency numbers are rung over; null: the first. */
  readonly emergencyTrunk: string | null
}

/** How long what is kept by its age, in calendar months of the solution's zone. calls.md 7 */
export interface Retention {
  /** After its end; queues may say otherwise. */
  readonly callsMonths: number
  /** After the campaign ended. */
  readonly contactsMonths: number
  readonly auditMonths: number
}
/** The days of so many months one after the other, where they are fewest: one with February among them, and in no leap year. */
const LEAST_DAYS = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334] as const
/** So many calendar months last at least so long. */
export const leastMs = (months: number): Ms => (Math.floor(months / 12) * 365 + (LEAST_DAYS[months % 12] ?? 0)) * 86_400_000
export const RETENTION_DEFAULT: Retention = { callsMonths: 12, contactsMonths: 3, auditMonths: 24 }

/** Agents' own calls are shown in a queue of this id; nobody is matched there, and no queue of a file may be called so. */
export const OUTBOUND_QUEUE: QueueId = 'outbound'

export interface Solution {
  /** sha-256 of the file's text, hex. */
  readonly version: string
  readonly name: string
  readonly zone: string
  readonly country: string
  readonly language: string
  readonly lines: Readonly<Record<PersonId, Line>>
  readonly menus: Readonly<Record<MenuId, Menu>>
  readonly queues: Readonly<Record<QueueId, Queue>>
  readonly agents: Readonly<Record<AgentId, Agent>>
  /** In the order they are tried. */
  readonly trunks: readonly string[]
  readonly outbound: Outbound
  /** Every set of opening hours of the file. */
  readonly hours: readonly HoursId[]
  readonly pauseReasons: readonly string[]
  /** Roles of accounts that see numbers of people masked. */
  readonly maskedFor: readonly string[]
  /** Prompts that are not played at all: a message of that name takes no time and leaves no Menu. */
  readonly notPlayed: readonly string[]
  /** Time the rules allow for entering a number before it counts as silence, between digits. */
  readonly keyingSilenceMs: Ms
  /** Rest after a rejected or unanswered offer. */
  readonly restMs: Ms
  /** A phone lost in a conversation is rung back for so long. */
  readonly rungBackMs: Ms
  /** Offers in a row, rejected or unanswered, after which an agent is paused. */
  readonly offersMissedMax: number
  readonly liveCallsMax: number
  /** How long a leg may be up: 12 h and more. calls.md 7 */
  readonly legMsMax: Ms
  readonly callsPerSecondMax: number
  readonly retention: Retention
}
