/** The network's book of legs: those alive, and the log of those that are over. */
import type { LegOutcome } from '#core/facts.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { LegPast } from '#ports/telephony.ts'
import type { Phone } from './people.ts'

/** How many legs that are over the log remembers; the oldest go first. */
export const PAST_MAX = 100_000

export interface Ending {
  readonly outcome: LegOutcome
  readonly by: 'party' | 'us' | 'network'
  readonly cause: number
}

export interface Leg {
  readonly legId: LegId
  readonly inbound: boolean
  readonly phone: Phone
  readonly from: string | null
  /** The number called, or the agent's id. */
  readonly to: string
  readonly startedAt: Ms
  state: 'ringing' | 'answered' | 'ended'
  answeredAt?: Ms
  /** What still waits for the clock on behalf of this leg: taken back at its end. */
  readonly timers: (() => void)[]
  readonly onAnswer: (() => void)[]
  readonly onEnd: (() => void)[]
  readonly onJoin: (() => void)[]
}

export class Ledger {
  readonly #alive = new Map<LegId, Leg>()
  readonly #past = new Map<LegId, LegPast>()

  start(leg: Pick<Leg, 'legId' | 'inbound' | 'phone' | 'from' | 'to'> & { readonly at: Ms }): Leg {
    const { at, ...rest } = leg
    const started: Leg = { ...rest, startedAt: at, state: 'ringing', timers: [], onAnswer: [], onEnd: [], onJoin: [] }
    this.#alive.set(leg.legId, started)
    return started
  }

  end(leg: Leg, at: Ms, ending: Ending): void {
    leg.state = 'ended'
    this.#alive.delete(leg.legId)
    this.#past.set(leg.legId, {
      startedAt: leg.startedAt,
      ...(leg.answeredAt === undefined ? {} : { answeredAt: leg.answeredAt }),
      ended: { at, ...ending },
    })
    if (this.#past.size > PAST_MAX) for (const oldest of this.#past.keys()) return void this.#past.delete(oldest)
  }

  get(legId: LegId): Leg | undefined {
    return this.#alive.get(legId)
  }

  knows(legId: LegId): boolean {
    return this.#alive.has(legId) || this.#past.has(legId)
  }

  alive(): readonly Leg[] {
    return [...this.#alive.values()]
  }

  /** Nothing in it: the leg was never rung. */
  past(legId: LegId): LegPast {
    const leg = this.#alive.get(legId)
    if (leg === undefined) return this.#past.get(legId) ?? {}
    return { startedAt: leg.startedAt, ...(leg.answeredAt === undefined ? {} : { answeredAt: leg.answeredAt }) }
  }
}
