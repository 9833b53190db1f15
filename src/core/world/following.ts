/**
 * What follows from the facts of campaigns, of their contacts, and of agents and lines as far as campaigns are concerned. Nothing where
 * there is no campaign.
 */
import type * as Campaign from '../campaign/campaign.ts'
import { agentsWithOwn } from '../campaign/choosing.ts'
import { callsOf, isInAir, takesPart } from '../campaign/spoken.ts'
import type { Fact } from '../facts.ts'
import type { Consequence, Env } from '../inputs.ts'
import type { CampaignId, PersonId } from '../kernel/kernel.ts'
import { agentById, callById, campaignOf, type World } from './world.ts'

export function following(world: World, fact: Fact, env: Env): readonly Consequence[] {
  if (world.campaigns.size === 0) return []
  switch (fact.type) {
    case 'contact.dealt':
    case 'contact.released':
    case 'card.gone':
      return [{ type: 'match.entry', entryId: fact.entryId }]
    case 'contact.answered': {
      const { contact } = callById(world, fact.callId)
      if (contact === null) return []
      return [
        { type: 'match.entry', entryId: contact.entryId },
        { type: 'campaign.judge', campaignId: contact.campaignId },
      ]
    }
    case 'contact.silent':
      return judged(world, fact.callId)
    case 'entry.left':
      return outOfAir(world, fact, env)
    case 'campaign.written':
      return [{ type: 'campaign.judge', campaignId: fact.campaignId }, ...matchReady(world)]
    case 'campaign.paused':
    case 'campaign.stopped':
    case 'campaign.finished':
    case 'campaign.ranDry':
      // Its agents are others' now: contacts of theirs may wait for them.
      return [{ type: 'campaign.yield', campaignId: fact.campaignId }, ...matchReady(world)]
    case 'day.turned':
      return [...world.campaigns.keys()].map((campaignId) => ({ type: 'campaign.judge', campaignId }))
    case 'doNotCall.listed':
      return barred(world, fact.personId, fact.campaignId)
    case 'leg.requested':
    case 'agent.paused':
    case 'agent.loggedOff':
    case 'agent.unreachable':
    case 'agent.rested':
      return fact.agentId === undefined || agentById(world, fact.agentId).card === null
        ? []
        : [{ type: 'card.withdraw', agentId: fact.agentId }]
    case 'agent.wished':
      return fact.wish === null ? [{ type: 'match.agent', agentId: fact.agentId }] : []
    case 'agent.wrapUpEnded':
      return [{ type: 'call.tidy', callId: fact.callId }]
    case 'leg.ended': {
      const personId = world.calls.get(fact.callId)?.legs.get(fact.legId)?.personId
      return personId == null ? [] : freed(world, personId)
    }
    default:
      return []
  }
}

function judged(world: World, callId: string): readonly Consequence[] {
  const campaign = campaignOf(world, world.calls.get(callId))
  return campaign === undefined ? [] : [{ type: 'campaign.judge', campaignId: campaign.id }]
}

/** A call is in the air no more: whoever waited for that, and agents it no longer counts on. */
function outOfAir(world: World, fact: Extract<Fact, { type: 'entry.left' }>, env: Env): readonly Consequence[] {
  const call = world.calls.get(fact.callId)
  const campaign = campaignOf(world, call)
  if (campaign === undefined || call?.contact?.entryId !== fact.entryId || isInAir(call)) return []
  const solution = env.solution(world.solution)
  const waited = isWaitedFor(world, campaign)
  const having = agentsWithOwn(world)
  const ready = [...world.agents.values()].filter(
    ({ id, status, wish }) => status === 'ready' && (waited || wish !== null || having.has(id)) && takesPart(solution, campaign, id),
  )
  return [
    ...(fact.reason === 'answered' ? judged(world, fact.callId) : []),
    ...ready.flatMap(({ id, wish }): readonly Consequence[] =>
      wish === null ? [{ type: 'match.agent', agentId: id }] : [{ type: 'wish.settle', agentId: id }],
    ),
  ]
}

/** Somebody waits whom an agent may get now: contacts of a campaign, or callers who were kept from its agents. */
const isWaitedFor = (world: World, { settings }: Campaign.State): boolean =>
  [...world.campaigns.keys()].some((id) => (world.queues.get(id)?.line.length ?? 0) > 0) ||
  (settings.whenAllSpokenFor === 'dialler' && [...world.queues.values()].some(({ line }) => line.length > 0))

const matchReady = (world: World): readonly Consequence[] =>
  [...world.agents.values()].flatMap(({ status, id }) => (status === 'ready' ? [{ type: 'match.agent', agentId: id } as const] : []))

/** Those who wait to be called, or are about to be, at a number that may not be called any more. */
const barred = (world: World, personId: PersonId, campaignId: CampaignId | null): readonly Consequence[] =>
  [...world.campaigns.values()]
    .filter(({ id }) => campaignId === null || id === campaignId)
    .flatMap((campaign) => callsOf(world, campaign))
    .filter((call) => call.customer === personId)
    .map((call) => ({ type: 'contact.bar', callId: call.id }))

/** A line with somebody is gone: contacts of that number may be called again. */
const freed = (world: World, personId: PersonId): readonly Consequence[] =>
  [...world.campaigns.values()]
    .flatMap((campaign) => callsOf(world, campaign))
    .flatMap(({ customer, contact }) =>
      customer === personId && contact?.status === 'waiting' ? [{ type: 'match.entry', entryId: contact.entryId } as const] : [],
    )
