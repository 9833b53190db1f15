/**
 * The next contacts that may be called. Each shelf (see `contacts-schema.ts`) gives its front; fronts are merged by sort keys and order of
 * import. What became due since the last draw is moved to its shelf first, so many at a time; a long queue of them is moved between draws.
 */
import type Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Draw, DrawAsked, Drawn, Slot } from '#ports/contacts.ts'
import type { DoNotCallList } from './contacts-barred.ts'
import type { ContactsDb } from './contacts-db.ts'
import { contactIdOf, numberNext, numbersLeft, rowOf, SHELF, type Standing, stateCode } from './contacts-schema.ts'

/** Rows moved within a draw: a millisecond. */
const MOVED_MAX = 64
/** Rows looked at in a shelf at a time; doubled each time more are wanted. */
const PAGE_FIRST = 8
const PAGE_MAX = 256
/** Still one agent's alone at an instant, and when such a one may be called by anyone. */
const OWN = '(for_agent IS NOT NULL AND (anyone_at IS NULL OR anyone_at > @at))'
const ANYONES_AT = 'CASE WHEN for_agent IS NULL THEN wake ELSE max(wake, anyone_at) END'
/** Below every rank. */
const LOWEST = Buffer.alloc(0)

interface Place {
  readonly slot: number
  readonly period: number | null
}

const inOrder = (a: Standing, b: Standing): number => Buffer.compare(a.rank, b.rank) || a.id - b.id
const byDue = (a: Standing, b: Standing): number => a.wake - b.wake || a.id - b.id

/** Of several ordered runs, one. */
function* merged(runs: readonly Iterator<Standing>[], compare: (a: Standing, b: Standing) => number): Generator<Standing> {
  const heads = runs.flatMap((run) => {
    const { value, done } = run.next()
    return done === true ? [] : [{ run, value }]
  })
  while (true) {
    const [first, ...rest] = heads
    if (first === undefined) return
    const least = rest.reduce((best, head) => (compare(head.value, best.value) < 0 ? head : best), first)
    yield least.value
    const { value, done } = least.run.next()
    if (done === true) heads.splice(heads.indexOf(least), 1)
    else least.value = value
  }
}

export class Drawing {
  readonly #file: ContactsDb
  readonly #list: DoNotCallList
  readonly #page: Readonly<Record<'fresh' | 'ripe', Database.Statement>>
  readonly #askedPage: Readonly<Record<'own' | 'anyone', Database.Statement>>
  readonly #language: Database.Statement
  readonly #slots: Database.Statement
  readonly #promote: Database.Statement
  readonly #end: Database.Statement
  readonly #later: Database.Statement
  readonly #askedLater: Readonly<Record<'own' | 'anyone', Database.Statement>>
  /** Whether an agent has any contact for himself alone, due or not. */
  readonly #askedOwn: Database.Statement
  readonly #anyIn: Readonly<Record<'fresh' | 'ripe', Database.Statement>>

  constructor(file: ContactsDb, list: DoNotCallList) {
    this.#file = file
    this.#list = list
    const { db } = file
    const page = (shelf: 'fresh' | 'ripe'): Database.Statement =>
      db.prepare(`SELECT * FROM contacts INDEXED BY contacts_${shelf} WHERE campaign = ? AND slot = ? AND shelf = ${SHELF[shelf]} AND period = ?
        AND (rank, id) > (?, ?) ORDER BY rank, id LIMIT ?`)
    this.#page = { fresh: page('fresh'), ripe: page('ripe') }
    const askedPage = (whose: string): Database.Statement =>
      db.prepare(`SELECT * FROM contacts INDEXED BY contacts_asked WHERE campaign = @campaign AND shelf = 4 AND for_agent IS @agent
      AND wake <= @at AND ${whose} AND (wake, id) > (@wake, @id) ORDER BY wake, id LIMIT @size`)
    this.#askedPage = { own: askedPage(OWN), anyone: askedPage(`NOT ${OWN}`) }
    this.#language = db.prepare('SELECT language FROM cards WHERE id = ?').pluck()
    this.#slots =
      db.prepare(`SELECT slots.id, slots.zone, slots.opens, slots.shuts FROM campaign_slots JOIN slots ON slots.id = campaign_slots.slot
      WHERE campaign_slots.campaign = ? ORDER BY slots.id`)
    this.#promote = db.prepare(`UPDATE contacts SET shelf = CASE stage WHEN ${stateCode('waiting')} THEN 1 ELSE 2 END WHERE id IN (
      SELECT id FROM contacts INDEXED BY contacts_later WHERE campaign = ? AND shelf = 3 AND wake <= ? ORDER BY wake, id LIMIT ${MOVED_MAX})`)
    this.#end = db.prepare(`UPDATE contacts SET shelf = NULL, state = ${stateCode('exhausted')} WHERE id IN (
      SELECT id FROM contacts INDEXED BY contacts_ending WHERE campaign = ? AND to_at <= ? AND to_at IS NOT NULL AND shelf IS NOT NULL
      LIMIT ${MOVED_MAX})`)
    this.#later = db.prepare('SELECT min(wake) FROM contacts INDEXED BY contacts_later WHERE campaign = ? AND shelf = 3').pluck()
    const askedLater = (when: string): Database.Statement =>
      db
        .prepare(`SELECT min(${when}) FROM contacts INDEXED BY contacts_asked WHERE campaign = @campaign AND shelf = 4 AND for_agent IS @agent
        AND ${when} > @at`)
        .pluck()
    this.#askedLater = { own: askedLater('wake'), anyone: askedLater(ANYONES_AT) }
    this.#askedOwn = db
      .prepare(
        `SELECT 1 FROM contacts INDEXED BY contacts_asked WHERE campaign = @campaign AND shelf = 4 AND for_agent IS @agent AND ${OWN} LIMIT 1`,
      )
      .pluck()
    const anyIn = (shelf: 'fresh' | 'ripe'): Database.Statement =>
      db
        .prepare(`SELECT 1 FROM contacts INDEXED BY contacts_${shelf} WHERE campaign = ? AND slot = ? AND shelf = ${SHELF[shelf]} LIMIT 1`)
        .pluck()
    this.#anyIn = { fresh: anyIn('fresh'), ripe: anyIn('ripe') }
  }

  slots(campaign: number): readonly (Slot & { readonly id: number })[] {
    const rows = this.#slots.all(campaign) as { id: number; zone: string; opens: string; shuts: string }[]
    return rows.map(({ id, zone, opens, shuts }) => ({ id, zone, window: opens === '' ? null : { from: opens, to: shuts } }))
  }

  /** Takes in what time has changed by now, a bounded part of it. True: there is more. */
  wake(campaign: number, at: Ms): boolean {
    const due = this.#later.get(campaign) as number | null
    const promoted = due !== null && due <= at ? this.#promote.run(campaign, at).changes : 0
    const ended = this.#end.run(campaign, at).changes
    return promoted === MOVED_MAX || ended === MOVED_MAX || this.#list.lapse(at)
  }

  *#shelf(shelf: 'fresh' | 'ripe', campaign: number, slot: number, period: number): Generator<Standing> {
    let [rank, id, size]: [Buffer, number, number] = [LOWEST, 0, PAGE_FIRST]
    while (true) {
      const rows = this.#page[shelf].all(campaign, slot, period, rank, id, size) as Standing[]
      yield* rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < size) return
      ;({ rank, id } = last)
      size = Math.min(size * 2, PAGE_MAX)
    }
  }

  *#askedFor(whose: 'own' | 'anyone', campaign: number, agent: string | null, at: Ms): Generator<Standing> {
    let [wake, id, size] = [-1, 0, PAGE_FIRST]
    while (true) {
      const rows = this.#askedPage[whose].all({ campaign, agent, at, wake, id, size }) as Standing[]
      yield* rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < size) return
      ;({ wake, id } = last)
      size = Math.min(size * 2, PAGE_MAX)
    }
  }

  /** Those rescheduled, then tried and never tried ones as the campaign orders them; or the agents' own alone. */
  *#candidates(campaign: number, asked: DrawAsked, open: readonly Place[]): Generator<Standing> {
    const known = this.#file.shelves(campaign)
    const slots = new Set(open.map(({ slot }) => slot))
    const runs =
      asked.whose === null
        ? [null, ...known.agents].map((agent) => this.#askedFor('anyone', campaign, agent, asked.at))
        : asked.whose.filter((agent) => known.agents.has(agent)).map((agent) => this.#askedFor('own', campaign, agent, asked.at))
    for (const contact of merged(runs, byDue)) if (slots.has(contact.slot)) yield contact
    if (asked.whose !== null) return
    const periods = [...new Set([-1, ...known.periods])]
    const fresh = open.map(({ slot }) => this.#shelf('fresh', campaign, slot, -1))
    const ripe = open.flatMap(({ slot, period }) =>
      periods.filter((tried) => period === null || tried !== period).map((tried) => this.#shelf('ripe', campaign, slot, tried)),
    )
    for (const runs of asked.retriesFirst ? [ripe, fresh] : [fresh, ripe]) yield* merged(runs, inOrder)
  }

  draw(asked: DrawAsked): Draw {
    const campaign = this.#file.campaign(asked.campaignId)
    if (campaign === null) return { contacts: [], rest: 'none', dueAt: null }
    const open = asked.open.flatMap((one): Place[] => {
      const slot = this.#file.slot(one)
      return slot === null ? [] : [{ slot, period: one.period }]
    })
    const except = new Set(asked.except.map(rowOf))
    const contacts: Drawn[] = []
    for (const contact of this.#candidates(campaign.key, asked, open)) {
      if (contacts.length >= asked.count) break
      const drawn = except.has(contact.id) ? null : this.#drawn(contact, asked.at, campaign.id)
      if (drawn !== null) contacts.push(drawn)
    }
    if (contacts.length >= asked.count) return { contacts, rest: 'more', dueAt: null }
    const slots = new Set(open.map(({ slot }) => slot))
    return { contacts, ...(asked.whose === null ? this.#rest(campaign.key, asked.at, slots) : this.#ownRest(campaign.key, asked, slots)) }
  }

  #drawn(contact: Standing, at: Ms, campaignId: string): Drawn | null {
    const number = numberNext(contact)
    if (number === null || (contact.to_at !== null && contact.to_at <= at)) return null
    const phone = number === 1 ? contact.phone : (contact.phone2 ?? contact.phone)
    if (this.#list.has(phone, campaignId, at)) return null
    const slot = this.#file.slotOf(contact.slot)
    return {
      contactId: contactIdOf(contact.id),
      phone,
      number,
      numbersLeft: numbersLeft(contact).length === 2 ? 2 : 1,
      tries: contact.tries,
      zone: slot.zone,
      window: slot.window,
      to: contact.to_at,
      agentFirst: contact.stage === stateCode('asked'),
      afterSilent: contact.after_silent === 1,
      ...ownerOf(contact, at),
      language: (this.#language.get(contact.id) as string | null | undefined) ?? null,
    }
  }

  /** Why fewer came than were asked for. */
  #rest(campaign: number, at: Ms, open: ReadonlySet<number>): Pick<Draw, 'rest' | 'dueAt'> {
    const agents = [null, ...this.#file.shelves(campaign).agents]
    const dueAt = first([this.#later.get(campaign), ...agents.map((agent) => this.#askedLater.anyone.get({ campaign, agent, at }))])
    const isReady = (slot: number): boolean =>
      this.#anyIn.fresh.get(campaign, slot) !== undefined || this.#anyIn.ripe.get(campaign, slot) !== undefined
    const asked = agents.flatMap((agent) => this.#askedFront('anyone', campaign, agent, at))
    const isOwn = agents.some((agent) => this.#askedOwn.get({ campaign, agent, at }) !== undefined)
    const slots = this.slots(campaign).map(({ id }) => id)
    if (slots.some((slot) => !open.has(slot) && isReady(slot)) || asked.some(({ slot }) => !open.has(slot)))
      return { rest: 'closed', dueAt }
    const isLater = dueAt !== null || asked.length > 0 || isOwn || slots.some(isReady)
    return { rest: isLater ? 'later' : 'none', dueAt }
  }

  #askedFront(whose: 'own' | 'anyone', campaign: number, agent: string | null, at: Ms): readonly Standing[] {
    return this.#askedPage[whose].all({ campaign, agent, at, wake: -1, id: 0, size: 1 }) as Standing[]
  }

  /** Why fewer of these agents' own came. */
  #ownRest(campaign: number, { at, whose }: DrawAsked, open: ReadonlySet<number>): Pick<Draw, 'rest' | 'dueAt'> {
    const known = [...this.#file.shelves(campaign).agents]
    const agents = known.filter((agent) => whose?.includes(agent))
    const dueAt = first(agents.map((agent) => this.#askedLater.own.get({ campaign, agent, at })))
    if (agents.some((agent) => this.#askedFront('own', campaign, agent, at).some(({ slot }) => !open.has(slot))))
      return { rest: 'closed', dueAt }
    const isLater = known.some((agent) => this.#askedOwn.get({ campaign, agent, at }) !== undefined)
    return { rest: isLater ? 'later' : 'none', dueAt }
  }
}

/** The first of several instants, of those there are. */
function first(instants: readonly unknown[]): Ms | null {
  const known = instants.filter((one): one is number => typeof one === 'number')
  return known.length === 0 ? null : Math.min(...known)
}

/** Whose alone it is at an instant, and until when. */
function ownerOf({ for_agent, anyone_at }: Standing, at: Ms): Pick<Drawn, 'forAgent' | 'anyoneAt'> {
  const isAnyones = for_agent === null || (anyone_at !== null && anyone_at <= at)
  return isAnyones ? { forAgent: null, anyoneAt: null } : { forAgent: for_agent, anyoneAt: anyone_at }
}
