/** Who is on a line, waits, or is to be rung through all the kills; and what each of them must find unchanged after every one. */

import type { Static } from 'typebox'
import type { Queue } from '#wire/live.ts'
import type { Callbacks } from '#wire/requests.ts'
import { type Held, hold, lineOf } from '../asterisk/campaigns.ts'
import type { FarLine } from '../asterisk/carrier.ts'
import type { Line } from '../asterisk/people.ts'
import type { SpeechEnd } from '../asterisk/rtp.ts'
import { until } from '../asterisk/until.ts'
import { ALWAYS } from '../http/lists.ts'
import { heardMusic, heardTone } from './hearing.ts'
import { callers, contactList, crew, everybody, isContact, line, type Place, reached } from './place.ts'

/** Longer than any drill. */
const STAYS_MS = 3_000_000
const [anna, bo, , , , late, meanwhile] = callers
export const waiting = callers.slice(2, 5)
const CAMPAIGN = 'spring'
const CONTACTS = 2_400

export interface Conversation {
  readonly customer: FarLine
  readonly agent: Line
}

/** Who waits in a queue, in its order. */
type Waiter = readonly [entryId: string, number: string | null, joinedAt: string]

const speechOf = ({ speech, number }: FarLine): SpeechEnd => {
  if (speech === null) throw new Error(`${number} has no ears`)
  return speech
}

export class Standing {
  readonly talks: Conversation[] = []
  /** Callers who wait. */
  readonly waiting: FarLine[] = []
  /** Numbers of the callbacks that wait among them. */
  readonly promised: string[] = []
  /** All in that queue, in their order. */
  readonly order: string[] = []
  /** Callbacks ordered in the queue that is worked off. */
  readonly ordered: string[] = []
  readonly #place: Place
  campaign: Held | null = null

  constructor(place: Place) {
    this.#place = place
  }

  async begin(): Promise<void> {
    const place = this.#place
    await this.logOn()
    await this.#talk(anna, crew.talks[0])
    await this.#talk(bo, crew.talks[1])
    for (const [index, number] of waiting.entries()) {
      this.waiting.push(await place.carrier.call(number, line.patience, { msMax: STAYS_MS }))
      this.order.push(number)
      await until('he waits', async () => (await this.queue()).length === this.order.length)
      if (index < 2) await this.#promise(`${reached.callbackAnswers}9${index}`)
    }
    await this.dial()
  }

  async logOn(): Promise<void> {
    for (const agent of everybody) if (agent !== 'gone') await this.#place.state(agent, 'loggedOn')
    await this.#place.state('pat', 'paused')
  }

  /** The campaign is made and started. */
  async dial(): Promise<void> {
    const settings = { mode: 'power', ratio: 2, skill: 'spring', silentTarget: 0.1, hours: ALWAYS, liveMax: 40 }
    this.campaign = await hold(this.#place.boss, CAMPAIGN, settings, contactList(CONTACTS))
    await this.campaign.start()
  }

  async #promise(number: string): Promise<void> {
    await this.#place.boss('POST', '/callbacks', { queueId: 'patience', number })
    this.promised.push(number)
    this.order.push(number)
  }

  async #talk(number: string, agent: string): Promise<void> {
    const { carrier, site } = this.#place
    const customer = await carrier.call(number, line.talks, { msMax: STAYS_MS })
    const own = await until(`${agent} is rung and answers`, () => lineOf(site.people, agent, 'up'))
    const conversation = { customer, agent: own }
    await until('they hear each other', () => this.hear(conversation))
    this.talks.push(conversation)
  }

  /** Whether the two hear each other now, and nothing else. */
  hear({ customer, agent }: Conversation): boolean {
    const [here, there] = [agent.speech.ear(), speechOf(customer).ear()]
    return (
      here.tones.join() === `${speechOf(customer).tone}` && there.tones.join() === `${agent.speech.tone}` && !here.music && !there.music
    )
  }

  /** The queue of those who wait for somebody who is paused, as the product tells it. */
  async queue(): Promise<readonly Waiter[]> {
    const queue = await this.#place.boss<Queue>('GET', '/queues/patience')
    return queue.entries.map(({ entryId, number, joinedAt }) => [entryId, number, joinedAt])
  }

  /** Callbacks still open in the queue that is worked off. */
  async open(): Promise<readonly string[]> {
    const { items } = await this.#place.boss<Static<typeof Callbacks>>('GET', '/callbacks')
    return items.flatMap(({ queueId, number }) => (queueId === 'callbacks' && number !== null ? [number] : []))
  }

  /** Callbacks enough that some are between attempts, some being rung, and some answered. */
  async topUp(): Promise<void> {
    const open = await this.open()
    for (const begins of [reached.callbackSilent, reached.callbackBusy, reached.callbackAnswers]) {
      if (open.filter((number) => number.startsWith(begins)).length >= (begins === reached.callbackSilent ? 1 : 2)) continue
      const before = this.ordered.filter((number) => number.startsWith(begins)).length
      const number = `${begins}${String(before + 1).padStart(2, '0')}`
      await this.#place.boss('POST', '/callbacks', { queueId: 'callbacks', number })
      this.ordered.push(number)
    }
  }

  /** A conversation that ends soon, on its own. */
  brief(staysMs: number): Promise<FarLine> {
    return this.#place.carrier.call(late, line.brief, { staysMs })
  }

  /** Somebody who calls while nobody is there: he waits outside, ringing, and is let in when somebody is. */
  comesMeanwhile(): Promise<FarLine> {
    return this.#place.carrier.call(meanwhile, line.brief, { staysMs: 2_000 })
  }

  /** What was not as it should be, from one instant to another. `consulting`: the second customer is on hold meanwhile. */
  faults(from: number, to: number, consulting: { readonly helper: Line } | null): readonly string[] {
    const found: string[] = []
    const say = (who: string, fault: string | null): void => {
      if (fault !== null) found.push(`${who}: ${fault}`)
    }
    for (const [index, { customer, agent }] of this.talks.entries()) {
      const [one, other] = [speechOf(customer), agent.speech]
      if (customer.state !== 'up' || agent.state !== 'up') found.push(`conversation ${index + 1}: cut off`)
      if (consulting !== null && index === 1) {
        say('the customer on hold', heardMusic(one, from, to))
        say('the agent who consults', heardTone(other, consulting.helper.speech.tone, from, to))
        say('the agent consulted', heardTone(consulting.helper.speech, other.tone, from, to))
        continue
      }
      say(`customer of conversation ${index + 1}`, heardTone(one, other.tone, from, to))
      say(`agent of conversation ${index + 1}`, heardTone(other, one.tone, from, to))
    }
    for (const [index, caller] of this.waiting.entries()) {
      if (caller.state !== 'up') found.push(`caller ${index + 1} who waits: cut off`)
      else say(`caller ${index + 1} who waits`, heardMusic(speechOf(caller), from, to))
    }
    return found
  }

  /** Contacts that were rung, by the network. */
  contactsRung(): readonly FarLine[] {
    return this.#place.carrier.lines.filter(({ number }) => isContact(number))
  }
}
