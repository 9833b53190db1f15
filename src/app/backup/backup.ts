/**
 * A backup: a folder with a copy of every file that cannot be made anew, all of one moment, and a manifest. Made under another name and
 * renamed when it is whole and durable, so what has the name is a backup.
 */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { JournalCheck } from '#adapters/sqlite/check/journal-check.ts'
import { openMoment } from '#adapters/sqlite/moment.ts'
import { PortError } from '#ports/errors.ts'
import { Failure } from '../failure.ts'
import { type Contents, MANIFEST, type Manifest, manifestOf, type Part, partOf, solutionId } from './manifest.ts'

const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700
/** Beside the databases, where there is one. The list of erasures is copied after the journal's moment: it may tell of more, never of less. */
export const SMALL = ['persons.key', 'erasures.list', 'solution.version', 'asterisk/samtal.json'] as const

export interface Made {
  readonly manifest: Manifest
  readonly bytes: number
  /** How long writers beside the journal were held off. */
  readonly heldMs: number
}

export const syncPath = (file: string): void => {
  const open = openSync(file, 'r')
  fsyncSync(open)
  closeSync(open)
}

const isWithin = (folder: string, other: string): boolean => {
  const way = path.relative(folder, other)
  return way === '' || !(way.startsWith('..') || path.isAbsolute(way))
}

async function copyAll(folder: string, to: string): Promise<{ readonly rest: Contents; readonly heldMs: number }> {
  const moment = await openMoment(folder)
  const names: string[] = []
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
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true, mode: OWNER_ONLY_FOLDER })
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

/** A journal that was damaged before is not backed up as if it were sound. */
function refuseDamaged(folder: string): void {
  const journal = new JournalCheck(folder)
  try {
    const facts = journal.facts(() => null)
    if ('what' in facts) throw new Failure(`the journal is damaged, and no backup is made of it: ${facts.what}; see samtal check-journal`)
  } finally {
    journal.close()
  }
}

/** Whether the program runs on the folder or not. Throws `Failure` with one sentence where none can be made; then nothing is left. */
export async function backUp(folder: string, out: string): Promise<Made> {
  if (!existsSync(path.join(folder, 'journal.db'))) throw new Failure(`there is no journal in ${folder}`)
  if (existsSync(out)) throw new Failure(`there is something at ${out} already: a backup has a name of its own`)
  if (isWithin(folder, out))
    throw new Failure('a backup is kept outside the data folder: what lies there is searched at an erasure, and lost with it')
  const part = `${out}.part-${process.pid}`
  try {
    mkdirSync(part, { recursive: true, mode: OWNER_ONLY_FOLDER })
    const { rest, heldMs } = await copyAll(folder, part)
    refuseDamaged(part)
    for (const left of ['journal.db-wal', 'journal.db-shm']) rmSync(path.join(part, left), { force: true })
    const manifest = manifestOf(rest)
    writeFileSync(path.join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: OWNER_ONLY })
    syncPath(path.join(part, MANIFEST))
    syncPath(part)
    renameSync(part, out)
    syncPath(path.dirname(out))
    return { manifest, heldMs, bytes: manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0) }
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (error instanceof PortError) throw new Failure(error.message)
    throw error
  }
}
