/**
 * What an account may see, decided in this one place: lists, single calls, counts and the stream all ask here.
 * What may not be seen is absent, as if it did not exist.
 */

import { ownersOf } from '#core/archive/parties.ts'
import type { Story } from '#core/archive/story.ts'
import type { AlarmKind } from '#core/facts.ts'
import { OUTBOUND_QUEUE, type Solution } from '#core/solution/solution.ts'
import type { User } from '#ports/accounts.ts'
import type { ArchiveFilter } from '#ports/archive.ts'
import type { Call } from '#wire/calls.ts'
import type { Agent, Alarm, LiveState, Queue, StreamMessage } from '#wire/live.ts'

/**
 * `all`: an administrator, or a supervisor of every queue. `queues`: a supervisor's; a campaign's queue has its id. `campaigns`: a
 * campaign manager's (null: every campaign, and no queue), and his own desk where he has one. `agent`: an agent's own calls and desk.
 */
export type Scope =
  | { readonly sees: 'all' }
  | { readonly sees: 'queues'; readonly queues: readonly string[] }
  | { readonly sees: 'campaigns'; readonly campaigns: readonly string[] | null; readonly agentId: string | null }
  | { readonly sees: 'agent'; readonly agentId: string | null }

export function scopeOf(user: User): Scope {
  if (user.role === 'agent') return { sees: 'agent', agentId: user.agentId }
  if (user.role === 'campaignManager') return { sees: 'campaigns', campaigns: user.queues, agentId: user.agentId }
  return user.role === 'administrator' || user.queues === null ? { sees: 'all' } : { sees: 'queues', queues: user.queues }
}

/** The part of an archive search that keeps it within the scope. Whoever manages every campaign sees the calls of those removed too. */
export function seenBy(scope: Scope): Pick<ArchiveFilter, 'seenBy'> {
  if (scope.sees === 'all') return {}
  if (scope.sees === 'queues') return { seenBy: { queues: scope.queues } }
  const agents = scope.agentId === null ? [] : [scope.agentId]
  if (scope.sees === 'agent') return { seenBy: { agents } }
  return { seenBy: { agents, ...(scope.campaigns === null ? { campaigns: 'any' } : { queues: scope.campaigns }) } }
}

/** A queue of the solution. */
export const seesQueue = (scope: Scope, queueId: string): boolean =>
  scope.sees === 'all' || (scope.sees === 'queues' && scope.queues.includes(queueId))

export function seesCampaign(scope: Scope, campaignId: string): boolean {
  if (scope.sees === 'campaigns') return scope.campaigns === null || scope.campaigns.includes(campaignId)
  return seesQueue(scope, campaignId)
}

/** An agent as far as his being seen goes. */
interface SeenAgent {
  readonly id: string
  readonly queues: readonly string[]
  readonly campaigns?: readonly string[]
}

export function seesAgent(scope: Scope, { id, queues, campaigns = [] }: SeenAgent): boolean {
  if (scope.sees === 'all') return true
  if (scope.sees === 'agent') return scope.agentId === id
  if (scope.sees === 'campaigns' && scope.agentId === id) return true
  return campaigns.some((campaign) => seesCampaign(scope, campaign)) || queues.some((queue) => seesQueue(scope, queue))
}

/** Whether the account may set this agent's state, or have him call: a supervisor one of his, anybody himself. */
export const leadsAgent = (scope: Scope, agent: SeenAgent): boolean =>
  seesAgent(scope, agent) && (scope.sees !== 'campaigns' || scope.agentId === agent.id)

/** A call as far as its being seen goes: as the archive keeps it, or as it was told. */
type Seen = { readonly owners: readonly string[]; readonly queues: readonly string[]; readonly campaignId?: string }

function sees(scope: Scope, { owners, queues, campaignId }: Seen): boolean {
  if (scope.sees === 'all') return true
  if (scope.sees === 'queues') return queues.some((queue) => scope.queues.includes(queue))
  if (scope.sees === 'campaigns' && campaignId !== undefined && seesCampaign(scope, campaignId)) return true
  return scope.agentId !== null && owners.includes(scope.agentId)
}

const ofCampaign = (campaignId: string | undefined) => (campaignId === undefined ? {} : { campaignId })

/** As `seenBy` says of a search. Whoever sees a call sees it whole. */
export const seesStory = (scope: Scope, story: Story): boolean =>
  sees(scope, { owners: ownersOf(story), queues: story.queues, ...ofCampaign(story.campaignId) })

const AGENT = 'agent:'
function seesCall(scope: Scope, { agents, from, orderedBy, queues, campaignId }: Call): boolean {
  const party = from?.startsWith(AGENT) === true ? { agent: from.slice(AGENT.length) } : { person: from ?? '' }
  const owners = ownersOf({ agents, from: party, ...(orderedBy !== undefined && { orderedBy }) })
  return sees(scope, { owners, queues: queues.map((queue) => queue.id), ...ofCampaign(campaignId) })
}

/** An agent as the scope sees him: who leads other queues or campaigns learns neither of these, nor what call he is in, nor what card he has. null: not at all. */
export function viewOfAgent(scope: Scope, agent: Agent): Agent | null {
  if (!seesAgent(scope, agent)) return null
  if (scope.sees === 'all' || scope.sees === 'agent' || (scope.sees === 'campaigns' && scope.agentId === agent.id)) return agent
  const { matter, card } = agent
  const place = matter?.contact?.campaignId ?? matter?.queueId ?? null
  const mine = place !== null && (matter?.contact === undefined ? seesQueue(scope, place) : seesCampaign(scope, place))
  const seesCard = card == null || seesCampaign(scope, card.contact.campaignId)
  return {
    ...agent,
    queues: agent.queues.filter((id) => seesQueue(scope, id)),
    campaigns: (agent.campaigns ?? []).filter((id) => seesCampaign(scope, id)),
    ...(matter === null || mine ? {} : { callId: null, matter: null }),
    ...(seesCard ? {} : { card: null }),
  }
}

/** For whom an alarm is, among those who lead: all of them, or who sees the call or the campaign it is about. */
const ALARMS: Readonly<Record<AlarmKind, 'all' | 'call' | 'campaign'>> = {
  ...{ switch: 'all', disk: 'all', clock: 'all', journalTail: 'all', trunk: 'all' },
  // Its leg may be of nobody's call as yet, and then it is no queue's either.
  ...{ unknownLeg: 'call', callSetAside: 'call', longCall: 'call', notJoined: 'call' },
  pacing: 'campaign',
}

function seesAlarm(scope: Scope, { alarm, about, queues = [], campaignId }: Alarm): boolean {
  if (scope.sees === 'all') return true
  if (scope.sees === 'agent') return false
  const whose = ALARMS[alarm as AlarmKind]
  if (whose === 'call') return sees(scope, { owners: [], queues, ...ofCampaign(campaignId) })
  return whose === 'campaign' ? seesCampaign(scope, about ?? '') : whose === 'all'
}

export const viewOfAlarms = (scope: Scope, alarms: readonly Alarm[]): Alarm[] => alarms.filter((alarm) => seesAlarm(scope, alarm))

export function viewOfLive(scope: Scope, live: LiveState): LiveState {
  const queues: Queue[] = live.queues.filter((queue) => seesQueue(scope, queue.id))
  const agents = live.agents.flatMap((agent) => viewOfAgent(scope, agent) ?? [])
  const calls = new Set([
    ...queues.flatMap((queue) => queue.entries.map((entry) => entry.callId)),
    ...agents.flatMap((agent) => agent.callId ?? []),
  ])
  return {
    queues,
    agents,
    alarms: viewOfAlarms(scope, live.alarms),
    campaigns: (live.campaigns ?? []).filter(({ id }) => seesCampaign(scope, id)),
    liveCalls: scope.sees === 'all' ? live.liveCalls : calls.size,
  }
}

/** A message of the stream as the scope sees it; null: not at all. */
export function viewOfMessage(scope: Scope, message: StreamMessage): StreamMessage | null {
  switch (message.type) {
    case 'snapshot':
      return { ...message, live: viewOfLive(scope, message.live) }
    case 'queue':
      return seesQueue(scope, message.queue.id) ? message : null
    case 'agent': {
      const agent = viewOfAgent(scope, message.agent)
      return agent === null ? null : { ...message, agent }
    }
    case 'alarms':
      return scope.sees === 'agent' ? null : { ...message, alarms: viewOfAlarms(scope, message.alarms) }
    case 'campaign':
      return seesCampaign(scope, message.campaign.id) ? message : null
    case 'campaignRemoved':
      return seesCampaign(scope, message.id) ? message : null
    case 'call':
      return seesCall(scope, message.call) ? message : null
    case 'tick':
      return message
  }
}

/** The names of the solution a page needs, no more than the scope sees. An agent's queues are those he serves, and that of own calls. */
export function namesFor(scope: Scope, solution: Solution, servedBy: (agentId: string) => readonly string[]) {
  const serves = (agentId: string, queueId: string) => servedBy(agentId).includes(queueId)
  const own = scope.sees === 'agent' || scope.sees === 'campaigns' ? scope.agentId : null
  const queues = Object.values(solution.queues).filter(({ id }) => seesQueue(scope, id) || (own !== null && serves(own, id)))
  // An agent calls colleagues and is called by them: their names are in the directory, and in his own calls.
  const isColleague = (id: string) => scope.sees === 'agent' || scope.sees === 'campaigns' || seesAgent(scope, { id, queues: servedBy(id) })
  const agents = Object.values(solution.agents).filter(({ id }) => isColleague(id))
  const outbound =
    scope.sees === 'queues' || (scope.sees === 'campaigns' && own === null)
      ? []
      : [{ id: OUTBOUND_QUEUE, name: solution.outbound.queueName }]
  return {
    queues: [...queues.map(({ id, name }) => ({ id, name })), ...outbound],
    agents: agents.map(({ id, name }) => ({ id, name })),
  }
}
