/**
 * Contacts who wait for an agent to call them: the card on the desk, its buttons and its time, and all that takes a contact out of the
 * queue before it is called. dialler.md 1, archive.md D1, D2, D7–D10
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import { legsUp } from '../call/call.ts'
import type * as Campaign from '../campaign/campaign.ts'
import * as Contact from '../campaign/contact.ts'
import { callsOf, isOnALine } from '../campaign/spoken.ts'
import type { By, DeletedReason, Fact } from '../facts.ts'
import type { Env, Input, PeopleInput } from '../inputs.ts'
import { type AgentId, type Decision, refuse } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import { calledBy } from './contacts.ts'
import { drop, facts, left } from './ending.ts'
import { agentById, campaignById, type World } from './world.ts'

export type Refusal = 'agent.loggedOff' | 'agent.unreachable' | 'agent.inCall' | 'card.gone' | 'contact.onALine' | 'switch.away'

export function show(world: World, call: Call.State, agentId: AgentId, env: Env): readonly Fact[] {
  if (call.contact === null) return []
  const { cardMs, autoCallMs } = campaignById(world, call.contact.campaignId).settings
  return facts(Contact.decide(call.contact, { type: 'show', agentId, cardMs, autoCallMs }, env.at))
}

const hide = (call: Call.State, why: Extract<Contact.Command, { type: 'hide' }>['why'], env: Env): readonly Fact[] =>
  call.contact === null ? [] : facts(Contact.decide(call.contact, { type: 'hide', why }, env.at))

/** It leaves the queue uncalled; a card of it goes first, so that whoever watches that desk is told. */
function takeOut(call: Call.State, by: By, why: DeletedReason, env: Env, user?: string): readonly Fact[] {
  if (call.entry === null) return []
  return [...hide(call, 'withdrawn', env), { ...left(call.entry, 'deleted'), by, why, ...(user === undefined ? {} : { user }) }]
}

/** The call whose card is on this agent's desk. */
function cardOf(world: World, agentId: AgentId, callId: string): Call.State | undefined {
  return agentById(world, agentId).card?.callId === callId ? world.calls.get(callId) : undefined
}

type Press = Extract<PeopleInput, { type: 'card.call' | 'card.reject' | 'card.cancel' }>

export function press(world: World, input: Press, env: Env): Decision<Fact, Refusal> {
  const agent = agentById(world, input.agentId)
  const call = cardOf(world, input.agentId, input.callId)
  if (input.type === 'card.cancel') return call === undefined ? cancelRinging(world, agent, input) : cancel(call, input, env)
  if (input.type === 'card.reject') return call === undefined ? refuse('card.gone') : decline(world, call, agent, 'rejected', env)
  if (agent.status === 'loggedOff') return refuse('agent.loggedOff')
  if (agent.status === 'unreachable') return refuse('agent.unreachable')
  if (agent.status === 'connecting' || agent.status === 'connected') return refuse('agent.inCall')
  if (call === undefined) return refuse('card.gone')
  if (input.barred != null) return takeOut(call, 'system', 'doNotCall', env)
  if (world.switchAway) return refuse('switch.away')
  return isOnALine(world, call) ? refuse('contact.onALine') : ring(call, agent.id, env)
}

const ring = (call: Call.State, agentId: AgentId, env: Env): readonly Fact[] =>
  call.entry === null ? [] : [calledBy(call, call.entry, agentId, env)]

/** Never called again: on the card, or while a phone rings for it. */
const cancel = (call: Call.State, input: Press, env: Env): readonly Fact[] => takeOut(call, 'agent', 'neverCallAgain', env, input.user)

/** After the contact's answer it is a hang-up. */
function cancelRinging(world: World, agent: Agent.State, input: Press): Decision<Fact, Refusal> {
  const matter = agent.matter
  const call = matter === null || matter.callId !== input.callId ? undefined : world.calls.get(matter.callId)
  const own = matter === null ? undefined : call?.legs.get(matter.legId)
  if (call?.contact == null || own === undefined) return refuse('card.gone')
  if (call.contact.status !== 'calling' || call.entry === null)
    return facts(Leg.decide(own, { type: 'end', outcome: 'rejected', by: 'party', cause: 16 }))
  return [
    { ...left(call.entry, 'deleted'), by: 'agent', why: 'neverCallAgain', ...(input.user === undefined ? {} : { user: input.user }) },
    ...legsUp(call)
      .toReversed()
      .flatMap((leg) => drop(leg)),
  ]
}

/** Rejected or left alone: the next agent's, and this one rests as after an offer. */
function decline(world: World, call: Call.State, agent: Agent.State, how: 'rejected' | 'noAnswer', env: Env): readonly Fact[] {
  const { restMs, offersMissedMax } = env.solution(world.solution)
  return [
    ...hide(call, how === 'rejected' ? 'rejected' : 'leftAlone', env),
    ...facts(Agent.decide(agent, { type: 'card.decline', how, restMs, missedMax: offersMissedMax }, env.at)),
  ]
}

export function timedOut(world: World, callId: string, env: Env): readonly Fact[] {
  const call = world.calls.get(callId)
  const card = call?.contact?.card
  if (call === undefined || card == null || env.at < card.until) return []
  return decline(world, call, agentById(world, card.agentId), 'noAnswer', env)
}

/** The card presses Call by itself. */
export function callsItself(world: World, { callId, barred }: Extract<Input, { type: 'card.callItself' }>, env: Env): readonly Fact[] {
  const call = world.calls.get(callId)
  const card = call?.contact?.card
  if (call !== undefined && card != null && barred != null) return takeOut(call, 'system', 'doNotCall', env)
  if (call === undefined || card == null || world.switchAway || isOnALine(world, call)) return []
  return agentById(world, card.agentId).status === 'ready' ? ring(call, card.agentId, env) : []
}

/** The agent with the card is in another matter now, or not there: it is for somebody else. */
export function withdraw(world: World, agentId: AgentId, env: Env): readonly Fact[] {
  const agent = agentById(world, agentId)
  const call = agent.card === null ? undefined : world.calls.get(agent.card.callId)
  if (call === undefined || agent.status === 'ready') return []
  return hide(call, agent.matter === null ? 'agentGone' : 'withdrawn', env)
}

const isUncalled = (call: Call.State): boolean => call.contact?.status === 'waiting' || call.contact?.status === 'shown'

/** The campaign stands still: those waiting leave, calls in the air finish. */
export const clearOut = (world: World, campaign: Campaign.State, env: Env): readonly Fact[] =>
  callsOf(world, campaign)
    .filter(isUncalled)
    .flatMap((call) => takeOut(call, 'campaign', 'stopped', env))

export function hoursEnd(world: World, callId: string, env: Env): readonly Fact[] {
  const call = world.calls.get(callId)
  const until = call?.contact?.until ?? null
  return call === undefined || until === null || env.at < until ? [] : notToBeCalled(call, 'outsideHours', env)
}

/** One agent had it for himself long enough. */
export const release = (call: Call.State | undefined, env: Env): readonly Fact[] =>
  call?.contact == null ? [] : facts(Contact.decide(call.contact, { type: 'release' }, env.at))

/** On a do-not-call list meanwhile. */
export const bar = (call: Call.State | undefined, env: Env): readonly Fact[] =>
  call === undefined ? [] : notToBeCalled(call, 'doNotCall', env)

/** Waiting, or with an agent's own phone ringing for it: it leaves. Who is being rung, or was, is left to that. */
function notToBeCalled(call: Call.State, why: DeletedReason, env: Env): readonly Fact[] {
  if (isUncalled(call)) return takeOut(call, 'system', why, env)
  if (call.contact?.status !== 'calling' || call.contact.placed) return []
  return [...takeOut(call, 'system', why, env), ...legsUp(call).flatMap((leg) => drop(leg))]
}

/** A supervisor takes out whoever waits to be called; whom an agent calls just now, or who is dialled, is left to that. */
export const takenOutBy = (call: Call.State, by: By, why: DeletedReason, env: Env, user?: string): readonly Fact[] | null =>
  isUncalled(call) ? takeOut(call, by, why, env, user) : null
