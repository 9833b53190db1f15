/**
 * One call as the archive tells it: its events (one status at a time), its legs, its measures and its result.
 * Shapes and words are those of the specification's archive page; numbers and names are not here, only `PersonId`.
 */
import type { By, DeletedReason, DiallerMode, LegOutcome, NotCounted } from '../facts.ts'
import type { AgentId, CallId, LegId, Ms, Party, PersonId, QueueId } from '../kernel/kernel.ts'

export type EventKind = 'menu' | 'queue' | 'queueCallback' | 'conversation' | 'consult' | 'consultToQueue' | 'deleted'

export const RESULTS = [
  'live',
  'callbackReached',
  'expired',
  'deleted',
  'callbackUnreached',
  'answered',
  'silent',
  'merged',
  'cancelled',
  'busy',
  'rejected',
  'notInUse',
  'unanswered',
  'failed',
  'abandoned',
  'timedOut',
  'full',
  'closed',
  'noAgents',
  'left',
] as const
/** How the call ended, the first that holds in the order above. */
export type Result = (typeof RESULTS)[number]

/** How a `queue` event ended. */
export type QueueReason =
  | 'answered'
  | 'hungUp'
  | 'callbackOrdered'
  | 'digit'
  | 'full'
  | 'closed'
  | 'noAgents'
  | 'timedOut'
  | 'transferred'
  | 'deleted'
  | 'failed'

export interface ArchiveEvent {
  /** From the position of the fact that began it: survives a rebuild. */
  readonly id: string
  readonly kind: EventKind
  readonly startedAt: Ms
  readonly endedAt: Ms | null
  readonly queue?: QueueId
  readonly menu?: string
  readonly choice?: string
  readonly agents: readonly AgentId[]
  /** An outside number joined. */
  readonly to?: PersonId
  /** Attempts that counted and ended unanswered, so far in this call; absent at 0. */
  readonly unanswered?: number
  readonly by?: By
  /** The account of the person who did it, where a fact tells. */
  readonly user?: string
  readonly reason?: QueueReason | DeletedReason
  readonly noteId?: string
  /** When a boundary was learnt after it happened. */
  readonly learntAt?: Ms
}

export interface StoryLeg {
  readonly id: LegId
  readonly party: 'customer' | 'agent' | 'external'
  readonly agentId?: AgentId
  readonly personId?: PersonId
  /** The callback's attempt it belongs to. */
  readonly attempt?: number
  readonly requestedAt: Ms
  readonly ringingAt: Ms | null
  readonly answeredAt: Ms | null
  readonly endedAt: Ms | null
  readonly holds: readonly { readonly from: Ms; readonly to: Ms | null }[]
  /** null while it rings. */
  readonly outcome: LegOutcome | null
  readonly by?: 'party' | 'us' | 'network'
  readonly cause: number | null
  readonly notCounted?: NotCounted
  readonly reconciled?: boolean
  readonly learntAt?: Ms
}

export interface StoryAgent {
  readonly id: AgentId
  readonly speakMs: Ms
  readonly holdMs: Ms
  readonly wrapMs: Ms
}

export interface Story {
  readonly id: CallId
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly origin?: 'web' | 'desk' | 'api'
  readonly mode?: DiallerMode
  readonly campaignId?: string
  readonly contactId?: string
  readonly attempt?: number
  readonly startedAt: Ms
  /** null while live. */
  readonly endedAt: Ms | null
  /** Whose number is shown as caller's number: the customer's; the called one for outbound; null for agent to agent (shown as xxxxxxx). */
  readonly caller: PersonId | null
  readonly from: Party
  readonly to: Party
  /** Of an outbound call: the agent whose own it is. An internal one says so in `from`. */
  readonly orderedBy?: AgentId
  /** Where the name or extension to ask for behind the switchboard that is called back is kept. */
  readonly askFor?: string
  readonly queues: readonly QueueId[]
  /** Those involved: their leg was answered. In order of first answer. */
  readonly agents: readonly StoryAgent[]
  readonly result: Result
  readonly waitMs: Ms | null
  readonly waitToCustomerMs: Ms | null
  readonly speakMs: Ms
  readonly unanswered: number
  readonly relatedCalls: readonly CallId[]
  readonly events: readonly ArchiveEvent[]
  readonly legs: readonly StoryLeg[]
  /** The journal position of the last fact in it: a larger one is newer. */
  readonly position: number
}
