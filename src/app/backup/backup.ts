/**
 * A backup: a folder with a copy of every file that cannot be made anew, all of one moment, and a manifest. Made under another name and
 * renamed when it is whole and durable, so what has the name is a backup.
 */
import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Disagreement } from '#adapters/sqlite/check/disagreement.ts'
import { openMoment } from '#adapters/sqlite/moment.ts'
import { PortError } from '#ports/errors.ts'
import { Failure } from '../failure.ts'
import { failedAt, makeFolder, realPlace, syncPath } from '../folders.ts'
import { type Contents, MANIFEST, type Manifest, manifestOf, type Part, partOf, SMALL, solutionId } from './manifest.ts'
import { figuresToLeaveOut, unsoundIn } from './soundness.ts'
import { refuseHalfRestored } from './swap.ts'

const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700

export interface Made {
  readonly manifest: Manifest
  readonly bytes: number
  /** How long writers beside the journal were held off. */
  readonly heldMs: number
  /** Figures that were damaged, and are not in it: they are counted anew. */
  readonly leftOut: Disagreement | null
}

const isWithin = (folder: string, other: string): boolean => {
  const way = path.relative(folder, other)
  return !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way))
}

async function copyAll(
  folder: string,
  to: string,
  without: readonly string[],
): Promise<{ readonly rest: Contents; readonly heldMs: number }> {
  const moment = await openMoment(folder, { without })
  const names: Part['name'][] = []
  try {
    for (const name of moment.names) {
      await moment.copy(name, path.join(to, name))
      names.push(name)
    }
  } finally {
    moment.close()
  }
  for (const name of SMALL) {
    if (!existsSync(path.join(folder, name))) continue
    makeFolder(path.dirname(path.join(to, name)), OWNER_ONLY_FOLDER)
    copyFileSync(path.join(folder, name), path.join(to, name))
    names.push(name)
  }
  const parts: Part[] = []
  for (const name of names) {
    chmodSync(path.join(to, name), OWNER_ONLY)
    syncPath(path.join(to, name))
    parts.push(await partOf(to, name))
  }
  const inForce = path.join(to, 'solution.version')
  const version = existsSync(inForce) ? readFileSync(inForce, 'utf8').trim() : ''
  const solution = { id: solutionId(to) ?? '', version }
  const { position, at, heldMs } = moment
  return { rest: { madeAt: new Date().toISOString(), solution, position, at, parts }, heldMs }
}

/** What could not be restored is not backed up as if it could. */
function refuseUnsound(folder: string, rest: Contents): void {
  const found = unsoundIn(folder, rest)
  if (found === null) return
  const { file, position, what } = found
  const place = position === null ? file : `${file}, fact ${position}`
  throw new Failure(`what is damaged is not backed up: ${place}: ${what}; see samtal check-journal`)
}

async function makeIn(part: string, folder: string): Promise<Made> {
  makeFolder(part, OWNER_ONLY_FOLDER)
  const leftOut = figuresToLeaveOut(folder)
  const { rest, heldMs } = await copyAll(folder, part, leftOut === null ? [] : [leftOut.file])
  refuseUnsound(part, rest)
  const manifest = manifestOf(rest)
  writeFileSync(path.join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: OWNER_ONLY })
  syncPath(path.join(part, MANIFEST))
  syncPath(part)
  return { manifest, heldMs, leftOut, bytes: manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0) }
}

function refusePlace(folder: string, out: string): void {
  if (existsSync(out)) throw new Failure(`there is something at ${out} already: a backup has a name of its own`)
  if (isWithin(realPlace(folder), realPlace(out)))
    throw new Failure('a backup is kept outside the data folder: what lies there is searched at an erasure, and lost with it')
}

/**
 * Whether the program runs on the folder or not. `tell` hears of it before it has its name; where that fails, there is none. Throws
 * `Failure` with one sentence where none can be made; then nothing is left.
 */
export async function backUp(folder: string, out: string, tell: (made: Manifest) => Promise<void> = async () => undefined): Promise<Made> {
  refuseHalfRestored(folder)
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  const part = `${out}.part-${process.pid}`
  try {
    refusePlace(folder, out)
    const made = await makeIn(part, folder)
    await tell(made.manifest)
    renameSync(part, out)
    syncPath(path.dirname(out))
    return made
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (error instanceof PortError) throw new Failure(error.message.replace(/^\w+\.\w+: /, ''))
    throw failedAt(`no backup can be made at ${out}`, error)
  }
}
