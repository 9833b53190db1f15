/** The parties of a call, one lane each, in the order they came. Everybody rung has a lane, also who did not answer. */
import type { Call, Leg } from '#wire/calls.ts'
import { msOf } from '../state/shown.ts'

export type Phase = 'ringing' | 'answered' | 'hold'

export interface Segment {
  readonly phase: Phase
  readonly from: number
  readonly to: number
}

/** How a leg ended, as one word of the list `outcome`. */
export type Ending =
  | 'hungUp'
  | 'ended'
  | 'lost'
  | 'unanswered'
  | 'busy'
  | 'rejected'
  | 'notInUse'
  | 'failed'
  | 'withdrawn'
  | 'unknown'
  | 'live'

export const endingOf = (leg: Leg): Ending => {
  if (leg.endedAt === null || leg.outcome === null) return 'live'
  if (leg.outcome !== 'answered') return leg.outcome
  if (leg.by === 'us') return 'ended'
  return leg.by === 'network' ? 'lost' : 'hungUp'
}

export interface LaneLeg {
  readonly leg: Leg
  readonly segments: readonly Segment[]
  /** When it ended; null while it goes on. */
  readonly end: number | null
  readonly ending: Ending
}

export interface Lane {
  readonly key: string
  readonly party: Leg['party']
  readonly agentId: string | undefined
  readonly number: string | null
  readonly withheld: boolean
  readonly erased: boolean
  readonly legs: readonly LaneLeg[]
}

/** The phases of a leg, in milliseconds since the call's start. */
const segmentsOf = (leg: Leg, startMs: number, endMs: number): Segment[] => {
  const at = (instant: string | null): number => (instant === null ? endMs : msOf(instant)) - startMs
  const end = at(leg.endedAt)
  const answered = leg.answeredAt === null ? null : at(leg.answeredAt)
  const ringing: Segment = { phase: 'ringing', from: at(leg.ringingAt ?? leg.requestedAt), to: answered ?? end }
  if (answered === null) return ringing.to >= ringing.from ? [ringing] : []
  const segments: Segment[] = ringing.to > ringing.from ? [ringing] : []
  let from = answered
  for (const hold of leg.holds) {
    if (at(hold.from) > from) segments.push({ phase: 'answered', from, to: at(hold.from) })
    segments.push({ phase: 'hold', from: at(hold.from), to: at(hold.to) })
    from = at(hold.to)
  }
  if (end > from || segments.length === 0) segments.push({ phase: 'answered', from, to: end })
  return segments
}

const keyOf = (leg: Leg): string =>
  `${leg.party}:${leg.agentId ?? (leg.erased ? 'erased' : leg.withheld ? 'withheld' : (leg.number ?? ''))}`

export function lanesOf(call: Call, spanMs: number): Lane[] {
  const startMs = msOf(call.startedAt)
  const lanes = new Map<string, Lane>()
  for (const leg of call.legs) {
    const key = keyOf(leg)
    const drawn: LaneLeg = {
      leg,
      segments: segmentsOf(leg, startMs, startMs + spanMs),
      end: leg.endedAt === null ? null : msOf(leg.endedAt) - startMs,
      ending: endingOf(leg),
    }
    const lane = lanes.get(key)
    lanes.set(key, {
      key,
      party: leg.party,
      agentId: leg.agentId,
      number: leg.number ?? null,
      withheld: leg.withheld === true,
      erased: leg.erased === true,
      legs: [...(lane?.legs ?? []), drawn],
    })
  }
  return [...lanes.values()]
}

/** An attempt of a callback: from the first ring of its agents to the customer's answer, or to the end of the ringing. */
export interface Attempt {
  readonly n: number
  readonly from: number
  readonly to: number
  /** `reached`, or how the customer's leg (else the agent's) ended. */
  readonly ending: Ending | 'reached'
  readonly counted: boolean
}

export function attemptsOf(call: Call, spanMs: number): Attempt[] {
  const startMs = msOf(call.startedAt)
  const at = (instant: string | null): number => (instant === null ? spanMs : msOf(instant) - startMs)
  const numbers = [...new Set(call.legs.flatMap((leg) => (leg.attempt === undefined ? [] : [leg.attempt])))].sort((a, b) => a - b)
  return numbers.map((n) => {
    const legs = call.legs.filter((leg) => leg.attempt === n)
    const customer = legs.findLast((leg) => leg.party === 'customer')
    const last = customer ?? legs.at(-1)
    const reached = customer !== undefined && customer.answeredAt !== null
    return {
      n,
      from: Math.min(...legs.map((leg) => at(leg.requestedAt))),
      to: reached
        ? at(customer.answeredAt)
        : Math.max(...legs.map((leg) => (leg.party === 'customer' || customer === undefined ? at(leg.endedAt) : 0))),
      ending: reached ? 'reached' : last === undefined ? 'unknown' : endingOf(last),
      counted: legs.every((leg) => leg.notCounted === undefined),
    }
  })
}
