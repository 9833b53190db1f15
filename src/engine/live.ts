/** What is going on now, for people who watch: read from the world, decided nowhere else. */
import type * as Call from '#core/call/call.ts'
import { customerLeg } from '#core/call/call.ts'
import type { AgentId, Ms, QueueId } from '#core/kernel/kernel.ts'
import type * as Entry from '#core/queue/entry.ts'
import { before, isOfferable } from '#core/queue/entry.ts'
import { agentsServing, expectedWaitMs, isOpen, queuesServed } from '#core/queue/matching.ts'
import type { Queue, Solution } from '#core/solution/solution.ts'
import { agentById, callByEntry, entryById, noFigures, type World } from '#core/world/world.ts'
import type { AgentStateName, LiveAgent, LiveAlarm, LiveEntry, LiveMatter, LiveQueue } from '#ports/engine.ts'

export function liveQueue(world: World, solution: Solution, id: QueueId, now: Ms): LiveQueue {
  const queue = solution.queues[id] as Queue
  const state = world.queues.get(id)
  const entries = [...(state?.entries ?? [])].flatMap((entryId) => entryById(world, entryId) ?? []).sort(before)
  const places = new Map((state?.line ?? []).map((entryId, index) => [entryId, index + 1]))
  const agents: Partial<Record<AgentStateName, number>> = {}
  for (const agent of agentsServing(world, solution, queue)) agents[agent.status] = (agents[agent.status] ?? 0) + 1
  return {
    id,
    open: isOpen(world, queue),
    entries: entries.flatMap((entry) => liveEntry(world, entry, places.get(entry.id) ?? null)),
    agents,
    expectedWaitMs: expectedWaitMs(world, solution, queue, state?.line.length ?? 0, now),
    today: { ...(state?.today ?? noFigures()) },
  }
}

function liveEntry(world: World, entry: Entry.State, place: number | null): LiveEntry | [] {
  const call = callByEntry(world, entry.id)
  if (call === undefined) return []
  const callback = entry.callback
  return {
    entryId: entry.id,
    callId: entry.callId,
    queueId: entry.queueId,
    kind: callback !== null || entry.kind === 'web' ? 'callback' : entry.kind === 'consult' ? 'consult' : 'line',
    status: statusOf(entry),
    person: callback?.personId ?? call.customer,
    place: isOfferable(entry) ? place : null,
    joinedAt: entry.joinedAt,
    waitsSince: entry.since,
    ...(callback === null ? {} : { attempts: callback.attempts, attemptsMax: callback.attemptsMax, until: callback.dueAt }),
    ...(entry.offer === null ? {} : { offeredTo: entry.offer.agentId }),
    ...(call.askFor === null ? {} : { askFor: call.askFor }),
  }
}

function statusOf(entry: Entry.State): LiveEntry['status'] {
  const callback = entry.callback
  if (callback === null) return entry.status
  if (callback.status === 'closed') return 'waiting'
  return callback.heldBy !== null && callback.status === 'waiting' ? 'heldBack' : callback.status
}

export function liveAgent(world: World, solution: Solution, id: AgentId): LiveAgent {
  const agent = agentById(world, id)
  return {
    id,
    state: agent.status,
    since: agent.since,
    reason: agent.reason,
    until: agent.until,
    wish: agent.wish === null ? null : { state: agent.wish.state, reason: agent.wish.reason === '' ? null : agent.wish.reason },
    queues: queuesServed(solution, id).map((queue) => queue.id),
    matter: matterOf(world, id),
  }
}

function matterOf(world: World, id: AgentId): LiveMatter | null {
  const agent = agentById(world, id)
  const callId = agent.matter?.callId ?? agent.wrapUpOf
  const call = callId == null ? undefined : world.calls.get(callId)
  if (call === undefined) return null
  const entry = call.entry
  const talk = call.talk?.agentId === id ? call.talk : null
  const leg = agent.matter === null ? undefined : call.legs.get(agent.matter.legId)
  const phase = phaseOf(call, agent.wrapUpOf !== null, leg?.status === 'answered')
  return {
    callId: call.id,
    entryId: entry?.id ?? null,
    queueId: entry?.queueId ?? talk?.queueId ?? null,
    kind: call.direction === 'inbound' ? (leg?.attempt == null ? 'line' : 'callback') : call.direction,
    phase,
    person: entry?.callback?.personId ?? call.customer,
    waitedMs: call.firstQueue === null || leg === undefined ? null : (leg.answeredAt ?? leg.requestedAt) - call.firstQueue.at,
    attempt: leg?.attempt ?? null,
    attemptsMax: entry?.callback?.attemptsMax ?? null,
    menuPath: call.menuPath,
    since: talk?.since ?? agent.since,
    canMarkVoicemail: entry?.callback?.status === 'talking' && !entry.callback.voicemail,
    ...(call.askFor === null ? {} : { askFor: call.askFor }),
  }
}

function phaseOf(call: Call.State, wrapUp: boolean, answered: boolean): LiveMatter['phase'] {
  if (wrapUp) return 'wrapUp'
  if (!answered) return 'ringing'
  return customerLeg(call)?.status === 'answered' ? 'talking' : 'calling'
}

export const liveAlarms = (world: World): readonly LiveAlarm[] => [...world.alarms].map(([id, alarm]) => ({ id, ...alarm }))
