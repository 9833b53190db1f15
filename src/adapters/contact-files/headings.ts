/** Which column of a list means what: told by people, or by its heading, in Swedish and English and as common programs export them. */
import type { FileFault } from '#ports/contact-lists.ts'
import { LIST_LIMITS, type ListMapping } from '#ports/contacts.ts'
import { instantOf, timeOf } from './clocks.ts'

/** What a column may be beside one of the list's own. */
export const FIELDS = ['phone', 'phone2', 'externalId', 'name', 'zone', 'language', 'from', 'to', 'fromTime', 'toTime'] as const
export type Field = (typeof FIELDS)[number]

const KNOWN: readonly (readonly [Field, RegExp])[] = [
  [
    'phone2',
    /^(?:(?:second|other|alternative|alt) ?(?:tele)?phone(?: number)?|(?:tele)?phone ?2|(?:andra|alternativt|annat) (?:telefon)?nummer|telefon ?2|mobile? ?2|mobil ?2)$/u,
  ],
  [
    'phone',
    /^(?:(?:tele)?phone(?: ?1)?(?: ?number)?|mobile?(?: ?phone)?(?: ?number)?|cell(?: ?phone)?|telefon(?:nummer| ?1)?|tel(?:nr|\.)?|mobil(?:nummer|telefon|nr)?|nummer|number)$/u,
  ],
  ['externalId', /^(?:external ?id|id|customer ?(?:id|no|number)|kund(?:nr|nummer|id)|externt id|crm ?id)$/u],
  ['name', /^(?:(?:full ?)?name|(?:fullständigt )?namn|display ?name|kontakt|contact)$/u],
  ['zone', /^(?:(?:time ?)?zone|tidszon|tz)$/u],
  ['language', /^(?:language|språk|lang)$/u],
  ['from', /^(?:(?:call ?)?from(?: ?date)?|not ?before|(?:ring )?(?:från|fr\.o\.m\.)(?: ?datum)?|startdatum)$/u],
  ['to', /^(?:(?:call ?)?(?:to|until)(?: ?date)?|not ?after|(?:ring )?(?:till|t\.o\.m\.)(?: ?datum)?|slutdatum)$/u],
  ['fromTime', /^(?:(?:call ?)?from ?time|(?:ring )?från ?(?:tid|klockan|kl)|tidigast)$/u],
  ['toTime', /^(?:(?:call ?)?(?:to|until) ?time|(?:ring )?till ?(?:tid|klockan|kl)|senast)$/u],
]

const plain = (heading: string): string =>
  heading
    .replace(/([a-zåäö])([A-ZÅÄÖ])/gu, '$1 $2')
    .replaceAll(/[_*-]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase()

export const headingsOf = (cells: readonly string[]): readonly string[] =>
  cells.map((cell) => cell.replace(/\s+/gu, ' ').trim().slice(0, LIST_LIMITS.columnNameLength))

/** From and to are said of days and of times of day in the same words; which is meant, what stands below says. */
const BY_VALUES: Readonly<Partial<Record<Field, readonly Field[]>>> = {
  from: ['from', 'fromTime'],
  fromTime: ['fromTime', 'from'],
  to: ['to', 'toTime'],
  toTime: ['toTime', 'to'],
}
const isDay = (text: string): boolean => instantOf(text, 'UTC', 'from') !== null
const isTime = (text: string): boolean => timeOf(text) !== null

/**
 * The field whose values some of these are, of those the heading may mean. Where none is, but something like a day or a time was written,
 * what the heading says, and each row is told what is wrong with it; null: no digit anywhere, as where "från" is a place.
 */
function byValues(field: Field, values: readonly string[]): Field | null {
  const meant = BY_VALUES[field]
  if (meant === undefined || values.length === 0) return field
  const fitting = meant.find((one) => values.some(one.endsWith('Time') ? isTime : isDay))
  return fitting ?? (values.some((text) => /\d/u.test(text)) ? field : null)
}

/**
 * What each field probably is: the first column that looks like it. A further column of numbers is the second phone. `rows`: the first of
 * the file, as far as they are known.
 */
export function guessed(headings: readonly string[], rows: readonly (readonly string[])[] = []): Partial<ListMapping> {
  const found = new Map<Field, string>()
  for (const [place, heading] of headings.entries()) {
    const said = KNOWN.find(([, pattern]) => pattern.test(plain(heading)))?.[0]
    const values = rows.map((cells) => (cells[place] ?? '').trim()).filter((text) => text !== '')
    const field = said === undefined ? null : byValues(said, values)
    if (field === null) continue
    if (!found.has(field)) found.set(field, heading)
    else if (field === 'phone' && !found.has('phone2')) found.set('phone2', heading)
  }
  return Object.fromEntries(found)
}

/** Where a list's columns are in its rows. */
export interface Columns {
  readonly headings: readonly string[]
  readonly fields: Readonly<Partial<Record<Field, number>>> & { readonly phone: number }
  /** The list's own: where, and what they are called. */
  readonly own: readonly { readonly place: number; readonly name: string }[]
}

const fault = (code: FileFault['code'], line: number, place: number | null, field: string | null): FileFault => ({
  ...{ code, line, column: place === null || place < 0 ? null : place + 1, field },
})

/** `mapping` null: by the headings and the first rows. `line`: of the header. */
export function columnsOf(
  headings: readonly string[],
  mapping: ListMapping | null,
  line: number,
  rows: readonly (readonly string[])[],
): Columns | FileFault {
  const twice = headings.findIndex((heading, place) => heading !== '' && headings.indexOf(heading) !== place)
  if (twice !== -1) return fault('header.twice', line, twice, headings[twice] ?? null)
  const { skip = [], ...said }: Partial<ListMapping> = mapping ?? guessed(headings, rows)
  const fields: Partial<Record<Field, number>> = {}
  const taken = new Set<number>()
  for (const field of FIELDS) {
    const heading = said[field]
    if (heading === undefined) continue
    const place = headings.indexOf(headingsOf([heading])[0] ?? '')
    if (place === -1) return fault('mapping.unknown', line, null, heading)
    if (taken.has(place)) return fault('mapping.twice', line, place, heading)
    taken.add(place)
    fields[field] = place
  }
  const { phone, ...others } = fields
  if (phone === undefined) return fault('header.noNumber', line, null, null)
  for (const heading of skip) {
    const place = headings.indexOf(headingsOf([heading])[0] ?? '')
    if (place === -1) return fault('mapping.unknown', line, null, heading)
    if (taken.has(place)) return fault('mapping.twice', line, place, heading)
  }
  const skipped = new Set(headingsOf(skip))
  const own = headings.flatMap((name, place) => (name === '' || taken.has(place) || skipped.has(name) ? [] : [{ place, name }]))
  const extra = own[LIST_LIMITS.columns]
  if (extra !== undefined) return fault('file.tooManyColumns', line, extra.place, extra.name)
  return { headings, fields: { phone, ...others }, own }
}
