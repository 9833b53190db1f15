/**
 * Everything a solution is in the middle of: calls, agents, queues, opening hours, timers. It is made of facts alone: the same
 * journal gives the same world, and a snapshot of it plus the facts after it gives the same again.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import type * as Campaign from '../campaign/campaign.ts'
import type { AlarmKind } from '../facts.ts'
import type { TimerInput } from '../inputs.ts'
import {
  type AgentId,
  Bug,
  type CallId,
  type CampaignId,
  type ContactId,
  type EntryId,
  type HoursId,
  type LegId,
  type Ms,
  type PersonId,
  type QueueId,
} from '../kernel/kernel.ts'
import type * as Entry from '../queue/entry.ts'
import { before } from '../queue/entry.ts'

export interface Hours {
  readonly open: boolean
  readonly until: Ms | null
  readonly closesAt: Ms | null
  readonly nextDayClosesAt: Ms | null
}

export interface QueueFigures {
  offered: number
  answered: number
  callbacksOrdered: number
  abandoned: number
  short: number
  answeredWithinSla: number
}

export interface QueueState {
  readonly id: QueueId
  /** Entries an agent may be rung for now, in line. */
  readonly line: EntryId[]
  /** All its entries: waiting, ordering, offered, off the line. */
  readonly entries: Set<EntryId>
  /** Of these, callers on the line, and callbacks off it. */
  callers: number
  callbacks: number
  today: QueueFigures
  /** The last 50 handling times (conversation), newest last. calls.md 1 */
  handled: { readonly at: Ms; readonly ms: Ms }[]
  /** Callers leave then, for no agent serves it any more. */
  callersLeaveAt: Ms | null
}

export interface Timer {
  readonly at: Ms
  readonly input: TimerInput
}

export interface Alarm {
  readonly alarm: AlarmKind
  readonly raisedAt: Ms
  readonly callId?: CallId
  readonly about?: string
  readonly detail?: string
}

/** An alarm's own name: its kind, and what it is about. */
export const alarmId = ({ alarm, callId, about }: Pick<Alarm, 'alarm' | 'callId' | 'about'>): string => {
  const subject = callId ?? about
  return subject === undefined ? alarm : `${alarm}:${subject}`
}

export interface World {
  position: number
  at: Ms
  /** The version of the solution new calls are handled by. */
  solution: string
  readonly calls: Map<CallId, Call.State>
  readonly callOfLeg: Map<LegId, CallId>
  /** Legs of calls that are over, newest last: should the switch still have one, our hang-up was lost on the way. */
  readonly over: Set<LegId>
  readonly callOfEntry: Map<EntryId, CallId>
  readonly agents: Map<AgentId, Agent.State>
  readonly queues: Map<QueueId, QueueState>
  readonly campaigns: Map<CampaignId, Campaign.State>
  readonly hours: Map<HoursId, Hours>
  /** Open callbacks by whom they are to ring. */
  readonly callbacksOf: Map<PersonId, readonly EntryId[]>
  /** Legs alive by whose number they have: one number, one leg. */
  readonly legsOf: Map<PersonId, readonly LegId[]>
  /** Agents' own calls of this day of the solution, by the number called. */
  readonly dialledToday: Map<PersonId, number>
  readonly timers: Map<string, Timer>
  /** By `alarmId`. */
  readonly alarms: Map<string, Alarm>
  day: { readonly from: Ms; readonly until: Ms } | null
  switchAway: boolean
  /** Keys of timers set since somebody last looked: the engine's heap is fed from here. Not part of the state. */
  readonly touched: string[]
}

export const initial = (): World => ({
  position: 0,
  at: 0,
  solution: '',
  calls: new Map(),
  callOfLeg: new Map(),
  over: new Set(),
  callOfEntry: new Map(),
  agents: new Map(),
  queues: new Map(),
  campaigns: new Map(),
  hours: new Map(),
  callbacksOf: new Map(),
  legsOf: new Map(),
  dialledToday: new Map(),
  timers: new Map(),
  alarms: new Map(),
  day: null,
  switchAway: false,
  touched: [],
})

export const noFigures = (): QueueFigures => ({
  offered: 0,
  answered: 0,
  callbacksOrdered: 0,
  abandoned: 0,
  short: 0,
  answeredWithinSla: 0,
})

export function callById(world: World, id: CallId): Call.State {
  const call = world.calls.get(id)
  if (call === undefined) throw new Bug(`no call ${id}`)
  return call
}

export const callByLeg = (world: World, id: LegId): Call.State | undefined => {
  const callId = world.callOfLeg.get(id)
  return callId === undefined ? undefined : world.calls.get(callId)
}

export const callByEntry = (world: World, id: EntryId): Call.State | undefined => {
  const callId = world.callOfEntry.get(id)
  return callId === undefined ? undefined : world.calls.get(callId)
}

export const entryById = (world: World, id: EntryId): Entry.State | undefined => {
  const entry = callByEntry(world, id)?.entry
  return entry?.id === id ? entry : undefined
}

export function campaignById(world: World, id: CampaignId): Campaign.State {
  const campaign = world.campaigns.get(id)
  if (campaign === undefined) throw new Bug(`no campaign ${id}`)
  return campaign
}

/** The campaign a call is for. */
export const campaignOf = (world: World, call: Call.State | undefined): Campaign.State | undefined =>
  call?.contact == null ? undefined : world.campaigns.get(call.contact.campaignId)

export const agentById = (world: World, id: AgentId): Agent.State => world.agents.get(id) ?? Agent.initial(id)

/** For `evolve` alone: makes the queue where no fact has spoken of it yet, so a rule that only looks must not ask here. */
export function queueById(world: World, id: QueueId): QueueState {
  let queue = world.queues.get(id)
  if (queue === undefined) {
    queue = { id, line: [], entries: new Set(), callers: 0, callbacks: 0, today: noFigures(), handled: [], callersLeaveAt: null }
    world.queues.set(id, queue)
  }
  return queue
}

export function setTimer(world: World, key: string, at: Ms | null, input: TimerInput): void {
  if (at === null) {
    world.timers.delete(key)
    return
  }
  world.timers.set(key, { at, input })
  world.touched.push(key)
}

/** Where an entry stands or would stand in its line. */
function placeIn(world: World, line: readonly EntryId[], entry: Entry.State): number {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = entryById(world, line[middle] ?? '')
    if (other !== undefined && before(other, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function putInLine(world: World, entry: Entry.State): void {
  const line = queueById(world, entry.queueId).line
  line.splice(placeIn(world, line, entry), 0, entry.id)
}

/** Must be called with the entry as it stood when it was put in line. */
export function takeFromLine(world: World, entry: Entry.State): void {
  const line = queueById(world, entry.queueId).line
  const place = placeIn(world, line, entry)
  if (line[place] !== entry.id) throw new Bug(`entry ${entry.id} is not where it should stand in ${entry.queueId}`)
  line.splice(place, 1)
}

/** 1 for the first. */
export const placeInLine = (world: World, entry: Entry.State): number =>
  placeIn(world, world.queues.get(entry.queueId)?.line ?? [], entry) + 1

const PLAIN = ['callOfLeg', 'callOfEntry', 'agents', 'hours', 'callbacksOf', 'legsOf', 'dialledToday', 'timers', 'alarms'] as const

/** Of `save`'s text: another number whenever the state of a machine has other fields. */
const FORMAT = 10

/** The world as JSON: the state of a snapshot. Same world, same text. */
export function save(world: World): string {
  const plain: Record<string, unknown> = {}
  for (const name of PLAIN) plain[name] = [...world[name]]
  return JSON.stringify({
    format: FORMAT,
    position: world.position,
    at: world.at,
    solution: world.solution,
    day: world.day,
    switchAway: world.switchAway,
    over: [...world.over],
    ...plain,
    calls: [...world.calls.values()].map((call) => ({ ...call, legs: [...call.legs.values()] })),
    queues: [...world.queues.values()].map((queue) => ({ ...queue, entries: [...queue.entries] })),
    campaigns: [...world.campaigns.values()].map((campaign) => ({
      ...campaign,
      calls: [...campaign.calls],
      uncounted: [...campaign.uncounted],
    })),
  })
}

interface Saved {
  readonly format: number
  readonly position: number
  readonly at: Ms
  readonly solution: string
  readonly day: World['day']
  readonly switchAway: boolean
  readonly over: readonly LegId[]
  readonly calls: readonly (Omit<Call.State, 'legs'> & { readonly legs: readonly { readonly id: LegId }[] })[]
  readonly queues: readonly (Omit<QueueState, 'entries'> & { readonly entries: readonly EntryId[] })[]
  readonly campaigns: readonly (Omit<Campaign.State, 'calls' | 'uncounted'> & {
    readonly calls: readonly CallId[]
    readonly uncounted: readonly (readonly [ContactId, Campaign.Uncounted])[]
  })[]
  readonly [name: string]: unknown
}

/** A world from `save`'s text; null where an older program wrote it: then the journal tells. */
export function load(text: string): World | null {
  const saved = JSON.parse(text) as Saved
  if (saved.format !== FORMAT) return null
  const world = initial()
  Object.assign(world, { position: saved.position, at: saved.at, solution: saved.solution, day: saved.day, switchAway: saved.switchAway })
  for (const legId of saved.over) world.over.add(legId)
  for (const name of PLAIN) {
    const into = world[name] as Map<string, unknown>
    for (const [key, value] of saved[name] as [string, unknown][]) into.set(key, value)
  }
  for (const call of saved.calls) world.calls.set(call.id, { ...call, legs: new Map(call.legs.map((leg) => [leg.id, leg])) } as Call.State)
  for (const queue of saved.queues) world.queues.set(queue.id, { ...queue, entries: new Set(queue.entries) })
  for (const campaign of saved.campaigns)
    world.campaigns.set(campaign.id, { ...campaign, calls: new Set(campaign.calls), uncounted: new Map(campaign.uncounted) })
  world.touched.push(...world.timers.keys())
  return world
}
