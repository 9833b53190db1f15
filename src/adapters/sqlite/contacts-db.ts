/** `contacts.db` opened for writing, and what all of its parts ask: keys of campaigns and slots, one contact's row, a durable write. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Filter, SortKey } from '#core/campaign/settings.ts'
import type { CampaignId } from '#core/kernel/kernel.ts'
import type { Slot } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import { COLUMNS_ADDED, CONTACTS_FORMAT, placed, SCHEMA, SHELF, type Standing } from './contacts-schema.ts'

/** Another process may be writing (`samtal import-contacts`): its lock is waited for as long. */
const BUSY_MS_MAX = 5_000
const CACHE_KIB = 8 * 1024
/** Pages of the log after which a commit brings them into the file itself; the keeper (`contacts-reader.worker.ts`) does it long before. */
const CHECKPOINT_PAGES = 32_000

export const contactsPath = (folder: string): string => join(folder, 'contacts.db')

export interface Campaign {
  readonly key: number
  readonly id: CampaignId
  readonly sort: readonly SortKey[]
  readonly filters: readonly Filter[]
  /** Contacts up to this row are in the order asked for; null: all of them are. */
  readonly arranging: number | null
}

/** Fields of a row that facts, lists and orders change; the shelf follows from them. */
export type Moved = Partial<Omit<Standing, 'id' | 'state' | 'shelf' | 'wake' | 'phone' | 'phone2' | 'slot' | 'import'>>

interface Shelves {
  readonly periods: ReadonlySet<number>
  readonly agents: ReadonlySet<string>
}

export class ContactsDb {
  readonly db: Database.Database
  readonly #one: Database.Statement
  readonly #put: Database.Statement
  readonly #campaign: Database.Statement
  readonly #slot: Database.Statement
  readonly #slots = new Map<string, number>()
  readonly #shelves = new Map<number, Shelves>()
  readonly #shelf: Database.Statement
  readonly #noted: Database.Statement
  readonly #slotById: Database.Statement
  readonly #slotsById = new Map<number, Slot>()

  constructor(folder: string) {
    this.db = new Database(contactsPath(folder), { timeout: BUSY_MS_MAX })
    this.db.pragma('journal_mode = WAL')
    this.db.pragma('synchronous = NORMAL')
    this.db.pragma('secure_delete = ON')
    this.db.pragma(`cache_size = -${CACHE_KIB}`)
    this.db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    this.db.exec(SCHEMA)
    this.#addColumns()
    const format = this.db.prepare("SELECT value FROM meta WHERE key = 'format'").pluck().get()
    if (format !== CONTACTS_FORMAT)
      throw new PortError('contacts', 'open', {
        message: `contacts.db is of format ${String(format)}, not ${CONTACTS_FORMAT}`,
        retry: false,
      })
    this.#one = this.db.prepare('SELECT * FROM contacts WHERE id = ?')
    this.#put =
      this.db.prepare(`UPDATE contacts SET campaign = @campaign, from_at = @from_at, to_at = @to_at, wanted = @wanted, rank = @rank,
      stage = @stage, before = @before, state = @state, bars = @bars, tries = @tries, number = @number, period = @period, due = @due, wake = @wake,
      for_agent = @for_agent, anyone_at = @anyone_at, barred = @barred, after_silent = @after_silent, outcome = @outcome, tried_at = @tried_at, shelf = @shelf WHERE id = @id`)
    this.#campaign = this.db.prepare('SELECT key, id, sort, filters, arranging FROM campaigns WHERE id = ?')
    this.#slot = this.db.prepare('SELECT id FROM slots WHERE zone = ? AND opens = ? AND shuts = ?').pluck()
    this.#slotById = this.db.prepare('SELECT zone, opens, shuts FROM slots WHERE id = ?')
    this.#shelf = this.db.prepare('INSERT OR IGNORE INTO shelves (campaign, period, agent) VALUES (?, ?, ?)')
    this.#noted = this.db.prepare('SELECT period, agent FROM shelves WHERE campaign = ?')
  }

  #addColumns(): void {
    const there = this.db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?')
    for (const { table, name, type } of COLUMNS_ADDED)
      if (there.get(table, name) === undefined) this.db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)
  }

  /**
   * What people decided is on the disk when the promise is kept; what facts tell again after a power failure need not be
   * (https://www.sqlite.org/pragma.html#pragma_synchronous: with WAL, NORMAL is consistent, FULL durable).
   */
  durably<T>(work: () => T): T {
    this.db.pragma('synchronous = FULL')
    try {
      return this.db.transaction(work).immediate()
    } finally {
      this.db.pragma('synchronous = NORMAL')
    }
  }

  campaign(id: CampaignId): Campaign | null {
    const row = this.#campaign.get(id) as (Omit<Campaign, 'sort' | 'filters'> & { sort: string; filters: string }) | undefined
    if (row === undefined) return null
    return { ...row, sort: JSON.parse(row.sort) as SortKey[], filters: JSON.parse(row.filters) as Filter[] }
  }

  campaignMade(id: CampaignId): Campaign {
    this.db.prepare('INSERT OR IGNORE INTO campaigns (id) VALUES (?)').run(id)
    const campaign = this.campaign(id)
    if (campaign === null) throw new PortError('contacts', 'campaign', { message: 'a campaign just written is not there', retry: false })
    return campaign
  }

  /** null: no contact has ever had it. */
  slot({ zone, window }: Slot): number | null {
    const key = `${zone}\n${window?.from ?? ''}\n${window?.to ?? ''}`
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    const found = this.#slot.get(zone, window?.from ?? '', window?.to ?? '') as number | undefined
    if (found !== undefined) this.#slots.set(key, found)
    return found ?? null
  }

  slotMade(slot: Slot): number {
    const there = this.slot(slot)
    if (there !== null) return there
    const { lastInsertRowid } = this.db
      .prepare('INSERT INTO slots (zone, opens, shuts) VALUES (?, ?, ?)')
      .run(slot.zone, slot.window?.from ?? '', slot.window?.to ?? '')
    return Number(lastInsertRowid)
  }

  slotOf(id: number): Slot {
    const known = this.#slotsById.get(id)
    if (known !== undefined) return known
    const { zone, opens, shuts } = this.#slotById.get(id) as { zone: string; opens: string; shuts: string }
    const slot = { zone, window: opens === '' ? null : { from: opens, to: shuts } }
    this.#slotsById.set(id, slot)
    return slot
  }

  contact(id: number): Standing | null {
    return (this.#one.get(id) as Standing | undefined) ?? null
  }

  /** Changes a contact and puts it on the shelf where it then belongs. */
  move(contact: Standing, moved: Moved): Standing {
    const changed = { ...contact, ...moved }
    const after = { ...changed, ...placed(changed) }
    this.#put.run(after)
    if (after.campaign !== null) this.#note(after.campaign, after)
    return after
  }

  /** Which shelves there are is noted when one is first used, so that nobody has to look through the contacts for it. */
  #note(campaign: number, { period, shelf, for_agent: agent }: Standing): void {
    const there = this.shelves(campaign)
    const isNewPeriod = period >= 0 && !there.periods.has(period)
    const isNewAgent = shelf === SHELF.asked && agent !== null && !there.agents.has(agent)
    if (isNewPeriod) this.#shelf.run(campaign, period, null)
    if (isNewAgent) this.#shelf.run(campaign, null, agent)
    if (isNewPeriod || isNewAgent) this.#shelves.delete(campaign)
  }

  /** The daily periods contacts were tried in, and the agents who have contacts that want nobody else. */
  shelves(campaign: number): Shelves {
    const known = this.#shelves.get(campaign)
    if (known !== undefined) return known
    const rows = this.#noted.all(campaign) as { period: number | null; agent: string | null }[]
    const shelves = {
      periods: new Set(rows.flatMap(({ period }) => period ?? [])),
      agents: new Set(rows.flatMap(({ agent }) => agent ?? [])),
    }
    this.#shelves.set(campaign, shelves)
    return shelves
  }

  forget(campaign: number): void {
    this.#shelves.delete(campaign)
  }

  close(): void {
    this.db.close()
  }
}
