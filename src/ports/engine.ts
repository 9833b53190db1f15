/**
 * The engine as its callers see it: HTTP, the scenario player, the demonstration. One engine per solution is the only writer.
 */
import type { Settings as CampaignSettings } from '#core/campaign/settings.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { AlarmKind, DiallerMode, Recorded } from '#core/facts.ts'
import type { AgentId, CallId, CampaignId, ContactId, EntryId, Ms, PersonId, QueueId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { Calendar } from './clock.ts'
import type { DoneOnce } from './journal.ts'
import type { Numbers } from './numbers.ts'

/** Accepted and durable, with the call and entry it made or touched; or refused with a row of docs/refusals.md. */
export type Answer =
  | { readonly ok: true; readonly callId?: CallId; readonly entryId?: EntryId }
  | { readonly ok: false; readonly refused: string; readonly field?: string }

/** Under which key a command is done once, and a hash of what was asked: see `DoneOnce`. */
export type Once = Pick<DoneOnce, 'key' | 'body'>

export type AgentStateName =
  | 'loggedOff'
  | 'ready'
  | 'connecting'
  | 'connected'
  | 'wrapUp'
  | 'rejected'
  | 'noAnswer'
  | 'paused'
  | 'unreachable'

export interface LiveEntry {
  readonly entryId: EntryId
  readonly callId: CallId
  readonly queueId: QueueId
  readonly kind: 'line' | 'callback' | 'consult'
  readonly status: 'waiting' | 'ordering' | 'offered' | 'dialling' | 'talking' | 'pausing' | 'networkWait' | 'heldBack' | 'notYet'
  readonly person: PersonId | null
  readonly place: number | null
  readonly joinedAt: Ms
  readonly waitsSince: Ms
  readonly attempts?: number
  readonly attemptsMax?: number
  readonly until?: Ms | null
  readonly offeredTo?: AgentId
  /** The note that says whom to ask for behind a switchboard. */
  readonly askFor?: string
}

export interface LiveQueue {
  readonly id: QueueId
  readonly open: boolean
  readonly entries: readonly LiveEntry[]
  readonly agents: Readonly<Partial<Record<AgentStateName, number>>>
  readonly expectedWaitMs: Ms | null
  /** Since local midnight: calls.md 1. */
  readonly today: {
    readonly offered: number
    readonly answered: number
    readonly callbacksOrdered: number
    readonly abandoned: number
    readonly short: number
    readonly answeredWithinSla: number
  }
}

export interface LiveMatter {
  readonly callId: CallId
  readonly entryId: EntryId | null
  readonly queueId: QueueId | null
  readonly kind: 'line' | 'callback' | 'outbound' | 'internal' | 'dialler'
  readonly phase: 'ringing' | 'calling' | 'talking' | 'wrapUp'
  readonly person: PersonId | null
  readonly waitedMs: Ms | null
  readonly attempt: number | null
  readonly attemptsMax: number | null
  readonly menuPath: readonly string[]
  readonly since: Ms
  readonly canMarkVoicemail: boolean
  /** It has been up for so long that it is ended then. */
  readonly endsAt?: Ms
  readonly askFor?: string
  /** An own call nobody has answered yet: Cancel withdraws it. */
  readonly canCancel: boolean
  readonly onHold: boolean
  /** The agent is not heard. */
  readonly muted: boolean
  readonly consult: LiveConsult | null
  readonly conference: boolean
  /** The other one of an agent-to-agent call, or who asks for advice. */
  readonly colleague?: AgentId
  /** Whom the campaign reached, or tries to. */
  readonly contact?: LiveContact
  /** Why the phone rings, where no queue offers the customer: given to this agent, or back with whom he was. */
  readonly comesFrom?: { readonly agent: AgentId; readonly how: 'transferred' | 'transferFailed' | 'phoneLost' }
}

/** A contact of a campaign, on an agent's desk. What is known of it stands in `Contacts`. */
export interface LiveContact {
  readonly campaignId: CampaignId
  readonly contactId: ContactId
  /** This try, counted as one. */
  readonly attempt: number
  /** Said of this call so far. */
  readonly topics: readonly string[]
  /** Why an agent sees it before it is rung, beside the mode. */
  readonly why: 'rescheduled' | 'afterSilent' | null
}

/** A Preview card: an offer of a contact who has not been rung. */
export interface LiveCard {
  readonly callId: CallId
  readonly entryId: EntryId
  readonly person: PersonId
  readonly contact: LiveContact
  readonly until: Ms
  readonly callsAt: Ms | null
}

/** Whom the agent asks, the customer on hold. */
export interface LiveConsult {
  readonly to: { readonly agent: AgentId } | { readonly person: PersonId } | { readonly queue: QueueId }
  readonly phase: 'ringing' | 'waiting' | 'talking'
  /** The agent hears whom he asks; false: swapped to the customer. */
  readonly active: boolean
}

export interface LiveAgent {
  readonly id: AgentId
  readonly state: AgentStateName
  readonly since: Ms
  readonly reason: string | null
  readonly until: Ms | null
  /** `effectAt`: at the latest, where a campaign counts on the agent; pressed again, at once. */
  readonly wish: {
    readonly state: 'paused' | 'loggedOff'
    readonly reason: string | null
    readonly effectAt?: Ms
    readonly stays?: true
  } | null
  readonly queues: readonly QueueId[]
  readonly matter: LiveMatter | null
  /** Those whose calls the agent may be given, running or not. */
  readonly campaigns?: readonly CampaignId[]
  readonly card?: LiveCard | null
}

/* ---------------------------------------------------------------- campaigns */

export type CampaignStatus = 'draft' | 'scheduled' | 'running' | 'paused' | 'stopped' | 'done'

/** Of a local day of the solution; a call counts in the day of its answer. */
export interface CampaignTotals {
  readonly placed: number
  readonly answered: number
  readonly connected: number
  readonly silent: number
  readonly noAnswer: number
  readonly busy: number
  readonly rejected: number
  readonly notInUse: number
  readonly failed: number
  /** Ended from our side before an answer. */
  readonly withdrawn: number
  /** Of the silent: the message was played. */
  readonly silentWithMessage?: number
  /** Sum over the connected: from the contact's answer to the agent's. */
  readonly toAgentMs?: Ms
}

export interface CampaignDay {
  readonly from: Ms
  readonly until: Ms
  readonly totals: CampaignTotals
  /** What share of silent calls was allowed; of a day that is over, when it ended. */
  readonly silentTarget: number
}

/**
 * Why nothing is being dialled. `allAway`: every agent is paused, resting or out of reach. `allBusy`: none is free, and some are in its
 * own calls. `allElsewhere`: those there are busy or counted for another campaign or for callers. `network`: its last tries were all
 * spoilt by the network, and one at a time looks whether it works again. `limit`: as many calls are up as may be. `later`: contacts are
 * left, and due later. `listAway`: the lists cannot be read or written.
 */
export type WhyIdle =
  | 'notRunning'
  | 'noAgents'
  | 'allAway'
  | 'allBusy'
  | 'allElsewhere'
  | 'network'
  | 'outsideHours'
  | 'listEmpty'
  | 'later'
  | 'silentLimit'
  | 'limit'
  | 'listAway'
  | 'switchDown'

/** The agents who may take part and are logged on, each in one place. */
export interface LiveCrew {
  /** Ready, and counted on nowhere else. */
  readonly idle: number
  /** With one of its contacts. */
  readonly talking: number
  /** With a card, or being rung, or hearing a contact's phone ring. */
  readonly onTheWay: number
  readonly wrapUp: number
  /** Paused or about to be, resting, or out of reach. */
  readonly away: number
  /** In other calls or their wrap-up, or counted on by another campaign or for callers. */
  readonly elsewhere: number
}

export interface LiveCampaign {
  readonly id: CampaignId
  readonly settings: CampaignSettings
  readonly status: CampaignStatus
  /** When a scheduled one begins. */
  readonly startsAt: Ms | null
  /** Since when it is over: stopped, or nobody left to call; null: it is not. */
  readonly endedAt: Ms | null
  readonly limitReached: boolean
  readonly pacingFailed: boolean
  /** Those logged on who may take part, by state. */
  readonly agents: Readonly<Partial<Record<AgentStateName, number>>>
  readonly crew: LiveCrew
  /** Agents in its snapshot just now. */
  readonly counted: number
  /** Contacts being rung; answered and without an agent; joined with one; cards shown or waiting for an agent. */
  readonly inTheAir: number
  readonly waiting: number
  readonly talking: number
  readonly cards: number
  readonly today: CampaignTotals
  /** How it dials now: `progressive` where over-dialling is stopped. */
  readonly paceMode: DiallerMode
  readonly perMinute: number
  /** null: contacts are being dialled. `whyUntil`: when that is over, where it is known. */
  readonly why: WhyIdle | null
  readonly whyUntil: Ms | null
}

/** The campaigns as they stand, read from the world and from what the dialler was told when it last drew. */
export interface LiveCampaigns {
  /** Not those removed. In the order they were first written. */
  campaigns(): readonly LiveCampaign[]
  campaign(id: CampaignId): LiveCampaign | undefined
  /** Newest first, today's among them where it has any; at most 400. */
  campaignDays(id: CampaignId): readonly CampaignDay[]
  /** Today, in the solution's zone; null: the engine has not begun one yet. */
  day(): { readonly from: Ms; readonly until: Ms } | null
}

export interface LiveAlarm {
  /** Its kind, and what it is about. */
  readonly id: string
  readonly alarm: AlarmKind
  readonly raisedAt: Ms
  readonly callId?: CallId
  /** A trunk, a leg, a place in the journal. */
  readonly about?: string
  readonly detail?: string
}

export interface EngineFigures {
  readonly liveCalls: number
  readonly position: number
  readonly inbox: number
  /** 50th and 99th percentile, milliseconds, of the latest 4,096 turns, and commits. */
  readonly turnMs: { readonly p50: number; readonly p99: number }
  readonly commitMs: { readonly p50: number; readonly p99: number }
  /** `overload`: one over a limit, or whose number could not be looked up. `unwritten`: while the journal cannot be written. */
  readonly refusedCalls: Readonly<Record<'overload' | 'unwritten', number>>
  /** Legs the switch had that nobody wanted: of a call that is over, or of none. */
  readonly strayLegsEnded: number
  /** Lines alone in the switch of which nobody had told us, taken in as calls that come in. */
  readonly strayLegsTakenIn: number
  /** How often calls were joined again in which the switch had others joined than talk. */
  readonly joinsRepeated: number
  /** Calls in which it does not do it, however often it is asked. */
  readonly joinsInVain: number
}

/** A solution with the adapters its file decides: how numbers are read, when it is open. */
export interface SolutionKit {
  readonly solution: Solution
  /** The file's text, kept under its version for as long as a call is handled by it. */
  readonly text: string
  readonly numbers: Numbers
  readonly calendar: Calendar
  /** Our numbers, written into `persons` as lines. */
  readonly lines: readonly { readonly personId: PersonId; readonly number: string; readonly name: string }[]
}

export interface LetGoAsked {
  /** E.164. */
  readonly number: string
  readonly persons: readonly PersonId[]
  readonly forget: () => Promise<void>
  /** Callbacks are not withdrawn: whoever has one is not let go. */
  readonly unlessOpen?: true
}

export interface LetGo {
  /** Calls whose callback was withdrawn. */
  readonly withdrawn: readonly CallId[]
  readonly open: readonly CallId[]
}

export interface EnginePort {
  /** Resolves after the facts are durable; with `once`, and not refused, the answer with them. Whether it was done before is for the caller to look up. */
  submit(command: PeopleCommand, once?: Once): Promise<Answer>
  solution(): Solution
  /** Takes a new solution for new calls; calls in progress keep theirs. */
  take(kit: SolutionKit): Promise<Answer>
  /** Numbers were put on a do-not-call list otherwise than by a command: contacts who wait to be called leave where theirs is among them. */
  recheckContacts(): Promise<void>
  /**
   * Persons of one number, to be erased: their open callbacks are withdrawn (by: customer). Where nothing else is under way with them,
   * `forget` is called to delete them, while nobody new is taken for them; else `open` says in which calls they still are.
   */
  letGo(asked: LetGoAsked): Promise<LetGo>
  /** Calls not over that have to do with them, and how many of their callbacks are open. */
  openWith(persons: readonly PersonId[]): { readonly calls: readonly CallId[]; readonly callbacks: number }
  queue(id: QueueId): LiveQueue | undefined
  agent(id: AgentId): LiveAgent | undefined
  /** Whether somebody is on a line with us just now, wherever he is led there, or is being rung; null: neither. */
  lineOf(person: PersonId): 'onLine' | 'rung' | null
  alarms(): readonly LiveAlarm[]
  figures(): EngineFigures
  /** null when calls can be taken; else one sentence why not. */
  trouble(): string | null
  /** Called after each commit with its facts, and which queues and agents look different now. Returns how to stop it. */
  onCommit(
    listener: (commit: {
      readonly facts: readonly Recorded[]
      readonly queues: ReadonlySet<QueueId>
      readonly agents: ReadonlySet<AgentId>
      readonly alarms: boolean
    }) => void,
  ): () => void
}
