/**
 * After a restart: what the switch should be doing for everybody who is in the middle of something. All of it may be repeated.
 */

import type * as Call from '../call/call.ts'
import { customerLeg, legsUp } from '../call/call.ts'
import type { Effect } from '../effects.ts'
import type { LegId } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import type { Solution } from '../solution/solution.ts'
import { promptOf } from './react.ts'
import { waitingFor } from './ringing.ts'
import { hearing, joins, musicOnHold } from './sounding.ts'
import type { World } from './world.ts'

export function resume(world: World, solutionOf: (version: string) => Solution): readonly Effect[] {
  return [...world.calls.values()].flatMap((call) => resumeCall(call, solutionOf(call.solution)))
}

/** In one call: also where the switch is found to do otherwise. */
export function resumeCall(call: Call.State, solution: Solution): readonly Effect[] {
  const heard = new Set([...hearing(call, 'main'), ...hearing(call, 'consult')])
  const up = legsUp(call)
  return [
    ...(call.bridges.main.length > 1 ? [joins(call, 'main')] : []),
    ...(call.bridges.consult.length > 1 ? [joins(call, 'consult')] : []),
    // Also that an agent is not muted: that may have been what was lost.
    ...up
      .filter((leg) => leg.party === 'agent' && leg.joined !== null)
      .map((leg): Effect => ({ type: 'leg.mute', legId: leg.id, on: leg.muted })),
    ...up.filter((leg) => leg.held).map((leg) => musicOnHold(leg.id, solution)),
    ...up.flatMap((leg) => rings(call, leg)),
    ...queueAsked(call, solution),
    ...heardByCustomer(call, heard, solution),
  ]
}

/** Whoever waits for a phone hears that it rings. */
function rings(call: Call.State, leg: Leg.State): readonly Effect[] {
  const waiting = leg.status === 'answered' ? undefined : waitingFor(call, leg)
  return waiting === undefined ? [] : [{ type: 'music.start', legId: waiting.id, music: 'ringing' }]
}

/** An agent who asks a queue for somebody hears its music. */
function queueAsked(call: Call.State, solution: Solution): readonly Effect[] {
  const { consult, entry } = call
  if (consult === null || entry?.kind !== 'consult') return []
  return [{ type: 'music.start', legId: consult.legId, music: solution.queues[entry.queueId]?.music ?? 'default' }]
}

/** What a customer hears who talks with nobody. */
function heardByCustomer(call: Call.State, heard: ReadonlySet<LegId>, solution: Solution): readonly Effect[] {
  const leg = customerLeg(call)
  if (leg === undefined || leg.status !== 'answered' || leg.held || heard.has(leg.id)) return []
  if (call.menu !== null) return promptOf(call, call.menu, solution, false)
  if (call.handover !== null) return [musicOnHold(leg.id, solution)]
  const queue = call.entry === null ? undefined : solution.queues[call.entry.queueId]
  return queue === undefined ? [] : [{ type: 'music.start', legId: leg.id, music: queue.music }]
}
