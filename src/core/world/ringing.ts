/** How phones are rung: what the network is told, and who hears that it rings. Effects alone; who is rung, and when, is said by facts. */
import type * as Call from '../call/call.ts'
import type { Effect } from '../effects.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import type { AgentId } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import type { Solution } from '../solution/solution.ts'
import { placeOf } from './outward.ts'
import { lineOf } from './trunks.ts'
import { agentById, callByLeg, type World } from './world.ts'

/** Longer than any ringing timeout of ours: only a bound for a switch whose engine has died. */
const RING_BOUND_MS = 120_000

/** A leg that waits for its phone to be found rings nothing yet. */
export function requested(call: Call.State, fact: Extract<Fact, { type: 'leg.requested' }>, env: Env): readonly Effect[] {
  const leg = call.legs.get(fact.legId)
  if (leg === undefined || leg.waits || fact.adopted === true) return []
  const ring = ringOf(call, leg, env.solution(call.solution))
  const waiting = waitingFor(call, leg)
  return waiting === undefined ? [ring] : [ring, { type: 'music.start', legId: waiting.id, music: 'ringing' }]
}

/** The phone a conversation waits for is there: it is rung. Once, for a phone that is lost again ends this leg. */
export function ringsFound(world: World, agentId: AgentId, env: Env): readonly Effect[] {
  const { matter } = agentById(world, agentId)
  const call = matter === null ? undefined : callByLeg(world, matter.legId)
  const leg = matter === null ? undefined : call?.legs.get(matter.legId)
  return call === undefined || leg?.status !== 'requested' || !leg.waits ? [] : [ringOf(call, leg, env.solution(call.solution))]
}

/** The agent who asked for this leg, and hears that it rings. */
export function waitingFor(call: Call.State, leg: Leg.State): Leg.State | undefined {
  if (leg.purpose !== null) return leg.purpose === 'consult' && call.consult !== null ? call.legs.get(call.consult.legId) : undefined
  return leg.party === 'customer' || call.direction === 'internal'
    ? [...call.legs.values()].find((other) => other.party === 'agent' && other.status === 'answered')
    : undefined
}

/** To agents the customer's number is shown; to customers the line they called, or the queue's setting. */
export function ringOf(call: Call.State, leg: Leg.State, solution: Solution): Effect {
  const to = leg.agentId === null ? { person: leg.personId ?? '' } : { agent: leg.agentId }
  const queue = call.entry === null ? undefined : solution.queues[call.entry.queueId]
  const asked = leg.emergency ? placeOf(solution, leg.askedBy) : solution.outbound.callerId
  const line = leg.purpose === null ? (queue?.callback?.callerId ?? lineOf(call)) : asked
  return {
    type: 'leg.ring',
    callId: call.id,
    legId: leg.id,
    to,
    callerId: leg.party === 'agent' ? call.customer : line,
    ...(leg.trunk === null ? {} : { trunk: leg.trunk }),
    ...(leg.emergency ? { emergency: true } : {}),
    ringMsMax: RING_BOUND_MS,
  }
}
