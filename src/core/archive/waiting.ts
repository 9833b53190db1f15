/**
 * Waiting: on the line (`queue`), off the line (`queueCallback`), an agent's for a colleague (`consultToQueue`), and requests that
 * were taken out of a queue (`deleted`).
 */
import type { Ms } from '../kernel/kernel.ts'
import { type CallNotes, destinationOf, type LegNote, laterOf, legOf, type StayNote } from './notes.ts'
import { lineEnd } from './noting.ts'
import { type Placed, place } from './placed.ts'
import type { Talk } from './talk.ts'

/** One stretch of waiting off the line. */
interface Span {
  readonly id: string
  readonly position: number
  readonly from: Ms
  readonly to: Ms | null
  readonly unanswered: number
  readonly learntAt: Ms | null
}

/** A boundary, and when it was learnt, where that was later. */
interface Instant {
  readonly at: Ms
  readonly learntAt: Ms | null
}

export function placeStay(call: CallNotes, stay: StayNote, talks: readonly Talk[], events: Placed[]): void {
  if (stay.kind === 'consult') placeConsult(call, stay, events)
  else if (stay.kind === 'line') placeLine(call, stay, events)
  else events.push(zero(stay))
  if (stay.kind === 'outbound' || stay.kind === 'dialler') placeSpan(stay, outboundSpan(call, stay), events)
  else if (stay.orderedAt !== null) for (const span of callbackSpans(call, stay, talks)) placeSpan(stay, span, events)
  if (stay.left?.reason === 'deleted') placeDeleted(stay, stay.left, events)
}

/** The `queue` event of no duration with which everything begins that never waited on the line. */
const zero = (stay: StayNote): Placed => {
  const placed = place('queue', stay.position, stay.joinedAt, stay.joinedAt)
  placed.event.queue = stay.queueId
  return placed
}

function placeLine(call: CallNotes, stay: StayNote, events: Placed[]): void {
  for (const piece of stay.pieces) {
    const placed = place('queue', piece.position, piece.from, piece.to ?? call.endedAt)
    placed.event.queue = stay.queueId
    if (piece.reason !== undefined) placed.event.reason = piece.reason
    placed.learntAt = piece.learntAt
    events.push(placed)
  }
}

function placeConsult(call: CallNotes, stay: StayNote, events: Placed[]): void {
  const placed = place('consultToQueue', stay.position, stay.joinedAt, stay.left?.at ?? call.endedAt)
  placed.event.queue = stay.queueId
  const agentId = stay.byLegId === undefined ? undefined : legOf(call, stay.byLegId)?.agentId
  if (agentId !== undefined) placed.event.agents = [agentId]
  placed.learntAt = stay.left?.learntAt ?? null
  events.push(placed)
}

function placeSpan(stay: StayNote, span: Span, events: Placed[]): void {
  const placed = place('queueCallback', span.position, span.from, span.to)
  placed.event.id = span.id
  placed.event.queue = stay.queueId
  if (span.unanswered > 0) placed.event.unanswered = span.unanswered
  placed.learntAt = span.learntAt
  events.push(placed)
}

function placeDeleted(stay: StayNote, left: NonNullable<StayNote['left']>, events: Placed[]): void {
  const placed = place('deleted', left.position, left.at, left.at)
  const { event } = placed
  event.queue = stay.queueId
  if (left.by !== undefined) event.by = left.by
  if (left.user !== undefined) event.user = left.user
  if (left.why !== undefined) event.reason = left.why
  if (left.noteId !== undefined) event.noteId = left.noteId
  placed.learntAt = left.learntAt
  events.push(placed)
}

/* ------------------------------------------------------------------ outbound and dialler */

/**
 * When the destination of an outbound or dialler call answered. An answer that crossed the request's being withdrawn is none: that leg is
 * ended at once and never joined.
 */
export function destinationAnswer(call: CallNotes): Instant | null {
  const destination = destinationOf(call)
  if (destination === undefined || destination.answeredAt === null) return null
  const left = call.stays.find((stay) => stay.kind === 'outbound' || stay.kind === 'dialler')?.left ?? null
  if (left !== null && left.reason !== 'answered' && left.position < destination.answeredPosition) return null
  return { at: destination.answeredAt, learntAt: destination.answerLearntAt }
}

/** From the request until the destination answered or was given up, whichever fact says so first. */
function outboundSpan(call: CallNotes, stay: StayNote): Span {
  const destination = destinationOf(call)
  const answer = destinationAnswer(call)
  const ends: Instant[] = []
  if (answer !== null) ends.push(answer)
  else {
    if (destination !== undefined) {
      if (destination.endedAt !== null) ends.push({ at: destination.endedAt, learntAt: destination.endLearntAt })
      const own = call.legs.findLast((leg) => leg.party === 'agent' && leg.answeredAt !== null && leg.endedAt !== null)
      if (own !== undefined && own.endedAt !== null) ends.push({ at: own.endedAt, learntAt: own.endLearntAt })
    }
    if (stay.left !== null) ends.push(stay.left)
  }
  let first: Instant | undefined
  for (const end of ends) if (first === undefined || end.at < first.at) first = end
  return {
    id: `e${stay.position}-queueCallback`,
    position: stay.position,
    from: stay.joinedAt,
    to: first?.at ?? call.endedAt,
    unanswered: destination !== undefined && answer === null && destination.endedAt !== null ? 1 : 0,
    learntAt: first?.learntAt ?? null,
  }
}

/* ------------------------------------------------------------------ callback */

/** The customer's legs of this callback's attempts that reached somebody: answered, and joined with the agent. */
const reachedLegs = (call: CallNotes): LegNote[] =>
  call.legs.filter((leg) => leg.party === 'customer' && leg.attempt !== undefined && leg.joined && leg.answeredAt !== null)

/** The customer's leg by which a callback has reached him and is done; undefined as long as none has. */
export const reachedLeg = (call: CallNotes): LegNote | undefined => {
  if (call.stays.every((stay) => stay.orderedAt === null)) return undefined
  return reachedLegs(call).find((leg) => leg.retriedBy === null)
}

function callbackSpans(call: CallNotes, stay: StayNote, talks: readonly Talk[]): Span[] {
  const spans: Span[] = []
  let from = orderSettledAt(call, stay)
  let position = stay.orderedPosition
  for (const leg of reachedLegs(call)) {
    if (leg.answeredPosition < stay.orderedPosition) continue
    const answer = agentAnswerOf(call, leg)
    // Another number may be reached while the order is still being thanked for on the line.
    from = Math.min(from ?? answer.at, Math.max(answer.at, stay.orderedAt ?? answer.at))
    const unanswered = stay.unanswered.filter((one) => one.position < leg.answeredPosition).length
    spans.push(span(position, from, Math.max(from, answer.at), unanswered, laterOf(answer.learntAt, leg.answerLearntAt)))
    if (leg.retriedBy === null) return spans
    position = leg.retriedBy
    // Marked within the instant it was joined, it left no conversation: the waiting goes on from its end.
    const talk = talks.findLast((one) => one.legs.includes(leg))
    from = talk === undefined ? leg.endedAt : talk.to
  }
  if (from === null) return spans
  const end = callbackEnd(call, stay)
  spans.push(span(position, from, end.at === null ? null : Math.max(from, end.at), stay.unanswered.length, end.learntAt))
  return spans
}

const span = (position: number, from: Ms, to: Ms | null, unanswered: number, learntAt: Ms | null): Span => ({
  id: `e${position}`,
  position,
  from,
  to,
  unanswered,
  learntAt,
})

/**
 * From when the callback alone is the status: the ordering call's last menu or message has ended, or the line is gone, whichever comes
 * first. null: it is still being said.
 */
function orderSettledAt(call: CallNotes, stay: StayNote): Ms | null {
  const ordered = stay.orderedAt ?? stay.joinedAt
  if (stay.kind === 'web') return ordered
  const gone = lineEnd(call)
  let from = ordered
  for (const menu of call.menus) {
    if (menu.from >= gone && menu.position > stay.orderedPosition) continue
    from = Math.max(from, menu.to ?? Number.POSITIVE_INFINITY)
  }
  from = Math.min(from, Math.max(ordered, gone))
  const left = stay.left
  if (left !== null && left.at < from) from = Math.max(ordered, left.at)
  if (call.endedAt !== null) from = Math.max(ordered, Math.min(from, call.endedAt))
  return from === Number.POSITIVE_INFINITY ? null : from
}

/** The agent's answer in the attempt that reached the customer; the customer's own where no agent's is told. */
function agentAnswerOf(call: CallNotes, customer: LegNote): Instant {
  const own = call.legs.findLast(
    (leg) => leg.party === 'agent' && leg.answeredAt !== null && leg.answeredPosition < customer.answeredPosition,
  )
  return { at: own?.answeredAt ?? customer.answeredAt ?? customer.requestedAt, learntAt: own?.answerLearntAt ?? null }
}

/** Where nobody was reached: the last customer leg's end when given up after attempts; when taken out, then. */
function callbackEnd(call: CallNotes, stay: StayNote): { at: Ms | null; learntAt: Ms | null } {
  const left = stay.left
  if (left === null) return { at: call.endedAt, learntAt: null }
  if (left.reason === 'unreached') {
    const last = call.legs.findLast((leg) => leg.party === 'customer' && leg.attempt !== undefined)
    if (last !== undefined && last.endedAt !== null) return { at: last.endedAt, learntAt: last.endLearntAt }
  }
  return left
}
