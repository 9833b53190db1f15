/**
 * A call: one matter with one customer, from its first instant to its last, with its legs, the menu or message heard now, and
 * the queue it waits in. It holds the smaller machines; what they say to each other is in `core/world`.
 */

import type * as Contact from '../campaign/contact.ts'
import type { CallFact } from '../facts.ts'
import type { AgentId, CallId, LegId, Ms, Party, PersonId, QueueId } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import type * as Menu from '../menu/menu.ts'
import type * as Entry from '../queue/entry.ts'

/** An agent asks somebody else while the customer hears music. */
export interface Consult {
  readonly agentId: AgentId
  /** The asking agent's leg, and the one rung for it or taken out of the queue. */
  readonly legId: LegId
  readonly targetLegId: LegId | null
  readonly to: Party | { readonly queue: QueueId }
}

export interface State {
  readonly id: CallId
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly from: Party
  readonly to: Party
  readonly customer: PersonId | null
  /** Who ordered it: an agent's own call. */
  readonly agentId: AgentId | null
  readonly emergency: boolean
  readonly origin: 'line' | 'web' | 'desk' | 'api'
  /** The version of the solution it is handled by. */
  readonly solution: string
  readonly language: string
  readonly startedAt: Ms
  /** Whether a callback may ring the caller's own number. */
  callable: boolean
  /** The caller's number is a switchboard's. */
  readonly switchboard: boolean
  /** Where the name or extension to ask for behind the switchboard is kept, once a callback was ordered. */
  askFor: string | null
  readonly legs: Map<LegId, Leg.State>
  menu: Menu.State | null
  entry: Entry.State | null
  /** The contact of a campaign whom this call is to reach. */
  contact: Contact.State | null
  /** The prompt last played to the caller, by menu, message or announcement. */
  playing: string | null
  bridges: { main: readonly LegId[]; consult: readonly LegId[] }
  /** The menus chosen in, with the digit: shown to the agent. */
  menuPath: string[]
  /** The queue joined first and when: the wait is from there, and the day's figures count there. */
  firstQueue: { readonly queueId: QueueId; readonly at: Ms; readonly slaMs: Ms } | null
  /** Since when the customer waits, or waited, for an agent: in queues and off the line; after a conversation, since it was given to a queue. */
  waitsFrom: Ms | null
  /** The agent who talks or talked last with the customer, for which queue. */
  talk: { readonly agentId: AgentId; readonly queueId: QueueId; readonly since: Ms; readonly legId: LegId } | null
  consult: Consult | null
  /** Somebody is rung to take the conversation over, or to take it up again (`lost`: after that agent's phone vanished): whose it was. */
  handover: { readonly agentId: AgentId; readonly what: 'transfer' | 'rungBack' | 'lost' } | null
  lastLegEndedAt: Ms
  /** When that was recorded: later, where it was learnt after the fact. */
  lastLegEndLearntAt: Ms
  /** The latest instant anything of it was told of; and that before its last leg's end was, or a stay in a queue ended after it. */
  toldAt: Ms
  toldBeforeEnd: Ms
  ended: boolean
}

export const initial = (fact: Extract<CallFact, { type: 'call.started' }>, at: Ms): State => ({
  id: fact.callId,
  direction: fact.direction,
  from: fact.from,
  to: fact.to,
  customer: fact.customer,
  agentId: fact.agentId ?? null,
  emergency: fact.emergency ?? false,
  origin: fact.origin ?? 'line',
  solution: fact.solution ?? '',
  language: fact.language ?? 'sv',
  startedAt: at,
  callable: fact.callable ?? false,
  switchboard: fact.switchboard ?? false,
  askFor: null,
  legs: new Map(),
  menu: null,
  entry: null,
  contact: null,
  playing: null,
  bridges: { main: [], consult: [] },
  menuPath: [],
  firstQueue: null,
  waitsFrom: null,
  talk: null,
  consult: null,
  handover: null,
  lastLegEndedAt: at,
  lastLegEndLearntAt: at,
  toldAt: at,
  toldBeforeEnd: at,
  ended: false,
})

export const legsUp = (call: State): Leg.State[] => [...call.legs.values()].filter((leg) => leg.status !== 'ended')
/** The customer's live line, rung by us or ringing us. */
export const customerLeg = (call: State): Leg.State | undefined => legsUp(call).find((leg) => leg.party === 'customer')
/** The customer waits on a line that rang us: only there a callback may be ordered. */
export const calledUs = (call: State): boolean => customerLeg(call)?.inbound === true
/** A call nobody is on and that promises nothing. */
export const isOver = (call: State): boolean => !call.ended && call.entry === null && legsUp(call).length === 0
