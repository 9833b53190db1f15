/**
 * An agent's own calls: to a number outside, and to a colleague. The agent's phone is rung first; what follows its answer, and what
 * each ending means, is `archive.md` 3.2 and 3.3. From which state one may call is the table of `calls.md` 1.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import { legsUp } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Called, Env, PeopleInput } from '../inputs.ts'
import { type AgentId, type Decision, type PersonId, type Refused, refuse } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import { OUTBOUND_QUEUE, type Solution } from '../solution/solution.ts'
import { drop, facts, left, leftWith } from './ending.ts'
import { nextTrunk, trunksOf } from './trunks.ts'
import { agentById, callById, type World } from './world.ts'

export type Refusal =
  | 'agent.unknown'
  | 'agent.loggedOff'
  | 'agent.inCall'
  | 'agent.unreachable'
  | 'call.notYours'
  | 'callee.self'
  | 'callee.unknown'
  | 'callee.notFree'
  | 'callee.queue'
  | 'callerId.unknown'
  | 'number.invalid'
  | 'number.emergency'
  | 'number.premium'
  | 'number.sharedCost'
  | 'number.country'
  | 'number.prefix'
  | 'number.own'
  | 'outbound.liveMax'
  | 'outbound.liveMaxPerAgent'
  | 'outbound.perNumber'
  | 'switch.away'

type Dial = Extract<PeopleInput, { type: 'call.dial' }>

export function dial(world: World, input: Dial, env: Env): Decision<Fact, Refusal> {
  const solution = env.solution(world.solution)
  const agent = agentById(world, input.agentId)
  const { to } = input
  if (solution.agents[agent.id] === undefined) return refuse('agent.unknown', 'agentId')
  if ('queueId' in to) return refuse('callee.queue', 'to')
  if ('person' in to && to.barred === 'emergency') return dialEmergency(world, input, to.person, solution, env)
  const no =
    stateForbids(agent) ??
    ('agentId' in to ? colleagueForbids(world, solution, agent.id, to.agentId) : outsideForbids(world, to, agent.id, solution))
  if (no !== null) return no
  if (world.switchAway) return refuse('switch.away')
  const own = ownPhone(solution, agent.id)
  if ('agentId' in to) return [...freedFrom(agent), ...callColleague(input, to.agentId, own, solution, env)]
  const line = lineShown(input, solution)
  if (line === undefined) return refuse('callerId.unknown', 'callerId')
  return [...freedFrom(agent), ...callOut(input, to.person, line, own, solution, env)]
}

/** The table of `calls.md` 1: ready, wrap-up, a rest and a pause may call. */
function stateForbids(agent: Agent.State): Refused<Refusal> | null {
  if (Agent.isOff(agent)) return refuse('agent.loggedOff')
  if (agent.status === 'unreachable') return refuse('agent.unreachable')
  return agent.status === 'connecting' || agent.status === 'connected' ? refuse('agent.inCall') : null
}

/** A colleague may be called who is ready or paused. */
export const mayBeCalled = (agent: Agent.State): boolean => agent.status === 'ready' || agent.status === 'paused'

export function colleagueForbids(world: World, solution: Solution, own: AgentId, other: AgentId): Refused<Refusal> | null {
  if (own === other) return refuse('callee.self', 'to')
  if (solution.agents[other] === undefined) return refuse('callee.unknown', 'to')
  return mayBeCalled(agentById(world, other)) ? null : refuse('callee.notFree', 'to')
}

export function outsideForbids(
  world: World,
  to: Extract<Called, { person: PersonId }>,
  agentId: AgentId,
  solution: Solution,
): Refused<Refusal> | null {
  if (to.barred !== null) return refuse(`number.${to.barred}`, 'to')
  if (solution.lines[to.person] !== undefined) return refuse('number.own', 'to')
  const askers = outwardAskers(world)
  if (askers.length >= solution.outbound.liveMax) return refuse('outbound.liveMax')
  if (askers.filter((asker) => asker === agentId).length >= solution.outbound.liveMaxPerAgent) return refuse('outbound.liveMaxPerAgent')
  return (world.dialledToday.get(to.person) ?? 0) >= solution.outbound.perNumberADay ? refuse('outbound.perNumber', 'to') : null
}

/**
 * Of each number outside that is being rung or talked with: the agent who asked for it. Whoever gave the call away since still stands
 * for it, or nothing would bound what one agent can set going by transfers. Contacts of campaigns are bounded by their campaign.
 */
function outwardAskers(world: World): readonly (AgentId | null)[] {
  const askers: (AgentId | null)[] = []
  for (const call of world.calls.values()) {
    if (call.direction !== 'outbound' && call.bridges.main.length === 0) continue
    for (const leg of legsUp(call)) {
      if (leg.party === 'external') askers.push(leg.askedBy)
      else if (call.direction === 'outbound' && leg.party === 'customer' && call.contact === null) askers.push(call.agentId)
    }
  }
  return askers
}

/** The line picked, if it is one agents may pick; else the solution's. undefined: picked, and not allowed. */
function lineShown(input: Dial, solution: Solution): PersonId | null | undefined {
  const { callerId, callerIds } = solution.outbound
  if (input.callerId === undefined) return callerId
  return input.callerId === callerId || callerIds.includes(input.callerId) ? input.callerId : undefined
}

/** The own call ends a wrap-up; a rest ends with it too, a pause comes back after it. */
export const freedFrom = (agent: Agent.State): readonly Fact[] =>
  agent.status === 'wrapUp' && agent.wrapUpOf !== null
    ? [{ type: 'agent.wrapUpEnded', agentId: agent.id, callId: agent.wrapUpOf, by: 'agent' }]
    : []

type Own = { readonly trunk?: string }

/** Over which the agent's own phone is rung, where it is a number outside. */
export const ownPhone = (solution: Solution, agentId: AgentId): Own => {
  const trunk = solution.agents[agentId]?.phone.kind === 'number' ? solution.trunks[0] : undefined
  return trunk === undefined ? {} : { trunk }
}

function callOut(
  input: Dial,
  person: PersonId,
  line: PersonId | null,
  own: Own,
  solution: Solution,
  env: Env,
  emergency = false,
): readonly Fact[] {
  const callId = env.id('c')
  const entryId = env.id('e')
  return [
    {
      type: 'call.started',
      callId,
      direction: 'outbound',
      origin: input.origin,
      from: { person: line ?? '' },
      to: { person },
      customer: person,
      agentId: input.agentId,
      ...(emergency ? { emergency } : {}),
      solution: solution.version,
      language: solution.language,
    },
    { type: 'entry.joined', callId, entryId, queueId: OUTBOUND_QUEUE, kind: 'outbound', place: 'end', since: env.at, leavesAt: null },
    {
      type: 'leg.requested',
      callId,
      legId: env.id('l'),
      party: 'agent',
      agentId: input.agentId,
      entryId,
      ...own,
      ringUntil: env.at + solution.outbound.ringOwnMs,
    },
  ]
}

function callColleague(input: Dial, other: AgentId, own: Own, solution: Solution, env: Env): readonly Fact[] {
  const callId = env.id('c')
  return [
    {
      type: 'call.started',
      callId,
      direction: 'internal',
      origin: input.origin,
      from: { agent: input.agentId },
      to: { agent: other },
      customer: null,
      agentId: input.agentId,
      solution: solution.version,
      language: solution.language,
    },
    {
      type: 'leg.requested',
      callId,
      legId: env.id('l'),
      party: 'agent',
      agentId: input.agentId,
      ...own,
      ringUntil: env.at + solution.outbound.ringOwnMs,
    },
  ]
}

/** What an emergency number is shown: the number of the agent's place, whichever else the agent picked. */
export const placeOf = (solution: Solution, agentId: AgentId | null): PersonId | null =>
  solution.agents[agentId ?? '']?.emergencyCallerId ?? solution.outbound.callerId

export const emergencyForbidden = (input: Dial, solution: Solution): boolean =>
  input.origin !== 'desk' || input.by !== 'agent' || !solution.outbound.emergencyCalls

/**
 * An emergency number: no limit and no state stands in its way, but a person must ask at the desk, and an administrator may have
 * switched it off. A ring to the agent is withdrawn for it, and so is an own call; with a customer on the line it is a consult
 * (`talking.ts`).
 */
function dialEmergency(world: World, input: Dial, person: PersonId, solution: Solution, env: Env): Decision<Fact, Refusal> {
  if (emergencyForbidden(input, solution)) return refuse('number.emergency', 'to')
  const agent = agentById(world, input.agentId)
  const under = agent.matter === null ? undefined : world.calls.get(agent.matter.callId)?.legs.get(agent.matter.legId)
  return [
    ...drop(under),
    ...freedFrom(agent),
    ...callOut(input, person, placeOf(solution, agent.id), ownPhone(solution, agent.id), solution, env, true),
  ]
}

/* ------------------------------------------------------------ what follows */

const firstLeg = (call: Call.State): Leg.State | undefined => [...call.legs.values()][0]

/** A phone of an agent's own call was answered. */
export function greetOutward(world: World, call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  const own = firstLeg(call)
  if (own === undefined) return drop(leg)
  if (call.direction === 'internal') return greetColleague(world, call, own, leg, env)
  const entry = call.entry
  if (entry === null) return drop(leg)
  if (leg.id === own.id) return [rungOutside(call, trunksOf(call, env.solution(call.solution), call.emergency)[0], env)]
  if (own.status !== 'answered') return drop(leg)
  return [{ type: 'bridge.joined', callId: call.id, bridge: 'main', legs: [own.id, leg.id] }, left(entry, 'answered', own.agentId ?? '')]
}

function rungOutside(call: Call.State, trunk: string | undefined, env: Env): Fact {
  const { outbound } = env.solution(call.solution)
  return {
    type: 'leg.requested',
    callId: call.id,
    legId: env.id('l'),
    party: 'customer',
    ...(call.customer === null ? {} : { personId: call.customer }),
    ...(call.entry === null ? {} : { entryId: call.entry.id }),
    ...(trunk === undefined ? {} : { trunk }),
    ...(call.emergency ? { emergency: true } : {}),
    ringUntil: env.at + outbound.ringMs,
  }
}

/** The caller hears the colleague ring; one who is not free any more is busy, and not rung. */
function greetColleague(world: World, call: Call.State, own: Leg.State, leg: Leg.State, env: Env): readonly Fact[] {
  if (leg.id !== own.id)
    return own.status === 'answered' ? [{ type: 'bridge.joined', callId: call.id, bridge: 'consult', legs: [own.id, leg.id] }] : drop(leg)
  const other = 'agent' in call.to ? call.to.agent : ''
  const legId = env.id('l')
  const solution = env.solution(call.solution)
  const rung = {
    type: 'leg.requested',
    callId: call.id,
    legId,
    party: 'agent',
    agentId: other,
    ...ownPhone(solution, other),
    ringUntil: env.at + solution.outbound.ringMs,
  } as const
  const alone: Fact = { type: 'bridge.joined', callId: call.id, bridge: 'main', legs: [own.id] }
  return mayBeCalled(agentById(world, other)) ? [alone, rung] : [alone, ...drop(own)]
}

/** A leg of an agent's own call ended before anybody talked with the other party. */
export function settleOutward(call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  const own = firstLeg(call)
  const others = legsUp(call).filter((other) => other.id !== leg.id)
  const entry = call.entry
  if (call.direction === 'internal' || entry === null) return others.flatMap((other) => drop(other))
  if (leg.id === own?.id)
    return [...others.flatMap((other) => drop(other)), leftWith(entry, leg, leg.answeredAt === null ? 'failed' : 'unreached', env.at)]
  const trunk = nextTrunk(call, leg, env.solution(call.solution))
  if (trunk !== null && own?.status === 'answered') return [rungOutside(call, trunk, env)]
  return [leftWith(entry, leg, 'unreached', env.at), ...others.flatMap((other) => drop(other))]
}

/** Cancel in the outbound tab. Answered first: it is a hang-up. */
export function cancel(world: World, input: Extract<PeopleInput, { type: 'call.cancel' }>): Decision<Fact, Refusal> {
  const matter = agentById(world, input.agentId).matter
  if (matter === null || matter.callId !== input.callId) return refuse('call.notYours')
  const call = callById(world, input.callId)
  const own = call.legs.get(matter.legId)
  const entry = call.entry
  if (own === undefined || call.agentId !== input.agentId) return refuse('call.notYours')
  if (entry?.kind !== 'outbound') return facts(Leg.decide(own, { type: 'end', outcome: 'rejected', by: 'party', cause: 16 }))
  const deleted: Fact = {
    ...left(entry, 'deleted'),
    by: 'agent',
    why: 'cancelled',
    ...(input.user === undefined ? {} : { user: input.user }),
  }
  return [
    deleted,
    ...legsUp(call)
      .toReversed()
      .flatMap((leg) => drop(leg)),
  ]
}
