/**
 * What an account may see, decided in this one place: lists, single calls, counts and the stream all ask here.
 * What may not be seen is absent, as if it did not exist.
 */

import { ownersOf } from '#core/archive/parties.ts'
import type { Story } from '#core/archive/story.ts'
import { OUTBOUND_QUEUE, type Solution } from '#core/solution/solution.ts'
import type { User } from '#ports/accounts.ts'
import type { ArchiveFilter } from '#ports/archive.ts'
import type { Call } from '#wire/calls.ts'
import type { Agent, Alarm, LiveState, Queue, StreamMessage } from '#wire/live.ts'

/** `all`: an administrator, or a supervisor of every queue. `queues`: a supervisor's. `agent`: an agent's own calls and desk. */
export type Scope =
  | { readonly sees: 'all' }
  | { readonly sees: 'queues'; readonly queues: readonly string[] }
  | { readonly sees: 'agent'; readonly agentId: string | null }

export function scopeOf(user: User): Scope {
  if (user.role === 'agent') return { sees: 'agent', agentId: user.agentId }
  return user.role === 'administrator' || user.queues === null ? { sees: 'all' } : { sees: 'queues', queues: user.queues }
}

/** The part of an archive search that keeps it within the scope. */
export function seenBy(scope: Scope): Pick<ArchiveFilter, 'seenBy'> {
  if (scope.sees === 'all') return {}
  if (scope.sees === 'queues') return { seenBy: { queues: scope.queues } }
  return { seenBy: { agents: scope.agentId === null ? [] : [scope.agentId] } }
}

export const seesQueue = (scope: Scope, queueId: string): boolean =>
  scope.sees === 'all' || (scope.sees === 'queues' && scope.queues.includes(queueId))

export function seesAgent(scope: Scope, agent: { readonly id: string; readonly queues: readonly string[] }): boolean {
  if (scope.sees === 'all') return true
  if (scope.sees === 'agent') return scope.agentId === agent.id
  return agent.queues.some((queue) => scope.queues.includes(queue))
}

/** A call as far as its being seen goes: as the archive keeps it, or as it was told. */
type Seen = { readonly owners: readonly string[]; readonly queues: readonly string[] }

function sees(scope: Scope, { owners, queues }: Seen): boolean {
  if (scope.sees === 'all') return true
  if (scope.sees === 'queues') return queues.some((queue) => scope.queues.includes(queue))
  return scope.agentId !== null && owners.includes(scope.agentId)
}

/** As `seenBy` says of a search. Whoever sees a call sees it whole. */
export const seesStory = (scope: Scope, story: Story): boolean => sees(scope, { owners: ownersOf(story), queues: story.queues })

const AGENT = 'agent:'
function seesCall(scope: Scope, { agents, from, orderedBy, queues }: Call): boolean {
  const party = from?.startsWith(AGENT) === true ? { agent: from.slice(AGENT.length) } : { person: from ?? '' }
  const owners = ownersOf({ agents, from: party, ...(orderedBy !== undefined && { orderedBy }) })
  return sees(scope, { owners, queues: queues.map((queue) => queue.id) })
}

/** An agent as the scope sees him: a supervisor of other queues does not see what call he is in. null: not at all. */
export function viewOfAgent(scope: Scope, agent: Agent): Agent | null {
  if (!seesAgent(scope, agent)) return null
  const queueId = agent.matter?.queueId ?? null
  if (scope.sees !== 'queues' || agent.matter === null || (queueId !== null && scope.queues.includes(queueId))) return agent
  return { ...agent, callId: null, matter: null }
}

const viewOfAlarms = (scope: Scope, alarms: readonly Alarm[]): Alarm[] => (scope.sees === 'agent' ? [] : [...alarms])

export function viewOfLive(scope: Scope, live: LiveState): LiveState {
  const queues: Queue[] = live.queues.filter((queue) => seesQueue(scope, queue.id))
  const agents = live.agents.flatMap((agent) => viewOfAgent(scope, agent) ?? [])
  const calls = new Set([
    ...queues.flatMap((queue) => queue.entries.map((entry) => entry.callId)),
    ...agents.flatMap((agent) => agent.callId ?? []),
  ])
  return { queues, agents, alarms: viewOfAlarms(scope, live.alarms), liveCalls: scope.sees === 'all' ? live.liveCalls : calls.size }
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
      return seesQueue(scope, message.campaign.id) ? message : null
    case 'campaignRemoved':
      return seesQueue(scope, message.id) ? message : null
    case 'call':
      return seesCall(scope, message.call) ? message : null
    case 'tick':
      return message
  }
}

/** The names of the solution a page needs, no more than the scope sees. An agent's queues are those he serves, and that of own calls. */
export function namesFor(scope: Scope, solution: Solution, servedBy: (agentId: string) => readonly string[]) {
  const serves = (agentId: string, queueId: string) => servedBy(agentId).includes(queueId)
  const queues = Object.values(solution.queues).filter(({ id }) =>
    scope.sees === 'agent' ? scope.agentId !== null && serves(scope.agentId, id) : seesQueue(scope, id),
  )
  // An agent calls colleagues and is called by them: their names are in the directory, and in his own calls.
  const isColleague = (id: string) => scope.sees === 'agent' || seesAgent(scope, { id, queues: servedBy(id) })
  const agents = Object.values(solution.agents).filter(({ id }) => isColleague(id))
  const outbound = scope.sees === 'queues' ? [] : [{ id: OUTBOUND_QUEUE, name: solution.outbound.queueName }]
  return {
    queues: [...queues.map(({ id, name }) => ({ id, name })), ...outbound],
    agents: agents.map(({ id, name }) => ({ id, name })),
  }
}
