/**
 * How a leg is ended by us, and how an entry is left: said in the same words by every chapter of the rules.
 */
import type * as Call from '../call/call.ts'
import type { Fact, LegOutcome } from '../facts.ts'
import type { Env } from '../inputs.ts'
import { type Decision, isRefused, type Ms } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import type * as Entry from '../queue/entry.ts'

const CAUSE_NORMAL = 16

/** Facts of a decision that cannot be refused here. */
export const facts = <F extends Fact>(decision: Decision<F, string>): readonly F[] => (isRefused(decision) ? [] : decision)

/** We end a leg: one that was answered has been answered, one that rang is withdrawn. */
export const drop = (leg: Leg.State | undefined, outcome: LegOutcome = 'withdrawn'): readonly Fact[] =>
  leg === undefined ? [] : facts(Leg.decide(leg, { type: 'end', outcome, by: 'us', cause: CAUSE_NORMAL }))

/** What is being said to somebody is said no further. */
export const hushed = (call: Call.State, how: 'hungUp' | 'withdrawn'): readonly Fact[] =>
  call.menu === null ? [] : [{ type: 'menu.left', callId: call.id, menuId: call.menu.menuId, how }]

type EntryLeft = Extract<Fact, { type: 'entry.left' }>

export const left = (entry: Entry.State, reason: EntryLeft['reason'], agentId?: string): EntryLeft => ({
  type: 'entry.left',
  callId: entry.callId,
  entryId: entry.id,
  queueId: entry.queueId,
  reason,
  ...(agentId === undefined ? {} : { agentId }),
})

/** Left because a leg ended: when that was learnt afterwards, then. */
export const leftWith = (entry: Entry.State, leg: Leg.State, reason: EntryLeft['reason'], at: Ms): EntryLeft => ({
  ...left(entry, reason),
  ...(leg.endedAt === null || leg.endedAt === at ? {} : { happenedAt: Math.max(leg.endedAt, entry.joinedAt) }),
})

/** A call ends with its last leg; where that end was only learnt now, it ended then, but not before what was told of it meanwhile. */
export function over(call: Call.State, env: Env): Fact {
  const happenedAt = Math.max(call.lastLegEndedAt, call.toldBeforeEnd)
  const learnt = call.lastLegEndLearntAt === env.at && happenedAt < env.at
  return { type: 'call.ended', callId: call.id, ...(learnt ? { happenedAt } : {}) }
}
