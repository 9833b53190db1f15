/** Files of contacts for campaigns, read as they arrive: tables (CSV) by csv-parse, each row judged in `row.ts`. */
import { createHash } from 'node:crypto'
import type { ContactLists, FileFault, ListedNumber, ListFormat, ListLook, ListRead, ListRules } from '#ports/contact-lists.ts'
import { FAULT_VALUE_LENGTH, type ListMapping, type RowFault, type StagedRow } from '#ports/contacts.ts'
import type { Numbers } from '#ports/numbers.ts'
import { Decoding } from './decode.ts'
import { type Columns, columnsOf, guessed, headingsOf } from './headings.ts'
import { delimiterOf, firstRows, PIECE, Records, type TableRow } from './records.ts'
import { judged } from './row.ts'

/** Values handed over at a time, those every contact has counted as ten: what they cost on their way to another thread is some milliseconds. */
const AT_ONCE = 5_000
const COMMON = 10
const ROWS_SHOWN = 20
/** Characters by which the delimiter is told. */
const HEAD = 64 * 1024

const isFault = (one: object): one is FileFault => 'code' in one
const faultAt = (code: FileFault['code'], line: number | null): FileFault => ({ code, line, column: null, field: null })

/** Rows of a file, header included, as its bytes come in. */
class Table {
  readonly #format: ListFormat
  readonly #decoding: Decoding
  #head = ''
  #records: Records | null = null
  #fault: FileFault | null = null
  delimiter = ','

  constructor(format: ListFormat) {
    this.#format = format
    this.#decoding = new Decoding(format.encoding)
  }

  get encoding(): string {
    return this.#decoding.encoding
  }

  get fault(): FileFault | null {
    return this.#fault ?? this.#records?.fault ?? null
  }

  /** `isLast`: nothing follows. After a fault nothing more is told. */
  async *take(bytes: Uint8Array, isLast: boolean): AsyncGenerator<readonly TableRow[]> {
    const text = this.#decoding.take(bytes, isLast)
    if (text === 'encoding.unknown' || text === 'encoding.wrong') {
      this.#fault = faultAt(text, text === 'encoding.unknown' ? null : this.#decoding.line)
      return
    }
    yield* this.#parsed(text, isLast)
  }

  async *#parsed(text: string, isLast: boolean): AsyncGenerator<readonly TableRow[]> {
    let rest = text
    if (this.#records === null) {
      this.#head += text
      // No table has it, and every picture, archive or workbook has.
      if (this.#head.includes('\0')) this.#fault = faultAt('file.notCsv', 1)
      if (this.#fault !== null || (this.#head.length < HEAD && !isLast)) return
      const { delimiter, skipped } = delimiterOf(this.#head)
      this.delimiter = this.#format.delimiter ?? delimiter
      this.#records = new Records(this.delimiter, skipped > 0 ? 1 : 0)
      rest = this.#head.slice(skipped)
      this.#head = ''
    }
    for (let at = 0; at < rest.length && this.fault === null; at += PIECE) yield await this.#records.give(rest.slice(at, at + PIECE))
    if (isLast && this.fault === null) yield await this.#records.give(null)
  }
}

async function* piecesOf(file: AsyncIterable<Uint8Array>): AsyncGenerator<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
  for await (const bytes of file) yield { bytes, isLast: false }
  yield { bytes: new Uint8Array(), isLast: true }
}

/** Hands over in order, one batch being taken while the next is read. */
class Batches<T> {
  readonly #take: (rows: readonly T[], faults: readonly RowFault[]) => Promise<void>
  #rows: T[] = []
  #faults: RowFault[] = []
  #values = 0
  #taken: Promise<{ readonly error: unknown } | null> = Promise.resolve(null)

  constructor(take: (rows: readonly T[], faults: readonly RowFault[]) => Promise<void>) {
    this.#take = take
  }

  /** `columns`: how many values a row has beside those all have. */
  async add(rows: readonly T[], faults: readonly RowFault[], columns: number): Promise<void> {
    this.#rows.push(...rows)
    this.#faults.push(...faults)
    this.#values += rows.length * (columns + COMMON) + faults.length
    if (this.#values >= AT_ONCE) await this.flush()
  }

  async flush(): Promise<void> {
    await this.taken()
    const [rows, faults] = [this.#rows, this.#faults]
    this.#rows = []
    this.#faults = []
    this.#values = 0
    this.#taken = this.#take(rows, faults).then(
      () => null,
      (error: unknown) => ({ error }),
    )
  }

  /** Throws what the taking of the batch before threw. */
  async taken(): Promise<void> {
    const failed = await this.#taken
    if (failed !== null) throw failed.error
  }
}

interface Reading {
  readonly format: ListFormat
  /** The header, and the first rows under it; a fault where it is none. */
  readonly header: (row: TableRow, first: readonly TableRow[]) => FileFault | null
  readonly row: (row: TableRow, number: number) => Promise<void>
  readonly bytes: (bytes: Uint8Array) => void
}

/** Every row of a file in turn; how many there were after the header, or why it cannot be read. */
async function eachRow(
  file: AsyncIterable<Uint8Array>,
  reading: Reading,
): Promise<{ readonly table: Table; readonly rows: number } | FileFault> {
  const table = new Table(reading.format)
  let rows = 0
  /** The header and the first rows, until there are as many as a look shows; then null. */
  let first: TableRow[] | null = []
  const one = async (row: TableRow): Promise<void> => {
    rows += 1
    await reading.row(row, rows)
  }
  const begin = async (): Promise<FileFault | null> => {
    const [header, ...under] = first ?? []
    first = null
    const fault = header === undefined ? null : reading.header(header, under)
    if (fault === null) for (const row of under) await one(row)
    return fault
  }
  for await (const { bytes, isLast } of piecesOf(file)) {
    reading.bytes(bytes)
    for await (const block of table.take(bytes, isLast))
      for (const row of block) {
        if (first === null) await one(row)
        else first.push(row)
        const fault = first !== null && first.length > ROWS_SHOWN ? await begin() : null
        if (fault !== null) return fault
      }
    if (table.fault !== null) return table.fault
  }
  const fault = await begin()
  if (fault !== null) return fault
  return rows < 1 ? faultAt('file.empty', 1) : { table, rows }
}

async function read(
  numbers: Numbers,
  file: AsyncIterable<Uint8Array>,
  how: ListFormat & { readonly mapping: ListMapping | null; readonly rules: ListRules },
  take: (rows: readonly StagedRow[], faults: readonly RowFault[], bytes: number) => Promise<void>,
): Promise<ListRead | FileFault> {
  let columns: Columns | null = null
  let bytes = 0
  const hash = createHash('sha256')
  const batches = new Batches<StagedRow>((rows, faults) => take(rows, faults, bytes))
  const done = await eachRow(file, {
    format: how,
    header: ({ cells, line }, first) => {
      const rows = first.map((row) => row.cells)
      const found = columnsOf(headingsOf(cells), how.mapping, line, rows)
      if (isFault(found)) return found
      columns = found
      return null
    },
    row: async (row, number) => {
      if (columns === null) return
      const one = judged(row, number, columns, numbers, how.rules)
      await ('faults' in one ? batches.add([], one.faults, 0) : batches.add([one], [], columns.own.length))
    },
    bytes: (piece) => {
      bytes += piece.length
      hash.update(piece)
    },
  })
  if (isFault(done)) {
    await batches.taken()
    return done
  }
  await batches.flush()
  await batches.taken()
  const { table, rows } = done
  const { headings = [], own = [] }: Partial<Columns> = (columns as Columns | null) ?? {}
  return {
    ...{ encoding: table.encoding, delimiter: table.delimiter, headings, columns: own.map(({ name }) => name) },
    ...{ rows, bytes, hash: hash.digest('hex') },
  }
}

/** The column of numbers and that of reasons, by their headings; a file without a header begins with a number. */
async function readNumbers(
  numbers: Numbers,
  file: AsyncIterable<Uint8Array>,
  { country }: ListRules,
  take: (rows: readonly ListedNumber[], faults: readonly RowFault[]) => Promise<void>,
): Promise<{ readonly rows: number } | FileFault> {
  const batches = new Batches(take)
  let [phone, reason, heading]: [number, number, string | null] = [0, -1, null]
  let first: TableRow | null = null
  const one = async ({ cells, line }: TableRow, row: number): Promise<void> => {
    const text = (cells[phone] ?? '').replace(/^'/u, '').trim()
    const read = numbers.read(text, country)
    const isNone = text === '' || read.barred === 'invalid' || read.barred === 'emergency'
    const code = text === '' ? 'number.missing' : `number.${read.barred}`
    const value = text === '' ? {} : { value: text.slice(0, FAULT_VALUE_LENGTH) }
    if (isNone) await batches.add([], [{ row, line, column: heading, code, ...value }], 0)
    else await batches.add([{ number: read.number, reason: reason === -1 ? null : cells[reason]?.trim() || null }], [], 0)
  }
  const done = await eachRow(file, {
    format: { encoding: null, delimiter: null },
    header: (row) => {
      const headings = headingsOf(row.cells)
      const named = guessed(headings).phone
      if (named === undefined && numbers.read(headings[0] ?? '', country).barred !== 'invalid') first = row
      phone = named === undefined ? 0 : headings.indexOf(named)
      heading = first === null ? (headings[phone] ?? null) : null
      reason = first === null ? headings.findIndex((text) => /^(?:reason|orsak|skäl)$/iu.test(text)) : -1
      return null
    },
    row: async (row, number) => {
      if (number === 1 && first !== null) await one(first, 1)
      await one(row, number + (first === null ? 0 : 1))
    },
    bytes: () => undefined,
  })
  const alone = first as TableRow | null
  if (isFault(done) && !(done.code === 'file.empty' && alone !== null)) {
    await batches.taken()
    return done
  }
  const rows = isFault(done) ? 0 : done.rows
  if (rows === 0 && alone !== null) await one(alone, 1)
  await batches.flush()
  await batches.taken()
  return { rows: rows + (alone === null ? 0 : 1) }
}

/** In one go: a megabyte at most. */
function look(head: Uint8Array, format: ListFormat): ListLook | FileFault {
  const decoding = new Decoding(format.encoding)
  const text = decoding.take(head, false)
  if (text === 'encoding.unknown' || text === 'encoding.wrong') return faultAt(text, text === 'encoding.unknown' ? null : decoding.line)
  if (text.includes('\0')) return faultAt('file.notCsv', 1)
  const { delimiter, skipped } = delimiterOf(text)
  const seen = firstRows(text.slice(skipped), format.delimiter ?? delimiter, 1 + ROWS_SHOWN)
  if (isFault(seen)) return seen
  const [header, ...rows] = seen
  if (header === undefined) return faultAt('file.empty', 1)
  const columns = headingsOf(header)
  return { encoding: decoding.encoding, delimiter: format.delimiter ?? delimiter, columns, rows, mapping: guessed(columns, rows) }
}

/** `numbers`: by the solution's rules as they are when a file begins. On the thread of whoever asks, which has no turn for anything else meanwhile. */
export const contactLists = (numbers: () => Numbers): ContactLists => ({
  look,
  read: (file, how, take) => read(numbers(), file, how, take),
  readNumbers: (file, rules, take) => readNumbers(numbers(), file, rules, take),
})
