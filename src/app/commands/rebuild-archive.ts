import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { dumpArchive } from '#adapters/sqlite/archive.ts'
import { forgetFigures } from '#adapters/sqlite/figures-file.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { holdFolder } from '#adapters/sqlite/lock.ts'
import { PortError } from '#ports/errors.ts'
import { auditCommand } from '../audited.ts'
import type { Command, Output } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'
import { rebuildArchive } from '../rebuilding.ts'

/** Drops the archive and makes it anew from the journal's facts. The folder must be held. */
function rebuild(folder: string, { err, terminal }: Output): { facts: number; calls: number; sha256: string } {
  const facts = rebuildArchive({
    folder,
    into: folder,
    progress: (read) => terminal && err(`\r${read} facts`),
    failed: (line) => err(`samtal: ${line}\n`),
  })
  if (terminal) err('\r')
  const hash = createHash('sha256')
  let calls = 0
  for (const line of dumpArchive(folder)) {
    hash.update(line)
    calls += 1
  }
  return { facts, calls, sha256: hash.digest('hex') }
}

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const folder = dataFolderOf(given, process.env)
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  const lock = hold(folder)
  try {
    const startedAt = performance.now()
    // The figures of campaigns are another reading of the journal: the next start counts them anew, where every fact of them is there.
    if (!haveFactsLeft(folder)) forgetFigures(folder)
    const { facts, calls, sha256 } = rebuild(folder, output)
    await auditCommand(folder, 'archive.rebuilt', { details: { calls, facts } })
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
    output.out(
      given.flag('json')
        ? `${JSON.stringify({ ok: true, calls, facts, seconds, sha256 })}\n`
        : `${calls} calls from ${facts} facts in ${seconds} s; sha-256 ${sha256}\n`,
    )
    return 0
  } finally {
    lock.release()
  }
}

function haveFactsLeft(folder: string): boolean {
  const reader = new JournalReader(folder)
  try {
    return reader.gone() > 0
  } finally {
    reader.close()
  }
}

function hold(folder: string): { release(): void } {
  try {
    return holdFolder(folder)
  } catch (error) {
    if (error instanceof PortError) throw new Failure(error.message.replace(/^\w+\.\w+: /, ''))
    throw error
  }
}
