/**
 * What the archive remembers of one call while its facts arrive: a digest, kept small, from which the story is told anew whenever
 * somebody asks. Nothing is decided here. A boundary that becomes known later (an agent's answer that turns out to have led to the
 * customer, a leg whose end a restart learnt) therefore never has to be taken back.
 */
import type { By, CallFact, DeletedReason, EntryKind, EntryLeftReason, LegOutcome, NotCounted, Recorded } from '../facts.ts'
import type { AgentId, CallId, EntryId, LegId, MenuId, Ms, PersonId, QueueId } from '../kernel/kernel.ts'
import type { QueueReason, Result } from './story.ts'

export type CallStarted = Extract<CallFact, { type: 'call.started' }>

/** One telephone leg. Instants are those at which things happened; `…LearntAt` when we learnt of it, where that was later. */
export interface LegNote {
  readonly id: LegId
  readonly party: 'customer' | 'agent' | 'external'
  readonly agentId: AgentId | undefined
  readonly personId: PersonId | undefined
  readonly attempt: number | undefined
  readonly purpose: 'consult' | 'transfer' | 'rungBack' | undefined
  /** A line that rang us; else a phone we rang. */
  readonly arrived: boolean
  readonly requestedAt: Ms
  ringingAt: Ms | null
  answeredAt: Ms | null
  answeredPosition: number
  answerLearntAt: Ms | null
  endedAt: Ms | null
  endedPosition: number
  endLearntAt: Ms | null
  readonly holds: { from: Ms; to: Ms | null }[]
  outcome: LegOutcome | null
  by: 'party' | 'us' | 'network' | undefined
  cause: number | null
  notCounted: NotCounted | undefined
  reconciled: boolean
  learntAt: Ms | null
  /** It has been joined with others in the main bridge. */
  joined: boolean
  /** Position of the fact that marked this answer as a machine's, where the queue tries again; else null. */
  retriedBy: number | null
}

/** One stretch of waiting on the line. */
export interface LinePiece {
  readonly position: number
  readonly from: Ms
  to: Ms | null
  reason: QueueReason | undefined
  learntAt: Ms | null
}

export interface Leaving {
  readonly at: Ms
  readonly position: number
  readonly learntAt: Ms | null
  readonly reason: EntryLeftReason
  readonly by: By | undefined
  readonly why: DeletedReason | undefined
  readonly noteId: string | undefined
  readonly user: string | undefined
}

/** One entry: its stay in a queue, on the line, off it, or both. */
export interface StayNote {
  readonly id: EntryId
  readonly queueId: QueueId
  readonly kind: EntryKind
  readonly position: number
  readonly joinedAt: Ms
  readonly byLegId: LegId | undefined
  readonly pieces: LinePiece[]
  orderedAt: Ms | null
  orderedPosition: number
  merged: boolean
  /** Attempts that counted and reached nobody, each once, with the position of the fact that said so. */
  readonly unanswered: { readonly attempt: number; readonly position: number }[]
  left: Leaving | null
}

export interface MenuNote {
  readonly menuId: MenuId
  /** What is heard in the same stay now: keying in begins without leaving it. */
  heard: MenuId
  readonly message: boolean
  readonly position: number
  readonly from: Ms
  readonly legs: readonly LegId[] | undefined
  to: Ms | null
  /** Left because a party went, not heard out. */
  cutShort: boolean
  choice: string | undefined
}

export interface JoinNote {
  readonly at: Ms
  readonly position: number
  readonly bridge: 'main' | 'consult'
  readonly legs: readonly LegNote[]
}

export interface WrapUpNote {
  readonly agentId: AgentId
  readonly startedAt: Ms
  endedAt: Ms | null
}

export interface CallNotes {
  readonly id: CallId
  readonly started: CallStarted
  readonly startedAt: Ms
  position: number
  endedAt: Ms | null
  setAside: boolean
  readonly legs: LegNote[]
  readonly stays: StayNote[]
  readonly menus: MenuNote[]
  readonly joins: JoinNote[]
  readonly wrapUps: WrapUpNote[]
  readonly related: CallId[]
  /** Where the name or extension to ask for behind a switchboard is kept. */
  askFor: string | undefined
  silentAt: Ms | null
  merged: boolean
  /** The last thing that happened to a caller on the line, should nothing weightier decide the result. */
  lastThing: Result
}

export const emptyNotes = (recorded: Recorded<CallStarted>): CallNotes => ({
  id: recorded.fact.callId,
  started: recorded.fact,
  startedAt: recorded.at,
  position: recorded.position,
  endedAt: null,
  setAside: false,
  legs: [],
  stays: [],
  menus: [],
  joins: [],
  wrapUps: [],
  related: [],
  askFor: undefined,
  silentAt: null,
  merged: false,
  lastThing: 'left',
})

export function legOf(call: CallNotes, id: LegId): LegNote | undefined {
  for (let i = call.legs.length - 1; i >= 0; i--) if (call.legs[i]?.id === id) return call.legs[i]
  return undefined
}

export function stayOf(call: CallNotes, id: EntryId): StayNote | undefined {
  for (let i = call.stays.length - 1; i >= 0; i--) if (call.stays[i]?.id === id) return call.stays[i]
  return undefined
}

/** The later of two instants of which either may be missing. */
export const laterOf = (a: Ms | null, b: Ms | null): Ms | null => (a === null ? b : b === null || a > b ? a : b)

/** The one leg an outbound, dialler or agent-to-agent call was made for. */
export function destinationOf(call: CallNotes): LegNote | undefined {
  if (call.started.direction !== 'internal') return call.legs.find((leg) => leg.party !== 'agent' && !leg.arrived)
  const own = call.legs.find((leg) => leg.party === 'agent')
  return call.legs.find((leg) => leg !== own)
}

/** Contact first: the customer is rung before any agent. */
export const isContactFirst = (call: CallNotes): boolean => call.started.mode !== undefined && call.started.mode !== 'preview'
