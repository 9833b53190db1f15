import type { Command } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { askReload } from '../control.ts'
import { faultLines } from '../failure.ts'

export const run: Command['run'] = async (given, { out, err }) => {
  refuseDatabase(process.env)
  const answer = await askReload(dataFolderOf(given, process.env))
  if (given.flag('json')) out(`${JSON.stringify(answer)}\n`)
  else if (answer.ok) out(`Taken for new calls: ${answer.file ?? ''} (${answer.version?.slice(0, 12) ?? ''})\n`)
  else err(`samtal: the old solution stays:\n${answer.refused ?? faultLines(answer.file ?? '', answer.errors ?? [])}\n`)
  return answer.ok ? 0 : 1
}
