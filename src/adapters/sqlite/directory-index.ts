/**
 * Who is found by which words and digits, in memory. What all contacts are searched by stands end to end in three long texts, so that
 * the beginning, the end and the inside of a number, and any word of a name, cost the same few milliseconds per 100,000 contacts,
 * and nothing has to be kept in order on disk for it.
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
  /** More than one number. */
  readonly several: boolean
}

/** Places in the order of a page: four for numbers, two for names. */
const RANKS = 6
const BY_NAME = 4

const byName = new Intl.Collator('sv')

const rowOf = ({ id, name, company, numbers }: Contact): Row => {
  const letters = searchable(`${name} ${company ?? ''}`)
  const bare = bareOf(letters)
  const digits = numbers.reduce((all, { number }) => `${all}${number.replace(/\D/gu, '')} `, ' ')
  return { id, name, letters, bare: bare === letters ? letters : bare, digits, several: numbers.length > 1 }
}

const inOrder = (a: Row, b: Row): number => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const SPACE = 32

/** How good a find among several numbers is: smaller is better. */
function rankAmong(own: string, { digits, beginning }: DigitsWanted): number {
  if (own.includes(` ${beginning} `)) return 0
  if (own.includes(` ${beginning}`)) return 1
  return own.includes(`${digits} `) ? 2 : 3
}

/** The texts of all rows, in order, a line each. */
class Lines {
  readonly #text: string
  /** Where each row's line ends. */
  readonly #ends: Uint32Array

  constructor(lines: readonly string[]) {
    this.#text = `${lines.join('\n')}\n`
    this.#ends = new Uint32Array(lines.length)
    let end = 0
    for (const [index, line] of lines.entries()) {
      end += line.length + 1
      this.#ends[index] = end
    }
  }

  /** Tells of the rows that have this in their line, in order: whether it begins the line, and whether a space follows it. */
  eachHaving(wanted: string, take: (row: number, isFirst: boolean, isWhole: boolean) => void): void {
    let row = 0
    let at = this.#text.indexOf(wanted)
    while (at !== -1) {
      row = this.#rowAt(at, row)
      const begin = row === 0 ? 0 : (this.#ends[row - 1] ?? 0)
      take(row, at === begin, this.#text.charCodeAt(at + wanted.length) === SPACE)
      at = this.#text.indexOf(wanted, this.#ends[row])
    }
  }

  /** The row whose line holds the place, not before `from`: near for what is found often, by halves for the rest. */
  #rowAt(at: number, from: number): number {
    if (at < (this.#ends[from] ?? 0)) return from
    let low = from
    let step = 1
    while (low + step < this.#ends.length && (this.#ends[low + step] ?? 0) <= at) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, this.#ends.length - 1)
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Texts {
  readonly letters: Lines
  readonly bare: Lines
  readonly digits: Lines
  /** 1 for each row of more than one number. */
  readonly several: Uint8Array
}

export class DirectoryIndex {
  #rows: Row[] = []
  /** null: something has changed since they were made. */
  #texts: Texts | null = null

  get size(): number {
    return this.#rows.length
  }

  /** All of them anew. */
  fill(contacts: Iterable<Contact>): void {
    this.#rows = Array.from(contacts, rowOf).sort(inOrder)
    this.#texts = null
    this.#made()
  }

  add(contact: Contact): void {
    const row = rowOf(contact)
    this.#rows.splice(this.#placeOf(row), 0, row)
    this.#texts = null
  }

  /** As it was when it was added. */
  remove(contact: Contact): void {
    const at = this.#placeOf(rowOf(contact))
    if (this.#rows[at]?.id === contact.id) this.#rows.splice(at, 1)
    this.#texts = null
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

  #made(): Texts {
    this.#texts ??= {
      letters: new Lines(this.#rows.map(({ letters }) => letters)),
      bare: new Lines(this.#rows.map(({ bare }) => bare)),
      digits: new Lines(this.#rows.map(({ digits }) => digits)),
      several: Uint8Array.from(this.#rows, ({ several }) => Number(several)),
    }
    return this.#texts
  }

  /** One look at the beginnings, one at the rest; where a row has several numbers, the best of them counts. */
  #byNumber(digits: DigitsWanted, isNumbered: Uint8Array, ranked: readonly number[][]): void {
    const { digits: lines, several } = this.#made()
    const ranks = new Uint8Array(this.#rows.length)
    const among = (place: number): number => rankAmong(this.#rows[place]?.digits ?? '', digits)
    lines.eachHaving(digits.digits, (place, _, isWhole) => {
      isNumbered[place] = 1
      ranks[place] = several[place] === 1 ? among(place) : isWhole ? 2 : 3
    })
    lines.eachHaving(` ${digits.beginning}`, (place, _, isWhole) => {
      isNumbered[place] = 1
      ranks[place] = several[place] === 1 ? among(place) : isWhole ? 0 : 1
    })
    for (let place = 0; place < ranks.length; place += 1) if (isNumbered[place] === 1) ranked[ranks[place] ?? 0]?.push(place)
  }

  /** Places of the rows found, best first. */
  #ranked({ words, bare, digits }: ContactQuery): readonly number[] {
    if (words.length === 0 && digits === null) return this.#rows.map((_, place) => place)
    const texts = this.#made()
    const ranked = Array.from({ length: RANKS }, (): number[] => [])
    const isNumbered = new Uint8Array(this.#rows.length)
    if (digits !== null) this.#byNumber(digits, isNumbered, ranked)
    // The longest word is in the fewest names; the others are looked for in those.
    const [longest = ''] = [...words].sort((a, b) => b.length - a.length)
    const first = ` ${words[0] ?? ''}`
    const byWords = (place: number, isFirst: boolean): void => {
      if (isNumbered[place] === 1) return
      if (words.length === 1) {
        ranked[isFirst ? BY_NAME : BY_NAME + 1]?.push(place)
        return
      }
      const own = this.#rows[place]?.[bare ? 'bare' : 'letters'] ?? ''
      if (hasBeginnings(own, words)) ranked[own.startsWith(first) ? BY_NAME : BY_NAME + 1]?.push(place)
    }
    if (longest !== '') (bare ? texts.bare : texts.letters).eachHaving(` ${longest}`, byWords)
    return ranked.flat()
  }

  /** Ids of one page, best first. */
  find(query: ContactQuery): { ids: readonly string[]; found: number; next: string | null } {
    const { after, limit } = query
    const all = this.#ranked(query)
    const from = after === null ? 0 : all.findIndex((place) => this.#rows[place]?.id === after) + 1
    const ids = all.slice(from, from + limit).flatMap((place) => this.#rows[place]?.id ?? [])
    return { ids, found: all.length, next: from + limit < all.length ? (ids.at(-1) ?? null) : null }
  }
}
