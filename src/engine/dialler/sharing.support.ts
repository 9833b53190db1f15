/**
 * Several campaigns with the same agents, an hour in a moment: the real rules and pacings, people who answer and talk by a seed, and a
 * dialler that asks once a second. It keeps its own account of who has had whom.
 */
import { countAgents, thereFor } from '#core/campaign/counting.ts'
import type { Settings } from '#core/campaign/settings.ts'
import { crewOf } from '#core/campaign/spoken.ts'
import { createPacing, type Pacing } from '#core/dialler/pacing.ts'
import type { Fact } from '#core/facts.ts'
import type { AgentId, CampaignId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { Campaigning, contactOf, SECOND } from '#core/world/campaign.support.ts'
import { NINE } from '#core/world/stage.support.ts'
import { Observer } from './observer.ts'
import { progressive, snapshotOf } from './snapshot.ts'

export interface Habits {
  readonly seed: number
  /** Share of a campaign's contacts who answer, after 3 to 15 s. */
  readonly answer: (campaignId: CampaignId) => number
  readonly talkMs: readonly [Ms, Ms]
}

export class Sharing extends Campaigning {
  /** Lists in which nobody can be called just now. */
  readonly empty = new Set<CampaignId>()
  /** Time of agents in a campaign's calls, their own phone ringing and wrap-up among it. */
  readonly workMs = new Map<CampaignId, Ms>()
  readonly #centre: Solution
  readonly #habits: Habits
  readonly #pacings = new Map<CampaignId, Pacing>()
  readonly #coming: { readonly at: Ms; readonly happen: () => void }[] = []
  #observer: Observer | null = null
  #chance: number
  #contacts = 0

  constructor(centre: Solution, habits: Habits, settings: Partial<Settings>) {
    super(settings, centre, NINE)
    this.#centre = centre
    this.#habits = habits
    this.#chance = habits.seed
    this.#observer = new Observer(
      this.world,
      () => centre,
      (id, fact) => this.#pacings.get(id)?.observe(fact),
    )
    this.onTurn = (done) => {
      if (done.bug !== null) throw done.bug
      this.#observer?.observe(done.facts)
      for (const { fact } of done.facts) this.#live(fact)
    }
  }

  begins(id: CampaignId, settings: Partial<Settings>): void {
    this.writes(settings, id)
    this.ask({ type: 'campaign.start', by: 'supervisor', campaignId: id })
  }

  /** Looks at every second. */
  runs(ms: Ms, look: () => void = () => undefined): void {
    for (const until = this.at + ms; this.at < until; ) {
      this.#asks()
      this.#passes(SECOND)
      for (const agent of this.world.agents.values()) {
        const id = this.servedBy(agent.id)
        if (id !== null) this.workMs.set(id, (this.workMs.get(id) ?? 0) + SECOND)
      }
      look()
    }
  }

  /** The campaign in whose call, card or wrap-up an agent is. */
  servedBy(agentId: AgentId): CampaignId | null {
    const agent = this.world.agents.get(agentId)
    const callId = agent?.matter?.callId ?? agent?.wrapUpOf ?? agent?.card?.callId
    return this.world.calls.get(callId ?? '')?.contact?.campaignId ?? null
  }

  /** Agents in the campaign's calls. */
  strength = (id: CampaignId): number => [...this.world.agents.keys()].filter((agentId) => this.servedBy(agentId) === id).length

  /** Agents in a campaign's snapshot whom new calls count on. */
  countedFor = (id: CampaignId): number => thereFor(countAgents(this.world, this.#centre).get(id))

  /** A contact can be called again. */
  refills(id: CampaignId): void {
    this.empty.delete(id)
    this.do({ type: 'campaign.drew', campaignId: id, dry: null })
  }

  #random(): number {
    // A linear congruential generator: Numerical Recipes, 1992, §7.1.
    this.#chance = (Math.imul(this.#chance, 1_664_525) + 1_013_904_223) >>> 0
    return this.#chance / 2 ** 32
  }

  #between = ([from, to]: readonly [Ms, Ms]): Ms => from + this.#random() * (to - from)

  #asks(): void {
    for (const { id, status, settings } of this.world.campaigns.values()) {
      if (status !== 'running') continue
      const dial = settings.mode === 'preview' ? crewOf(this.#centre, settings).size : this.#paced(id)
      if (dial === 0) continue
      const { effects } = this.do({ type: 'campaign.pace', campaignId: id, dial, hangUp: 0 })
      for (const effect of effects) if (effect.type === 'contacts.draw') this.#draws(id, effect.count)
    }
  }

  #paced(id: CampaignId): number {
    const campaign = this.world.campaigns.get(id)
    const counted = countAgents(this.world, this.#centre).get(id)
    if (campaign === undefined || counted === undefined) return 0
    const snapshot = snapshotOf(this.world, campaign, counted, null, this.at)
    const { mode, ratio, silentTarget, silentAfterMs, ringMs } = campaign.settings
    if (mode === 'preview' || campaign.limit !== 'within') return progressive(snapshot).dial
    const pacing = this.#pacings.get(id) ?? createPacing({ mode, ratio, silentTarget, silentAfterMs, ringTimeoutMs: ringMs })
    this.#pacings.set(id, pacing)
    return pacing.decide(snapshot).dial
  }

  #draws(campaignId: CampaignId, count: number): void {
    if (this.empty.has(campaignId)) {
      this.do({ type: 'campaign.drew', campaignId, dry: 'later' })
      return
    }
    const contacts = Array.from({ length: count }, () => {
      this.#contacts += 1
      return contactOf(`${campaignId}${this.#contacts}`)
    })
    this.do({ type: 'contacts.deal', campaignId, contacts })
  }

  #passes(ms: Ms): void {
    const until = this.at + ms
    for (;;) {
      this.#coming.sort((a, b) => a.at - b.at)
      const next = this.#coming[0]
      if (next === undefined || next.at > until) break
      this.#coming.shift()
      this.wait(Math.max(0, next.at - this.at))
      next.happen()
    }
    this.wait(until - this.at)
  }

  #in(ms: Ms, happen: () => void): void {
    this.#coming.push({ at: this.at + ms, happen })
  }

  /** What people do about what happens to them. */
  #live(fact: Fact): void {
    const isUp = (legId: LegId): boolean => {
      const status = this.call(legId)?.legs.get(legId)?.status
      return status !== undefined && status !== 'ended'
    }
    if (fact.type === 'leg.requested' && fact.party === 'agent') this.#in(500, () => isUp(fact.legId) && this.answers(fact.legId))
    if (
      fact.type === 'leg.requested' &&
      fact.party === 'customer' &&
      this.#random() < this.#habits.answer(this.call(fact.legId)?.contact?.campaignId ?? '')
    )
      this.#in(this.#between([3_000, 15_000]), () => isUp(fact.legId) && this.answers(fact.legId))
    if (fact.type === 'card.shown')
      this.#in(2_000, () => this.world.agents.get(fact.agentId)?.card?.callId === fact.callId && this.presses('call', fact.agentId))
    const over = (callId: string, afterMs: Ms): void => {
      const legs = [...(this.world.calls.get(callId)?.legs.values() ?? [])]
      const leg = legs.find(({ party }) => party === 'customer')
      if (leg !== undefined) this.#in(afterMs, () => isUp(leg.id) && this.ends(leg.id))
    }
    if (fact.type === 'entry.left' && fact.reason === 'answered') over(fact.callId, this.#between(this.#habits.talkMs))
    if (fact.type === 'contact.silent') over(fact.callId, 5_000)
  }
}
