/**
 * After a start, or when the switch is back: what the switch has against what we believe. calls.md 6 and 7.
 */
import type * as Call from '#core/call/call.ts'
import { legsUp } from '#core/call/call.ts'
import type { Effect } from '#core/effects.ts'
import type { Finding, Input } from '#core/inputs.ts'
import type { LegId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type * as Leg from '#core/leg/leg.ts'
import type { Solution } from '#core/solution/solution.ts'
import { ringOf } from '#core/world/ringing.ts'
import { agentById, callByLeg, type World } from '#core/world/world.ts'
import type { LegAlive, Telephony, TelephonyEvent } from '#ports/telephony.ts'

/** Where what is found out goes. */
export interface Findings {
  readonly now: () => Ms
  /** How far time in facts is ahead of the wall, by which the switch tells when things happened. */
  readonly ahead: () => Ms
  readonly put: (input: Input) => void
  readonly carryOut: (effect: Effect) => void
  readonly hear: (event: TelephonyEvent) => void
  /** When each leg was last in the switch's answer. */
  readonly seen: ReadonlyMap<LegId, Ms>
  readonly personOf: (number: string | null) => PersonId | Promise<PersonId>
}

/** The legs that were asked for and never rung: `rungNow` rings those still wanted. Nobody was rung for one whose time is over: that is told of it. */
export async function reconcile(world: World, telephony: Telephony, to: Findings): Promise<readonly LegId[]> {
  const unrung: LegId[] = []
  // Ours before theirs: what is rung while the switch answers is not missed in its answer.
  const ours = [...world.calls.values()].map((call) => ({ call, legs: legsUp(call) }))
  const alive = new Map((await telephony.alive()).map((leg) => [leg.legId, leg]))
  for (const { call, legs } of ours) {
    const learnt: Finding[] = []
    for (const leg of legs) {
      const there = alive.get(leg.id)
      // A line we answered, and the switch was never told.
      if (leg.inbound && leg.status === 'answered' && there?.state === 'ringing') to.carryOut({ type: 'leg.answer', legId: leg.id })
      const found = there === undefined ? await ended(call, leg, telephony, to) : await adopt(leg, there, telephony, to)
      if (found === 'neverRung' && leg.party !== 'agent' && isOver(leg, to.now()))
        learnt.push({ type: 'leg.end', legId: leg.id, ...UNKNOWN })
      else if (found === 'neverRung') {
        // One that waits for its phone is rung when that is found, and by nobody else.
        if (!leg.waits || agentById(world, leg.agentId ?? '').phone === 'there') unrung.push(leg.id)
      } else if (found !== null) learnt.push(found)
    }
    if (learnt.length > 0) to.put({ type: 'legs.learn', callId: call.id, legs: learnt })
  }
  const others = [...alive.values()].filter((leg) => !world.callOfLeg.has(leg.legId))
  // Ours, and over: our hang-up was lost on the way.
  const isEnded = (legId: LegId): boolean => world.over.has(legId) || callByLeg(world, legId)?.legs.get(legId)?.status === 'ended'
  for (const legId of alive.keys()) if (isEnded(legId)) to.carryOut({ type: 'leg.hangUp', legId, why: 'normal' })
  const strangers = others.filter((leg) => !world.over.has(leg.legId))
  for (const leg of strangers) await meet(leg, strangers, to)
  return unrung
}

/** Its time to ring is over. */
const isOver = (leg: Leg.State, at: Ms): boolean => leg.ringUntil !== null && leg.ringUntil <= at

/** Asked for, not ended since, and there is time left to ring: what waited for a full disk may be wanted no more. */
export function stillRings(world: World, legId: LegId, at: Ms): boolean {
  const leg = callByLeg(world, legId)?.legs.get(legId)
  return leg?.status === 'requested' && !isOver(leg, at)
}

/** Of a customer's leg that was asked for and never rung, and whose time is over: it was no attempt. */
const UNKNOWN = { outcome: 'unknown', by: 'network', cause: null, reconciled: true } as const

/** Of the legs that were never rung, those still wanted, once all that was found out is worked off; one whose time to ring is over waits for its timer. */
export function rungNow(world: World, unrung: readonly LegId[], solutionOf: (version: string) => Solution, at: Ms): readonly Effect[] {
  return unrung.flatMap((legId) => {
    const call = callByLeg(world, legId)
    const leg = call?.legs.get(legId)
    return call !== undefined && leg !== undefined && stillRings(world, legId, at) ? [ringOf(call, leg, solutionOf(call.solution))] : []
  })
}

/**
 * An instant the switch tells of, in the time of facts. The wall may have been set since then by more or less than is known: not before
 * what is known of the leg, and not after now.
 */
const instant = (leg: Leg.State, wall: Ms, to: Findings): Ms =>
  Math.min(to.now(), Math.max(leg.answeredAt ?? leg.ringingAt ?? leg.requestedAt, wall + to.ahead()))

/** Alive there too: it may have rung or been answered meanwhile. */
async function adopt(leg: Leg.State, there: LegAlive, telephony: Telephony, to: Findings): Promise<Finding | null> {
  if (there.state === 'ringing' && leg.status === 'requested') return { type: 'leg.ring', legId: leg.id }
  if (there.state !== 'answered' || leg.status === 'answered') return null
  const answeredAt = (await telephony.past(leg.id))?.answeredAt
  return { type: 'leg.answer', legId: leg.id, ...(answeredAt === undefined ? {} : { happenedAt: instant(leg, answeredAt, to) }) }
}

/** Not there any more: ended then, as its log says; or nobody can tell; or it was never rung. */
async function ended(call: Call.State, leg: Leg.State, telephony: Telephony, to: Findings): Promise<Finding | 'neverRung'> {
  const past = await telephony.past(leg.id)
  if (past !== null && past.startedAt === undefined && !leg.inbound && leg.status === 'requested') return 'neverRung'
  const end = past?.ended
  const endedAt = end === undefined ? to.now() : instant(leg, end.at, to)
  // It was answered before it ended, whatever the wall was set to in between.
  const answeredAt = past?.answeredAt === undefined ? undefined : Math.min(instant(leg, past.answeredAt, to), endedAt)
  return {
    type: 'leg.end',
    legId: leg.id,
    reconciled: true,
    ...(end === undefined
      ? { ...UNKNOWN, ...lastKnown(call, leg, answeredAt ?? 0, to) }
      : { outcome: end.outcome, by: end.by, cause: end.cause, happenedAt: endedAt }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
  }
}

/**
 * Nobody can tell when it ended. A caller waits, and who talks talks, as long as they were known to be there, and no longer; but not
 * less than what has been told of the call. Of a phone that was to be rung nobody can tell either who was first: it has no such instant.
 */
function lastKnown(call: Call.State, leg: Leg.State, answeredAt: Ms, to: Findings): { readonly happenedAt?: Ms } {
  if (!leg.inbound && !call.bridges.main.includes(leg.id) && !call.bridges.consult.includes(leg.id)) return {}
  return { happenedAt: Math.min(to.now(), Math.max(to.seen.get(leg.id) ?? 0, call.toldAt, leg.answeredAt ?? 0, answeredAt)) }
}

/** The switch has it, nobody here knows it: kept where people are joined, taken in where a line is alone, ended where we had rung. */
async function meet(leg: LegAlive, strangers: readonly LegAlive[], to: Findings): Promise<void> {
  const party = [leg, ...strangers.filter((other) => leg.joinedWith.includes(other.legId))]
  if (party.length > 1) {
    if (party.some((other) => other.legId < leg.legId)) return
    const legs = await Promise.all(
      party.map(async (other) => ({
        legId: other.legId,
        inbound: other.inbound,
        person: await to.personOf(other.inbound ? other.from : other.to),
      })),
    )
    to.put({ type: 'legs.adopt', legs, line: await to.personOf(party.find((other) => other.inbound)?.to ?? null) })
  } else if (leg.joinedWith.length > 0)
    to.put({ type: 'alarm.raise', alarm: 'unknownLeg', about: leg.legId, detail: `${leg.legId} is joined with a leg of another call` })
  else if (leg.inbound) to.hear({ type: 'leg.arrived', legId: leg.legId, from: leg.from, to: leg.to, trunk: '' })
  else to.carryOut({ type: 'leg.hangUp', legId: leg.legId, why: 'withdrawn' })
}
