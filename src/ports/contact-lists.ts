/**
 * Files of contacts for campaigns, of any size: read as they arrive, judged row by row by the one validator that page, API and command
 * line share. Reading writes nothing: whoever reads stages what is handed over (`Contacts.startImport`).
 */
import type { Block, ListMapping, RowFault, StagedRow } from './contacts.ts'

/** How a file is to be read; null: told from the file. */
export interface ListFormat {
  /** A name of the Encoding Standard. */
  readonly encoding: string | null
  /** One character. */
  readonly delimiter: string | null
}

/**
 * Why a whole file is not taken. With `line` and `column` (from 1, of the file) where one place is at fault, `field`: a heading.
 * `mapping.unknown`: no column has that heading; `mapping.twice`: a column is mapped twice; `header.twice`: two columns have it.
 */
export interface FileFault {
  readonly code:
    | 'file.empty'
    | 'file.notCsv'
    | 'file.rowTooLong'
    | 'file.tooManyColumns'
    | 'encoding.unknown'
    | 'encoding.wrong'
    | 'header.noNumber'
    | 'header.twice'
    | 'mapping.unknown'
    | 'mapping.twice'
  readonly line: number | null
  readonly column: number | null
  readonly field: string | null
}

/** A file from its beginning. */
export interface ListLook {
  readonly encoding: string
  readonly delimiter: string
  readonly columns: readonly string[]
  /** The first rows, at most 20. */
  readonly rows: readonly (readonly string[])[]
  /** What each field probably is, by the headings. `phone` may be missing. */
  readonly mapping: Partial<ListMapping>
}

export interface ListRead {
  readonly encoding: string
  readonly delimiter: string
  /** Of all columns, as they are told by. */
  readonly headings: readonly string[]
  /** The list's own columns, in the order of the file. */
  readonly columns: readonly string[]
  readonly rows: number
  readonly bytes: number
  /** sha-256 of the file, hex. */
  readonly hash: string
}

/** Beside the solution's rules for numbers: the country of the list, and the zone of those whose country has several or none. */
export interface ListRules {
  readonly country: string
  readonly zone: string
}

/** A number of a do-not-call list. */
export interface ListedNumber {
  readonly number: string
  readonly reason: string | null
}

export interface ContactLists {
  /** `head`: the file's first bytes, a megabyte at most; where it was cut, a row begun is passed over. */
  look(head: Uint8Array, format: ListFormat): ListLook | FileFault
  /**
   * Hands over good rows and faults as it goes, in order, and waits for each to be taken, so that a file of any size is read in little
   * memory. `mapping` null: by the headings. A fault of the whole file ends it; what was handed over is then not to be used. Fails (`PortError`)
   * where the thread that reads is lost, and with what the file or the taking failed with.
   */
  read(
    file: AsyncIterable<Uint8Array>,
    how: ListFormat & { readonly mapping: ListMapping | null; readonly rules: ListRules },
    take: (rows: Block<StagedRow>, faults: Block<RowFault>, bytes: number) => Promise<void>,
  ): Promise<ListRead | FileFault>
  /** Numbers alone, for a do-not-call list: the column that holds them told by its heading, or the first. With a reason where a column is headed so. */
  readNumbers(
    file: AsyncIterable<Uint8Array>,
    rules: ListRules,
    take: (rows: readonly ListedNumber[], faults: readonly RowFault[]) => Promise<void>,
  ): Promise<{ readonly rows: number } | FileFault>
}
