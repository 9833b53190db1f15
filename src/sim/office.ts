/**
 * What agents of the demonstration do with their phones of their own accord: they call customers and each other, ask a colleague in the
 * middle of a conversation, and give calls away. Only what they do is made up; what comes of it the engine says.
 */
import type { Callee, PeopleCommand } from '#core/commands.ts'
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { SeededChance } from './chance.ts'
import type { DayParts } from './day-parts.ts'
import type { OwnCall } from './people.ts'

const SECOND: Ms = 1_000
/** Between two looks of one agent at whether there is somebody to call. Not ready just then: the next time. */
const CALLS_EVERY: Ms = 24 * 60 * SECOND
/** Set aside by PTS like those of the customers, and nobody's here either: not in use. */
const NOT_IN_USE = '+46980319297'
/** Of conversations with customers. */
const ASKS = 0.1
const GIVES_AWAY = 0.04

export interface OfficeParts extends DayParts {
  readonly agents: readonly AgentId[]
  /** The number of somebody who may be called. */
  readonly customer: () => string
}

export class Office {
  readonly #parts: OfficeParts
  readonly #chance: SeededChance

  constructor(parts: OfficeParts) {
    this.#parts = parts
    this.#chance = parts.chance.fork('office')
  }

  /** From now until `to`, or until stopped. */
  works(agentId: AgentId, goesOn: (at: Ms) => boolean): void {
    const { clock } = this.#parts
    const at = clock.now() + Math.max(SECOND, Math.round(this.#chance.wait(CALLS_EVERY)))
    if (!goesOn(at)) return
    clock.wake(at, () => {
      if (!goesOn(at)) return
      if (this.#parts.engine().agent(agentId)?.state === 'ready') this.#calls(agentId)
      this.works(agentId, goesOn)
    })
  }

  /** A customer has got through to somebody: now and then a colleague is asked, or given the call. */
  talksWith(call: OwnCall, talkMs: Ms): void {
    const die = this.#chance.random()
    if (die >= ASKS + GIVES_AWAY) return
    this.#in(Math.min(this.#seconds(12, 50), talkMs), () => {
      const agentId = this.#partnerOf(call)
      const callId = agentId === null ? undefined : this.#parts.engine().agent(agentId)?.matter?.callId
      if (agentId === null || callId === undefined) return
      if (die < ASKS) this.#asks(agentId, callId)
      else this.#do({ type: 'talk.transfer', ...this.#own(agentId, callId), to: this.#somebody(agentId) })
      // A customer who hangs up while two agents confer leaves them to themselves.
      call.onEnd(() => this.#in(this.#seconds(4, 25), () => this.#do({ type: 'talk.hangUp', ...this.#own(agentId, callId) })))
    })
  }

  #in(ms: Ms, deed: () => void): void {
    this.#parts.clock.wake(this.#parts.clock.now() + ms, deed)
  }

  #seconds(least: number, most: number): Ms {
    return this.#chance.between(least * 10, most * 10) * 100
  }

  #own(agentId: AgentId, callId: CallId) {
    return { by: 'agent', agentId, callId } as const
  }

  /** Whoever is signed in at a desk of the demonstration is left alone. A refusal is an answer like another. */
  #do(command: PeopleCommand & { readonly agentId: AgentId }, then: (callId: CallId) => void = () => undefined): void {
    if (this.#parts.atDesk(command.agentId)) return
    this.#parts
      .engine()
      .submit(command)
      .then((answer) => answer.ok && answer.callId !== undefined && then(answer.callId))
      .catch((error: unknown) => this.#parts.log(`${command.type} failed: ${String(error)}`))
  }

  #colleague(agentId: AgentId): AgentId {
    return this.#chance.pick(this.#parts.agents.filter((one) => one !== agentId))
  }

  /** A colleague mostly, else a queue or a number outside. */
  #somebody(agentId: AgentId): Callee {
    const die = this.#chance.random()
    if (die < 0.7) return { agentId: this.#colleague(agentId) }
    return die < 0.85
      ? { queueId: this.#chance.pick(Object.keys(this.#parts.engine().solution().queues)) }
      : { number: this.#parts.customer() }
  }

  #calls(agentId: AgentId): void {
    const internal = this.#chance.often(0.22)
    const number = this.#chance.often(0.05) ? NOT_IN_USE : this.#parts.customer()
    const to = internal ? { agentId: this.#colleague(agentId) } : { number }
    this.#do({ type: 'call.dial', by: 'agent', agentId, to, origin: 'desk' }, (callId) => {
      const own = this.#own(agentId, callId)
      const die = this.#chance.random()
      if (internal) this.#in(this.#seconds(35, 200), () => this.#do({ type: 'talk.hangUp', ...own }))
      else if (die < 0.1) this.#in(this.#seconds(4, 11), () => this.#do({ type: 'call.cancel', ...own }))
      else if (die < 0.15) this.#in(this.#seconds(4, 11), () => this.#do({ type: 'talk.hangUp', ...own }))
    })
  }

  /** The customer on hold; then back to the customer, or the call given away, or all three for a while. */
  #asks(agentId: AgentId, callId: CallId): void {
    const own = this.#own(agentId, callId)
    this.#do({ type: 'talk.consult', ...own, to: this.#somebody(agentId) })
    const die = this.#chance.random()
    this.#in(this.#seconds(20, 60), () => {
      if (die < 0.5) this.#do({ type: 'talk.endConsult', ...own })
      else if (die < 0.9) this.#do({ type: 'talk.transfer', ...own })
      else this.#do({ type: 'talk.conference', ...own })
    })
    // Nobody came to the telephone: back to the customer.
    this.#in(this.#seconds(70, 90), () => this.#do({ type: 'talk.endConsult', ...own }))
  }

  /** The agent this caller talks with. */
  #partnerOf(call: OwnCall): AgentId | null {
    const { network } = this.#parts
    const phones = network.hears(call.legId).legs.flatMap((legId) => network.phoneOf(legId)?.name ?? [])
    const [, agentId] = phones.map((name) => /^agent:(.*)$/u.exec(name)).find((match) => match !== null) ?? []
    return agentId ?? null
  }
}
