/** What a story's events and its legs say together. */
import type { Call, Event, Leg } from '#wire/calls.ts'

/** Who ended a conversation: the leg that hung up, or was lost, at its very end; undefined when it went on otherwise. */
export const endedBy = (call: Call, event: Event): Leg | undefined =>
  (event.kind === 'conversation' || event.kind === 'consult') && event.endedAt !== null && event.reason === undefined
    ? call.legs.find((leg) => leg.endedAt === event.endedAt && leg.outcome === 'answered' && (leg.by === 'party' || leg.by === 'network'))
    : undefined
