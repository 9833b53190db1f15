/**
 * Tells the lists of contacts what happened to their contacts: committed facts in their order, with their position, and at a start
 * those it missed. One batch after the other; where the store fails it is told again, for a contact the lists take for free would be
 * rung twice.
 */
import type { Fact, Recorded } from '#core/facts.ts'
import type { CallId, ContactId, Ms, PersonId } from '#core/kernel/kernel.ts'
import { campaignById, type World } from '#core/world/world.ts'
import type { Clock } from '#ports/clock.ts'
import type { ContactChange, Contacts } from '#ports/contacts.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import type { Openness } from './openness.ts'

const RETRY_MS: Ms = 1_000
/** Facts of one batch, so that a long journal does not wait in memory. */
const BATCH_FACTS = 5_000

export interface FeedPlan {
  readonly world: World
  readonly contacts: Contacts
  readonly journal: Journal
  readonly persons: Persons
  readonly clock: Clock
  readonly openness: Openness
  readonly log: (line: string) => void
}

/** Whom a call was to reach, and since when. */
interface Dealt {
  readonly contactId: ContactId
  readonly at: Ms
}

type Settled = Extract<Fact, { type: 'contact.settled' }>

export const RELEVANT = /^contact\.(dealt|settled|topicsSet)$|^doNotCall\.|^campaign\.numberBarred$/u

export class ContactFeed {
  readonly #plan: FeedPlan
  readonly #dealt = new Map<CallId, Dealt>()
  #told: Promise<void> = Promise.resolve()
  #position = 0
  #started = false
  #stopped = false
  #complained = false

  constructor(plan: FeedPlan) {
    this.#plan = plan
  }

  /** What the lists missed while nobody told them. Facts committed meanwhile wait behind it. */
  start(): void {
    this.#started = true
    this.#then(async () => {
      this.#position = await this.#plan.contacts.position()
      for await (const block of this.#plan.journal.read(this.#position)) await this.#tell(block)
    })
  }

  stop(): void {
    this.#stopped = true
  }

  /** Durable facts, in their order. Those before the start are read from the journal by it, behind what was missed before them. */
  tell(facts: readonly Recorded[]): void {
    if (!this.#started || !facts.some(({ fact }) => RELEVANT.test(fact.type))) return
    this.#then(() => this.#tell(facts))
  }

  /** The store fails just now. */
  get inTrouble(): boolean {
    return this.#complained
  }

  /** Resolves when all told so far is taken. */
  taken(): Promise<void> {
    return this.#told
  }

  #then(work: () => Promise<void>): void {
    this.#told = this.#told.then(() => this.#untilDone(work))
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      try {
        await work()
        this.#complained = false
        return
      } catch (error) {
        if (!this.#complained) this.#plan.log(`the lists of contacts cannot be written; nobody is dialled until they can: ${String(error)}`)
        this.#complained = true
        const { clock } = this.#plan
        await new Promise<void>((resolve) => void clock.wake(clock.now() + RETRY_MS, resolve))
      }
    }
  }

  async #tell(facts: readonly Recorded[]): Promise<void> {
    for (let from = 0; from < facts.length; from += BATCH_FACTS) {
      const batch = facts.slice(from, from + BATCH_FACTS).filter(({ position }) => position > this.#position)
      const last = batch.at(-1)
      if (last === undefined) continue
      const changes: ContactChange[] = []
      for (const recorded of batch) {
        const change = await this.#change(recorded)
        if (change !== null) changes.push(change)
      }
      await this.#plan.contacts.apply(changes, last.position)
      this.#position = last.position
    }
  }

  async #change({ position, at, fact }: Recorded): Promise<ContactChange | null> {
    switch (fact.type) {
      case 'contact.dealt':
        this.#dealt.set(fact.callId, { contactId: fact.contactId, at })
        return { position, type: 'dealt', contactId: fact.contactId, callId: fact.callId, at }
      case 'contact.settled': {
        const { contactId, callId, outcome, counted, tries, next, dueAt, number, inUse, forAgent = null, anyoneAt = null } = fact
        const period = await this.#periodOf(fact, this.#dealt.get(callId)?.at ?? at)
        this.#dealt.delete(callId)
        const became = { outcome, counted, tries, next, dueAt, number, inUse, forAgent, anyoneAt, period }
        return { position, type: 'settled', contactId, callId, at, ...became }
      }
      case 'campaign.numberBarred':
        return { position, type: 'barred', contactId: fact.contactId, number: fact.number, why: fact.why, at }
      case 'contact.topicsSet': {
        const contactId = await this.#contactOf(fact.callId)
        return contactId === null ? null : { position, type: 'topics', callId: fact.callId, contactId, topics: fact.topics }
      }
      case 'doNotCall.listed': {
        const number = await this.#numberOf(fact.personId)
        if (number === null) return null
        const reason = fact.noteId === undefined ? null : await this.#plan.persons.note(fact.noteId)
        return { position, type: 'listed', number, campaignId: fact.campaignId, source: fact.source, reason, until: fact.until, at }
      }
      case 'doNotCall.lifted': {
        const number = await this.#numberOf(fact.personId)
        return number === null ? null : { position, type: 'lifted', number, campaignId: fact.campaignId }
      }
      default:
        return null
    }
  }

  async #contactOf(callId: CallId): Promise<ContactId | null> {
    const known = this.#dealt.get(callId)
    if (known !== undefined) return known.contactId
    const facts = await this.#plan.journal.factsOf(callId)
    return facts.flatMap(({ fact }) => (fact.type === 'contact.dealt' ? fact.contactId : []))[0] ?? null
  }

  async #numberOf(personId: PersonId): Promise<string | null> {
    return (await this.#plan.persons.get([personId])).get(personId)?.number ?? null
  }

  /** The daily period it was tried in, where an unanswered contact is to be tried in another one next. */
  async #periodOf({ campaignId, contactId, next, outcome }: Settled, at: Ms): Promise<number | null> {
    if (next !== 'again' || (outcome !== 'unanswered' && outcome !== 'voicemail')) return null
    const { world, contacts, openness } = this.#plan
    if (!world.campaigns.has(campaignId)) return null
    const { settings } = campaignById(world, campaignId)
    if (settings.periods.length < 2) return null
    const contact = await contacts.contact(contactId)
    return contact === null ? null : openness.periodAt(settings, contact.zone, at)
  }
}
