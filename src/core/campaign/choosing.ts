/**
 * Which agent a contact gets, and which contact an agent.
 */
import type * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import type { AgentId, Ms } from '../kernel/kernel.ts'
import { entryFor } from '../queue/matching.ts'
import type { Solution } from '../solution/solution.ts'
import { agentById, callByEntry, type World } from '../world/world.ts'
import type * as Campaign from './campaign.ts'
import { countAgents } from './counting.ts'
import { isOnALine, readyAgents, spokenFor, takesPart } from './spoken.ts'

/** The longest ready of those the campaign counts on for a contact who answered; or one it has beside them. */
export function agentForAnswered(world: World, solution: Solution, campaign: Campaign.State): AgentId | null {
  const spoken = spokenFor(world, solution)
  const own = readyAgents(world).find((agent) => spoken.get(agent.id) === campaign.id)
  return (own ?? countAgents(world, solution).get(campaign.id)?.idle[0])?.id ?? null
}

/** The contact who has waited longest for an agent of the campaigns this one takes part in, and for whom there is time left. */
export function answeredFor(world: World, solution: Solution, agentId: AgentId, at: Ms): Call.State | null {
  const { wish } = agentById(world, agentId)
  let best: Call.State | null = null
  for (const campaign of world.campaigns.values()) {
    if (!takesPart(solution, campaign, agentId) || (wish !== null && wish.campaignId !== campaign.id)) continue
    for (const call of waitingIn(world, campaign)) {
      if (call.contact?.status !== 'answered' || at >= (call.contact.silentAt ?? 0)) continue
      if (best === null || (call.contact.answeredAt ?? 0) < (best.contact?.answeredAt ?? 0)) best = call
    }
  }
  return best
}

/** Those of its queue who may be matched with an agent, in line. */
const waitingIn = (world: World, campaign: Campaign.State): Call.State[] =>
  (world.queues.get(campaign.id)?.line ?? []).flatMap((entryId) => callByEntry(world, entryId) ?? [])

/** The agents for whom a contact waits who is to be called by nobody else. */
export function agentsWithOwn(world: World): ReadonlySet<AgentId> {
  const agents = new Set<AgentId>()
  for (const campaign of world.campaigns.values())
    for (const { contact } of waitingIn(world, campaign))
      if (contact?.status === 'waiting' && contact.forAgent !== null) agents.add(contact.forAgent)
  return agents
}

/** May this card be shown to this agent? */
const suits = (world: World, call: Call.State, agentId: AgentId): boolean =>
  call.contact?.status === 'waiting' && (call.contact.forAgent ?? agentId) === agentId && !isOnALine(world, call)

/**
 * The agents a campaign may show a card to: counted in it, idle, and no call in the air counts on them. Longest ready first. One who has
 * become ready this instant is there for a card first, or where more are dialled than agents are ready no card would ever be shown.
 */
function freeFor(world: World, solution: Solution, campaign: Campaign.State, at: Ms): readonly Agent.State[] {
  const spoken = spokenFor(world, solution)
  const idle = countAgents(world, solution).get(campaign.id)?.idle ?? []
  return idle.filter(({ id, since }) => !spoken.has(id) || since === at)
}

/**
 * Is this agent there for a contact who is to be called by nobody else? Whichever campaign counts him: it is enough that he takes part in
 * the contact's. As for other cards, no call in the air counts on him, and nobody waits for him on the line.
 */
function isFreeForOwn(world: World, solution: Solution, campaign: Campaign.State, agentId: AgentId, at: Ms): boolean {
  const agent = agentById(world, agentId)
  if (agent.status !== 'ready' || agent.card !== null || agent.wish !== null || !takesPart(solution, campaign, agentId)) return false
  return (agent.since === at || !spokenFor(world, solution).has(agentId)) && entryFor(world, solution, agentId, at) === null
}

export function agentForCard(world: World, solution: Solution, campaign: Campaign.State, call: Call.State, at: Ms): AgentId | null {
  const own = call.contact?.forAgent ?? null
  if (own !== null) return suits(world, call, own) && isFreeForOwn(world, solution, campaign, own, at) ? own : null
  return freeFor(world, solution, campaign, at).find(({ id }) => suits(world, call, id))?.id ?? null
}

/** The contact whose card an agent with nothing else to do is shown: first of all one who is to be called by nobody else. */
export function cardFor(world: World, solution: Solution, agentId: AgentId, at: Ms): Call.State | null {
  for (const campaign of world.campaigns.values()) {
    if (campaign.status !== 'running') continue
    const own = waitingIn(world, campaign).find((call) => call.contact?.forAgent === agentId && suits(world, call, agentId))
    if (own !== undefined && isFreeForOwn(world, solution, campaign, agentId, at)) return own
  }
  for (const campaign of world.campaigns.values()) {
    if (campaign.status !== 'running') continue
    const call = waitingIn(world, campaign).find((one) => suits(world, one, agentId))
    if (call !== undefined && freeFor(world, solution, campaign, at).some(({ id }) => id === agentId)) return call
  }
  return null
}
