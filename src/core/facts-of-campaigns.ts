/**
 * The journal's vocabulary, chapter of campaigns and their contacts. What holds for every fact stands on the first page, `facts.ts`,
 * which everybody imports.
 */
import type { Settings as CampaignSettings } from './campaign/settings.ts'
import type { LegOutcome, OfCall } from './facts-words.ts'
import type { AgentId, CallId, CampaignId, ContactId, EntryId, Ms, PersonId } from './kernel/kernel.ts'

/** What becomes of a contact after a try, or after it left the queue without one. */
export type ContactOutcome = Exclude<LegOutcome, 'withdrawn'> | 'silent' | 'voicemail' | 'cancelled' | 'notCalled'

/**
 * `again`: due at `dueAt`, within calling hours, in line. `asked`: rescheduled, with an agent first. `back`: as if it had never been
 * taken up (nothing was counted). `done`: reached, or nothing left to try. `never`: not called again by this campaign.
 */
export type ContactNext = 'again' | 'asked' | 'back' | 'done' | 'never'

/** Why nobody may call a number, by the rules of numbers. */
export type NumberBar = 'invalid' | 'emergency' | 'own' | 'premium' | 'sharedCost' | 'country' | 'prefix'

/** Why nobody of a list can be called just now. */
export type DryWhy = 'none' | 'later' | 'closed' | 'failed'

export type CampaignFact =
  /** Made or changed, whole; in force from now on for what is dialled next. */
  | { readonly type: 'campaign.written'; readonly campaignId: CampaignId; readonly settings: CampaignSettings; readonly by?: string }
  /** `startsAt`: when it will be running; null: it is a draft again. */
  | { readonly type: 'campaign.scheduled'; readonly campaignId: CampaignId; readonly startsAt: Ms | null; readonly by?: string }
  | { readonly type: 'campaign.started'; readonly campaignId: CampaignId; readonly by?: string }
  | { readonly type: 'campaign.paused'; readonly campaignId: CampaignId; readonly by?: string }
  | { readonly type: 'campaign.stopped'; readonly campaignId: CampaignId; readonly by?: string }
  /** No contact is left to call. */
  | { readonly type: 'campaign.finished'; readonly campaignId: CampaignId }
  /**
   * The day's share of silent calls is at or over what the owner allows: no over-dialling; and again within it. `forTheDay`: it is
   * over by more than chance explains, so the pacing is trusted no more until the day is over.
   */
  | { readonly type: 'campaign.limitReached'; readonly campaignId: CampaignId; readonly forTheDay?: true }
  | { readonly type: 'campaign.limitLeft'; readonly campaignId: CampaignId }
  /**
   * Its list was looked through, and nobody of it can be called just now: no contact is left, all are due later, all clocks are outside
   * calling hours, or the list cannot be read. From then on it keeps no agents from other campaigns; until somebody can be called again.
   */
  | { readonly type: 'campaign.ranDry'; readonly campaignId: CampaignId; readonly why: DryWhy }
  | { readonly type: 'campaign.refilled'; readonly campaignId: CampaignId }
  /** The pacing threw or answered nonsense: Progressive until somebody writes the campaign anew. */
  | { readonly type: 'campaign.pacingFailed'; readonly campaignId: CampaignId }
  | { readonly type: 'campaign.removed'; readonly campaignId: CampaignId; readonly by?: string }
  /** When a contact's turn came this number of it could not be called any more, by the rules of numbers as they are now. Nobody was rung. */
  | {
      readonly type: 'campaign.numberBarred'
      readonly campaignId: CampaignId
      readonly contactId: ContactId
      readonly number: 1 | 2
      readonly why: NumberBar
    }
  /** A number nobody may call any more: for every campaign, or one. `noteId`: the reason in words. `until` null: for ever. */
  | {
      readonly type: 'doNotCall.listed'
      readonly personId: PersonId
      readonly campaignId: CampaignId | null
      readonly source: 'page' | 'api' | 'silentCall' | 'agent'
      readonly until: Ms | null
      /** The call it was asked for in. */
      readonly during?: CallId
      readonly noteId?: string
      readonly user?: string
    }
  | { readonly type: 'doNotCall.lifted'; readonly personId: PersonId; readonly campaignId: CampaignId | null; readonly user?: string }

export type ContactFact =
  /**
   * A contact was taken up: for which of its numbers, after how many counted tries, and until when it may be rung (its own calling
   * hours). `numbersLeft`: of its numbers that are in use as far as anybody knows. `agentFirst`: an agent sees it before it is rung
   * (Preview, rescheduled, called back after a silent call). `forAgent`: only this one, or only this one until `anyoneAt`.
   */
  | (OfCall & {
      readonly type: 'contact.dealt'
      readonly campaignId: CampaignId
      readonly contactId: ContactId
      readonly entryId: EntryId
      readonly number: 1 | 2
      readonly numbersLeft: 1 | 2
      readonly tries: number
      readonly until: Ms | null
      readonly agentFirst: boolean
      readonly afterSilent?: boolean
      readonly forAgent?: AgentId
      readonly anyoneAt?: Ms
      /** Contact first: on how many agents the campaign counted when it was dialled. Older facts do not say it. */
      readonly agents?: number
    })
  /** The time one agent had for himself is over: anyone calls it now. */
  | (OfCall & { readonly type: 'contact.released'; readonly entryId: EntryId })
  /** A contact who was dialled first answered: an agent must be joined by `silentAt`. */
  | (OfCall & { readonly type: 'contact.answered'; readonly silentAt: Ms })
  /** A contact who answered found no agent within the limit, or hung up before it. */
  | (OfCall & { readonly type: 'contact.silent' })
  /**
   * What the agent wants with it, before the call is over: it counts as unanswered, or is called again at `at`, by whom. `anyoneAt`: from
   * then on by anyone, though it was to be `forAgent`.
   */
  | (OfCall & { readonly type: 'contact.markedUnanswered'; readonly agentId: AgentId })
  | (OfCall & {
      readonly type: 'contact.rescheduled'
      readonly agentId: AgentId
      readonly at: Ms
      readonly forAgent: AgentId | null
      readonly anyoneAt?: Ms
    })
  | (OfCall & { readonly type: 'contact.topicsSet'; readonly agentId: AgentId; readonly topics: readonly string[] })
  /** A try is over, with the contact's next. `counted`: it used up an attempt. `tries`: counted so far. `inUse` false: never this number again. */
  | (OfCall & {
      readonly type: 'contact.settled'
      readonly campaignId: CampaignId
      readonly contactId: ContactId
      readonly outcome: ContactOutcome
      readonly counted: boolean
      readonly tries: number
      readonly next: ContactNext
      readonly dueAt: Ms | null
      readonly number: 1 | 2
      readonly inUse: boolean
      readonly forAgent?: AgentId
      readonly anyoneAt?: Ms
    })
  /** A Preview card is on an agent's desk, until `until`; it calls by itself at `callsAt`. */
  | (OfCall & {
      readonly type: 'card.shown'
      readonly entryId: EntryId
      readonly agentId: AgentId
      readonly until: Ms
      readonly callsAt: Ms | null
    })
  /** It is there no more, and not because it was called: rejected, left alone, or taken away. */
  | (OfCall & {
      readonly type: 'card.gone'
      readonly entryId: EntryId
      readonly agentId: AgentId
      readonly why: 'rejected' | 'leftAlone' | 'withdrawn' | 'agentGone'
    })
