/** Files of contacts as people have them: tables (CSV) and vCards, read into drafts, and written. */
import type { Contact, ContactDraft } from './directory.ts'
import type { Numbers } from './numbers.ts'

/** `csv`: whatever the delimiter; `vcard`: 3.0 and 4.0. */
export type ContactFormat = 'csv' | 'vcard'

/** What a column of a table is taken for. `number` and `field` have their heading as label and as name; `label`: of a number beside it. */
export const COLUMN_USES = ['name', 'given', 'middle', 'family', 'company', 'number', 'label', 'field', 'id', 'skip'] as const
export type ColumnUse = (typeof COLUMN_USES)[number]

export interface ColumnRead {
  readonly heading: string
  readonly as: ColumnUse
  /** What stands in the first row. */
  readonly example: string
}

/** Why a row, a card, or a whole file is not taken. */
export type FaultReason =
  | 'encoding.unknown'
  | 'encoding.wrong'
  | 'file.empty'
  | 'file.tooManyRows'
  | 'header.columns'
  | 'header.noName'
  | 'header.noNumber'
  | 'header.twice'
  | 'header.unnamed'
  | 'name.missing'
  | 'number.invalid'
  | 'number.missing'
  | 'row.quote'
  | 'row.tooWide'
  | 'value.tooLong'
  | 'value.tooMany'
  | 'vcard.line'
  | 'vcard.unfinished'
  | 'vcard.version'

export interface ContactFault {
  /** From 1, as an editor counts. */
  readonly line: number
  /** CSV: the column, from 1. vCard: the character in the line, from 1. null: the whole line. */
  readonly column: number | null
  /** The column's heading, or the vCard's property. */
  readonly field: string | null
  readonly reason: FaultReason
}

export interface ContactFile {
  readonly bytes: Uint8Array
  /** null: told from the file. */
  readonly format: ContactFormat | null
  /** A name of the Encoding Standard (windows-1252, macintosh …); null: told from the file. */
  readonly encoding: string | null
  /** One character; null: told from the file. */
  readonly delimiter: string | null
  /** Of a table: what each column is, said by hand; null: told from the headings. */
  readonly columns: readonly ColumnUse[] | null
}

/** Rows (or cards) read, whether good or not, and what was wrong: at most `FAULTS_SHOWN` are told. */
export interface ContactsRead {
  readonly format: ContactFormat
  readonly encoding: string
  readonly delimiter: string | null
  /** Of a table: what each column was taken for, also where that is refused. */
  readonly columns: readonly ColumnRead[]
  readonly rows: number
  /** Rows with a fault; the others were handed over. */
  readonly faultyRows: number
  /** The file could not be read to its end: what was handed over is not to be used. */
  readonly broken: boolean
  readonly faults: readonly ContactFault[]
}

export const ROWS_MAX = 200_000
export const FAULTS_SHOWN = 200

export interface ContactFiles {
  /** Hands over the good rows as it goes, in order. Reads a little at a time, so that nothing else in the process waits long. */
  read(file: ContactFile, numbers: Numbers, take: (drafts: readonly ContactDraft[]) => Promise<void>): Promise<ContactsRead>
  /** A file that `read` makes the same contacts of. */
  write(
    format: ContactFormat,
    columns: { readonly fields: readonly string[]; readonly numbersMax: number },
  ): { readonly head: string; readonly contact: (contact: Contact) => string }
}
