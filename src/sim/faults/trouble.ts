/** Makes things go wrong while the troubled phase lasts: each kind of fault at its rate, for a while or once. */
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import type { SeededChance } from '../chance.ts'
import type { VirtualClock } from '../clock.ts'
import type { Fate } from '../delivery.ts'
import type { Host } from '../host.ts'
import type { NetworkFault, SimulatedNetwork } from '../network.ts'
import type { Options } from '../options.ts'
import type { Store } from '../store.ts'
import { FAULT_KINDS, type Fault } from './kinds.ts'

/** What a fault met: one leg's, one call's or one agent's matters; or whatever there is. */
export type Met = { readonly legId: string } | { readonly callId: CallId } | { readonly agentId: AgentId } | null

export interface TroubleParts {
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly network: SimulatedNetwork
  readonly host: Host
  readonly store: Store
  readonly options: Options
  readonly agents: readonly AgentId[]
  readonly hit: (fault: Fault, met: Met) => void
}

const SECOND: Ms = 1_000
const MINUTE: Ms = 60 * SECOND
const HOUR: Ms = 60 * MINUTE
/** Of the events while a fault of them lasts. */
const SHARES = [0.05, 0.2, 1] as const
const LATE_MS_MAX = 20 * SECOND
const REFUSALS_MAX = 4
/** Longer than a phone may be away before its agent is thought to have left the desk. */
const AWAY_MS_MAX = 3 * MINUTE
const STEPS: readonly Ms[] = [3 * SECOND, 40 * SECOND, 10 * MINUTE, 3 * HOUR]

type EventFault = Extract<Fault, `event.${string}`>
type CommandFault = 'command.lost' | 'join.lost'
type Begins = Readonly<Record<Fault, () => void>>
/** Beside those of events. */
const MEET_ONE: ReadonlySet<Fault> = new Set(['command.lost', 'join.lost', 'phone.gone'])
const IN_TURN: Pick<Fate, 'times' | 'overtaken'> = { times: 1, overtaken: false }

export class Trouble {
  readonly #parts: TroubleParts
  readonly #chance: SeededChance
  /** Faults of events and commands that last, and how many of them they meet. */
  readonly #lasting = new Map<Fault, number>()
  readonly #begins: Begins

  constructor(parts: TroubleParts) {
    this.#parts = parts
    this.#chance = parts.chance
    this.#begins = { ...this.#onTheNetwork(), ...this.#onTheDisk(), ...this.#toTheEngine() }
    parts.network.fatesOf = (event) => this.#fates(event)
    parts.network.loses = (command) => this.#loses(command)
  }

  begin(until: Ms): void {
    for (const kind of FAULT_KINDS) {
      const perHour = this.#parts.options.faults[kind] ?? 0
      if (perHour > 0) this.#often(perHour, until, () => this.#fault(kind))
    }
  }

  #often(perHour: number, until: Ms, deed: () => void): void {
    const { clock } = this.#parts
    const wait = Math.round(this.#chance.wait(HOUR / perHour))
    if (clock.monotonic() + wait >= until) return
    clock.wake(clock.now() + wait, () => {
      deed()
      this.#often(perHour, until, deed)
    })
  }

  /** Those that meet an event or a command are counted as they meet one; the others as they begin. */
  #fault(kind: Fault): void {
    if (!kind.startsWith('event.') && !MEET_ONE.has(kind)) this.#parts.hit(kind, null)
    this.#begins[kind]()
  }

  #onTheNetwork(): Pick<
    Begins,
    Extract<Fault, `${'event' | 'command' | 'join' | 'network' | 'switch' | 'trunk' | 'phone' | 'clock'}.${string}`>
  > {
    const { clock } = this.#parts
    return {
      'event.lost': () => this.#lasts('event.lost'),
      'event.repeated': () => this.#lasts('event.repeated'),
      'event.late': () => this.#lasts('event.late'),
      'event.overtaken': () => this.#lasts('event.overtaken'),
      'command.lost': () => this.#lasts('command.lost'),
      'join.lost': () => this.#lasts('join.lost'),
      'network.slow': () => this.#network('slow', 2 * MINUTE),
      'switch.away': () => this.#network('loseEvents', MINUTE),
      'trunk.down': () => this.#network('trunkDown', 3 * MINUTE, this.#chance.often(0.5) ? 'main' : undefined),
      'phone.gone': () => this.#phoneGone(),
      'clock.forward': () => clock.step(this.#chance.pick(STEPS)),
      'clock.back': () => clock.step(-this.#chance.pick(STEPS)),
    }
  }

  #onTheDisk(): Pick<Begins, Extract<Fault, `${'journal' | 'lists'}.${string}`>> {
    const { host, store, options } = this.#parts
    return {
      'journal.refused': () => {
        store.refuses = this.#chance.between(1, REFUSALS_MAX)
      },
      'journal.slow': () => {
        store.appendMs = this.#chance.between(1, 5) * SECOND
        this.#later(2 * MINUTE, () => {
          store.appendMs = options.appendMs
        })
      },
      'journal.full': () => {
        store.full = true
        this.#later(5 * MINUTE, () => {
          store.full = false
        })
      },
      'lists.away': () => {
        host.listsAway = true
        this.#later(2 * MINUTE, () => {
          host.listsAway = false
        })
      },
    }
  }

  #toTheEngine(): Pick<Begins, Extract<Fault, `${'crash' | 'engine' | 'snapshot'}.${string}`>> {
    const { host, store } = this.#parts
    return {
      'crash.now': () => host.kill('now'),
      'crash.beforeAppend': () => host.kill('before'),
      'crash.afterAppend': () => host.kill('after'),
      'crash.afterEffect': () => host.kill('afterEffect'),
      'crash.inSnapshot': () => {
        host.kill('inSnapshot')
        host.snapshot()
      },
      'crash.inStart': () => host.kill('inStart'),
      'engine.restarted': () => host.restart(),
      'engine.twice': () => host.hang(),
      'snapshot.lost': () => {
        store.snapshots = []
        host.kill('now')
      },
      'snapshot.old': () => {
        store.snapshots = store.snapshots.slice(0, 1)
        host.kill('now')
      },
    }
  }

  #later(mostMs: Ms, deed: () => void): void {
    const { clock } = this.#parts
    clock.wake(clock.now() + this.#chance.between(0, mostMs), deed)
  }

  #lasts(kind: EventFault | CommandFault): void {
    this.#lasting.set(kind, this.#chance.pick(SHARES))
    this.#later(5 * MINUTE, () => this.#lasting.delete(kind))
  }

  #network(fault: NetworkFault, mostMs: Ms, trunk?: string): void {
    const { network } = this.#parts
    network.begin(fault, trunk)
    this.#later(mostMs, () => network.end(fault, trunk))
  }

  #phoneGone(): void {
    const { network, agents, hit } = this.#parts
    const agentId = this.#chance.pick(agents)
    hit('phone.gone', { agentId })
    network.attend(agentId, false)
    this.#later(AWAY_MS_MAX, () => network.attend(agentId, true))
  }

  #meets(kind: Fault): boolean {
    const share = this.#lasting.get(kind)
    return share !== undefined && this.#chance.often(share)
  }

  /**
   * That the switch is there or not, and a phone, is told by the one who looks, and told again. No line ends before it has begun.
   */
  #fates(event: TelephonyEvent): readonly Fate[] | null {
    if (this.#lasting.size === 0 || !('legId' in event || 'playId' in event)) return null
    const met = 'legId' in event ? { legId: event.legId } : null
    const lateMs = this.#chance.between(0, LATE_MS_MAX)
    if (this.#meets('event.lost')) {
      this.#parts.hit('event.lost', met)
      return []
    }
    if (this.#meets('event.repeated')) {
      this.#parts.hit('event.repeated', met)
      const again = this.#chance.often(0.5) ? { times: 1, lateMs, overtaken: true } : { ...IN_TURN, lateMs: 0 }
      return [{ ...IN_TURN, lateMs: 0 }, again]
    }
    if (event.type !== 'leg.arrived' && this.#meets('event.overtaken')) {
      this.#parts.hit('event.overtaken', met)
      return [{ times: 1, lateMs, overtaken: true }]
    }
    if (this.#meets('event.late')) {
      this.#parts.hit('event.late', met)
      return [{ ...IN_TURN, lateMs }]
    }
    return null
  }

  #loses(command: TelephonyCommand): boolean {
    if (command.type === 'bridge.join') {
      if (!this.#meets('join.lost')) return false
      this.#parts.hit('join.lost', { callId: command.callId })
      return true
    }
    if ((command.type !== 'leg.ring' && command.type !== 'leg.hangUp') || !this.#meets('command.lost')) return false
    this.#parts.hit('command.lost', { legId: command.legId })
    return true
  }
}
