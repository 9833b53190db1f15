/**
 * The contacts of one campaign in the order they are called. Contacts never tried stand in a line that is read from its head; retries
 * move, when they fall due, from a list by time to a list by order. So a draw looks at those it deals and little more, also with many
 * contacts in the list.
 */
import type { Filter, SortKey } from '#core/campaign/settings.ts'
import type { ContactId, Ms } from '#core/kernel/kernel.ts'
import type { Draw, DrawAsked, Drawn, Slot } from '#ports/contacts.ts'
import { callable, isFresh, isOpen, numberOf, ownerOf, type Row, ranked, slotKey } from './contact-row.ts'

/** Where a row stands or would stand in a list kept in order. */
function placeOf(list: readonly Row[], row: Row, key: (row: Row) => number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = list[middle]
    if (at !== undefined && key(at) < key(row)) low = middle + 1
    else high = middle
  }
  return low
}

function takeFrom(list: Row[], row: Row, key: (row: Row) => number): void {
  let place = placeOf(list, row, key)
  for (let at = list[place]; at !== undefined && at !== row && key(at) === key(row); at = list[place]) place += 1
  if (list[place] === row) list.splice(place, 1)
}

const rankOf = (row: Row): number => row.rank ?? Number.POSITIVE_INFINITY
const dueOf = (row: Row): number => row.standing.dueAt ?? 0

/** May this number be called at an instant, by the do-not-call lists alone? */
export type Listed = (number: string, at: Ms) => boolean

/** Why a contact was passed over; `gone`: for good; `others`: it is none of those asked for. */
type Passed = 'later' | 'closed' | 'gone' | 'others'

export class ContactLine {
  readonly rows = new Map<ContactId, Row>()
  #how: { readonly sort: readonly SortKey[]; readonly filters: readonly Filter[] } = { sort: [], filters: [] }
  /** All that are called, by rank; before `#head` none is fresh. */
  #order: Row[] = []
  #head = 0
  /** Rescheduled. */
  readonly #asked = new Set<Row>()
  /** Tried or put off, by when they are due. */
  #later: Row[] = []
  /** Tried and due, by rank. */
  #due: Row[] = []
  #stale = false
  #slots: readonly Slot[] | null = null
  readonly #listed: Listed

  constructor(listed: Listed) {
    this.#listed = listed
  }

  add(row: Row): void {
    this.rows.set(row.contactId, row)
    this.#stale = true
    this.#slots = null
  }

  remove(row: Row): void {
    this.rows.delete(row.contactId)
    this.#stale = true
    this.#slots = null
  }

  arrange(how: { readonly sort: readonly SortKey[]; readonly filters: readonly Filter[] }): void {
    this.#how = how
    this.#stale = true
  }

  /** The clocks of its contacts. */
  slots(): readonly Slot[] {
    this.#slots ??= [
      ...new Map([...this.rows.values()].map(({ draft: { zone, window } }) => [slotKey({ zone, window }), { zone, window }])).values(),
    ]
    return this.#slots
  }

  /** Changes how a contact stands, and keeps it where it belongs. */
  change(row: Row, change: () => void): void {
    this.#takeOut(row)
    change()
    this.#putIn(row)
  }

  draw(asked: DrawAsked): Draw {
    this.#refresh()
    this.#fallDue(asked.at)
    const drawing = new Drawing(asked, this.#listed)
    drawing.take([...this.#asked].sort((a, b) => dueOf(a) - dueOf(b) || rankOf(a) - rankOf(b)))
    if (asked.whose !== null) return drawing.drawn()
    for (const rows of asked.retriesFirst ? [this.#due, this.#fresh()] : [this.#fresh(), this.#due]) drawing.take(rows)
    drawing.lookAhead(this.#later)
    return drawing.drawn()
  }

  *#fresh(): Iterable<Row> {
    for (let place = this.#head; place < this.#order.length; place += 1) {
      const row = this.#order[place]
      if (row !== undefined && isFresh(row)) yield row
    }
  }

  #takeOut(row: Row): void {
    this.#asked.delete(row)
    takeFrom(this.#later, row, dueOf)
    takeFrom(this.#due, row, rankOf)
  }

  #putIn(row: Row): void {
    if (!isOpen(row) || row.rank === null) return
    if (row.standing.state === 'asked') this.#asked.add(row)
    else if (isFresh(row)) this.#head = Math.min(this.#head, row.rank)
    else this.#later.splice(placeOf(this.#later, row, dueOf), 0, row)
  }

  #refresh(): void {
    if (this.#stale) {
      this.#stale = false
      this.#order = ranked(this.rows.values(), this.#how)
      this.#head = 0
      this.#asked.clear()
      this.#later = []
      this.#due = []
      for (const row of this.#order) this.#putIn(row)
    }
    for (let row = this.#order[this.#head]; row !== undefined && !isFresh(row); row = this.#order[this.#head]) this.#head += 1
  }

  /** One that was put off and never tried is new again. */
  #fallDue(at: Ms): void {
    for (let row = this.#later[0]; row !== undefined && dueOf(row) <= at; row = this.#later[0]) {
      this.#later.shift()
      if (row.tries > 0) {
        this.#due.splice(placeOf(this.#due, row, rankOf), 0, row)
        continue
      }
      row.standing = { ...row.standing, dueAt: null }
      this.#head = Math.min(this.#head, rankOf(row))
    }
  }
}

class Drawing {
  readonly #asked: DrawAsked
  readonly #listed: Listed
  readonly #open: ReadonlyMap<string, number | null>
  readonly #except: ReadonlySet<ContactId>
  readonly #contacts: Drawn[] = []
  readonly #passed = new Set<Passed>()
  #dueAt: Ms | null = null

  constructor(asked: DrawAsked, listed: Listed) {
    this.#asked = asked
    this.#listed = listed
    this.#open = new Map(asked.open.map((slot) => [slotKey(slot), slot.period]))
    this.#except = new Set(asked.except)
  }

  take(rows: Iterable<Row>): void {
    for (const row of rows) {
      if (this.#contacts.length >= this.#asked.count) return
      if (!isOpen(row) || this.#except.has(row.contactId)) continue
      const usable = this.#usable(row)
      const passed = usable.length === 0 ? 'gone' : this.#passes(row)
      if (passed === null) this.#contacts.push(drawnOf(row, usable, this.#numberFor(row, usable), this.#asked.at))
      else if (passed !== 'others') this.#passed.add(passed)
    }
  }

  /** At those not due yet, by when they are, until it is known when the first may be called. */
  lookAhead(later: readonly Row[]): void {
    for (const row of later) {
      if (this.#contacts.length >= this.#asked.count || (this.#dueAt !== null && dueOf(row) >= this.#dueAt)) return
      this.take([row])
    }
  }

  drawn(): Draw {
    return { contacts: this.#contacts, rest: this.#rest(), dueAt: this.#dueAt }
  }

  #rest(): Draw['rest'] {
    if (this.#contacts.length >= this.#asked.count) return 'more'
    if (this.#passed.has('closed')) return 'closed'
    return this.#passed.has('later') ? 'later' : 'none'
  }

  /** null: nothing stands against it. */
  #passes(row: Row): Passed | null {
    const { at, whose } = this.#asked
    const { dueAt, anyoneAt } = row.standing
    const owner = ownerOf(row, at)
    if (whose !== null && owner === null) return 'others'
    const isElsewhere = owner !== null && whose?.includes(owner) !== true
    if (row.draft.to !== null && row.draft.to <= at) return 'gone'
    const from = Math.max(dueAt ?? 0, row.draft.from ?? 0, whose === null && owner !== null ? (anyoneAt ?? 0) : 0)
    if (isElsewhere && (whose !== null || anyoneAt === null)) return 'later'
    if (from > at) {
      this.#dueAt = Math.min(this.#dueAt ?? from, from)
      return 'later'
    }
    const period = this.#open.get(slotKey(row.draft))
    if (period === undefined) return 'closed'
    return period !== null && period === row.avoid ? 'later' : null
  }

  #usable(row: Row): readonly (1 | 2)[] {
    return callable(row).filter((number) => !this.#listed(numberOf(row, number) ?? '', this.#asked.at))
  }

  #numberFor(row: Row, usable: readonly (1 | 2)[]): 1 | 2 {
    return usable.includes(row.next) ? row.next : row.next === 1 ? 2 : 1
  }
}

const drawnOf = (row: Row, usable: readonly (1 | 2)[], number: 1 | 2, at: Ms): Drawn => ({
  contactId: row.contactId,
  phone: numberOf(row, number) ?? '',
  number,
  numbersLeft: usable.length === 2 ? 2 : 1,
  tries: row.tries,
  zone: row.draft.zone,
  window: row.draft.window,
  to: row.draft.to,
  agentFirst: row.standing.state === 'asked',
  afterSilent: row.standing.afterSilent,
  forAgent: ownerOf(row, at),
  anyoneAt: ownerOf(row, at) === null ? null : row.standing.anyoneAt,
  language: row.draft.language,
})
