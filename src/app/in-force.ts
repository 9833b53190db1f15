/** The solution last in force on a data folder, for commands that read it beside the running process. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { Failure } from './failure.ts'
import { readSolution, type SolutionRead } from './solution.ts'

/** Names of queues and agents, and how numbers are read. Throws `Failure` where nothing has run yet. */
export async function solutionInForce(folder: string, reader: JournalReader): Promise<SolutionRead> {
  const version = (await readFile(path.join(folder, 'solution.version'), 'utf8').catch(() => '')).trim()
  const text = reader.text('solution', version)
  const read = text === null ? null : readSolution(text, { personOf: (number) => reader.find(number) ?? number })
  if (read === null || 'errors' in read) throw new Failure(`nothing has run on ${folder} yet`)
  return read
}
