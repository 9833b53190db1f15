/**
 * The journal's vocabulary on one page: everything a Samtal solution can remember.
 *
 * A fact says what people, the switch or a rule did, never how it will be shown: no archive kind, no label, no ready-made duration,
 * and of a person only the `PersonId`. Facts stand on one page, not one file per noun, because several machines read the same fact:
 * `leg.answered` moves the leg, the agent whose phone it is and the entry that was offered.
 *
 * A fact never changes meaning: new meaning, new name; new fields are optional. Deadlines stand in the fact that starts the waiting
 * (`ringUntil`, `until`, `silentAt` …), so timers survive a restart and replay needs no clock.
 *
 * The chapters of agents and of campaigns are pages of their own, `facts-of-agents.ts` and `facts-of-campaigns.ts`, as are the words
 * they share, `facts-words.ts`; they are read through this one.
 */

import type { AgentFact } from './facts-of-agents.ts'
import type { CampaignFact, ContactFact } from './facts-of-campaigns.ts'
import type {
  AlarmKind,
  By,
  DeletedReason,
  DiallerMode,
  EntryKind,
  EntryLeftReason,
  Learnt,
  LegOutcome,
  NotCounted,
  OfCall,
  Swept,
} from './facts-words.ts'
import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  EntryId,
  HoursId,
  LegId,
  MenuId,
  Ms,
  Party,
  PersonId,
  QueueId,
} from './kernel/kernel.ts'
import type { Target } from './solution/solution.ts'

export type { AgentFact } from './facts-of-agents.ts'
export type { CampaignFact, ContactFact, ContactNext, ContactOutcome, DryWhy, NumberBar } from './facts-of-campaigns.ts'
export type * from './facts-words.ts'

/* ---------------------------------------------------------------- the solution */

export type SolutionFact =
  /** A solution file was taken for new calls; its text is kept beside the journal under this version (sha-256, hex). */
  | { readonly type: 'solution.taken'; readonly version: string }
  /** Opening hours changed over, were first read, or were read anew. null: never. `closesAt`: last closing of the day that is open now; `nextDayClosesAt`: of the next open day. */
  | {
      readonly type: 'hours.turned'
      readonly hoursId: HoursId
      readonly open: boolean
      readonly until: Ms | null
      readonly closesAt: Ms | null
      readonly nextDayClosesAt: Ms | null
    }
  /** A local day of the solution began: the figures of the day start at nothing. */
  | { readonly type: 'day.turned'; readonly from: Ms; readonly until: Ms }
  /** The last agent serving a queue logged off: callers leave it at `callersLeaveAt`, callbacks stay. */
  | { readonly type: 'queue.deserted'; readonly queueId: QueueId; readonly callersLeaveAt: Ms }
  | { readonly type: 'queue.staffed'; readonly queueId: QueueId }
  | { readonly type: 'engine.started' }
  /** `movedMs`: set forwards, time in facts jumped by so much, and the deadlines of all who wait were moved with it. */
  | { readonly type: 'clock.stepped'; readonly byMs: Ms; readonly movedMs?: Ms }
  | { readonly type: 'switch.lost' }
  | { readonly type: 'switch.found' }
  /** Lines were up, and the switch had them, when nothing else had been told for ten seconds: whatever ends unseen after this was there until now. */
  | { readonly type: 'switch.seen' }
  /** `about`: what it is about where that is no call: a trunk, a leg, a place in the journal. Two about different things stand side by side. */
  | ({ readonly type: 'alarm.raised'; readonly alarm: AlarmKind } & { readonly [K in 'callId' | 'about' | 'detail']?: string })
  /** `about`: the call or thing it was raised about; without it all of the kind. */
  | { readonly type: 'alarm.cleared'; readonly alarm: AlarmKind; readonly about?: string; readonly by?: string }

/* ---------------------------------------------------------------- the call */

export type CallFact =
  | (OfCall & {
      readonly type: 'call.started'
      readonly direction: 'inbound' | 'outbound' | 'internal'
      readonly origin?: 'web' | 'desk' | 'api'
      /** Inbound: the customer and our line. Outbound: our line (caller's number) and the number called. Internal: agent1 and agent2. */
      readonly from: Party
      readonly to: Party
      /** The outside party whose matter this is; null for agent to agent. */
      readonly customer: PersonId | null
      /** Who ordered it: outbound and internal calls. */
      readonly agentId?: AgentId
      /** An agent's own call to an emergency number. */
      readonly emergency?: boolean
      readonly mode?: DiallerMode
      readonly campaignId?: CampaignId
      readonly contactId?: ContactId
      /** A contact's try, 1… */
      readonly attempt?: number
      /** The version of the solution this call is handled by, to its end. */
      readonly solution?: string
      readonly language?: string
      /** Inbound: whether a callback may ring the caller's own number. */
      readonly callable?: boolean
      /** Inbound: the caller's number is a switchboard's: several people call from it. */
      readonly switchboard?: boolean
    })
  /** Two calls of one matter: a callback, and the call that made it needless or confirmed it. Recorded on both. */
  | (OfCall & { readonly type: 'call.related'; readonly other: CallId })
  /** No leg is left and nothing is promised: the story is over. */
  | (OfCall & Learnt & { readonly type: 'call.ended' })
  /** A bug was met in this call: its legs are ended and it is left to people. */
  | (OfCall & { readonly type: 'call.setAside' })

/* ---------------------------------------------------------------- legs and who is joined */

export type LegFact =
  /** A line rings us. */
  | (OfCall & { readonly type: 'leg.arrived'; readonly legId: LegId; readonly personId: PersonId })
  /**
   * A phone is rung: an agent's for an entry (then the leg is the offer), a customer's, an outside number's. `ringUntil`: when we stop.
   * `attempt`: the callback's, 1…, on both its legs. `trunk`: that of a number outside; where one rang nothing, a leg over the next follows.
   */
  | (OfCall & {
      readonly type: 'leg.requested'
      readonly legId: LegId
      readonly party: 'customer' | 'agent' | 'external'
      readonly agentId?: AgentId
      readonly personId?: PersonId
      readonly entryId?: EntryId
      readonly attempt?: number
      readonly trunk?: string
      readonly ringUntil: Ms | null
      /** An emergency number: rung over the route for these, as dialled, whatever limits there are. */
      readonly emergency?: boolean
      /** What the leg is for, where the entry does not tell, and, outside, whose wish. `waits`: rung when its phone is found before `ringUntil`. */
      readonly purpose?: 'consult' | 'transfer' | 'rungBack'
      readonly askedBy?: AgentId
      readonly waits?: boolean
      /** The switch had it when nobody here knew of it: taken over as it stands, never rung. */
      readonly adopted?: boolean
    })
  | (OfCall & Learnt & { readonly type: 'leg.ringing'; readonly legId: LegId })
  /** A rung phone was answered, or we answered a line that rang us. */
  | (OfCall & Learnt & { readonly type: 'leg.answered'; readonly legId: LegId })
  | (OfCall & { readonly type: 'leg.held'; readonly legId: LegId })
  | (OfCall & { readonly type: 'leg.resumed'; readonly legId: LegId })
  /** Nobody hears it; it hears as before. */
  | (OfCall & { readonly type: 'leg.muted'; readonly legId: LegId })
  | (OfCall & { readonly type: 'leg.unmuted'; readonly legId: LegId })
  /**
   * `by`: the party hung up or declined; we ended it; the network did. `cause`: Q.850, 16 normal.
   * `reconciled`: closed by the sweep, because the switch no longer knew it.
   */
  | (OfCall &
      Learnt & {
        readonly type: 'leg.ended'
        readonly legId: LegId
        readonly outcome: LegOutcome
        readonly by: 'party' | 'us' | 'network'
        readonly cause: number | null
        readonly reconciled?: boolean
        /** Why the sweep closed it, where that is another reason than that the switch no longer knew it. */
        readonly swept?: Swept
      })
  /** It has been up for so long that it will be ended then: no deadline ends a call that is talked in sooner than the solution says. */
  | (OfCall & { readonly type: 'leg.warned'; readonly legId: LegId; readonly until: Ms })
  /**
   * From now on exactly these legs are joined in this bridge of the call; a leg that ends leaves by itself.
   * `main`: the customer and whoever talks with them (agent1 alone while the agent called is rung; customer and an
   * outside number after a transfer). `consult`: an agent with a colleague or an outside number.
   */
  | (OfCall & { readonly type: 'bridge.joined'; readonly bridge: 'main' | 'consult'; readonly legs: readonly LegId[] })

/* ---------------------------------------------------------------- menus, prompts asking for digits, messages */

export type MenuFact =
  /**
   * A party hears a menu, a prompt asking for digits (`ordering`: those of a callback) or a message.
   * `menuId` is a menu of the solution or the name of a prompt (`callback.choose`, `callback.readBack`, `callback.enter`,
   * `callback.extension`, `callback.ordered`, `campaign.silent`, `closed`, …). `personId`: whose number is read back, or whose
   * extension is asked for. `switchboard`: it is one's number; `noteId`: where the extension keyed in is kept, if there is one.
   */
  | (OfCall & {
      readonly type: 'menu.entered'
      readonly menuId: MenuId
      readonly what: 'menu' | 'ordering' | 'message'
      readonly personId?: PersonId
      readonly switchboard?: boolean
      readonly noteId?: string
      /** Where a message leads when it has been heard; null: the line is ended. */
      readonly then?: Target | null
      readonly legs?: readonly LegId[]
    })
  /** The prompt was heard to its end; without a digit by `silentAt` it counts as silence. */
  | (OfCall & { readonly type: 'prompt.finished'; readonly silentAt: Ms | null })
  /** The caller wants another number than his own: it is keyed in within the same stay. */
  | (OfCall & { readonly type: 'menu.keyingStarted' })
  /** The number chosen or keyed in is a switchboard's: the extension to ask for is keyed in within the same stay. */
  | (OfCall & { readonly type: 'menu.extensionAsked'; readonly personId: PersonId })
  | (OfCall & { readonly type: 'menu.repeated'; readonly why: 'silence' | 'wrong'; readonly tries: number })
  | (OfCall & {
      readonly type: 'menu.left'
      readonly menuId: MenuId
      readonly how: 'choice' | 'entered' | 'finished' | 'skipped' | 'gaveUp' | 'hungUp' | 'withdrawn'
      readonly choice?: string
    })
  /** A branch by opening hours was taken. */
  | (OfCall & { readonly type: 'hours.asked'; readonly hoursId: HoursId; readonly open: boolean })

/* ---------------------------------------------------------------- queues */

export type EntryFact =
  /**
   * `since`: from when the waiting counts in the matching (a caller who takes over his callback's place brings its time along).
   * `leavesAt`: the maximum wait. `byLegId`: the agent's leg that waits, for a consult.
   */
  | (OfCall & {
      readonly type: 'entry.joined'
      readonly entryId: EntryId
      readonly queueId: QueueId
      readonly kind: EntryKind
      readonly place: 'end' | 'front'
      readonly since: Ms
      readonly leavesAt: Ms | null
      /** The service level promised when it joined; absent or 0: none. */
      readonly slaMs?: Ms
      /** When something is said to the caller first. */
      readonly announceAt?: Ms | null
      readonly byLegId?: LegId
    })
  /** Something was said to a waiting caller (or there was `nothing` to say yet); `nextAt`: when the next announcement is due. No event in the story. */
  | (OfCall & {
      readonly type: 'entry.announced'
      readonly entryId: EntryId
      readonly what: 'place' | 'offer' | 'openCallback' | 'nothing'
      readonly nextAt: Ms | null
    })
  | (OfCall &
      Learnt & {
        readonly type: 'entry.left'
        readonly entryId: EntryId
        readonly queueId: QueueId
        readonly reason: EntryLeftReason
        readonly agentId?: AgentId
        /** With reason `deleted`: who took it out, why, and the id of a note in `persons`. `user`: whose account it was. */
        readonly by?: By
        readonly why?: DeletedReason
        readonly noteId?: string
        readonly user?: string
      })

/* ---------------------------------------------------------------- callbacks */

export type CallbackFact =
  /** The caller pressed the callback digit: out of the offers, place and clock kept. */
  | (OfCall & { readonly type: 'callback.orderStarted'; readonly entryId: EntryId })
  /** The order was not finished: back in the same place. */
  | (OfCall & { readonly type: 'callback.orderLeft'; readonly entryId: EntryId })
  /**
   * From now on hanging up undoes nothing. `personId`: whom to ring. `switchboard`: several people order from that number;
   * `noteId`: where the name or extension to ask for there is kept.
   */
  | (OfCall & {
      readonly type: 'callback.ordered'
      readonly entryId: EntryId
      readonly personId: PersonId
      readonly attemptsMax: number
      readonly notBefore: Ms | null
      readonly expiresAt: Ms | null
      readonly switchboard?: boolean
      readonly noteId?: string
    })
  /** This number already had a callback in this queue: that one stands, this order confirms it. */
  | (OfCall & { readonly type: 'callback.merged'; readonly entryId: EntryId; readonly into: CallId })
  | (OfCall & { readonly type: 'callback.attemptStarted'; readonly entryId: EntryId; readonly attempt: number; readonly agentId: AgentId })
  /**
   * `counted`: uses up one of the attempts, as unanswered (or it reached the customer: `outcome` answered).
   * `next`: what follows (`place`: it stands where it stood); `dueAt`: when the pause or the wait for the network ends.
   */
  | (OfCall & {
      readonly type: 'callback.attemptEnded'
      readonly entryId: EntryId
      readonly attempt: number
      readonly outcome: LegOutcome
      readonly counted: boolean
      readonly notCounted?: NotCounted
      readonly next: 'close' | 'pause' | 'front' | 'place' | 'retryNetwork'
      readonly dueAt: Ms | null
    })
  /** The pause is over (END of the queue) or the entry may be offered again (FRONT). `since`: from when its waiting counts. */
  | (OfCall & { readonly type: 'callback.requeued'; readonly entryId: EntryId; readonly place: 'end' | 'front'; readonly since: Ms })
  /** Call now: to the front of its queue. */
  | (OfCall & { readonly type: 'callback.hastened'; readonly entryId: EntryId; readonly by: By; readonly user?: string })
  /** The agent said that a machine answered. `retried`: the queue tries again; `dueAt`: after the pause, null when no attempt is left. */
  | (OfCall & {
      readonly type: 'callback.voicemailMarked'
      readonly entryId: EntryId
      readonly legId: LegId
      readonly agentId: AgentId
      readonly retried: boolean
      readonly dueAt: Ms | null
    })
  /** The customer himself is on the line with us: not dialled meanwhile, place kept. */
  | (OfCall & { readonly type: 'callback.heldBack'; readonly entryId: EntryId; readonly other: CallId })
  | (OfCall & { readonly type: 'callback.released'; readonly entryId: EntryId })

/* ---------------------------------------------------------------- consult and transfer */

export type TalkFact =
  | (OfCall & { readonly type: 'consult.started'; readonly agentId: AgentId; readonly to: Party | { readonly queue: QueueId } })
  | (OfCall & {
      readonly type: 'consult.ended'
      readonly agentId: AgentId
      readonly how: 'aborted' | 'returned' | 'transferred' | 'targetGone'
    })
  | (OfCall & {
      readonly type: 'transfer.requested'
      readonly agentId: AgentId
      readonly blind: boolean
      readonly to: Party | { readonly queue: QueueId }
    })
  | (OfCall & { readonly type: 'transfer.failed'; readonly agentId: AgentId })
  /** An agent's phone vanished in a conversation. */
  | (OfCall & { readonly type: 'phone.lost'; readonly agentId: AgentId; readonly legId: LegId })

export type Fact =
  | SolutionFact
  | CallFact
  | LegFact
  | MenuFact
  | EntryFact
  | CallbackFact
  | TalkFact
  | CampaignFact
  | ContactFact
  | AgentFact
export type FactType = Fact['type']

/** A fact as the journal keeps it: its place in the one order of the solution, and when it was recorded. Positions start at 1 and have no holes until whole calls have left by their age. */
export interface Recorded<F extends Fact = Fact> {
  readonly position: number
  readonly at: Ms
  readonly fact: F
}

/** The call a fact belongs to, or undefined: agents' wrap-up facts belong to one, their other states do not. */
export const callOf = (fact: Fact): CallId | undefined => ('callId' in fact ? fact.callId : undefined)
