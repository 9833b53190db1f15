/**
 * The lists of campaigns kept in memory: for the simulation, the scenario player, `samtal pace` and tests. It keeps the same contract
 * as the one on disk (`tests/contacts.contract.ts`).
 */
import type { CampaignId, ContactId, Ms } from '#core/kernel/kernel.ts'
import {
  type Contact,
  type ContactChange,
  type ContactDraft,
  type ContactState,
  type Contacts,
  type DoNotCallListed,
  type DoNotCallRow,
  type ListMapping,
  outlasts,
  type Progress,
  type Slot,
} from '#ports/contacts.ts'
import { ContactImports } from './contact-imports.ts'
import { ContactLine } from './contact-line.ts'
import { bar, callable, deal, newRow, numberOf, type Row, settle, shown } from './contact-row.ts'

const BLOCK_CONTACTS = 1_000
const HOUR_MS: Ms = 3_600_000
const HOURS_KEPT = 48

/** Numbers nobody may call: for every campaign, or for one. */
class DoNotCall {
  readonly #rows = new Map<string, DoNotCallRow>()
  /** Keys of listings whose number is shown no more. */
  readonly #erased = new Set<string>()

  static #key = (number: string, campaignId: CampaignId | null): string => `${number} ${campaignId ?? ''}`

  /** Whether it is new. */
  list(row: DoNotCallRow): boolean {
    const key = DoNotCall.#key(row.number, row.campaignId)
    const known = this.#rows.get(key)
    if (known !== undefined && !this.#erased.has(key) && outlasts(known.until, row.until)) return false
    this.#rows.set(key, row)
    this.#erased.delete(key)
    return known === undefined
  }

  erase(number: string, until: Ms): number {
    const keys = [...this.#rows].filter(([, row]) => row.number === number && row.addedAt <= until).map(([key]) => key)
    for (const key of keys) this.#erased.add(key)
    return keys.length
  }

  shown(row: DoNotCallRow): DoNotCallListed {
    return this.#erased.has(DoNotCall.#key(row.number, row.campaignId)) ? { ...row, number: null, reason: null } : row
  }

  lift(number: string, campaignId: CampaignId | null): void {
    this.#rows.delete(DoNotCall.#key(number, campaignId))
  }

  holds(number: string, campaignId: CampaignId, at: Ms): boolean {
    return [campaignId, null].some((whose) => {
      const row = this.#rows.get(DoNotCall.#key(number, whose))
      return row !== undefined && isInForce(row, at)
    })
  }

  /** By number. */
  all(): readonly DoNotCallRow[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}

const isInForce = ({ until }: DoNotCallRow, at: Ms): boolean => until === null || until > at
const emptyStates = (): Record<ContactState, number> => ({
  waiting: 0,
  paused: 0,
  asked: 0,
  underWay: 0,
  reached: 0,
  exhausted: 0,
  neverCall: 0,
  doNotCall: 0,
  notInUse: 0,
})

type Hour = Progress['hours'][number]

export interface MemoryContactsOptions {
  /** How a contact is to be called; null: as the list likes. */
  readonly idOf?: (draft: ContactDraft) => ContactId | null
}

export class MemoryContacts implements Contacts {
  readonly #lines = new Map<CampaignId, ContactLine>()
  readonly #rows = new Map<ContactId, Row>()
  readonly #listed = new DoNotCall()
  readonly #learnt = new Map<CampaignId, string>()
  readonly #hours = new Map<CampaignId, Map<Ms, Hour>>()
  readonly #mappings = new Map<CampaignId, Map<string, ListMapping>>()
  readonly #imports: ContactImports
  readonly #options: MemoryContactsOptions
  #position = 0
  #sequence = 0
  /** The latest instant told of: what the lists say is read there where no other is given. */
  #latest: Ms = 0

  constructor(options: MemoryContactsOptions = {}) {
    this.#options = options
    this.#imports = new ContactImports({
      numbersIn: (campaignId) => [...this.#line(campaignId).rows.values()],
      isListed: (number, campaignId, at) => this.#listed.holds(number, campaignId, at),
      add: (campaignId, importId, draft) => this.#add(campaignId, importId, draft),
      put: (row) => this.#put(row),
      remove: (row) => this.#remove(row),
    })
  }

  async learnt(campaignId: CampaignId): Promise<string | null> {
    return this.#learnt.get(campaignId) ?? null
  }

  async keepLearnt(campaignId: CampaignId, text: string | null): Promise<void> {
    if (text === null) this.#learnt.delete(campaignId)
    else this.#learnt.set(campaignId, text)
  }

  async position(): Promise<number> {
    return this.#position
  }

  async apply(changes: readonly ContactChange[], position: number): Promise<void> {
    for (const change of changes) if (change.position > this.#position) this.#take(change)
    this.#position = Math.max(this.#position, position)
  }

  async arrange(campaignId: CampaignId, how: Parameters<Contacts['arrange']>[1]): Promise<void> {
    this.#line(campaignId).arrange(how)
  }

  async slots(campaignId: CampaignId): Promise<readonly Slot[]> {
    return this.#line(campaignId).slots()
  }

  draw: Contacts['draw'] = async (asked) => {
    this.#latest = Math.max(this.#latest, asked.at)
    return this.#line(asked.campaignId).draw(asked)
  }

  async barred(contactId: ContactId, number: 1 | 2, at: Ms): Promise<string | null> {
    const row = this.#rows.get(contactId)
    const digits = row === undefined ? null : numberOf(row, number)
    if (row === undefined || digits === null || (row.draft.to !== null && row.draft.to <= at)) return 'gone'
    return this.#listed.holds(digits, row.campaignId, at) ? 'doNotCall' : null
  }

  startImport: Contacts['startImport'] = async (asked) => this.#imports.start(asked)
  mapping: Contacts['mapping'] = async (campaignId, headings) => this.#mappings.get(campaignId)?.get(JSON.stringify(headings)) ?? null
  rememberMapping: Contacts['rememberMapping'] = async (campaignId, headings, mapping) => {
    const known = this.#mappings.get(campaignId) ?? new Map<string, ListMapping>()
    this.#mappings.set(campaignId, known.set(JSON.stringify(headings), mapping))
  }
  imports: Contacts['imports'] = async (campaignId) => this.#imports.of(campaignId)
  import: Contacts['import'] = async (id) => this.#imports.row(id)
  async *faults(id: string): ReturnType<Contacts['faults']> {
    yield this.#imports.faults(id)
  }
  confirm: Contacts['confirm'] = async (id, at) => this.#imports.confirm(id, at)
  undo: Contacts['undo'] = async (id) => this.#imports.undo(id)

  async contact(contactId: ContactId): Promise<Contact | null> {
    const row = this.#rows.get(contactId)
    return row === undefined ? null : this.#shown(row)
  }

  contacts: Contacts['contacts'] = async ({ campaignId, state, text, number, after, limit }) => {
    const words = text?.toLowerCase() ?? null
    const digits = text?.replaceAll(/\D/gu, '') ?? ''
    const matches = (one: Contact): boolean =>
      words === null ||
      [one.name, one.externalId].some((field) => field?.toLowerCase().startsWith(words)) ||
      (digits !== '' && [one.phone, one.phone2].some((phone) => phone?.includes(digits)))
    const rows = [...this.#line(campaignId).rows.values()].filter(({ sequence }) => after === null || sequence > Number(after))
    const found: Row[] = []
    for (const row of rows) {
      const one = this.#shown(row)
      if ((state === null || one.state === state) && matches(one) && (number === undefined || [one.phone, one.phone2].includes(number)))
        found.push(row)
      if (found.length > limit) break
    }
    const page = found.slice(0, limit)
    return { contacts: page.map((row) => this.#shown(row)), next: found.length > limit ? `${page.at(-1)?.sequence}` : null }
  }

  async *all(campaignId: CampaignId): ReturnType<Contacts['all']> {
    const rows = [...this.#line(campaignId).rows.values()]
    for (let from = 0; from < rows.length; from += BLOCK_CONTACTS)
      yield rows.slice(from, from + BLOCK_CONTACTS).map((row) => this.#shown(row))
  }

  async columns(campaignId: CampaignId): Promise<readonly string[]> {
    return [...new Set([...this.#line(campaignId).rows.values()].flatMap(({ draft }) => Object.keys(draft.columns)))]
  }

  async progress(campaignId: CampaignId): Promise<Progress> {
    const byState = emptyStates()
    const byTries: number[] = []
    for (const row of this.#line(campaignId).rows.values()) {
      byState[this.#shown(row).state] += 1
      byTries[row.tries] = (byTries[row.tries] ?? 0) + 1
    }
    const hours = [...(this.#hours.get(campaignId)?.values() ?? [])].sort((a, b) => a.at - b.at).slice(-HOURS_KEPT)
    return { byState, byTries: Array.from(byTries, (count) => count ?? 0), hours }
  }

  async revivable(campaignId: CampaignId, attemptsMax: number): Promise<number> {
    return this.#exhausted(campaignId, attemptsMax).length
  }

  async revive(campaignId: CampaignId, attemptsMax: number): Promise<number> {
    const rows = this.#exhausted(campaignId, attemptsMax)
    for (const row of rows)
      this.#line(campaignId).change(row, () => {
        row.standing = { ...row.standing, state: 'paused', dueAt: row.triedAt }
      })
    return rows.length
  }

  async latestAsked(campaigns: readonly CampaignId[]): Promise<Ms | null> {
    const asked = campaigns.flatMap((id) => [...this.#line(id).rows.values()].filter(({ standing }) => standing.state === 'asked'))
    const due = asked.flatMap(({ standing }) => standing.dueAt ?? [])
    return due.length === 0 ? null : Math.max(...due)
  }

  async forgetContacts(campaignId: CampaignId): Promise<boolean> {
    const any = (await this.imports(campaignId)).length > 0
    for (const row of this.#line(campaignId).rows.values()) this.#rows.delete(row.contactId)
    this.#lines.delete(campaignId)
    this.#hours.delete(campaignId)
    this.#learnt.delete(campaignId)
    this.#imports.removeCampaign(campaignId)
    return any
  }

  async removeCampaign(campaignId: CampaignId): Promise<void> {
    await this.forgetContacts(campaignId)
    this.#mappings.delete(campaignId)
    for (const row of this.#listed.all()) if (row.campaignId === campaignId) this.#listed.lift(row.number, campaignId)
  }

  doNotCall: Contacts['doNotCall'] = async ({ campaignId, digits, number, after, limit, at }) => {
    const rows = this.#listed
      .all()
      .filter(
        (row) =>
          isInForce(row, at) &&
          (campaignId === undefined || row.campaignId === campaignId) &&
          (number === undefined || this.#listed.shown(row).number === number) &&
          (digits === null || this.#listed.shown(row).number?.includes(digits) === true) &&
          (after === null || `${row.number} ${row.campaignId ?? ''}` > after),
      )
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      rows: page.map((row) => this.#listed.shown(row)),
      next: rows.length > limit && last !== undefined ? `${last.number} ${last.campaignId ?? ''}` : null,
    }
  }

  async listDoNotCall(rows: readonly DoNotCallRow[]): Promise<number> {
    return rows.filter((row) => this.#listed.list(row)).length
  }

  withNumber: Contacts['withNumber'] = async (number) => ({
    contacts: this.#having(number).map((row) => this.#shown(row)),
    listings: this.#listed
      .all()
      .map((row) => this.#listed.shown(row))
      .filter((row) => row.number === number),
  })

  erase: Contacts['erase'] = async (number, until) => {
    const rows = this.#having(number).filter(({ importId }) => (this.#imports.row(importId)?.at ?? 0) <= until)
    const gone = rows.filter(({ standing }) => standing.state !== 'underWay')
    for (const row of gone) this.#remove(row)
    return {
      contacts: gone.length + this.#imports.erase(number, until),
      underWay: rows.length - gone.length,
      listings: this.#listed.erase(number, until),
    }
  }

  #having(number: string): readonly Row[] {
    return [...this.#rows.values()].filter(({ draft }) => draft.phone === number || draft.phone2 === number)
  }

  async close(): Promise<void> {
    this.#lines.clear()
  }

  #line(campaignId: CampaignId): ContactLine {
    let line = this.#lines.get(campaignId)
    if (line === undefined) {
      line = new ContactLine((number, at) => this.#listed.holds(number, campaignId, at))
      this.#lines.set(campaignId, line)
    }
    return line
  }

  #add(campaignId: CampaignId, importId: string, draft: ContactDraft): Row {
    this.#sequence += 1
    const contactId = this.#options.idOf?.(draft) ?? `k${this.#sequence}`
    const row = newRow(draft, { contactId, campaignId, importId, sequence: this.#sequence })
    this.#put(row)
    return row
  }

  #put(row: Row): void {
    this.#rows.set(row.contactId, row)
    this.#line(row.campaignId).add(row)
  }

  #remove(row: Row): void {
    this.#rows.delete(row.contactId)
    this.#line(row.campaignId).remove(row)
  }

  #take(change: ContactChange): void {
    if ('at' in change) this.#latest = Math.max(this.#latest, change.at)
    if (change.type === 'listed') {
      const { number, campaignId, source, reason, until, at } = change
      this.#listed.list({ number, campaignId, source, reason, until, addedAt: at })
      return
    }
    if (change.type === 'lifted') {
      this.#listed.lift(change.number, change.campaignId)
      return
    }
    const row = this.#rows.get(change.contactId)
    // Of a campaign or an import that is no more.
    if (row === undefined) return
    if (change.type === 'topics') {
      row.topics = change.topics
      return
    }
    if (change.type === 'barred') {
      bar(row, change)
      return
    }
    this.#line(row.campaignId).change(row, () => (change.type === 'dealt' ? deal(row, change) : settle(row, change)))
    if (change.type === 'settled') this.#count(row.campaignId, change)
  }

  #count(campaignId: CampaignId, { at, outcome }: Extract<ContactChange, { type: 'settled' }>): void {
    if (outcome === 'notCalled') return
    const hours = this.#hours.get(campaignId) ?? new Map<Ms, Hour>()
    this.#hours.set(campaignId, hours)
    const start = Math.floor(at / HOUR_MS) * HOUR_MS
    const hour = hours.get(start) ?? { at: start, calls: 0, reached: 0, silent: 0 }
    hours.set(start, {
      at: start,
      calls: hour.calls + 1,
      reached: hour.reached + (outcome === 'answered' ? 1 : 0),
      silent: hour.silent + (outcome === 'silent' ? 1 : 0),
    })
  }

  #exhausted(campaignId: CampaignId, attemptsMax: number): readonly Row[] {
    const rows = [...this.#line(campaignId).rows.values()]
    return rows.filter((row) => row.standing.state === 'exhausted' && row.tries < attemptsMax)
  }

  #shown(row: Row): Contact {
    const isListed = (number: 1 | 2): boolean => this.#listed.holds(numberOf(row, number) ?? '', row.campaignId, this.#latest)
    return shown(row, callable(row).every(isListed))
  }
}
