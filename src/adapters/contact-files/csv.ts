/** Contacts in a table: RFC 4180 and what spreadsheets make of it, read by csv-parse a little at a time. */
import { type CsvError, Parser } from 'csv-parse'
import type { ColumnRead, ColumnUse, FaultReason } from '#ports/contact-files.ts'
import { type Meaning, meaningsBy, meaningsOf, usesOf, wrongUses } from './columns.ts'
import type { Placed, Row, Wrong } from './draft.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
/** Characters given to the parser at a time: about a millisecond. */
const CHUNK = 16_384
const RECORD_LENGTH_MAX = 200_000
const EXAMPLE_LENGTH_MAX = 60

/** The character that stands most often outside quotes in the first line; `sep=;` of some spreadsheets says it. */
export function delimiterOf(text: string): { readonly delimiter: string; readonly skipped: number } {
  const said = /^sep=(.)\r?\n/u.exec(text)
  if (said?.[1] !== undefined) return { delimiter: said[1], skipped: said[0].length }
  let quoted = false
  const counts = new Map<string, number>()
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) {
      if (counts.size > 0) break
    } else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const [first] = [...DELIMITERS].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  return { delimiter: first ?? ',', skipped: 0 }
}

/** A spreadsheet shows `'+46…` as `+46…`; our own export writes it so that it takes nothing for a formula. */
const unguarded = (cell: string): string => (/^'[=+\-@\t\r\n]/u.test(cell) ? cell.slice(1) : cell)

interface Parsed {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

const linesIn = (cells: readonly string[]): number => cells.reduce((all, cell) => all + (cell.match(/\r\n|\r|\n/gu)?.length ?? 0), 0)

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

/** What comes of one record: a row, or what is wrong with it, or nothing (an empty line, the heading). */
export type Read = { readonly row: Row } | { readonly wrong: Wrong; readonly whole: boolean }

class Table {
  #headings: readonly string[] | null = null
  #meanings: readonly Meaning[] = []
  #uses: readonly ColumnUse[]
  #example: readonly string[] = []
  readonly #byHand: boolean
  readonly #linesBefore: number

  constructor(linesBefore: number, byHand: readonly ColumnUse[] | null) {
    this.#linesBefore = linesBefore
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

  /** `next`: the record after it. */
  take({ record, info }: Parsed, next: readonly string[]): Read | null {
    const line = info.lines + this.#linesBefore - linesIn(record)
    if (record.every((cell) => cell.trim() === '')) return null
    if (this.#headings === null) {
      this.#example = next
      return this.#header(record, line)
    }
    const wide = record.findIndex((cell, index) => index >= (this.#headings?.length ?? 0) && cell.trim() !== '')
    if (wide !== -1) return { wrong: { at: { line, column: wide + 1, field: null }, reason: 'row.tooWide' }, whole: false }
    return { row: rowOf(record, this.#headings, this.#meanings, line) }
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

/** The parser, given its text a piece at a time. */
class Pieces {
  readonly #parser: Parser
  readonly #parsed: Parsed[] = []
  #wake: () => void = () => undefined
  #failure: CsvError | null = null

  constructor(delimiter: string) {
    this.#parser = new Parser({
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_LENGTH_MAX,
    })
    this.#parser.on('data', (one: Parsed) => this.#parsed.push(one))
    this.#parser.on('end', () => this.#wake())
    this.#parser.on('error', (error: CsvError) => {
      this.#failure = error
      this.#wake()
    })
  }

  get failure(): CsvError | null {
    return this.#failure
  }

  /** What is whole by now. null: there is no more text. */
  async give(piece: string | null): Promise<readonly Parsed[]> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (piece === null) this.#parser.end()
      else this.#parser.write(piece, () => resolve())
    })
    return this.#parsed.splice(0)
  }
}

/** `lastLine`: of the last whole row; a quote never closed was opened after it. */
function brokenAt(failure: CsvError, lastLine: number, linesBefore: number): Read {
  const { lines, column } = failure as { readonly lines?: unknown; readonly column?: unknown }
  const line = failure.code === 'CSV_QUOTE_NOT_CLOSED' || typeof lines !== 'number' ? lastLine + 1 : lines
  const place = { line: line + linesBefore, column: typeof column === 'number' ? column + 1 : null, field: null }
  return { wrong: { at: place, reason: 'row.quote' }, whole: true }
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
  const linesBefore = asked.skipped > 0 ? 1 : 0
  const table = new Table(linesBefore, asked.columns)
  const pieces = new Pieces(asked.delimiter)
  let lastLine = 0
  let isTold = false
  /** The last one read: taken when the one after it is known. */
  let held: Parsed | null = null
  for (let at = asked.skipped; ; at += CHUNK) {
    const isOver = at >= text.length
    const parsed = await pieces.give(isOver ? null : text.slice(at, at + CHUNK))
    const ready: Parsed[] = [...(held === null ? [] : [held]), ...parsed]
    held = isOver || pieces.failure !== null ? null : (ready.pop() ?? null)
    for (const [index, one] of ready.entries()) {
      lastLine = one.info.lines
      const read = table.take(one, (ready[index + 1] ?? held)?.record ?? [])
      if (!isTold) asked.told(table.columns)
      isTold = table.columns.length > 0
      if (read !== null) yield read
    }
    if (pieces.failure !== null) yield brokenAt(pieces.failure, lastLine, linesBefore)
    if (isOver || pieces.failure !== null) return
  }
}
