/**
 * Which agents' phones are there. Asterisk asks each registered phone every few seconds (`qualify_frequency` of `config.ts`) and knows
 * at once when a browser's websocket is closed; we ask Asterisk whenever it says that one changed, and all the same every few seconds,
 * so that no lost event leaves an agent ready whose phone is gone.
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
  /** The phone this agent talks on may not be there any more. */
  readonly doubt: (agentId: AgentId) => void
  readonly trouble: (what: string) => void
}

export class PhoneWatch {
  readonly #options: PhoneWatchOptions
  readonly #there = new Map<AgentId, boolean>()
  readonly #seenAt = new Map<AgentId, Ms>()
  #timer: NodeJS.Timeout | undefined
  #round = 0
  #asking = false
  #askAgain = false

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
    this.#asking = false
    clearTimeout(this.#timer)
  }

  /** When Asterisk last said that the phone answers; null: never. */
  seenAt(agentId: AgentId): Ms | null {
    return this.#seenAt.get(agentId) ?? null
  }

  /** A phone registered, was closed, or does not answer. A page loaded anew registers a phone that is not the one talked on. */
  changed(account: string): void {
    const { agents, phone, doubt } = this.#options
    for (const agentId of agents()) {
      const kept = phone(agentId)
      if (kept?.kind === 'desk' && kept.account === account) doubt(agentId)
    }
    // What is being answered just now may be older than this. Many changes at once are one question.
    if (this.#asking) this.#askAgain = true
    else this.#look(this.#round)
  }

  #look(round: number): void {
    if (round !== this.#round) return
    clearTimeout(this.#timer)
    this.#asking = true
    this.#askAgain = false
    this.#options
      .states()
      .then(
        (states) => {
          if (round === this.#round) this.#compare(states)
        },
        (error: unknown) => {
          if (!(error instanceof PortError || error instanceof AriRefused)) throw error
          this.#options.trouble(`asking for phones: ${error.message}`)
        },
      )
      .then(() => {
        if (round !== this.#round) return
        this.#asking = false
        if (this.#askAgain) this.#look(round)
        else this.#timer = setTimeout(() => this.#look(round), everyMs)
      })
  }

  #compare(states: ReadonlyMap<string, string>): void {
    const { agents, phone, tell, doubt, now: clock } = this.#options
    const now = new Set(agents())
    for (const agentId of this.#there.keys()) if (!now.has(agentId)) this.#there.delete(agentId)
    for (const agentId of now) {
      const kept = phone(agentId)
      const state = kept === undefined || kept.kind === 'number' ? undefined : (states.get(kept.account) ?? 'offline')
      if (state !== 'online' && state !== 'offline') continue
      const there = state === 'online'
      if (there) this.#seenAt.set(agentId, clock())
      else doubt(agentId)
      if (this.#there.get(agentId) === there) continue
      this.#there.set(agentId, there)
      tell({ type: there ? 'phone.found' : 'phone.lost', agentId })
    }
  }
}
