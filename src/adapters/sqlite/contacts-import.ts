/**
 * Lists on their way in. Rows are kept as cards from the first on, under an import nobody calls; the small rows that draws go by are made
 * when it is confirmed. Whatever touches a whole list is done in steps, each a transaction that remembers where it stands: between two of
 * them draws and facts have their turn, and after a crash the steps go on where they stopped (`unfinished`).
 */
import { randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Contacts, ImportCounts, ImportRow, RowFault, StagedRow } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import type { DoNotCallList } from './contacts-barred.ts'
import type { ContactsDb } from './contacts-db.ts'
import { isWanted, rankOf, valuesOf } from './contacts-order.ts'
import type { Card, StoredImport } from './contacts-rows.ts'
import { BAR, placed, type Standing, stateCode } from './contacts-schema.ts'
import { NumberLines } from './number-lines.ts'

/** Rows a step takes: some milliseconds. */
const STEP_ROWS = 250
/** Imports read at once; each keeps the numbers of its file in memory. */
const READING_MAX = 4
/** Imports never confirmed are given up after so long, and their rows with them. */
const GIVEN_UP_MS: Ms = 7 * 24 * 3_600_000

const NOTHING: ImportCounts = { rows: 0, valid: 0, invalid: 0, duplicateInFile: 0, duplicateInList: 0, doNotCall: 0, added: 0 }
const UNDER_WAY = stateCode('underWay')
const NO_RANK = Buffer.alloc(0)

/** Why a good row's number is not called. */
type NotTaken = { readonly code: 'duplicateInFile' | 'duplicateInList' | 'doNotCall' } & Pick<RowFault, 'earlierLine' | 'since'>

/** A file being read. */
interface Reading {
  readonly key: number
  readonly campaignId: CampaignId
  readonly campaign: number
  readonly how: 'add' | 'replace'
  readonly at: Ms
  readonly inFile: NumberLines
  readonly faulty: Set<number>
  readonly columns: Map<string, number>
  counts: { -readonly [K in keyof ImportCounts]: number }
  first: number | null
  last: number | null
}

const SHOWN: Readonly<Record<string, ImportRow['state']>> = { confirming: 'confirmed', undoing: 'undone', removing: 'abandoned' }

export const importRowOf = (stored: StoredImport): ImportRow => ({
  id: stored.id,
  campaignId: stored.campaign_id,
  at: stored.at,
  user: stored.user,
  fileName: stored.file_name,
  how: stored.how,
  state: SHOWN[stored.state] ?? (stored.state as ImportRow['state']),
  counts: JSON.parse(stored.counts) as ImportCounts,
  bytes: stored.bytes,
})

export const IMPORTS = 'SELECT imports.*, campaigns.id AS campaign_id FROM imports JOIN campaigns ON campaigns.key = imports.campaign'

export class Importing {
  readonly #file: ContactsDb
  readonly #list: DoNotCallList
  readonly #reading = new Map<number, Reading>()
  readonly #byId: Database.Statement
  readonly #byKey: Database.Statement
  readonly #card: Database.Statement
  readonly #fault: Database.Statement
  readonly #inList: Readonly<Record<'add' | 'replace', Database.Statement>>
  readonly #cards: Database.Statement
  readonly #insert: Database.Statement
  readonly #setState: Database.Statement
  readonly #progress: Database.Statement

  constructor(file: ContactsDb, list: DoNotCallList) {
    this.#file = file
    this.#list = list
    const { db } = file
    this.#byId = db.prepare(`${IMPORTS} WHERE imports.id = ?`)
    this.#byKey = db.prepare(`${IMPORTS} WHERE imports.key = ?`)
    this.#card =
      db.prepare(`INSERT INTO cards (import, row, line, phone, phone2, external_id, name, slot, language, from_at, to_at, "values")
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#fault = db.prepare(`INSERT INTO faults (import, row, seq, line, "column", code, value, earlier, since)
      VALUES (@key, @row, (SELECT count(*) FROM faults WHERE import = @key AND row = @row), @line, @column, @code, @value, @earlier, @since)`)
    const inList = (more: string): Database.Statement =>
      db
        .prepare(`SELECT (SELECT coalesce(settled_at, at) FROM imports WHERE key = contacts.import) FROM contacts INDEXED BY contacts_by_phone
          WHERE phone = ? AND campaign = ?${more} LIMIT 1`)
        .pluck()
    this.#inList = { add: inList(''), replace: inList(` AND stage = ${UNDER_WAY}`) }
    this.#cards = db.prepare(`SELECT cards.*, slots.zone FROM cards JOIN slots ON slots.id = cards.slot
      WHERE cards.id > ? AND cards.id <= ? AND cards.import = ? ORDER BY cards.id LIMIT ${STEP_ROWS}`)
    this.#insert =
      db.prepare(`INSERT INTO contacts (id, campaign, import, slot, phone, phone2, from_at, to_at, wanted, rank, state, bars, wake, shelf)
      VALUES (@id, @campaign, @import, @slot, @phone, @phone2, @from_at, @to_at, @wanted, @rank, @state, @bars, @wake, @shelf)`)
    this.#setState = db.prepare('UPDATE imports SET state = ?, moved = ?, settled_at = coalesce(?, settled_at) WHERE key = ?')
    this.#progress = db.prepare('UPDATE imports SET counts = ?, bytes = ?, columns = ?, first = ?, last = ? WHERE key = ?')
  }

  #stored(id: string): StoredImport | null {
    return (this.#byId.get(id) as StoredImport | undefined) ?? null
  }

  row(id: string): ImportRow | null {
    const stored = this.#stored(id)
    return stored === null ? null : importRowOf(stored)
  }

  /** The same file, the same way, while what it brought is the list still: no later import has replaced it. */
  #confirmedBefore(campaign: number, how: string, hash: string | null): StoredImport | null {
    if (hash === null) return null
    const found = this.#file.db
      .prepare(`${IMPORTS} WHERE imports.campaign = @campaign AND imports.how = @how AND imports.hash = @hash AND imports.state IN ('confirmed', 'confirming')
        AND NOT EXISTS (SELECT 1 FROM imports AS later WHERE later.campaign = @campaign AND later.how = 'replace' AND later.key <> imports.key
          AND later.settled_at >= imports.settled_at
          AND later.state IN ('confirmed', 'confirming')) ORDER BY imports.key DESC LIMIT 1`)
      .get({ campaign, how, hash })
    return (found as StoredImport | undefined) ?? null
  }

  start(asked: Parameters<Contacts['startImport']>[0]): { readonly id: string; readonly key: number } | { readonly confirmed: ImportRow } {
    if (this.#reading.size >= READING_MAX)
      throw new PortError('contacts', 'startImport', { message: `${READING_MAX} files are being read already`, retry: true })
    const { key: campaign } = this.#file.campaignMade(asked.campaignId)
    const before = this.#confirmedBefore(campaign, asked.how, asked.hash)
    if (before !== null) return { confirmed: importRowOf(before) }
    const id = `i${randomBytes(9).toString('base64url')}`
    const { lastInsertRowid } = this.#file.db
      .prepare(
        `INSERT INTO imports (id, campaign, at, user, file_name, how, hash, state, counts) VALUES (?, ?, ?, ?, ?, ?, ?, 'reading', ?)`,
      )
      .run(id, campaign, asked.at, asked.user, asked.fileName, asked.how, asked.hash, JSON.stringify(NOTHING))
    const key = Number(lastInsertRowid)
    const { campaignId, how, at } = asked
    const reading: Reading = {
      ...{ key, campaignId, campaign, how, at, inFile: new NumberLines(), faulty: new Set<number>(), columns: new Map<string, number>() },
      ...{ counts: { ...NOTHING }, first: null, last: null },
    }
    this.#reading.set(key, reading)
    return { id, key }
  }

  #readingOf(key: number): Reading {
    const reading = this.#reading.get(key)
    if (reading === undefined) throw new PortError('contacts', 'import', { message: 'this import is over', retry: false })
    return reading
  }

  add(key: number, rows: readonly StagedRow[], faults: readonly RowFault[], bytes: number): void {
    const reading = this.#readingOf(key)
    const { counts, faulty } = reading
    this.#file.db
      .transaction(() => {
        for (const fault of faults) {
          faulty.add(fault.row)
          this.#addFault(key, fault)
        }
        for (const staged of rows) this.#stage(reading, staged)
        counts.invalid = faulty.size
        counts.valid += rows.length
        counts.rows = counts.valid + counts.invalid
        const columns = JSON.stringify([...reading.columns.keys()])
        this.#progress.run(JSON.stringify(counts), bytes, columns, reading.first, reading.last, key)
      })
      .immediate()
  }

  #addFault(key: number, { row, line, column, code, value, earlierLine, since }: RowFault): void {
    this.#fault.run({ key, row, line, column, code, value: value ?? null, earlier: earlierLine ?? null, since: since ?? null })
  }

  #stage(reading: Reading, { row, line, draft }: StagedRow): void {
    const { key, counts, columns } = reading
    const fault = this.#judge(reading, draft.phone, line)
    if (fault !== null) {
      counts[fault.code] += 1
      this.#addFault(key, { row, line, column: null, value: draft.phone, ...fault })
      return
    }
    counts.added += 1
    const values: (string | null)[] = []
    for (const [name, value] of Object.entries(draft.columns)) {
      const place = columns.get(name) ?? columns.size
      columns.set(name, place)
      while (values.length < place) values.push(null)
      values[place] = value
    }
    const { phone, phone2, externalId, name, language, from, to, zone, window } = draft
    const slot = this.#file.slotMade({ zone, window })
    const { lastInsertRowid } = this.#card.run(
      key,
      row,
      line,
      phone,
      phone2,
      externalId,
      name,
      slot,
      language,
      from,
      to,
      JSON.stringify(values),
    )
    reading.last = Number(lastInsertRowid)
    reading.first ??= reading.last
  }

  #judge(reading: Reading, phone: string, line: number): NotTaken | null {
    const earlierLine = reading.inFile.add(phone, line)
    if (earlierLine !== null) return { code: 'duplicateInFile', earlierLine }
    const since = this.#inList[reading.how].get(phone, reading.campaign) as Ms | undefined
    if (since !== undefined) return { code: 'duplicateInList', since }
    return this.#list.has(phone, reading.campaignId, reading.at) ? { code: 'doNotCall' } : null
  }

  /** `hash`: of the file, where it was not known before. Confirmed before, it is that import, and what was staged is let go. */
  finish(key: number, hash: string | null): ImportRow {
    const { campaign, how } = this.#readingOf(key)
    this.#reading.delete(key)
    const before = this.#confirmedBefore(campaign, how, hash)
    this.#file.durably(() => {
      this.#file.db
        .prepare('UPDATE imports SET state = ?, hash = coalesce(?, hash) WHERE key = ?')
        .run(before === null ? 'ready' : 'removing', hash, key)
    })
    return importRowOf(before ?? (this.#byKey.get(key) as StoredImport))
  }

  abandon(key: number): void {
    this.#reading.delete(key)
    this.#setState.run('removing', 0, null, key)
  }

  /** What was begun and is not done, by this process or one before. */
  unfinished(at: Ms): readonly number[] {
    this.#file.db
      .prepare("UPDATE imports SET state = 'removing', moved = 0 WHERE state IN ('reading', 'ready') AND at < ?")
      .run(at - GIVEN_UP_MS)
    return this.#file.db.prepare("SELECT key FROM imports WHERE state IN ('confirming', 'undoing', 'removing')").pluck().all() as number[]
  }

  /** Decides that it is the list's from now on; the rest is steps. */
  confirm(id: string, at: Ms): { readonly key: number } | ImportRow | 'unknown' | 'notReady' {
    const stored = this.#stored(id)
    if (stored === null) return 'unknown'
    if (stored.state === 'confirmed') return importRowOf(stored)
    if (stored.state === 'confirming') return { key: stored.key }
    if (stored.state !== 'ready') return 'notReady'
    this.#file.durably(() => this.#setState.run('confirming', stored.how === 'replace' ? -1 : 0, at, stored.key))
    return { key: stored.key }
  }

  undo(id: string): { readonly key: number } | ImportRow | 'unknown' | 'called' | 'notConfirmed' {
    const stored = this.#stored(id)
    if (stored === null) return 'unknown'
    if (stored.state === 'undoing') return { key: stored.key }
    if (stored.state !== 'confirmed') return 'notConfirmed'
    if (stored.called === 1) return 'called'
    this.#file.durably(() => this.#setState.run('undoing', 0, null, stored.key))
    return { key: stored.key }
  }

  /** One step of what is decided for an import. False: it is done. */
  step(key: number): boolean {
    return this.#file.db
      .transaction((): boolean => {
        const stored = this.#byKey.get(key) as StoredImport | undefined
        if (stored?.state === 'confirming') return stored.moved < 0 ? this.#leave(stored) : this.#settle(stored)
        if (stored?.state === 'undoing') return this.#remove(stored, 'undone')
        return stored?.state === 'removing' && this.#remove(stored, 'abandoned')
      })
      .immediate()
  }

  /** Replaced: those not under way leave the list, and are kept until the first call of what replaced them. */
  #leave({ key, campaign }: StoredImport): boolean {
    const { changes } = this.#file.db
      .prepare(`UPDATE contacts SET campaign = NULL, shelf = NULL, gone_by = ? WHERE id IN (
        SELECT id FROM contacts INDEXED BY contacts_listed WHERE campaign = ? AND state <> ${UNDER_WAY} LIMIT ${STEP_ROWS})`)
      .run(key, campaign)
    if (changes < STEP_ROWS) this.#setState.run('confirming', 0, null, key)
    return true
  }

  #settle(stored: StoredImport): boolean {
    const { key, moved, last, campaign, campaign_id: campaignId, first } = stored
    const cards = this.#cards.all(Math.max(moved, (first ?? 1) - 1), last ?? 0, key) as Card[]
    const { sort, filters } = this.#file.campaignMade(campaignId)
    const columns = JSON.parse(stored.columns) as string[]
    const counts = JSON.parse(stored.counts) as Reading['counts']
    for (const card of cards) {
      const bars = this.#list.bars(card.phone, card.phone2, campaignId, stored.settled_at ?? stored.at)
      const isInList = this.#inList.add.get(card.phone, campaign) !== undefined
      if (isInList || (bars & BAR.listed[0]) !== 0) {
        const code = isInList ? 'duplicateInList' : 'doNotCall'
        counts[code] += 1
        counts.added -= 1
        this.#addFault(key, { row: card.row, line: card.line, column: null, code })
        this.#file.db.prepare('DELETE FROM cards WHERE id = ?').run(card.id)
        continue
      }
      const valueIn = valuesOf(card, columns)
      const { id, slot, phone, phone2, from_at, to_at } = card
      const wanted = isWanted(filters, valueIn) ? 1 : 0
      const fresh = { ...NEW, id, campaign, import: key, slot, phone, phone2, from_at, to_at, wanted, bars, rank: rankOf(sort, valueIn) }
      this.#insert.run({ ...fresh, ...placed(fresh) })
    }
    for (const slot of new Set(cards.map((card) => card.slot)))
      this.#file.db.prepare('INSERT OR IGNORE INTO campaign_slots (campaign, slot) VALUES (?, ?)').run(campaign, slot)
    this.#file.db.prepare('UPDATE imports SET counts = ? WHERE key = ?').run(JSON.stringify(counts), key)
    const isDone = cards.length < STEP_ROWS
    this.#setState.run(isDone ? 'confirmed' : 'confirming', cards.at(-1)?.id ?? moved, null, key)
    return !isDone
  }

  /** Its contacts and their cards go; then whoever had left the list for it comes back, save where the number is there again. */
  #remove(stored: StoredImport, state: 'undone' | 'abandoned'): boolean {
    const { key, first, last, moved, campaign } = stored
    const { db } = this.#file
    const ids = db
      .prepare(`SELECT id FROM cards WHERE id > ? AND id <= ? AND import = ? ORDER BY id LIMIT ${STEP_ROWS}`)
      .pluck()
      .all(Math.max(moved, (first ?? 1) - 1), last ?? 0, key) as number[]
    for (const id of ids) this.forget(id)
    if (ids.length > 0) {
      this.#setState.run(stored.state, ids.at(-1) ?? moved, null, key)
      return true
    }
    const back = db.prepare(`SELECT * FROM contacts INDEXED BY contacts_gone WHERE gone_by = ? LIMIT ${STEP_ROWS}`).all(key) as Standing[]
    for (const contact of back) {
      if (this.#inList.add.get(contact.phone, campaign) !== undefined) this.forget(contact.id)
      else {
        db.prepare('UPDATE contacts SET gone_by = NULL WHERE id = ?').run(contact.id)
        this.#file.move(contact, { campaign })
      }
    }
    if (back.length > 0) return true
    this.#setState.run(state, moved, null, key)
    return false
  }

  /** Nothing of a contact is left here. */
  forget(id: number): void {
    const { db } = this.#file
    db.prepare('DELETE FROM contacts WHERE id = ?').run(id)
    db.prepare('DELETE FROM tries WHERE contact = ?').run(id)
    db.prepare('DELETE FROM cards WHERE id = ?').run(id)
  }

  /** Of those who had left for an import that is called now: nobody can bring them back. False: none are left. */
  purge(key: number): boolean {
    const ids = this.#file.db
      .prepare(`SELECT id FROM contacts INDEXED BY contacts_gone WHERE gone_by = ? LIMIT ${STEP_ROWS}`)
      .pluck()
      .all(key) as number[]
    const forget = this.#file.db.transaction(() => {
      for (const id of ids) this.forget(id)
    })
    forget.immediate()
    return ids.length > 0
  }
}

const NEW: Omit<Standing, 'id' | 'campaign' | 'import' | 'slot' | 'phone' | 'phone2' | 'from_at' | 'to_at' | 'state' | 'shelf' | 'wake'> = {
  wanted: 1,
  rank: NO_RANK,
  stage: stateCode('waiting'),
  before: stateCode('waiting'),
  bars: 0,
  tries: 0,
  number: 0,
  period: -1,
  due: null,
  for_agent: null,
  anyone_at: null,
  barred: null,
  after_silent: 0,
  outcome: null,
  tried_at: null,
}
