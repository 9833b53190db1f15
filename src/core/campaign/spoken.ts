/**
 * Who takes part in a campaign, and on which ready agents its calls in the air count. dialler.md 1
 */
import type * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import type { AgentId, CampaignId, Ms } from '../kernel/kernel.ts'
import type { Solution } from '../solution/solution.ts'
import type { World } from '../world/world.ts'
import type * as Campaign from './campaign.ts'
import { isContactFirst, type Settings } from './settings.ts'

interface Crew {
  readonly solution: Solution
  readonly agents: ReadonlySet<AgentId>
}

/** Worked out once for each solution and each writing of a campaign. */
const crews = new WeakMap<Settings, Crew>()

/**
 * The agents with the campaign's skill; an agent's profile chooses queues and not campaigns. Contacts who are dialled first need an agent
 * within a second, so there it takes a phone that answers by itself.
 */
export function crewOf(solution: Solution, settings: Settings): ReadonlySet<AgentId> {
  const known = crews.get(settings)
  if (known?.solution === solution) return known.agents
  const { skill, mode } = settings
  const agents = new Set(
    Object.values(solution.agents)
      .filter((agent) => skill === null || agent.skills === null || (agent.skills[skill] ?? 0) > 0)
      .filter((agent) => !isContactFirst(mode) || agent.phone.kind === 'desk')
      .map(({ id }) => id),
  )
  crews.set(settings, { solution, agents })
  return agents
}

export const takesPart = (solution: Solution, campaign: Campaign.State, agentId: AgentId): boolean =>
  crewOf(solution, campaign.settings).has(agentId)

/** A contact is dialled, or has answered and has no agent yet. */
export const isInAir = (call: Call.State | undefined): boolean =>
  call?.contact?.status === 'dialling' || call?.contact?.status === 'answered'

/** One number, one leg: a contact who is on a line with us, or being rung, is not called. A switchboard has many lines. */
export const isOnALine = (world: World, call: Call.State): boolean =>
  !call.switchboard && call.customer !== null && (world.legsOf.get(call.customer) ?? []).some((legId) => !call.legs.has(legId))

/** In the air, and no agent is being rung for it. */
const countsOnAgents = (call: Call.State | undefined): boolean => isInAir(call) && call?.entry?.offer === null

export function callsOf(world: World, campaign: Campaign.State): Call.State[] {
  const calls: Call.State[] = []
  for (const id of campaign.calls) {
    const call = world.calls.get(id)
    if (call !== undefined) calls.push(call)
  }
  return calls
}

/** Those with higher priority first; equal ones in a fixed order. */
export const byPriority = (world: World): Campaign.State[] =>
  [...world.campaigns.values()].sort((a, b) => b.settings.priority - a.settings.priority || (a.id < b.id ? -1 : 1))

export const readyBefore = (a: Agent.State, b: Agent.State): number => a.since - b.since || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Ready, with nothing on the desk; longest ready first. Some of them may have asked for a pause. */
export const readyAgents = (world: World): Agent.State[] =>
  [...world.agents.values()].filter((agent) => agent.status === 'ready' && agent.card === null).sort(readyBefore)

const NOBODY: ReadonlyMap<AgentId, CampaignId> = new Map()

/**
 * What is worked out of a world is so until the next fact: it is asked for by many rules in one turn, and worked out once. Not for what
 * depends on the time beside it.
 */
export function perFact<R>(workOut: (world: World, solution: Solution) => R): (world: World, solution: Solution) => R {
  const known = new WeakMap<World, { readonly position: number; readonly solution: Solution; readonly result: R }>()
  return (world, solution) => {
    const last = known.get(world)
    if (last?.position === world.position && last.solution === solution) return last.result
    const result = workOut(world, solution)
    known.set(world, { position: world.position, solution, result })
    return result
  }
}

/** The campaign whose call, or whose wrap-up, this agent is in. */
export function campaignOfBusy(world: World, agent: Agent.State): CampaignId | null {
  const callId = agent.matter?.callId ?? agent.wrapUpOf
  return callId === null ? null : (world.calls.get(callId)?.contact?.campaignId ?? null)
}

/**
 * The n longest-ready agents of each campaign, n = its calls in the air, at most all; nobody twice: those of higher priority first, and
 * among equals the one for whom fewest are at work. Where several run, one that has dialled more than it has agents is kept from the
 * others' by their number when it dialled. Who asked for a pause meanwhile is still there for the campaign that counted on him; who is
 * promised to another campaign, for the calls that were in the air when he was.
 */
export const spokenFor = (world: World, solution: Solution): ReadonlyMap<AgentId, CampaignId> =>
  world.campaigns.size === 0 ? NOBODY : spoken(world, solution)

/** A campaign whose calls in the air are to get agents. */
interface Need {
  readonly campaign: Campaign.State
  /** When its calls were dialled. */
  readonly dialledAt: readonly Ms[]
  /** On how many agents it counted when it dialled them. */
  readonly most: number
  found: number
  /** At work for it, those found among them. */
  there: number
}

const spoken = perFact((world, solution): ReadonlyMap<AgentId, CampaignId> => {
  const order = byPriority(world)
  const alone = order.filter(({ status }) => status === 'running').length < 2
  const needs = order.flatMap((campaign): Need[] => {
    const calls = callsOf(world, campaign).filter(countsOnAgents)
    if (calls.length === 0) return []
    const most = alone ? Infinity : Math.max(...calls.map(({ contact }) => contact?.agents ?? Infinity))
    return [{ campaign, dialledAt: calls.map(({ startedAt }) => startedAt), most, found: 0, there: 0 }]
  })
  if (needs.length === 0) return NOBODY
  for (const agent of world.agents.values()) {
    const busyFor = campaignOfBusy(world, agent)
    const need = needs.find(({ campaign }) => campaign.id === busyFor)
    if (need !== undefined) need.there += 1
  }
  const found = new Map<AgentId, CampaignId>()
  const ready = readyAgents(world)
  for (const priority of new Set(needs.map(({ campaign }) => campaign.settings.priority))) {
    const equals = needs.filter(({ campaign }) => campaign.settings.priority === priority)
    for (const agent of ready) {
      const need = found.has(agent.id) ? null : neediest(solution, equals, agent)
      if (need === null) continue
      found.set(agent.id, need.campaign.id)
      need.found += 1
      need.there += 1
    }
  }
  return found
})

function neediest(solution: Solution, equals: readonly Need[], agent: Agent.State): Need | null {
  let best: Need | null = null
  for (const need of equals) {
    const { campaign, dialledAt, most, found, there } = need
    if (found >= dialledAt.length || there >= most || (agent.wish !== null && agent.wish.campaignId !== campaign.id)) continue
    if (!takesPart(solution, campaign, agent.id) || (best !== null && there >= best.there)) continue
    const { promise } = agent
    // The oldest calls are for those who are ready longest; who is promised away is there for what was in the air then.
    if (promise?.from === campaign.id && dialledAt.filter((at) => at <= promise.at).length <= found) continue
    best = need
  }
  return best
}
