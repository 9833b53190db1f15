/**
 * An account of its own of numbers that a file put on a do-not-call list: no fact tells of it, and the engine asks the lists anew where
 * Call is pressed. Who was listed by then is not rung. dialler.md 2
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { Fact } from '#core/facts.ts'
import type { CallId, CampaignId, ContactId } from '#core/kernel/kernel.ts'
import type { Say } from './laws.ts'

export interface ListedByFile {
  readonly contactId: ContactId
  readonly number: 1 | 2
  /** null: on the list of all. */
  readonly campaignId: CampaignId | null
}

const nameOf = ({ contactId, number }: Pick<ListedByFile, 'contactId' | 'number'>): string => `${contactId} ${number}`

export class Files {
  readonly #say: Say
  readonly #calls = new Map<CallId, string>()
  /** By the list. */
  readonly #listed = new Map<CampaignId | null, Set<string>>()
  /** Call was pressed for who was listed. */
  readonly #pressed = new Set<CallId>()

  constructor(say: Say) {
    this.#say = say
  }

  listed(one: ListedByFile): void {
    const listed = this.#listed.get(one.campaignId) ?? new Set()
    this.#listed.set(one.campaignId, listed.add(nameOf(one)))
  }

  asked(command: PeopleCommand): void {
    if (command.type !== 'card.call') return
    const contact = this.#calls.get(command.callId)
    if (contact !== undefined && [...this.#listed.values()].some((listed) => listed.has(contact))) this.#pressed.add(command.callId)
  }

  fact(fact: Fact): void {
    if (fact.type === 'contact.dealt') this.#calls.set(fact.callId, nameOf(fact))
    else if (fact.type === 'call.ended') {
      this.#calls.delete(fact.callId)
      this.#pressed.delete(fact.callId)
    } else if (fact.type === 'doNotCall.lifted') {
      // It may be a number of a file, which is listed no more: nobody of that list is spoken of any more.
      if (this.#listed.delete(fact.campaignId)) this.#pressed.clear()
    } else if (fact.type === 'leg.requested' && fact.party === 'customer' && this.#pressed.has(fact.callId))
      this.#say('contact.listed', `contact ${this.#calls.get(fact.callId)} of ${fact.callId} is rung, and was listed when Call was pressed`)
  }
}
