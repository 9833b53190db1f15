/**
 * How many contacts a campaign takes up now, and what it does with those it is dealt. dialler.md 1–3
 *
 * The pacing asks; these rules cut what it asks for: to what the mode allows, to the day's limit, to the lines, and to the agents there.
 */
import type * as Call from '../call/call.ts'
import * as Campaign from '../campaign/campaign.ts'
import { countAgents, loggedOn, thereFor } from '../campaign/counting.ts'
import { promisedFrom, promises } from '../campaign/promising.ts'
import { isContactFirst } from '../campaign/settings.ts'
import { callsOf, crewOf, isOnALine, takesPart } from '../campaign/spoken.ts'
import { linesFor } from '../campaign/wanting.ts'
import type { Effect } from '../effects.ts'
import type { Fact } from '../facts.ts'
import type { Dealt, Env, Input } from '../inputs.ts'
import type { AgentId, PersonId } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import type { Solution } from '../solution/solution.ts'
import { drop } from './ending.ts'
import { trunksOfLine } from './trunks.ts'
import { agentById, type World } from './world.ts'

/** The pacing ends only calls that have really rung so long. dialler.md 3 */
const RUNG_MS = 15_000

/** How many may be dialled, and how many may wait for an agent who calls them. */
interface Room {
  dial: number
  wait: number
  /** Agents who may be given a contact that is to be called by nobody else. */
  readonly own: Set<AgentId>
  /** Of those counted in the campaign. */
  readonly idle: ReadonlySet<AgentId>
}

/** Whoever is taken up is a call, so no more are than the solution takes at once. */
const callsLeft = (world: World, env: Env): number => env.solution(world.solution).liveCallsMax - world.calls.size

function roomOf(world: World, campaign: Campaign.State, env: Env): Room {
  const solution = env.solution(world.solution)
  if (campaign.status !== 'running' || world.switchAway || world.calls.size >= solution.liveCallsMax)
    return { dial: 0, wait: 0, own: new Set(), idle: new Set() }
  const wait = lacking(world, solution, campaign)
  const own = new Set(withoutOwn(world, solution, campaign))
  const idle = new Set(
    countAgents(world, solution)
      .get(campaign.id)
      ?.idle.map(({ id }) => id),
  )
  const dials = isContactFirst(campaign.settings.mode)
  const dial = dials ? Math.max(0, Math.min(byAgents(world, campaign, solution), linesFor(campaign, callsOf(world, campaign), env.at))) : 0
  return { dial, wait, own, idle }
}

const isUncalled = ({ contact }: Call.State): boolean => contact?.status === 'waiting' || contact?.status === 'shown'

/** One contact for each agent who is logged on: so many are neither in the queue nor on a desk yet. Who waits for one who left is nobody's. */
export function lacking(world: World, solution: Solution, campaign: Campaign.State): number {
  const there = callsOf(world, campaign).filter(
    (call) => isUncalled(call) && (call.contact?.forAgent == null || isThere(world, solution, campaign, call.contact.forAgent)),
  )
  return Math.max(0, loggedOn(world, solution, campaign) - there.length)
}

/** The agents who are logged on and have no contact of their own alone waiting. */
export function withoutOwn(world: World, solution: Solution, campaign: Campaign.State): readonly AgentId[] {
  const having = new Set(callsOf(world, campaign).flatMap((call) => (isUncalled(call) ? (call.contact?.forAgent ?? []) : [])))
  return [...crewOf(solution, campaign.settings)].filter((id) => agentById(world, id).status !== 'loggedOff' && !having.has(id))
}

/** One call for each agent who is ready for it, or as many as the pacing wants where it may dial more than that. */
function byAgents(world: World, campaign: Campaign.State, solution: Solution): number {
  const counted = countAgents(world, solution).get(campaign.id)
  if (counted === undefined) return 0
  const { idle, paused, talking, wrapping } = counted
  if (thereFor(counted) === 0) return 0
  const calls = callsOf(world, campaign)
  const ringing = calls.filter(({ contact }) => contact?.status === 'dialling').length
  const waiting = calls.filter(({ contact, entry }) => contact?.status === 'answered' && entry?.offer === null).length
  // Those who wait for whichever agent is next; who waits for one agent alone, or for a line to be free, keeps nobody from being dialled.
  const reserved = calls.filter(
    (call) => call.contact?.status === 'waiting' && call.contact.forAgent === null && !isOnALine(world, call),
  ).length
  const one = idle.length - ringing - waiting - reserved
  if (!Campaign.mayOverDial(campaign)) return one
  const most = 4 * (idle.length + paused.length + talking.length + wrapping.length) + 2 - ringing - waiting
  return campaign.limit === 'forTheDay' ? Math.min(most, one + Campaign.budget(campaign)) : most
}

/** What is drawn for what the pacing wants. Nothing has happened yet: a fact tells only of whom is taken up. */
export function drawn(world: World, input: Extract<Input, { type: 'campaign.pace' }>, env: Env): readonly Effect[] {
  const campaign = world.campaigns.get(input.campaignId)
  if (campaign === undefined) return []
  // Of agents promised to another campaign this very instant the pacing did not know when it asked.
  if (promisedFrom(world, campaign.id).some(({ at }) => at === env.at)) return []
  const { dial, wait } = roomOf(world, campaign, env)
  const count = Math.min(input.dial, callsLeft(world, env), isContactFirst(campaign.settings.mode) ? dial : wait)
  return count > 0 ? [{ type: 'contacts.draw', campaignId: campaign.id, count }] : []
}

/** Before anybody is dialled it is settled on which agents the campaign may still count. */
export function pace(world: World, input: Extract<Input, { type: 'campaign.pace' }>, env: Env): readonly Fact[] {
  const campaign = world.campaigns.get(input.campaignId)
  if (campaign === undefined || campaign.status !== 'running') return []
  return [...promises(world, env.solution(world.solution), campaign), ...hangUps(world, campaign, input.hangUp, env)]
}

/** Those that have rung longest are ended, where the owner allows it and nobody will be ready for them. */
function hangUps(world: World, campaign: Campaign.State, count: number, env: Env): readonly Fact[] {
  if (count <= 0 || !campaign.settings.mayHangUp) return []
  return callsOf(world, campaign)
    .filter(({ contact }) => contact?.status === 'dialling')
    .flatMap((call) => [...call.legs.values()].filter((leg) => leg.party === 'customer' && leg.status === 'ringing'))
    .filter((leg) => Leg.rungMs(leg, env.at) >= RUNG_MS)
    .sort((a, b) => (a.ringingAt ?? 0) - (b.ringingAt ?? 0))
    .slice(0, count)
    .flatMap((leg) => drop(leg))
}

/**
 * Contacts that may be called now. Each is asked for again, for they were drawn a while ago; who is not taken up stays as he was.
 */
export function deal(world: World, input: Extract<Input, { type: 'contacts.deal' }>, env: Env): readonly Fact[] {
  const campaign = world.campaigns.get(input.campaignId)
  if (campaign === undefined) return []
  const solution = env.solution(world.solution)
  const room = roomOf(world, campaign, env)
  const underWay = new Set(callsOf(world, campaign).map(({ contact }) => contact?.contactId))
  const rung = new Set<PersonId>()
  const agents = thereFor(countAgents(world, solution).get(campaign.id))
  const facts: Fact[] = []
  let left = callsLeft(world, env)
  for (const contact of input.contacts) {
    if (left < 1) break
    const agentFirst = contact.agentFirst || !isContactFirst(campaign.settings.mode)
    const onALine = contact.switchboard !== true && (world.legsOf.has(contact.person) || rung.has(contact.person))
    if (underWay.has(contact.contactId) || onALine || solution.lines[contact.person] !== undefined) continue
    if (contact.until !== null && env.at >= contact.until) continue
    if (!(contact.forAgent === null ? takenFrom(room, agentFirst, campaign) : takenByOwn(room, contact.forAgent))) continue
    left -= 1
    underWay.add(contact.contactId)
    rung.add(contact.person)
    facts.push(...takenUp(campaign, contact, agentFirst ? null : agents, solution, env))
  }
  return facts
}

/**
 * An agent's own contact is there for nobody else, so it waits beside the others, one for each agent; whom it comes to at once is not
 * there for one who is dialled.
 */
function takenByOwn(room: Room, agentId: AgentId): boolean {
  if (!room.own.delete(agentId)) return false
  if (room.idle.has(agentId)) room.dial -= 1
  room.wait -= 1
  return true
}

const isThere = (world: World, solution: Solution, campaign: Campaign.State, agentId: string): boolean =>
  agentById(world, agentId).status !== 'loggedOff' && takesPart(solution, campaign, agentId)

/** An agent who is to call somebody is not there for one who is dialled. */
function takenFrom(room: Room, agentFirst: boolean, campaign: Campaign.State): boolean {
  const dials = isContactFirst(campaign.settings.mode)
  if ((dials && room.dial < 1) || (agentFirst && room.wait < 1)) return false
  if (dials) room.dial -= 1
  if (agentFirst) room.wait -= 1
  return true
}

/** `agents`: on how many the campaign counts; null: an agent is first. */
function takenUp(campaign: Campaign.State, contact: Dealt, agents: number | null, solution: Solution, env: Env): readonly Fact[] {
  const agentFirst = agents === null
  const callId = env.id('c')
  const entryId = env.id('e')
  const line = campaign.settings.callerId ?? solution.outbound.callerId
  const { mode, ringMs } = campaign.settings
  const { contactId, person, number, numbersLeft, tries, until, language } = contact
  const facts: readonly Fact[] = [
    {
      type: 'call.started',
      callId,
      direction: 'outbound',
      from: { person: line ?? '' },
      to: { person },
      customer: person,
      // What the call is: whom the campaign itself dials first, an agent calls here.
      mode: agentFirst ? 'preview' : mode,
      campaignId: campaign.id,
      contactId,
      attempt: tries + 1,
      solution: solution.version,
      language: language ?? solution.language,
      ...(contact.switchboard === true ? { switchboard: true } : {}),
    },
    { type: 'entry.joined', callId, entryId, queueId: campaign.id, kind: 'dialler', place: 'end', since: env.at, leavesAt: null },
    {
      type: 'contact.dealt',
      callId,
      campaignId: campaign.id,
      contactId,
      entryId,
      number,
      numbersLeft,
      tries,
      until,
      agentFirst,
      ...(agentFirst ? {} : { agents }),
      ...(contact.afterSilent ? { afterSilent: true } : {}),
      ...(contact.forAgent === null ? {} : { forAgent: contact.forAgent }),
      ...(contact.anyoneAt === undefined ? {} : { anyoneAt: contact.anyoneAt }),
    },
  ]
  if (agentFirst) return facts
  const trunk = trunksOfLine(line, solution)[0]
  return [
    ...facts,
    {
      type: 'leg.requested',
      callId,
      legId: env.id('l'),
      party: 'customer',
      personId: person,
      entryId,
      ...(trunk === undefined ? {} : { trunk }),
      ringUntil: env.at + ringMs,
    },
  ]
}
