/**
 * What people and programs may ask of a solution. A number in a command is text as it was given: the engine's edge turns it into a
 * `PersonId` and what the rules need to know of it before the rules see it.
 */

import type { Settings as CampaignSettings } from './campaign/settings.ts'
import type { By } from './facts.ts'
import type { AgentId, CallId, CampaignId, EntryId, Ms, QueueId } from './kernel/kernel.ts'

/** Who asks: in what capacity, and by which account (kept in the fact, shown in the archive). */
export interface Asking {
  readonly by: By
  readonly user?: string
}

/** Whom an agent wants on the line: a number as it was written, a colleague, or, in a conversation, a queue. */
export type Callee = { readonly number: string } | { readonly agentId: AgentId } | { readonly queueId: QueueId }

export type PeopleCommand =
  | (Asking & { readonly type: 'agent.logOn'; readonly agentId: AgentId })
  | (Asking & { readonly type: 'agent.logOff'; readonly agentId: AgentId })
  | (Asking & { readonly type: 'agent.pause'; readonly agentId: AgentId; readonly reason: string })
  /** Ready: ends a pause, a rest, a wrap-up, or takes back a wish. */
  | (Asking & { readonly type: 'agent.return'; readonly agentId: AgentId })
  /** Of a supervisor, for an agent who is stuck. `evenTalking`: also where he talks with somebody. */
  | (Asking & { readonly type: 'agent.release'; readonly agentId: AgentId; readonly evenTalking: boolean })
  | (Asking & { readonly type: 'agent.extendWrapUp'; readonly agentId: AgentId; readonly byMs: Ms })
  /** The desk's Answer, Reject and Hang up; `callId` guards against a click meant for the call before. */
  | (Asking & { readonly type: 'offer.answer'; readonly agentId: AgentId; readonly callId: CallId })
  | (Asking & { readonly type: 'offer.reject'; readonly agentId: AgentId; readonly callId: CallId })
  | (Asking & { readonly type: 'talk.hangUp'; readonly agentId: AgentId; readonly callId: CallId })
  /** An agent's own call. `callerId`: which of our numbers is shown, of those the solution lets agents pick. */
  | (Asking & {
      readonly type: 'call.dial'
      readonly agentId: AgentId
      readonly to: Callee
      readonly origin: 'desk' | 'api'
      readonly callerId?: string
    })
  /** Cancel in the outbound tab: withdraws a request that was not answered; after the answer it is a hang-up. */
  | (Asking & { readonly type: 'call.cancel'; readonly agentId: AgentId; readonly callId: CallId })
  /** Of the agent's own microphone. */
  | (Asking & { readonly type: 'talk.mute' | 'talk.unmute'; readonly agentId: AgentId; readonly callId: CallId })
  /** The other party hears music; taken back. */
  | (Asking & { readonly type: 'talk.hold' | 'talk.resume'; readonly agentId: AgentId; readonly callId: CallId })
  /** Somebody else is asked while the customer hears music. Swap: the other of the two; conference: all three; endConsult: back to the customer. */
  | (Asking & { readonly type: 'talk.consult'; readonly agentId: AgentId; readonly callId: CallId; readonly to: Callee })
  | (Asking & { readonly type: 'talk.swap' | 'talk.conference' | 'talk.endConsult'; readonly agentId: AgentId; readonly callId: CallId })
  /** With `to`: blind. Without: to whoever is consulted. */
  | (Asking & { readonly type: 'talk.transfer'; readonly agentId: AgentId; readonly callId: CallId; readonly to?: Callee })
  /** Pressed on the desk for the other party's machine to hear. They are in no fact. */
  | (Asking & { readonly type: 'talk.digits'; readonly agentId: AgentId; readonly callId: CallId; readonly digits: string })
  | (Asking & { readonly type: 'callback.markVoicemail'; readonly agentId: AgentId; readonly callId: CallId })
  | (Asking & {
      readonly type: 'callback.order'
      readonly queueId: QueueId
      readonly number: string
      /** Who is to be rung. Behind a switchboard it says whom to ask for, and one of the two is needed. */
      readonly name?: string
      readonly extension?: string
      readonly notBefore?: Ms
    })
  /** Takes a waiting caller or callback out of its queue. */
  | (Asking & { readonly type: 'entry.delete'; readonly entryId: EntryId; readonly note?: string })
  | (Asking & { readonly type: 'callback.callNow'; readonly entryId: EntryId })
  /** A Preview card's buttons. Cancel, on the card or while the contact rings: this contact is never called again. */
  | (Asking & { readonly type: 'card.call' | 'card.reject' | 'card.cancel'; readonly agentId: AgentId; readonly callId: CallId })
  /**
   * Called again at `at`, with an agent first: `forAgent` that one, null anyone. `aloneMs`: that one for so long, then anyone; without it
   * that one alone. `opensAt`: when the contact's calling hours open, where they are closed at `at`; the time counts from there. From the
   * card, in the conversation, or in the wrap-up after it.
   */
  | (Asking & {
      readonly type: 'contact.reschedule'
      readonly agentId: AgentId
      readonly callId: CallId
      readonly at: Ms
      readonly forAgent: AgentId | null
      readonly aloneMs?: Ms
      readonly opensAt?: Ms
    })
  /** A machine answered, or nobody of use: it counts as unanswered, and is tried again while attempts are left. */
  | (Asking & { readonly type: 'contact.markUnanswered'; readonly agentId: AgentId; readonly callId: CallId })
  | (Asking & {
      readonly type: 'contact.setTopics'
      readonly agentId: AgentId
      readonly callId: CallId
      readonly topics: readonly string[]
    })
  /** Written whole, a new one too. `over`: the settings that were read before these were written; refused where others stand now. */
  | (Asking & {
      readonly type: 'campaign.write'
      readonly campaignId: CampaignId
      readonly settings: CampaignSettings
      readonly over?: CampaignSettings
    })
  /** Start: also one that was paused or stopped, or is done and has contacts again. Stop: those waiting leave, calls in the air finish. */
  | (Asking & {
      readonly type: 'campaign.start' | 'campaign.pause' | 'campaign.stop' | 'campaign.schedule' | 'campaign.remove'
      readonly campaignId: CampaignId
    })
  | (Asking & {
      readonly type: 'doNotCall.add'
      readonly number: string
      readonly campaignId: CampaignId | null
      readonly source: 'page' | 'api' | 'agent'
      readonly until: Ms | null
      readonly reason?: string
    })
  | (Asking & { readonly type: 'doNotCall.remove'; readonly number: string; readonly campaignId: CampaignId | null })
  /** `alarm`: the id of one that stands. */
  | (Asking & { readonly type: 'alarm.clear'; readonly alarm: string })
