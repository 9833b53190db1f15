/**
 * Files of numbers nobody may call, read while campaigns run: the lists have them at once, and the engine looks through those who wait
 * when the whole file is read. Most have somebody in them who is under way just then.
 */
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { EnginePort } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { SeededChance } from './chance.ts'
import type { ListedByFile } from './checkers/files.ts'
import type { VirtualClock } from './clock.ts'
import type { Options } from './options.ts'
import { campaignAt } from './owner.ts'
import { contactNumber } from './random.ts'

export interface FilesParts {
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly options: Options
  readonly contacts: Contacts
  /** null while it is down. */
  readonly engine: () => EnginePort | null
  readonly listed: (one: ListedByFile) => void
}

const SECOND: Ms = 1_000
const MINUTE: Ms = 60 * SECOND
const EVERY_MS: Ms = 6 * MINUTE
/** A long file is read so long. */
const READ_MS_MAX: Ms = 40 * SECOND

export class DoNotCallFiles {
  readonly #parts: FilesParts
  readonly #chance: SeededChance

  constructor(parts: FilesParts) {
    this.#parts = parts
    this.#chance = parts.chance
  }

  begin(until: Ms): void {
    const { clock, options } = this.#parts
    if (options.campaigns.length === 0) return
    const wait = Math.round(this.#chance.wait(EVERY_MS))
    if (clock.monotonic() + wait >= until) return
    clock.wake(clock.now() + wait, () => {
      void this.#read()
      this.begin(until)
    })
  }

  async #read(): Promise<void> {
    const { clock, contacts, options, listed } = this.#parts
    const place = this.#chance.between(0, options.campaigns.length - 1)
    const campaignId = this.#chance.often(0.5) ? campaignAt(place) : null
    const [readMs, often, any] = [this.#chance.between(0, READ_MS_MAX), this.#chance.often(0.8), this.#chance.random()]
    const number = (often ? await this.#underWay(campaignAt(place), any) : null) ?? contactNumber(Math.floor(any * options.contacts))
    await contacts.listDoNotCall([{ number, campaignId, source: 'file', reason: null, until: null, addedAt: clock.now() }])
    for (const contact of (await contacts.withNumber(number)).contacts)
      if (campaignId === null || contact.campaignId === campaignId)
        listed({ contactId: contact.contactId, number: contact.phone === number ? 1 : 2, campaignId })
    clock.wake(clock.now() + readMs, () => void this.#looksThrough())
  }

  /** The number of somebody who is being called, or is about to be. */
  async #underWay(campaignId: CampaignId, any: number): Promise<string | null> {
    const { contacts } = await this.#parts.contacts.contacts({ campaignId, state: 'underWay', text: null, after: null, limit: 100 })
    return contacts[Math.floor(any * contacts.length)]?.phone ?? null
  }

  /** Again, where the engine is down or cannot reach the lists. */
  async #looksThrough(): Promise<void> {
    const { clock, engine } = this.#parts
    try {
      await engine()?.recheckContacts()
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      clock.wake(clock.now() + MINUTE, () => void this.#looksThrough())
    }
  }
}
