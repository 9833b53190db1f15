/** The contacts of all campaigns on disk, for the thread that writes them: facts, draws, orders, imports. */
import type { CampaignId, ContactId, Ms } from '#core/kernel/kernel.ts'
import type { ContactChange, Contacts, ContactsErased, DoNotCallRow, Draw, DrawAsked, ListMapping, Slot } from '#ports/contacts.ts'
import { Applying } from './contacts-apply.ts'
import { DoNotCallList } from './contacts-barred.ts'
import { ContactsDb } from './contacts-db.ts'
import { Drawing } from './contacts-draw.ts'
import { catchUp, eraseContacts } from './contacts-erase.ts'
import { Importing } from './contacts-import.ts'
import { type CardValues, isWanted, rankOf, valuesOf } from './contacts-order.ts'
import { BAR, rowOf, SHELF, type Standing, stateCode } from './contacts-schema.ts'
import { PersonHash } from './person-hash.ts'

/** Rows a step of a whole list takes: some milliseconds. */
const STEP_ROWS = 250

type How = Parameters<Contacts['arrange']>[1]

/** Work on a whole list, a step at a time; false: it is done. */
export type Steps = () => boolean

export class ContactsFile {
  readonly #file: ContactsDb
  readonly #list: DoNotCallList
  readonly #applying: Applying
  readonly #drawing: Drawing
  readonly #erasing: Parameters<typeof catchUp>[0]
  readonly imports: Importing

  constructor(folder: string) {
    this.#file = new ContactsDb(folder)
    const hash = PersonHash.open(folder)
    this.#list = new DoNotCallList(this.#file, hash)
    this.#applying = new Applying(this.#file, this.#list)
    this.#drawing = new Drawing(this.#file, this.#list)
    this.imports = new Importing(this.#file, this.#list)
    this.#erasing = { file: this.#file, list: this.#list, imports: this.imports, hash }
    catchUp(this.#erasing, folder)
  }

  /** What was begun before and is not done: imports, orders, campaigns removed. */
  unfinished(at: Ms): readonly Steps[] {
    const { db } = this.#file
    const arranging = db.prepare('SELECT id FROM campaigns WHERE arranging IS NOT NULL').pluck().all() as CampaignId[]
    const purged = db
      .prepare('SELECT DISTINCT gone_by FROM contacts JOIN imports ON imports.key = gone_by WHERE gone_by IS NOT NULL AND called = 1')
      .pluck()
      .all() as number[]
    return [
      ...this.imports.unfinished(at).map((key) => () => this.imports.step(key)),
      ...arranging.map((id) => () => this.arrangeStep(id)),
      ...purged.map((key) => () => this.imports.purge(key)),
      ...this.#removed().map((key) => () => this.removeStep(key)),
    ]
  }

  position(): number {
    return this.#applying.position()
  }

  /** What is to be done besides, when there is time. */
  apply(changes: readonly ContactChange[], position: number): readonly Steps[] {
    const called = this.#file.db.transaction(() => this.#applying.apply(changes, position)).immediate()
    return called.map((key) => () => this.imports.purge(key))
  }

  slots(campaignId: CampaignId): readonly Slot[] {
    const campaign = this.#file.campaign(campaignId)
    return campaign === null ? [] : this.#drawing.slots(campaign.key).map(({ zone, window }) => ({ zone, window }))
  }

  /** `more`: time has changed more than was taken in now; to be called when there is time. */
  draw(asked: DrawAsked): { readonly draw: Draw; readonly more: Steps | null } {
    const campaign = this.#file.campaign(asked.campaignId)
    // It reads before it writes: one that took the lock for writing only then would not wait for who has it.
    const wake = (): boolean => campaign !== null && this.#file.db.transaction(() => this.#drawing.wake(campaign.key, asked.at)).immediate()
    const isMore = wake()
    return { draw: this.#drawing.draw(asked), more: isMore ? wake : null }
  }

  barred(contactId: ContactId, number: 1 | 2, at: Ms): string | null {
    const contact = this.#file.contact(rowOf(contactId))
    const phone = number === 1 ? contact?.phone : contact?.phone2
    if (contact === null || contact.campaign === null || phone === null || phone === undefined) return 'gone'
    if (contact.to_at !== null && contact.to_at <= at) return 'gone'
    if ((contact.bars & (BAR.notInUse[number - 1] ?? 0)) !== 0) return 'gone'
    const campaignId = this.#file.db.prepare('SELECT id FROM campaigns WHERE key = ?').pluck().get(contact.campaign) as CampaignId
    return this.#list.has(phone, campaignId, at) ? 'doNotCall' : null
  }

  /** Notes how contacts are to be ordered from now on. False: they are already. */
  arrange(campaignId: CampaignId, { sort, filters }: How): boolean {
    const campaign = this.#file.campaignMade(campaignId)
    const isSame = JSON.stringify(campaign.sort) === JSON.stringify(sort) && JSON.stringify(campaign.filters) === JSON.stringify(filters)
    if (isSame) return campaign.arranging !== null
    this.#file.durably(() =>
      this.#file.db
        .prepare('UPDATE campaigns SET sort = ?, filters = ?, arranging = 0 WHERE key = ?')
        .run(JSON.stringify(sort), JSON.stringify(filters), campaign.key),
    )
    return true
  }

  arrangeStep(campaignId: CampaignId): boolean {
    const { db } = this.#file
    return db
      .transaction((): boolean => {
        const campaign = this.#file.campaign(campaignId)
        if (campaign === null || campaign.arranging === null) return false
        const rows = db
          .prepare(`SELECT contacts.*, cards.external_id, cards.name, cards.language, cards."values", slots.zone, imports.columns
            FROM contacts NOT INDEXED JOIN cards ON cards.id = contacts.id JOIN slots ON slots.id = contacts.slot
              JOIN imports ON imports.key = contacts.import
            WHERE contacts.id > ? AND contacts.id <= ? AND contacts.campaign = ?`)
          .all(campaign.arranging, campaign.arranging + STEP_ROWS, campaign.key) as (Standing & CardValues & { columns: string })[]
        for (const { external_id: _id, name: _name, language: _language, values: _values, zone: _zone, columns, ...contact } of rows) {
          const valueIn = valuesOf(
            { ...contact, external_id: _id, name: _name, language: _language, values: _values, zone: _zone },
            JSON.parse(columns),
          )
          const rank = rankOf(campaign.sort, valueIn)
          const wanted = isWanted(campaign.filters, valueIn) ? 1 : 0
          if (wanted !== contact.wanted || !rank.equals(contact.rank)) this.#file.move(contact, { rank, wanted })
        }
        const last = (db.prepare('SELECT max(id) FROM contacts').pluck().get() as number | null) ?? 0
        const isDone = campaign.arranging + STEP_ROWS >= last
        db.prepare('UPDATE campaigns SET arranging = ? WHERE key = ?').run(isDone ? null : campaign.arranging + STEP_ROWS, campaign.key)
        return !isDone
      })
      .immediate()
  }

  /** One step of reviving: the row it came to, how many were revived; `row` null: it is done. */
  reviveStep(campaignId: CampaignId, attemptsMax: number, after: number): { readonly row: number | null; readonly revived: number } {
    const campaign = this.#file.campaign(campaignId)
    if (campaign === null) return { row: null, revived: 0 }
    return this.#file.db
      .transaction(() => {
        const exhausted = stateCode('exhausted')
        const rows = this.#file.db
          .prepare('SELECT * FROM contacts WHERE campaign = ? AND state = ? AND id > ? ORDER BY id LIMIT ?')
          .all(campaign.key, exhausted, after, STEP_ROWS) as Standing[]
        const revived = rows.filter(({ stage, tries }) => stage === exhausted && tries < attemptsMax)
        for (const contact of revived) this.#file.move(contact, { stage: stateCode('paused'), due: contact.tried_at })
        return { row: rows.length < STEP_ROWS ? null : (rows.at(-1)?.id ?? null), revived: revived.length }
      })
      .immediate()
  }

  latestAsked(campaigns: readonly CampaignId[]): Ms | null {
    const latest = this.#file.db.prepare('SELECT max(wake) FROM contacts WHERE campaign = ? AND shelf = ?').pluck()
    const found = campaigns.flatMap((id) => (latest.get(this.#file.campaign(id)?.key ?? null, SHELF.asked) as Ms | null) ?? [])
    return found.length === 0 ? null : Math.max(...found)
  }

  learnt(campaignId: CampaignId): string | null {
    const text = this.#file.db.prepare('SELECT text FROM learnt WHERE campaign = ?').pluck().get(campaignId)
    return (text as string | undefined) ?? null
  }

  keepLearnt(campaignId: CampaignId, text: string | null): void {
    const { db } = this.#file
    if (text === null) db.prepare('DELETE FROM learnt WHERE campaign = ?').run(campaignId)
    else db.prepare('INSERT OR REPLACE INTO learnt (campaign, text) VALUES (?, ?)').run(campaignId, text)
  }

  mapping(campaignId: CampaignId, headings: readonly string[]): ListMapping | null {
    const found = this.#file.db
      .prepare('SELECT mapping FROM mappings WHERE campaign = ? AND header = ?')
      .pluck()
      .get(campaignId, JSON.stringify(headings)) as string | undefined
    return found === undefined ? null : (JSON.parse(found) as ListMapping)
  }

  rememberMapping(campaignId: CampaignId, headings: readonly string[], mapping: ListMapping): void {
    this.#file.db
      .prepare('INSERT OR REPLACE INTO mappings (campaign, header, mapping) VALUES (?, ?, ?)')
      .run(campaignId, JSON.stringify(headings), JSON.stringify(mapping))
  }

  /** So many were new. */
  listDoNotCall(rows: readonly DoNotCallRow[]): number {
    return this.#file.durably(() => rows.filter((row) => this.#list.put(row, row.addedAt)).length)
  }

  erase(number: string, until: Ms): ContactsErased {
    return eraseContacts(this.#erasing, number, until)
  }

  #removed(): readonly number[] {
    return this.#file.db.prepare("SELECT key FROM campaigns WHERE id LIKE '! %'").pluck().all() as number[]
  }

  /** Nothing of it is seen any more; its rows go in steps. Its key; null: there is none. */
  removeCampaign(campaignId: CampaignId): number | null {
    return this.#remove(campaignId, ['do_not_call', 'mappings', 'learnt'])
  }

  /** The same of its lists alone; null: it has none. */
  forgetContacts(campaignId: CampaignId): number | null {
    const any = this.#file.db.prepare('SELECT 1 FROM imports WHERE campaign = (SELECT key FROM campaigns WHERE id = ?) LIMIT 1')
    return any.get(campaignId) === undefined ? null : this.#remove(campaignId, ['learnt'])
  }

  #remove(campaignId: CampaignId, beside: readonly string[]): number | null {
    const key = this.#file.campaign(campaignId)?.key ?? null
    const { db } = this.#file
    this.#file.durably(() => {
      // No campaign is called so: ids have no blanks. The key stays with its rows until they are gone.
      if (key !== null) db.prepare('UPDATE campaigns SET id = ? WHERE key = ?').run(`! ${key}`, key)
      for (const table of beside) db.prepare(`DELETE FROM ${table} WHERE campaign = ?`).run(campaignId)
    })
    if (key !== null) this.#file.forget(key)
    return key
  }

  removeStep(campaign: number): boolean {
    const { db } = this.#file
    return db
      .transaction((): boolean => {
        const ids = db
          .prepare(`SELECT cards.id FROM cards WHERE import IN (SELECT key FROM imports WHERE campaign = ?) LIMIT ${STEP_ROWS}`)
          .pluck()
          .all(campaign) as number[]
        for (const id of ids) this.imports.forget(id)
        if (ids.length > 0) return true
        const told = db.prepare(`DELETE FROM faults WHERE (import, row, seq) IN
          (SELECT import, row, seq FROM faults WHERE import IN (SELECT key FROM imports WHERE campaign = ?) LIMIT ${STEP_ROWS})`)
        if (told.run(campaign).changes > 0) return true
        for (const table of ['campaign_slots', 'shelves', 'hours', 'imports'])
          db.prepare(`DELETE FROM ${table} WHERE campaign = ?`).run(campaign)
        db.prepare('DELETE FROM campaigns WHERE key = ?').run(campaign)
        return false
      })
      .immediate()
  }

  close(): void {
    this.#file.close()
  }
}
