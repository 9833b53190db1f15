/** Files of contacts, read a little at a time and written: CSV by csv-parse, vCards by a reader of our own. */
import { setImmediate as turn } from 'node:timers/promises'
import {
  type ColumnRead,
  type ContactFault,
  type ContactFile,
  type ContactFiles,
  type ContactFormat,
  type ContactsRead,
  FAULTS_SHOWN,
  type FaultReason,
  ROWS_MAX,
} from '#ports/contact-files.ts'
import type { ContactDraft } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import { csvRows, type Read } from './csv.ts'
import { Decoding } from './decode.ts'
import { draftOf, type Wrong } from './draft.ts'
import { delimiterOf } from './records.ts'
import { vcards } from './vcard.ts'
import { csvWriter, vcardWriter } from './write.ts'

/** Rows read before others have their turn: some milliseconds. */
const ROWS_A_TURN = 25
const DRAFTS_AT_ONCE = 500

type Take = (drafts: readonly ContactDraft[]) => Promise<void>

class Reading {
  rows = 0
  faultyRows = 0
  readonly faults: ContactFault[] = []
  readonly #numbers: Numbers
  readonly #take: Take
  #good: ContactDraft[] = []

  constructor(numbers: Numbers, take: Take) {
    this.#numbers = numbers
    this.#take = take
  }

  fault({ at, reason }: Wrong): void {
    if (this.faults.length < FAULTS_SHOWN) this.faults.push({ ...at, reason })
  }

  /** False: the rest of the file cannot be read. */
  async one(read: Read): Promise<boolean> {
    if (!('row' in read) && read.whole) {
      this.fault(read.wrong)
      return false
    }
    this.rows += 1
    if (this.rows > ROWS_MAX) {
      const { line } = 'row' in read ? read.row : read.wrong.at
      this.fault({ at: { line, column: null, field: null }, reason: 'file.tooManyRows' })
      return false
    }
    const wrong = this.#wrongOf(read)
    if (wrong.length > 0) this.faultyRows += 1
    for (const fault of wrong) this.fault(fault)
    if (this.#good.length >= DRAFTS_AT_ONCE) await this.flush()
    if (this.rows % ROWS_A_TURN === 0) await turn()
    return true
  }

  #wrongOf(read: Read): readonly Wrong[] {
    if (!('row' in read)) return [read.wrong]
    const draft = draftOf(read.row, this.#numbers)
    if ('wrong' in draft) return draft.wrong
    this.#good.push(draft)
    return []
  }

  async flush(): Promise<void> {
    if (this.#good.length > 0) await this.#take(this.#good.splice(0))
  }
}

const formatOf = (text: string): ContactFormat => (/^\s*BEGIN:VCARD/iu.test(text) ? 'vcard' : 'csv')

async function read(file: ContactFile, numbers: Numbers, take: Take): Promise<ContactsRead> {
  const reading = new Reading(numbers, take)
  const atOnce = (reason: FaultReason): ContactsRead => ({
    format: file.format ?? 'csv',
    encoding: file.encoding ?? '',
    delimiter: null,
    columns: [],
    rows: 0,
    faultyRows: 0,
    broken: true,
    faults: [{ line: 1, column: null, field: null, reason }],
  })
  const decoding = new Decoding(file.encoding)
  const text = decoding.take(file.bytes, true)
  if (text === 'encoding.unknown' || text === 'encoding.wrong') return atOnce(text)
  const { encoding } = decoding
  if (text.trim() === '') return atOnce('file.empty')
  const format = file.format ?? formatOf(text)
  const found = delimiterOf(text)
  const delimiter = format === 'csv' ? (file.delimiter ?? found.delimiter) : null
  let columns: readonly ColumnRead[] = []
  const told = (seen: readonly ColumnRead[]): void => {
    columns = seen
  }
  const rows = delimiter === null ? vcards(text) : csvRows(text, { delimiter, skipped: found.skipped, columns: file.columns, told })
  let broken = false
  for await (const one of rows) {
    broken = !(await reading.one(one))
    if (broken) break
  }
  await reading.flush()
  if (reading.rows === 0 && reading.faults.length === 0) return atOnce('file.empty')
  return { format, encoding, delimiter, columns, rows: reading.rows, faultyRows: reading.faultyRows, broken, faults: reading.faults }
}

export const contactFiles: ContactFiles = {
  read,
  write: (format, columns) => (format === 'csv' ? csvWriter(columns) : vcardWriter),
}
