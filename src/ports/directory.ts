/**
 * Whom people may want to call: contacts with numbers and fields of their own. Names and numbers of people live here and in `persons`,
 * nowhere else: nothing of a contact goes into facts or the log. Kept apart from the journal; losing it loses no call.
 */
import type { DigitsWanted } from '#core/directory/words.ts'
import type { Ms } from '#core/kernel/kernel.ts'

export interface ContactNumber {
  /** E.164, or the digits of a short number. */
  readonly number: string
  /** Free words: work, mobil. */
  readonly label: string | null
}

/** What people write of a contact. Bounds: `CONTACT_LIMITS`. */
export interface ContactWritten {
  readonly name: string
  readonly company: string | null
  /** At least one, none twice. */
  readonly numbers: readonly ContactNumber[]
  /** Fields of the organisation's own, by name. */
  readonly fields: Readonly<Record<string, string>>
}

export interface Contact extends ContactWritten {
  /** Random. */
  readonly id: string
  /** One more with each change. */
  readonly revision: number
  readonly changedAt: Ms
}

/** Characters and counts; generous for people, a bound for machines. */
export const CONTACT_LIMITS = {
  nameLength: 200,
  companyLength: 200,
  labelLength: 60,
  numbers: 20,
  fields: 50,
  fieldNameLength: 100,
  fieldLength: 2_000,
} as const

/** Contacts a directory holds at most; more are refused. */
export const CONTACTS_MAX = 500_000

/** What is looked for: contacts that have every word, or a number with the digits. Neither: all of them. */
export interface ContactQuery {
  /** Beginnings of words of name or company, as `lettersOf` gives them; with `bare`, as `bareOf`. */
  readonly words: readonly string[]
  readonly bare: boolean
  readonly digits: DigitsWanted | null
  /** The `next` of the page before; null: the first page. */
  readonly after: string | null
  readonly limit: number
}

/**
 * Best first: a number that is the digits before one that begins with them, then one that ends with them, then one that has them
 * inside, then names; a name that begins with the first word before others; in each of these by name, as Swedish sorts.
 */
export interface ContactPage {
  readonly contacts: readonly Contact[]
  /** How many there are on all pages. */
  readonly found: number
  readonly next: string | null
}

/** A row of a file on its way in. */
export interface ContactDraft extends ContactWritten {
  /** Of an export of ours: such a contact becomes what the row says. Unknown ids are passed over. */
  readonly id: string | null
}

/** What an import did, or would do: the three add up to the drafts given. */
export interface ImportCounts {
  readonly added: number
  readonly changed: number
  /** There as they are already. */
  readonly unchanged: number
}

/**
 * An import under way. A draft is the same contact as one that has its id, else as one of the same name that shares a number: then
 * numbers and fields of the draft are added to it, and what it says of name and company holds. Nothing is seen of it before `finish`.
 */
export interface ContactImport {
  /** In the order of the file, as many at a time as is handy. */
  add(drafts: readonly ContactDraft[]): Promise<void>
  /** With `commit` all of it is written, or none: null where the directory would hold more than `CONTACTS_MAX`. Over either way. */
  finish(asked: { readonly commit: boolean; readonly at: Ms }): Promise<ImportCounts | null>
  abandon(): Promise<void>
}

/** `removed`: contacts that had no other number. `changed`: those who keep others. */
export interface DirectoryErased {
  readonly removed: number
  readonly changed: number
}

/** Under which key a contact is made once, and a hash of what was asked. */
export interface MadeOnce {
  readonly key: string
  readonly body: string
}

/** Everything rejects with `PortError` where the store fails; `retry` true: nothing was written. */
export interface Directory {
  search(query: ContactQuery): Promise<ContactPage>
  contact(id: string): Promise<Contact | null>
  /**
   * With `once`: made before under that key, the contact is given back as it was made or has become; `otherBody`: under that key
   * something else was asked for.
   */
  create(
    contact: ContactWritten,
    asked: { readonly id: string; readonly at: Ms; readonly once?: MadeOnce },
  ): Promise<Contact | 'full' | 'otherBody'>
  /** `revision`: the one it was read at; where it has changed since, nothing is written. */
  change(
    id: string,
    change: Partial<ContactWritten>,
    asked: { readonly revision: number | null; readonly at: Ms },
  ): Promise<Contact | 'unknown' | 'changed'>
  /** False where there is none. */
  remove(id: string): Promise<boolean>
  /** The contacts who have this number, E.164. */
  withNumber(number: string): Promise<readonly Contact[]>
  /** Of those who have this number and were not changed after `until`: contacts of this number alone are removed, others lose it. For good. */
  erase(number: string, until: Ms): Promise<DirectoryErased>
  /** Refused with a `PortError` (`retry`) where too many are under way. */
  startImport(): Promise<ContactImport>
  /** Of all contacts: the names of their fields, sorted, and the most numbers one has. For the head of a table. */
  columns(): Promise<{ readonly fields: readonly string[]; readonly numbersMax: number }>
  close(): Promise<void>
}
