/** Contacts of the directory from a file, and into one. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import { importContacts } from '#adapters/http/contact-import.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { COLUMN_USES, type ColumnUse, type ContactFormat, type FaultReason } from '#ports/contact-files.ts'
import type { ContactPage, Directory } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { ImportReport } from '#wire/directory.ts'
import { auditCommand } from '../audited.ts'
import { refuseHalfRestored } from '../backup/swap.ts'
import type { Command, Given, Output } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure, faultLines } from '../failure.ts'
import { makeDataFolder } from '../folders.ts'
import { solutionInForce } from '../in-force.ts'
import { readSolution } from '../solution.ts'
import { openWritten } from '../written.ts'

const PAGE = 1_000

const SENTENCES: Readonly<Record<FaultReason, string>> = {
  'encoding.unknown': 'there is no encoding of that name',
  'encoding.wrong': 'the characters are not of that encoding',
  'file.empty': 'there is nothing to import in it',
  'file.tooManyRows': 'more rows than can be imported at once',
  'header.columns': '--columns names another number of columns than there are',
  'header.noName': 'no column is a name; --columns says which is what',
  'header.noNumber': 'no column is a number; --columns says which is what',
  'header.twice': 'this is said of two columns',
  'header.unnamed': 'a field of your own needs a heading',
  'name.missing': 'a name is missing',
  'number.invalid': 'this is no telephone number',
  'number.missing': 'there is no number',
  'row.quote': 'a quotation mark is not closed, or stands where none may',
  'row.tooWide': 'the row has more cells than there are headings',
  'value.tooLong': 'this is too long',
  'value.tooMany': 'too many numbers or fields',
  'vcard.line': 'this is no line of a vCard',
  'vcard.unfinished': 'the card has no end',
  'vcard.version': 'only vCards 3.0 and 4.0 can be read',
}

const faultsOf = (file: string, { faults }: ImportReport): string =>
  faults
    .map(({ line, column, field, reason }) => {
      const place = [file, line, ...(column === null ? [] : [column])].join(':')
      return `${place}: ${field === null || field === '' ? '' : `${field}: `}${SENTENCES[reason]}`
    })
    .join('\n')

/** How numbers are read: by the solution in force on the data folder, or by the one of a file. */
async function numbersFor(folder: string, file: string | undefined): Promise<Numbers> {
  if (file === undefined) {
    if (!existsSync(path.join(folder, 'journal.db')))
      throw new Failure(`nothing has run on ${folder} yet: say by --solution how numbers are read`)
    const reader = new JournalReader(folder)
    try {
      return (await solutionInForce(folder, reader)).numbers
    } finally {
      reader.close()
    }
  }
  const read = readSolution(await textOf(file), { personOf: (number) => number })
  if ('errors' in read) throw new Failure(`${file} is not taken:\n${faultLines(file, read.errors)}`, { errors: read.errors })
  return read.numbers
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
}
const textOf = async (file: string): Promise<string> => (await bytesOf(file)).toString('utf8')

function formatOf(given: Given): ContactFormat | null {
  const format = given.text('format') ?? null
  if (format !== null && format !== 'csv' && format !== 'vcard') throw new Failure('--format is csv or vcard', { exitCode: 2 })
  return format
}

function columnsOf(given: Given): readonly ColumnUse[] | null {
  const said = given.text('columns')
  if (said === undefined) return null
  return said.split(',').map((word) => {
    const use = COLUMN_USES.find((one) => one === word.trim())
    if (use === undefined) throw new Failure(`--columns: ${word} is none of ${COLUMN_USES.join(', ')}`, { exitCode: 2 })
    return use
  })
}

async function bringIn(file: string, folder: string, directory: Directory, given: Given, { out, err }: Output): Promise<0 | 1> {
  const dryRun = given.flag('dry-run')
  const report = await importContacts({
    directory,
    files: contactFiles,
    numbers: await numbersFor(folder, given.text('solution')),
    file: {
      bytes: await bytesOf(file),
      format: formatOf(given),
      encoding: given.text('encoding') ?? null,
      delimiter: given.text('delimiter') ?? null,
      columns: columnsOf(given),
    },
    dryRun,
    skipFaulty: given.flag('skip-faulty'),
    at: Date.now(),
  })
  if (report === 'full') throw new Failure('the directory holds as many contacts as it may')
  const { format, rows, added, changed, unchanged, refused, written, faults } = report
  const details = { format, rows, added, changed, unchanged, refused }
  if (written) await auditCommand(folder, 'contacts.imported', { details })
  const isGood = written || (dryRun && faults.length === 0)
  if (given.flag('json')) out(`${JSON.stringify({ ok: isGood, ...report })}\n`)
  else {
    if (faults.length > 0) err(`${faultsOf(file, report)}\n`)
    const counts = `${rows} rows: ${added} new, ${changed} changed, ${unchanged} there already, ${refused} not taken`
    if (dryRun && report.columns.length > 0) out(`Columns: ${report.columns.map(({ heading, as }) => `${heading} = ${as}`).join(', ')}\n`)
    out(`${written ? 'Imported' : 'Nothing imported'}. ${counts}\n`)
  }
  return isGood ? 0 : 1
}

async function takeOut(file: string, folder: string, directory: Directory, given: Given, { out }: Output): Promise<0 | 1> {
  const format = formatOf(given) ?? (/\.vcf$/iu.test(file) ? 'vcard' : 'csv')
  const written = await openWritten(file)
  await auditCommand(folder, 'contacts.exported', { details: { as: format } })
  const { head, contact } = contactFiles.write(format, await directory.columns())
  await written.write(head)
  let [contacts, after]: [number, string | null] = [0, null]
  do {
    const page: ContactPage = await directory.search({ words: [], bare: false, digits: null, after, limit: PAGE })
    await written.write(page.contacts.map(contact).join(''))
    contacts += page.contacts.length
    after = page.next
  } while (after !== null)
  await written.close()
  out(given.flag('json') ? `${JSON.stringify({ ok: true, contacts })}\n` : `${contacts} contacts in ${file}\n`)
  return 0
}

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const [what = '', file = ''] = given.words
  if (what !== 'import' && what !== 'export')
    throw new Failure(`contacts ${what}? there is contacts import and contacts export`, { exitCode: 2 })
  if ((given.text('delimiter') ?? ',').length !== 1) throw new Failure('--delimiter is one character', { exitCode: 2 })
  formatOf(given)
  columnsOf(given)
  const folder = dataFolderOf(given, process.env)
  makeDataFolder(folder)
  refuseHalfRestored(folder)
  const directory = openDirectory({ folder })
  try {
    return await (what === 'import' ? bringIn : takeOut)(file, folder, directory, given, output)
  } finally {
    await directory.close()
  }
}
