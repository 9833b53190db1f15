/** Rows of a table from text as it arrives: RFC 4180 and what spreadsheets make of it, by csv-parse. */
import { CsvError, Parser } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import type { FileFault } from '#ports/contact-lists.ts'
import { LIST_LIMITS } from '#ports/contacts.ts'

/** Characters given to the parser at a time: about a millisecond. */
export const PIECE = 16_384
const DELIMITERS = [',', ';', '\t', '|'] as const

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
  const [first] = DELIMITERS.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  return { delimiter: first ?? ',', skipped: 0 }
}

/** One row, and the line its first cell begins in. */
export interface TableRow {
  readonly cells: readonly string[]
  readonly line: number
}

interface Parsed {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

function linesIn(cells: readonly string[]): number {
  let lines = 0
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue
    lines += cell.match(/\r\n|\r|\n/gu)?.length ?? 0
  }
  return lines
}

/** The parser counts both characters of a line end inside a cell. */
const countedTwice = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\r\n') ? sum + cell.split('\r\n').length - 1 : sum), 0)

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')

const OPTIONS = { info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LIST_LIMITS.rowBytes } as const

type Fault = FileFault & { readonly line: number }

/** Why no more can be told from the text. A quote never closed was opened after the last whole row. */
function faultOf(failure: CsvError, lastLine: number, shift: number): Fault {
  const { lines, column } = failure as { readonly lines?: unknown; readonly column?: unknown }
  const isLong = failure.code === 'CSV_MAX_RECORD_SIZE'
  const isHere = !isLong && failure.code !== 'CSV_QUOTE_NOT_CLOSED' && typeof lines === 'number'
  return {
    code: isLong ? 'file.rowTooLong' : 'file.notCsv',
    line: (isHere ? lines : lastLine + 1) + shift,
    column: typeof column === 'number' ? column + 1 : null,
    field: null,
  }
}

/** The first rows of a text that may be cut off: a row begun is passed over. */
export function firstRows(text: string, delimiter: string, rowsMax: number): readonly (readonly string[])[] | FileFault {
  const rows: (readonly string[])[] = []
  let lastLine = 0
  let twice = 0
  try {
    parse(text, {
      ...OPTIONS,
      delimiter,
      to: rowsMax,
      // With `info`, rows come as the types do not say.
      on_record: (row: unknown) => {
        const { record, info } = row as Parsed
        lastLine = info.lines
        twice += countedTwice(record)
        if (!isBlank(record)) rows.push(record)
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED' || rows.length === 0) return faultOf(error, lastLine, -twice)
  }
  return rows
}

/** The parser, given its text a piece at a time. */
export class Records {
  readonly #parser: Parser
  readonly #linesBefore: number
  #rows: TableRow[] = []
  #wake: () => void = () => undefined
  #failure: CsvError | null = null
  #lastLine = 0
  #twice = 0

  constructor(delimiter: string, linesBefore: number) {
    this.#linesBefore = linesBefore
    this.#parser = new Parser({ ...OPTIONS, delimiter })
    this.#parser.on('data', ({ record, info }: Parsed) => {
      this.#lastLine = info.lines
      this.#twice += countedTwice(record)
      if (!isBlank(record)) this.#rows.push({ cells: record, line: info.lines + linesBefore - this.#twice - linesIn(record) })
    })
    this.#parser.on('end', () => this.#wake())
    this.#parser.on('error', (error: CsvError) => {
      this.#failure = error
      this.#wake()
    })
  }

  /** Rows that are whole by now. null: there is no more text. */
  async give(piece: string | null): Promise<readonly TableRow[]> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (this.#failure !== null) resolve()
      else if (piece === null) this.#parser.end()
      else this.#parser.write(piece, () => resolve())
    })
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  get fault(): Fault | null {
    return this.#failure === null ? null : faultOf(this.#failure, this.#lastLine, this.#linesBefore - this.#twice)
  }
}
