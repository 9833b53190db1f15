/**
 * Takes the facts of campaigns and their contacts into the world: the machines that read them, the day's totals, and the timers.
 * It decides nothing.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import * as Campaign from '../campaign/campaign.ts'
import * as Contact from '../campaign/contact.ts'
import type { CampaignFact, ContactFact, Fact, LegOutcome } from '../facts.ts'
import type { AgentId, CampaignId, Ms } from '../kernel/kernel.ts'
import { agentById, campaignById, setTimer, type World } from './world.ts'

/** A fact of a campaign, or of the do-not-call list. */
export function ofCampaign(world: World, fact: CampaignFact, at: Ms): void {
  switch (fact.type) {
    case 'campaign.removed':
      world.campaigns.delete(fact.campaignId)
      world.queues.delete(fact.campaignId)
      world.timers.delete(`campaign:${fact.campaignId}`)
      return
    case 'campaign.written': {
      const known = world.campaigns.get(fact.campaignId)
      world.campaigns.set(fact.campaignId, known === undefined ? Campaign.initial(fact) : Campaign.evolve(known, fact, at))
      return
    }
    case 'doNotCall.listed': {
      const call = fact.during === undefined ? undefined : world.calls.get(fact.during)
      if (call?.contact != null) call.contact = Contact.evolve(call.contact, fact, at)
      return
    }
    case 'doNotCall.lifted':
    case 'campaign.numberBarred':
      return
    default: {
      const campaign = Campaign.evolve(campaignById(world, fact.campaignId), fact, at)
      world.campaigns.set(campaign.id, campaign)
      if (campaign.startsAt !== null)
        setTimer(world, `campaign:${campaign.id}`, campaign.startsAt, { type: 'campaign.due', campaignId: campaign.id })
      else world.timers.delete(`campaign:${campaign.id}`)
    }
  }
}

/** A new day of the solution: every campaign's totals start at nothing. */
export function dayTurned(world: World, old: World['day']): void {
  if (old === null) return
  for (const campaign of world.campaigns.values()) world.campaigns.set(campaign.id, Campaign.turned(campaign, old))
}

/** A fact of one contact's call. */
export function ofContact(world: World, call: Call.State, fact: ContactFact, at: Ms): void {
  if (fact.type === 'contact.dealt') {
    call.contact = Contact.initial(fact)
    if (!fact.agentFirst) turnOf(world, fact.campaignId)
    if (fact.agentFirst) setTimer(world, `until:${call.id}`, fact.until, { type: 'contact.hoursEnd', callId: call.id })
    setTimer(world, `alone:${call.id}`, fact.anyoneAt ?? null, { type: 'contact.release', callId: call.id })
    return
  }
  if (call.contact === null) return
  const answeredAt = fact.type === 'contact.answered' ? answerOf(call, at) : at
  call.contact = Contact.evolve(call.contact, fact, answeredAt)
  switch (fact.type) {
    case 'contact.answered':
      add(world, call, answeredAt, 'answered')
      setTimer(world, `silent:${call.id}`, fact.silentAt, { type: 'contact.silence', callId: call.id })
      return
    case 'contact.silent':
      add(world, call, call.contact.answeredAt ?? at, 'silent')
      return
    case 'card.shown':
      turnOf(world, call.contact.campaignId)
      ofDesk(world, fact, at)
      setTimer(world, `card:${call.id}`, fact.until, { type: 'card.timeOut', callId: call.id })
      setTimer(world, `calls:${call.id}`, fact.callsAt, { type: 'card.callItself', callId: call.id })
      return
    case 'card.gone':
      ofDesk(world, fact, at)
      cardOff(world, call)
      return
    case 'contact.settled':
      world.campaigns.set(fact.campaignId, Campaign.tried(campaignById(world, fact.campaignId), fact, at))
  }
}

/** An agent was this campaign's: among equals the others are next. */
function turnOf(world: World, campaignId: CampaignId): void {
  const campaign = world.campaigns.get(campaignId)
  if (campaign !== undefined) world.campaigns.set(campaignId, { ...campaign, turn: world.position })
}

/** When the contact answered: where that was learnt afterwards, then. */
const answerOf = (call: Call.State, at: Ms): Ms => [...call.legs.values()].findLast((leg) => leg.party === 'customer')?.answeredAt ?? at

function ofDesk(world: World, fact: Extract<ContactFact, { type: 'card.shown' | 'card.gone' }>, at: Ms): void {
  world.agents.set(fact.agentId, Agent.evolve(agentById(world, fact.agentId), fact, at))
}

function cardOff(world: World, call: Call.State): void {
  world.timers.delete(`card:${call.id}`)
  world.timers.delete(`calls:${call.id}`)
}

/** A leg of a contact's call was asked for or ended. */
export function ofContactsLeg(
  world: World,
  call: Call.State,
  fact: Extract<Fact, { type: 'leg.requested' | 'leg.ended' }>,
  party: 'customer' | 'agent' | 'external',
  at: Ms,
): void {
  const contact = call.contact
  if (contact === null) return
  if (fact.type === 'leg.requested' && party === 'customer' && !contact.placed) add(world, call, at, 'placed')
  if (fact.type === 'leg.requested' && party === 'agent') cardOff(world, call)
  if (fact.type === 'leg.requested' && contact.card !== null) hideFrom(world, contact.card.agentId)
  call.contact = Contact.evolve(contact, fact, at, party)
}

/** Its entry left the queue. */
export function contactLeft(world: World, call: Call.State, fact: Extract<Fact, { type: 'entry.left' }>, at: Ms): void {
  const contact = call.contact
  if (contact === null || contact.entryId !== fact.entryId) return
  cardOff(world, call)
  for (const name of ['silent', 'until', 'alone']) world.timers.delete(`${name}:${call.id}`)
  if (contact.card !== null) hideFrom(world, contact.card.agentId)
  const next = Contact.evolve(contact, fact, at)
  call.contact = next
  if (fact.reason === 'answered') {
    if (contact.answeredAt === null) add(world, call, next.answeredAt ?? at, 'answered')
    else add(world, call, contact.answeredAt, 'toAgentMs', at - contact.answeredAt)
    add(world, call, next.answeredAt ?? at, 'connected')
  }
  if (!contact.placed || fact.reason === 'answered' || contact.answeredAt !== null) return
  const outcome = [...call.legs.values()].findLast((leg) => leg.party === 'customer')?.outcome
  add(world, call, at, (fact.reason === 'unreached' && outcome != null && UNREACHED[outcome]) || 'withdrawn')
}

/** What a call that nobody answered counts as. */
const UNREACHED: Readonly<Partial<Record<LegOutcome, keyof Campaign.Totals>>> = {
  unanswered: 'noAnswer',
  busy: 'busy',
  rejected: 'rejected',
  notInUse: 'notInUse',
  failed: 'failed',
  unknown: 'failed',
}

function hideFrom(world: World, agentId: AgentId): void {
  const agent = agentById(world, agentId)
  world.agents.set(agentId, { ...agent, card: null })
}

/** A contact who found nobody hears why. */
export function silentTold(world: World, call: Call.State, at: Ms): void {
  if (call.contact?.status === 'silent') add(world, call, call.contact.answeredAt ?? at, 'silentWithMessage')
}

function add(world: World, call: Call.State, at: Ms, what: keyof Campaign.Totals, by = 1): void {
  const campaign = world.campaigns.get(call.contact?.campaignId ?? '')
  if (campaign === undefined) return
  const totals = Campaign.totalsAt(campaign, at)
  totals[what] = (totals[what] ?? 0) + by
}

/** The calls of a campaign, while they are not over. */
export function callBegun(world: World, campaignId: CampaignId, callId: string): void {
  world.campaigns.get(campaignId)?.calls.add(callId)
}
export function callOver(world: World, call: Call.State): void {
  if (call.contact !== null) world.campaigns.get(call.contact.campaignId)?.calls.delete(call.id)
}
