/**
 * Contacts that one agent alone is to call, drawn for the agents who are there. Apart from what the pacing asks for: that is for agents its
 * campaign counts on, and such a contact is its agent's in whichever campaign he is counted. Where the list has none, it is not asked
 * again until a contact is rescheduled.
 */
import type * as Campaign from '#core/campaign/campaign.ts'
import type { Fact, Recorded } from '#core/facts.ts'
import type { Input } from '#core/inputs.ts'
import type { AgentId, CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { withoutOwn } from '#core/world/dialling.ts'
import type { World } from '#core/world/world.ts'
import type { DrawDone } from './drawing.ts'
import { LOOK_AGAIN_MS } from './dryness.ts'

export interface OwnPlan {
  readonly world: World
  readonly solution: () => Solution
  readonly now: () => Ms
  readonly put: (input: Input) => void
  /** Draws for these agents alone. Rejects where the lists cannot be read. */
  readonly draw: (campaign: Campaign.State, count: number, whose: readonly AgentId[]) => Promise<DrawDone>
}

interface Looked {
  /** A draw is under way, or what it brought is not dealt yet. */
  asked: boolean
  /** Not looked at again before; null: when something happened. */
  until: Ms | null
  /** Nobody in the list is any agent's own. */
  none: boolean
  /** Something happened while it was drawn. */
  stale: boolean
}

/** When it is worth looking again, if nothing happens before. */
function untilOf({ contacts, rest, dueAt, turnsAt, heldBack }: DrawDone, at: Ms): Ms | null {
  if (rest === 'more' && contacts.length > 0) return at
  const instants = [dueAt, rest === 'closed' ? (turnsAt ?? at + LOOK_AGAIN_MS) : null]
  if (heldBack.length > 0 || rest === 'more') instants.push(at + LOOK_AGAIN_MS)
  const known = instants.filter((one) => one !== null)
  return known.length === 0 ? null : Math.min(...known)
}

export class OwnContacts {
  readonly #plan: OwnPlan
  readonly #looked = new Map<CampaignId, Looked>()

  constructor(plan: OwnPlan) {
    this.#plan = plan
  }

  /** What is drawn now; nothing where it is known that nothing would come of it. */
  look(campaign: Campaign.State, at: Ms): Promise<void> | null {
    const looked = this.#of(campaign.id)
    if (looked.asked || looked.until === null || at < looked.until) return null
    const { world, solution } = this.#plan
    const whose = withoutOwn(world, solution(), campaign)
    if (whose.length === 0) return null
    looked.asked = true
    return this.#draw(campaign, looked, whose)
  }

  /** When it is worth looking again by time alone. */
  instants(at: Ms): readonly Ms[] {
    return [...this.#looked.values()].flatMap(({ until }) => (until === null || until <= at ? [] : until))
  }

  async #draw(campaign: Campaign.State, looked: Looked, whose: readonly AgentId[]): Promise<void> {
    const { draw, now, put } = this.#plan
    looked.until = now() + LOOK_AGAIN_MS
    looked.stale = false
    try {
      const done = await draw(campaign, whose.length, whose)
      const at = now()
      looked.none = done.rest === 'none'
      looked.until = looked.stale ? at : untilOf(done, at)
      if (done.contacts.length === 0) looked.asked = false
      else put({ type: 'contacts.deal', campaignId: campaign.id, contacts: done.contacts, own: true })
    } catch (error) {
      looked.asked = false
      throw error
    }
  }

  /** After each turn. Who was dealt and not taken up would else be drawn again at once, and again. */
  turned(input: Input, facts: readonly Recorded[]): void {
    if (input.type !== 'contacts.deal' || input.own !== true) return
    const looked = this.#of(input.campaignId)
    looked.asked = false
    const taken = facts.filter(({ fact }) => fact.type === 'contact.dealt').length
    if (taken === 0) looked.until = this.#plan.now() + LOOK_AGAIN_MS
  }

  /** Durable facts, which the lists have been told. True: it is worth looking again. */
  committed(facts: readonly Recorded[]): boolean {
    return facts.filter(({ fact }) => this.#hear(fact)).length > 0
  }

  #hear(fact: Fact): boolean {
    switch (fact.type) {
      case 'campaign.removed':
        this.#looked.delete(fact.campaignId)
        return false
      case 'campaign.started':
      case 'campaign.written':
        return this.#again(fact.campaignId)
      case 'contact.settled':
        return this.#again(fact.campaignId, fact.next !== 'asked' && fact.next !== 'back')
      case 'contact.released':
      case 'agent.loggedOn':
      case 'solution.taken':
        return [...this.#looked.keys()].filter((campaignId) => this.#again(campaignId, true)).length > 0
      default:
        return false
    }
  }

  /** `known`: only where there are agents' own contacts in the list. */
  #again(campaignId: CampaignId, known = false): boolean {
    const looked = this.#of(campaignId)
    if (known && looked.none) return false
    looked.until = 0
    looked.stale = true
    return true
  }

  #of(campaignId: CampaignId): Looked {
    const known = this.#looked.get(campaignId)
    if (known !== undefined) return known
    const looked: Looked = { asked: false, until: 0, none: false, stale: false }
    this.#looked.set(campaignId, looked)
    return looked
  }
}
