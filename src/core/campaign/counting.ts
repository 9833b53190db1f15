/**
 * In which campaign's snapshot each agent is counted: in one at a time. dialler.md 1
 *
 * A ready agent for whom an entry waits is in none; one a call in the air counts on stays with that campaign; else the running campaigns
 * have them by priority and, equal, in turn. A busy one is with the campaign whose call it is, in its wrap-up too; on other calls with none.
 * Who is not there just now (paused, resting, about to pause, looking at a card) is counted as paused where he would be ready.
 */
import type * as Agent from '../agent/agent.ts'
import type { CampaignId } from '../kernel/kernel.ts'
import { entryFor } from '../queue/matching.ts'
import type { Solution } from '../solution/solution.ts'
import { agentById, type World } from '../world/world.ts'
import type * as Campaign from './campaign.ts'
import { byPriority, crewOf, perFact, readyAgents, spokenFor, takesPart } from './spoken.ts'

export interface Counted {
  readonly idle: Agent.State[]
  readonly paused: Agent.State[]
  /** In a call of the campaign, or being rung for one. */
  readonly talking: Agent.State[]
  readonly wrapping: Agent.State[]
}

export const countAgents = perFact((world, solution): ReadonlyMap<CampaignId, Counted> => {
  const counted = new Map<CampaignId, Counted>()
  for (const id of world.campaigns.keys()) counted.set(id, { idle: [], paused: [], talking: [], wrapping: [] })
  const order = byPriority(world)
  const running = order.filter(({ status }) => status === 'running')
  countBusy(world, counted)
  const spoken = spokenFor(world, solution)
  const waits = (agent: Agent.State): boolean => entryFor(world, solution, agent.id, world.at) !== null
  const free: Agent.State[] = []
  for (const agent of readyAgents(world)) {
    const campaignId = spoken.get(agent.id)
    if (agent.wish !== null) continue
    if (campaignId === undefined) free.push(agent)
    else if (!waits(agent)) counted.get(campaignId)?.idle.push(agent)
  }
  for (const agent of free) {
    const where = inTurn(solution, running, agent, (id) => thereFor(counted.get(id)))
    if (where !== null && !waits(agent)) counted.get(where)?.idle.push(agent)
  }
  countAway(world, solution, running, counted)
  return counted
})

function countBusy(world: World, counted: ReadonlyMap<CampaignId, Counted>): void {
  for (const agent of world.agents.values()) {
    const callId = agent.matter?.callId ?? agent.wrapUpOf
    const contact = callId === null ? null : world.calls.get(callId)?.contact
    if (contact == null) continue
    const among = counted.get(contact.campaignId)
    if (agent.status === 'wrapUp') among?.wrapping.push(agent)
    else if (agent.status === 'connecting' || agent.status === 'connected') among?.talking.push(agent)
  }
}

/** Not there just now: with the campaign of the card or of the wish, else where he would be counted if he were ready. */
function countAway(world: World, solution: Solution, running: readonly Campaign.State[], counted: ReadonlyMap<CampaignId, Counted>): void {
  for (const agent of world.agents.values()) {
    if (!isAway(agent)) continue
    const own = agent.card === null ? agent.wish?.campaignId : world.calls.get(agent.card.callId)?.contact?.campaignId
    const where = own ?? inTurn(solution, running, agent, (id) => counted.get(id)?.paused.length ?? 0)
    if (where !== null) counted.get(where)?.paused.push(agent)
  }
}

/** Those at work for a campaign count too: else one agent free at a time would always be the first campaign's. */
const thereFor = (counted: Counted | undefined): number =>
  counted === undefined ? 0 : counted.idle.length + counted.talking.length + counted.wrapping.length

const AWAY: readonly Agent.Status[] = ['paused', 'rejected', 'noAnswer', 'unreachable']
const isAway = (agent: Agent.State): boolean =>
  AWAY.includes(agent.status) || (agent.status === 'ready' && (agent.wish !== null || agent.card !== null))

/** The running campaign of highest priority; among equals the one that has fewest so far. `running`: in order. */
function inTurn(
  solution: Solution,
  running: readonly Campaign.State[],
  agent: Agent.State,
  has: (id: CampaignId) => number,
): CampaignId | null {
  let best: Campaign.State | null = null
  for (const campaign of running) {
    if (!takesPart(solution, campaign, agent.id)) continue
    if (best === null) best = campaign
    else if (campaign.settings.priority === best.settings.priority && has(campaign.id) < has(best.id)) best = campaign
  }
  return best?.id ?? null
}

/** Agents of a campaign who are logged on. */
export function loggedOn(world: World, solution: Solution, campaign: Campaign.State): number {
  let count = 0
  for (const agentId of crewOf(solution, campaign.settings)) if (agentById(world, agentId).status !== 'loggedOff') count += 1
  return count
}
