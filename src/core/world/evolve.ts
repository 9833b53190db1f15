/**
 * Takes one recorded fact into the world: hands it to the machines that read it, and keeps the indexes, lines, figures and timers
 * that follow from it. It decides nothing.
 */
import * as Agent from '../agent/agent.ts'
import * as Call from '../call/call.ts'
import type { CampaignFact, ContactFact, Fact, Recorded } from '../facts.ts'
import type { AgentId, EntryId, LegId, Ms, PersonId } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import * as Menu from '../menu/menu.ts'
import * as Entry from '../queue/entry.ts'
import { callBegun, callOver, contactLeft, dayTurned, ofCampaign, ofContact, ofContactsLeg, silentTold } from './campaigns.ts'
import { moveWaits } from './waits.ts'
import { agentById, alarmId, callById, noFigures, putInLine, queueById, setTimer, takeFromLine, type World } from './world.ts'

const HANDLED_KEPT = 50
/** More than come in while a switch is away or an engine is started again: so many at least, and at most twice as many. */
const OVER_KEPT = 5_000
/** Hung up sooner than this: in the archive, in no figure. calls.md 1 */
export const SHORT_MS = 5_000

export function evolve(world: World, recorded: Recorded): void {
  const { fact, at, position } = recorded
  world.position = position
  world.at = at
  if ('callId' in fact && fact.type !== 'alarm.raised') ofCall(world, fact, at, position)
  if ('agentId' in fact && fact.type.startsWith('agent.')) ofAgent(world, fact as Agent.Fact, at)
  if (fact.type.startsWith('campaign.') || fact.type.startsWith('doNotCall.')) ofCampaign(world, fact as CampaignFact, at)
  ofSolution(world, fact, at)
}

function ofSolution(world: World, fact: Fact, at: Ms): void {
  switch (fact.type) {
    case 'solution.taken':
      world.solution = fact.version
      return
    case 'hours.turned':
      world.hours.set(fact.hoursId, { open: fact.open, until: fact.until, closesAt: fact.closesAt, nextDayClosesAt: fact.nextDayClosesAt })
      setTimer(world, `hours:${fact.hoursId}`, fact.until, { type: 'hours.timeOut', hoursId: fact.hoursId })
      return
    case 'day.turned':
      dayTurned(world, world.day)
      world.day = { from: fact.from, until: fact.until }
      for (const queue of world.queues.values()) queue.today = noFigures()
      world.dialledToday.clear()
      setTimer(world, 'day', fact.until, { type: 'day.timeOut' })
      return
    case 'queue.deserted':
      queueById(world, fact.queueId).callersLeaveAt = fact.callersLeaveAt
      setTimer(world, `deserted:${fact.queueId}`, fact.callersLeaveAt, { type: 'queue.timeOut', queueId: fact.queueId })
      return
    case 'queue.staffed':
      queueById(world, fact.queueId).callersLeaveAt = null
      setTimer(world, `deserted:${fact.queueId}`, null, { type: 'queue.timeOut', queueId: fact.queueId })
      return
    case 'clock.stepped':
      if (fact.movedMs !== undefined) moveWaits(world, fact.movedMs)
      return
    case 'switch.lost':
      world.switchAway = true
      return
    case 'switch.found':
      world.switchAway = false
      return
    case 'alarm.raised': {
      const { type, ...said } = fact
      world.alarms.set(alarmId(said), { raisedAt: at, ...said })
      return
    }
    case 'alarm.cleared':
      if (fact.about !== undefined) world.alarms.delete(alarmId(fact))
      else for (const [id, { alarm }] of world.alarms) if (alarm === fact.alarm) world.alarms.delete(id)
  }
}

function ofAgent(world: World, fact: Agent.Fact, at: Ms): void {
  const agent = Agent.evolve(agentById(world, fact.agentId), fact, at)
  world.agents.set(agent.id, agent)
  timeAgent(world, agent)
}

function timeAgent(world: World, agent: Agent.State): void {
  const key = `agent:${agent.id}`
  if (agent.until === null) world.timers.delete(key)
  else
    setTimer(world, key, agent.until, {
      type: agent.status === 'wrapUp' ? 'wrapUp.timeOut' : agent.status === 'unreachable' ? 'phone.timeOut' : 'rest.timeOut',
      agentId: agent.id,
    })
  if (agent.wish?.effectAt != null) setTimer(world, `wish:${agent.id}`, agent.wish.effectAt, { type: 'wish.timeOut', agentId: agent.id })
  else world.timers.delete(`wish:${agent.id}`)
}

/** Facts of callbacks and of contacts that move their entry. */
const READ_BY_ENTRY = /^callback\.|^card\.|^contact\.(dealt|answered)$/

type CallFact = Extract<Fact, { callId: string }>

function ofCall(world: World, fact: CallFact, at: Ms, position: number): void {
  if (fact.type === 'call.started') {
    world.calls.set(fact.callId, Call.initial(fact, at))
    if (fact.campaignId !== undefined) callBegun(world, fact.campaignId, fact.callId)
    if (fact.agentId !== undefined && fact.customer !== null) dialled(world, fact.customer)
    return
  }
  if (fact.type.startsWith('agent.')) return
  const call = callById(world, fact.callId)
  if (fact.type === 'leg.ended') call.toldBeforeEnd = call.toldAt
  call.toldAt = Math.max(call.toldAt, ('happenedAt' in fact ? fact.happenedAt : undefined) ?? at)
  switch (fact.type) {
    case 'leg.arrived':
    case 'leg.requested':
    case 'leg.ringing':
    case 'leg.answered':
    case 'leg.held':
    case 'leg.resumed':
    case 'leg.muted':
    case 'leg.unmuted':
    case 'leg.warned':
    case 'leg.ended':
      ofLeg(world, call, fact, at, position)
      return
    case 'bridge.joined':
      joined(call, fact, at)
      return
    case 'consult.started':
    case 'consult.ended':
    case 'transfer.requested':
    case 'transfer.failed':
    case 'phone.lost':
      ofTalk(world, call, fact)
      if (fact.type === 'phone.lost') call.playing = `${call.id}.${position}`
      return
    case 'menu.entered':
    case 'prompt.finished':
    case 'menu.keyingStarted':
    case 'menu.extensionAsked':
    case 'menu.repeated':
    case 'menu.left':
      ofMenu(world, call, fact, at, position)
      return
    case 'call.ended':
      call.ended = true
      world.calls.delete(call.id)
      callOver(world, call)
      for (const leg of call.legs.values()) forget(world, leg)
      return
    case 'entry.left':
      if (fact.happenedAt === undefined) call.toldBeforeEnd = Math.max(call.toldBeforeEnd, at)
      ofEntry(world, call, fact, at, position)
      return
    case 'entry.joined':
    case 'entry.announced':
      ofEntry(world, call, fact, at, position)
      return
    default:
      if (fact.type.startsWith('contact.') || fact.type.startsWith('card.')) ofContact(world, call, fact as ContactFact, at)
      if (READ_BY_ENTRY.test(fact.type)) ofEntry(world, call, fact as EntryReads, at, position)
  }
}

function forget(world: World, leg: Leg.State): void {
  world.callOfLeg.delete(leg.id)
  world.over.add(leg.id)
  if (world.over.size < 2 * OVER_KEPT) return
  // Many at once: a set whose oldest is taken out each time is walked past all that were taken out before.
  for (const oldest of world.over) {
    world.over.delete(oldest)
    if (world.over.size <= OVER_KEPT) return
  }
}

type TalkReads = Extract<Fact, { type: 'consult.started' | 'consult.ended' | 'transfer.requested' | 'transfer.failed' | 'phone.lost' }>

/** An agent called this number: by itself, to consult, or to give a call away. */
function dialled(world: World, personId: PersonId): void {
  world.dialledToday.set(personId, (world.dialledToday.get(personId) ?? 0) + 1)
}

function ofTalk(world: World, call: Call.State, fact: TalkReads): void {
  switch (fact.type) {
    case 'consult.started': {
      if ('person' in fact.to) dialled(world, fact.to.person)
      const own = Call.legsUp(call).find((leg) => leg.agentId === fact.agentId && leg.status === 'answered')
      call.consult = own === undefined ? null : { agentId: fact.agentId, legId: own.id, targetLegId: null, to: fact.to }
      return
    }
    case 'consult.ended':
      call.consult = null
      call.bridges = { ...call.bridges, consult: [] }
      return
    case 'transfer.requested':
      // Who was consulted first has been counted then.
      if (call.consult === null && 'person' in fact.to) dialled(world, fact.to.person)
      if (fact.blind) call.handover = { agentId: fact.agentId, what: 'transfer' }
      return
    case 'transfer.failed':
      call.handover = { agentId: fact.agentId, what: 'rungBack' }
      return
    case 'phone.lost':
      call.handover = { agentId: fact.agentId, what: 'lost' }
  }
}

function joined(call: Call.State, fact: Extract<Fact, { type: 'bridge.joined' }>, at: Ms): void {
  // Joined with the customer again, a leg has left the consult; consulting, it keeps its place with the customer.
  const consult = fact.bridge === 'consult' ? fact.legs : call.bridges.consult.filter((id) => !fact.legs.includes(id))
  call.bridges = { main: fact.bridge === 'main' ? fact.legs : call.bridges.main, consult }
  if (fact.bridge === 'main' && fact.legs.length > 1) call.handover = null
  const target = fact.bridge === 'consult' ? fact.legs.find((id) => id !== call.consult?.legId) : undefined
  if (call.consult !== null && target !== undefined) call.consult = { ...call.consult, targetLegId: target }
  const entry = call.entry
  for (const id of fact.legs) {
    const leg = call.legs.get(id)
    if (leg !== undefined && fact.legs.length > 1) call.legs.set(id, Leg.joinedIn(leg, fact.bridge))
    const queueId = entry?.queueId ?? call.talk?.queueId
    const goesOn = call.talk !== null && fact.legs.includes(call.talk.legId)
    if (fact.bridge === 'main' && fact.legs.length > 1 && leg?.agentId != null && queueId !== undefined && !goesOn)
      call.talk = { agentId: leg.agentId, queueId, since: at, legId: id }
  }
}

function ofLeg(world: World, call: Call.State, fact: Leg.Fact, at: Ms, position: number): void {
  const known = call.legs.get(fact.legId)
  const leg = fact.type === 'leg.arrived' || fact.type === 'leg.requested' ? Leg.initial(fact, at) : known && Leg.evolve(known, fact, at)
  if (leg === undefined) return
  call.legs.set(leg.id, leg)
  if (fact.type === 'leg.arrived' || fact.type === 'leg.requested') {
    world.callOfLeg.set(leg.id, call.id)
    if (leg.personId !== null) add(world.legsOf, leg.personId, leg.id)
    setTimer(world, `ring:${leg.id}`, leg.ringUntil, { type: 'ring.timeOut', legId: leg.id })
    if (leg.purpose === 'consult' && call.consult !== null) call.consult = { ...call.consult, targetLegId: leg.id }
  }
  if (fact.type === 'leg.answered') world.timers.delete(`ring:${leg.id}`)
  if (fact.type === 'leg.warned') setTimer(world, `leg:${leg.id}`, leg.endsAt, { type: 'leg.timeOut', legId: leg.id })
  if (fact.type === 'leg.ended') {
    world.timers.delete(`ring:${leg.id}`)
    world.timers.delete(`leg:${leg.id}`)
    if (leg.personId !== null) remove(world.legsOf, leg.personId, leg.id)
    if (call.bridges.main.includes(leg.id) || call.bridges.consult.includes(leg.id))
      call.bridges = { main: call.bridges.main.filter((id) => id !== leg.id), consult: call.bridges.consult.filter((id) => id !== leg.id) }
    call.lastLegEndedAt = fact.happenedAt ?? at
    call.lastLegEndLearntAt = at
    if (call.talk?.legId === leg.id) {
      handled(world, call.talk, fact.happenedAt ?? at)
      passOn(call, call.talk, fact.happenedAt ?? at)
    }
  }
  if (leg.agentId !== null && (fact.type === 'leg.requested' || fact.type === 'leg.answered')) {
    const agent = Agent.evolve(agentById(world, leg.agentId), fact, at)
    world.agents.set(agent.id, agent)
    timeAgent(world, agent)
  }
  if (fact.type === 'leg.requested' || fact.type === 'leg.ended') ofContactsLeg(world, call, fact, leg.party, at)
  const entry = call.entry
  if (
    entry !== null &&
    leg.entryId === entry.id &&
    (fact.type === 'leg.requested' || fact.type === 'leg.answered' || fact.type === 'leg.ended')
  )
    replace(world, call, entry, Entry.evolve(entry, fact, at, position, leg.agentId !== null))
}

/** The conversation goes on with another agent who is in it. */
function passOn(call: Call.State, talk: NonNullable<Call.State['talk']>, at: Ms): void {
  for (const id of call.bridges.main) {
    const agentId = call.legs.get(id)?.agentId
    if (agentId != null) call.talk = { agentId, queueId: talk.queueId, since: at, legId: id }
  }
}

function handled(world: World, talk: NonNullable<Call.State['talk']>, at: Ms): void {
  const queue = queueById(world, talk.queueId)
  queue.handled.push({ at, ms: at - talk.since })
  if (queue.handled.length > HANDLED_KEPT) queue.handled.shift()
}

function ofMenu(world: World, call: Call.State, fact: Menu.Fact, at: Ms, position: number): void {
  const key = `silence:${call.id}`
  const playId = `${call.id}.${position}`
  if (fact.type !== 'menu.left' && fact.type !== 'prompt.finished') call.playing = playId
  if (fact.type === 'menu.entered') call.handover = null
  if (fact.type === 'menu.entered') silentTold(world, call, at)
  if (fact.type === 'menu.entered') call.menu = Menu.initial(fact, at, playId)
  else if (fact.type === 'menu.left') {
    if (fact.how === 'choice' && call.menu?.what === 'menu') call.menuPath.push(`${fact.menuId}:${fact.choice ?? ''}`)
    call.menu = null
    world.timers.delete(key)
  } else if (call.menu !== null) {
    call.menu = Menu.evolve(call.menu, fact, playId)
    if (fact.type === 'prompt.finished') setTimer(world, key, fact.silentAt, { type: 'menu.silence', callId: call.id })
    else world.timers.delete(key)
  }
}

type EntryReads = Parameters<typeof Entry.evolve>[1] | Extract<Fact, { type: 'entry.joined' | 'entry.left' }>

function ofEntry(world: World, call: Call.State, fact: EntryReads, at: Ms, position: number): void {
  if (fact.type === 'entry.joined') {
    const entry = Entry.initial(fact, at, position)
    world.callOfEntry.set(entry.id, call.id)
    const queue = queueById(world, entry.queueId)
    queue.entries.add(entry.id)
    if (entry.kind === 'line') queue.callers += 1
    setTimer(world, `leaves:${entry.id}`, entry.leavesAt, { type: 'entry.timeOut', entryId: entry.id })
    setTimer(world, `announce:${entry.id}`, fact.announceAt ?? null, { type: 'entry.announce', entryId: entry.id })
    if (entry.kind === 'line') call.handover = null
    if (entry.kind === 'line' && call.firstQueue === null) queueById(world, entry.queueId).today.offered += 1
    call.firstQueue ??= { queueId: entry.queueId, at, slaMs: entry.slaMs }
    const talked = call.waitsFrom !== null && call.talk !== null && call.talk.since >= call.waitsFrom
    if (entry.kind !== 'consult' && (call.waitsFrom === null || talked)) call.waitsFrom = at
    replace(world, call, null, entry)
    return
  }
  const entry = call.entry
  if (entry === null) return
  if (fact.type === 'entry.left') {
    for (const name of ['leaves', 'announce', 'due', 'expires']) world.timers.delete(`${name}:${entry.id}`)
    replace(world, call, entry, null)
    contactLeft(world, call, fact, fact.happenedAt ?? at)
    count(world, call, entry, fact, fact.happenedAt ?? at)
    const queue = queueById(world, entry.queueId)
    queue.entries.delete(entry.id)
    if (entry.callback !== null) queue.callbacks -= 1
    else if (entry.kind === 'line') queue.callers -= 1
    world.callOfEntry.delete(entry.id)
    if (entry.callback !== null) remove(world.callbacksOf, entry.callback.personId, entry.id)
    return
  }
  const next = Entry.evolve(entry, fact, at, position, false)
  replace(world, call, entry, next)
  if (fact.type === 'entry.announced') {
    if (fact.what !== 'nothing') call.playing = `${call.id}.${position}`
    setTimer(world, `announce:${entry.id}`, fact.nextAt, { type: 'entry.announce', entryId: entry.id })
  }
  if (fact.type === 'callback.orderStarted') world.timers.delete(`announce:${entry.id}`)
  if (fact.type === 'callback.ordered') {
    add(world.callbacksOf, fact.personId, entry.id)
    call.askFor = fact.noteId ?? null
    const queue = queueById(world, entry.queueId)
    queue.callbacks += 1
    if (entry.kind === 'line') queue.callers -= 1
    world.timers.delete(`leaves:${entry.id}`)
    setTimer(world, `expires:${entry.id}`, fact.expiresAt, { type: 'callback.expire', entryId: entry.id })
    queueById(world, call.firstQueue?.queueId ?? entry.queueId).today.callbacksOrdered += 1
  }
  if (next.callback !== null) setTimer(world, `due:${entry.id}`, next.callback.dueAt, { type: 'callback.due', entryId: entry.id })
}

/** Keeps the line of the queue right: an entry stands in it exactly while it may be offered. */
function replace(world: World, call: Call.State, old: Entry.State | null, next: Entry.State | null): void {
  if (old !== null && Entry.isOfferable(old)) takeFromLine(world, old)
  call.entry = next
  if (next !== null && Entry.isOfferable(next)) putInLine(world, next)
}

/** The day's figures of the first queue the caller joined. calls.md 1 */
function count(world: World, call: Call.State, entry: Entry.State, fact: Extract<Fact, { type: 'entry.left' }>, at: Ms): void {
  const first = call.firstQueue
  if (first === null || entry.kind !== 'line' || entry.callback !== null || talkedBefore(call, entry)) return
  const today = queueById(world, first.queueId).today
  const turnedAway = fact.reason === 'full' || fact.reason === 'closed' || fact.reason === 'noAgents'
  if (turnedAway && at === entry.joinedAt && at === first.at) {
    today.offered -= 1
    call.firstQueue = null
  }
  if (fact.reason === 'answered') {
    today.answered += 1
    if (first.slaMs > 0 && at - first.at <= first.slaMs) today.answeredWithinSla += 1
  }
  if (fact.reason === 'hungUp') {
    if (at - first.at < SHORT_MS) today.short += 1
    else today.abandoned += 1
  }
}

/** Handed on from a conversation: it was counted when it came in. */
const talkedBefore = (call: Call.State, entry: Entry.State): boolean =>
  [...call.legs.values()].some((leg) => leg.joined === 'main' && leg.party === 'agent' && (leg.answeredAt ?? Infinity) <= entry.joinedAt)

function add<Id extends LegId | EntryId | AgentId>(index: Map<PersonId, readonly Id[]>, person: PersonId, id: Id): void {
  index.set(person, [...(index.get(person) ?? []), id])
}

function remove<Id extends LegId | EntryId | AgentId>(index: Map<PersonId, readonly Id[]>, person: PersonId, id: Id): void {
  const rest = (index.get(person) ?? []).filter((other) => other !== id)
  if (rest.length === 0) index.delete(person)
  else index.set(person, rest)
}
