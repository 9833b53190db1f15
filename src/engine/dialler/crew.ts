/** Where each agent of a campaign is just now: with its contacts, free for it, away, or with others. */
import type * as Agent from '#core/agent/agent.ts'
import type * as Campaign from '#core/campaign/campaign.ts'
import type { Counted } from '#core/campaign/counting.ts'
import type { AgentId, CampaignId } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'
import type { LiveCrew } from '#ports/engine.ts'

/** `agents`: who may take part. `counted`: of every campaign. */
export function crewNow(
  world: World,
  agents: ReadonlySet<AgentId>,
  campaign: Campaign.State,
  counted: ReadonlyMap<CampaignId, Counted>,
): LiveCrew {
  const crew = { idle: 0, talking: 0, onTheWay: 0, wrapUp: 0, away: 0, elsewhere: 0 }
  const others = new Set([...counted].flatMap(([id, { idle }]) => (id === campaign.id ? [] : idle.map((agent) => agent.id))))
  const own = new Set(counted.get(campaign.id)?.idle.map(({ id }) => id))
  for (const id of agents) {
    const agent = world.agents.get(id)
    if (agent === undefined || agent.status === 'loggedOff') continue
    const callId = agent.matter?.callId ?? agent.wrapUpOf ?? agent.card?.callId
    if (callId !== undefined) crew[whereWith(world, agent, callId, campaign.id)] += 1
    else if (agent.status !== 'ready' || agent.wish !== null) crew.away += 1
    else if (own.has(id) || (campaign.status !== 'running' && !others.has(id))) crew.idle += 1
    else crew.elsewhere += 1
  }
  return crew
}

/** With this call, or its wrap-up, or its card. */
function whereWith(world: World, { status }: Agent.State, callId: string, campaignId: CampaignId): keyof LiveCrew {
  const contact = world.calls.get(callId)?.contact
  if (contact?.campaignId !== campaignId) return 'elsewhere'
  if (status === 'wrapUp') return 'wrapUp'
  return status === 'connected' && contact.answeredAt !== null ? 'talking' : 'onTheWay'
}
