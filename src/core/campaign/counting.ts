/**
 * In which campaign's snapshot each agent is counted: in one at a time. dialler.md 1
 *
 * A ready agent for whom an entry waits is in none; one a call in the air counts on stays with that campaign; else the running campaigns
 * that can use him have him by priority and, equal, in turn. A busy one is with the campaign whose call it is, in its wrap-up too; on
 * other calls with none. Who is promised to another campaign is still in this one's, where no new call counts on him.
 * Who is not there just now (paused, resting, about to pause, looking at a card) is counted as paused where he would be ready.
 */
import type * as Agent from '../agent/agent.ts'
import type { AgentId, CampaignId } from '../kernel/kernel.ts'
import { entryFor } from '../queue/matching.ts'
import type { Solution } from '../solution/solution.ts'
import { agentById, type World } from '../world/world.ts'
import type * as Campaign from './campaign.ts'
import { byPriority, campaignOfBusy, crewOf, perFact, readyAgents, spokenFor, takesPart } from './spoken.ts'
import { type Want, wantOf } from './wanting.ts'

export interface Counted {
  readonly idle: Agent.State[]
  readonly paused: Agent.State[]
  /** In a call of the campaign, or being rung for one. */
  readonly talking: Agent.State[]
  readonly wrapping: Agent.State[]
  /** In a call or wrap-up of the campaign, or with its calls in the air, and promised to another. */
  readonly leaving: Agent.State[]
}

export const countAgents = perFact((world, solution): ReadonlyMap<CampaignId, Counted> => {
  const counted = new Map<CampaignId, Counted>()
  for (const id of world.campaigns.keys()) counted.set(id, { idle: [], paused: [], talking: [], wrapping: [], leaving: [] })
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
    else if (!waits(agent)) counted.get(campaignId)?.[agent.promise?.from === campaignId ? 'leaving' : 'idle'].push(agent)
  }
  const turns = new Turns(solution, running, counted, world)
  for (const agent of free) {
    if (waits(agent)) continue
    const where = turns.of(agent)
    if (where !== null) counted.get(where)?.idle.push(agent)
  }
  countAway(world, solution, running, counted)
  return counted
})

function countBusy(world: World, counted: ReadonlyMap<CampaignId, Counted>): void {
  for (const agent of world.agents.values()) {
    const campaignId = campaignOfBusy(world, agent)
    const among = campaignId === null ? undefined : counted.get(campaignId)
    if (among === undefined) continue
    if (isLeaving(world, agent, campaignId)) among.leaving.push(agent)
    else if (agent.status === 'wrapUp') among.wrapping.push(agent)
    else if (agent.status === 'connecting' || agent.status === 'connected') among.talking.push(agent)
  }
}

/** In a call that was in the air when he was promised away; one of a later call has not gone, for nobody took him. */
function isLeaving(world: World, { promise, matter, wrapUpOf }: Agent.State, campaignId: CampaignId | null): boolean {
  const call = world.calls.get(matter?.callId ?? wrapUpOf ?? '')
  return promise !== null && promise.from === campaignId && call !== undefined && call.startedAt <= promise.at
}

/** Not there just now: with the campaign of the card or of the wish, else where he would be counted if he were ready. */
function countAway(world: World, solution: Solution, running: readonly Campaign.State[], counted: ReadonlyMap<CampaignId, Counted>): void {
  for (const agent of world.agents.values()) {
    if (!isAway(agent)) continue
    const own = agent.card === null ? agent.wish?.campaignId : world.calls.get(agent.card.callId)?.contact?.campaignId
    const able = running.filter((campaign) => takesPart(solution, campaign, agent.id))
    const where = own ?? nextOf(able, (id) => counted.get(id)?.paused.length ?? 0)
    if (where !== null) counted.get(where)?.paused.push(agent)
  }
}

/** Those at work for a campaign count too: else one agent free at a time would always be the first campaign's. */
export const thereFor = (counted: Counted | undefined): number =>
  counted === undefined ? 0 : counted.idle.length + counted.talking.length + counted.wrapping.length

const AWAY: readonly Agent.Status[] = ['paused', 'rejected', 'noAnswer', 'unreachable']
const isAway = (agent: Agent.State): boolean =>
  AWAY.includes(agent.status) || (agent.status === 'ready' && (agent.wish !== null || agent.card !== null))

/** Who is next for an agent nobody counts on. */
class Turns {
  readonly #solution: Solution
  /** In order of priority. */
  readonly #running: readonly Campaign.State[]
  readonly #counted: ReadonlyMap<CampaignId, Counted>
  readonly #left: ReadonlyMap<CampaignId, Want & { any: number }>

  constructor(solution: Solution, running: readonly Campaign.State[], counted: ReadonlyMap<CampaignId, Counted>, world: World) {
    this.#solution = solution
    this.#running = running
    this.#counted = counted
    this.#left = new Map(running.length < 2 ? [] : running.map((campaign) => [campaign.id, { ...wantOf(world, campaign) }]))
  }

  /** Of those that can use him; where nobody can, of all, so that whoever can next has him at once. */
  of(agent: Agent.State): CampaignId | null {
    const able = this.#running.filter((campaign) => takesPart(this.#solution, campaign, agent.id))
    if (able.length < 2) return able[0]?.id ?? null
    const taker = this.#next(able.filter(({ id }) => this.#canUse(id, agent.id)))
    if (taker === null) return this.#next(able)
    const left = this.#left.get(taker)
    if (left !== undefined && left.any > 0) left.any -= 1
    return taker
  }

  #canUse(id: CampaignId, agentId: AgentId): boolean {
    const { any = 0, named = [] } = this.#left.get(id) ?? {}
    return any > 0 || named.includes(agentId)
  }

  #next(able: readonly Campaign.State[]): CampaignId | null {
    return nextOf(able, (id) => thereFor(this.#counted.get(id)))
  }
}

/** The campaign of highest priority; among equals the one that has fewest so far, and of those the one whose turn is longest ago. */
function nextOf(able: readonly Campaign.State[], has: (id: CampaignId) => number): CampaignId | null {
  let best: Campaign.State | null = null
  for (const campaign of able) {
    if (best === null) best = campaign
    if (campaign.settings.priority < best.settings.priority) break
    const fewer = has(campaign.id) - has(best.id)
    if (fewer < 0 || (fewer === 0 && campaign.turn < best.turn)) best = campaign
  }
  return best?.id ?? null
}

/** Agents of a campaign who are logged on. */
export function loggedOn(world: World, solution: Solution, campaign: Campaign.State): number {
  let count = 0
  for (const agentId of crewOf(solution, campaign.settings)) if (agentById(world, agentId).status !== 'loggedOff') count += 1
  return count
}
