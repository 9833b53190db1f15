/**
 * Nothing waits without an end and an owner. For each state of each noun: the stored timer that ends it, or whoever else does: a phone
 * that rings (and has a timer of its own), a person on the line (whose line the sweep watches), or a person who may stay as long as he
 * likes. A state that is new does not compile without a row here. calls.md 7
 */
import type * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import type * as Callback from '../callback/callback.ts'
import type * as Contact from '../campaign/contact.ts'
import type { TimerInput } from '../inputs.ts'
import type * as Leg from '../leg/leg.ts'
import type * as Menu from '../menu/menu.ts'
import type * as Entry from '../queue/entry.ts'
import type { World } from './world.ts'

interface Place {
  readonly world: World
  readonly call: Call.State
}

/** Whether it has an end. */
type Ends<T> = (thing: T, place: Place) => boolean

const timed = (world: World, key: string, type: TimerInput['type']): boolean => world.timers.get(key)?.input.type === type
const rings = (world: World, leg: Leg.State | undefined): boolean =>
  leg !== undefined && (leg.status === 'requested' || leg.status === 'ringing') && timed(world, `ring:${leg.id}`, 'ring.timeOut')
const isOn = (leg: Leg.State | undefined): boolean => leg?.status === 'answered'
const legsOf = (call: Call.State, party: Leg.State['party']): readonly Leg.State[] =>
  [...call.legs.values()].filter((leg) => leg.party === party && leg.status !== 'ended')
const aPhoneRings = ({ world, call }: Place): boolean => [...call.legs.values()].some((leg) => rings(world, leg))
const somebodyIsOn = ({ call }: Place): boolean => [...call.legs.values()].some(isOn)
/** A line that rings us is answered, or refused, in the turn it comes in; the far end may leave it at any time. */
const isOnTheLine = ({ call }: Place): boolean => legsOf(call, 'customer').some((leg) => isOn(leg) || leg.inbound)
const ends = (): boolean => true

const LEGS: Readonly<Record<Leg.State['status'], Ends<Leg.State>>> = {
  requested: (leg, { world }) => rings(world, leg),
  ringing: (leg, { world }) => leg.inbound || rings(world, leg),
  // By whoever is on it; the sweep ends one the switch does not know, one that brings no sound, and one that is up for too long.
  answered: ends,
  ended: ends,
}

const AGENTS: Readonly<Record<Agent.Status, (agent: Agent.State, world: World) => boolean>> = {
  loggedOff: ends,
  ready: (agent, world) =>
    (agent.wish === null || timed(world, `wish:${agent.id}`, 'wish.timeOut')) &&
    (agent.card === null || timed(world, `card:${agent.card.callId}`, 'card.timeOut')),
  connecting: (agent, world) => rings(world, world.calls.get(agent.matter?.callId ?? '')?.legs.get(agent.matter?.legId ?? '')),
  connected: (agent, world) => isOn(world.calls.get(agent.matter?.callId ?? '')?.legs.get(agent.matter?.legId ?? '')),
  wrapUp: (agent, world) => timed(world, `agent:${agent.id}`, 'wrapUp.timeOut'),
  rejected: (agent, world) => timed(world, `agent:${agent.id}`, 'rest.timeOut'),
  noAnswer: (agent, world) => timed(world, `agent:${agent.id}`, 'rest.timeOut'),
  unreachable: (agent, world) => timed(world, `agent:${agent.id}`, 'phone.timeOut'),
  // A person's own wish.
  paused: ends,
}

const ENTRIES: Readonly<Record<Entry.State['status'], Ends<Entry.State>>> = {
  // A callback and a contact have rows of their own.
  waiting: (entry, place) => {
    if (entry.callback !== null || entry.kind === 'dialler') return true
    if (entry.kind === 'outbound') return aPhoneRings(place)
    if (entry.kind === 'consult') return place.call.consult !== null && somebodyIsOn(place)
    const leaves = entry.leavesAt === null || timed(place.world, `leaves:${entry.id}`, 'entry.timeOut')
    return leaves && isOnTheLine(place)
  },
  ordering: (_, place) => place.call.menu !== null && isOnTheLine(place),
  // A callback and a contact who was called go on after the agent has answered; each has a row of its own.
  offered: (entry, place) => {
    if (entry.callback !== null || place.call.contact !== null) return true
    return entry.kind === 'outbound' ? aPhoneRings(place) : rings(place.world, place.call.legs.get(entry.offer?.legId ?? ''))
  },
}

const CALLBACKS: Readonly<Record<Callback.Status, Ends<Callback.State>>> = {
  notYet: (callback, { world }) => timed(world, `due:${callback.entryId}`, 'callback.due'),
  // For an agent, or for the customer's line to be free; at the latest until it is given up.
  waiting: (callback, { world }) => timed(world, `expires:${callback.entryId}`, 'callback.expire'),
  offered: (_, place) => aPhoneRings(place),
  dialling: (_, place) => aPhoneRings(place),
  talking: (_, place) => somebodyIsOn(place) || wrapsUp(place),
  pausing: (callback, { world }) => timed(world, `due:${callback.entryId}`, 'callback.due'),
  networkWait: (callback, { world }) => timed(world, `due:${callback.entryId}`, 'callback.due'),
  closed: ends,
}

const wrapsUp = ({ world, call }: Place): boolean => call.talk !== null && timed(world, `agent:${call.talk.agentId}`, 'wrapUp.timeOut')

const CONTACTS: Readonly<Record<Contact.State['status'], Ends<Contact.State>>> = {
  dialling: (_, place) => aPhoneRings(place),
  answered: (_, { world, call }) => timed(world, `silent:${call.id}`, 'contact.silence'),
  // Without an end of its calling hours: until its campaign is stopped.
  waiting: (contact, { world, call }) => contact.until === null || timed(world, `until:${call.id}`, 'contact.hoursEnd'),
  shown: (_, { world, call }) => timed(world, `card:${call.id}`, 'card.timeOut'),
  calling: (_, place) => aPhoneRings(place),
  joined: (_, place) => somebodyIsOn(place) || wrapsUp(place) || aPhoneRings(place),
  silent: (_, place) => somebodyIsOn(place),
  gone: ends,
  settled: ends,
}

const MENUS: Readonly<Record<Menu.State['phase'], Ends<Menu.State>>> = {
  // The switch tells when it has been heard; whoever hears it may go at any time.
  playing: (_, place) => somebodyIsOn(place) || isOnTheLine(place),
  // Digits that are collected into a number have a clock of their own, at the engine's edge.
  listening: (_, place) => isOnTheLine(place),
}

/** What is rung for a consult or to take a conversation over has an end, or a queue to wait in. */
const setUpEnds = (place: Place): boolean => {
  const { consult, handover } = place.call
  const target = place.call.legs.get(consult?.targetLegId ?? '')
  const asked = consult === null || rings(place.world, target) || isOn(target) || place.call.entry?.kind === 'consult'
  return asked && (handover === null || aPhoneRings(place) || legsOf(place.call, 'customer').length === 0)
}

export function endless(world: World): readonly string[] {
  const broken: string[] = []
  for (const agent of world.agents.values()) if (!AGENTS[agent.status](agent, world)) broken.push(`${agent.id} is ${agent.status} for ever`)
  for (const call of world.calls.values()) {
    const place = { world, call }
    const { entry, contact, menu } = call
    for (const leg of call.legs.values()) if (!LEGS[leg.status](leg, place)) broken.push(`${leg.id} is ${leg.status} for ever`)
    if (entry !== null && !ENTRIES[entry.status](entry, place)) broken.push(`${entry.id} (${entry.kind}) is ${entry.status} for ever`)
    const callback = entry?.callback ?? null
    if (callback !== null && !CALLBACKS[callback.status](callback, place))
      broken.push(`the callback ${callback.entryId} is ${callback.status} for ever`)
    if (contact !== null && !CONTACTS[contact.status](contact, place))
      broken.push(`the contact of ${call.id} is ${contact.status} for ever`)
    if (menu !== null && !MENUS[menu.phase](menu, place)) broken.push(`${call.id} is ${menu.phase} ${menu.menuId} for ever`)
    if (!setUpEnds(place)) broken.push(`${call.id} waits for ever to be consulted or taken over`)
  }
  return broken
}
