/** What is going on now, for people who watch: read from the world, decided nowhere else. */
import type * as Agent from '#core/agent/agent.ts'
import type * as Call from '#core/call/call.ts'
import { customerLeg, legsUp } from '#core/call/call.ts'
import type * as Contact from '#core/campaign/contact.ts'
import { takesPart } from '#core/campaign/spoken.ts'
import type { AgentId, CallId, Ms, PersonId, QueueId } from '#core/kernel/kernel.ts'
import type * as Leg from '#core/leg/leg.ts'
import type * as Entry from '#core/queue/entry.ts'
import { before, isOfferable } from '#core/queue/entry.ts'
import { agentsServing, expectedWaitMs, isOpen, queuesServed } from '#core/queue/matching.ts'
import type { Queue, Solution } from '#core/solution/solution.ts'
import { agentById, callByEntry, entryById, noFigures, type World } from '#core/world/world.ts'
import type {
  AgentStateName,
  LiveAgent,
  LiveAlarm,
  LiveCard,
  LiveConsult,
  LiveContact,
  LiveEntry,
  LiveMatter,
  LiveQueue,
} from '#ports/engine.ts'

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
    wish: agent.wish === null ? null : wishOf(agent.wish),
    queues: queuesServed(solution, id).map((queue) => queue.id),
    matter: matterOf(world, id),
    campaigns: [...world.campaigns.values()].filter((campaign) => takesPart(solution, campaign, id)).map((campaign) => campaign.id),
    card: agent.card === null ? null : cardOf(world, agent.card.callId),
  }
}

const wishOf = ({ state, reason, effectAt, stays }: Agent.Wish): NonNullable<LiveAgent['wish']> => ({
  state,
  reason: reason === '' ? null : reason,
  ...(effectAt === null ? {} : { effectAt }),
  ...(stays === undefined ? {} : { stays }),
})

function cardOf(world: World, callId: CallId): LiveCard | null {
  const call = world.calls.get(callId)
  if (call?.contact?.card == null || call.customer === null) return null
  const contact = contactOf(world, call.contact)
  const { entryId, card } = call.contact
  const callsAt = world.timers.get(`calls:${callId}`)?.at ?? null
  return { callId, entryId, person: call.customer, contact, until: card.until, callsAt }
}

function contactOf(world: World, { campaignId, contactId, tries, agentFirst, afterSilent, topics }: Contact.State): LiveContact {
  const isPreview = world.campaigns.get(campaignId)?.settings.mode === 'preview'
  const why = afterSilent ? 'afterSilent' : agentFirst && !isPreview ? 'rescheduled' : null
  return { campaignId, contactId, attempt: tries + 1, topics, why }
}

function matterOf(world: World, id: AgentId): LiveMatter | null {
  const agent = agentById(world, id)
  const callId = agent.matter?.callId ?? agent.wrapUpOf
  const call = callId == null ? undefined : world.calls.get(callId)
  if (call === undefined) return null
  const entry = call.entry
  const talk = call.talk?.agentId === id ? call.talk : null
  const own = agent.matter === null ? undefined : call.legs.get(agent.matter.legId)
  // In the wrap-up: by which he was in a call that goes on without him.
  const leg = own ?? call.legs.get(talk?.legId ?? '')
  const phase = phaseOf(call, id, agent.wrapUpOf !== null, own?.status === 'answered')
  return {
    callId: call.id,
    entryId: entry?.id ?? null,
    queueId: entry?.queueId ?? talk?.queueId ?? null,
    kind: call.contact !== null ? 'dialler' : call.direction === 'inbound' ? (leg?.attempt == null ? 'line' : 'callback') : call.direction,
    phase,
    person: entry?.callback?.personId ?? call.customer,
    waitedMs: waitedMs(call, leg),
    attempt: leg?.attempt ?? null,
    attemptsMax: entry?.callback?.attemptsMax ?? null,
    menuPath: call.menuPath,
    since: phase === 'talking' ? (talk?.since ?? agent.since) : agent.since,
    canMarkVoicemail: mayBeMachine(call, id),
    ...endOf(call),
    ...(call.askFor === null ? {} : { askFor: call.askFor }),
    canCancel: call.agentId === id && call.talk === null && (phase === 'ringing' || phase === 'calling'),
    ...comesFrom(call, own),
    ...talkOf(call, id, own),
    ...(call.contact === null ? {} : { contact: contactOf(world, call.contact) }),
  }
}

/** Of a call that has been up for too long. */
function endOf(call: Call.State): Pick<LiveMatter, 'endsAt'> {
  const ends = legsUp(call).flatMap(({ endsAt }) => endsAt ?? [])
  return ends.length === 0 ? {} : { endsAt: Math.min(...ends) }
}

/** Somebody or something answered a callback, or this agent's contact of a campaign, and nobody has said yet that it was a machine. */
function mayBeMachine({ contact, entry, talk }: Call.State, id: AgentId): boolean {
  if (contact !== null) return contact.status === 'joined' && contact.said !== 'unanswered' && talk?.agentId === id
  return entry?.callback?.status === 'talking' && !entry.callback.voicemail
}

/** How long the customer waited for this agent; null where he waited for somebody else, and this one is asked or rung in a conversation. */
function waitedMs(call: Call.State, leg: Leg.State | undefined): Ms | null {
  if (leg === undefined || call.waitsFrom === null || leg.purpose !== null) return null
  if (call.consult !== null && call.consult.legId !== leg.id) return null
  return (leg.answeredAt ?? leg.requestedAt) - call.waitsFrom
}

/** Why a phone rings for a customer who has been talked with. */
function comesFrom(call: Call.State, leg: Leg.State | undefined): Pick<LiveMatter, 'comesFrom'> {
  if (call.handover === null || leg === undefined || leg.purpose === null || leg.purpose === 'consult' || leg.status === 'answered')
    return {}
  return { comesFrom: { agent: call.handover.agentId, how: HOW[call.handover.what] } }
}
const HOW = { transfer: 'transferred', rungBack: 'transferFailed', lost: 'phoneLost' } as const

function phaseOf(call: Call.State, id: AgentId, wrapUp: boolean, answered: boolean): LiveMatter['phase'] {
  if (wrapUp) return 'wrapUp'
  if (!answered) return 'ringing'
  const other = call.direction === 'internal' ? legsUp(call).find((leg) => leg.agentId !== id) : customerLeg(call)
  return other?.status === 'answered' || call.consult !== null ? 'talking' : 'calling'
}

/** What goes on in the conversation, as the agent of this leg has it. */
function talkOf(
  call: Call.State,
  id: AgentId,
  own: Leg.State | undefined,
): Pick<LiveMatter, 'onHold' | 'muted' | 'consult' | 'conference' | 'colleague'> {
  const consult = call.consult?.legId === own?.id ? call.consult : null
  const others = legsUp(call).filter((leg) => leg.id !== own?.id)
  const colleague = call.direction === 'internal' ? otherOf(call, id) : consult === null ? call.consult?.agentId : undefined
  return {
    onHold: others.some((leg) => leg.held && leg.id !== consult?.targetLegId),
    muted: own?.muted ?? false,
    consult: own === undefined || consult === null ? null : consultOf(call, consult, own),
    conference: own !== undefined && call.bridges.main.includes(own.id) && call.bridges.main.length > 2,
    ...(colleague === undefined ? {} : { colleague }),
  }
}

function consultOf(call: Call.State, { to, targetLegId }: Call.Consult, own: Leg.State): LiveConsult {
  const target = targetLegId === null ? undefined : call.legs.get(targetLegId)
  const phase = target?.status === 'answered' ? 'talking' : 'queue' in to ? 'waiting' : 'ringing'
  return { to, phase, active: phase === 'talking' && call.bridges.consult.includes(own.id) }
}

function otherOf(call: Call.State, id: AgentId): AgentId | undefined {
  const [from, to] = [call.from, call.to].map((party) => ('agent' in party ? party.agent : undefined))
  return from === id ? to : from
}

/** In a menu or waiting, talking, or rung by us: on a line all the same. */
export function liveLine(world: World, person: PersonId): 'onLine' | 'rung' | null {
  const legs = [...world.calls.values()]
    .flatMap((call) => legsUp(call).map((leg) => ({ leg, who: leg.personId ?? (leg.party === 'customer' ? call.customer : null) })))
    .filter(({ who }) => who === person)
  if (legs.some(({ leg }) => leg.inbound || leg.status === 'answered')) return 'onLine'
  return legs.length > 0 ? 'rung' : null
}

export const liveAlarms = (world: World): readonly LiveAlarm[] => [...world.alarms].map(([id, alarm]) => ({ id, ...alarm }))
