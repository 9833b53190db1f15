import { constants, setPriority } from 'node:os'
import path from 'node:path'
import { auditCommand } from '../audited.ts'
import { backUp } from '../backup/backup.ts'
import type { Command } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'

const MB = 1_000_000

export const run: Command['run'] = async (given, { out, err }) => {
  refuseDatabase(process.env)
  const to = given.text('out')
  if (to === undefined) throw new Failure('where to? give --out FOLDER', { exitCode: 2 })
  // Calls come first, where the processor is short.
  setPriority(constants.priority.PRIORITY_LOW)
  const folder = dataFolderOf(given, process.env)
  const startedAt = performance.now()
  const { manifest, bytes, heldMs, leftOut } = await backUp(folder, path.resolve(to), ({ position }) =>
    auditCommand(folder, 'data.backedUp', { details: { position } }),
  )
  if (leftOut !== null)
    err(`samtal: ${leftOut.file} is damaged and not in the backup: where it is restored, figures are counted anew (${leftOut.what})\n`)
  const { position, solution } = manifest
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
  out(
    given.flag('json')
      ? `${JSON.stringify({ ok: true, out: path.resolve(to), position, solution: solution.id, bytes, seconds, heldMs: Math.ceil(heldMs) })}\n`
      : `Backed up to ${path.resolve(to)}: up to fact ${position}, ${manifest.parts.length} files, ${(bytes / MB).toFixed(1)} MB in ${seconds} s.\nKeep the erasures.list of now beside your backups: a backup that is restored forgets by it.\n`,
  )
  return 0
}
