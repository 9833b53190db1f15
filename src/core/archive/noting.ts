/**
 * Writes one fact into the notes of its call. Facts of a leg or an entry the call does not have are passed over: the archive shows
 * nothing that no fact says, and one odd fact must not cost the rest of the story.
 */
import type { CallbackFact, EntryFact, EntryLeftReason, Fact, LegFact, MenuFact, Recorded } from '../facts.ts'
import type { Ms } from '../kernel/kernel.ts'
import { type CallNotes, type LegNote, type LinePiece, legOf, type MenuNote, type StayNote, stayOf } from './notes.ts'
import type { QueueReason, Result } from './story.ts'

type Of<F extends Fact, T extends F['type']> = Extract<F, { type: T }>

export function note(call: CallNotes, recorded: Recorded): void {
  const { fact, at, position } = recorded
  call.position = position
  switch (fact.type) {
    case 'leg.arrived':
      call.legs.push(newLeg(fact.legId, at, { party: 'customer', personId: fact.personId, arrived: true }))
      return
    case 'leg.requested':
      call.legs.push(newLeg(fact.legId, at, fact))
      // Somebody is rung for it: what looked like the end was none.
      call.endedAt = null
      return
    case 'leg.ringing':
    case 'leg.answered':
    case 'leg.ended':
    case 'leg.held':
    case 'leg.resumed':
      noteLeg(call, fact, at, position)
      return
    case 'bridge.joined':
      noteJoin(call, fact, at, position)
      return
    case 'menu.entered':
      call.menus.push(newMenu(fact, at, position))
      if (fact.what === 'menu') call.lastThing = 'left'
      return
    case 'menu.keyingStarted':
    case 'menu.extensionAsked':
      noteKeying(call, fact)
      return
    case 'menu.left':
      noteMenuLeft(call, fact, at)
      return
    case 'hours.asked':
      if (!fact.open) call.lastThing = 'closed'
      return
    case 'entry.joined':
      call.stays.push(newStay(fact, at, position))
      return
    case 'entry.left':
      noteLeft(call, fact, at, position)
      return
    case 'callback.orderStarted':
    case 'callback.orderLeft':
    case 'callback.ordered':
    case 'callback.merged':
    case 'callback.attemptEnded':
    case 'callback.voicemailMarked':
      noteCallback(call, fact, at, position)
      return
    default:
      noteRest(call, fact, at)
  }
}

function noteRest(call: CallNotes, fact: Fact, at: Ms): void {
  switch (fact.type) {
    case 'call.ended':
      call.endedAt = fact.happenedAt ?? at
      return
    case 'call.setAside':
      call.setAside = true
      call.endedAt ??= at
      return
    case 'call.related':
      if (!call.related.includes(fact.other)) call.related.push(fact.other)
      return
    case 'contact.silent':
      call.silentAt ??= at
      return
    case 'agent.wrapUpStarted':
      call.wrapUps.push({ agentId: fact.agentId, startedAt: at, endedAt: null })
      return
    case 'agent.wrapUpEnded': {
      const open = call.wrapUps.find((wrapUp) => wrapUp.agentId === fact.agentId && wrapUp.endedAt === null)
      if (open !== undefined) open.endedAt = at
      return
    }
    default:
      return
  }
}

type LegBirth = { readonly party: LegNote['party'] } & Partial<Pick<LegNote, 'agentId' | 'personId' | 'attempt' | 'purpose' | 'arrived'>>

function newLeg(id: string, at: Ms, birth: LegBirth): LegNote {
  const arrived = birth.arrived === true
  return {
    id,
    party: birth.party,
    agentId: birth.agentId,
    personId: birth.personId,
    attempt: birth.attempt,
    purpose: birth.purpose,
    arrived,
    requestedAt: at,
    ringingAt: arrived ? at : null,
    answeredAt: null,
    answeredPosition: 0,
    answerLearntAt: null,
    endedAt: null,
    endedPosition: 0,
    endLearntAt: null,
    holds: [],
    outcome: null,
    by: undefined,
    cause: null,
    notCounted: undefined,
    reconciled: false,
    learntAt: null,
    joined: false,
    retriedBy: null,
  }
}

function noteLeg(
  call: CallNotes,
  fact: Of<LegFact, 'leg.ringing' | 'leg.answered' | 'leg.ended' | 'leg.held' | 'leg.resumed'>,
  at: Ms,
  position: number,
): void {
  const leg = legOf(call, fact.legId)
  if (leg === undefined || leg.endedAt !== null) return
  const happenedAt = 'happenedAt' in fact ? fact.happenedAt : undefined
  const when = happenedAt ?? at
  const learntAt = happenedAt === undefined ? null : at
  if (learntAt !== null) leg.learntAt = learntAt
  switch (fact.type) {
    case 'leg.ringing':
      leg.ringingAt ??= when
      return
    case 'leg.answered':
      if (leg.answeredAt !== null) return
      leg.answeredAt = when
      leg.answeredPosition = position
      leg.answerLearntAt = learntAt
      return
    case 'leg.ended': {
      leg.endedAt = when
      leg.endedPosition = position
      leg.endLearntAt = learntAt
      leg.outcome = fact.outcome
      leg.by = fact.by
      leg.cause = fact.cause
      leg.reconciled = fact.reconciled === true
      const hold = leg.holds.at(-1)
      if (hold !== undefined && (hold.to === null || hold.to > when)) hold.to = Math.max(hold.from, when)
      return
    }
    case 'leg.held':
      if (leg.holds.at(-1)?.to !== null) leg.holds.push({ from: at, to: null })
      return
    case 'leg.resumed': {
      const hold = leg.holds.at(-1)
      if (hold !== undefined && hold.to === null) hold.to = at
    }
  }
}

function noteJoin(call: CallNotes, fact: Of<LegFact, 'bridge.joined'>, at: Ms, position: number): void {
  const legs: LegNote[] = []
  for (const id of fact.legs) {
    const leg = legOf(call, id)
    if (leg === undefined) continue
    legs.push(leg)
    if (fact.bridge === 'main' && fact.legs.length > 1) leg.joined = true
  }
  call.joins.push({ at, position, bridge: fact.bridge, legs })
}

const newMenu = (fact: Of<MenuFact, 'menu.entered'>, at: Ms, position: number): MenuNote => ({
  menuId: fact.menuId,
  heard: fact.menuId,
  message: fact.what === 'message',
  position,
  from: at,
  legs: fact.legs,
  to: null,
  cutShort: false,
  choice: undefined,
})

function noteKeying(call: CallNotes, fact: Of<MenuFact, 'menu.keyingStarted' | 'menu.extensionAsked'>): void {
  const menu = call.menus.at(-1)
  if (menu?.to === null) menu.heard = fact.type === 'menu.keyingStarted' ? 'callback.enter' : 'callback.extension'
}

function noteMenuLeft(call: CallNotes, fact: Of<MenuFact, 'menu.left'>, at: Ms): void {
  const menu = call.menus.findLast((one) => one.to === null && one.heard === fact.menuId)
  if (menu === undefined) return
  menu.to = at
  menu.cutShort = fact.how === 'hungUp' || fact.how === 'withdrawn'
  menu.choice = fact.choice
}

function newStay(fact: Of<EntryFact, 'entry.joined'>, at: Ms, position: number): StayNote {
  return {
    id: fact.entryId,
    queueId: fact.queueId,
    kind: fact.kind,
    position,
    joinedAt: at,
    byLegId: fact.byLegId,
    pieces: fact.kind === 'line' ? [newPiece(at, position)] : [],
    orderedAt: null,
    orderedPosition: 0,
    merged: false,
    unanswered: [],
    left: null,
  }
}

const newPiece = (from: Ms, position: number): LinePiece => ({ position, from, to: null, reason: undefined, learntAt: null })

/** What a line entry's leaving is called on its `queue` event. */
const QUEUE_REASONS: Readonly<Record<EntryLeftReason, QueueReason>> = {
  answered: 'answered',
  hungUp: 'hungUp',
  full: 'full',
  closed: 'closed',
  noAgents: 'noAgents',
  timedOut: 'timedOut',
  transferred: 'transferred',
  digit: 'digit',
  deleted: 'deleted',
  failed: 'failed',
  merged: 'callbackOrdered',
  unreached: 'failed',
  withdrawn: 'failed',
}

/** What leaving a queue on the line makes of an inbound call, if nothing weightier happens to it. */
const LAST_THINGS: Partial<Record<EntryLeftReason, Result>> = {
  hungUp: 'abandoned',
  full: 'full',
  closed: 'closed',
  noAgents: 'noAgents',
  timedOut: 'timedOut',
  failed: 'failed',
}

function noteLeft(call: CallNotes, fact: Of<EntryFact, 'entry.left'>, at: Ms, position: number): void {
  const stay = stayOf(call, fact.entryId)
  if (stay === undefined) return
  let when = fact.happenedAt ?? at
  // A restart may learn of a line's end after the fact: nobody waited on it any longer.
  if (stay.kind === 'line' && stay.orderedAt === null) when = Math.min(when, heardUntil(call, stay.joinedAt))
  // Nor did whoever asked for a colleague and was gone.
  if (stay.kind === 'consult') when = Math.min(when, Math.max(stay.joinedAt, askerGoneAt(call, stay)))
  const learntAt = when < at ? at : null
  const { reason, by, why, noteId, user } = fact
  stay.left = { at: when, position, learntAt, reason, by, why, noteId, user }
  endPiece(stay, when, QUEUE_REASONS[reason], learntAt)
  call.lastThing = LAST_THINGS[reason] ?? 'left'
}

/** When the line on which the customer came in was gone; never, while it stands or where there was none. */
export function lineEnd(call: CallNotes): Ms {
  const line = call.legs.find((leg) => leg.arrived)
  return line?.endedAt ?? Number.POSITIVE_INFINITY
}

/** Until when the customer was on a line with us that stood at an instant: his own, or one on which we had reached him. */
function heardUntil(call: CallNotes, at: Ms): Ms {
  const reached = call.legs.filter(
    (leg) => leg.party === 'customer' && !leg.arrived && leg.answeredAt !== null && leg.answeredAt <= at && (leg.endedAt ?? at) >= at,
  )
  return reached.length === 0 ? lineEnd(call) : Math.max(...reached.map((leg) => leg.endedAt ?? Number.POSITIVE_INFINITY))
}

const askerGoneAt = (call: CallNotes, { byLegId }: StayNote): Ms =>
  (byLegId === undefined ? null : legOf(call, byLegId)?.endedAt) ?? Number.POSITIVE_INFINITY

function endPiece(stay: StayNote, at: Ms, reason: QueueReason, learntAt: Ms | null): void {
  const piece = stay.pieces.at(-1)
  if (piece === undefined || piece.to !== null) return
  piece.to = Math.max(piece.from, at)
  piece.reason = reason
  piece.learntAt = learntAt
}

function noteCallback(
  call: CallNotes,
  fact: Of<
    CallbackFact,
    | 'callback.orderStarted'
    | 'callback.orderLeft'
    | 'callback.ordered'
    | 'callback.merged'
    | 'callback.attemptEnded'
    | 'callback.voicemailMarked'
  >,
  at: Ms,
  position: number,
): void {
  const stay = stayOf(call, fact.entryId)
  if (stay === undefined) return
  switch (fact.type) {
    case 'callback.orderStarted':
      endPiece(stay, at, 'digit', null)
      return
    case 'callback.orderLeft':
      if (stay.kind === 'line' && stay.pieces.at(-1)?.to !== null) stay.pieces.push(newPiece(at, position))
      return
    case 'callback.ordered':
      stay.orderedAt = at
      stay.orderedPosition = position
      call.askFor = fact.noteId
      confirmOrder(stay, at)
      return
    case 'callback.merged':
      stay.merged = true
      call.merged = true
      confirmOrder(stay, at)
      return
    case 'callback.attemptEnded':
      if (fact.counted && fact.outcome !== 'answered') countUnanswered(stay, fact.attempt, position)
      if (fact.notCounted !== undefined) {
        const leg = attemptLeg(call, fact.attempt, fact.notCounted === 'agentNoAnswer' ? 'agent' : 'customer')
        if (leg !== undefined) leg.notCounted = fact.notCounted
      }
      return
    case 'callback.voicemailMarked':
      noteVoicemail(call, stay, fact, position)
  }
}

/** The digit that led out of the queue has become an order. */
function confirmOrder(stay: StayNote, at: Ms): void {
  endPiece(stay, at, 'callbackOrdered', null)
  const piece = stay.pieces.at(-1)
  if (piece !== undefined && piece.reason === 'digit') piece.reason = 'callbackOrdered'
}

function countUnanswered(stay: StayNote, attempt: number, position: number): void {
  if (!stay.unanswered.some((one) => one.attempt === attempt)) stay.unanswered.push({ attempt, position })
}

/** Of the last try of this attempt, which its agent's leg began: that of the party asked for, else the agent's. */
function attemptLeg(call: CallNotes, attempt: number, party: 'agent' | 'customer'): LegNote | undefined {
  const legs = call.legs.filter((leg) => leg.attempt === attempt)
  const began = legs.findLastIndex((leg) => leg.party === 'agent')
  return (party === 'customer' ? legs.slice(began + 1).at(-1) : undefined) ?? legs[began] ?? legs.at(-1)
}

/** The callback goes on, also where it looked closed because the agent marked the machine only in wrap-up. */
function noteVoicemail(call: CallNotes, stay: StayNote, fact: Of<CallbackFact, 'callback.voicemailMarked'>, position: number): void {
  if (!fact.retried) return
  const marked = legOf(call, fact.legId)
  if (marked === undefined || marked.attempt === undefined) return
  const customer = marked.party === 'agent' ? attemptLeg(call, marked.attempt, 'customer') : marked
  if (customer === undefined) return
  customer.retriedBy = position
  countUnanswered(stay, marked.attempt, position)
  stay.left = null
  call.endedAt = null
}
