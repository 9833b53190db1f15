/** The measures of a call: waiting, speaking, hold, wrap-up. An interval that is still open adds nothing yet. */
import type { AgentId, Ms } from '../kernel/kernel.ts'
import { type CallNotes, destinationOf, isContactFirst, type LegNote, type WrapUpNote } from './notes.ts'
import type { ArchiveEvent, StoryAgent } from './story.ts'
import type { Talk } from './talk.ts'
import { destinationAnswer, reachedLeg } from './waiting.ts'

/** The legs of agents that were answered, in order of answer. */
const answeredAgents = (call: CallNotes): LegNote[] =>
  call.legs
    .filter((leg) => leg.party === 'agent' && leg.answeredAt !== null)
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0) || a.answeredPosition - b.answeredPosition)

const since = (from: Ms | null | undefined, to: Ms | null | undefined): Ms | null =>
  from == null || to == null ? null : Math.max(0, to - from)

export function waitsOf(
  call: CallNotes,
  events: readonly ArchiveEvent[],
  talks: readonly Talk[],
): { waitMs: Ms | null; waitToCustomerMs: Ms | null } {
  const agentAt = answeredAgents(call)[0]?.answeredAt
  const { direction } = call.started
  if (direction === 'internal') return { waitMs: since(call.startedAt, ownAnswer(call)), waitToCustomerMs: null }
  if (isContactFirst(call)) return { waitMs: contactWait(call, talks), waitToCustomerMs: null }
  const queued = call.stays.find((stay) => stay.kind !== 'consult')
  if (direction === 'outbound') {
    const from = queued?.joinedAt ?? call.startedAt
    return { waitMs: since(from, agentAt), waitToCustomerMs: since(from, destinationAnswer(call)?.at) }
  }
  if (call.stays.some((stay) => stay.orderedAt !== null)) {
    const from = queued?.joinedAt
    const over = events.findLast((event) => event.kind === 'queueCallback')?.endedAt
    return { waitMs: since(from, agentAt ?? over), waitToCustomerMs: since(from, reachedLeg(call)?.answeredAt) }
  }
  const left = call.stays.findLast((stay) => stay.kind === 'line')?.left?.at ?? call.endedAt
  // An answer that a restart learnt of and that came after the caller had left was none.
  const until = agentAt != null && left != null && agentAt > left ? left : (agentAt ?? left)
  return { waitMs: since(queued?.joinedAt, until), waitToCustomerMs: null }
}

/** Agent to agent: the caller's own phone. */
const ownAnswer = (call: CallNotes): Ms | null | undefined => call.legs.find((leg) => leg.party === 'agent')?.answeredAt

/** Contact first: how long somebody who had answered was without an agent. */
function contactWait(call: CallNotes, talks: readonly Talk[]): Ms | null {
  const answeredAt = destinationAnswer(call)?.at
  const joined = talks.find((talk) => talk.together)?.from
  if (joined !== undefined) return since(answeredAt, joined)
  if (call.silentAt === null) return null
  return since(answeredAt, Math.min(call.silentAt, destinationOf(call)?.endedAt ?? call.silentAt))
}

export function agentsOf(call: CallNotes, talks: readonly Talk[]): StoryAgent[] {
  const agents: StoryAgent[] = []
  for (const leg of answeredAgents(call)) {
    const id = leg.agentId
    if (id === undefined || agents.some((agent) => agent.id === id)) continue
    let speakMs = 0
    let holdMs = 0
    for (const talk of talks) {
      if (talk.to === null || !talk.agents.includes(id)) continue
      speakMs += talk.to - talk.from
      holdMs += holdIn(talk, talk.to, id)
    }
    agents.push({ id, speakMs, holdMs, wrapMs: wrapOf(call, id) })
  }
  return agents
}

/** Talks never overlap, so the union of the agents' intervals is the sum of the talks with an agent in them. */
export function speakOf(talks: readonly Talk[]): Ms {
  let speakMs = 0
  for (const talk of talks) if (talk.to !== null && talk.agents.length > 0) speakMs += talk.to - talk.from
  return speakMs
}

/**
 * The part of a talk an agent spent in hold: his own leg was held, or the outside party's was, or, where only two are joined, the
 * other's.
 */
function holdIn(talk: Talk, to: Ms, id: AgentId): Ms {
  const holds: { from: Ms; to: Ms }[] = []
  for (const leg of talk.legs) {
    if (leg.agentId !== id && leg.party === 'agent' && talk.legs.length > 2) continue
    for (const hold of leg.holds) {
      const from = Math.max(hold.from, talk.from)
      const until = Math.min(hold.to ?? to, to)
      if (until > from) holds.push({ from, to: until })
    }
  }
  if (holds.length === 0) return 0
  holds.sort((a, b) => a.from - b.from)
  let heldMs = 0
  let reached = talk.from
  for (const hold of holds) {
    heldMs += Math.max(0, hold.to - Math.max(hold.from, reached))
    reached = Math.max(reached, hold.to)
  }
  return heldMs
}

function wrapOf(call: CallNotes, id: AgentId): Ms {
  let wrapMs = 0
  for (const wrapUp of call.wrapUps) {
    if (wrapUp.agentId === id && wrapUp.endedAt !== null) wrapMs += Math.max(0, wrapUp.endedAt - wrapFrom(call, wrapUp, wrapUp.endedAt))
  }
  return wrapMs
}

/** Wrap-up is counted from the end of the agent's last leg before it. */
function wrapFrom(call: CallNotes, wrapUp: WrapUpNote, endedAt: Ms): Ms {
  let last: Ms | null = null
  for (const leg of call.legs) {
    if (leg.agentId !== wrapUp.agentId || leg.endedAt === null || leg.endedAt > endedAt || leg.answeredAt === null) continue
    if (last === null || leg.endedAt > last) last = leg.endedAt
  }
  return last ?? wrapUp.startedAt
}
