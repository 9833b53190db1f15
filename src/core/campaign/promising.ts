/**
 * Agents of a campaign that dials on busy ones are spoken for again whenever they become ready: they would never get to another campaign,
 * though it comes first or it is its turn. So they are promised to it: no new call counts on them, and they go there when the calls are
 * settled that were in the air. dialler.md 1
 *
 * Which of its agents, is settled whenever its pacing asks for calls: for nothing else are they counted on.
 */
import type * as Agent from '../agent/agent.ts'
import type { AgentFact } from '../facts.ts'
import type { CampaignId } from '../kernel/kernel.ts'
import type { Solution } from '../solution/solution.ts'
import type { World } from '../world/world.ts'
import * as Campaign from './campaign.ts'
import { type Counted, countAgents, thereFor } from './counting.ts'
import { spokenFor, takesPart } from './spoken.ts'
import { wantOf } from './wanting.ts'

type Fact = Extract<AgentFact, { type: 'agent.promised' }>

const promised = (agent: Agent.State, from: CampaignId, to: CampaignId | null): Fact => ({
  type: 'agent.promised',
  agentId: agent.id,
  from,
  to,
})

/** What this campaign's agents were promised by it. */
export const promisedFrom = (world: World, id: CampaignId): readonly Agent.Promised[] =>
  [...world.agents.values()].flatMap(({ promise }) => (promise?.from === id ? [promise] : []))

/** A campaign that wants nobody any more. */
export const takenBack = (world: World, to: CampaignId): readonly Fact[] =>
  [...world.agents.values()].flatMap((agent) => (agent.promise?.to === to ? [promised(agent, agent.promise.from, null)] : []))

/** What changes before this campaign dials: who is promised to others, and who is its own again because nobody took him. */
export function promises(world: World, solution: Solution, campaign: Campaign.State): readonly Fact[] {
  const counted = countAgents(world, solution)
  const own = counted.get(campaign.id)
  if (own === undefined) return []
  const back = own.idle.filter(({ promise }) => promise?.from === campaign.id).map((agent) => promised(agent, campaign.id, null))
  const others = Campaign.mayOverDial(campaign) ? takers(world, solution, campaign, counted) : []
  if (others.length === 0) return back
  const spoken = spokenFor(world, solution)
  // Those who will be free first; whoever is free and not spoken for is the campaign's by its turn already.
  const soonest = [...own.wrapping, ...own.talking, ...own.idle.filter(({ id }) => spoken.has(id))]
  let left = thereFor(own)
  const facts: Fact[] = [...back]
  for (const agent of soonest) {
    const taker = others.find((other) => other.left > 0 && takesPart(solution, other.campaign, agent.id) && goesTo(other, campaign, left))
    if (taker === undefined) continue
    facts.push(promised(agent, campaign.id, taker.campaign.id))
    left -= 1
    taker.left -= 1
    taker.there += 1
  }
  return facts
}

interface Taker {
  readonly campaign: Campaign.State
  /** How many more it can use. */
  left: number
  /** Those it has, and is promised. */
  there: number
}

/** Running campaigns that come before this one or share with it, and can use more agents than they have. Higher first; of equals the one with fewest. */
function takers(world: World, solution: Solution, campaign: Campaign.State, counted: ReadonlyMap<CampaignId, Counted>): Taker[] {
  const spoken = spokenFor(world, solution)
  const leaving = [...counted.values()].flatMap((one) => one.leaving)
  const found: Taker[] = []
  for (const other of world.campaigns.values()) {
    if (other.id === campaign.id || other.settings.priority < campaign.settings.priority) continue
    const free = counted.get(other.id)?.idle.filter(({ id }) => !spoken.has(id)).length ?? 0
    const coming = leaving.filter(({ promise }) => promise?.to === other.id).length
    const left = wantOf(world, other).any - free - coming
    if (left > 0) found.push({ campaign: other, left, there: thereFor(counted.get(other.id)) + coming })
  }
  return found.sort(
    (a, b) => b.campaign.settings.priority - a.campaign.settings.priority || a.there - b.there || a.campaign.turn - b.campaign.turn,
  )
}

/** A higher one has them all. An equal one has one more where this one, `left` strong, has more even without him; and where as many, in turn. */
function goesTo({ campaign: other, there }: Taker, campaign: Campaign.State, left: number): boolean {
  if (other.settings.priority > campaign.settings.priority) return true
  return left - 1 > there || (left - 1 === there && other.turn < campaign.turn)
}
