/**
 * The journal's vocabulary, chapter of agents: what they asked for, and how they stand beside their calls. What holds for every fact
 * stands on the first page, `facts.ts`, which everybody imports.
 */
import type { By } from './facts-words.ts'
import type { AgentId, CallId, CampaignId, Ms } from './kernel/kernel.ts'

export type AgentFact =
  | { readonly type: 'agent.loggedOn'; readonly agentId: AgentId; readonly by: By; readonly user?: string }
  | { readonly type: 'agent.loggedOff'; readonly agentId: AgentId; readonly by: By; readonly user?: string }
  | { readonly type: 'agent.paused'; readonly agentId: AgentId; readonly reason: string; readonly by: By; readonly user?: string }
  /** Ready again: from a pause, a rest after a rejected offer, or a fresh log-on. */
  | { readonly type: 'agent.returned'; readonly agentId: AgentId; readonly by: By; readonly user?: string }
  /** Asked for while in a matter: takes effect after it; the last wish counts; null takes it back. */
  | {
      readonly type: 'agent.wished'
      readonly agentId: AgentId
      readonly wish: 'paused' | 'loggedOff' | null
      readonly reason?: string
      readonly by: By
      readonly user?: string
      /** Asked for while ready and a campaign counts on the agent: it takes effect then at the latest, sooner when its calls in the air are settled. */
      readonly effectAt?: Ms
      /** The campaign that counted on the agent then. */
      readonly campaignId?: CampaignId
    }
  /**
   * One whom a campaign dials on while he is busy, or has dialled on, is to go to another when the calls are settled that were in the air
   * at this instant: no new call of `from` counts on him. `to` null: that is taken back.
   */
  | { readonly type: 'agent.promised'; readonly agentId: AgentId; readonly from: CampaignId; readonly to: CampaignId | null }
  /** An offer was declined or not answered: no offers until then. `inARow`: how many now. */
  | {
      readonly type: 'agent.rested'
      readonly agentId: AgentId
      readonly why: 'rejected' | 'noAnswer'
      readonly until: Ms
      readonly inARow: number
    }
  | { readonly type: 'agent.wrapUpStarted'; readonly agentId: AgentId; readonly callId: CallId; readonly until: Ms }
  | { readonly type: 'agent.wrapUpExtended'; readonly agentId: AgentId; readonly callId: CallId; readonly until: Ms }
  | { readonly type: 'agent.wrapUpEnded'; readonly agentId: AgentId; readonly callId: CallId; readonly by: By }
  /** A supervisor lets go of whatever the agent is in: his phone is hung up, and he is paused after it. `callId`: what he was in. */
  | { readonly type: 'agent.released'; readonly agentId: AgentId; readonly callId: CallId; readonly by: By; readonly user?: string }
  | { readonly type: 'agent.unreachable'; readonly agentId: AgentId }
  | { readonly type: 'agent.reachable'; readonly agentId: AgentId }
