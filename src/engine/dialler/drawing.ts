/**
 * A draw carried out: which clocks are open, the next contacts in order, their numbers read again at this instant, and who is on a line
 * with us passed over. It changes nothing: a contact is taken up by the fact that says so.
 */
import type * as Campaign from '#core/campaign/campaign.ts'
import { callsOf } from '#core/campaign/spoken.ts'
import type { Barred, Dealt } from '#core/inputs.ts'
import type { AgentId, CampaignId, ContactId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { World } from '#core/world/world.ts'
import type { Contacts, Draw, Drawn } from '#ports/contacts.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { People } from '../people.ts'
import type { Openness } from './openness.ts'

export interface DrawingPlan {
  readonly world: World
  readonly contacts: Contacts
  readonly openness: Openness
  readonly people: People
  readonly numbers: () => Numbers
  readonly solution: () => Solution
  readonly now: () => Ms
}

export interface DrawDone {
  readonly contacts: readonly Dealt[]
  readonly rest: Draw['rest']
  readonly dueAt: Ms | null
  /** Of the open clocks: when the last closes, and when the first of all changes. */
  readonly closesAt: Ms | null
  readonly turnsAt: Ms | null
  /** Passed over while they are on a line with us. */
  readonly heldBack: readonly PersonId[]
  /** Their numbers may not be called: never dealt. */
  readonly barred: readonly Barred[]
}

/** So often it is drawn again for those passed over; then the rest waits for the next time. */
const ROUNDS_MAX = 20

export class Drawing {
  readonly #plan: DrawingPlan
  /** Contacts with a number that may not be called, until the lists have been told: passed over. */
  readonly #barred = new Map<ContactId, CampaignId>()

  constructor(plan: DrawingPlan) {
    this.#plan = plan
  }

  /** `whose`: for these agents alone; null: for anyone. */
  async draw(campaign: Campaign.State, count: number, whose: readonly AgentId[] | null = null): Promise<DrawDone> {
    const { world, contacts, openness, now } = this.#plan
    const at = now()
    const open = openness.now(campaign.id, campaign.settings, await contacts.slots(campaign.id), at)
    const except = new Set<ContactId>([
      ...callsOf(world, campaign).flatMap((call) => call.contact?.contactId ?? []),
      ...this.#barred.keys(),
    ])
    const dealt: Dealt[] = []
    const heldBack: PersonId[] = []
    const barred: Barred[] = []
    let last: Draw = { contacts: [], rest: 'more', dueAt: null }
    for (let round = 0; round < ROUNDS_MAX && dealt.length < count && last.rest === 'more'; round += 1) {
      last = await contacts.draw({
        campaignId: campaign.id,
        count: count - dealt.length,
        at,
        open: open.slots,
        except: [...except],
        retriesFirst: campaign.settings.retriesFirst,
        whose,
      })
      for (const drawn of last.contacts) {
        except.add(drawn.contactId)
        const read = this.#plan.numbers().read(drawn.phone)
        const person = read.barred === null ? await this.#plan.people.idOf(read.number, at) : ''
        const why = read.barred ?? (this.#plan.solution().lines[person] === undefined ? null : 'own')
        if (why !== null) {
          this.#barred.set(drawn.contactId, campaign.id)
          barred.push({ contactId: drawn.contactId, number: drawn.number, why })
          continue
        }
        const switchboard = read.switchboard === true
        if (!switchboard && (world.legsOf.has(person) || dealt.some((one) => one.person === person))) heldBack.push(person)
        else dealt.push(this.#dealt(campaign, drawn, { person, switchboard }, at))
      }
    }
    return { contacts: dealt, rest: last.rest, dueAt: last.dueAt, closesAt: open.closesAt, turnsAt: open.turnsAt, heldBack, barred }
  }

  #dealt(campaign: Campaign.State, drawn: Drawn, who: { readonly person: PersonId; readonly switchboard: boolean }, at: Ms): Dealt {
    const { contactId, number, numbersLeft, tries, agentFirst, afterSilent, forAgent, anyoneAt, language, to } = drawn
    const { until } = this.#plan.openness.of(campaign.id, campaign.settings, drawn, at)
    return {
      contactId,
      person: who.person,
      number,
      numbersLeft,
      tries,
      until: until === null || to === null ? (until ?? to) : Math.min(until, to),
      agentFirst,
      afterSilent,
      forAgent,
      ...(anyoneAt === null ? {} : { anyoneAt }),
      language,
      ...(who.switchboard ? { switchboard: true } : {}),
    }
  }

  /** The lists have been told of them. */
  told(contactIds: readonly ContactId[]): void {
    for (const contactId of contactIds) this.#barred.delete(contactId)
  }

  /** Whether the lists are still to be told of a barred number in this campaign. */
  isTelling(campaignId: CampaignId): boolean {
    return [...this.#barred.values()].includes(campaignId)
  }
}
