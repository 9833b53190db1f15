/**
 * After a restart: what the switch should be doing for everybody who is in the middle of something. All of it may be repeated.
 */

import type * as Call from '../call/call.ts'
import { customerLeg } from '../call/call.ts'
import type { Effect } from '../effects.ts'
import type { Solution } from '../solution/solution.ts'
import { promptOf } from './react.ts'
import type { World } from './world.ts'

export function resume(world: World, solutionOf: (version: string) => Solution): readonly Effect[] {
  return [...world.calls.values()].flatMap((call) => resumeCall(call, solutionOf(call.solution)))
}

function resumeCall(call: Call.State, solution: Solution): readonly Effect[] {
  const { main, consult } = call.bridges
  if (main.length > 1)
    return [
      { type: 'bridge.join', callId: call.id, bridge: 'main', legs: main },
      ...(consult.length > 1 ? [{ type: 'bridge.join', callId: call.id, bridge: 'consult', legs: consult } as const] : []),
    ]
  const leg = customerLeg(call)
  if (leg === undefined || leg.status !== 'answered') return []
  if (call.menu !== null) return promptOf(call, call.menu, solution, false)
  const queue = call.entry === null ? undefined : solution.queues[call.entry.queueId]
  return queue === undefined ? [] : [{ type: 'music.start', legId: leg.id, music: queue.music }]
}
