/**
 * What follows when a phone is answered and when a leg ends: for its party, for the entry it was rung for, for those it was joined with.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import { customerLeg, legsUp } from '../call/call.ts'
import * as Callback from '../callback/callback.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import * as Leg from '../leg/leg.ts'
import type * as Entry from '../queue/entry.ts'
import { isOnALine } from '../queue/matching.ts'
import type { Queue, Solution } from '../solution/solution.ts'
import { greetContact, ofContact, settleContact } from './contacts.ts'
import { drop, facts, left, leftWith } from './ending.ts'
import { greetOutward, settleOutward } from './outward.ts'
import { greetTalk, isOfTalk, settleTalk } from './parting.ts'
import { hangUp, openCallbackIn, route } from './routing.ts'
import { nextTrunk, trunksOf } from './trunks.ts'
import { agentById, callById, campaignOf, entryById, type World } from './world.ts'

/** Where the entry's queue is gone from the solution. */
export const RING_AGENT_MS = 20_000
export const queueOf = (solution: Solution, entry: Entry.State | null): Queue | undefined =>
  entry === null ? undefined : solution.queues[entry.queueId]
export const settingsOf = (queue: Queue | undefined): Callback.Settings => ({
  pauseMs: queue?.callback?.pauseMs ?? 30_000,
  retryVoicemail: queue?.callback?.retryVoicemail ?? false,
})

/** A phone we rang was answered. */
export function greet(world: World, call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  if (call.bridges.main.includes(leg.id)) return []
  const own = ofContact(call, leg)
  if (own !== null) return greetContact(world, own, leg, env)
  const talked = greetTalk(call, leg)
  if (talked !== null) return talked
  if (call.direction === 'internal' || call.entry?.kind === 'outbound') return greetOutward(world, call, leg, env)
  const entry = call.entry
  if (entry === null || leg.entryId !== entry.id) return drop(leg)
  const solution = env.solution(call.solution)
  const queue = queueOf(solution, entry)
  if (leg.party === 'customer') return reached(call, entry, leg, queue, solution, env)
  if (entry.callback !== null) return dialCustomer(world, call, entry.callback, leg, queue, env)
  const customer = customerLeg(call)
  if (customer === undefined) return drop(leg)
  return [
    ...join(call, [customer, leg], queue, solution),
    { type: 'entry.left', callId: call.id, entryId: entry.id, queueId: entry.queueId, reason: 'answered', agentId: leg.agentId ?? '' },
    ...needless(world, call, queue),
  ]
}

function join(call: Call.State, legs: readonly Leg.State[], queue: Queue | undefined, solution: Solution): readonly Fact[] {
  const ids = legs.map((leg) => leg.id)
  const welcome = queue?.welcome ?? null
  const joined: Fact = { type: 'bridge.joined', callId: call.id, bridge: 'main', legs: ids }
  if (welcome === null || solution.notPlayed.includes(welcome)) return [joined]
  return [joined, { type: 'menu.entered', callId: call.id, menuId: welcome, what: 'message', then: null, legs: ids }]
}

/** The customer called in, and was helped where his callback waited: it is taken out, and nobody is rung for it any more. */
function needless(world: World, call: Call.State, queue: Queue | undefined): readonly Fact[] {
  const open = queue === undefined ? null : openCallbackIn(world, call, queue)
  if (open === null) return []
  return [
    { type: 'call.related', callId: call.id, other: open.callId },
    { type: 'call.related', callId: open.callId, other: call.id },
    {
      type: 'entry.left',
      callId: open.callId,
      entryId: open.id,
      queueId: open.queueId,
      reason: 'deleted',
      by: 'system',
      why: 'reachedOtherwise',
    },
    ...legsUp(callById(world, open.callId)).flatMap((leg) => drop(leg)),
  ]
}

/** One number, one leg: a customer who is on a line with us, or being rung, is not rung. */
function dialCustomer(
  world: World,
  call: Call.State,
  callback: Callback.State,
  agentLeg: Leg.State,
  queue: Queue | undefined,
  env: Env,
): readonly Fact[] {
  if (isOnALine(world, callback))
    return [...facts(Callback.decide(callback, { type: 'recall' }, settingsOf(queue), env.at)), ...drop(agentLeg)]
  return [rungOver(trunksOf(call, env.solution(call.solution))[0], call, callback, queue, env)]
}

const rungOver = (trunk: string | undefined, call: Call.State, callback: Callback.State, queue: Queue | undefined, env: Env): Fact => ({
  type: 'leg.requested',
  callId: call.id,
  legId: env.id('l'),
  party: 'customer',
  personId: callback.personId,
  entryId: callback.entryId,
  attempt: callback.attempts + 1,
  ...(trunk === undefined ? {} : { trunk }),
  ringUntil: env.at + (queue?.callback?.ringMs ?? 30_000),
})

function reached(
  call: Call.State,
  entry: Entry.State,
  leg: Leg.State,
  queue: Queue | undefined,
  solution: Solution,
  env: Env,
): readonly Fact[] {
  const agentLeg = legsUp(call).find((other) => other.party === 'agent' && other.status === 'answered')
  if (agentLeg === undefined || entry.callback === null) return drop(leg)
  const ended = facts(Callback.decide(entry.callback, { type: 'reach' }, settingsOf(queue), env.at))
  return [
    ...join(call, [leg, agentLeg], queue, solution),
    ...ended,
    ...(ended.length > 0 ? [left(entry, 'answered', agentLeg.agentId ?? '')] : []),
  ]
}

/** A leg ended. */
export function settle(world: World, call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  const own = ofContact(call, leg)
  if (own !== null) {
    const { facts: follow, rungAgain } = settleContact(world, own, leg, env)
    return rungAgain ? follow : [...follow, ...freed(world, call, leg, env.solution(call.solution), env)]
  }
  const parting = isOfTalk(call, leg) ? settleTalk(world, call, leg, env) : null
  if (parting !== null)
    return [...parting.facts, ...(parting.rungAgain === true ? [] : freed(world, call, leg, env.solution(call.solution), env))]
  if (call.direction === 'internal' || (call.agentId !== null && call.talk === null))
    return [...settleOutward(call, leg, env), ...freed(world, call, leg, env.solution(call.solution), env)]
  return leg.party === 'agent' ? agentGone(world, call, leg, env) : customerGone(world, call, leg, env)
}

function customerGone(world: World, call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  const entry = call.entry
  const queue = queueOf(env.solution(call.solution), entry)
  const menuLeft: readonly Fact[] =
    call.menu === null
      ? []
      : [{ type: 'menu.left', callId: call.id, menuId: call.menu.menuId, how: leg.endedBy === 'party' ? 'hungUp' : 'withdrawn' }]
  const others = legsUp(call).filter((other) => other.id !== leg.id)
  const freed = release(world, call, leg)
  if (entry === null) return [...menuLeft, ...others.flatMap((other) => drop(other)), ...freed]
  if (entry.callback === null) return [...menuLeft, ...others.flatMap((other) => drop(other)), lineGone(entry, leg, env), ...freed]
  if (leg.entryId !== entry.id) return [...menuLeft, ...freed]
  if (leg.answeredAt !== null) return [...menuLeft, ...others.flatMap((other) => drop(other)), ...freed]
  if (entry.callback.status !== 'dialling') return freed
  const calling = isOnALine(world, entry.callback)
  const trunk = calling ? null : nextTrunk(call, leg, env.solution(call.solution))
  if (trunk !== null && others.some((other) => other.party === 'agent' && other.status === 'answered'))
    return [rungOver(trunk, call, entry.callback, queue, env)]
  const ended = facts(
    Callback.decide(entry.callback, { type: 'fail', outcome: leg.outcome ?? 'unknown', calling }, settingsOf(queue), env.at),
  )
  return [...ended, ...close(entry, ended), ...others.flatMap((other) => drop(other)), ...freed]
}

/** A caller who waited on the line is on it no more; where that was learnt afterwards, since then. */
function lineGone(entry: Entry.State, leg: Leg.State, env: Env): Fact {
  return leftWith(entry, leg, leg.outcome === 'failed' ? 'failed' : 'hungUp', env.at)
}

/** After an attempt: nobody is left to try. */
export function close(entry: Entry.State, ended: readonly Callback.Fact[]): readonly Fact[] {
  const last = ended.find((fact) => fact.type === 'callback.attemptEnded')
  return last?.type === 'callback.attemptEnded' && last.next === 'close'
    ? [left(entry, last.outcome === 'answered' ? 'answered' : 'unreached')]
    : []
}

/** The callbacks that waited for this line to be gone. */
function release(world: World, call: Call.State, leg: Leg.State): readonly Fact[] {
  if (leg.personId === null) return []
  const released: Fact[] = []
  for (const id of world.callbacksOf.get(leg.personId) ?? []) {
    const entry = entryById(world, id)
    if (entry?.callback?.heldBy === call.id) released.push({ type: 'callback.released', callId: entry.callId, entryId: id })
  }
  return released
}

function agentGone(world: World, call: Call.State, leg: Leg.State, env: Env): readonly Fact[] {
  const solution = env.solution(call.solution)
  const entry = call.entry
  const queue = queueOf(solution, entry)
  const again = otherTrunk(call, entry, leg, solution, env)
  if (again !== null) return [again]
  const free = freed(world, call, leg, solution, env)
  if (entry === null || leg.entryId !== entry.id) {
    if (call.talk?.legId !== leg.id) return free
    return [...welcomeCut(call), ...legsUp(call).flatMap((other) => drop(other)), ...free]
  }
  if (entry.callback === null) {
    const waits = entry.status === 'waiting' && customerLeg(call) !== undefined
    return [...(waits && overdue(entry, env) ? timedOut(world, call, entry, env) : []), ...free]
  }
  if (entry.callback.status === 'dialling' || entry.callback.status === 'offered') {
    const customer = [...call.legs.values()].findLast((other) => other.party === 'customer')
    const ended = facts(Callback.decide(entry.callback, withoutAgent(entry.callback, leg, customer), settingsOf(queue), env.at))
    return [...ended, ...close(entry, ended), ...drop(customer), ...free]
  }
  if (entry.callback.status !== 'talking') return free
  return [...welcomeCut(call), ...legsUp(call).flatMap((other) => drop(other)), ...free]
}

/** An agent's phone outside could not be rung over one trunk: it is over the next, for the same offer, while that is wanted. */
function otherTrunk(call: Call.State, entry: Entry.State | null, leg: Leg.State, solution: Solution, env: Env): Fact | null {
  const trunk = nextTrunk(call, leg, solution)
  if (trunk === null || entry === null || leg.entryId !== entry.id || leg.agentId === null || overdue(entry, env)) return null
  const { callback } = entry
  if (callback === null ? customerLeg(call) === undefined : callback.status !== 'offered' || callback.heldBy !== null) return null
  return {
    type: 'leg.requested',
    callId: call.id,
    legId: env.id('l'),
    party: 'agent',
    agentId: leg.agentId,
    entryId: entry.id,
    ...(leg.attempt === null ? {} : { attempt: leg.attempt }),
    trunk,
    ringUntil: env.at + (queueOf(solution, entry)?.ringAgentMs ?? RING_AGENT_MS),
  }
}

/** What the end of the agent's leg makes of an attempt in which the customer has not answered. */
function withoutAgent(callback: Callback.State, leg: Leg.State, customer: Leg.State | undefined): Callback.Command {
  if (callback.status === 'dialling')
    return leg.endedAt === null
      ? { type: 'unattended', rung: true }
      : { type: 'agentLeft', rungMs: customer === undefined ? 0 : Leg.rungMs(customer, leg.endedAt) }
  if (callback.heldBy !== null) return { type: 'recall' }
  // Answered, and nobody was there to dial; or nobody can tell whether it was.
  return leg.answeredAt !== null || leg.outcome === 'unknown' ? { type: 'unattended', rung: false } : { type: 'agentMissed' }
}

const welcomeCut = (call: Call.State): readonly Fact[] =>
  call.menu === null ? [] : [{ type: 'menu.left', callId: call.id, menuId: call.menu.menuId, how: 'hungUp' }]
const overdue = (entry: Entry.State, env: Env): boolean => entry.leavesAt !== null && env.at >= entry.leavesAt

export function timedOut(world: World, call: Call.State, entry: Entry.State, env: Env): readonly Fact[] {
  const queue = queueOf(env.solution(call.solution), entry)
  return [left(entry, 'timedOut'), ...(queue === undefined ? hangUp(call) : route(world, call, queue.exits.timedOut, env))]
}

/** What becomes of the agent whose leg ended. */
function freed(world: World, call: Call.State, leg: Leg.State, solution: Solution, env: Env): readonly Fact[] {
  if (leg.agentId === null) return []
  const agent = agentById(world, leg.agentId)
  if (agent.matter?.legId !== leg.id) return []
  const talked = leg.joined !== null
  const queue = leg.joined === 'main' ? solution.queues[call.talk?.queueId ?? ''] : queueOf(solution, call.entry)
  const wrapsUp = talked || (leg.answeredAt !== null && leg.attempt !== null && (queue?.callback?.wrapUpAfterUnanswered ?? false))
  const campaign = leg.joined === 'main' ? campaignOf(world, call) : undefined
  const own = campaign?.settings.wrapUpMs ?? solution.agents[leg.agentId]?.wrapUpMs
  const wrapUpMs = talked && queue === undefined ? own : queue?.wrapUpMs
  return facts(
    Agent.decide(
      agent,
      {
        type: 'agent.free',
        how: wrapsUp ? 'talked' : isOffer(call, leg) ? howOffered(leg) : 'released',
        callId: call.id,
        wrapUpMs: wrapsUp ? (wrapUpMs ?? 0) : 0,
        restMs: solution.restMs,
        missedMax: solution.offersMissedMax,
      },
      env.at,
    ),
  )
}

/** A queue's offer, or a lost phone that is rung back: not to answer these tells of the agent. An own call and a colleague's do not. */
const isOffer = (call: Call.State, leg: Leg.State): boolean =>
  leg.purpose === 'rungBack' ||
  (leg.entryId !== null && (call.contact !== null || call.direction !== 'outbound' || call.legs.keys().next().value !== leg.id))

function howOffered(leg: Leg.State): 'rejected' | 'noAnswer' | 'released' {
  const neverRang = leg.waits && leg.ringingAt === null && leg.outcome === 'unanswered'
  if (leg.answeredAt !== null || neverRang || leg.outcome === 'withdrawn' || leg.outcome === 'unknown') return 'released'
  return leg.outcome === 'rejected' || leg.outcome === 'busy' ? 'rejected' : 'noAnswer'
}
