import { existsSync } from 'node:fs'
import path from 'node:path'
import { Compile } from 'typebox/compile'
import { contactResults } from '#adapters/http/contact-results.ts'
import { csvHeader, csvLine } from '#adapters/http/csv.ts'
import { textOf, whole } from '#adapters/http/list-file.ts'
import { callOf, join } from '#adapters/http/present.ts'
import { Refused } from '#adapters/http/problems.ts'
import { auditable, filterOf } from '#adapters/http/search.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openArchiveReader } from '#adapters/sqlite/archive.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Persons } from '#ports/journal.ts'
import { CallQuery } from '#wire/calls.ts'
import { refusals } from '#wire/refusals.ts'
import { auditCommand } from '../audited.ts'
import { refuseHalfRestored } from '../backup/swap.ts'
import type { Command, Given, Output } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'
import { solutionInForce } from '../in-force.ts'
import { openWritten } from '../written.ts'

const WORDS = ['from', 'to', 'number', 'queue', 'agent', 'direction', 'result', 'kind'] as const
const query = Compile(CallQuery)

const personsOf = (reader: JournalReader): Persons => ({
  find: async (number) => reader.find(number),
  get: async (ids) => new Map(reader.get(ids).map((row) => [row.personId, row])),
  note: async (noteId) => reader.text('note', noteId),
})

function filtersOf(given: Given): CallQuery {
  const asked = Object.fromEntries(WORDS.flatMap((name) => (given.text(name) === undefined ? [] : [[name, given.text(name)]])))
  if (query.Check(asked)) return asked
  const [fault] = query.Errors(asked)
  throw new Failure(`--${fault?.instancePath.slice(1) ?? ''} ${fault?.message ?? 'is not as it should be'}`, { exitCode: 2 })
}

type Format = 'csv' | 'ndjson'

/** Its contacts and what came of them. */
async function campaign(folder: string, id: string, format: Format, given: Given, output: Output): Promise<0> {
  const other = [...WORDS].find((name) => given.text(name) !== undefined)
  if (other !== undefined) throw new Failure(`--campaign writes all of its contacts: --${other} is for calls`, { exitCode: 2 })
  if (!existsSync(path.join(folder, 'contacts.db'))) throw new Failure(`there are no campaigns in ${folder}`)
  const contacts = openContacts({ folder })
  const target = given.text('out')
  try {
    if ((await contacts.imports(id)).length === 0) throw new Failure(`the campaign ${id} has no list`)
    const written = await openWritten(target)
    await auditCommand(folder, 'campaign.contactsExported', { on: [{ kind: 'campaign', id }], details: { as: format } })
    const results = await contactResults(contacts, id, format === 'csv' ? 'text/csv' : 'application/x-ndjson')
    for await (const text of textOf(results, whole)) await written.write(text)
    await written.close()
    if (target !== undefined)
      output.out(`the contacts of ${id} in ${target}
`)
    return 0
  } finally {
    await contacts.close()
  }
}

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  refuseHalfRestored(folder)
  const format = given.flag('json') ? 'ndjson' : (given.text('format') ?? 'csv')
  if (format !== 'csv' && format !== 'ndjson') throw new Failure('--format is csv or ndjson', { exitCode: 2 })
  const campaignId = given.text('campaign')
  return campaignId === undefined ? calls(folder, format, given, output) : campaign(folder, campaignId, format, given, output)
}

async function calls(folder: string, format: Format, given: Given, output: Output): Promise<0> {
  if (!existsSync(path.join(folder, 'archive.db'))) throw new Failure(`there is no archive in ${folder}`)
  const asked = filtersOf(given)
  const reader = new JournalReader(folder)
  const accounts = openAccounts({ folder })
  const archive = openArchiveReader({ folder })
  const target = given.text('out')
  try {
    const kit = await solutionInForce(folder, reader)
    const filter = filterOf(asked, kit.numbers, kit.solution.country)
    const users = new Map((await accounts.users()).map((one) => [one.name, one.displayName]))
    const searched = asked.number === undefined ? undefined : reader.find(kit.numbers.read(asked.number).number)
    const on = searched === undefined ? [] : [{ kind: 'person', id: searched }]
    const file = await openWritten(target)
    await auditCommand(folder, 'calls.exported', { on, details: { as: format, ...auditable(asked) } })
    let written = 0
    if (format === 'csv') await file.write(csvHeader)
    for await (const stories of archive.all(filter)) {
      const joined = await join(personsOf(reader), kit.solution, users, stories)
      await file.write(
        stories.map((story) => (format === 'csv' ? csvLine(callOf(joined, story)) : `${JSON.stringify(callOf(joined, story))}\n`)).join(''),
      )
      written += stories.length
      if (output.terminal && target !== undefined) output.err(`\r${written} calls`)
    }
    await file.close()
    if (target !== undefined) output.out(`${written} calls in ${target}\n`)
    return 0
  } catch (error) {
    if (error instanceof Refused) throw new Failure(`${refusals[error.code]?.en ?? error.code} (${error.field ?? ''})`, { exitCode: 2 })
    throw error
  } finally {
    reader.close()
    await Promise.all([archive.close(), accounts.close()])
  }
}
