/**
 * Files of a data folder exchanged for restored ones: the old are set aside in it, the new take their place, then the old are removed. The
 * folder itself stays, for it may be a mount. Whatever is interrupted anywhere, the exchange or its undoing, is undone by the next `samtal
 * restore`; until then nothing runs. What decides is which of these there is, each made and taken away durably before the next step:
 *
 * restore.old without `complete`: the old files are in it or still in place, and no new one is ─▶ those in it go back
 * restore.old with `complete`: every old file is in it, and whatever is in place is new ─▶ that is removed, then `complete`, then as above
 * restore.gone: every new file is in place ─▶ it is removed
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Failure } from '../failure.ts'
import { syncPath } from '../folders.ts'

/** Where the restored files are made ready, and where the old ones wait. */
export const stagingIn = (folder: string): string => path.join(folder, 'restore.new')
const asideIn = (folder: string): string => path.join(folder, 'restore.old')
/** Old files nobody needs any more: of another name, for one that is half removed must not be taken for one that is to be put back. */
const goneIn = (folder: string): string => path.join(folder, 'restore.gone')
/** In `restore.old` when all old files are there. */
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

/** Removes what a restore that is over left: old files, or what it had made ready. The folder must be held. */
export function removeLeftovers(folder: string): void {
  for (const left of [goneIn(folder), stagingIn(folder)]) rmSync(left, { recursive: true, force: true })
}

/** Puts the old files back, where an exchange was interrupted, or this was. The folder must be held. */
export function undoHalfRestored(folder: string): void {
  const aside = asideIn(folder)
  if (existsSync(aside)) {
    const complete = path.join(aside, COMPLETE)
    if (existsSync(complete)) {
      for (const name of oursIn(folder)) rmSync(path.join(folder, name))
      syncPath(folder)
      // From here on what is in place is old, and never removed again.
      rmSync(complete)
      syncPath(aside)
    }
    moveAll(oursIn(aside), aside, folder)
    rmSync(aside, { recursive: true })
    syncPath(folder)
  }
  removeLeftovers(folder)
}

/** The folder must be held, and nothing of an earlier exchange be left. */
export function exchange(folder: string): void {
  const [staging, aside] = [stagingIn(folder), asideIn(folder)]
  // The old files are not let go for new ones that are only in memory yet.
  for (const name of oursIn(staging)) syncPath(path.join(staging, name))
  mkdirSync(aside, { mode: 0o700 })
  syncPath(folder)
  moveAll(oursIn(folder), folder, aside)
  writeFileSync(path.join(aside, COMPLETE), '')
  syncPath(path.join(aside, COMPLETE))
  syncPath(aside)
  moveAll(oursIn(staging), staging, folder)
  renameSync(aside, goneIn(folder))
  syncPath(folder)
  removeLeftovers(folder)
}
