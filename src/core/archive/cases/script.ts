/**
 * A small language for writing a call's facts by hand, in seconds: `tell(at(0, inbound(), arrives('line')), at(20, …))`. For tests; the
 * words are those of the journal, shortened.
 */
import type { By, DeletedReason, DiallerMode, EntryKind, EntryLeftReason, Fact, LegOutcome, NotCounted, Recorded } from '../../facts.ts'
import type { LegId } from '../../kernel/kernel.ts'

/** The instant that the cases call 0: Monday 23 November 2026, 09:00 in Stockholm. */
export const T0 = 1_795_420_800_000
export const CALL = 'call-1'
export const CUSTOMER = 'p-customer'
export const OUTSIDE = 'p-outside'
const LINE = 'p-line'
const of = { callId: CALL }

export interface Moment {
  readonly seconds: number
  readonly facts: readonly Fact[]
}

export const at = (seconds: number, ...facts: readonly Fact[]): Moment => ({ seconds, facts })

/** The journal's lines of one call, positions from 1. */
export function tell(...moments: readonly Moment[]): Recorded[] {
  let position = 0
  return moments.flatMap(({ seconds, facts }) =>
    facts.map((fact) => {
      position += 1
      return { position, at: T0 + Math.round(seconds * 1000), fact }
    }),
  )
}

/* ------------------------------------------------------------------ calls */

export const inbound = (): Fact => ({
  ...of,
  type: 'call.started',
  direction: 'inbound',
  from: { person: CUSTOMER },
  to: { person: LINE },
  customer: CUSTOMER,
})
export const webOrder = (): Fact => ({ ...(inbound() as Extract<Fact, { type: 'call.started' }>), origin: 'web' })
export const outbound = (agentId: string): Fact => ({
  ...of,
  type: 'call.started',
  direction: 'outbound',
  origin: 'desk',
  from: { person: LINE },
  to: { person: CUSTOMER },
  customer: CUSTOMER,
  agentId,
})
export const dialler = (mode: DiallerMode): Fact => ({
  ...of,
  type: 'call.started',
  direction: 'outbound',
  from: { person: LINE },
  to: { person: CUSTOMER },
  customer: CUSTOMER,
  mode,
  campaignId: 'spring',
  contactId: 'contact-7',
  attempt: 1,
})
export const internal = (from: string, to: string): Fact => ({
  ...of,
  type: 'call.started',
  direction: 'internal',
  origin: 'desk',
  from: { agent: from },
  to: { agent: to },
  customer: null,
  agentId: from,
})
export const callEnds = (happenedAt?: number): Fact => ({ ...of, type: 'call.ended', ...learnt(happenedAt) })
export const isSetAside = (): Fact => ({ ...of, type: 'call.setAside' })
export const isRelatedTo = (other: string): Fact => ({ ...of, type: 'call.related', other })

const learnt = (happenedAt: number | undefined) => (happenedAt === undefined ? {} : { happenedAt: T0 + Math.round(happenedAt * 1000) })

/* ------------------------------------------------------------------ legs */

export const arrives = (legId: LegId): Fact => ({ ...of, type: 'leg.arrived', legId, personId: CUSTOMER })

type Purpose = 'consult' | 'transfer' | 'rungBack'
export const ringsAgent = (legId: LegId, agentId: string, more: { entryId?: string; attempt?: number; purpose?: Purpose } = {}): Fact => ({
  ...of,
  type: 'leg.requested',
  legId,
  party: 'agent',
  agentId,
  ringUntil: null,
  ...more,
})
export const ringsCustomer = (legId: LegId, attempt?: number): Fact => ({
  ...of,
  type: 'leg.requested',
  legId,
  party: 'customer',
  personId: CUSTOMER,
  ringUntil: null,
  ...(attempt !== undefined && { attempt }),
})
export const ringsOutside = (legId: LegId, purpose: Purpose): Fact => ({
  ...of,
  type: 'leg.requested',
  legId,
  party: 'external',
  personId: OUTSIDE,
  ringUntil: null,
  purpose,
})
export const rings = (legId: LegId): Fact => ({ ...of, type: 'leg.ringing', legId })
export const answers = (legId: LegId, happenedAt?: number): Fact => ({ ...of, type: 'leg.answered', legId, ...learnt(happenedAt) })
export const held = (legId: LegId): Fact => ({ ...of, type: 'leg.held', legId })
export const resumed = (legId: LegId): Fact => ({ ...of, type: 'leg.resumed', legId })
export const talking = (...legs: readonly LegId[]): Fact => ({ ...of, type: 'bridge.joined', bridge: 'main', legs })
export const consulting = (...legs: readonly LegId[]): Fact => ({ ...of, type: 'bridge.joined', bridge: 'consult', legs })

const ended = (legId: LegId, outcome: LegOutcome, by: 'party' | 'us' | 'network', cause: number | null, happenedAt?: number): Fact => ({
  ...of,
  type: 'leg.ended',
  legId,
  outcome,
  by,
  cause,
  ...learnt(happenedAt),
})
/** An answered party hangs up. */
export const hangsUp = (legId: LegId, happenedAt?: number): Fact => ended(legId, 'answered', 'party', 16, happenedAt)
/** We end an answered leg. */
export const isHungUp = (legId: LegId, happenedAt?: number): Fact => ended(legId, 'answered', 'us', 16, happenedAt)
export const isLost = (legId: LegId): Fact => ended(legId, 'answered', 'network', 41)
export const ringsOut = (legId: LegId, happenedAt?: number): Fact => ended(legId, 'unanswered', 'us', 19, happenedAt)
export const isWithdrawn = (legId: LegId): Fact => ended(legId, 'withdrawn', 'us', 16)
export const isBusy = (legId: LegId): Fact => ended(legId, 'busy', 'party', 17)
export const rejects = (legId: LegId): Fact => ended(legId, 'rejected', 'party', 21)
export const isNotInUse = (legId: LegId): Fact => ended(legId, 'notInUse', 'network', 1)
export const fails = (legId: LegId): Fact => ended(legId, 'failed', 'network', 38)
export const isUnknown = (legId: LegId): Fact => ({ ...(ended(legId, 'unknown', 'network', null) as Ended), reconciled: true })
export const isSwept = (legId: LegId): Fact => ({ ...(ended(legId, 'answered', 'party', null) as Ended), reconciled: true })
type Ended = Extract<Fact, { type: 'leg.ended' }>

/* ------------------------------------------------------------------ menus */

export const enters = (menuId: string, what: 'menu' | 'ordering' | 'message' = 'menu', ...legs: readonly LegId[]): Fact => ({
  ...of,
  type: 'menu.entered',
  menuId,
  what,
  ...(legs.length > 0 && { legs }),
})
export const chooses = (menuId: string, choice: string): Fact => ({ ...of, type: 'menu.left', menuId, how: 'choice', choice })
export const leavesMenu = (menuId: string, how: 'finished' | 'hungUp' | 'gaveUp' | 'withdrawn' | 'entered' = 'finished'): Fact => ({
  ...of,
  type: 'menu.left',
  menuId,
  how,
})
export const hoursAre = (open: boolean): Fact => ({ ...of, type: 'hours.asked', hoursId: 'office', open })

/* ------------------------------------------------------------------ queues and callbacks */

export const ENTRY = 'entry-1'
export const joinsQueue = (
  queueId: string,
  kind: EntryKind = 'line',
  more: { entryId?: string; byLegId?: LegId; place?: 'front' } = {},
): Fact => ({
  ...of,
  type: 'entry.joined',
  entryId: ENTRY,
  queueId,
  kind,
  place: 'end',
  since: T0,
  leavesAt: null,
  ...more,
})
export const leavesQueue = (queueId: string, reason: EntryLeftReason, more: { entryId?: string; agentId?: string } = {}): Fact => ({
  ...of,
  type: 'entry.left',
  entryId: ENTRY,
  queueId,
  reason,
  ...more,
})
export const isDeleted = (queueId: string, by: By, why: DeletedReason, more: { user?: string; noteId?: string } = {}): Fact => ({
  ...of,
  type: 'entry.left',
  entryId: ENTRY,
  queueId,
  reason: 'deleted',
  by,
  why,
  ...more,
})
export const ordering = (): Fact => ({ ...of, type: 'callback.orderStarted', entryId: ENTRY })
export const orderLeft = (): Fact => ({ ...of, type: 'callback.orderLeft', entryId: ENTRY })
export const ordered = (attemptsMax = 1): Fact => ({
  ...of,
  type: 'callback.ordered',
  entryId: ENTRY,
  personId: CUSTOMER,
  attemptsMax,
  notBefore: null,
  expiresAt: null,
})
export const merged = (into: string): Fact => ({ ...of, type: 'callback.merged', entryId: ENTRY, into })
export const tries = (attempt: number, agentId: string): Fact => ({
  ...of,
  type: 'callback.attemptStarted',
  entryId: ENTRY,
  attempt,
  agentId,
})
export const tried = (
  attempt: number,
  outcome: LegOutcome,
  next: 'close' | 'pause' | 'front' | 'retryNetwork',
  notCounted?: NotCounted,
): Fact => ({
  ...of,
  type: 'callback.attemptEnded',
  entryId: ENTRY,
  attempt,
  outcome,
  counted: notCounted === undefined,
  next,
  dueAt: null,
  ...(notCounted !== undefined && { notCounted }),
})
export const requeued = (place: 'end' | 'front'): Fact => ({ ...of, type: 'callback.requeued', entryId: ENTRY, place, since: T0 })
export const marksVoicemail = (legId: LegId, agentId: string, retried: boolean): Fact => ({
  ...of,
  type: 'callback.voicemailMarked',
  entryId: ENTRY,
  legId,
  agentId,
  retried,
  dueAt: null,
})

/* ------------------------------------------------------------------ talk and agents */

export const consults = (agentId: string, to: { agent: string } | { person: string } | { queue: string }): Fact => ({
  ...of,
  type: 'consult.started',
  agentId,
  to,
})
export const consultEnds = (agentId: string, how: 'aborted' | 'returned' | 'transferred' | 'targetGone'): Fact => ({
  ...of,
  type: 'consult.ended',
  agentId,
  how,
})
export const transfers = (agentId: string, blind: boolean, to: { agent: string } | { person: string } | { queue: string }): Fact => ({
  ...of,
  type: 'transfer.requested',
  agentId,
  blind,
  to,
})
export const transferFails = (agentId: string): Fact => ({ ...of, type: 'transfer.failed', agentId })
export const phoneLost = (legId: LegId, agentId: string): Fact => ({ ...of, type: 'phone.lost', legId, agentId })
export const isSilent = (): Fact => ({ ...of, type: 'contact.silent' })
export const wrapsUp = (agentId: string): Fact => ({ ...of, type: 'agent.wrapUpStarted', agentId, until: T0 })
export const isReady = (agentId: string): Fact => ({ ...of, type: 'agent.wrapUpEnded', agentId, by: 'agent' })
