/** How a call ended: the closed list of results, the first that holds. */
import type { CallNotes, LegNote } from './notes.ts'
import { destinationOf } from './notes.ts'
import type { ArchiveEvent, Result } from './story.ts'
import type { Talk } from './talk.ts'
import { reachedLeg } from './waiting.ts'

export function resultOf(call: CallNotes, events: readonly ArchiveEvent[], talks: readonly Talk[]): Result {
  if (call.endedAt === null) return 'live'
  const ordered = call.stays.filter((stay) => stay.orderedAt !== null)
  if (reachedLeg(call) !== undefined) return 'callbackReached'
  const deleted = events.filter((event) => event.kind === 'deleted')
  if (deleted.some((event) => event.reason === 'expired')) return 'expired'
  if (deleted.length > 0) return 'deleted'
  if (ordered.some((stay) => stay.left?.reason === 'unreached')) return 'callbackUnreached'
  if (talks.some((talk) => talk.together)) return 'answered'
  if (call.silentAt !== null) return 'silent'
  if (call.merged) return 'merged'
  if (call.setAside) return 'failed'
  if (call.started.direction !== 'inbound') return outwardResult(call)
  const line = call.legs.find((leg) => leg.arrived)
  if (ordered.length > 0 || (line !== undefined && wasLost(line))) return 'failed'
  return call.lastThing
}

/** The switch or the network took the leg away, or nobody could tell what became of it. One whose own log told its end later is not lost. */
const wasLost = (leg: LegNote): boolean =>
  leg.outcome === 'unknown' ||
  leg.outcome === 'failed' ||
  (leg.reconciled && leg.endLearntAt === null) ||
  (leg.outcome === 'answered' && leg.by === 'network')

/** Of a call we made and nobody answered. */
function outwardResult(call: CallNotes): Result {
  const destination = destinationOf(call)
  switch (destination?.outcome) {
    case 'busy':
    case 'rejected':
    case 'notInUse':
    case 'unanswered':
      return destination.outcome
    case 'withdrawn':
      return byOwnLeg(call, destination) ?? 'unanswered'
    case undefined:
      return byOwnLeg(call, destination) ?? 'failed'
    default:
      return 'failed'
  }
}

/** What the agent's own leg made of a call whose destination was rung in vain by our will, or not at all. */
function byOwnLeg(call: CallNotes, destination: LegNote | undefined): Result | undefined {
  const own = call.legs.findLast((leg) => leg.party === 'agent' && leg !== destination)
  if (own === undefined || own.endedAt === null) return undefined
  if (wasLost(own)) return 'failed'
  // The agent hung up first, or stopped the own phone before answering it.
  const stopped = own.by === 'party' && (own.answeredAt !== null || own.outcome === 'rejected')
  return stopped ? 'cancelled' : undefined
}
