/**
 * Who hears whom in a call, from its bridges: who is on hold or consulting elsewhere is out of the bridge they belong to. A bridge with
 * one party is none.
 */
import type * as Call from '../call/call.ts'
import type { Effect } from '../effects.ts'
import type { LegId } from '../kernel/kernel.ts'
import type { Solution } from '../solution/solution.ts'

type Bridge = 'main' | 'consult'

/** The legs that hear each other in a bridge now. */
export function hearing(call: Call.State, bridge: Bridge): readonly LegId[] {
  const talking = (id: LegId): boolean => {
    const leg = call.legs.get(id)
    return leg?.status === 'answered' && !leg.held
  }
  const consulting = call.bridges.consult.filter(talking)
  const legs =
    bridge === 'consult' ? consulting : call.bridges.main.filter((id) => talking(id) && !(consulting.length > 1 && consulting.includes(id)))
  return legs.length > 1 ? legs : []
}

export const joins = (call: Call.State, bridge: Bridge): Effect => ({
  type: 'bridge.join',
  callId: call.id,
  bridge,
  legs: hearing(call, bridge),
})

/** Both bridges anew: first the one somebody may have left for the other. */
export const joinsBoth = (call: Call.State): readonly Effect[] =>
  hearing(call, 'consult').length > 0 ? [joins(call, 'main'), joins(call, 'consult')] : [joins(call, 'consult'), joins(call, 'main')]

export const musicOnHold = (legId: LegId, solution: Solution): Effect => ({ type: 'music.start', legId, music: solution.outbound.music })
