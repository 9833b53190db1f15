/**
 * Who serves whom: which entry a free agent gets, and which agent an entry gets. calls.md 1, Matching.
 */
import type * as Agent from '../agent/agent.ts'
import { customerLeg } from '../call/call.ts'
import type * as Callback from '../callback/callback.ts'
import { readyBefore, spokenFor } from '../campaign/spoken.ts'
import type { AgentId, CampaignId, Ms, QueueId } from '../kernel/kernel.ts'
import type { Queue, Solution } from '../solution/solution.ts'
import { entryById, type QueueState, type World } from '../world/world.ts'
import type * as Entry from './entry.ts'
import { before } from './entry.ts'

/** The level at which an agent serves a queue: 0 where skill or profile say no. No skill list: every skill at level 1. */
export function levelFor(solution: Solution, agentId: AgentId, queue: Queue): number {
  const agent = solution.agents[agentId]
  if (agent === undefined) return 0
  if (agent.profile !== null && !agent.profile.includes(queue.id)) return 0
  if (queue.skill === null || agent.skills === null) return 1
  return agent.skills[queue.skill] ?? 0
}

interface Server {
  readonly agentId: AgentId
  readonly level: number
}

/** Who serves what, worked out once for each solution. */
interface Roster {
  readonly byQueue: ReadonlyMap<QueueId, readonly Server[]>
  readonly byAgent: ReadonlyMap<AgentId, readonly Queue[]>
}

const rosters = new WeakMap<Solution, Roster>()

function rosterOf(solution: Solution): Roster {
  const known = rosters.get(solution)
  if (known !== undefined) return known
  const byQueue = new Map<QueueId, Server[]>()
  const byAgent = new Map<AgentId, Queue[]>()
  for (const agentId of Object.keys(solution.agents)) byAgent.set(agentId, [])
  for (const queue of Object.values(solution.queues)) {
    const servers = Object.keys(solution.agents)
      .flatMap((agentId) => ({ agentId, level: levelFor(solution, agentId, queue) }))
      .filter(({ level }) => level > 0)
    byQueue.set(queue.id, servers)
    for (const { agentId } of servers) byAgent.get(agentId)?.push(queue)
  }
  const roster = { byQueue, byAgent }
  rosters.set(solution, roster)
  return roster
}

export const queuesServed = (solution: Solution, agentId: AgentId): readonly Queue[] => rosterOf(solution).byAgent.get(agentId) ?? []
const serversOf = (solution: Solution, queue: Queue): readonly Server[] => rosterOf(solution).byQueue.get(queue.id) ?? []

export const isLoggedOn = (agent: Agent.State): boolean => agent.status !== 'loggedOff'

/** Agents logged on who serve a queue; paused ones count. */
export function agentsServing(world: World, solution: Solution, queue: Queue): Agent.State[] {
  const serving: Agent.State[] = []
  for (const { agentId } of serversOf(solution, queue)) {
    const agent = world.agents.get(agentId)
    if (agent !== undefined && isLoggedOn(agent)) serving.push(agent)
  }
  return serving
}

/** Whether anybody logged on serves a queue. */
export const isStaffed = (world: World, solution: Solution, queue: Queue): boolean =>
  serversOf(solution, queue).some(({ agentId }) => {
    const agent = world.agents.get(agentId)
    return agent !== undefined && isLoggedOn(agent)
  })

/** Whether the queue's customers may be rung now. A queue without hours is always open. */
export const isOpen = (world: World, queue: Queue): boolean => queue.hours === null || (world.hours.get(queue.hours)?.open ?? false)

/** The line it was ordered on is still up: whoever ordered for another number hears us out first. */
function isBeingOrdered(world: World, entry: Entry.State): boolean {
  const call = world.calls.get(entry.callId)
  return call !== undefined && customerLeg(call) !== undefined
}

/** One number, one leg: the customer is on a line with us, or being rung. A switchboard has many lines. */
export const isOnALine = (world: World, callback: Callback.State): boolean => !callback.switchboard && world.legsOf.has(callback.personId)

/** May this agent be rung for this entry? Callbacks: only while the queue is open, the customer on no other line, and not by the agent who just left one unless alone. */
function suits(world: World, solution: Solution, queue: Queue, entry: Entry.State, agentId: AgentId): boolean {
  const callback = entry.callback
  if (callback === null) return true
  if (!isOpen(world, queue) || isOnALine(world, callback) || isBeingOrdered(world, entry)) return false
  if (callback.notTo !== agentId) return true
  return !agentsServing(world, solution, queue).some(
    (other) => other.id !== agentId && other.status !== 'paused' && other.status !== 'unreachable',
  )
}

function firstFor(world: World, solution: Solution, queue: Queue, agentId: AgentId): Entry.State | null {
  const line = world.queues.get(queue.id)?.line
  if (line === undefined) return null
  for (const id of line) {
    const entry = entryById(world, id)
    if (entry !== undefined && suits(world, solution, queue, entry, agentId)) return entry
  }
  return null
}

/** The share of the promised wait that is used up; a queue without a promise comes after all with one. */
const score = (queue: Queue, entry: Entry.State, at: Ms): number => (queue.slaMs > 0 ? (at - entry.since) / queue.slaMs : -1)

/** The entry a free agent gets: FRONT first, then queue priority, then waited / SLA, then joined earlier, then id. */
export function entryFor(world: World, solution: Solution, agentId: AgentId, at: Ms): Entry.State | null {
  let best: { entry: Entry.State; queue: Queue } | null = null
  for (const queue of queuesServed(solution, agentId)) {
    const entry = firstFor(world, solution, queue, agentId)
    if (entry !== null && (best === null || goesBefore({ entry, queue }, best, at))) best = { entry, queue }
  }
  return best === null ? null : best.entry
}

type Candidate = { readonly entry: Entry.State; readonly queue: Queue }

function goesBefore(a: Candidate, b: Candidate, at: Ms): boolean {
  if (a.entry.front !== null || b.entry.front !== null) return before(a.entry, b.entry) < 0
  if (a.queue.priority !== b.queue.priority) return a.queue.priority > b.queue.priority
  const difference = score(a.queue, a.entry, at) - score(b.queue, b.entry, at)
  if (difference !== 0) return difference > 0
  return before(a.entry, b.entry) < 0
}

/** The agent an entry gets: highest skill level, then longest ready, then id. */
export function agentFor(world: World, solution: Solution, entry: Entry.State): AgentId | null {
  const queue = solution.queues[entry.queueId]
  if (queue === undefined) return null
  const spoken = spokenFor(world, solution)
  let best: Taker | null = null
  for (const { agentId, level } of serversOf(solution, queue)) {
    const agent = world.agents.get(agentId)
    if (agent?.status !== 'ready' || !suits(world, solution, queue, entry, agentId)) continue
    const spared = world.campaigns.size === 0 ? 0 : sparedBy(world, agent, spoken)
    if (spared !== null && (best === null || isBetter({ agent, level, spared }, best))) best = { agent, level, spared }
  }
  return best === null ? null : best.agent.id
}

interface Taker {
  readonly agent: Agent.State
  readonly level: number
  /** 0: no campaign counts on the agent; 1: one does; 2: with a card on the desk. */
  readonly spared: 0 | 1 | 2
}

const isBetter = (a: Taker, b: Taker): boolean => {
  if (a.spared !== b.spared) return a.spared < b.spared
  return a.level > b.level || (a.level === b.level && readyBefore(a.agent, b.agent) < 0)
}

/** How dear a ready agent is to the campaigns; null: a caller does not get him. dialler.md 1 */
function sparedBy(world: World, agent: Agent.State, spoken: ReadonlyMap<AgentId, CampaignId>): 0 | 1 | 2 | null {
  if (agent.wish !== null) return null
  const campaignId = spoken.get(agent.id) ?? world.calls.get(agent.card?.callId ?? '')?.contact?.campaignId
  if (campaignId === undefined) return 0
  if (world.campaigns.get(campaignId)?.settings.whenAllSpokenFor !== 'inbound') return null
  return agent.card === null ? 1 : 2
}

/** Whether an agent who is ready may be given a caller or a callback as far as campaigns are concerned. */
export const mayTakeCallers = (world: World, solution: Solution, agent: Agent.State): boolean =>
  world.campaigns.size === 0 || sparedBy(world, agent, spokenFor(world, solution)) !== null

const HANDLED_WITHIN_MS = 3_600_000

/**
 * (entries ahead + 1) × mean handling time ÷ agents serving it, logged on and not paused; null: nobody is, unknown.
 * The mean is over the last 50 conversations of the last 60 min, else the queue's setting. calls.md 1
 */
export function expectedWaitMs(world: World, solution: Solution, queue: Queue, ahead: number, at: Ms): Ms | null {
  const working = agentsServing(world, solution, queue).filter(
    (agent) => agent.status !== 'paused' && agent.status !== 'unreachable',
  ).length
  if (working === 0) return null
  return Math.round(((ahead + 1) * handlingMs(world.queues.get(queue.id), queue, at)) / working)
}

function handlingMs(state: QueueState | undefined, queue: Queue, at: Ms): Ms {
  const recent = (state?.handled ?? []).filter((handled) => at - handled.at <= HANDLED_WITHIN_MS)
  if (recent.length === 0) return queue.handlingMs
  return recent.reduce((sum, handled) => sum + handled.ms, 0) / recent.length + queue.wrapUpMs
}

/** Callers on the line in a queue: those ordering a callback too. */
export const callersWaiting = (world: World, queueId: QueueId): number => world.queues.get(queueId)?.callers ?? 0
export const callbacksWaiting = (world: World, queueId: QueueId): number => world.queues.get(queueId)?.callbacks ?? 0

/**
 * Whether a caller may order a callback now: the maximum is not reached, and there is time before closing both for him
 * (more than 1.5 × expected wait) and for those already promised. An unknown wait is not judged. calls.md 2
 */
export function mayOrderCallback(world: World, solution: Solution, queue: Queue, ahead: number, at: Ms): boolean {
  const settings = queue.callback
  if (settings === null) return false
  const waiting = callbacksWaiting(world, queue.id)
  if (waiting >= settings.waitingMax) return false
  const closesAt = queue.hours === null ? null : (world.hours.get(queue.hours)?.closesAt ?? null)
  if (closesAt === null) return true
  const wait = expectedWaitMs(world, solution, queue, Math.max(ahead, waiting), at)
  return wait === null || closesAt - at > 1.5 * wait
}
