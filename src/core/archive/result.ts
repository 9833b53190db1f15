/** How a call ended: the closed list of results, the first that holds. */
import type { CallNotes, LegNote } from './notes.ts'
import { destinationOf } from './notes.ts'
import type { ArchiveEvent, Result } from './story.ts'
import type { Talk } from './talk.ts'
import { reachedLeg } from './waiting.ts'

export function resultOf(call: CallNotes, events: readonly ArchiveEvent[], talks: readonly Talk[]): Result {
  if (call.endedAt === null) return 'live'
  const ordered = call.stays.filter((stay) => stay.orderedAt !== null)
  if (ordered.length > 0 && reachedLeg(call) !== undefined) return 'callbackReached'
  const deleted = events.filter((event) => event.kind === 'deleted')
  if (deleted.some((event) => event.reason === 'expired')) return 'expired'
  if (deleted.length > 0) return 'deleted'
  if (ordered.some((stay) => stay.left?.reason === 'unreached')) return 'callbackUnreached'
  if (talks.some((talk) => talk.together)) return 'answered'
  if (call.silentAt !== null) return 'silent'
  if (call.merged) return 'merged'
  if (call.started.direction !== 'inbound') return outwardResult(call)
  const line = call.legs.find((leg) => leg.arrived)
  if (call.setAside || ordered.length > 0 || (line !== undefined && wasLost(line))) return 'failed'
  return call.lastThing
}

/** The switch or the network took the leg away, or nobody could tell what became of it. */
const wasLost = (leg: LegNote): boolean => leg.outcome === 'unknown' || leg.outcome === 'failed' || leg.reconciled

/** Of a call we made and nobody answered. */
function outwardResult(call: CallNotes): Result {
  const destination = destinationOf(call)
  if (agentHungUpFirst(call, destination)) return 'cancelled'
  switch (destination?.outcome) {
    case 'busy':
    case 'rejected':
    case 'notInUse':
    case 'unanswered':
      return destination.outcome
    case 'withdrawn':
      return 'unanswered'
    default:
      return 'failed'
  }
}

/** The agent's own leg ended by the agent before the destination's did; a phone that was lost is a failure, not a wish. */
function agentHungUpFirst(call: CallNotes, destination: LegNote | undefined): boolean {
  if (destination !== undefined && destination.outcome !== 'withdrawn') return false
  const own = call.legs.findLast((leg) => leg.party === 'agent' && leg !== destination)
  if (own === undefined || own.endedAt === null || own.by !== 'party' || wasLost(own)) return false
  if (own.answeredAt === null) return own.outcome === 'rejected'
  return destination?.endedAt == null || own.endedAt <= destination.endedAt
}
