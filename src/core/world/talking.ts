/**
 * What an agent may do in a conversation: hold, mute, digits, consult, swap, transfer, conference. The stories are F1–F14 of
 * `archive.md` 3.6; what follows when somebody of it hangs up or is lost is in `parting.ts`.
 */
import type * as Call from '../call/call.ts'
import { customerLeg, legsUp } from '../call/call.ts'
import * as Callback from '../callback/callback.ts'
import type { Fact } from '../facts.ts'
import type { Called, Env, PeopleInput } from '../inputs.ts'
import { type AgentId, type Decision, type LegId, type Party, type QueueId, type Refused, refuse } from '../kernel/kernel.ts'
import type * as Leg from '../leg/leg.ts'
import { callersWaiting, isOpen, isStaffed } from '../queue/matching.ts'
import { OUTBOUND_QUEUE, type Solution } from '../solution/solution.ts'
import { drop, facts, hushed, left } from './ending.ts'
import { colleagueForbids, emergencyForbidden, type Refusal as OutwardRefusal, outsideForbids, ownPhone } from './outward.ts'
import { route } from './routing.ts'
import { trunksOf } from './trunks.ts'
import { agentById, type World } from './world.ts'

export type Refusal =
  | OutwardRefusal
  | 'call.notYours'
  | 'queue.unknown'
  | 'queue.closed'
  | 'queue.full'
  | 'queue.noAgents'
  | 'talk.notTalking'
  | 'talk.colleague'
  | 'talk.held'
  | 'talk.notHeld'
  | 'talk.inConsult'
  | 'talk.noConsult'
  | 'talk.muted'
  | 'talk.notMuted'

export type TalkInput = Extract<PeopleInput, { type: `talk.${string}` }>
type Said = Exclude<TalkInput, { type: 'talk.hangUp' }>

/** The conversation an agent is in: own leg, and whoever else is in the bridge with it. */
interface Talk {
  readonly world: World
  readonly call: Call.State
  readonly own: Leg.State
  readonly others: readonly Leg.State[]
  readonly agentId: AgentId
}

export function talk(world: World, input: Said, env: Env): Decision<Fact, Refusal> {
  const matter = agentById(world, input.agentId).matter
  const call = matter?.callId === input.callId ? world.calls.get(matter.callId) : undefined
  const own = matter === null ? undefined : call?.legs.get(matter.legId)
  if (call === undefined || own === undefined) return refuse('call.notYours')
  const others = partners(call, own.id)
  if (own.status !== 'answered' || (others.length === 0 && call.consult === null)) return refuse('talk.notTalking')
  const talk: Talk = { world, call, own, others, agentId: input.agentId }
  switch (input.type) {
    case 'talk.mute':
      return own.muted ? refuse('talk.muted') : [{ type: 'leg.muted', callId: call.id, legId: own.id }]
    case 'talk.unmute':
      return own.muted ? [{ type: 'leg.unmuted', callId: call.id, legId: own.id }] : refuse('talk.notMuted')
    case 'talk.digits':
      return []
    case 'talk.hold':
      return hold(talk)
    case 'talk.resume':
      return others.some((leg) => leg.held) && call.consult === null ? others.flatMap((leg) => resumed(call, leg)) : refuse('talk.notHeld')
    case 'talk.consult':
      return consult(talk, input.to, env)
    case 'talk.swap':
      return swap(talk)
    case 'talk.conference':
      return conference(talk)
    case 'talk.endConsult':
      return call.consult?.legId === own.id ? back(call, 'returned') : refuse('talk.noConsult')
    case 'talk.transfer':
      return input.to === undefined ? handOver(talk, env) : transferBlind(talk, input.to, env)
  }
}

/** An emergency call out of a conversation with somebody outside: a consult. null: the agent is in no such conversation. */
export function emergencyInTalk(
  world: World,
  input: Extract<PeopleInput, { type: 'call.dial' }>,
  env: Env,
): Decision<Fact, Refusal> | null {
  const matter = agentById(world, input.agentId).matter
  const call = matter === null ? undefined : world.calls.get(matter.callId)
  const own = matter === null ? undefined : call?.legs.get(matter.legId)
  if (!isEmergency(input.to) || call === undefined || own?.status !== 'answered') return null
  const talk: Talk = { world, call, own, others: [], agentId: input.agentId }
  if (!outside(talk) || (call.consult !== null && call.consult.legId !== own.id)) return null
  return emergencyForbidden(input, env.solution(world.solution)) ? refuse('number.emergency', 'to') : consult(talk, input.to, env)
}

/** Who is in the conversation beside the customer and this leg: the third of a conference. */
export const thirds = (call: Call.State, own: LegId): readonly Leg.State[] =>
  legsUp(call).filter(
    (leg) => leg.id !== own && leg.party !== 'customer' && leg.status === 'answered' && call.bridges.main.includes(leg.id),
  )

/** They wait while this leg is with somebody who is asked. */
const waiters = (call: Call.State, own: LegId): readonly Leg.State[] => [customerLeg(call) ?? [], ...thirds(call, own)].flat()

/** Everybody in the same bridge but the leg itself; in a consult those who are consulted with. */
export function partners(call: Call.State, own: LegId): readonly Leg.State[] {
  const bridge = call.bridges.consult.includes(own) && call.bridges.consult.length > 1 ? call.bridges.consult : call.bridges.main
  return bridge.includes(own) ? legsUp(call).filter((leg) => leg.id !== own && bridge.includes(leg.id)) : []
}

const held = (call: Call.State, leg: Leg.State | undefined): readonly Fact[] =>
  leg === undefined || leg.held || leg.status !== 'answered' ? [] : [{ type: 'leg.held', callId: call.id, legId: leg.id }]
export const resumed = (call: Call.State, leg: Leg.State | undefined): readonly Fact[] =>
  leg?.held === true && leg.status !== 'ended' ? [{ type: 'leg.resumed', callId: call.id, legId: leg.id }] : []
export const join = (call: Call.State, bridge: 'main' | 'consult', legs: readonly (Leg.State | undefined)[]): Fact => ({
  type: 'bridge.joined',
  callId: call.id,
  bridge,
  legs: legs.flatMap((leg) => (leg === undefined || leg.status === 'ended' ? [] : [leg.id])),
})

function hold({ call, others }: Talk): Decision<Fact, Refusal> {
  if (call.consult !== null) return refuse('talk.inConsult')
  const facts = others.flatMap((leg) => held(call, leg))
  return facts.length === 0 ? refuse('talk.held') : [...hushed(call, 'withdrawn'), ...facts]
}

/* ------------------------------------------------------------ consult */

/** Consult and transfer are about somebody outside; two colleagues are only two. */
const outside = ({ call }: Talk): boolean => call.direction !== 'internal' && customerLeg(call)?.status === 'answered'

function consult(talk: Talk, to: Called, env: Env): Decision<Fact, Refusal> {
  const { call, own } = talk
  if (!outside(talk)) return refuse(call.direction === 'internal' ? 'talk.colleague' : 'talk.notTalking')
  const emergency = isEmergency(to)
  if (call.consult !== null && (!emergency || call.consult.legId !== own.id)) return refuse('talk.inConsult')
  const no = forbidden(talk, to, env)
  if (no !== null) return no
  const solution = env.solution(call.solution)
  const started: Fact = { type: 'consult.started', callId: call.id, agentId: own.agentId ?? '', to: partyOf(to) }
  return [
    ...hushed(call, 'withdrawn'),
    ...(call.consult === null ? [] : replaced(call, own)),
    ...waiters(call, own.id).flatMap((leg) => held(call, leg)),
    // Whom a colleague has put on hold hears music no longer when he asks somebody himself, or whoever answers would hear nobody.
    ...resumed(call, own),
    ...settled(call, env),
    started,
    'queueId' in to ? waits(call, own, to.queueId, solution, env) : rung(call, to, 'consult', talk.agentId, env),
  ]
}

/** Help is called for out of a consult: with whoever was asked it is over, though nobody is taken off hold. */
const replaced = (call: Call.State, own: Leg.State): readonly Fact[] => [
  ...dropConsult(call, 'aborted'),
  ...(targetOf(call)?.joined == null ? [] : [join(call, 'main', [customerLeg(call), own, ...thirds(call, own.id)])]),
]

const isEmergency = (to: Called): boolean => 'person' in to && to.barred === 'emergency'
const partyOf = (to: Called): Party | { readonly queue: QueueId } =>
  'person' in to ? { person: to.person } : 'agentId' in to ? { agent: to.agentId } : { queue: to.queueId }

/** Why this callee may not be asked or given the customer. An emergency number may always be asked, by a person. */
function forbidden({ world, agentId }: Talk, to: Called, env: Env): Refused<Refusal> | null {
  const solution = env.solution(world.solution)
  if ('agentId' in to) return colleagueForbids(world, solution, agentId, to.agentId)
  if ('person' in to) {
    if (isEmergency(to)) return solution.outbound.emergencyCalls ? null : refuse('number.emergency', 'to')
    return outsideForbids(world, to, agentId, solution)
  }
  const queue = solution.queues[to.queueId]
  if (queue === undefined) return refuse('queue.unknown', 'to')
  if (!isOpen(world, queue)) return refuse('queue.closed', 'to')
  if (callersWaiting(world, queue.id) >= queue.waitingMax) return refuse('queue.full', 'to')
  return isStaffed(world, solution, queue) ? null : refuse('queue.noAgents', 'to')
}

/** A callback's conversation that is handed on was no voicemail: the callback is over. */
export function settled(call: Call.State, env: Env): readonly Fact[] {
  const entry = call.entry
  if (entry?.callback?.status !== 'talking') return []
  const ended = facts(Callback.decide(entry.callback, { type: 'settle' }, { pauseMs: 0, retryVoicemail: false }, env.at))
  return [...ended, left(entry, 'answered', call.talk?.agentId)]
}

/** The agent waits in a queue for a colleague, while the customer hears music. */
const waits = (call: Call.State, own: Leg.State, queueId: QueueId, solution: Solution, env: Env): Fact => ({
  type: 'entry.joined',
  callId: call.id,
  entryId: env.id('e'),
  queueId,
  kind: 'consult',
  place: 'end',
  since: env.at,
  leavesAt: null,
  slaMs: solution.queues[queueId]?.slaMs ?? 0,
  byLegId: own.id,
})

export function rung(
  call: Call.State,
  to: Exclude<Called, { queueId: QueueId }>,
  purpose: 'consult' | 'transfer' | 'rungBack',
  askedBy: AgentId,
  env: Env,
  ringMs = env.solution(call.solution).outbound.ringMs,
): Fact {
  const solution = env.solution(call.solution)
  const leg = { type: 'leg.requested', callId: call.id, legId: env.id('l'), purpose, ringUntil: env.at + ringMs } as const
  if ('agentId' in to) return { ...leg, party: 'agent', agentId: to.agentId, ...ownPhone(solution, to.agentId) }
  const emergency = isEmergency(to)
  const trunk = trunksOf(call, solution, emergency)[0]
  return {
    ...leg,
    party: 'external',
    personId: to.person,
    askedBy,
    ...(trunk === undefined ? {} : { trunk }),
    ...(emergency ? { emergency: true } : {}),
  }
}

const targetOf = (call: Call.State): Leg.State | undefined =>
  call.consult?.targetLegId == null ? undefined : call.legs.get(call.consult.targetLegId)

/** Whoever was asked is let go: rung, waited for in a queue, or on the line. */
export function dropConsult(call: Call.State, how: 'aborted' | 'returned'): readonly Fact[] {
  const entry = call.entry?.kind === 'consult' ? call.entry : null
  const offered = entry?.offer == null ? undefined : call.legs.get(entry.offer.legId)
  return [
    ...(entry === null ? [] : [left(entry, 'withdrawn')]),
    ...drop(offered),
    ...drop(targetOf(call)),
    { type: 'consult.ended', callId: call.id, agentId: call.consult?.agentId ?? '', how },
  ]
}

/** Back to the customer and whoever waits with him, joined anew where the agent was with, or waited for, somebody else. */
export function back(call: Call.State, how: 'returned' | 'targetGone'): readonly Fact[] {
  const consult = call.consult
  const own = consult === null ? undefined : call.legs.get(consult.legId)
  const customer = customerLeg(call)
  const target = targetOf(call)
  const wasElsewhere = target?.joined != null || call.entry?.kind === 'consult'
  const ended: readonly Fact[] =
    how === 'targetGone'
      ? [{ type: 'consult.ended', callId: call.id, agentId: consult?.agentId ?? '', how }]
      : dropConsult(call, target?.joined == null ? 'aborted' : 'returned')
  if (customer === undefined || own === undefined) return [...ended, ...drop(own)]
  const again = wasElsewhere ? [join(call, 'main', [customer, own, ...thirds(call, own.id)])] : []
  return [...ended, ...waiters(call, own.id).flatMap((leg) => resumed(call, leg)), ...again]
}

function swap({ call, own }: Talk): Decision<Fact, Refusal> {
  const target = targetOf(call)
  const customer = customerLeg(call)
  if (call.consult?.legId !== own.id || target?.status !== 'answered' || customer === undefined) return refuse('talk.noConsult')
  const others = waiters(call, own.id)
  const withTarget = call.bridges.consult.includes(own.id)
  return withTarget
    ? [...held(call, target), ...others.flatMap((leg) => resumed(call, leg)), join(call, 'main', [customer, own, ...thirds(call, own.id)])]
    : [...others.flatMap((leg) => held(call, leg)), ...resumed(call, target), join(call, 'consult', [own, target])]
}

function conference({ call, own }: Talk): Decision<Fact, Refusal> {
  const target = targetOf(call)
  const customer = customerLeg(call)
  if (call.consult?.legId !== own.id || target?.status !== 'answered' || customer === undefined) return refuse('talk.noConsult')
  return [
    { type: 'consult.ended', callId: call.id, agentId: call.consult.agentId, how: 'returned' },
    ...[...waiters(call, own.id), target].flatMap((leg) => resumed(call, leg)),
    join(call, 'main', [customer, own, target, ...thirds(call, own.id)]),
  ]
}

/* ------------------------------------------------------------ transfer */

/** The customer is given to whom is consulted; who has not answered yet is waited for, as after a blind transfer. */
function handOver({ world, call, own }: Talk, env: Env): Decision<Fact, Refusal> {
  if (call.consult?.legId !== own.id || customerLeg(call) === undefined) return refuse('talk.noConsult')
  return [...drop(own), ...givenTo(world, call, env)]
}

/** The consulting agent leaves, and the customer is whoever's was consulted. */
export function givenTo(world: World, call: Call.State, env: Env): readonly Fact[] {
  const consult = call.consult
  if (consult === null) return []
  const target = targetOf(call)
  const entry = call.entry?.kind === 'consult' ? call.entry : null
  const customer = customerLeg(call)
  const answered = target?.status === 'answered'
  const said: Fact = { type: 'transfer.requested', callId: call.id, agentId: consult.agentId, blind: !answered, to: consult.to }
  const ended: Fact = { type: 'consult.ended', callId: call.id, agentId: consult.agentId, how: 'transferred' }
  const third = thirds(call, consult.legId)
  // As after a blind transfer the customer waits alone.
  const alone = third.flatMap((leg) => drop(leg))
  if (entry !== null) {
    const offered = entry.offer === null ? undefined : call.legs.get(entry.offer.legId)
    const over = [said, left(entry, 'withdrawn'), ...drop(offered), ended, ...alone, ...resumed(call, customer)]
    return [...over, ...route(world, call, { queue: entry.queueId }, env)]
  }
  if (!answered) return [said, ended, ...alone]
  const together = [customer, target, ...third]
  return [said, ended, ...together.flatMap((leg) => resumed(call, leg)), join(call, 'main', together)]
}

function transferBlind(talk: Talk, to: Called, env: Env): Decision<Fact, Refusal> {
  const { world, call, own } = talk
  if (!outside(talk)) return refuse(call.direction === 'internal' ? 'talk.colleague' : 'talk.notTalking')
  if (call.consult !== null) return refuse('talk.inConsult')
  if (isEmergency(to)) return refuse('number.emergency', 'to')
  const no = forbidden(talk, to, env)
  if (no !== null) return no
  const asked: Fact = { type: 'transfer.requested', callId: call.id, agentId: talk.agentId, blind: true, to: partyOf(to) }
  const rest = legsUp(call).filter((leg) => leg.party !== 'customer' && leg.id !== own.id)
  return [
    ...hushed(call, 'withdrawn'),
    ...settled(call, env),
    asked,
    ...drop(own),
    ...rest.flatMap((leg) => drop(leg)),
    ...('queueId' in to
      ? [...resumed(call, customerLeg(call)), ...route(world, call, { queue: to.queueId }, env)]
      : [rung(call, to, 'transfer', talk.agentId, env)]),
  ]
}

/** The queue the conversation came from; null where it came from none. */
export const homeOf = (call: Call.State, solution: Solution): QueueId | null => {
  const queueId = call.talk?.queueId
  return queueId === undefined || queueId === OUTBOUND_QUEUE || solution.queues[queueId] === undefined ? null : queueId
}
