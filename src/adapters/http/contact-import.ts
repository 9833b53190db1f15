/** A file of contacts into the directory: whole, or not at all. For the API and for the command line. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { ContactFile, ContactFiles } from '#ports/contact-files.ts'
import type { Directory } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { ImportReport } from '#wire/directory.ts'

export interface ImportParts {
  readonly directory: Directory
  readonly files: ContactFiles
  readonly numbers: Numbers
  readonly file: ContactFile
  readonly dryRun: boolean
  /** The good rows are imported though others have faults. */
  readonly skipFaulty: boolean
  readonly at: Ms
}

/** The report; `full` where the directory cannot hold so many. Nothing is written where the report has faults, save with `skipFaulty`. */
export async function importContacts(parts: ImportParts): Promise<ImportReport | 'full'> {
  const under = await parts.directory.startImport()
  try {
    const read = await parts.files.read(parts.file, parts.numbers, (drafts) => under.add(drafts))
    const isGood = !read.broken && (read.faults.length === 0 || parts.skipFaulty)
    const commit = isGood && !parts.dryRun
    const counts = await under.finish({ commit, at: parts.at })
    if (counts === null) return 'full'
    const { format, encoding, delimiter, columns, rows, faultyRows, broken, faults } = read
    return {
      format,
      encoding,
      delimiter,
      columns: [...columns],
      rows,
      ...counts,
      refused: faultyRows,
      written: commit,
      broken,
      faults: [...faults],
    }
  } catch (error) {
    await under.abandon()
    throw error
  }
}
