/** Looking at contacts: pages, exports, progress, imports and their faults. For a thread of its own, which only reads. */
import Database from 'better-sqlite3'
import type { ContactOutcome, NumberBar } from '#core/facts.ts'
import type { CallId, CampaignId, ContactId } from '#core/kernel/kernel.ts'
import type { Contact, Contacts, ContactsOfNumber, ContactsQuery, DoNotCallListed, ImportRow, Progress, RowFault } from '#ports/contacts.ts'
import { contactsPath } from './contacts-db.ts'
import { IMPORTS, importRowOf } from './contacts-import.ts'
import type { StoredImport } from './contacts-rows.ts'
import { contactIdOf, ERASED_BEGINS, rowOf, STATES, type Standing, stateCode, stateOf } from './contacts-schema.ts'

const CACHE_KIB = 8 * 1024
const HOURS_SHOWN = 48

interface Shown extends Standing {
  readonly external_id: string | null
  readonly name: string | null
  readonly language: string | null
  readonly values: string
  readonly campaign_id: CampaignId
  readonly import_id: string
  readonly columns: string
  readonly zone: string
  readonly opens: string
  readonly shuts: string
}

const SHOWN = `SELECT contacts.*, cards.external_id, cards.name, cards.language, cards."values", slots.zone, slots.opens, slots.shuts, campaigns.id AS campaign_id,
  imports.id AS import_id, imports.columns
  FROM contacts JOIN cards ON cards.id = contacts.id JOIN slots ON slots.id = contacts.slot JOIN imports ON imports.key = contacts.import
    JOIN campaigns ON campaigns.key = contacts.campaign`

interface StoredFault extends Pick<RowFault, 'row' | 'line' | 'column' | 'code'> {
  readonly seq: number
  readonly value: string | null
  readonly earlierLine: number | null
  readonly since: number | null
}

const faultOf = ({ row, line, column, code, value, earlierLine, since }: StoredFault): RowFault => ({
  ...{ row, line, column, code },
  ...(value === null ? {} : { value }),
  ...(earlierLine === null ? {} : { earlierLine }),
  ...(since === null ? {} : { since }),
})

/** A block of something, and where the next begins. */
export interface Block<T> {
  readonly rows: readonly T[]
  readonly next: string | null
}

/** `after` of a page of numbers: the number and whose list it is on. */
const split = (after: string | null): readonly [string, string] => {
  const [number = '', campaign = ''] = (after ?? '').split(' ')
  return [number, campaign]
}

const LISTED = 'SELECT number, campaign, source, reason, until, added_at FROM do_not_call'
interface Listed {
  readonly number: string
  readonly campaign: string
  readonly source: string
  readonly reason: string | null
  readonly until: number | null
  readonly added_at: number
}
const listedOf = ({ number, campaign, source, reason, until, added_at }: Listed): DoNotCallListed => ({
  number: number.startsWith(ERASED_BEGINS) ? null : number,
  campaignId: campaign === '' ? null : campaign,
  ...{ source, reason, until, addedAt: added_at },
})

export class ContactsReading {
  readonly #db: Database.Database

  constructor(folder: string) {
    this.#db = new Database(contactsPath(folder), { readonly: true })
    this.#db.pragma(`cache_size = -${CACHE_KIB}`)
    this.#db.function('lower_case', { deterministic: true }, (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : null))
  }

  #campaign(campaignId: CampaignId): number {
    return (this.#db.prepare('SELECT key FROM campaigns WHERE id = ?').pluck().get(campaignId) as number | undefined) ?? 0
  }

  #shown(row: Shown): Contact {
    const tries = this.#db.prepare('SELECT call, topics FROM tries WHERE contact = ? ORDER BY position').all(row.id) as {
      readonly call: CallId
      readonly topics: string | null
    }[]
    const names = JSON.parse(row.columns) as string[]
    const values = JSON.parse(row.values) as (string | null)[]
    return {
      contactId: contactIdOf(row.id),
      campaignId: row.campaign_id,
      importId: row.import_id,
      phone: row.phone,
      phone2: row.phone2,
      externalId: row.external_id,
      name: row.name,
      zone: row.zone,
      window: row.opens === '' ? null : { from: row.opens, to: row.shuts },
      language: row.language,
      columns: Object.fromEntries(names.flatMap((name, place) => (typeof values[place] === 'string' ? [[name, values[place]]] : []))),
      state: stateOf(row.state),
      tries: row.tries,
      outcome: row.outcome as ContactOutcome | null,
      dueAt: row.due,
      triedAt: row.tried_at,
      forAgent: row.for_agent,
      anyoneAt: row.anyone_at,
      barred: row.barred as NumberBar | null,
      topics: JSON.parse(tries.findLast(({ topics }) => topics !== null)?.topics ?? '[]') as string[],
      calls: tries.map(({ call }) => call),
    }
  }

  contact(contactId: ContactId): Contact | null {
    const row = this.#db.prepare(`${SHOWN} WHERE contacts.id = ?`).get(rowOf(contactId)) as Shown | undefined
    return row === undefined ? null : this.#shown(row)
  }

  contacts({ campaignId, state, text, number, after, limit }: ContactsQuery): Block<Contact> {
    const campaign = this.#campaign(campaignId)
    const asked = { campaign, after: after === null ? 0 : rowOf(after), limit: limit + 1, ...(number !== undefined && { number }) }
    const wanted = text?.trim().toLowerCase() ?? ''
    const digits = wanted.replace(/\D/gu, '')
    const beginning = `${wanted.replace(/[\\%_]/gu, '\\$&')}%`
    const matches = `(lower_case(cards.name) LIKE @beginning ESCAPE '\\' OR lower_case(cards.external_id) LIKE @beginning ESCAPE '\\'
      OR (@digits <> '' AND (instr(contacts.phone, @digits) > 0 OR instr(contacts.phone2, @digits) > 0)))`
    const within = `contacts.campaign = @campaign AND contacts.id > @after${wanted === '' ? '' : ` AND ${matches}`}${number === undefined ? '' : ' AND (contacts.phone = @number OR contacts.phone2 = @number)'}`
    const sql =
      state === null
        ? `${SHOWN.replace('FROM contacts', 'FROM contacts NOT INDEXED')} WHERE ${within} ORDER BY contacts.id LIMIT @limit`
        : `${SHOWN} WHERE ${within} AND contacts.state = ${stateCode(state)} ORDER BY contacts.id LIMIT @limit`
    const rows = this.#db.prepare(sql).all(wanted === '' ? asked : { ...asked, beginning, digits }) as Shown[]
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return { rows: page.map((row) => this.#shown(row)), next: rows.length > limit && last !== undefined ? contactIdOf(last.id) : null }
  }

  /** Contacts by either of their numbers, and what the do-not-call lists say of it. */
  withNumber(number: string): ContactsOfNumber {
    const ids = this.#db
      .prepare('SELECT id FROM contacts WHERE phone = @number UNION SELECT id FROM contacts WHERE phone2 = @number')
      .pluck()
      .all({ number }) as number[]
    const listed = this.#db.prepare(`${LISTED} WHERE number = ? ORDER BY campaign`).all(number) as Listed[]
    return { contacts: ids.flatMap((id) => this.contact(contactIdOf(id)) ?? []), listings: listed.map(listedOf) }
  }

  columns(campaignId: CampaignId): readonly string[] {
    const lists = this.#db
      .prepare("SELECT columns FROM imports WHERE campaign = ? AND state IN ('confirmed', 'confirming') ORDER BY key")
      .pluck()
      .all(this.#campaign(campaignId)) as string[]
    return [...new Set(lists.flatMap((columns) => JSON.parse(columns) as string[]))]
  }

  progress(campaignId: CampaignId): Progress {
    const campaign = this.#campaign(campaignId)
    const states = this.#db
      .prepare(
        'SELECT state, tries, count(*) AS contacts FROM contacts INDEXED BY contacts_listed WHERE campaign = ? GROUP BY state, tries',
      )
      .all(campaign) as { readonly state: number; readonly tries: number; readonly contacts: number }[]
    const count = (is: (one: { readonly state: number; readonly tries: number }) => boolean): number =>
      states.reduce((sum, one) => sum + (is(one) ? one.contacts : 0), 0)
    const triesMost = states.reduce((most, { tries }) => Math.max(most, tries), -1)
    const hours = this.#db
      .prepare(`SELECT at, calls, reached, silent FROM hours WHERE campaign = ? ORDER BY at DESC LIMIT ${HOURS_SHOWN}`)
      .all(campaign) as Progress['hours'][number][]
    return {
      byState: Object.fromEntries(STATES.map((state, code) => [state, count((one) => one.state === code)])) as Progress['byState'],
      byTries: Array.from({ length: triesMost + 1 }, (_, tries) => count((one) => one.tries === tries)),
      hours: hours.toReversed(),
    }
  }

  revivable(campaignId: CampaignId, attemptsMax: number): number {
    const exhausted = stateCode('exhausted')
    return this.#db
      .prepare('SELECT count(*) FROM contacts WHERE campaign = ? AND state = ? AND stage = ? AND tries < ?')
      .pluck()
      .get(this.#campaign(campaignId), exhausted, exhausted, attemptsMax) as number
  }

  imports(campaignId: CampaignId): readonly ImportRow[] {
    const rows = this.#db.prepare(`${IMPORTS} WHERE imports.campaign = ? ORDER BY imports.key`).all(this.#campaign(campaignId))
    return (rows as StoredImport[]).map(importRowOf)
  }

  import(id: string): ImportRow | null {
    const row = this.#db.prepare(`${IMPORTS} WHERE imports.id = ?`).get(id) as StoredImport | undefined
    return row === undefined ? null : importRowOf(row)
  }

  faults({ id, after, limit }: { readonly id: string; readonly after: string | null; readonly limit: number }): Block<RowFault> {
    const [row = -1, seq = -1] = after === null ? [] : after.split(' ').map(Number)
    const rows = this.#db
      .prepare(`SELECT row, seq, line, "column", code, value, earlier AS earlierLine, since FROM faults WHERE import = (SELECT key FROM imports WHERE id = ?) AND (row, seq) > (?, ?)
        ORDER BY row, seq LIMIT ?`)
      .all(id, row, seq, limit) as StoredFault[]
    const last = rows.at(-1)
    return {
      rows: rows.map(faultOf),
      next: rows.length < limit || last === undefined ? null : `${last.row} ${last.seq}`,
    }
  }

  doNotCall({ campaignId, digits, number: whole, after, limit, at }: Parameters<Contacts['doNotCall']>[0]): Block<DoNotCallListed> {
    const [number, campaign] = split(after)
    const asked = { number, campaign, at, digits: digits ?? '', whose: campaignId ?? '', whole: whole ?? '', limit: limit + 1 }
    const rows = this.#db
      .prepare(`${LISTED}
        WHERE (number, campaign) > (@number, @campaign) AND (until IS NULL OR until > @at) AND (@whole = '' OR number = @whole) AND (@digits = '' OR (instr(number, @digits) > 0 AND number NOT LIKE '${ERASED_BEGINS}%'))
          ${campaignId === undefined ? "AND @whose = ''" : 'AND campaign = @whose'} ORDER BY number, campaign LIMIT @limit`)
      .all(asked) as Listed[]
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return { rows: page.map(listedOf), next: rows.length > limit && last !== undefined ? `${last.number} ${last.campaign}` : null }
  }

  close(): void {
    this.#db.close()
  }
}

/** Brings what was committed from the log into the file. Passive: it waits for nobody and nobody waits for it. */
export class ContactsKeeping {
  readonly #db: Database.Database

  constructor(folder: string) {
    this.#db = new Database(contactsPath(folder), { timeout: 0 })
    this.#db.pragma('synchronous = NORMAL')
  }

  checkpoint(): void {
    this.#db.pragma('wal_checkpoint(PASSIVE)')
  }

  close(): void {
    this.#db.close()
  }
}
