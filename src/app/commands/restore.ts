import path from 'node:path'
import { auditCommand } from '../audited.ts'
import { restore } from '../backup/restore.ts'
import type { Command } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'

export const run: Command['run'] = async (given, { out, err }) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  const erasures = given.text('erasures')
  const { manifest, ...restored } = await restore({
    folder,
    backup: path.resolve(given.words[0] ?? ''),
    replace: given.flag('replace'),
    log: (line) => err(`samtal: ${line}\n`),
    ...(erasures === undefined ? {} : { erasures }),
  })
  const { madeAt, position } = manifest
  await auditCommand(folder, 'data.restored', { details: { position, madeAt, ...restored } })
  if (given.flag('json')) {
    out(`${JSON.stringify({ ok: true, position, madeAt, ...restored })}\n`)
    return 0
  }
  out(`Restored to ${folder}: the backup of ${madeAt}, up to fact ${position}, ${restored.calls} calls.\n`)
  if (restored.erasures > 0) out(`Erasures since the backup, made again: ${restored.erasures}.\n`)
  if (restored.left > 0) out(`Calls that had outlived their retention, and left: ${restored.left}.\n`)
  if (restored.lost > 0) out(`Facts that came after it and are gone: ${restored.lost}.\n`)
  out(
    'Everybody signs in anew. Tokens withdrawn and numbers put on do-not-call lists since the backup are as they were then: look at them.\n',
  )
  return 0
}
