/**
 * Campaigns among the inputs: what people may ask of one and of its contacts and when the rules say no; and what the pacing, the draw
 * and the timers say.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import * as Campaign from '../campaign/campaign.ts'
import { agentForAnswered, agentForCard, answeredFor, cardFor } from '../campaign/choosing.ts'
import * as Contact from '../campaign/contact.ts'
import { countAgents } from '../campaign/counting.ts'
import { takenBack } from '../campaign/promising.ts'
import { callsOf, isInAir, spokenFor } from '../campaign/spoken.ts'
import type { Fact } from '../facts.ts'
import type { Barred, Consequence, Env, Input, PeopleInput } from '../inputs.ts'
import { type AgentId, type CampaignId, type Decision, isRefused, refuse } from '../kernel/kernel.ts'
import { leastMs, OUTBOUND_QUEUE } from '../solution/solution.ts'
import type * as Cards from './cards.ts'
import { bar, callsItself, clearOut, hoursEnd, press, release, show, takenOutBy, timedOut, withdraw } from './cards.ts'
import { silence } from './contacts.ts'
import { deal, pace } from './dialling.ts'
import { facts } from './ending.ts'
import { agentById, campaignById, campaignOf, type World } from './world.ts'

export type Refusal =
  | Campaign.Refusal
  | Contact.Refusal
  | Cards.Refusal
  | 'agent.unknown'
  | 'call.notYours'
  | 'campaign.idTaken'
  | 'contact.topics'
  | 'number.invalid'

export type CampaignInput = Extract<
  PeopleInput,
  {
    type:
      | 'campaign.write'
      | 'campaign.start'
      | 'campaign.pause'
      | 'campaign.stop'
      | 'campaign.schedule'
      | 'campaign.remove'
      | 'card.call'
      | 'card.reject'
      | 'card.cancel'
      | 'contact.reschedule'
      | 'contact.markUnanswered'
      | 'contact.setTopics'
      | 'doNotCall.add'
      | 'doNotCall.remove'
  }
>

export function askOfCampaigns(world: World, input: CampaignInput, env: Env): Decision<Fact, Refusal> {
  switch (input.type) {
    case 'card.call':
    case 'card.reject':
    case 'card.cancel':
      return press(world, input, env)
    case 'contact.reschedule':
    case 'contact.markUnanswered':
    case 'contact.setTopics':
      return say(world, input, env)
    case 'doNotCall.add':
    case 'doNotCall.remove':
      return list(world, input)
    default:
      return askOfCampaign(world, input, env)
  }
}

const VERBS = {
  'campaign.start': 'start',
  'campaign.pause': 'pause',
  'campaign.stop': 'stop',
  'campaign.schedule': 'schedule',
  'campaign.remove': 'remove',
} as const

function askOfCampaign(
  world: World,
  input: Extract<CampaignInput, { type: 'campaign.write' | keyof typeof VERBS }>,
  env: Env,
): Decision<Fact, Refusal> {
  const { campaignId } = input
  const campaign = world.campaigns.get(campaignId) ?? null
  const by = input.user === undefined ? {} : { by: input.user }
  if (input.type === 'campaign.write') {
    const solution = env.solution(world.solution)
    const taken = campaignId === OUTBOUND_QUEUE || solution.queues[campaignId] !== undefined || world.queues.has(campaignId)
    if (campaign === null && taken) return refuse('campaign.idTaken', 'campaignId')
    const { settings, over } = input
    const write = { type: 'write', settings, ...(over !== undefined && { over }), by } as const
    const written = Campaign.decide(campaign, campaignId, write, env.at)
    if (isRefused(written) || campaign?.pacingFailed !== true) return written
    return [...written, { type: 'alarm.cleared', alarm: 'pacing', about: campaignId }]
  }
  const decided = Campaign.decide(campaign, campaignId, { type: VERBS[input.type], by }, env.at)
  if (isRefused(decided) || campaign === null) return decided
  if (input.type === 'campaign.remove' && campaign.pacingFailed)
    return [...decided, { type: 'alarm.cleared', alarm: 'pacing', about: campaignId }]
  return input.type === 'campaign.pause' || input.type === 'campaign.stop' ? [...decided, ...clearOut(world, campaign, env)] : decided
}

type Say = Extract<CampaignInput, { type: 'contact.reschedule' | 'contact.markUnanswered' | 'contact.setTopics' }>

/** What an agent says of a contact: with its card, in the conversation, or in the wrap-up after it. */
function say(world: World, input: Say, env: Env): Decision<Fact, Refusal> {
  const { agentId, callId } = input
  const call = world.calls.get(callId)
  const agent = agentById(world, agentId)
  const own = agent.card?.callId === callId || agent.matter?.callId === callId || agent.wrapUpOf === callId
  if (call?.contact == null || !own) return refuse('call.notYours')
  if (input.type === 'contact.markUnanswered') return Contact.decide(call.contact, { type: 'mark', agentId }, env.at)
  if (input.type === 'contact.setTopics') {
    const { topics } = campaignById(world, call.contact.campaignId).settings
    if (input.topics.some((topic) => !topics.includes(topic))) return refuse('contact.topics', 'topics')
    return Contact.decide(call.contact, { type: 'setTopics', agentId, topics: input.topics }, env.at)
  }
  const { forAgent } = input
  if (forAgent !== null && env.solution(world.solution).agents[forAgent] === undefined) return refuse('agent.unknown', 'forAgent')
  const keptMs = leastMs(env.solution(world.solution).retention.callsMonths)
  const asked = Contact.decide(call.contact, { ...input, type: 'reschedule', keptMs }, env.at)
  if (isRefused(asked)) return asked
  return [...asked, ...(takenOutBy(call, 'agent', 'cancelled', env, input.user) ?? [])]
}

function list(world: World, input: Extract<CampaignInput, { type: 'doNotCall.add' | 'doNotCall.remove' }>): Decision<Fact, Refusal> {
  const { person, campaignId } = input
  const user = input.user === undefined ? {} : { user: input.user }
  if (person === '') return refuse('number.invalid', 'number')
  if (campaignId !== null && !world.campaigns.has(campaignId)) return refuse('campaign.unknown', 'campaignId')
  if (input.type === 'doNotCall.remove') return [{ type: 'doNotCall.lifted', personId: person, campaignId, ...user }]
  const note = input.noteId === undefined ? {} : { noteId: input.noteId }
  return [{ type: 'doNotCall.listed', personId: person, campaignId, source: input.source, until: input.until, ...note, ...user }]
}

export type DiallingInput = Extract<
  Input | Consequence,
  {
    type:
      | 'campaign.pace'
      | 'campaign.mistrust'
      | 'campaign.exhaust'
      | 'campaign.due'
      | 'campaign.judge'
      | 'campaign.drew'
      | 'campaign.yield'
      | 'contacts.deal'
      | 'contacts.bar'
      | 'contact.silence'
      | 'contact.hoursEnd'
      | 'contact.release'
      | 'contact.bar'
      | 'card.timeOut'
      | 'card.callItself'
      | 'card.withdraw'
      | 'wish.timeOut'
      | 'wish.settle'
  }
>

export function ofDialling(world: World, input: DiallingInput, env: Env): readonly Fact[] {
  switch (input.type) {
    case 'campaign.pace':
      return pace(world, input, env)
    case 'campaign.mistrust': {
      const failed = ofCampaign(world, input.campaignId, { type: 'mistrust' }, env)
      const alarm = { type: 'alarm.raised', alarm: 'pacing', about: input.campaignId, detail: input.detail } as const
      return failed.length === 0 ? [] : [...failed, alarm]
    }
    case 'campaign.exhaust':
      return ofCampaign(world, input.campaignId, { type: 'exhaust' }, env)
    case 'campaign.due':
      return ofCampaign(world, input.campaignId, { type: 'due' }, env)
    case 'campaign.judge':
      return ofCampaign(world, input.campaignId, { type: 'judge' }, env)
    case 'contacts.bar':
      return world.campaigns.has(input.campaignId) ? input.numbers.map((one) => barredOf(input.campaignId, one)) : []
    case 'campaign.drew':
      return ofCampaign(world, input.campaignId, { type: 'drew', dry: input.dry }, env)
    case 'campaign.yield':
      return takenBack(world, input.campaignId)
    case 'contacts.deal':
      return deal(world, input, env)
    case 'contact.silence':
      return silence(world, world.calls.get(input.callId), env)
    case 'contact.hoursEnd':
      return hoursEnd(world, input.callId, env)
    case 'contact.release':
      return release(world.calls.get(input.callId), env)
    case 'contact.bar':
      return bar(world.calls.get(input.callId), env)
    case 'card.timeOut':
      return timedOut(world, input.callId, env)
    case 'card.callItself':
      return callsItself(world, input, env)
    case 'card.withdraw':
      return withdraw(world, input.agentId, env)
    case 'wish.timeOut':
    case 'wish.settle':
      return settleWish(world, input.agentId, env)
  }
}

const barredOf = (campaignId: CampaignId, { contactId, number, why }: Barred): Fact => ({
  type: 'campaign.numberBarred',
  campaignId,
  contactId,
  number,
  why,
})

const ofCampaign = (world: World, id: CampaignId, command: Campaign.Command, env: Env): readonly Fact[] => {
  const campaign = world.campaigns.get(id)
  return campaign === undefined ? [] : facts(Campaign.decide(campaign, id, command, env.at))
}

/** A contact in line, and the agents there. */
export function matchContact(world: World, call: Call.State, env: Env, offer: (agentId: AgentId) => readonly Fact[]): readonly Fact[] {
  const campaign = campaignOf(world, call)
  if (campaign === undefined || call.contact === null) return []
  const solution = env.solution(world.solution)
  if (call.contact.status === 'answered') {
    if (env.at >= (call.contact.silentAt ?? 0)) return []
    const agentId = agentForAnswered(world, solution, campaign)
    return agentId === null ? [] : offer(agentId)
  }
  const agentId = campaign.status === 'running' ? agentForCard(world, solution, campaign, call, env.at) : null
  return agentId === null ? [] : show(world, call, agentId, env)
}

/** The contact who answered and waits for an agent like this one: before all who wait elsewhere. */
export const answeredContact = (world: World, agentId: AgentId, env: Env): Call.State | null =>
  world.campaigns.size === 0 ? null : answeredFor(world, env.solution(world.solution), agentId, env.at)

/** A card for an agent with nothing else to do. */
export function matchCard(world: World, agentId: AgentId, env: Env): readonly Fact[] {
  const agent = agentById(world, agentId)
  if (world.campaigns.size === 0 || agent.card !== null || agent.wish !== null) return []
  const call = cardFor(world, env.solution(world.solution), agentId, env.at)
  return call === null ? [] : show(world, call, agentId, env)
}

/** The campaign that has calls in the air and counts on this ready agent. */
function countingOn(world: World, agentId: AgentId, env: Env): Campaign.State | null {
  if (world.campaigns.size === 0) return null
  const solution = env.solution(world.solution)
  const counted = (): CampaignId | undefined =>
    [...countAgents(world, solution)].find(([, { idle }]) => idle.some(({ id }) => id === agentId))?.[0]
  const campaign = world.campaigns.get(spokenFor(world, solution).get(agentId) ?? counted() ?? '')
  return campaign !== undefined && callsOf(world, campaign).some(isInAir) ? campaign : null
}

/**
 * A pause or log-off of a ready agent on whom a campaign counts while calls are in the air: no new call counts on him from now on, and it
 * takes effect when those are settled. null: nobody counts on him, or it is asked for the second time; then it takes effect at once.
 */
export function wishOf(
  world: World,
  input: Extract<PeopleInput, { type: 'agent.pause' | 'agent.logOff' }>,
  env: Env,
): Decision<Fact, Agent.Refusal> | null {
  const agent = agentById(world, input.agentId)
  if (agent.status !== 'ready' || agent.wish !== null || agent.card !== null || input.by === 'system') return null
  const campaign = countingOn(world, agent.id, env)
  if (campaign === null) return null
  const { ringMs, silentAfterMs } = campaign.settings
  return Agent.decide(
    agent,
    {
      type: 'wish',
      state: input.type === 'agent.pause' ? 'paused' : 'loggedOff',
      ...(input.type === 'agent.pause' ? { reason: input.reason } : {}),
      by: input.by,
      ...(input.user === undefined ? {} : { user: input.user }),
      effectAt: env.at + ringMs + silentAfterMs,
      campaignId: campaign.id,
    },
    env.at,
  )
}

/** Whether a wish takes effect now: the time is over, or none of the calls is in the air any more that were so when it was made. */
function settleWish(world: World, agentId: AgentId, env: Env): readonly Fact[] {
  const agent = agentById(world, agentId)
  const { wish } = agent
  if (agent.status !== 'ready' || wish === null || wish.effectAt === null) return []
  const campaign = world.campaigns.get(wish.campaignId ?? '')
  const left = campaign === undefined ? [] : callsOf(world, campaign).filter((call) => isInAir(call) && call.startedAt <= wish.at)
  return env.at >= wish.effectAt || left.length === 0 ? facts(Agent.decide(agent, { type: 'wish.settle' }, env.at)) : []
}
