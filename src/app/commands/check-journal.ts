import { existsSync } from 'node:fs'
import path from 'node:path'
import { checkFolder } from '../checking.ts'
import type { Command } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'

export const run: Command['run'] = async (given, { out, err, terminal }) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  const startedAt = performance.now()
  const progress = (facts: number): void => {
    if (terminal) err(`\rfact ${facts}`)
  }
  const { checked, disagreement } = checkFolder({ folder, progress })
  if (terminal) err('\r')
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
  if (given.flag('json')) {
    out(`${JSON.stringify({ ok: disagreement === null, checked, disagreement, seconds })}\n`)
    return disagreement === null ? 0 : 1
  }
  for (const line of checked) out(`${line}\n`)
  if (disagreement === null) out(`Everything agrees (${seconds} s).\n`)
  else {
    const { file, position, what } = disagreement
    err(`samtal: ${file}${position === null ? '' : `, fact ${position}`}: ${what}\n`)
  }
  return disagreement === null ? 0 : 1
}
