/**
 * Over which trunk a number outside is rung, and which is tried when that one fails.
 */
import type * as Call from '../call/call.ts'
import type { PersonId } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import type { Solution } from '../solution/solution.ts'

/** First the trunk of the line the matter came in over, or is shown with, for that line's number is the one shown; then the others as the file lists them. An emergency number: first the trunk for these. */
export const trunksOf = (call: Call.State, solution: Solution, emergency = false): readonly string[] =>
  trunksOfLine(lineOf(call), solution, emergency)

export function trunksOfLine(line: PersonId | null, solution: Solution, emergency = false): readonly string[] {
  const own = (emergency ? solution.outbound.emergencyTrunk : null) ?? (line === null ? undefined : solution.lines[line]?.trunk)
  return own === undefined ? solution.trunks : [own, ...solution.trunks.filter((trunk) => trunk !== own)]
}

/** Our number in it: the one called, or the one shown to whom we call. null: none. */
export function lineOf(call: Call.State): PersonId | null {
  const ours = call.direction === 'outbound' ? call.from : call.to
  return 'person' in ours && ours.person !== '' ? ours.person : null
}

/** The network refused this leg. Rung before that or not: its trunk is to be looked at. */
export const failedTrunk = (leg: Leg.State | undefined): string | null =>
  leg?.outcome === 'failed' && leg.endedBy === 'network' ? leg.trunk : null

/**
 * The next trunk for whom this leg was to ring: it failed in the network before any phone rang. null: no such failure, or none is left.
 * A leg whose end was learnt afterwards may have rung while nobody looked, and nobody is rung twice for one attempt.
 */
export function nextTrunk(call: Call.State, leg: Leg.State, solution: Solution): string | null {
  const failed = failedTrunk(leg)
  if (failed === null || leg.ringingAt !== null || leg.endedAt !== call.lastLegEndLearntAt) return null
  const order = trunksOf(call, solution, leg.emergency)
  const tried = order.indexOf(failed)
  return tried < 0 ? null : (order[tried + 1] ?? null)
}
