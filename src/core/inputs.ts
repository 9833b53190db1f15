/**
 * What reaches the rules: a person's command, a telephony event, a timer. Numbers have been turned into `PersonId`s at the engine's
 * edge, opening hours into instants; time, ids and chance come beside it in `Env`.
 */
import type { Callee, PeopleCommand } from './commands.ts'
import type { DryWhy, LegOutcome, NumberBar, Swept } from './facts.ts'
import type { AgentId, CallId, CampaignId, ContactId, EntryId, HoursId, LegId, Ms, PersonId, QueueId } from './kernel/kernel.ts'
import type { Solution } from './solution/solution.ts'

/** What happened on the telephone network. Repeats and late arrivals are lawful and change nothing. */
export type TelephonyInput =
  /**
   * `line`: which of our numbers was called, null when it is none. `callable`: whether a callback may ring the caller's number.
   * `switchboard`: whether it is marked as one.
   */
  | {
      readonly type: 'leg.arrive'
      readonly legId: LegId
      readonly line: PersonId | null
      readonly caller: PersonId
      readonly callable: boolean
      readonly switchboard?: boolean
    }
  | { readonly type: 'leg.ring'; readonly legId: LegId; readonly happenedAt?: Ms }
  | { readonly type: 'leg.answer'; readonly legId: LegId; readonly happenedAt?: Ms }
  | {
      readonly type: 'leg.end'
      readonly legId: LegId
      readonly outcome: LegOutcome
      readonly by: 'party' | 'us' | 'network'
      readonly cause: number | null
      readonly happenedAt?: Ms
      /** Answered and ended while nobody here looked. */
      readonly answeredAt?: Ms
      readonly reconciled?: boolean
      readonly swept?: Swept
    }
  | { readonly type: 'digit.press'; readonly legId: LegId; readonly digit: string }
  | { readonly type: 'prompt.finish'; readonly playId: string }
  /** A number keyed in, collected outside the facts. `person` null: nothing usable was keyed. */
  | {
      readonly type: 'number.enter'
      readonly callId: CallId
      readonly person: PersonId | null
      readonly callable: boolean
      readonly switchboard?: boolean
    }
  /** An extension keyed in, collected outside the facts: `noteId` is where it is kept, null where the caller said there is none. */
  | { readonly type: 'extension.enter'; readonly callId: CallId; readonly noteId: string | null; readonly usable: boolean }
  /** The liveness check of an agent's phone. */
  | { readonly type: 'phone.lose' | 'phone.find'; readonly agentId: AgentId }
  | { readonly type: 'switch.lose' }
  | { readonly type: 'switch.find' }
  /** It has told its legs. */
  | { readonly type: 'switch.see' }

/** What the switch, asked afterwards, tells of one leg. */
export type Finding = Extract<TelephonyInput, { type: 'leg.ring' | 'leg.answer' | 'leg.end' }>

/** A stored timer fell due. */
export type TimerInput =
  | { readonly type: 'ring.timeOut'; readonly legId: LegId }
  /** It has been up for as long as a call may be. */
  | { readonly type: 'leg.timeOut'; readonly legId: LegId }
  | { readonly type: 'menu.silence'; readonly callId: CallId }
  | { readonly type: 'entry.announce'; readonly entryId: EntryId }
  | { readonly type: 'entry.timeOut'; readonly entryId: EntryId }
  | { readonly type: 'callback.due'; readonly entryId: EntryId }
  | { readonly type: 'callback.expire'; readonly entryId: EntryId }
  | { readonly type: 'wrapUp.timeOut'; readonly agentId: AgentId }
  | { readonly type: 'rest.timeOut'; readonly agentId: AgentId }
  | { readonly type: 'phone.timeOut'; readonly agentId: AgentId }
  | { readonly type: 'queue.timeOut'; readonly queueId: QueueId }
  /** Nobody came for a contact who answered. */
  | { readonly type: 'contact.silence'; readonly callId: CallId }
  /** The calling hours of a contact who waits are over. */
  | { readonly type: 'contact.hoursEnd'; readonly callId: CallId }
  /** One agent had a contact for himself so long. */
  | { readonly type: 'contact.release'; readonly callId: CallId }
  | { readonly type: 'card.timeOut'; readonly callId: CallId }
  /** The engine's edge asks the lists first. `barred`: why this contact may not be called any more. */
  | { readonly type: 'card.callItself'; readonly callId: CallId; readonly barred?: string | null }
  /** A pause or log-off asked for while a campaign counted on the agent takes effect. */
  | { readonly type: 'wish.timeOut'; readonly agentId: AgentId }
  | { readonly type: 'campaign.due'; readonly campaignId: CampaignId }
  /** The engine's edge asks the calendar and answers with `hours.turn` and `day.turn`. */
  | { readonly type: 'hours.timeOut'; readonly hoursId: HoursId }
  | { readonly type: 'day.timeOut' }

export type SystemInput =
  | { readonly type: 'engine.start' }
  | { readonly type: 'solution.take'; readonly version: string }
  | {
      readonly type: 'hours.turn'
      readonly hoursId: HoursId
      readonly open: boolean
      readonly until: Ms | null
      readonly closesAt: Ms | null
      readonly nextDayClosesAt: Ms | null
    }
  /** Legs the switch has joined with each other and nobody here knows. */
  | {
      readonly type: 'legs.adopt'
      readonly legs: readonly { readonly legId: LegId; readonly inbound: boolean; readonly person: PersonId }[]
      readonly line: PersonId
    }
  /** What became of a call's legs while we were away: told together, for what follows from one depends on the others. */
  | { readonly type: 'legs.learn'; readonly callId: CallId; readonly legs: readonly Finding[] }
  /** Looks for legs that have been up for nearly as long as a call may be. */
  | { readonly type: 'legs.sweep' }
  | { readonly type: 'day.turn'; readonly from: Ms; readonly until: Ms }
  /** `jumpedMs`: by how much time in facts jumps; 0 where it was ahead of the wall. */
  | { readonly type: 'clock.step'; readonly byMs: Ms; readonly jumpedMs: Ms }
  | {
      readonly type: 'alarm.raise'
      readonly alarm: 'switch' | 'disk' | 'unknownLeg' | 'journalTail'
      readonly about?: string
      readonly detail?: string
      readonly callId?: CallId
    }
  /** In this call the switch does not join whom it should, however often it is asked; or it does again, or nobody is to be joined any more. */
  | { readonly type: 'join.fail' | 'join.mend'; readonly callId: CallId }
  | { readonly type: 'call.setAside'; readonly callId: CallId }
  /** What the pacing wants now. The rules cut it to what the mode, the day's limit and the agents there allow, and draw so many contacts. */
  | { readonly type: 'campaign.pace'; readonly campaignId: CampaignId; readonly dial: number; readonly hangUp: number }
  /** The pacing threw or answered nonsense. */
  | { readonly type: 'campaign.mistrust'; readonly campaignId: CampaignId; readonly detail: string }
  /** Contacts that may be called now, in order; already checked against calling hours, do-not-call lists and barred numbers. Those not taken up stay as they are. `own`: each is to be called by one agent alone. */
  | { readonly type: 'contacts.deal'; readonly campaignId: CampaignId; readonly contacts: readonly Dealt[]; readonly own?: true }
  /** The contact's number is on a do-not-call list now, or may not be called any more. */
  | { readonly type: 'contact.bar'; readonly callId: CallId }
  /** What a look through the campaign's list found that is otherwise than the world has it; null: somebody who can be called. */
  | { readonly type: 'campaign.drew'; readonly campaignId: CampaignId; readonly dry: DryWhy | null }
  /** No contact is left, now or later. */
  | { readonly type: 'campaign.exhaust'; readonly campaignId: CampaignId }
  /** Numbers of contacts that may not be called any more, found when their turn came. */
  | { readonly type: 'contacts.bar'; readonly campaignId: CampaignId; readonly numbers: readonly Barred[] }

export interface Barred {
  readonly contactId: ContactId
  readonly number: 1 | 2
  readonly why: NumberBar
}

/** A contact as it is dealt to the rules. */
export interface Dealt {
  readonly contactId: ContactId
  readonly person: PersonId
  readonly number: 1 | 2
  readonly numbersLeft: 1 | 2
  /** Tries counted so far. */
  readonly tries: number
  /** The end of the calling hours it is in; null: never. */
  readonly until: Ms | null
  /** Rescheduled, or called back after a silent call: an agent first, whatever the mode. */
  readonly agentFirst: boolean
  readonly afterSilent: boolean
  readonly forAgent: AgentId | null
  /** From then on anyone's. */
  readonly anyoneAt?: Ms
  readonly language: string | null
  /** The number is a switchboard's: several people are reached there, at one time too. */
  readonly switchboard?: boolean
}

/** A callee whose number is a person now. `barred`: why such a number is not called; null: it may be. */
export type Called = { readonly person: PersonId; readonly barred: NumberBar | null } | Exclude<Callee, { readonly number: string }>

type WithPerson<C> = C extends { readonly type: 'callback.order' }
  ? Omit<C, 'number' | 'name' | 'extension'> & {
      readonly person: PersonId
      readonly line: PersonId
      readonly barred: string | null
      readonly switchboard?: boolean
    }
  : C extends { readonly type: 'call.dial' }
    ? Omit<C, 'to' | 'callerId'> & { readonly to: Called; readonly callerId?: PersonId }
    : C extends { readonly type: 'talk.consult' }
      ? Omit<C, 'to'> & { readonly to: Called }
      : C extends { readonly type: 'talk.transfer' }
        ? Omit<C, 'to'> & { readonly to?: Called }
        : C extends { readonly type: 'doNotCall.add' }
          ? Omit<C, 'number' | 'reason'> & { readonly person: PersonId }
          : C extends { readonly type: 'doNotCall.remove' }
            ? Omit<C, 'number'> & { readonly person: PersonId }
            : C extends { readonly type: 'card.call' | 'card.reject' | 'card.cancel' }
              ? C & { readonly barred?: string | null }
              : C
/** People's commands, their numbers resolved. `card.call`: `barred` says why the contact may not be rung at this instant (`doNotCall`, or why its number is barred). `callback.order`: `line` is ours, shown as the number called. `callerId`: one of ours, or a number that is none. `noteId`: where the words of a note are kept, or whom to ask for behind a switchboard. */
export type PeopleInput = WithPerson<PeopleCommand> & { readonly noteId?: string }

export type Input = TelephonyInput | TimerInput | SystemInput | PeopleInput

/** What the rules say to each other while one input is worked off: consequences, never from outside. */
export type Consequence =
  | { readonly type: 'call.begin'; readonly callId: CallId }
  /** A leg ended: what follows for its party, its entry and its conversation. */
  | { readonly type: 'leg.settle'; readonly legId: LegId }
  /** A phone we rang was answered: the offer is taken, the customer is dialled, or both are joined. */
  | { readonly type: 'leg.greet'; readonly legId: LegId }
  | { readonly type: 'call.tidy'; readonly callId: CallId }
  | { readonly type: 'attempt.settle'; readonly callId: CallId }
  | { readonly type: 'callback.hold'; readonly entryId: EntryId; readonly other: CallId }
  | { readonly type: 'callback.recall'; readonly entryId: EntryId }
  /** Somebody came or went who serves it, or another solution says who does: whether anybody is left. */
  | { readonly type: 'queue.check'; readonly queueId: QueueId }
  /** The solution has this agent no more. */
  | { readonly type: 'agent.dismiss'; readonly agentId: AgentId }
  | { readonly type: 'queue.empty'; readonly queueId: QueueId; readonly reason: 'closed' | 'noAgents' }
  | { readonly type: 'trunk.fail'; readonly trunk: string }
  /** A call was answered or became silent, or a day began: whether the day's limit is reached. */
  | { readonly type: 'campaign.judge'; readonly campaignId: CampaignId }
  /** It wants no agents any more: what others promised it is taken back. */
  | { readonly type: 'campaign.yield'; readonly campaignId: CampaignId }
  | Extract<Input, { type: 'contact.bar' }>
  /** The agent with the card is no longer ready. */
  | { readonly type: 'card.withdraw'; readonly agentId: AgentId }
  /** A call that was in the air when this agent asked for a pause is settled. */
  | { readonly type: 'wish.settle'; readonly agentId: AgentId }
  | Extract<TimerInput, { type: 'entry.timeOut' | 'queue.timeOut' | 'callback.expire' }>
  | { readonly type: 'entry.announce'; readonly entryId: EntryId }
  | { readonly type: 'match.entry'; readonly entryId: EntryId }
  | { readonly type: 'match.agent'; readonly agentId: AgentId }

/** What comes with an input: the instant, ids, and the solutions in force. */
export interface Env {
  readonly at: Ms
  /** A new id, derived from the input's own: same input, same ids. */
  readonly id: (prefix: 'c' | 'l' | 'e') => string
  readonly solution: (version: string) => Solution
}
