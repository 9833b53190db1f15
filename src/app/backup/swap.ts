/**
 * Files of a data folder exchanged for restored ones: the old are set aside in it, the new take their place, then the old are removed. The
 * folder itself stays, for it may be a mount. What is interrupted anywhere is undone by the next `samtal restore`; until then nothing runs.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Failure } from '../failure.ts'
import { syncPath } from './backup.ts'

/** Where the restored files are made ready, and where the old ones wait. */
export const stagingIn = (folder: string): string => path.join(folder, 'restore.new')
const asideIn = (folder: string): string => path.join(folder, 'restore.old')
/** In it when all old files are there. */
const COMPLETE = 'complete'

/** What is ours to exchange: the stores, their logs, and what lies beside them. The audit log goes only where another comes. */
const DATABASES = ['journal', 'contacts', 'directory', 'accounts', 'audit', 'archive', 'figures']
const BESIDE = ['journal.mark', 'persons.key', 'erasures.list', 'solution.version']
const isOurs = (name: string): boolean =>
  BESIDE.includes(name) || DATABASES.some((one) => [`${one}.db`, `${one}.db-wal`, `${one}.db-shm`].includes(name))
const oursIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).filter(isOurs) : [])

const moveAll = (names: readonly string[], from: string, to: string): void => {
  for (const name of names) renameSync(path.join(from, name), path.join(to, name))
  syncPath(to)
  syncPath(from)
}

/** Throws `Failure` where an exchange was begun and not finished: neither all old files are there nor all new ones. */
export function refuseHalfRestored(folder: string): void {
  if (existsSync(asideIn(folder))) throw new Failure(`a restore of ${folder} was interrupted: run samtal restore again, it begins anew`)
}

/** Puts the old files back, where an exchange was interrupted. */
export function undoHalfRestored(folder: string): void {
  const aside = asideIn(folder)
  if (existsSync(aside)) {
    if (existsSync(path.join(aside, COMPLETE))) for (const name of oursIn(folder)) rmSync(path.join(folder, name))
    moveAll(oursIn(aside), aside, folder)
    rmSync(aside, { recursive: true })
  }
  rmSync(stagingIn(folder), { recursive: true, force: true })
}

/** The folder must be held. */
export function exchange(folder: string): void {
  const [staging, aside] = [stagingIn(folder), asideIn(folder)]
  mkdirSync(aside, { mode: 0o700 })
  moveAll(oursIn(folder), folder, aside)
  writeFileSync(path.join(aside, COMPLETE), '')
  syncPath(aside)
  moveAll(oursIn(staging), staging, folder)
  rmSync(staging, { recursive: true })
  rmSync(aside, { recursive: true })
  syncPath(folder)
}
