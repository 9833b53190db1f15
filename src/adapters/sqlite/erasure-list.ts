/**
 * Who was erased, `erasures.list` in the data folder: a line each, the instant and the keyed hash of the number (`person-hash.ts`), never
 * changed and only added to. It is a file of its own so that it can travel: a backup that is restored is held against the list of now,
 * and whoever was erased since is erased again before anybody is served. Without `persons.key` it tells nobody's number.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Ms } from '#core/kernel/kernel.ts'

export interface Erasure {
  readonly at: Ms
  /** Of the number, hex. */
  readonly hash: string
}

export const erasureListPath = (folder: string): string => join(folder, 'erasures.list')

const OWNER_ONLY = 0o600
const LINE = /^(\S+) ([0-9a-f]{32})$/u

const lineOf = ({ at, hash }: Erasure): string => `${new Date(at).toISOString()} ${hash}\n`

/** In the order they were written. A last line that was cut short by a power failure is passed over: its erasure was not confirmed. */
export const erasuresIn = (text: string): readonly Erasure[] =>
  text.split('\n').flatMap((line) => {
    const [, at = '', hash = ''] = LINE.exec(line) ?? []
    return hash === '' ? [] : [{ at: Date.parse(at), hash }]
  })

export const readErasures = (folder: string): readonly Erasure[] => {
  const path = erasureListPath(folder)
  return existsSync(path) ? erasuresIn(readFileSync(path, 'utf8')) : []
}

/** Durable when it returns. Begins with a line end, so that what a power failure left of a line spoils only itself. */
export const addErasures = (folder: string, erasures: readonly Erasure[]): void => {
  if (erasures.length === 0) return
  const file = openSync(erasureListPath(folder), 'a', OWNER_ONLY)
  try {
    writeSync(file, `\n${erasures.map(lineOf).join('')}`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Adds those of another list that this one lacks: for a backup that is restored. Returns how many. */
export const mergeErasures = (folder: string, others: readonly Erasure[]): number => {
  const known = new Set(readErasures(folder).map(lineOf))
  const fresh = others.filter((erasure) => !known.has(lineOf(erasure)))
  addErasures(folder, fresh)
  return fresh.length
}
