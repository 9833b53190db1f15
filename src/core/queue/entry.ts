/**
 * One stay of one call in one queue.
 *
 * none ──join──▶ waiting ──offer──▶ offered ──taken──▶ left (answered)
 *                 │ ▲ ▲               │
 *                 │ │ └──declined─────┘
 *                 │ └──order left── ordering ──ordered──▶ off the line: a callback (its own machine), in the same place
 *                 └──hang up, time out, delete, closed, no agents──▶ left
 */

import * as Callback from '../callback/callback.ts'
import type { By, CallbackFact, ContactFact, DeletedReason, EntryFact, EntryKind, EntryLeftReason, LegFact } from '../facts.ts'
import { type AgentId, type CallId, type Decision, type EntryId, type LegId, type Ms, type QueueId, refuse } from '../kernel/kernel.ts'

export type Fact = EntryFact | Extract<CallbackFact, { type: 'callback.orderStarted' | 'callback.orderLeft' | 'callback.merged' }>
export type Refusal = Callback.Refusal

export interface State {
  readonly id: EntryId
  readonly callId: CallId
  readonly queueId: QueueId
  readonly kind: EntryKind
  readonly status: 'waiting' | 'ordering' | 'offered'
  readonly joinedAt: Ms
  /** From when its waiting counts in the matching. */
  readonly since: Ms
  /** Its number among those put at the front, in the order they came there; null: in line by its waiting. */
  readonly front: number | null
  readonly leavesAt: Ms | null
  readonly slaMs: Ms
  readonly offer: { readonly agentId: AgentId; readonly legId: LegId } | null
  readonly offerAnnounced: boolean
  /** A contact of a campaign: an agent may be matched with it (it answered, or waits to be called), and it is on nobody's desk. */
  readonly open: boolean
  readonly callback: Callback.State | null
}

export type Command =
  | { readonly type: 'startOrder' }
  | { readonly type: 'leaveOrder' }
  | { readonly type: 'leave'; readonly reason: EntryLeftReason; readonly agentId?: AgentId }
  | { readonly type: 'delete'; readonly by: By; readonly why: DeletedReason; readonly user?: string; readonly noteId?: string }

export function decide(entry: State, command: Command): Decision<Fact, Refusal> {
  const who = { callId: entry.callId, entryId: entry.id }
  const left = (reason: EntryLeftReason) => ({ type: 'entry.left', ...who, queueId: entry.queueId, reason }) as const
  switch (command.type) {
    case 'startOrder':
      return entry.status === 'ordering' || entry.callback !== null ? [] : [{ type: 'callback.orderStarted', ...who }]
    case 'leaveOrder':
      return entry.status === 'ordering' ? [{ type: 'callback.orderLeft', ...who }] : []
    case 'leave':
      return [{ ...left(command.reason), ...(command.agentId === undefined ? {} : { agentId: command.agentId }) }]
    case 'delete':
      if (entry.callback !== null && (entry.callback.status === 'dialling' || entry.callback.status === 'talking'))
        return refuse('callback.inAttempt')
      return [
        {
          ...left('deleted'),
          by: command.by,
          why: command.why,
          ...(command.user === undefined ? {} : { user: command.user }),
          ...(command.noteId === undefined ? {} : { noteId: command.noteId }),
        },
      ]
  }
}

export const initial = (fact: Extract<Fact, { type: 'entry.joined' }>, at: Ms, position: number): State => ({
  id: fact.entryId,
  callId: fact.callId,
  queueId: fact.queueId,
  kind: fact.kind,
  status: 'waiting',
  joinedAt: at,
  since: fact.since,
  front: fact.place === 'front' ? position : null,
  leavesAt: fact.leavesAt,
  slaMs: fact.slaMs ?? 0,
  offer: null,
  offerAnnounced: false,
  open: fact.kind !== 'dialler',
  callback: null,
})

type LegOfEntry = Extract<LegFact, { type: 'leg.requested' | 'leg.answered' | 'leg.ended' }>
type ContactOfEntry = Extract<ContactFact, { type: 'contact.dealt' | 'contact.answered' | 'card.shown' | 'card.gone' }>

/** Reads the entry's own facts, its callback's or its contact's, and those of the legs rung for it. */
export function evolve(
  entry: State,
  fact: Exclude<Fact, { type: 'entry.joined' | 'entry.left' }> | CallbackFact | ContactOfEntry | LegOfEntry,
  at: Ms,
  position: number,
  agentsLeg: boolean,
): State {
  switch (fact.type) {
    case 'leg.requested':
      if (!agentsLeg) return { ...entry, callback: entry.callback && Callback.evolve(entry.callback, fact) }
      return { ...entry, status: 'offered', open: true, offer: { agentId: fact.agentId ?? '', legId: fact.legId } }
    case 'contact.dealt':
      return { ...entry, open: fact.agentFirst }
    case 'contact.answered':
    case 'card.gone':
      return { ...entry, open: true }
    case 'card.shown':
      return { ...entry, open: false }
    case 'leg.answered':
      return agentsLeg || entry.callback === null ? entry : { ...entry, callback: Callback.evolve(entry.callback, fact) }
    case 'leg.ended':
      return entry.offer?.legId === fact.legId ? { ...entry, status: 'waiting', offer: null } : entry
    case 'entry.announced':
      return fact.what === 'offer' ? { ...entry, offerAnnounced: true } : entry
    case 'callback.orderStarted':
      return { ...entry, status: 'ordering' }
    case 'callback.orderLeft':
    case 'callback.merged':
      return { ...entry, status: 'waiting' }
    case 'callback.ordered':
      return { ...entry, status: 'waiting', leavesAt: null, callback: Callback.initial(fact, at) }
    case 'callback.attemptEnded':
      return {
        ...entry,
        front: fact.next === 'front' ? position : entry.front,
        callback: entry.callback && Callback.evolve(entry.callback, fact),
      }
    case 'callback.requeued':
      return {
        ...entry,
        since: fact.since,
        front: fact.place === 'front' ? position : null,
        callback: entry.callback && Callback.evolve(entry.callback, fact),
      }
    case 'callback.hastened':
      return { ...entry, front: position, callback: entry.callback && Callback.evolve(entry.callback, fact) }
    default:
      return { ...entry, callback: entry.callback && Callback.evolve(entry.callback, fact) }
  }
}

/** Whether an agent may be rung for it now, as far as the entry itself can tell. */
export const isOfferable = (entry: State): boolean =>
  entry.status === 'waiting' &&
  (entry.callback === null
    ? entry.open && entry.kind !== 'web' && entry.kind !== 'outbound'
    : entry.callback.status === 'waiting' && entry.callback.heldBy === null)

/** The order in line: those put at the front as they came there, then by waiting, then by joining, then by id. calls.md 1 */
export function before(a: State, b: State): number {
  if (a.front !== null || b.front !== null) {
    if (a.front === null) return 1
    if (b.front === null) return -1
    return a.front - b.front
  }
  return a.since - b.since || a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
