/** What an engine of a drawn world holds on to the world by: let go, it can do nothing any more, as after kill -9. */
import type { Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import type { Telephony, TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'

const never = new Promise<never>(() => undefined)

export interface LifelineParts {
  readonly clock: Clock
  readonly telephony: Telephony
  readonly contacts: Contacts
  /** Whether the lists of contacts can be neither read nor written. */
  readonly listsAway: () => boolean
  /** The effect is with the switch. */
  readonly sent: (command: TelephonyCommand) => void
  /** The switch is asked what it has. */
  readonly asked: () => void
}

export class Lifeline {
  readonly #parts: LifelineParts
  alive = true
  /** It lives, and hears nothing of the switch any more: another engine is connected with it. */
  deaf = false
  readonly #cut = Promise.withResolvers<void>()
  /** Resolves when it is let go: what its engine still waits for will never come. */
  readonly gone = this.#cut.promise

  constructor(parts: LifelineParts) {
    this.#parts = parts
  }

  cut(): void {
    this.alive = false
    this.#cut.resolve()
  }

  clock(): Clock {
    const { clock } = this.#parts
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      wake: (at, call) => clock.wake(at, () => this.alive && call()),
    }
  }

  telephony(): Telephony {
    const { telephony, sent, asked } = this.#parts
    const speaks = (): boolean => this.alive && !this.deaf
    return {
      answersFromDesk: (agentId) => telephony.answersFromDesk(agentId),
      phoneSeenAt: (agentId) => telephony.phoneSeenAt(agentId),
      start: (handler: (event: TelephonyEvent) => void) => telephony.start((event) => speaks() && handler(event)),
      send: (command: TelephonyCommand) => {
        if (!this.alive) return
        telephony.send(command)
        sent(command)
      },
      alive: () => {
        asked()
        return this.alive ? telephony.alive() : never
      },
      plays: (playId) => (this.alive ? telephony.plays(playId) : never),
      past: (legId) => (this.alive ? telephony.past(legId) : never),
      stop: async () => (speaks() ? telephony.stop() : undefined),
    }
  }

  /** The lists are a store of their own: they fail on their own, and outlive the engine. */
  contacts(): Contacts {
    const { contacts, listsAway } = this.#parts
    return new Proxy(contacts, {
      get: (lists, name) => {
        const method: unknown = Reflect.get(lists, name)
        if (typeof method !== 'function') return method
        return (...given: readonly unknown[]): unknown => {
          if (!this.alive) return never
          if (listsAway()) return Promise.reject(new PortError('contacts', String(name), { message: 'the lists are away', retry: true }))
          return Reflect.apply(method, lists, given)
        }
      },
    })
  }
}
