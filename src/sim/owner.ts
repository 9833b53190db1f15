/** The owners of a drawn world's campaigns: their lists and settings, and what they do with them while they run. */
import type { Settings, Window } from '#core/campaign/settings.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { DiallerMode } from '#core/facts.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { ContactDraft, Contacts } from '#ports/contacts.ts'
import type { SeededChance } from './chance.ts'
import type { VirtualClock } from './clock.ts'
import type { Options } from './options.ts'
import { contactNumber, customerNumber } from './random.ts'

const SECOND: Ms = 1_000
const HOUR: Ms = 3_600 * SECOND

export interface OwnerParts {
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly options: Options
  readonly contacts: Contacts
  readonly submit: (command: PeopleCommand) => void
}

export const campaignAt = (place: number): CampaignId => `k${place}`
export const TOPICS = ['sold', 'later', 'wrong person']

/** Always open by the clock it is asked with: the world's own calendar says when. */
const HOURS: Settings['hours'] = { days: {}, holidays: {} }

export function drawSettings(id: CampaignId, mode: DiallerMode, skills: readonly string[], chance: SeededChance): Settings {
  return {
    name: id,
    mode,
    skill: chance.often(0.3) && skills.length > 0 ? chance.pick(skills) : null,
    priority: chance.between(0, 2),
    ratio: chance.pick([1, 1.5, 3, 6]),
    attemptsMax: chance.between(1, 3),
    pauseMs: chance.pick([0, 30, 600]) * SECOND,
    ringMs: chance.pick([15, 30]) * SECOND,
    retry: { unanswered: chance.often(0.8), busy: chance.often(0.8), rejected: chance.often(0.5), failed: chance.often(0.8) },
    retriesFirst: chance.often(0.5),
    sort: [],
    filters: [],
    hours: HOURS,
    periods: [],
    startsAt: null,
    wrapUpMs: chance.pick([0, 0, 10, 60]) * SECOND,
    ringAgentMs: chance.pick([5, 20]) * SECOND,
    cardMs: chance.pick([10, 60]) * SECOND,
    autoCallMs: chance.often(0.3) ? 5 * SECOND : null,
    whenAllSpokenFor: chance.pick(['inbound', 'dialler'] as const),
    silentTarget: chance.pick([0.01, 0.03, 0.1]),
    silentAfterMs: chance.pick([1, 2, 5]) * SECOND,
    silentMessage: chance.often(0.7) ? { on: true, reason: null } : { on: false, reason: 'drawn so' },
    silentAgainAfterMs: chance.pick([60, 72 * 3_600]) * SECOND,
    silentCallback: chance.often(0.4),
    mayHangUp: chance.often(0.7),
    callerId: null,
    country: 'SE',
    topics: TOPICS,
    liveMax: chance.pick([1, 3, 100]),
  }
}

/** Some hours of its own, which begin or end while a world lasts: from half past eight on, and later where the clock is set forward. */
function drawWindow(chance: SeededChance): Window {
  const from = chance.between(7 * 4, 11 * 4)
  return { from: quarter(from), to: quarter(from + chance.between(2, 12)) }
}

/** Over at a quarter of an hour of the first one. */
const drawShort = (chance: SeededChance): Window => ({ from: '07:00', to: quarter(8 * 4 + chance.between(3, 6)) })

const quarter = (quarters: number): string =>
  `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`

export class Owner {
  readonly #parts: OwnerParts
  readonly #chance: SeededChance
  readonly #hours: SeededChance
  #imports = 0

  constructor(parts: OwnerParts) {
    this.#parts = parts
    this.#chance = parts.chance
    this.#hours = parts.chance.fork('hours')
  }

  /** The lists as they stand before anything happens. */
  async prepare(): Promise<void> {
    for (const place of this.#parts.options.campaigns.keys()) await this.#import(place)
  }

  /** Most campaigns run from the first instant. */
  begin(): void {
    for (const [place, mode] of this.#parts.options.campaigns.entries()) {
      this.#write(place, mode)
      if (this.#chance.often(0.85)) this.#ask('campaign.start', place)
    }
  }

  /** Something with one of them. */
  does(): void {
    const { campaigns } = this.#parts.options
    if (campaigns.length === 0) return
    const place = this.#chance.between(0, campaigns.length - 1)
    const deeds: (() => void)[] = [
      () => this.#ask('campaign.pause', place),
      () => this.#ask('campaign.stop', place),
      () => this.#write(place, this.#chance.often(0.8) ? (campaigns[place] ?? 'preview') : this.#chance.pick(campaigns)),
      () => this.#lists(place, 'doNotCall.add'),
      () => this.#lists(place, 'doNotCall.add'),
      () => this.#lists(place, 'doNotCall.remove'),
      () => void this.#import(place),
      () => this.#schedule(place),
      () => this.#ask('campaign.remove', place),
    ]
    this.#chance.pick(deeds)()
    // Whatever was done, it is to run again before long.
    this.#in(this.#chance.between(0, 240) * SECOND, () => this.#ask('campaign.start', place))
  }

  /** All of them are stopped: those in the air finish. */
  calmDown(): void {
    for (const place of this.#parts.options.campaigns.keys()) this.#ask('campaign.stop', place)
  }

  #in(ms: Ms, deed: () => void): void {
    const { clock } = this.#parts
    clock.wake(clock.now() + ms, deed)
  }

  #ask(type: `campaign.${'start' | 'pause' | 'stop' | 'schedule' | 'remove'}`, place: number): void {
    this.#parts.submit({ type, by: 'campaign', user: 'olle', campaignId: campaignAt(place) })
  }

  #write(place: number, mode: DiallerMode, startsAt: Ms | null = null): void {
    const id = campaignAt(place)
    const skills = Array.from({ length: this.#parts.options.queues }, (_, queue) => `s${queue}`)
    const settings = { ...drawSettings(id, mode, skills, this.#chance), startsAt }
    this.#parts.submit({ type: 'campaign.write', by: 'campaign', user: 'olle', campaignId: id, settings })
  }

  #schedule(place: number): void {
    const { clock, options } = this.#parts
    this.#ask('campaign.stop', place)
    this.#write(place, options.campaigns[place] ?? 'preview', clock.now() + this.#chance.between(1, 300) * SECOND)
    this.#ask('campaign.schedule', place)
  }

  #lists(place: number, type: 'doNotCall.add' | 'doNotCall.remove'): void {
    const { clock } = this.#parts
    const one = {
      by: 'supervisor',
      user: 'sam',
      number: this.#number(),
      campaignId: this.#chance.often(0.5) ? campaignAt(place) : null,
    } as const
    if (type === 'doNotCall.remove') this.#parts.submit({ type, ...one })
    else this.#parts.submit({ type, ...one, source: 'page', until: this.#chance.often(0.3) ? clock.now() + HOUR / 4 : null })
  }

  #number(): string {
    const { customers, contacts } = this.#parts.options
    if (this.#chance.often(0.4)) return customerNumber(this.#chance.between(0, customers - 1))
    return contactNumber(this.#chance.between(0, contacts - 1))
  }

  async #import(place: number): Promise<void> {
    const { contacts, clock, options } = this.#parts
    this.#imports += 1
    const file = `list ${this.#imports}`
    const asked = { campaignId: campaignAt(place), at: clock.now(), user: 'olle', fileName: file, how: 'add', hash: file } as const
    const staged = await contacts.startImport(asked)
    if ('confirmed' in staged) return
    const many = this.#imports > options.campaigns.length ? Math.ceil(options.contacts / 5) : options.contacts
    const drafts = Array.from({ length: many }, () => this.#draft())
    await staged.add(
      drafts.map((draft, index) => ({ row: index + 1, line: index + 2, draft })),
      [],
      0,
    )
    const { id } = await staged.finish()
    await contacts.confirm(id, clock.now())
  }

  #window(): Window | null {
    if (this.#parts.options.shortHours) return drawShort(this.#hours)
    return this.#hours.often(0.2) ? drawWindow(this.#hours) : null
  }

  #draft(): ContactDraft {
    return {
      phone: this.#number(),
      phone2: this.#chance.often(0.3) ? this.#number() : null,
      externalId: null,
      name: null,
      zone: 'UTC',
      language: null,
      from: null,
      to: null,
      window: this.#window(),
      columns: {},
    }
  }
}
