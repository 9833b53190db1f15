/**
 * Which queues, agents and alarms look different after a turn.
 */
import type { Recorded } from '../facts.ts'
import { queuesServed } from '../queue/matching.ts'
import type { Solution } from '../solution/solution.ts'
import { callByEntry, callByLeg, type World } from './world.ts'

/** Which queues and agents look different after these facts: for pages that watch them. */
export function changed(
  world: World,
  facts: readonly Recorded[],
  solution: Solution,
): { readonly queues: Set<string>; readonly agents: Set<string>; readonly alarms: boolean } {
  const queues = new Set<string>()
  const agents = new Set<string>()
  let alarms = false
  for (const { fact } of facts) {
    if (fact.type.startsWith('alarm.')) alarms = true
    if ('queueId' in fact && fact.queueId !== undefined) queues.add(fact.queueId)
    if ('agentId' in fact && fact.agentId !== undefined) agents.add(fact.agentId)
    const call =
      'legId' in fact
        ? callByLeg(world, fact.legId)
        : 'entryId' in fact && fact.entryId !== undefined
          ? callByEntry(world, fact.entryId)
          : undefined
    if (call?.entry != null) queues.add(call.entry.queueId)
    if (call?.talk != null) agents.add(call.talk.agentId)
    if ('legId' in fact) {
      const agentId = call?.legs.get(fact.legId)?.agentId
      if (agentId != null) agents.add(agentId)
    }
    // What happens to one of a call is seen by every agent in it: a colleague called, or asked for advice.
    const told = call ?? ('callId' in fact && fact.callId !== undefined ? world.calls.get(fact.callId) : undefined)
    for (const leg of told?.legs.values() ?? []) if (leg.agentId !== null && leg.status !== 'ended') agents.add(leg.agentId)
    if (fact.type === 'hours.turned' || fact.type === 'day.turned' || fact.type === 'solution.taken')
      for (const id of Object.keys(solution.queues)) queues.add(id)
  }
  for (const id of agents) for (const queue of queuesServed(solution, id)) queues.add(queue.id)
  return { queues, agents, alarms }
}
