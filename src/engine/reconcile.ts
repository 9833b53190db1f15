/**
 * After a start, or when the switch is back: what the switch has against what we believe. calls.md 6 and 7.
 */
import { legsUp } from '#core/call/call.ts'
import type { Effect } from '#core/effects.ts'
import type { Input } from '#core/inputs.ts'
import type * as Leg from '#core/leg/leg.ts'
import type { Solution } from '#core/solution/solution.ts'
import { ringOf } from '#core/world/react.ts'
import type { World } from '#core/world/world.ts'
import type { LegAlive, Telephony, TelephonyEvent } from '#ports/telephony.ts'

export async function reconcile(
  world: World,
  solutionOf: (version: string) => Solution,
  telephony: Telephony,
  put: (input: Input) => void,
  carryOut: (effect: Effect) => void,
  hear: (event: TelephonyEvent) => void,
): Promise<void> {
  const alive = new Map((await telephony.alive()).map((leg) => [leg.legId, leg]))
  for (const call of [...world.calls.values()]) {
    for (const leg of legsUp(call)) {
      const there = alive.get(leg.id)
      if (there !== undefined) adopt(leg, there, put)
      else await learn(leg, telephony, put, () => carryOut(ringOf(call, leg, solutionOf(call.solution))))
    }
  }
  for (const leg of alive.values()) if (!world.callOfLeg.has(leg.legId)) strange(leg, put, carryOut, hear)
}

/** Alive there too: it may have rung or been answered meanwhile. */
function adopt(leg: Leg.State, there: LegAlive, put: (input: Input) => void): void {
  if (there.state === 'answered' && leg.status !== 'answered') put({ type: 'leg.answer', legId: leg.id })
  else if (there.state === 'ringing' && leg.status === 'requested') put({ type: 'leg.ring', legId: leg.id })
}

/** Not there any more: ended then, as its log says; never rung, so it is rung now; or nobody can tell. */
async function learn(leg: Leg.State, telephony: Telephony, put: (input: Input) => void, ringAgain: () => void): Promise<void> {
  const past = await telephony.past(leg.id)
  if (past === null) {
    put({ type: 'leg.end', legId: leg.id, outcome: 'unknown', by: 'network', cause: null, reconciled: true })
    return
  }
  if (past.startedAt === undefined && !leg.inbound && leg.status === 'requested') {
    ringAgain()
    return
  }
  if (past.answeredAt !== undefined && leg.status !== 'answered') put({ type: 'leg.answer', legId: leg.id, happenedAt: past.answeredAt })
  const ended = past.ended
  put(
    ended === undefined
      ? { type: 'leg.end', legId: leg.id, outcome: 'unknown', by: 'network', cause: null, reconciled: true }
      : {
          type: 'leg.end',
          legId: leg.id,
          outcome: ended.outcome,
          by: ended.by,
          cause: ended.cause,
          happenedAt: ended.at,
          reconciled: true,
        },
  )
}

/** The switch has it, nobody here knows it. */
function strange(
  leg: LegAlive,
  put: (input: Input) => void,
  carryOut: (effect: Effect) => void,
  hear: (event: TelephonyEvent) => void,
): void {
  if (leg.joinedWith.length > 0)
    put({
      type: 'alarm.raise',
      alarm: 'unknownLeg',
      detail: `${leg.legId} is joined with ${leg.joinedWith.join(', ')} and belongs to no call here`,
    })
  else if (leg.inbound) hear({ type: 'leg.arrived', legId: leg.legId, from: leg.from, to: leg.to, trunk: '' })
  else carryOut({ type: 'leg.hangUp', legId: leg.legId, why: 'withdrawn' })
}
