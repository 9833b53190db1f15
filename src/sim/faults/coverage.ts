/** How often each kind of fault met each state of each machine. A fault that never meets a state proves nothing about it. */
import type * as Agent from '#core/agent/agent.ts'
import type * as Call from '#core/call/call.ts'
import type * as Callback from '#core/callback/callback.ts'
import type * as Campaign from '#core/campaign/campaign.ts'
import type * as Contact from '#core/campaign/contact.ts'
import type * as Leg from '#core/leg/leg.ts'
import type * as Menu from '#core/menu/menu.ts'
import type * as Entry from '#core/queue/entry.ts'
import { callByLeg, type World } from '#core/world/world.ts'
import type { Fault } from './kinds.ts'
import type { Met } from './trouble.ts'

type Names<T extends string> = Readonly<Record<T, true>>

/** Every state of every machine. The types see to it that none is left out; those in which nothing is left to happen are no states to meet. */
const LEG: Names<Leg.State['status'] | 'held'> = { requested: true, ringing: true, answered: true, held: true, ended: true }
const ENTRY: Names<Entry.State['status']> = { waiting: true, ordering: true, offered: true }
const CALLBACK: Names<Exclude<Callback.Status, 'closed'>> = {
  notYet: true,
  waiting: true,
  offered: true,
  dialling: true,
  talking: true,
  pausing: true,
  networkWait: true,
}
const AGENT: Names<Agent.Status | 'wishes' | 'hasCard'> = {
  loggedOff: true,
  ready: true,
  connecting: true,
  connected: true,
  wrapUp: true,
  rejected: true,
  noAnswer: true,
  paused: true,
  unreachable: true,
  wishes: true,
  hasCard: true,
}
const CAMPAIGN: Names<Campaign.State['status'] | 'atLimit' | 'overLimit'> = {
  draft: true,
  scheduled: true,
  running: true,
  paused: true,
  stopped: true,
  done: true,
  atLimit: true,
  overLimit: true,
}
const CONTACT: Names<Contact.State['status']> = {
  dialling: true,
  answered: true,
  waiting: true,
  shown: true,
  calling: true,
  joined: true,
  silent: true,
  gone: true,
  settled: true,
}
const MENU: Names<`${Menu.State['what']} ${Menu.State['phase']}`> = {
  'menu playing': true,
  'menu listening': true,
  'ordering playing': true,
  'ordering listening': true,
  'message playing': true,
  'message listening': true,
}
type CallState = Call.State['direction'] | 'consulting' | 'conference' | 'handedOver' | 'phoneLost' | 'wrappedUp'
const CALL: Names<CallState> = {
  inbound: true,
  outbound: true,
  internal: true,
  consulting: true,
  conference: true,
  handedOver: true,
  phoneLost: true,
  wrappedUp: true,
}

/**
 * A message is heard to its end, and its contact is gone with it, within one turn; a contact is settled in the turn in which its call is over:
 * nothing can meet these.
 */
const WITHIN_A_TURN: ReadonlySet<string> = new Set(['menu message listening', 'contact gone', 'contact settled'])

const MACHINES: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  call: CALL,
  leg: LEG,
  menu: MENU,
  entry: ENTRY,
  callback: CALLBACK,
  agent: AGENT,
  campaign: CAMPAIGN,
  contact: CONTACT,
}

/** `machine state`, in the order they are told. */
export const STATES: readonly string[] = Object.entries(MACHINES)
  .flatMap(([machine, states]) => Object.keys(states).map((state) => `${machine} ${state}`))
  .filter((state) => !WITHIN_A_TURN.has(state))

/** By fault and state. */
export type Hits = Partial<Record<Fault, Record<string, number>>>

export class Coverage {
  readonly hits: Hits = {}

  /** `times`: how often the fault itself was. */
  hit(fault: Fault, world: World, met: Met): void {
    const hits = this.hits[fault] ?? { times: 0 }
    this.hits[fault] = hits
    const count = (state: string): void => {
      hits[state] = (hits[state] ?? 0) + 1
    }
    count('times')
    if (met !== null && 'legId' in met) {
      const call = callByLeg(world, met.legId)
      if (call !== undefined) ofCall(call, count, met.legId)
      const agentId = call?.legs.get(met.legId)?.agentId
      const agent = agentId == null ? undefined : world.agents.get(agentId)
      if (agent !== undefined) ofAgent(agent, count)
      const campaign = call?.contact == null ? undefined : world.campaigns.get(call.contact.campaignId)
      if (campaign !== undefined) ofCampaign(campaign, count)
      return
    }
    if (met !== null && 'callId' in met) {
      const call = world.calls.get(met.callId)
      if (call === undefined) return
      ofCall(call, count)
      for (const { agentId } of call.legs.values()) {
        const agent = world.agents.get(agentId ?? '')
        if (agent?.matter?.callId === call.id) ofAgent(agent, count)
      }
      const campaign = call.contact === null ? undefined : world.campaigns.get(call.contact.campaignId)
      if (campaign !== undefined) ofCampaign(campaign, count)
      return
    }
    if (met !== null) {
      const agent = world.agents.get(met.agentId)
      if (agent !== undefined) ofAgent(agent, count)
      const call = world.calls.get(agent?.matter?.callId ?? agent?.card?.callId ?? '')
      if (call !== undefined) ofCall(call, count)
      return
    }
    for (const call of world.calls.values()) ofCall(call, count)
    for (const agent of world.agents.values()) ofAgent(agent, count)
    for (const campaign of world.campaigns.values()) ofCampaign(campaign, count)
  }
}

function ofCall(call: Call.State, count: (state: string) => void, legId?: string): void {
  count(`call ${call.direction}`)
  if (call.consult !== null) count('call consulting')
  if (call.bridges.main.length > 2) count('call conference')
  if (call.handover !== null) count(call.handover.what === 'lost' ? 'call phoneLost' : 'call handedOver')
  const up = [...call.legs.values()].filter((leg) => leg.status !== 'ended')
  if (up.length === 0 && call.entry === null) count('call wrappedUp')
  // Those that are over are part of what is kept of a call.
  for (const leg of [...call.legs.values()].filter(({ id }) => legId === undefined || id === legId)) {
    count(`leg ${leg.status}`)
    if (leg.held) count('leg held')
  }
  if (call.menu !== null) count(`menu ${call.menu.what} ${call.menu.phase}`)
  if (call.entry !== null) count(`entry ${call.entry.status}`)
  if (call.entry?.callback != null) count(`callback ${call.entry.callback.status}`)
  if (call.contact !== null) count(`contact ${call.contact.status}`)
}

function ofAgent(agent: Agent.State, count: (state: string) => void): void {
  count(`agent ${agent.status}`)
  if (agent.wish !== null) count('agent wishes')
  if (agent.card !== null) count('agent hasCard')
}

function ofCampaign(campaign: Campaign.State, count: (state: string) => void): void {
  count(`campaign ${campaign.status}`)
  if (campaign.limit === 'reached') count('campaign atLimit')
  if (campaign.limit === 'forTheDay') count('campaign overLimit')
}

/** Of several worlds together. */
export function addHits(into: Hits, more: Hits): void {
  for (const [fault, hits] of Object.entries(more) as [Fault, Record<string, number>][]) {
    const sum = into[fault] ?? {}
    into[fault] = sum
    for (const [state, times] of Object.entries(hits)) sum[state] = (sum[state] ?? 0) + times
  }
}
