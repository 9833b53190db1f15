/** Whom of those who call us the engine lets in. calls.md 8. */
import type { LegId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { Telephony } from '#ports/telephony.ts'
import type { Figures, TurnedAway } from './figures.ts'

/** Inputs that wait; with more of them nobody new comes in. */
const INBOX_MAX = 10_000

export interface GatePlan {
  readonly figures: Pick<Figures, 'arrival' | 'refused'>
  readonly telephony: Pick<Telephony, 'send'>
  readonly solution: () => Pick<Solution, 'callsPerSecondMax' | 'liveCallsMax'>
  readonly liveCalls: () => number
  readonly inbox: () => number
  /** Why nothing can be written; null: it can. */
  readonly trouble: () => string | null
}

export class Gate {
  readonly #plan: GatePlan

  constructor(plan: GatePlan) {
    this.#plan = plan
  }

  /** Whether one more call may come in: it counts as come in. */
  mayEnter(): boolean {
    const { figures, inbox, liveCalls, solution, trouble } = this.#plan
    const { callsPerSecondMax, liveCallsMax } = solution()
    return trouble() === null && inbox() < INBOX_MAX && liveCalls() < liveCallsMax && figures.arrival(callsPerSecondMax)
  }

  /** Before any prompt of ours. */
  turnAway(legId: LegId): void {
    const { figures, telephony, trouble } = this.#plan
    const why: TurnedAway = trouble() === null ? 'overload' : 'unwritten'
    figures.refused(why)
    telephony.send({ type: 'leg.hangUp', legId, why })
  }
}
