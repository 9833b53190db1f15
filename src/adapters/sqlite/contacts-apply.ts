/** What facts mean for contacts: in the journal's order, each once. */
import type Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import type { ContactChange } from '#ports/contacts.ts'
import type { DoNotCallList } from './contacts-barred.ts'
import type { ContactsDb, Moved } from './contacts-db.ts'
import { BAR, rowOf, type Standing, stateCode } from './contacts-schema.ts'

const HOUR_MS: Ms = 3_600_000

type Settled = Extract<ContactChange, { readonly type: 'settled' }>
type Dealt = Extract<ContactChange, { readonly type: 'dealt' }>

export class Applying {
  readonly #file: ContactsDb
  readonly #list: DoNotCallList
  readonly #position: Database.Statement
  readonly #setPosition: Database.Statement
  readonly #try: Database.Statement
  readonly #topics: Database.Statement
  readonly #called: Database.Statement
  readonly #hour: Database.Statement

  constructor(file: ContactsDb, list: DoNotCallList) {
    this.#file = file
    this.#list = list
    const { db } = file
    this.#position = db.prepare("SELECT value FROM meta WHERE key = 'position'").pluck()
    this.#setPosition = db.prepare("UPDATE meta SET value = ? WHERE key = 'position'")
    this.#try = db.prepare('INSERT OR IGNORE INTO tries (contact, position, call) VALUES (?, ?, ?)')
    this.#topics = db.prepare('UPDATE tries SET topics = ? WHERE contact = ? AND call = ?')
    this.#called = db.prepare('UPDATE imports SET called = 1 WHERE key = ? AND called = 0')
    this.#hour = db.prepare(`INSERT INTO hours (campaign, at, calls, reached, silent) VALUES (?, ?, 1, ?, ?) ON CONFLICT (campaign, at)
      DO UPDATE SET calls = calls + 1, reached = reached + excluded.reached, silent = silent + excluded.silent`)
  }

  position(): number {
    return this.#position.get() as number
  }

  /** Keys of imports of which somebody was called for the first time. */
  apply(changes: readonly ContactChange[], position: number): readonly number[] {
    const before = this.position()
    const first: number[] = []
    for (const change of changes) {
      if (change.position <= before) continue
      const imported = this.#one(change)
      if (imported !== null) first.push(imported)
    }
    if (position > before) this.#setPosition.run(position)
    return first
  }

  #one(change: ContactChange): number | null {
    if (change.type === 'listed') {
      const { number, campaignId, source, reason, until, at } = change
      this.#list.put({ number, campaignId, source, reason, until, addedAt: at }, at)
      return null
    }
    if (change.type === 'lifted') {
      this.#list.lift(change.number, change.campaignId)
      return null
    }
    const contact = this.#file.contact(rowOf(change.contactId))
    // Its campaign, or the import it came by, is gone.
    if (contact === null) return null
    if (change.type === 'dealt') return this.#dealt(contact, change)
    if (change.type === 'settled') this.#settled(contact, change)
    else if (change.type === 'barred') this.#barred(contact, change)
    else this.#topics.run(JSON.stringify(change.topics), contact.id, change.callId)
    return null
  }

  #dealt(contact: Standing, { position, callId }: Dealt): number | null {
    const isUnderWay = contact.stage === stateCode('underWay')
    this.#file.move(contact, { stage: stateCode('underWay'), before: isUnderWay ? contact.before : contact.stage })
    this.#try.run(contact.id, position, callId)
    return this.#called.run(contact.import).changes > 0 ? contact.import : null
  }

  #barred(contact: Standing, { number, why }: Extract<ContactChange, { readonly type: 'barred' }>): void {
    this.#file.move(contact, { bars: contact.bars | (BAR.ruled[number - 1] ?? 0), barred: why })
  }

  #settled(contact: Standing, change: Settled): void {
    this.#file.move(contact, {
      ...this.#next(contact, change),
      bars: this.#bars(contact, change),
      outcome: change.outcome,
      tries: change.tries,
    })
    if (contact.campaign === null || change.outcome === 'notCalled') return
    const hour = change.at - (change.at % HOUR_MS)
    this.#hour.run(contact.campaign, hour, change.outcome === 'answered' ? 1 : 0, change.outcome === 'silent' ? 1 : 0)
  }

  #bars({ bars }: Standing, { number, inUse }: Settled): number {
    const bit = BAR.notInUse[number - 1] ?? 0
    return inUse ? bars : bars | bit
  }

  #next(contact: Standing, { next, at, dueAt, forAgent, anyoneAt, outcome, number, period }: Settled): Moved {
    const tried: Moved = { number, tried_at: at }
    switch (next) {
      case 'again':
        return { ...tried, stage: stateCode('paused'), due: dueAt, for_agent: null, anyone_at: null, after_silent: 0, period: period ?? -1 }
      case 'asked':
        return {
          ...{ ...tried, stage: stateCode('asked'), due: dueAt, for_agent: forAgent, anyone_at: anyoneAt },
          after_silent: outcome === 'silent' ? 1 : 0,
        }
      case 'back':
        return { tried_at: at, stage: contact.before, due: dueAt ?? contact.due }
      case 'done':
        return { ...tried, stage: stateCode(outcome === 'answered' ? 'reached' : 'exhausted'), due: null, for_agent: null, anyone_at: null }
      case 'never':
        return { ...tried, stage: stateCode('neverCall'), due: null, for_agent: null, anyone_at: null }
    }
  }
}
