/** What agents of a drawn world do of their own accord: they call, and in a conversation try every button there is. */
import type { Callee, PeopleCommand } from '#core/commands.ts'
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { SeededChance } from './chance.ts'
import type { VirtualClock } from './clock.ts'
import type { Options } from './options.ts'
import { TOPICS } from './owner.ts'
import { customerNumber, EMERGENCY, ourNumber } from './random.ts'

export interface DeskParts {
  readonly chance: SeededChance
  readonly options: Options
  readonly agents: readonly AgentId[]
  readonly engine: () => EnginePort | null
  readonly clock: VirtualClock
  readonly submit: (command: PeopleCommand) => void
  /** The agent's phone is away for so long. */
  readonly leaves: (agentId: AgentId, awayMs: Ms) => void
}

type Asking = { readonly by: 'agent'; readonly agentId: AgentId; readonly callId: CallId }

const BUTTONS = ['hold', 'resume', 'mute', 'unmute', 'swap', 'conference', 'endConsult', 'transfer', 'transfer', 'hangUp'] as const

/** Whoever mutes himself takes that back before long. */
const MUTED_MS_MAX: Ms = 30_000
/** Longer than a phone may be away before its agent is thought to have left the desk. */
const AWAY_MS_MAX: Ms = 120_000

export class Desk {
  readonly #parts: DeskParts
  readonly #chance: SeededChance
  readonly #together: SeededChance
  readonly #muting: SeededChance

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#chance = parts.chance
    this.#together = parts.chance.fork('together')
    this.#muting = parts.chance.fork('muting')
  }

  /** Looks what lies on the desk: a card, or a contact who is or was talked with. `helps`: as one does in quiet times. */
  looks(agentId: AgentId, helps: boolean): void {
    const { card, matter } = this.#parts.engine()?.agent(agentId) ?? {}
    const by = 'agent' as const
    if (card != null) {
      const asking = { by, agentId, callId: card.callId }
      const die = helps ? 0 : this.#chance.random()
      if (die < 0.5) this.#parts.submit({ type: 'card.call', ...asking })
      else if (die < 0.65) this.#parts.submit({ type: 'card.reject', ...asking })
      else if (die < 0.7) this.#parts.submit({ type: 'card.cancel', ...asking })
      else if (die < 0.75) this.#reschedules(agentId, card.callId)
    } else if (matter?.contact !== undefined && !helps) this.#says(agentId, matter.callId)
  }

  #says(agentId: AgentId, callId: CallId): void {
    const asking = { by: 'agent', agentId, callId } as const
    const die = this.#chance.random()
    if (die < 0.15) this.#parts.submit({ type: 'contact.markUnanswered', ...asking })
    else if (die < 0.3) this.#reschedules(agentId, callId)
    else if (die < 0.45) this.#parts.submit({ type: 'contact.setTopics', ...asking, topics: [this.#chance.pick(TOPICS)] })
    else if (die < 0.5) this.#parts.submit({ type: 'card.cancel', ...asking })
    else if (die < 0.6) this.#parts.submit({ type: 'talk.hangUp', ...asking })
  }

  #reschedules(agentId: AgentId, callId: CallId): void {
    const at = this.#parts.clock.now() + this.#chance.between(1, 900) * 1_000
    const forAgent = this.#chance.often(0.3) ? this.#chance.pick(this.#parts.agents) : null
    this.#parts.submit({ type: 'contact.reschedule', by: 'agent', agentId, callId, at, forAgent })
  }

  does(agentId: AgentId): void {
    const matter = this.#parts.engine()?.agent(agentId)?.matter
    if (this.#chance.often(0.02)) this.#parts.leaves(agentId, this.#chance.between(0, AWAY_MS_MAX))
    const [impatient, meddles] = [this.#chance.often(0.05), this.#chance.often(0.3)]
    if (matter == null || impatient) this.#dials(agentId)
    else if (matter.phase === 'talking' || meddles) this.#talks(agentId, matter.callId)
    else if (this.#chance.often(0.3)) this.#parts.submit({ type: 'call.cancel', by: 'agent', agentId, callId: matter.callId })
  }

  #dials(agentId: AgentId): void {
    const [by, origin] = this.#chance.often(0.9) ? (['agent', 'desk'] as const) : (['system', 'api'] as const)
    this.#parts.submit({ type: 'call.dial', by, agentId, to: this.#callee(), origin })
  }

  #talks(agentId: AgentId, callId: CallId): void {
    const asking = { by: 'agent', agentId, callId } as const
    const die = this.#chance.random()
    if (die < 0.4) this.#consults(asking)
    else if (die < 0.5) this.#parts.submit({ type: 'talk.transfer', ...asking, to: this.#callee() })
    else if (die < 0.55) this.#parts.submit({ type: 'talk.digits', ...asking, digits: this.#chance.pick(['1', '22#', '*']) })
    else if (die < 0.6) this.#parts.submit({ type: 'call.cancel', ...asking })
    else this.#presses(asking, this.#chance.pick(BUTTONS))
  }

  #presses(asking: Asking, button: (typeof BUTTONS)[number]): void {
    const { clock, submit } = this.#parts
    submit({ type: `talk.${button}`, ...asking })
    if (button === 'mute')
      clock.wake(clock.now() + this.#muting.between(1_000, MUTED_MS_MAX), () => submit({ type: 'talk.unmute', ...asking }))
  }

  /** Where somebody is asked, all three often talk together before long. */
  #consults(asking: Asking): void {
    const { clock, submit } = this.#parts
    submit({ type: 'talk.consult', ...asking, to: this.#callee() })
    if (!this.#together.often(0.5)) return
    clock.wake(clock.now() + this.#together.between(3, 25) * 1_000, () => submit({ type: 'talk.conference', ...asking }))
  }

  #callee(): Callee {
    const { agents, options } = this.#parts
    const die = this.#chance.random()
    if (die < 0.4) return { agentId: this.#chance.pick(agents) }
    if (die < 0.55) return { queueId: `q${this.#chance.between(0, options.queues - 1)}` }
    if (die < 0.95) return { number: customerNumber(this.#chance.between(0, options.customers - 1)) }
    return { number: this.#chance.pick([EMERGENCY, EMERGENCY, ourNumber(0), '12']) }
  }
}
