/**
 * What follows in a conversation when a phone rung for it answers, and when somebody of it hangs up or is lost. `archive.md` 3.6,
 * `calls.md` 4.
 */
import type * as Call from '../call/call.ts'
import { customerLeg, legsUp } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import type { AgentId, Ms } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import { drop, hushed, left } from './ending.ts'
import { freedFrom, mayBeCalled } from './outward.ts'
import { back, dropConsult, givenTo, homeOf, join, resumed, rung, settled, thirds } from './talking.ts'
import { nextTrunk } from './trunks.ts'
import { agentById, type World } from './world.ts'

/** Whether a leg's answer or end is a matter of the conversation: it was rung for one, or somebody was asked in between. */
export const isOfTalk = (call: Call.State, leg: Leg.State): boolean =>
  leg.purpose !== null || call.consult !== null || call.handover !== null || (call.talk !== null && leg.joined !== null)

/** A phone rung for a conversation was answered; null: it was rung for something else. */
export function greetTalk(call: Call.State, leg: Leg.State): readonly Fact[] | null {
  const customer = customerLeg(call)
  const consult = call.consult
  const own = consult === null ? undefined : call.legs.get(consult.legId)
  const entry = call.entry
  if (entry?.kind === 'consult' && leg.entryId === entry.id) {
    if (own?.status !== 'answered') return drop(leg)
    return [
      left(entry, 'answered', leg.agentId ?? ''),
      { type: 'bridge.joined', callId: call.id, bridge: 'consult', legs: [own.id, leg.id] },
    ]
  }
  if (leg.purpose === null) return null
  if (consult?.targetLegId === leg.id && own?.status === 'answered')
    return [{ type: 'bridge.joined', callId: call.id, bridge: 'consult', legs: [own.id, leg.id] }]
  if (call.handover === null || customer === undefined) return drop(leg)
  return [...resumed(call, customer), { type: 'bridge.joined', callId: call.id, bridge: 'main', legs: [customer.id, leg.id] }]
}

/** What follows, and whether the agent whose leg it was is set free by it. */
interface Parting {
  readonly facts: readonly Fact[]
  readonly rungAgain?: true
}

/** A leg of a conversation ended. null: as in any call, the rest is ended with it. */
export function settleTalk(world: World, call: Call.State, leg: Leg.State, env: Env): Parting | null {
  if (leg.party === 'customer') return customerLeft(call, leg)
  const consult = call.consult
  if (consult !== null && consult.legId === leg.id) return consultantLeft(world, call, leg, env)
  if (consult !== null && consult.targetLegId === leg.id) return targetLeft(call, leg, env)
  if (call.entry?.kind === 'consult' && leg.entryId === call.entry.id) return { facts: [] }
  const customer = customerLeg(call)
  // The third of a conference, whose customer is gone: those who consult talk on.
  if (customer === undefined && call.consult !== null) return { facts: [] }
  if (customer === undefined) return leg.joined === null ? { facts: [] } : { facts: legsUp(call).flatMap((other) => drop(other)) }
  if (leg.joined === 'main') return talkerLeft(world, call, leg, customer, env)
  if (call.handover !== null && leg.purpose !== null && !legsUp(call).some((other) => other.purpose !== null))
    return notTaken(world, call, leg, customer, env)
  return leg.purpose === null && leg.joined === null ? null : { facts: [] }
}

/** F14: whoever talks with a colleague or somebody outside talks on; who only waited for one is let go. */
function customerLeft(call: Call.State, leg: Leg.State): Parting | null {
  const consult = call.consult
  const said = hushed(call, leg.endedBy === 'party' ? 'hungUp' : 'withdrawn')
  if (consult === null) return call.handover === null ? null : { facts: [...said, ...legsUp(call).flatMap((other) => drop(other))] }
  const own = call.legs.get(consult.legId)
  const target = consult.targetLegId === null ? undefined : call.legs.get(consult.targetLegId)
  const third = thirds(call, consult.legId).flatMap((other) => drop(other))
  if (target?.status !== 'answered' || own?.status !== 'answered')
    return { facts: [...said, ...dropConsult(call, 'aborted'), ...drop(own), ...third] }
  if (call.bridges.consult.includes(own.id)) return { facts: [...said, ...third] }
  const joined: Fact = { type: 'bridge.joined', callId: leg.callId, bridge: 'consult', legs: [own.id, target.id] }
  return { facts: [...said, ...third, ...resumed(call, target), joined] }
}

/**
 * The asking agent's leg ended: hung up, the customer is whoever's was asked; lost, the agent is rung back. Where a third waits with the
 * customer, those two talk on, unless somebody was asked who is on the line.
 */
function consultantLeft(world: World, call: Call.State, leg: Leg.State, env: Env): Parting {
  const customer = customerLeg(call)
  if (customer === undefined) return { facts: legsUp(call).flatMap((other) => drop(other)) }
  const third = thirds(call, leg.id)
  const asked = call.consult?.targetLegId == null ? undefined : call.legs.get(call.consult.targetLegId)
  if (third.length > 0 && (leg.endedBy === 'network' || asked?.status !== 'answered')) {
    const together = [customer, ...third]
    const joined = join(call, 'main', together)
    return { facts: [...dropConsult(call, 'aborted'), ...together.flatMap((other) => resumed(call, other)), joined] }
  }
  if (leg.endedBy === 'network') return lost(world, call, leg, env, dropConsult(call, 'aborted'))
  return { facts: givenTo(world, call, env) }
}

/** Whoever was asked did not answer, or hung up: back to the customer. Over the next trunk first, where one failed. */
function targetLeft(call: Call.State, leg: Leg.State, env: Env): Parting {
  const trunk = nextTrunk(call, leg, env.solution(call.solution))
  return { facts: trunk === null ? back(call, 'targetGone') : [overTrunk(call, leg, trunk, env)] }
}

const overTrunk = (call: Call.State, leg: Leg.State, trunk: string, env: Env): Fact => ({
  type: 'leg.requested',
  callId: call.id,
  legId: env.id('l'),
  party: leg.party,
  ...(leg.agentId === null ? {} : { agentId: leg.agentId }),
  ...(leg.personId === null ? {} : { personId: leg.personId }),
  ...(leg.purpose === null ? {} : { purpose: leg.purpose }),
  ...(leg.askedBy === null ? {} : { askedBy: leg.askedBy }),
  ...(leg.emergency ? { emergency: true } : {}),
  trunk,
  ringUntil: env.at + env.solution(call.solution).outbound.ringMs,
})

/** Somebody who talked with the customer is gone: others talk on, a lost phone is rung back, else the call is over. */
function talkerLeft(world: World, call: Call.State, leg: Leg.State, customer: Leg.State, env: Env): Parting | null {
  const others = legsUp(call).filter(
    (other) => other.id !== customer.id && other.status === 'answered' && call.bridges.main.includes(other.id),
  )
  const waits = call.entry?.kind === 'line' && call.entry.callback === null
  // Whoever put all the others on hold is gone: nobody else would take them off it.
  if (others.length > 0 && call.consult === null && others.every(({ held }) => held))
    return { facts: [customer, ...others].flatMap((other) => resumed(call, other)) }
  if (others.length > 0 || call.handover !== null || waits) return { facts: [] }
  if (leg.party === 'agent' && leg.endedBy === 'network' && customer.status === 'answered') return lost(world, call, leg, env, [])
  return null
}

/** An agent's phone dropped out of a conversation: rung back, while the customer hears why. */
function lost(world: World, call: Call.State, leg: Leg.State, env: Env, before: readonly Fact[]): Parting {
  const agentId = leg.agentId ?? ''
  const solution = env.solution(call.solution)
  const facts: readonly Fact[] = [...before, ...settled(call, env), { type: 'phone.lost', callId: call.id, agentId, legId: leg.id }]
  if (agentById(world, agentId).matter?.legId !== leg.id)
    return { facts: [...hushed(call, 'withdrawn'), ...facts, ...resumed(call, customerLeg(call)), ...forward(call, env)] }
  return {
    facts: [
      ...hushed(call, 'withdrawn'),
      ...facts,
      rungBack(call, agentId, env, env.at + solution.rungBackMs, agentById(world, agentId).phone === 'gone'),
    ],
    rungAgain: true,
  }
}

/** `waits`: the phone cannot be reached; it is rung as soon as it is found. */
const rungBack = (call: Call.State, agentId: AgentId, env: Env, until: Ms, waits: boolean): Fact => ({
  ...rung(call, { agentId }, 'rungBack', agentId, env, until - env.at),
  ...(waits ? { waits } : {}),
})

/**
 * A lost phone could not be rung, or vanished again while it was: while it is to be rung back it is waited for. A ring that failed is
 * not repeated on trust: the liveness check tells when the phone is there. An ordinary telephone is asked by none, so it is not waited for.
 */
function waitedFor(world: World, call: Call.State, leg: Leg.State, env: Env): Parting | null {
  const agent = agentById(world, leg.agentId ?? '')
  const solution = env.solution(call.solution)
  const unreached = leg.answeredAt === null && (leg.outcome === 'failed' || (leg.outcome === 'withdrawn' && agent.phone === 'gone'))
  if (call.handover?.what !== 'lost' || !unreached || agent.matter?.legId !== leg.id) return null
  if (leg.ringUntil === null || env.at >= leg.ringUntil || solution.agents[agent.id]?.phone.kind === 'number') return null
  return { facts: [rungBack(call, agent.id, env, leg.ringUntil, true)], rungAgain: true }
}

/** Who was to take the customer did not: the agent who gave him away is rung, else the front of the queue he came from. */
function notTaken(world: World, call: Call.State, leg: Leg.State, customer: Leg.State, env: Env): Parting {
  const solution = env.solution(call.solution)
  const trunk = nextTrunk(call, leg, solution)
  if (trunk !== null) return { facts: [overTrunk(call, leg, trunk, env)] }
  const agentId = call.handover?.agentId ?? ''
  const again = waitedFor(world, call, leg, env)
  if (again !== null) return again
  if (call.handover?.what !== 'transfer') return { facts: [...resumed(call, customer), ...forward(call, env)] }
  const failed: Fact = { type: 'transfer.failed', callId: call.id, agentId }
  const agent = agentById(world, agentId)
  const free = mayBeCalled(agent) || agent.status === 'wrapUp' || agent.status === 'rejected' || agent.status === 'noAnswer'
  if (!free || agentId === leg.agentId) return { facts: [failed, ...resumed(call, customer), ...forward(call, env)] }
  return { facts: [failed, ...freedFrom(agent), rung(call, { agentId }, 'rungBack', agentId, env)] }
}

/** The customer to the front of the queue the conversation came from; without one a message, and the end. */
function forward(call: Call.State, env: Env): readonly Fact[] {
  const solution = env.solution(call.solution)
  const queueId = homeOf(call, solution)
  if (queueId === null) {
    if (solution.notPlayed.includes('phoneLost')) return drop(customerLeg(call))
    return [{ type: 'menu.entered', callId: call.id, menuId: 'phoneLost', what: 'message', then: null }]
  }
  const queue = solution.queues[queueId]
  return [
    {
      type: 'entry.joined',
      callId: call.id,
      entryId: env.id('e'),
      queueId,
      kind: 'line',
      place: 'front',
      since: env.at,
      leavesAt: queue?.waitMsMax == null ? null : env.at + queue.waitMsMax,
      slaMs: queue?.slaMs ?? 0,
    },
  ]
}
