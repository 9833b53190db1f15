/**
 * What follows from a fact: effects in the world, and consequences for other machines. Pure: from the fact, and the world after it.
 * The simulated network and Asterisk read the same list.
 */
import type * as Call from '../call/call.ts'
import { customerLeg } from '../call/call.ts'
import type { Effect, PromptPart } from '../effects.ts'
import type { Fact, Recorded } from '../facts.ts'
import type { Consequence, Env, Input } from '../inputs.ts'
import type * as Menu from '../menu/menu.ts'
import { expectedWaitMs, queuesServed } from '../queue/matching.ts'
import type { Solution } from '../solution/solution.ts'
import { drawn } from './dialling.ts'
import { following } from './following.ts'
import { requested, ringsFound } from './ringing.ts'
import { openCallbacks } from './routing.ts'
import { hearing, joins, joinsBoth, musicOnHold } from './sounding.ts'
import { partners } from './talking.ts'
import { failedTrunk } from './trunks.ts'
import { agentById, callById, entryById, placeInLine, type World } from './world.ts'

export type Reaction = { readonly effect: Effect } | { readonly then: Consequence }

const effect = (effect: Effect): Reaction => ({ effect })
const then = (consequence: Consequence): Reaction => ({ then: consequence })

export function react(world: World, recorded: Recorded, env: Env): readonly Reaction[] {
  const own = reactTo(world, recorded, env)
  const more = following(world, recorded.fact, env)
  return more.length === 0 ? own : [...own, ...more.map(then)]
}

function reactTo(world: World, recorded: Recorded, env: Env): readonly Reaction[] {
  const fact = recorded.fact
  switch (fact.type) {
    case 'leg.arrived':
      return [
        effect({ type: 'leg.answer', legId: fact.legId }),
        then({ type: 'call.begin', callId: fact.callId }),
        ...openCallbacks(world, callById(world, fact.callId)).map((entryId) =>
          then({ type: 'callback.hold', entryId, other: fact.callId }),
        ),
      ]
    case 'leg.requested':
      return requested(callById(world, fact.callId), fact, env).map(effect)
    case 'leg.answered':
      return callById(world, fact.callId).legs.get(fact.legId)?.inbound ? [] : [then({ type: 'leg.greet', legId: fact.legId })]
    case 'leg.ended':
      return ended(world, fact)
    case 'bridge.joined':
    case 'leg.held':
    case 'leg.resumed':
    case 'leg.muted':
    case 'leg.unmuted':
    case 'consult.ended':
    case 'transfer.requested':
    case 'phone.lost':
      return inTalk(world, recorded, fact, env)
    case 'menu.entered':
    case 'menu.keyingStarted':
    case 'menu.extensionAsked':
    case 'menu.repeated':
      return said(callById(world, fact.callId), fact, env)
    case 'menu.left':
      return hushed(world, fact)
    case 'entry.joined':
      return joined(world, fact, env)
    case 'entry.announced':
      return announced(world, recorded, fact, env)
    case 'entry.left':
      return [then({ type: 'call.tidy', callId: fact.callId })]
    default:
      return others(world, fact, env)
  }
}

function others(world: World, fact: Fact, env: Env): readonly Reaction[] {
  switch (fact.type) {
    case 'callback.orderLeft':
      return backInLine(world, fact, env)
    case 'callback.ordered':
    case 'callback.requeued':
    case 'callback.hastened':
    case 'callback.released':
      return [then({ type: 'match.entry', entryId: fact.entryId })]
    case 'callback.attemptEnded':
      return [...tooLate(world, fact.entryId, env), then({ type: 'match.entry', entryId: fact.entryId })]
    case 'callback.heldBack':
      return [then({ type: 'callback.recall', entryId: fact.entryId })]
    case 'agent.loggedOn':
      return [...checks(world, fact.agentId, env), then({ type: 'match.agent', agentId: fact.agentId })]
    case 'agent.loggedOff':
      return [...checks(world, fact.agentId, env), ...matchAll(world)]
    case 'agent.paused':
      return matchAll(world)
    case 'agent.returned':
      return [then({ type: 'match.agent', agentId: fact.agentId })]
    case 'agent.reachable':
      return [...ringsFound(world, fact.agentId, env).map(effect), then({ type: 'match.agent', agentId: fact.agentId })]
    case 'agent.wrapUpEnded':
      return [then({ type: 'attempt.settle', callId: fact.callId })]
    case 'hours.turned':
      return fact.open ? matchAll(world) : closed(world, fact.hoursId, env)
    case 'solution.taken':
      return [...reloaded(world, env), ...matchAll(world)]
    case 'switch.found':
      return matchAll(world)
    default:
      return []
  }
}

/** Back from the ordering menus: what fell due meanwhile is made up for. */
function backInLine(world: World, fact: Extract<Fact, { type: 'callback.orderLeft' }>, env: Env): readonly Reaction[] {
  const entry = entryById(world, fact.entryId)
  if (entry === undefined) return []
  const leaveAt = world.queues.get(entry.queueId)?.callersLeaveAt ?? null
  return [
    ...music(world, fact.callId, env),
    ...(entry.leavesAt !== null && env.at >= entry.leavesAt ? [then({ type: 'entry.timeOut', entryId: entry.id })] : []),
    ...(leaveAt !== null && env.at >= leaveAt ? [then({ type: 'queue.timeOut', queueId: entry.queueId })] : []),
    then({ type: 'entry.announce', entryId: entry.id }),
    then({ type: 'match.entry', entryId: entry.id }),
  ]
}

/** Given up while an attempt was under way: now that it is over. */
function tooLate(world: World, entryId: string, env: Env): readonly Reaction[] {
  const expiresAt = entryById(world, entryId)?.callback?.expiresAt ?? null
  return expiresAt !== null && env.at >= expiresAt ? [then({ type: 'callback.expire', entryId })] : []
}

/** An agent came or went: the queues served. */
const checks = (world: World, agentId: string, env: Env): readonly Reaction[] =>
  queuesServed(env.solution(world.solution), agentId).map((queue) => then({ type: 'queue.check', queueId: queue.id }))

/** Agents who are in the solution no more leave, after the matter they are in; queues with callers may have lost all who serve them, or found some. */
function reloaded(world: World, env: Env): readonly Reaction[] {
  const { agents, queues } = env.solution(world.solution)
  const gone = [...world.agents.values()].filter(({ id, status }) => status !== 'loggedOff' && agents[id] === undefined)
  const concerned = [...world.queues.values()].filter(
    ({ id, callers, callersLeaveAt }) => queues[id] !== undefined && (callers > 0 || callersLeaveAt !== null),
  )
  return [
    ...gone.map(({ id }) => then({ type: 'agent.dismiss', agentId: id })),
    ...concerned.map(({ id }) => then({ type: 'queue.check', queueId: id })),
  ]
}

const matchAll = (world: World): readonly Reaction[] =>
  [...world.agents.values()].filter((agent) => agent.status === 'ready').map((agent) => then({ type: 'match.agent', agentId: agent.id }))

function closed(world: World, hoursId: string, env: Env): readonly Reaction[] {
  return Object.values(env.solution(world.solution).queues)
    .filter((queue) => queue.hours === hoursId && queue.closedExitForWaiting)
    .map((queue) => then({ type: 'queue.empty', queueId: queue.id, reason: 'closed' }))
}

function ended(world: World, fact: Extract<Fact, { type: 'leg.ended' }>): readonly Reaction[] {
  const call = callById(world, fact.callId)
  const leg = call.legs.get(fact.legId)
  const trunk = failedTrunk(leg)
  const freed = (leg?.personId == null ? [] : (world.callbacksOf.get(leg.personId) ?? [])).map((entryId) =>
    then({ type: 'match.entry', entryId }),
  )
  return [
    ...(fact.by === 'us' || leg?.party === 'agent'
      ? [effect({ type: 'leg.hangUp', legId: fact.legId, why: fact.outcome === 'answered' ? 'normal' : 'withdrawn' })]
      : []),
    ...(trunk === null ? [] : [then({ type: 'trunk.fail', trunk })]),
    then({ type: 'leg.settle', legId: fact.legId }),
    then({ type: 'attempt.settle', callId: fact.callId }),
    ...(call.entry === null ? [] : [then({ type: 'match.entry', entryId: call.entry.id })]),
    ...freed,
    then({ type: 'call.tidy', callId: fact.callId }),
  ]
}

function said(
  call: Call.State,
  fact: Extract<Fact, { type: 'menu.entered' | 'menu.keyingStarted' | 'menu.extensionAsked' | 'menu.repeated' }>,
  env: Env,
): readonly Reaction[] {
  return call.menu === null ? [] : promptOf(call, call.menu, env.solution(call.solution), fact.type === 'menu.repeated').map(effect)
}

/** What the digits of a stay are collected into. */
const COLLECTED: Readonly<Record<string, 'number' | 'extension'>> = { 'callback.enter': 'number', 'callback.extension': 'extension' }

/** What is said in a stay, and whether digits are collected in it. */
export function promptOf(call: Call.State, menu: Menu.State, solution: Solution, again: boolean): readonly Effect[] {
  const legs = menu.legs.length > 0 ? menu.legs : [customerLeg(call)?.id ?? '']
  const play: Effect = { type: 'prompt.play', playId: menu.playId, legs, language: call.language, parts: partsOf(menu, solution, again) }
  const what = COLLECTED[menu.menuId]
  if (what === undefined) return [play]
  return [play, { type: 'digits.collect', callId: call.id, legId: legs[0] ?? '', silenceMs: solution.keyingSilenceMs, what }]
}

function partsOf(menu: Menu.State, solution: Solution, again: boolean): readonly PromptPart[] {
  if (menu.menuId === 'callback.readBack' && menu.personId !== null)
    return [
      { prompt: 'callback.readBack' },
      { number: menu.personId },
      ...(menu.noteId === null ? [] : [{ prompt: 'callback.extensionIs' }, { note: menu.noteId }]),
      { prompt: 'callback.confirm' },
    ]
  if (menu.menuId === 'callback.enter' && again) return [{ prompt: 'callback.invalid' }, { prompt: 'callback.enter' }]
  return [{ prompt: solution.menus[menu.menuId]?.prompt ?? menu.menuId }]
}

function hushed(world: World, fact: Extract<Fact, { type: 'menu.left' }>): readonly Reaction[] {
  const call = callById(world, fact.callId)
  const leg = customerLeg(call)
  if (leg === undefined) return []
  const collected = COLLECTED[fact.menuId] !== undefined ? [effect({ type: 'digits.dismiss', legId: leg.id })] : []
  return fact.how === 'finished' ? collected : [effect({ type: 'prompt.stop', playId: call.playing ?? '', legs: [leg.id] }), ...collected]
}

function music(world: World, callId: string, env: Env): readonly Reaction[] {
  const call = callById(world, callId)
  const leg = customerLeg(call)
  const queue = call.entry === null ? undefined : env.solution(call.solution).queues[call.entry.queueId]
  return leg === undefined || queue === undefined ? [] : [effect({ type: 'music.start', legId: leg.id, music: queue.music })]
}

type OfTalk = Extract<
  Fact,
  {
    type: 'bridge.joined' | 'leg.held' | 'leg.resumed' | 'leg.muted' | 'leg.unmuted' | 'consult.ended' | 'transfer.requested' | 'phone.lost'
  }
>

/** Who hears whom from now on. */
function inTalk(world: World, recorded: Recorded, fact: OfTalk, env: Env): readonly Reaction[] {
  const call = callById(world, fact.callId)
  const solution = env.solution(call.solution)
  const customer = customerLeg(call)
  switch (fact.type) {
    case 'leg.muted':
    case 'leg.unmuted':
      return [effect({ type: 'leg.mute', legId: fact.legId, on: fact.type === 'leg.muted' })]
    case 'leg.held':
      return [...joinsBoth(call), musicOnHold(fact.legId, solution)].map(effect)
    case 'bridge.joined':
      return (fact.bridge === 'consult' || call.bridges.consult.length > 0 ? joinsBoth(call) : [joins(call, 'main')]).map(effect)
    case 'leg.resumed':
      return joinsBoth(call).map(effect)
    case 'consult.ended':
      return [effect(joins(call, 'consult'))]
    case 'transfer.requested':
      return call.handover === null || customer === undefined ? [] : [joins(call, 'main'), musicOnHold(customer.id, solution)].map(effect)
    case 'phone.lost':
      if (customer === undefined || call.handover === null) return []
      return [
        effect(joins(call, 'main')),
        effect({
          type: 'prompt.play',
          playId: `${call.id}.${recorded.position}`,
          legs: [customer.id],
          language: call.language,
          parts: [{ prompt: 'phoneLost.wait' }],
        }),
      ]
  }
}

function joined(world: World, fact: Extract<Fact, { type: 'entry.joined' }>, env: Env): readonly Reaction[] {
  if (fact.kind === 'consult' && fact.byLegId !== undefined) {
    const queue = env.solution(callById(world, fact.callId).solution).queues[fact.queueId]
    return [
      effect({ type: 'music.start', legId: fact.byLegId, music: queue?.music ?? 'default' }),
      then({ type: 'match.entry', entryId: fact.entryId }),
    ]
  }
  if (fact.kind !== 'line' || entryById(world, fact.entryId) === undefined) return []
  return [
    ...music(world, fact.callId, env),
    then({ type: 'match.entry', entryId: fact.entryId }),
    then({ type: 'entry.announce', entryId: fact.entryId }),
  ]
}

function announced(world: World, recorded: Recorded, fact: Extract<Fact, { type: 'entry.announced' }>, env: Env): readonly Reaction[] {
  const call = callById(world, fact.callId)
  const entry = call.entry
  const leg = customerLeg(call)
  if (entry === null || leg === undefined || fact.what === 'nothing') return []
  const parts = words(world, call, fact.what, placeInLine(world, entry), env)
  return [effect({ type: 'prompt.play', playId: `${call.id}.${recorded.position}`, legs: [leg.id], language: call.language, parts })]
}

function words(world: World, call: Call.State, what: 'place' | 'offer' | 'openCallback', place: number, env: Env): PromptPart[] {
  if (what === 'offer') return [{ prompt: 'callback.offer' }]
  if (what === 'openCallback') return [{ prompt: 'callback.openAlready' }]
  const solution = env.solution(call.solution)
  const queue = call.entry === null ? undefined : solution.queues[call.entry.queueId]
  const waitMs = queue === undefined ? null : expectedWaitMs(world, solution, queue, place - 1, env.at)
  const wait: PromptPart[] =
    waitMs === null ? [] : [{ prompt: 'queue.wait' }, { count: Math.min(99, Math.max(1, Math.round(waitMs / 60_000))) }]
  return [{ prompt: 'queue.place' }, { count: Math.min(99, place) }, ...wait]
}

/** Effects that follow from an input without a fact: nothing happened that anybody will ask about. */
export function answerTo(world: World, input: Input, env: Env): readonly Effect[] {
  switch (input.type) {
    case 'leg.arrive':
      return world.callOfLeg.has(input.legId) ? [] : [{ type: 'leg.hangUp', legId: input.legId, why: 'overload' }]
    case 'prompt.finish': {
      const call = world.calls.get(input.playId.slice(0, input.playId.lastIndexOf('.')))
      const customer = call === undefined ? undefined : customerLeg(call)
      if (call?.playing === input.playId && call.handover !== null && customer !== undefined)
        return [musicOnHold(customer.id, env.solution(call.solution))]
      if (call?.playing !== input.playId || call.menu !== null || call.entry === null || call.entry.status === 'ordering') return []
      // Said into a conversation: who talks is not to wait with music again.
      if (hearing(call, 'main').length > 0) return []
      return music(world, call.id, env).flatMap((reaction) => ('effect' in reaction ? [reaction.effect] : []))
    }
    case 'campaign.pace':
      return drawn(world, input, env)
    case 'talk.digits':
      return partners(callById(world, input.callId), agentById(world, input.agentId).matter?.legId ?? '').map((leg) => ({
        type: 'digits.send',
        legId: leg.id,
        digits: input.digits,
      }))
    case 'offer.answer': {
      const leg = [...(world.calls.get(input.callId)?.legs.values() ?? [])].find(
        (other) => other.agentId === input.agentId && other.status !== 'answered' && other.status !== 'ended',
      )
      return leg === undefined ? [] : [{ type: 'leg.pickUp', legId: leg.id }]
    }
    default:
      return []
  }
}
