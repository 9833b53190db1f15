/**
 * Who is found by which words and digits, in memory: every contact is looked at for every question, some hundred nanoseconds each, so
 * the beginning, the end and the inside of a number, and any word of a name, cost the same few milliseconds per 100,000 contacts.
 */
import { bareOf, type DigitsWanted, hasBeginnings, searchable } from '#core/directory/words.ts'
import type { Contact, ContactQuery } from '#ports/directory.ts'

interface Row {
  readonly id: string
  readonly name: string
  /** As `searchable`, of name and company. */
  readonly letters: string
  readonly bare: string
  /** Digits of each number between spaces: ` 46701740612 46846500400 `. */
  readonly digits: string
}

/** Places in the order of a page: four for numbers, two for names. */
const RANKS = 6
const BY_NAME = 4

const byName = new Intl.Collator('sv')

const rowOf = ({ id, name, company, numbers }: Contact): Row => {
  const letters = searchable(`${name} ${company ?? ''}`)
  const bare = bareOf(letters)
  const digits = numbers.reduce((all, { number }) => `${all}${number.replace(/\D/gu, '')} `, ' ')
  return { id, name, letters, bare: bare === letters ? letters : bare, digits }
}

const inOrder = (a: Row, b: Row): number => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Smaller is better; -1: not found. */
function rankByDigits(own: string, { digits, beginning }: DigitsWanted): number {
  if (own.includes(` ${beginning}`)) return own.includes(` ${beginning} `) ? 0 : 1
  if (!own.includes(digits)) return -1
  return own.includes(`${digits} `) ? 2 : 3
}

function rankByWords(letters: string, words: readonly string[]): number {
  if (!hasBeginnings(letters, words)) return -1
  return letters.startsWith(` ${words[0] ?? ''}`) ? BY_NAME : BY_NAME + 1
}

export class DirectoryIndex {
  #rows: Row[] = []

  get size(): number {
    return this.#rows.length
  }

  /** All of them anew. */
  fill(contacts: Iterable<Contact>): void {
    this.#rows = Array.from(contacts, rowOf).sort(inOrder)
  }

  add(contact: Contact): void {
    const row = rowOf(contact)
    this.#rows.splice(this.#placeOf(row), 0, row)
  }

  /** As it was when it was added. */
  remove(contact: Contact): void {
    const at = this.#placeOf(rowOf(contact))
    if (this.#rows[at]?.id === contact.id) this.#rows.splice(at, 1)
  }

  /** The first place not before the row. */
  #placeOf(row: Row): number {
    let [low, high] = [0, this.#rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#rows[middle]
      if (other !== undefined && inOrder(other, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Ids of one page, best first. */
  find({ words, bare, digits, after, limit }: ContactQuery): { ids: readonly string[]; found: number; next: string | null } {
    const ranked = Array.from({ length: RANKS }, (): string[] => [])
    const isAll = words.length === 0 && digits === null
    for (const row of this.#rows) {
      let rank = isAll ? BY_NAME : -1
      if (digits !== null) rank = rankByDigits(row.digits, digits)
      if (rank === -1 && words.length > 0) rank = rankByWords(bare ? row.bare : row.letters, words)
      if (rank !== -1) ranked[rank]?.push(row.id)
    }
    const all = ranked.flat()
    const from = after === null ? 0 : all.indexOf(after) + 1
    const ids = all.slice(from, from + limit)
    return { ids, found: all.length, next: from + limit < all.length ? (ids.at(-1) ?? null) : null }
  }
}
