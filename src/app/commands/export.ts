import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import path from 'node:path'
import { Compile } from 'typebox/compile'
import { csvHeader, csvLine } from '#adapters/http/csv.ts'
import { callOf, join } from '#adapters/http/present.ts'
import { Refused } from '#adapters/http/problems.ts'
import { filterOf } from '#adapters/http/search.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import { openArchiveReader } from '#adapters/sqlite/archive.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Persons } from '#ports/journal.ts'
import { CallQuery } from '#wire/calls.ts'
import { refusals } from '#wire/refusals.ts'
import type { Command, Given } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'
import { solutionInForce } from '../in-force.ts'

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

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  const format = given.flag('json') ? 'ndjson' : (given.text('format') ?? 'csv')
  if (format !== 'csv' && format !== 'ndjson') throw new Failure('--format is csv or ndjson', { exitCode: 2 })
  if (!existsSync(path.join(folder, 'archive.db'))) throw new Failure(`there is no archive in ${folder}`)
  const asked = filtersOf(given)
  const reader = new JournalReader(folder)
  const accounts = openAccounts({ folder })
  const archive = openArchiveReader({ folder })
  const target = given.text('out')
  const stream = target === undefined ? process.stdout : createWriteStream(target)
  try {
    const kit = await solutionInForce(folder, reader)
    const filter = filterOf(asked, kit.numbers, kit.solution.country)
    const users = new Map((await accounts.users()).map((one) => [one.name, one.displayName]))
    await accounts.audit({ at: Date.now(), user: null, what: 'calls.exported', about: { as: format, by: 'command line' } })
    const write = async (text: string) => void (stream.write(text) || (await once(stream, 'drain')))
    let calls = 0
    if (format === 'csv') await write(csvHeader)
    for await (const stories of archive.all(filter)) {
      const joined = await join(personsOf(reader), kit.solution, users, stories)
      await write(
        stories.map((story) => (format === 'csv' ? csvLine(callOf(joined, story)) : `${JSON.stringify(callOf(joined, story))}\n`)).join(''),
      )
      calls += stories.length
      if (output.terminal && target !== undefined) output.err(`\r${calls} calls`)
    }
    if (target !== undefined) {
      stream.end()
      await once(stream, 'finish')
      output.out(`${calls} calls in ${target}\n`)
    }
    return 0
  } catch (error) {
    if (error instanceof Refused) throw new Failure(`${refusals[error.code]?.en ?? error.code} (${error.field ?? ''})`, { exitCode: 2 })
    throw error
  } finally {
    reader.close()
    await Promise.all([archive.close(), accounts.close()])
  }
}
