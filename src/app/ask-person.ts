/** Asks of one person: the running process, or the data folder itself where none runs. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Output } from './command.ts'
import { askControl, NotRunning } from './control.ts'
import { Failure } from './failure.ts'
import { whileStopped } from './stopped.ts'

export async function askPerson<T>(folder: string, what: 'erase' | 'copy', number: string, { err }: Output): Promise<T> {
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  try {
    return await askControl<T>(folder, { name: what, line: number })
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error
  }
  return whileStopped(
    folder,
    (line) => err(`samtal: ${line}\n`),
    async ({ controls }) => (await controls[what]?.(number, () => undefined)) as T,
  )
}
