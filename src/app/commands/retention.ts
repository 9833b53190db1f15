import { existsSync } from 'node:fs'
import path from 'node:path'
import type { RetentionProgress } from '#engine/retention.ts'
import type { Command, Output } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { askControl, NotRunning } from '../control.ts'
import { Failure } from '../failure.ts'
import { DUE, type RetentionAnswer } from '../retaining.ts'
import { retainWhileStopped } from '../retaining-stopped.ts'

/** A run may take hours: who waits for it is told how far it is. */
const TOLD_EVERY_MS = 2_000
const DOING: Readonly<Record<RetentionProgress['doing'], string>> = {
  snapshot: 'the snapshot is made',
  calls: 'calls leave',
  facts: 'facts of no call leave',
  contacts: 'contacts of ended campaigns leave',
  audit: 'entries of the audit log leave',
  persons: 'it is looked for persons nobody refers to',
  wipe: 'what was left in the files is overwritten',
}

function telling(err: Output['err']): (progress: Partial<RetentionProgress>) => void {
  let next = performance.now() + TOLD_EVERY_MS
  return ({ doing, calls = 0, facts = 0, persons = 0 }) => {
    if (doing === undefined || performance.now() < next) return
    next = performance.now() + TOLD_EVERY_MS
    err(`samtal: ${calls} calls, ${facts} facts, ${persons} persons have left; ${DOING[doing]}\n`)
  }
}

async function ask(folder: string, word: string, { err }: Output): Promise<RetentionAnswer> {
  const working = telling(err)
  try {
    return await askControl<RetentionAnswer>(folder, { name: 'retention', line: word, working })
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error
  }
  return retainWhileStopped(
    folder,
    (line) => err(`samtal: ${line}\n`),
    (retaining) => retaining.ask(word, working),
  )
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  const answer = await ask(folder, given.flag('dry-run') ? DUE : 'run', output)
  if (given.flag('json')) output.out(`${JSON.stringify(answer)}\n`)
  else if (!answer.ok) output.err(`samtal: ${answer.refused}\n`)
  else if ('due' in answer) {
    const { calls, campaigns, horizons } = answer.due
    output.out(`Would leave: ${calls} calls (over before ${day(horizons.calls)}), contacts of ${campaigns} campaigns that ended\n`)
    for (const [id, at] of Object.entries(horizons.queues)) output.out(`  queue ${id}: over before ${day(at)}\n`)
    output.out(`  campaigns that ended before ${day(horizons.contacts)}; entries of the audit log from before ${day(horizons.audit)}\n`)
  } else {
    const { calls, facts, persons, campaigns, auditEntries } = answer.left
    const rest = `contacts of ${campaigns} campaigns, ${auditEntries} entries of the audit log`
    output.out(`Left: ${calls} calls with ${facts} facts, ${persons} persons nobody refers to, ${rest}\n`)
  }
  return answer.ok ? 0 : 1
}
