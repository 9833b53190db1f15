/**
 * Who takes part in a campaign, and on which ready agents its calls in the air count. dialler.md 1
 */
import type * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import type { AgentId, CampaignId } from '../kernel/kernel.ts'
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

/**
 * The n longest-ready agents of each campaign, n = its calls in the air, at most all; nobody twice. Who asked for a pause meanwhile is
 * still there for the campaign that counted on him.
 */
export const spokenFor = (world: World, solution: Solution): ReadonlyMap<AgentId, CampaignId> =>
  world.campaigns.size === 0 ? NOBODY : spoken(world, solution)

const spoken = perFact((world, solution): ReadonlyMap<AgentId, CampaignId> => {
  const needs = byPriority(world).flatMap((campaign) => {
    const need = callsOf(world, campaign).filter(countsOnAgents).length
    return need === 0 ? [] : [{ campaign, need }]
  })
  if (needs.length === 0) return NOBODY
  const found = new Map<AgentId, CampaignId>()
  const ready = readyAgents(world)
  for (const { campaign, need } of needs) {
    let left = need
    for (const agent of ready) {
      if (left === 0) break
      const counted = agent.wish === null || agent.wish.campaignId === campaign.id
      if (!counted || found.has(agent.id) || !takesPart(solution, campaign, agent.id)) continue
      found.set(agent.id, campaign.id)
      left -= 1
    }
  }
  return found
})
