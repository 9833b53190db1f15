/**
 * Numbers nobody may call: for every campaign, or for one. Contacts of such a number are taken off their shelves when it is listed, and come
 * back when it is lifted or the listing is over; besides, each number is looked up here again at the instant it is drawn.
 */
import type Database from 'better-sqlite3'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { DoNotCallRow } from '#ports/contacts.ts'
import type { ContactsDb } from './contacts-db.ts'
import { BAR, type Standing } from './contacts-schema.ts'

/** Listings found over at a time. */
const LAPSED_MAX = 32

export class DoNotCallList {
  readonly #file: ContactsDb
  readonly #has: Database.Statement
  readonly #holds: Database.Statement
  readonly #put: Database.Statement
  readonly #remove: Database.Statement
  readonly #lapsed: Database.Statement
  readonly #setLapsed: Database.Statement
  readonly #contacts: Database.Statement
  readonly #campaignId: Database.Statement

  constructor(file: ContactsDb) {
    this.#file = file
    const { db } = file
    this.#has = db
      .prepare("SELECT 1 FROM do_not_call WHERE number = ? AND campaign IN ('', ?) AND (until IS NULL OR until > ?) LIMIT 1")
      .pluck()
    this.#holds = db.prepare("SELECT 1 FROM do_not_call WHERE number = ? AND campaign IN ('', ?) AND lapsed = 0 LIMIT 1").pluck()
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO do_not_call (number, campaign, source, reason, until, added_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#remove = db.prepare('DELETE FROM do_not_call WHERE number = ? AND campaign = ?')
    this.#lapsed = db.prepare(
      `SELECT number, campaign FROM do_not_call WHERE until IS NOT NULL AND lapsed = 0 AND until <= ? ORDER BY until LIMIT ${LAPSED_MAX}`,
    )
    this.#setLapsed = db.prepare('UPDATE do_not_call SET lapsed = 1 WHERE number = ? AND campaign = ?')
    this.#contacts = db.prepare('SELECT * FROM contacts WHERE phone = @number UNION SELECT * FROM contacts WHERE phone2 = @number')
    this.#campaignId = db.prepare('SELECT id FROM campaigns WHERE key = ?').pluck()
  }

  has(number: string, campaignId: CampaignId, at: Ms): boolean {
    return this.#has.get(number, campaignId, at) !== undefined
  }

  /** Which of two numbers are listed, as bits; `at` null: by listings that have not lapsed. */
  bars(phone: string, phone2: string | null, campaignId: CampaignId, at: Ms | null): number {
    const has = (number: string): boolean =>
      at === null ? this.#holds.get(number, campaignId) !== undefined : this.has(number, campaignId, at)
    const second = phone2 !== null && has(phone2) ? BAR.listed[1] : 0
    return second | (has(phone) ? BAR.listed[0] : 0)
  }

  /** True where it was not there. */
  put({ number, campaignId, source, reason, until, addedAt }: DoNotCallRow, at: Ms): boolean {
    const isNew = this.#remove.run(number, campaignId ?? '').changes === 0
    this.#put.run(number, campaignId ?? '', source, reason, until, addedAt)
    this.#mark(number, at)
    return isNew
  }

  /** Other listings of the number hold until they lapse, so it does not matter when this is told. */
  lift(number: string, campaignId: CampaignId | null): void {
    this.#remove.run(number, campaignId ?? '')
    this.#mark(number, null)
  }

  /** Puts back whom a listing kept away that is over by now, a bounded part of them. True: there may be more. */
  lapse(at: Ms): boolean {
    const over = this.#lapsed.all(at) as { readonly number: string; readonly campaign: string }[]
    for (const { number, campaign } of over) {
      this.#setLapsed.run(number, campaign)
      this.#mark(number, at)
    }
    return over.length === LAPSED_MAX
  }

  /** Every contact of this number stands where the lists say. */
  #mark(number: string, at: Ms | null): void {
    for (const contact of this.#contacts.all({ number }) as Standing[]) {
      if (contact.campaign === null) continue
      const campaignId = this.#campaignId.get(contact.campaign) as string
      const listed = this.bars(contact.phone, contact.phone2, campaignId, at)
      const bars = (contact.bars & ~(BAR.listed[0] | BAR.listed[1])) | listed
      if (bars !== contact.bars) this.#file.move(contact, { bars })
    }
  }
}
