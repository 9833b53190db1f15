/**
 * What cannot be left to those who are in it: legs the switch gave up, legs that are up for too long, and agents a supervisor sets free.
 * calls.md 7
 */
import type * as Call from '../call/call.ts'
import { legsUp } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Env, Input, PeopleInput } from '../inputs.ts'
import { type CallId, type Decision, type LegId, type Ms, refuse } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import { drop, facts } from './ending.ts'
import { agentById, alarmId, callByLeg, type World } from './world.ts'

export type Refusal = 'agent.notInCall' | 'agent.talking'

/** A leg that is to be ended for its length is told of so long before. */
const WARNED_MS = 15 * 60_000
const CAUSE_NORMAL = 16
/** Somebody is on a line, and nothing is told: so often it is told that he is. */
const SEEN_EVERY_MS = 10_000

/**
 * A leg the switch gave up ended when the last was heard of it, and adds nothing to anybody's talk after that; but not before what has
 * been told of its call since.
 */
export function gaveUp(call: Call.State, leg: Leg.State, input: Extract<Input, { type: 'leg.end' }>, at: Ms): { readonly happenedAt?: Ms } {
  if (input.swept === undefined || input.happenedAt === undefined) return {}
  return { happenedAt: Math.min(at, Math.max(input.happenedAt, call.toldAt, leg.answeredAt ?? 0)) }
}

/**
 * The last durable sign that lines were there. Where the machine dies with everything on it, the switch's log tells no end either: what was
 * up ended, as far as anybody can say, when this was written, and not when the machine came back.
 */
export function seen(world: World, at: Ms): readonly Fact[] {
  const isAnybodyThere = [...world.calls.values()].some((call) => legsUp(call).some((leg) => leg.status === 'answered'))
  return isAnybodyThere && at - world.at >= SEEN_EVERY_MS ? [{ type: 'switch.seen' }] : []
}

/** Nobody has to look at these any more when the call is over. */
const WHILE_IT_LASTS = ['longCall', 'notJoined'] as const
type WhileItLasts = (typeof WHILE_IT_LASTS)[number]

const stands = (world: World, alarm: WhileItLasts, callId: CallId): boolean => world.alarms.has(alarmId({ alarm, callId }))

const raise = (world: World, alarm: WhileItLasts, callId: CallId): readonly Fact[] =>
  stands(world, alarm, callId) ? [] : [{ type: 'alarm.raised', alarm, callId }]

const lift = (world: World, alarm: WhileItLasts, callId: CallId): readonly Fact[] =>
  stands(world, alarm, callId) ? [{ type: 'alarm.cleared', alarm, about: callId }] : []

/** When the end of a leg is to be told of; null: it is not up. */
const warnAt = (call: Call.State, leg: Leg.State, env: Env): Ms | null =>
  leg.status !== 'answered' || leg.answeredAt === null ? null : leg.answeredAt + env.solution(call.solution).legMsMax - WARNED_MS

/** Whoever has been on the line for nearly as long as a call may be: told, with an alarm, and ended a quarter of an hour later. */
export function warn(world: World, env: Env): readonly Fact[] {
  return [...world.calls.values()].flatMap((call) =>
    legsUp(call).flatMap((leg): readonly Fact[] => {
      const at = warnAt(call, leg, env)
      if (at === null || env.at < at || leg.endsAt !== null) return []
      return [{ type: 'leg.warned', callId: call.id, legId: leg.id, until: env.at + WARNED_MS }, ...raise(world, 'longCall', call.id)]
    }),
  )
}

/** It is over. */
export const seenTo = (world: World, { id }: Call.State): readonly Fact[] => WHILE_IT_LASTS.flatMap((alarm) => lift(world, alarm, id))

/** In a call that may have ended meanwhile: nobody is told of that one. */
export const joining = (world: World, { type, callId }: Extract<Input, { type: 'join.fail' | 'join.mend' }>): readonly Fact[] =>
  type === 'join.mend' ? lift(world, 'notJoined', callId) : world.calls.has(callId) ? raise(world, 'notJoined', callId) : []

export function tooLong(world: World, legId: LegId, env: Env): readonly Fact[] {
  const leg = callByLeg(world, legId)?.legs.get(legId)
  if (leg === undefined || leg.endsAt === null || env.at < leg.endsAt) return []
  const swept = { reconciled: true, swept: 'tooLong', happenedAt: env.at } as const
  return facts(Leg.decide(leg, { type: 'end', outcome: 'answered', by: 'us', cause: CAUSE_NORMAL, ...swept }))
}

/**
 * Lets go of what an agent is in, as if he had hung up, and pauses him: nobody knows whether he is there. Who talks with somebody is not
 * stuck, unless the supervisor says that he is.
 */
export function release(
  world: World,
  input: Extract<PeopleInput, { type: 'agent.release' }>,
  env: Env,
): Decision<Fact, Refusal | 'agent.unknown'> {
  const { agentId, by, evenTalking } = input
  if (env.solution(world.solution).agents[agentId] === undefined && !world.agents.has(agentId)) return refuse('agent.unknown', 'agentId')
  const agent = agentById(world, agentId)
  if (agent.matter === null) return refuse('agent.notInCall')
  const { callId, legId } = agent.matter
  const call = world.calls.get(callId)
  const leg = call?.legs.get(legId)
  if (call !== undefined && leg !== undefined && talks(call, leg) && !evenTalking) return refuse('agent.talking')
  const who = input.user === undefined ? { by } : { by, user: input.user }
  const released: Fact = { type: 'agent.released', agentId, callId, ...who }
  if (leg === undefined || !Leg.isUp(leg)) return [released, { type: 'agent.paused', agentId, reason: 'released', ...who }]
  const wished: readonly Fact[] = agent.wish === null ? [{ type: 'agent.wished', agentId, wish: 'paused', reason: 'released', ...who }] : []
  return [released, ...wished, ...drop(leg)]
}

/** He has answered, and somebody else is on the line: a customer, a colleague, whoever is asked. */
const talks = (call: Call.State, leg: Leg.State): boolean =>
  leg.status === 'answered' && legsUp(call).some((other) => other.id !== leg.id && other.status === 'answered')
