/**
 * Numbers nobody may call: for every campaign, or for one. Contacts of such a number are taken off their shelves when it is listed, and come
 * back when it is lifted or the listing is over; besides, each number is looked up here again at the instant it is drawn.
 *
 * Whoever is listed and then erased must not be called either: of him the keyed hash stays, in the place of the number.
 */
import type Database from 'better-sqlite3'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import { type DoNotCallRow, outlasts } from '#ports/contacts.ts'
import type { ContactsDb } from './contacts-db.ts'
import { BAR, ERASED_BEGINS, type Standing } from './contacts-schema.ts'
import type { PersonHash } from './person-hash.ts'

/** Listings found over at a time. */
const LAPSED_MAX = 32

export class DoNotCallList {
  readonly #file: ContactsDb
  readonly #has: Database.Statement
  readonly #holds: Database.Statement
  readonly #put: Database.Statement
  readonly #until: Database.Statement
  readonly #remove: Database.Statement
  readonly #lapsed: Database.Statement
  readonly #setLapsed: Database.Statement
  readonly #contacts: Database.Statement
  readonly #campaignId: Database.Statement
  readonly #hash: PersonHash
  /** Somebody on the lists was erased: numbers are looked up by their hash too. */
  #anyErased: boolean

  constructor(file: ContactsDb, hash: PersonHash) {
    this.#file = file
    this.#hash = hash
    const { db } = file
    this.#anyErased =
      db.prepare(`SELECT 1 FROM do_not_call WHERE number >= '${ERASED_BEGINS}' AND number < '${ERASED_BEGINS}g'`).get() !== undefined
    this.#has = db
      .prepare("SELECT 1 FROM do_not_call WHERE number IN (?, ?) AND campaign IN ('', ?) AND (until IS NULL OR until > ?) LIMIT 1")
      .pluck()
    this.#holds = db.prepare("SELECT 1 FROM do_not_call WHERE number IN (?, ?) AND campaign IN ('', ?) AND lapsed = 0 LIMIT 1").pluck()
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO do_not_call (number, campaign, source, reason, until, added_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#until = db.prepare('SELECT until FROM do_not_call WHERE number = ? AND campaign = ?')
    this.#remove = db.prepare('DELETE FROM do_not_call WHERE number = ? AND campaign = ?')
    this.#lapsed = db.prepare(
      `SELECT number, campaign FROM do_not_call WHERE until IS NOT NULL AND lapsed = 0 AND until <= ? ORDER BY until LIMIT ${LAPSED_MAX}`,
    )
    this.#setLapsed = db.prepare('UPDATE do_not_call SET lapsed = 1 WHERE number = ? AND campaign = ?')
    this.#contacts = db.prepare('SELECT * FROM contacts WHERE phone = @number UNION SELECT * FROM contacts WHERE phone2 = @number')
    this.#campaignId = db.prepare('SELECT id FROM campaigns WHERE key = ?').pluck()
  }

  has(number: string, campaignId: CampaignId, at: Ms): boolean {
    return this.#has.get(number, this.#erasedAs(number), campaignId, at) !== undefined
  }

  /** As it stands here if it was erased. */
  #erasedAs(number: string): string {
    return this.#anyErased ? `${ERASED_BEGINS}${this.#hash.of(number).toString('hex')}` : number
  }

  /** Its listings hold on, without the number and the reason. Returns how many there are. */
  erase(number: string, until: Ms): number {
    this.#anyErased = true
    const { changes } = this.#file.db
      .prepare('UPDATE OR REPLACE do_not_call SET number = ?, reason = NULL WHERE number = ? AND added_at <= ?')
      .run(this.#erasedAs(number), number, until)
    return changes
  }

  /** Which of two numbers are listed, as bits; `at` null: by listings that have not lapsed. */
  bars(phone: string, phone2: string | null, campaignId: CampaignId, at: Ms | null): number {
    const has = (number: string): boolean =>
      at === null ? this.#holds.get(number, this.#erasedAs(number), campaignId) !== undefined : this.has(number, campaignId, at)
    const second = phone2 !== null && has(phone2) ? BAR.listed[1] : 0
    return second | (has(phone) ? BAR.listed[0] : 0)
  }

  /** True where it was not there. One that holds longer stays: nobody is called sooner because he was listed once more. */
  put({ number, campaignId, source, reason, until, addedAt }: DoNotCallRow, at: Ms): boolean {
    const known = this.#until.get(number, campaignId ?? '') as { readonly until: Ms | null } | undefined
    if (known !== undefined && outlasts(known.until, until)) return false
    this.#put.run(number, campaignId ?? '', source, reason, until, addedAt)
    this.#mark(number, at)
    return known === undefined
  }

  /** Other listings of the number hold until they lapse, so it does not matter when this is told. */
  lift(number: string, campaignId: CampaignId | null): void {
    this.#remove.run(number, campaignId ?? '')
    this.#remove.run(this.#erasedAs(number), campaignId ?? '')
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
