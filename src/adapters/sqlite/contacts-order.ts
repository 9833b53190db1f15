/**
 * The order of contacts by sort keys, as bytes that compare as the contacts are to be called, so that an index keeps it and a contact's
 * place depends on its own row alone. For each key: whether it has a value (none comes last), then the value; bytes turned over where it
 * is descending. Numbers are IEEE 754 with the sign turned (the usual way to make doubles comparable as bytes), words are letters without
 * accents, å, ä, ö after z in this order, with an end mark below every letter.
 */
import type { Filter, SortKey } from '#core/campaign/settings.ts'
import { lettersOf } from '#core/directory/words.ts'

/** Letters of a value that count for its place. */
const LETTERS_MAX = 100

const turned = (bytes: Buffer): Buffer => bytes.map((byte) => 255 - byte) as Buffer

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value === 0 ? 0 : value)
  if (value < 0) return turned(bytes)
  bytes.writeUInt8(bytes.readUInt8(0) | 0x80)
  return bytes
}

/** As people write them: `1 200,50`. NaN: no number. */
export const numberIn = (text: string): number => {
  const plain = text.replace(/[\s\u00a0]/gu, '').replace(',', '.')
  return plain === '' ? Number.NaN : Number(plain)
}

const SWEDISH: Readonly<Record<string, string>> = { å: '{1', ä: '{2', ö: '{3' }

const wordBytes = (text: string): Buffer => {
  const letters = lettersOf(text.slice(0, LETTERS_MAX)).replace(/[åäö]/gu, (letter) => SWEDISH[letter] ?? letter)
  return Buffer.from(`${letters.replaceAll('\0', ' ')}\0`)
}

const MISSING = Buffer.from([1])
const THERE = Buffer.from([0])
const NOTHING = Buffer.alloc(0)

/** `valueIn`: of a column, null where the contact has none. */
export function rankOf(sort: readonly SortKey[], valueIn: (column: string) => string | null): Buffer {
  if (sort.length === 0) return NOTHING
  return Buffer.concat(
    sort.flatMap(({ column, descending, numeric }) => {
      const text = valueIn(column)?.trim() ?? ''
      const number = numeric ? numberIn(text) : 0
      if (text === '' || Number.isNaN(number)) return [MISSING]
      const bytes = numeric ? numberBytes(number) : wordBytes(text)
      return [THERE, descending ? turned(bytes) : bytes]
    }),
  )
}

/** Whether all filters let a contact through; a column it has not counts as empty. */
export const isWanted = (filters: readonly Filter[], valueIn: (column: string) => string | null): boolean =>
  filters.every(({ column, values }) => values.includes(valueIn(column) ?? ''))

export interface CardValues {
  readonly phone: string
  readonly phone2: string | null
  readonly external_id: string | null
  readonly name: string | null
  readonly language: string | null
  readonly zone: string
  /** Values of the organisation's own columns, in the order of the import's. */
  readonly values: string
}

/** A contact's value by a column's name: the organisation's own first, then what every contact has. */
export function valuesOf(card: CardValues, columns: readonly string[]): (column: string) => string | null {
  let own: readonly (string | null)[] | null = null
  return (column) => {
    const place = columns.indexOf(column)
    if (place !== -1) {
      own ??= JSON.parse(card.values) as (string | null)[]
      return own[place] ?? null
    }
    const { phone, phone2, external_id: externalId, name, language, zone } = card
    const shared = new Map(Object.entries({ phone, phone2, externalId, name, language, zone }))
    return shared.get(column) ?? null
  }
}
