/**
 * A contact's call from the first ring to the last word: answered, joined with an agent or silent, over, settled. `archive.md` 3.4
 */
import * as Call from '../call/call.ts'
import { COUNTED } from '../campaign/campaign.ts'
import * as Contact from '../campaign/contact.ts'
import { isOnALine } from '../campaign/spoken.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import * as Leg from '../leg/leg.ts'
import type * as Entry from '../queue/entry.ts'
import { drop, facts, hushed, left, leftWith, over } from './ending.ts'
import { ownPhone } from './outward.ts'
import { nextTrunk, trunksOf } from './trunks.ts'
import { agentById, campaignById, type World } from './world.ts'

export const SILENT_MESSAGE = 'campaign.silent'
/** Pressed during the message: the number is not called any more. dialler.md 4 */
const NOT_AGAIN_DIGIT = '9'

type Own = { readonly call: Call.State; readonly contact: Contact.State; readonly entry: Entry.State }

/** The call of a contact who still stands in the queue, and this leg was rung for it. */
export function ofContact(call: Call.State, leg: Leg.State): Own | null {
  const { contact, entry } = call
  return contact !== null && entry?.id === contact.entryId && leg.entryId === entry.id ? { call, contact, entry } : null
}

/** A phone was answered: the contact's, or the agent's for it. */
export function greetContact(world: World, { call, contact, entry }: Own, leg: Leg.State, env: Env): readonly Fact[] {
  if (leg.party === 'customer') return contactThere(world, { call, contact, entry }, leg, env)
  if (!contact.agentFirst) {
    const customer = Call.customerLeg(call)
    // In time is before the limit, though the timer that watches it may come late.
    const inTime = contact.status === 'answered' && env.at < (contact.silentAt ?? 0)
    return customer?.status === 'answered' && inTime ? joined(call, entry, customer, leg) : drop(leg)
  }
  // On a line with us meanwhile: the contact waits, and nothing is counted.
  if (isOnALine(world, call)) return drop(leg)
  if (isOutsideHours(contact, env)) return [{ ...left(entry, 'deleted'), by: 'system', why: 'outsideHours' }, ...drop(leg)]
  return [rungOver(trunksOf(call, env.solution(call.solution))[0], world, { call, contact, entry }, env)]
}

const isOutsideHours = ({ until }: Contact.State, env: Env): boolean => until !== null && env.at >= until

function contactThere(world: World, { call, contact, entry }: Own, leg: Leg.State, env: Env): readonly Fact[] {
  if (!contact.agentFirst) return answered(world, contact, leg, env)
  const own = Call.legsUp(call).find((other) => other.party === 'agent' && other.status === 'answered')
  return own === undefined ? drop(leg) : joined(call, entry, leg, own)
}

const answered = (world: World, contact: Contact.State, leg: Leg.State, env: Env): readonly Fact[] =>
  facts(
    Contact.decide(
      contact,
      {
        type: 'answer',
        answeredAt: leg.answeredAt ?? env.at,
        silentAfterMs: campaignById(world, contact.campaignId).settings.silentAfterMs,
      },
      env.at,
    ),
  )

const joined = (call: Call.State, entry: Entry.State, customer: Leg.State, own: Leg.State): readonly Fact[] => [
  { type: 'bridge.joined', callId: call.id, bridge: 'main', legs: [customer.id, own.id] },
  left(entry, 'answered', own.agentId ?? ''),
]

const rungOver = (trunk: string | undefined, world: World, { call, contact, entry }: Own, env: Env): Fact => ({
  type: 'leg.requested',
  callId: call.id,
  legId: env.id('l'),
  party: 'customer',
  ...(call.customer === null ? {} : { personId: call.customer }),
  entryId: entry.id,
  ...(trunk === undefined ? {} : { trunk }),
  ringUntil: env.at + campaignById(world, contact.campaignId).settings.ringMs,
})

/** What follows when a leg of it ended before anybody talked, and whether the agent's phone is rung again for it. */
export function settleContact(
  world: World,
  own: Own,
  leg: Leg.State,
  env: Env,
): { readonly facts: readonly Fact[]; readonly rungAgain: boolean } {
  if (leg.party === 'customer') return { facts: contactGone(world, own, leg, env), rungAgain: false }
  const { call, contact, entry } = own
  if (!contact.agentFirst) return { facts: [], rungAgain: false }
  const trunk = nextTrunk(call, leg, env.solution(call.solution))
  if (trunk !== null && contact.status === 'waiting' && stays(world, contact, env))
    return { facts: [rungAgain(own, leg, trunk, env)], rungAgain: true }
  if (contact.status === 'waiting') return { facts: stays(world, contact, env) ? [] : [leavesUncalled(world, own, env)], rungAgain: false }
  return { facts: [...drop(Call.customerLeg(call)), leftWith(entry, leg, 'unreached', env.at)], rungAgain: false }
}

const rungAgain = ({ call, entry }: Own, leg: Leg.State, trunk: string, env: Env): Fact => ({
  type: 'leg.requested',
  callId: call.id,
  legId: env.id('l'),
  party: 'agent',
  ...(leg.agentId === null ? {} : { agentId: leg.agentId }),
  entryId: entry.id,
  trunk,
  ringUntil: env.at + env.solution(call.solution).outbound.ringOwnMs,
})

/** May it be called still: the campaign runs, and the contact's hours are not over? */
const stays = (world: World, contact: Contact.State, env: Env): boolean =>
  campaignById(world, contact.campaignId).status === 'running' && (contact.until === null || env.at < contact.until)

const leavesUncalled = (world: World, { contact, entry }: Own, env: Env): Fact =>
  campaignById(world, contact.campaignId).status === 'running'
    ? { ...left(entry, 'deleted'), by: 'system', why: contact.until !== null && env.at >= contact.until ? 'outsideHours' : 'stopped' }
    : { ...left(entry, 'deleted'), by: 'campaign', why: 'stopped' }

/** Nobody answered: over the next trunk, where one failed before a phone rang. Answered, and gone before an agent was there: silent. */
function contactGone(world: World, own: Own, leg: Leg.State, env: Env): readonly Fact[] {
  const { call, contact, entry } = own
  const others = Call.legsUp(call)
  if (leg.answeredAt !== null && !contact.agentFirst) {
    // Answered and gone while nobody here looked: both are told now.
    const there = answered(world, contact, leg, env)
    return [
      ...there,
      { type: 'contact.silent', callId: call.id },
      ...others.flatMap((other) => drop(other)),
      leftWith(entry, leg, 'hungUp', env.at),
    ]
  }
  const trunk = isOnALine(world, call) || isOutsideHours(contact, env) ? null : nextTrunk(call, leg, env.solution(call.solution))
  const wanted = !contact.agentFirst || others.some((other) => other.party === 'agent' && other.status === 'answered')
  if (trunk !== null && wanted) return [rungOver(trunk, world, own, env)]
  return [leftWith(entry, leg, 'unreached', env.at), ...others.flatMap((other) => drop(other))]
}

/** The limit: nobody came in time. Who becomes free during the message is not joined. dialler.md 4 */
export function silence(world: World, call: Call.State | undefined, env: Env): readonly Fact[] {
  const contact = call?.contact
  const entry = call?.entry
  if (call === undefined || contact == null || entry == null || contact.silentAt === null || env.at < contact.silentAt) return []
  const silent = facts(Contact.decide(contact, { type: 'fallSilent' }, env.at))
  if (silent.length === 0) return []
  const rung = entry.offer === null ? [] : drop(call.legs.get(entry.offer.legId))
  const { silentMessage } = campaignById(world, contact.campaignId).settings
  const said = silentMessage.on && !env.solution(call.solution).notPlayed.includes(SILENT_MESSAGE)
  return [
    ...rung,
    ...silent,
    left(entry, 'noAgents'),
    ...(said
      ? [{ type: 'menu.entered', callId: call.id, menuId: SILENT_MESSAGE, what: 'message', then: null } as const]
      : drop(Call.customerLeg(call))),
  ]
}

/** The digit that takes the number off every list. null: it is something else. */
export function notAgain(call: Call.State, digit: string): readonly Fact[] | null {
  if (call.menu?.menuId !== SILENT_MESSAGE || digit !== NOT_AGAIN_DIGIT || call.contact === null || call.customer === null) return null
  if (call.contact.doNotCall) return []
  return [
    { type: 'doNotCall.listed', personId: call.customer, campaignId: null, source: 'silentCall', until: null, during: call.id },
    ...hushed(call, 'withdrawn'),
    ...drop(Call.customerLeg(call)),
  ]
}

/** No leg is left: the try is settled, but not before its agent has had the wrap-up in which to say something of it. */
export function closeTry(world: World, call: Call.State, contact: Contact.State, env: Env): readonly Fact[] {
  const talked = call.talk
  if (talked !== null && agentById(world, talked.agentId).wrapUpOf === call.id) return []
  const { settings, uncounted } = campaignById(world, contact.campaignId)
  const customer = [...call.legs.values()].findLast((leg) => leg.party === 'customer')
  const settled = facts(
    Contact.decide(
      contact,
      {
        type: 'settle',
        settings,
        outcome: customer?.outcome ?? null,
        rungMs: customer === undefined ? 0 : Leg.rungMs(customer, customer.endedAt ?? env.at),
        calling: isOnALine(world, call),
        byAgent: contact.agentFirst && customer?.outcome === 'withdrawn',
        before: uncounted.get(contact.contactId) ?? COUNTED,
        endedAt: call.legs.size === 0 ? env.at : call.lastLegEndedAt,
      },
      env.at,
    ),
  )
  const happenedAt = Math.max(call.lastLegEndedAt, call.toldBeforeEnd)
  const wrapped = talked !== null && happenedAt < env.at
  // Nobody was called, so it went on until it was taken out of the queue, whenever an agent's phone was hung up.
  if (customer === undefined) return [...settled, { type: 'call.ended', callId: call.id }]
  return [...settled, wrapped ? { type: 'call.ended', callId: call.id, happenedAt } : over(call, env)]
}

/** An agent's own phone is rung for a card that was called. */
export const calledBy = (call: Call.State, entry: Entry.State, agentId: string, env: Env): Fact => {
  const solution = env.solution(call.solution)
  return {
    type: 'leg.requested',
    callId: call.id,
    legId: env.id('l'),
    party: 'agent',
    agentId,
    entryId: entry.id,
    ...ownPhone(solution, agentId),
    ringUntil: env.at + solution.outbound.ringOwnMs,
  }
}
