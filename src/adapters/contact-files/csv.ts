/** Contacts in a table, read a little at a time. */
import type { ColumnRead, ColumnUse, FaultReason } from '#ports/contact-files.ts'
import { type Meaning, meaningsBy, meaningsOf, usesOf, wrongUses } from './columns.ts'
import type { Placed, Row, Wrong } from './draft.ts'
import { unguarded } from './formulas.ts'
import { PIECE, Records, type TableRow } from './records.ts'

const EXAMPLE_LENGTH_MAX = 60

function rowOf(cells: readonly string[], headings: readonly string[], meanings: readonly Meaning[], line: number): Row {
  const placed = (index: number): Placed => ({
    text: unguarded(cells[index] ?? ''),
    line,
    column: index + 1,
    field: (headings[index] ?? '').trim(),
  })
  const where = (is: Meaning['is']): number => meanings.findIndex((meaning) => meaning.is === is)
  const text = (is: Meaning['is']): string => (where(is) === -1 ? '' : placed(where(is)).text.trim())
  const one = (is: Meaning['is']): Placed | null => (where(is) === -1 ? null : placed(where(is)))
  const parts = ['given', 'middle', 'family'] as const
  const joined = parts.flatMap((part) => text(part) || []).join(' ')
  const name = text('name') === '' && joined !== '' ? { ...placed(Math.max(where('given'), where('family'))), text: joined } : one('name')
  const labels = new Map(meanings.flatMap((meaning, index) => (meaning.is === 'label' ? [[meaning.of, placed(index).text]] : [])))
  return {
    line,
    id: text('id') || null,
    name: name ?? one('given') ?? one('family'),
    company: one('company'),
    numbers: meanings.flatMap((meaning, index) =>
      meaning.is !== 'number' || placed(index).text.trim() === ''
        ? []
        : [{ ...placed(index), label: labels.get(index)?.trim() || meaning.label }],
    ),
    fields: meanings.flatMap((meaning, index) => (meaning.is === 'field' ? [[meaning.name, placed(index)] as const] : [])),
  }
}

const headerFault = (meanings: readonly Meaning[]): FaultReason | null => {
  const has = (...wanted: readonly Meaning['is'][]): boolean => meanings.some(({ is }) => wanted.includes(is))
  if (!has('name', 'given', 'family', 'company')) return 'header.noName'
  return has('number') ? null : 'header.noNumber'
}

/** What comes of one record: a row, or what is wrong with it. */
export type Read = { readonly row: Row } | { readonly wrong: Wrong; readonly whole: boolean }

class Table {
  #headings: readonly string[] | null = null
  #meanings: readonly Meaning[] = []
  #uses: readonly ColumnUse[]
  #example: readonly string[] = []
  readonly #byHand: boolean

  constructor(byHand: readonly ColumnUse[] | null) {
    this.#byHand = byHand !== null
    this.#uses = byHand ?? []
  }

  get columns(): readonly ColumnRead[] {
    const cell = (cells: readonly string[], index: number): string => unguarded(cells[index] ?? '').trim()
    return (this.#headings ?? []).map((text, index) => ({
      heading: text.trim(),
      as: this.#uses[index] ?? 'skip',
      example: cell(this.#example, index).slice(0, EXAMPLE_LENGTH_MAX),
    }))
  }

  /** `next`: the row after it. */
  take({ cells, line }: TableRow, next: readonly string[]): Read | null {
    if (this.#headings === null) {
      this.#example = next
      return this.#header(cells, line)
    }
    const wide = cells.findIndex((cell, index) => index >= (this.#headings?.length ?? 0) && cell.trim() !== '')
    if (wide !== -1) return { wrong: { at: { line, column: wide + 1, field: null }, reason: 'row.tooWide' }, whole: false }
    return { row: rowOf(cells, this.#headings, this.#meanings, line) }
  }

  #header(record: readonly string[], line: number): Read | null {
    this.#headings = record
    const wrong = this.#byHand ? wrongUses(record, this.#uses) : null
    if (wrong === null) {
      this.#meanings = this.#byHand ? meaningsBy(record, this.#uses) : meaningsOf(record)
      if (!this.#byHand) this.#uses = usesOf(this.#meanings)
    }
    const { column, reason } = wrong ?? { column: null, reason: headerFault(this.#meanings) }
    const field = column === null ? null : (record[column - 1] ?? '').trim()
    return reason === null ? null : { wrong: { at: { line, column, field }, reason }, whole: true }
  }
}

interface Asked {
  readonly delimiter: string
  readonly skipped: number
  readonly columns: readonly ColumnUse[] | null
  /** Told what the columns are, once the header is read. */
  readonly told: (columns: readonly ColumnRead[]) => void
}

/** Rows and faults in the order of the file. After a quote that is not as it should be nothing can be told from anything: it ends there. */
export async function* csvRows(text: string, asked: Asked): AsyncGenerator<Read> {
  const records = new Records(asked.delimiter, asked.skipped > 0 ? 1 : 0)
  const table = new Table(asked.columns)
  let isTold = false
  /** The last one read: taken when the one after it is known. */
  let held: TableRow | null = null
  for (let at = asked.skipped; ; at += PIECE) {
    const isOver = at >= text.length
    const rows = await records.give(isOver ? null : text.slice(at, at + PIECE))
    const { fault } = records
    const ready: TableRow[] = [...(held === null ? [] : [held]), ...rows]
    held = isOver || fault !== null ? null : (ready.pop() ?? null)
    for (const [index, one] of ready.entries()) {
      const read = table.take(one, (ready[index + 1] ?? held)?.cells ?? [])
      if (!isTold) asked.told(table.columns)
      isTold = table.columns.length > 0
      if (read !== null) yield read
    }
    if (fault !== null) yield { wrong: { at: { line: fault.line, column: fault.column, field: null }, reason: 'row.quote' }, whole: true }
    if (isOver || fault !== null) return
  }
}
