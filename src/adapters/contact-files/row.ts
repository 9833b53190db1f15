/** One row of a list, judged: a contact, or everything that is wrong with it. The one place that decides, for page, API and command line. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { ListRules } from '#ports/contact-lists.ts'
import { type ContactDraft, FAULT_VALUE_LENGTH, LIST_LIMITS, type RowFault, type StagedRow } from '#ports/contacts.ts'
import type { Numbers } from '#ports/numbers.ts'
import { instantOf, timeOf, zoneOf, zoneOfCountry } from './clocks.ts'
import { unguarded } from './formulas.ts'
import type { Columns, Field } from './headings.ts'
import type { TableRow } from './records.ts'

const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/u

const MS_OPEN = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

class Judging {
  readonly faults: RowFault[] = []
  readonly #columns: Columns
  readonly #row: number
  readonly #table: TableRow

  constructor(columns: Columns, row: number, table: TableRow) {
    this.#columns = columns
    this.#row = row
    this.#table = table
  }

  fault(code: string, column: string | null, value = ''): void {
    const told = value === '' ? {} : { value: value.slice(0, FAULT_VALUE_LENGTH) }
    this.faults.push({ row: this.#row, line: this.#table.line, column, code, ...told })
  }

  at(place: number): string {
    const cell = this.#table.cells[place] ?? ''
    const text = unguarded(cell).trim()
    if (text.length <= LIST_LIMITS.valueLength) return text
    this.fault('value.tooLong', this.#columns.headings[place] ?? null)
    return ''
  }

  text(field: Field): string {
    const place = this.#columns.fields[field]
    return place === undefined ? '' : this.at(place)
  }

  heading(field: Field): string | null {
    const place = this.#columns.fields[field]
    return place === undefined ? null : (this.#columns.headings[place] ?? null)
  }

  /** null, and a fault where something stood there. */
  read<T>(field: Field, read: (text: string) => T | null, code: string): T | null {
    const text = this.text(field)
    const value = text === '' ? null : read(text)
    if (value === null && text !== '') this.fault(code, this.heading(field), text)
    return value
  }

  /** `number.emergency`, `number.premium` … where it is none that may be called. */
  number(
    field: 'phone' | 'phone2',
    numbers: Numbers,
    country: string,
  ): { readonly number: string; readonly country: string | null } | null {
    const text = this.text(field)
    if (text === '') return null
    const read = numbers.read(text, country)
    if (read.barred !== null) this.fault(`number.${read.barred}`, this.heading(field), read.barred === 'invalid' ? text : read.number)
    return read
  }

  window(): ContactDraft['window'] {
    const from = this.read('fromTime', timeOf, 'time.invalid')
    const to = this.read('toTime', timeOf, 'time.invalid')
    if (from === null && to === null) return null
    const window = { from: from ?? '00:00', to: to ?? '24:00' }
    if (window.from >= window.to) this.fault('time.order', this.heading('toTime'))
    return window
  }

  dates(zone: string): { readonly from: Ms | null; readonly to: Ms | null } {
    const from = this.read('from', (text) => instantOf(text, zone, 'from'), 'date.invalid')
    const to = this.read('to', (text) => instantOf(text, zone, 'to'), 'date.invalid')
    if ((from ?? MS_OPEN.from) >= (to ?? MS_OPEN.to)) this.fault('date.order', this.heading('to'))
    return { from, to }
  }

  /** Values that are there; a row with more cells than there are headings is no row of this table. */
  own(): Readonly<Record<string, string>> {
    const wide = this.#table.cells.findIndex((cell, place) => place >= this.#columns.headings.length && cell.trim() !== '')
    if (wide !== -1) this.fault('row.tooWide', null)
    const values: [string, string][] = []
    for (const { place, name } of this.#columns.own) {
      const text = this.at(place)
      if (text !== '') values.push([name, text])
    }
    return Object.fromEntries(values)
  }
}

/** `row`: 1 is the first after the header. */
export function judged(
  table: TableRow,
  row: number,
  columns: Columns,
  numbers: Numbers,
  rules: ListRules,
): StagedRow | { readonly faults: readonly RowFault[] } {
  const judging = new Judging(columns, row, table)
  const phone = judging.number('phone', numbers, rules.country)
  if (phone === null) judging.fault('number.missing', judging.heading('phone'))
  const phone2 = judging.number('phone2', numbers, rules.country)
  const said = judging.read('zone', zoneOf, 'zone.unknown')
  const zone = said ?? zoneOfCountry(phone?.country ?? rules.country) ?? rules.zone
  const draft: ContactDraft = {
    phone: phone?.number ?? '',
    phone2: phone2 === null || phone2.number === phone?.number ? null : phone2.number,
    externalId: judging.text('externalId') || null,
    name: judging.text('name') || null,
    zone,
    language: judging.read(
      'language',
      (text) => (LANGUAGE.test(text) ? text.toLowerCase().replaceAll('_', '-') : null),
      'language.unknown',
    ),
    ...judging.dates(zone),
    window: judging.window(),
    columns: judging.own(),
  }
  return judging.faults.length > 0 ? { faults: judging.faults } : { row, line: table.line, draft }
}
