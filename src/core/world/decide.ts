/**
 * One input or consequence in, facts or a refusal out. This page only says which chapter answers; the world is read, never changed.
 */
import * as Agent from '../agent/agent.ts'
import * as Call from '../call/call.ts'
import * as Callback from '../callback/callback.ts'
import type { Fact } from '../facts.ts'
import type { Consequence, Env, Input } from '../inputs.ts'
import type { Decision } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import type * as Entry from '../queue/entry.ts'
import { isOfferable } from '../queue/entry.ts'
import { agentFor, entryFor, isStaffed, mayTakeCallers } from '../queue/matching.ts'
import { announce } from './announcing.ts'
import { answeredContact, matchCard, matchContact, ofDialling } from './campaigning.ts'
import { closeTry, notAgain } from './contacts.ts'
import { drop, facts, left, over } from './ending.ts'
import { learn } from './learn.ts'
import { close, greet, queueOf, RING_AGENT_MS, settingsOf, settle, timedOut } from './legs.ts'
import { inMenu, inQueue, speaksFor } from './ordering.ts'
import { ask, isPeople, type Refusal } from './people.ts'
import { hangUp, route } from './routing.ts'
import { ofSolution } from './surroundings.ts'
import { gaveUp, joining, seenTo, tooLong, warn } from './sweeping.ts'
import { trunksOf } from './trunks.ts'
import { agentById, callByEntry, callById, callByLeg, campaignOf, entryById, type World } from './world.ts'

const NO_AGENTS_PATIENCE_MS = 60_000

export function decide(world: World, input: Input | Consequence, env: Env): Decision<Fact, Refusal> {
  if (isPeople(input)) return ask(world, input, env)
  switch (input.type) {
    case 'leg.arrive':
      return arrive(world, input, env)
    case 'leg.ring':
    case 'leg.answer':
    case 'leg.end':
    case 'ring.timeOut':
      return ofLeg(world, input, env)
    case 'digit.press': {
      const call = callByLeg(world, input.legId)
      if (call === undefined || !speaksFor(call, input.legId)) return []
      const asked = notAgain(call, input.digit)
      if (asked !== null) return asked
      return call.menu === null ? inQueue(world, call, input.digit, env) : inMenu(world, call, { type: 'press', digit: input.digit }, env)
    }
    case 'prompt.finish': {
      const call = world.calls.get(input.playId.slice(0, input.playId.lastIndexOf('.')))
      return call?.menu?.playId === input.playId ? inMenu(world, call, { type: 'finish' }, env) : []
    }
    case 'menu.silence': {
      const call = world.calls.get(input.callId)
      return call === undefined ? [] : inMenu(world, call, { type: 'silence' }, env)
    }
    case 'number.enter': {
      const call = world.calls.get(input.callId)
      if (call?.menu?.menuId !== 'callback.enter') return []
      if (input.person === null || !input.callable || isOurs(world, input.person, env))
        return inMenu(world, call, { type: 'enter', usable: false }, env)
      const behind = input.switchboard === true ? { behind: input.person } : {}
      return inMenu(world, call, { type: 'enter', usable: true, ...behind }, env, { person: input.person })
    }
    case 'extension.enter': {
      const call = world.calls.get(input.callId)
      if (call?.menu?.menuId !== 'callback.extension') return []
      return inMenu(world, call, { type: 'enter', usable: input.usable }, env, input.noteId === null ? {} : { noteId: input.noteId })
    }
    case 'call.begin':
      return begin(world, callById(world, input.callId), env)
    case 'leg.greet': {
      const call = callByLeg(world, input.legId)
      const leg = call?.legs.get(input.legId)
      return call === undefined || leg === undefined || leg.status !== 'answered' ? [] : greet(world, call, leg, env)
    }
    case 'leg.settle': {
      const call = callByLeg(world, input.legId)
      const leg = call?.legs.get(input.legId)
      return call === undefined || leg === undefined ? [] : settle(world, call, leg, env)
    }
    case 'call.tidy': {
      const call = world.calls.get(input.callId)
      if (call === undefined || !Call.isOver(call)) return []
      return [...(call.contact === null ? [over(call, env)] : closeTry(world, call, call.contact, env)), ...seenTo(world, call)]
    }
    case 'legs.learn':
      return learn(world, input, env)
    case 'legs.sweep':
      return warn(world, env)
    case 'join.fail':
    case 'join.mend':
      return joining(world, input)
    case 'leg.timeOut':
      return tooLong(world, input.legId, env)
    case 'legs.adopt':
      return adopt(world, input, env)
    case 'call.setAside': {
      const call = world.calls.get(input.callId)
      return call === undefined ? [] : setAside(call)
    }
    case 'attempt.settle':
    case 'callback.due':
    case 'callback.expire':
    case 'callback.hold':
    case 'callback.recall':
      return ofCallback(world, input, env)
    case 'entry.announce':
    case 'entry.timeOut':
    case 'match.entry':
      return ofEntry(world, input, env)
    case 'match.agent':
      return matchAgent(world, input.agentId, env)
    case 'phone.lose':
    case 'phone.find':
      return ofPhone(world, input, env)
    case 'wrapUp.timeOut':
    case 'rest.timeOut':
    case 'phone.timeOut':
      return Agent.decide(agentById(world, input.agentId), input, env.at)
    case 'agent.dismiss':
      return Agent.decide(agentById(world, input.agentId), { type: 'agent.logOff', by: 'system' }, env.at)
    case 'queue.check':
      return checkQueue(world, input.queueId, env)
    case 'queue.timeOut':
      return staffed(world, input.queueId, env) ? [] : emptyQueue(world, input.queueId, 'noAgents', env)
    case 'queue.empty':
      return emptyQueue(world, input.queueId, input.reason, env)
    case 'campaign.pace':
    case 'campaign.mistrust':
    case 'campaign.exhaust':
    case 'campaign.due':
    case 'campaign.judge':
    case 'campaign.drew':
    case 'campaign.yield':
    case 'contacts.deal':
    case 'contacts.bar':
    case 'contact.silence':
    case 'contact.hoursEnd':
    case 'contact.release':
    case 'contact.bar':
    case 'card.timeOut':
    case 'card.callItself':
    case 'card.withdraw':
    case 'wish.timeOut':
    case 'wish.settle':
      return ofDialling(world, input, env)
    default:
      return ofSolution(world, input, env.at)
  }
}

function arrive(world: World, input: Extract<Input, { type: 'leg.arrive' }>, env: Env): readonly Fact[] {
  const solution = env.solution(world.solution)
  const line = input.line === null ? undefined : solution.lines[input.line]
  if (world.over.has(input.legId)) return []
  if (world.callOfLeg.has(input.legId) || line === undefined || input.line === null || world.calls.size >= solution.liveCallsMax) return []
  const callId = env.id('c')
  return [
    {
      type: 'call.started',
      callId,
      direction: 'inbound',
      from: { person: input.caller },
      to: { person: input.line },
      customer: input.caller,
      solution: solution.version,
      language: line.language,
      callable: input.callable && solution.lines[input.caller] === undefined,
      ...(input.switchboard === true ? { switchboard: true } : {}),
    },
    { type: 'leg.arrived', callId, legId: input.legId, personId: input.caller },
    { type: 'leg.answered', callId, legId: input.legId },
  ]
}

/** Our own numbers are called back by nobody: the attempt would ring us. */
const isOurs = (world: World, person: string, env: Env): boolean => env.solution(world.solution).lines[person] !== undefined

/** Legs found joined in the switch that nobody here knows: kept, as a call with what the switch tells. */
function adopt(world: World, input: Extract<Input, { type: 'legs.adopt' }>, env: Env): readonly Fact[] {
  if (input.legs.some((leg) => world.callOfLeg.has(leg.legId))) return []
  const callId = env.id('c')
  const customer = (input.legs.find((leg) => leg.inbound) ?? input.legs[0])?.person ?? null
  const known = { callId, solution: world.solution, customer } as const
  const from = customer === null ? { person: input.line } : { person: customer }
  return [
    { type: 'call.started', direction: 'inbound', from, to: { person: input.line }, ...known },
    ...input.legs.flatMap(({ legId, inbound, person }): readonly Fact[] => [
      inbound
        ? { type: 'leg.arrived', callId, legId, personId: person }
        : { type: 'leg.requested', callId, legId, party: 'external', personId: person, ringUntil: null, adopted: true },
      { type: 'leg.answered', callId, legId },
    ]),
    { type: 'bridge.joined', callId, bridge: 'main', legs: input.legs.map((leg) => leg.legId) },
    { type: 'alarm.raised', alarm: 'unknownLeg', callId },
  ]
}

function begin(world: World, call: Call.State, env: Env): readonly Fact[] {
  if (call.bridges.main.length > 0) return []
  const line = 'person' in call.to ? env.solution(call.solution).lines[call.to.person] : undefined
  return line === undefined ? hangUp(call) : route(world, call, line.target, env)
}

function ofLeg(
  world: World,
  input: Extract<Input, { type: 'leg.ring' | 'leg.answer' | 'leg.end' | 'ring.timeOut' }>,
  env: Env,
): readonly Fact[] {
  const call = callByLeg(world, input.legId)
  const leg = call?.legs.get(input.legId)
  if (call === undefined || leg === undefined) return []
  switch (input.type) {
    case 'ring.timeOut':
      return facts(Leg.decide(leg, { type: 'timeOut', unheard: world.switchAway && leg.party !== 'agent' }))
    case 'leg.ring':
      return facts(Leg.decide(leg, { ...input, type: 'ring' }))
    case 'leg.answer':
      return leg.ringUntil !== null && (input.happenedAt ?? env.at) >= leg.ringUntil
        ? facts(Leg.decide(leg, { type: 'timeOut' }))
        : facts(Leg.decide(leg, { ...input, type: 'answer' }))
    case 'leg.end':
      return facts(Leg.decide(leg, { ...input, ...gaveUp(call, leg, input, env.at), type: 'end' }))
  }
}

function ofCallback(
  world: World,
  input: Extract<
    Input | Consequence,
    { type: 'attempt.settle' | 'callback.due' | 'callback.expire' | 'callback.hold' | 'callback.recall' }
  >,
  env: Env,
): readonly Fact[] {
  const call = input.type === 'attempt.settle' ? world.calls.get(input.callId) : callByEntry(world, input.entryId)
  const entry = call?.entry
  const callback = entry?.callback
  if (call === undefined || entry == null || callback == null) return []
  const settings = settingsOf(queueOf(env.solution(call.solution), entry))
  switch (input.type) {
    case 'attempt.settle':
      return settleAttempt(world, call, entry, callback, settings, env)
    case 'callback.due':
      return facts(Callback.decide(callback, { type: 'due', since: entry.since }, settings, env.at))
    case 'callback.hold':
      return facts(Callback.decide(callback, { type: 'hold', other: input.other }, settings, env.at))
    case 'callback.recall':
      return callback.status === 'offered' && callback.heldBy !== null && entry.offer !== null ? drop(call.legs.get(entry.offer.legId)) : []
    case 'callback.expire':
      if (callback.status === 'offered' || callback.status === 'dialling' || callback.status === 'talking') return []
      return [
        { type: 'entry.left', callId: call.id, entryId: entry.id, queueId: entry.queueId, reason: 'deleted', by: 'system', why: 'expired' },
      ]
  }
}

/** The conversation of an attempt is over, and so is the time in which its agent could call it a voicemail. */
function settleAttempt(
  world: World,
  call: Call.State,
  entry: Entry.State,
  callback: Callback.State,
  settings: Callback.Settings,
  env: Env,
): readonly Fact[] {
  const wrapping = call.talk !== null && agentById(world, call.talk.agentId).wrapUpOf === call.id
  if (callback.status !== 'talking' || Call.legsUp(call).length > 0 || (wrapping && !callback.voicemail)) return []
  const own = [...call.legs.values()].findLast((leg) => leg.party === 'agent' && leg.entryId === entry.id)
  if (own === undefined || call.talk?.legId !== own.id) {
    // The customer answered while we were away, and was joined with nobody.
    const unattended = facts(Callback.decide(callback, { type: 'unattended', rung: true }, settings, env.at))
    return [...unattended, ...close(entry, unattended)]
  }
  const ended = facts(Callback.decide(callback, { type: 'settle' }, settings, env.at))
  if (ended.some((fact) => fact.type === 'callback.attemptEnded' && fact.next !== 'close')) return ended
  const learnt = env.at > call.lastLegEndedAt ? { happenedAt: call.lastLegEndedAt } : {}
  return [...ended, left(entry, 'answered', call.talk?.agentId), { type: 'call.ended', callId: call.id, ...learnt }]
}

function ofEntry(
  world: World,
  input: Extract<Input | Consequence, { type: 'entry.announce' | 'entry.timeOut' | 'match.entry' }>,
  env: Env,
): readonly Fact[] {
  const call = callByEntry(world, input.entryId)
  const entry = call?.entry
  if (call === undefined || entry == null || entry.id !== input.entryId) return []
  switch (input.type) {
    case 'entry.timeOut':
      return entry.status === 'waiting' && entry.callback === null ? timedOut(world, call, entry, env) : []
    case 'entry.announce':
      return announce(world, call, entry, env)
    case 'match.entry': {
      if (!isOfferable(entry) || world.switchAway) return []
      if (entry.kind === 'dialler') return matchContact(world, call, env, (id) => offer(world, call, entry, id, env))
      const agentId = agentFor(world, env.solution(world.solution), entry)
      return agentId === null ? [] : offer(world, call, entry, agentId, env)
    }
  }
}

/** Rings an agent for an entry: the leg is the offer. */
function offer(world: World, call: Call.State, entry: Entry.State, agentId: string, env: Env): readonly Fact[] {
  const solution = env.solution(call.solution)
  const outside = env.solution(world.solution).agents[agentId]?.phone.kind === 'number'
  const trunk = outside ? trunksOf(call, solution)[0] : undefined
  const queue = queueOf(solution, entry)
  const rung = {
    type: 'leg.requested',
    callId: call.id,
    legId: env.id('l'),
    party: 'agent',
    agentId,
    entryId: entry.id,
    ...(trunk === undefined ? {} : { trunk }),
    ringUntil: env.at + (queue?.ringAgentMs ?? campaignOf(world, call)?.settings.ringAgentMs ?? RING_AGENT_MS),
  } as const
  if (entry.callback === null) return [rung]
  const started = facts(Callback.decide(entry.callback, { type: 'start', agentId }, settingsOf(queue), env.at))
  return started.length === 0 ? [] : [...started, { ...rung, attempt: entry.callback.attempts + 1 }]
}

/** A phone that does not answer the liveness check is rung no more: what it was offered is for somebody else. */
function ofPhone(world: World, input: Extract<Input, { type: 'phone.lose' | 'phone.find' }>, env: Env): readonly Fact[] {
  if (env.solution(world.solution).agents[input.agentId] === undefined) return []
  const agent = agentById(world, input.agentId)
  const leg = agent.matter === null ? undefined : callByLeg(world, agent.matter.legId)?.legs.get(agent.matter.legId)
  const told = facts(Agent.decide(agent, { type: input.type }, env.at))
  return input.type === 'phone.lose' && told.length > 0 && leg !== undefined && leg.status !== 'answered' ? [...told, ...drop(leg)] : told
}

function matchAgent(world: World, agentId: string, env: Env): readonly Fact[] {
  const agent = agentById(world, agentId)
  if (world.switchAway || agent.status !== 'ready') return []
  const answered = answeredContact(world, agentId, env)
  if (answered?.entry != null) return offer(world, answered, answered.entry, agentId, env)
  const solution = env.solution(world.solution)
  const entry = mayTakeCallers(world, solution, agent) ? entryFor(world, solution, agentId, env.at) : null
  return entry === null ? matchCard(world, agentId, env) : offer(world, callById(world, entry.callId), entry, agentId, env)
}

const staffed = (world: World, queueId: string, env: Env): boolean => {
  const solution = env.solution(world.solution)
  const queue = solution.queues[queueId]
  return queue !== undefined && isStaffed(world, solution, queue)
}

/** Whether a queue is left alone now, or no longer so. */
function checkQueue(world: World, queueId: string, env: Env): readonly Fact[] {
  const callersLeaveAt = world.queues.get(queueId)?.callersLeaveAt ?? null
  const left = !staffed(world, queueId, env)
  if (left && callersLeaveAt === null) return [{ type: 'queue.deserted', queueId, callersLeaveAt: env.at + NO_AGENTS_PATIENCE_MS }]
  return !left && callersLeaveAt !== null ? [{ type: 'queue.staffed', queueId }] : []
}

/** Callers on the line take an exit; callbacks stay. */
function emptyQueue(world: World, queueId: string, reason: 'closed' | 'noAgents', env: Env): readonly Fact[] {
  return [...(world.queues.get(queueId)?.entries ?? [])].flatMap((id) => {
    const call = callByEntry(world, id)
    const entry = entryById(world, id)
    if (call === undefined || entry === undefined || entry.callback !== null || entry.kind !== 'line' || entry.status === 'ordering')
      return []
    const queue = queueOf(env.solution(call.solution), entry)
    const rung = entry.offer === null ? undefined : call.legs.get(entry.offer.legId)
    return queue === undefined ? [] : [left(entry, reason), ...drop(rung), ...route(world, call, queue.exits[reason], env)]
  })
}

/** A bug was met in this call: its legs are ended, its entry is closed, and people are told. One that only waited for a wrap-up ended with its conversation. */
function setAside(call: Call.State): readonly Fact[] {
  const talkedOut = call.entry?.callback?.status === 'talking' && Call.legsUp(call).length === 0
  return [
    { type: 'call.setAside', callId: call.id },
    { type: 'alarm.raised', alarm: 'callSetAside', callId: call.id },
    ...(call.entry === null ? [] : [left(call.entry, 'failed')]),
    ...Call.legsUp(call).flatMap((leg) => drop(leg)),
    ...(talkedOut ? [{ type: 'call.ended', callId: call.id, happenedAt: call.lastLegEndedAt } as const] : []),
  ]
}
