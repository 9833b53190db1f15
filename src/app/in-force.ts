/** The solution last in force on a data folder, for commands that read it beside the running process. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { Failure } from './failure.ts'
import { readSolution, type SolutionRead } from './solution.ts'

/** `solution.version` says it; where that is lost, or names none that is kept, the last fact of a solution taken. */
async function textInForce(folder: string, reader: JournalReader): Promise<string | null> {
  const noted = (await readFile(path.join(folder, 'solution.version'), 'utf8').catch(() => '')).trim()
  const text = reader.text('solution', noted)
  if (text !== null) return text
  const taken = reader.lastOf('solution.taken')
  return taken === null ? null : reader.text('solution', taken.version)
}

/** Names of queues and agents, and how numbers are read. Throws `Failure` where nothing has run yet. */
export async function solutionInForce(folder: string, reader: JournalReader): Promise<SolutionRead> {
  const text = await textInForce(folder, reader)
  if (text === null) throw new Failure(`nothing has run on ${folder} yet`)
  const read = readSolution(text, { personOf: (number) => reader.find(number) ?? number })
  if ('errors' in read) throw new Failure(`the solution kept in ${folder} cannot be read any more`)
  return read
}

/** Whether a solution was ever in force there: else nothing has run on it, whatever lies there. */
export async function hasRun(folder: string): Promise<boolean> {
  const reader = new JournalReader(folder)
  try {
    return (await textInForce(folder, reader)) !== null
  } finally {
    reader.close()
  }
}
