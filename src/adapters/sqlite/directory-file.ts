/** The contacts on disk, `directory.db`, and in memory for searching. Synchronous, for the directory's own thread. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ms } from '#core/kernel/kernel.ts'
import {
  CONTACTS_MAX,
  type Contact,
  type ContactDraft,
  type ContactNumber,
  type ContactPage,
  type ContactQuery,
  type ContactWritten,
  type DirectoryErased,
  type ImportCounts,
  type MadeOnce,
} from '#ports/directory.ts'
import { PortError } from '#ports/errors.ts'
import { planImport } from './directory-import.ts'
import { DirectoryIndex } from './directory-index.ts'
import { readErasures } from './erasure-list.ts'
import { PersonHash } from './person-hash.ts'

/** Another process may be importing (`samtal contacts import`): its lock is waited for as long. */
const BUSY_MS_MAX = 5_000
/** Imports under way at once; what they hold is in memory. */
const IMPORTS_MAX = 4

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS contacts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, company TEXT, numbers TEXT NOT NULL, fields TEXT NOT NULL,
    revision INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS made_once (key TEXT PRIMARY KEY, body TEXT NOT NULL, contact_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS erased (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`

const SEEN = 'INSERT OR REPLACE INTO erased (hash, at) VALUES (?, ?)'

/** How long a key is remembered. */
const ONCE_KEPT_MS: Ms = 24 * 3_600_000

interface Stored {
  readonly id: string
  readonly name: string
  readonly company: string | null
  readonly numbers: string
  readonly fields: string
  readonly revision: number
  readonly changed_at: Ms
}

const contactOf = ({ id, name, company, numbers, fields, revision, changed_at }: Stored): Contact => ({
  id,
  name,
  company,
  numbers: JSON.parse(numbers) as ContactNumber[],
  fields: JSON.parse(fields) as Record<string, string>,
  revision,
  changedAt: changed_at,
})

function leaveOut(drafts: ContactDraft[], number: string): void {
  const stay = drafts.flatMap((draft): ContactDraft[] => {
    const numbers = draft.numbers.filter((one) => one.number !== number)
    return numbers.length === 0 ? [] : [{ ...draft, numbers }]
  })
  drafts.splice(0, drafts.length, ...stay)
}

export class DirectoryFile {
  readonly #db: Database.Database
  readonly #one: Database.Statement
  readonly #hash: PersonHash
  readonly #index = new DirectoryIndex()
  readonly #imports = new Map<number, ContactDraft[]>()
  #importsBegun = 0
  /** As SQLite counts changes made by others; the index is of this count. */
  #version: unknown = null

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'directory.db'), { timeout: BUSY_MS_MAX })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('secure_delete = ON')
    this.#db.exec(SCHEMA)
    this.#one = this.#db.prepare('SELECT * FROM contacts WHERE id = ?')
    this.#fresh()
    this.#hash = PersonHash.open(folder)
    this.#catchUp(folder)
  }

  *#all(): Generator<Contact> {
    for (const row of this.#db.prepare('SELECT * FROM contacts').iterate()) yield contactOf(row as Stored)
  }

  /** What another process has written is read before anything is answered. */
  #fresh(): void {
    const version: unknown = this.#db.pragma('data_version', { simple: true })
    if (version === this.#version) return
    this.#index.fill(this.#all())
    this.#version = version
  }

  search(query: ContactQuery): ContactPage {
    this.#fresh()
    const { ids, found, next } = this.#index.find(query)
    return { contacts: ids.flatMap((id) => this.contact(id) ?? []), found, next }
  }

  contact(id: string): Contact | null {
    const row = this.#one.get(id) as Stored | undefined
    return row === undefined ? null : contactOf(row)
  }

  #put({ id, name, company, numbers, fields, revision, changedAt }: Contact): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO contacts (id, name, company, numbers, fields, revision, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(id, name, company, JSON.stringify(numbers), JSON.stringify(fields), revision, changedAt)
  }

  #madeBefore({ key, body }: MadeOnce, at: Ms): Contact | 'otherBody' | null {
    this.#db.prepare('DELETE FROM made_once WHERE at <= ?').run(at - ONCE_KEPT_MS)
    const row = this.#db.prepare('SELECT body, contact_id FROM made_once WHERE key = ?').get(key)
    if (row === undefined) return null
    const made = row as { readonly body: string; readonly contact_id: string }
    return made.body === body ? this.contact(made.contact_id) : 'otherBody'
  }

  create(written: ContactWritten, id: string, at: Ms, once: MadeOnce | undefined): Contact | 'full' | 'otherBody' {
    this.#fresh()
    const contact: Contact = { ...written, id, revision: 1, changedAt: at }
    const made = this.#db
      .transaction(() => {
        const before = once === undefined ? null : this.#madeBefore(once, at)
        if (before !== null) return before
        if (this.#index.size >= CONTACTS_MAX) return 'full' as const
        this.#put(contact)
        if (once !== undefined)
          this.#db
            .prepare('INSERT OR REPLACE INTO made_once (key, body, contact_id, at) VALUES (?, ?, ?, ?)')
            .run(once.key, once.body, id, at)
        return contact
      })
      .immediate()
    if (made === contact) this.#index.add(contact)
    return made
  }

  change(id: string, change: Partial<ContactWritten>, revision: number | null, at: Ms): Contact | 'unknown' | 'changed' {
    this.#fresh()
    let before: Contact | null = null
    const after = this.#db
      .transaction(() => {
        before = this.contact(id)
        if (before === null) return 'unknown' as const
        if (revision !== null && revision !== before.revision) return 'changed' as const
        const contact: Contact = { ...before, ...change, id, revision: before.revision + 1, changedAt: at }
        this.#put(contact)
        return contact
      })
      .immediate()
    if (before !== null && typeof after !== 'string') {
      this.#index.remove(before)
      this.#index.add(after)
    }
    return after
  }

  remove(id: string): boolean {
    this.#fresh()
    const before = this.contact(id)
    if (before === null) return false
    this.#db.prepare('DELETE FROM contacts WHERE id = ?').run(id)
    this.#index.remove(before)
    return true
  }

  withNumber(number: string): Contact[] {
    this.#fresh()
    const digits = number.replace(/\D/gu, '')
    const { ids } = this.#index.find({ words: [], bare: false, digits: { digits, beginning: digits }, after: null, limit: CONTACTS_MAX })
    return ids.flatMap((id) => this.contact(id) ?? []).filter(({ numbers }) => numbers.some((one) => one.number === number))
  }

  /** What files on their way in bring of it is left out too. */
  erase(number: string, until: Ms): DirectoryErased {
    for (const drafts of this.#imports.values()) leaveOut(drafts, number)
    const erased = { removed: 0, changed: 0 }
    for (const { id, numbers, changedAt } of this.withNumber(number)) {
      if (changedAt > until) continue
      const others = numbers.filter((one) => one.number !== number)
      if (others.length === 0) erased.removed += Number(this.remove(id))
      else if (typeof this.change(id, { numbers: others }, null, changedAt) !== 'string') erased.changed += 1
    }
    this.#db.prepare(SEEN).run(this.#hash.of(number).toString('hex'), until)
    return erased
  }

  /** What the erasure list tells and this file has not seen, as a backup's has not: every number is held against its hashes. */
  #catchUp(folder: string): void {
    const seen = new Map(this.#db.prepare('SELECT hash, at FROM erased').raw().all() as [string, Ms][])
    const fresh = new Map(readErasures(folder).flatMap(({ hash, at }) => ((seen.get(hash) ?? -1) < at ? [[hash, at] as const] : [])))
    if (fresh.size === 0) return
    for (const number of new Set([...this.#all()].flatMap(({ numbers }) => numbers.map((one) => one.number)))) {
      const at = fresh.get(this.#hash.of(number).toString('hex'))
      if (at !== undefined) this.erase(number, at)
    }
    for (const [hash, at] of fresh) this.#db.prepare(SEEN).run(hash, at)
  }

  startImport(): number {
    if (this.#imports.size >= IMPORTS_MAX)
      throw new PortError('directory', 'startImport', { message: `${IMPORTS_MAX} imports are under way already`, retry: true })
    this.#importsBegun += 1
    this.#imports.set(this.#importsBegun, [])
    return this.#importsBegun
  }

  addToImport(number: number, drafts: readonly ContactDraft[]): void {
    const all = this.#imports.get(number)
    if (all === undefined) throw new PortError('directory', 'addToImport', { message: 'this import is over', retry: false })
    for (const draft of drafts) all.push(draft)
  }

  finishImport(number: number, commit: boolean, at: Ms): ImportCounts | null {
    const drafts = this.#imports.get(number) ?? []
    this.#imports.delete(number)
    const work = this.#db.transaction((): ImportCounts | null => {
      const { counts, written } = planImport(this.#all(), drafts, at, () => randomBytes(12).toString('base64url'))
      const there = this.#db.prepare('SELECT count(*) FROM contacts').pluck().get() as number
      if (there + counts.added > CONTACTS_MAX) return null
      if (commit) for (const contact of written) this.#put(contact)
      return counts
    })
    const counts = commit ? work.immediate() : work()
    if (commit && counts !== null && counts.added + counts.changed > 0) this.#index.fill(this.#all())
    return counts
  }

  abandonImport(number: number): void {
    this.#imports.delete(number)
  }

  columns(): { fields: string[]; numbersMax: number } {
    const fields = new Set<string>()
    let numbersMax = 0
    for (const contact of this.#all()) {
      for (const field of Object.keys(contact.fields)) fields.add(field)
      numbersMax = Math.max(numbersMax, contact.numbers.length)
    }
    return { fields: [...fields].sort(new Intl.Collator('sv').compare), numbersMax }
  }

  close(): void {
    this.#db.close()
  }
}
