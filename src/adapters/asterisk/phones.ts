/**
 * Which agents' phones are there. Asterisk asks each registered phone every few seconds (`qualify_frequency` of `config.ts`) and knows
 * at once when a browser's websocket is closed; we ask Asterisk, so that no lost event leaves an agent ready whose phone is gone.
 */
import type { AgentId, Ms } from '#core/kernel/kernel.ts'
import type { AgentPhone } from '#core/solution/solution.ts'
import { PortError } from '#ports/errors.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { AriRefused } from './ari.ts'

/** Asterisk needs up to 8 s to know (5 between questions, 3 of patience): with this it stays well under the 15 of calls.md 1. */
const everyMs = 2_000

export interface PhoneWatchOptions {
  /** Asterisk's endpoints by name, each `online`, `offline` or `unknown`. */
  readonly states: () => Promise<ReadonlyMap<string, string>>
  readonly agents: () => readonly AgentId[]
  readonly phone: (agentId: AgentId) => AgentPhone | undefined
  readonly now: () => Ms
  readonly tell: (event: TelephonyEvent) => void
  readonly trouble: (what: string) => void
}

export class PhoneWatch {
  readonly #options: PhoneWatchOptions
  readonly #there = new Map<AgentId, boolean>()
  readonly #seenAt = new Map<AgentId, Ms>()
  #timer: NodeJS.Timeout | undefined
  #round = 0

  constructor(options: PhoneWatchOptions) {
    this.#options = options
  }

  /** Begins anew: every phone is told of once. */
  start(): void {
    this.stop()
    this.#there.clear()
    this.#look(this.#round)
  }

  stop(): void {
    this.#round += 1
    clearTimeout(this.#timer)
  }

  /** When Asterisk last said that the phone answers; null: never. */
  seenAt(agentId: AgentId): Ms | null {
    return this.#seenAt.get(agentId) ?? null
  }

  #look(round: number): void {
    const again = (): void => {
      if (round === this.#round) this.#timer = setTimeout(() => this.#look(round), everyMs)
    }
    this.#options.states().then(
      (states) => {
        if (round === this.#round) this.#compare(states)
        again()
      },
      (error: unknown) => {
        if (!(error instanceof PortError || error instanceof AriRefused)) throw error
        this.#options.trouble(`asking for phones: ${error.message}`)
        again()
      },
    )
  }

  #compare(states: ReadonlyMap<string, string>): void {
    const { agents, phone, tell, now: clock } = this.#options
    const now = new Set(agents())
    for (const agentId of this.#there.keys()) if (!now.has(agentId)) this.#there.delete(agentId)
    for (const agentId of now) {
      const kept = phone(agentId)
      const state = kept === undefined || kept.kind === 'number' ? undefined : (states.get(kept.account) ?? 'offline')
      if (state !== 'online' && state !== 'offline') continue
      const there = state === 'online'
      if (there) this.#seenAt.set(agentId, clock())
      if (this.#there.get(agentId) === there) continue
      this.#there.set(agentId, there)
      tell({ type: there ? 'phone.found' : 'phone.lost', agentId })
    }
  }
}
