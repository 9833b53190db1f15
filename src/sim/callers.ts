/**
 * What agents of the demonstration do with contacts of campaigns: they look at a Preview card for a while and call it, now and then give
 * it to somebody else, and say in the wrap-up what the call was about. Only what they do is made up.
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { LiveCampaign } from '#ports/engine.ts'
import type { SeededChance } from './chance.ts'
import type { DayParts } from './day-parts.ts'

const SECOND: Ms = 1_000
/** How often it is looked whether something new lies on a desk. */
const LOOKS_EVERY: Ms = 2 * SECOND
const REJECTS = 0.08
/** Of talks: another time was agreed. */
const RESCHEDULES = 0.06
const HOUR: Ms = 3_600 * SECOND

export interface CallersParts extends DayParts {
  readonly agents: readonly AgentId[]
  readonly campaign: (id: string) => LiveCampaign | undefined
}

export class Callers {
  readonly #parts: CallersParts
  readonly #chance: SeededChance
  /** What each agent has seen to: the card or the wrap-up of this call. */
  readonly #seen = new Map<AgentId, string>()

  constructor(parts: CallersParts) {
    this.#parts = parts
    this.#chance = parts.chance.fork('callers')
  }

  /** For as long as it is not stopped. */
  goOn(stopped: () => boolean): void {
    this.#in(LOOKS_EVERY, () => {
      if (stopped()) return
      for (const agentId of this.#parts.agents) if (!this.#parts.atDesk(agentId)) this.#looks(agentId)
      this.goOn(stopped)
    })
  }

  #looks(agentId: AgentId): void {
    const { card, matter } = this.#parts.engine().agent(agentId) ?? {}
    if (card != null) this.#once(agentId, `card ${card.callId}`, () => this.#seesCard(agentId, card.callId))
    else if (matter?.contact !== undefined && matter.phase === 'wrapUp')
      this.#once(agentId, `over ${matter.callId}`, () => this.#says(agentId, matter.callId, matter.contact?.campaignId ?? ''))
  }

  #once(agentId: AgentId, what: string, deed: () => void): void {
    if (this.#seen.get(agentId) === what) return
    this.#seen.set(agentId, what)
    deed()
  }

  #seesCard(agentId: AgentId, callId: CallId): void {
    this.#in(this.#seconds(4, 18), () => {
      if (this.#parts.engine().agent(agentId)?.card?.callId !== callId || this.#parts.atDesk(agentId)) return
      this.#do({ type: this.#chance.often(REJECTS) ? 'card.reject' : 'card.call', by: 'agent', agentId, callId })
    })
  }

  #says(agentId: AgentId, callId: CallId, campaignId: string): void {
    const topics = this.#parts.campaign(campaignId)?.settings.topics ?? []
    const own = { by: 'agent', agentId, callId } as const
    if (topics.length > 0) this.#do({ type: 'contact.setTopics', ...own, topics: [this.#chance.pick(topics)] })
    const at = this.#parts.clock.now() + this.#chance.between(1, 6) * HOUR
    if (this.#chance.often(RESCHEDULES)) this.#do({ type: 'contact.reschedule', ...own, at, forAgent: null })
  }

  #seconds(least: number, most: number): Ms {
    return this.#chance.between(least * 10, most * 10) * 100
  }

  #in(ms: Ms, deed: () => void): void {
    this.#parts.clock.wake(this.#parts.clock.now() + ms, deed)
  }

  #do(command: PeopleCommand): void {
    // Refused: somebody was quicker, or the contact has gone.
    this.#parts
      .engine()
      .submit(command)
      .catch((error: unknown) => this.#parts.log(`${command.type} failed: ${String(error)}`))
  }
}
