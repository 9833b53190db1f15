import { type Command, dataOption, jsonOption } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { askReload } from '../control.ts'
import { faultLines } from '../failure.ts'

export const reload: Command = {
  name: 'reload',
  words: '',
  summary:
    'Let the running process read its solution file again. New calls are handled by it, calls in progress by the old one; refused, the old one stays.',
  example: 'samtal reload --data /var/lib/samtal',
  options: { data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, { out, err }) => {
    refuseDatabase(process.env)
    const answer = await askReload(dataFolderOf(given, process.env))
    if (given.flag('json')) out(`${JSON.stringify(answer)}\n`)
    else if (answer.ok) out(`Taken for new calls: ${answer.file ?? ''} (${answer.version?.slice(0, 12) ?? ''})\n`)
    else err(`samtal: the old solution stays:\n${answer.refused ?? faultLines(answer.file ?? '', answer.errors ?? [])}\n`)
    return answer.ok ? 0 : 1
  },
}
