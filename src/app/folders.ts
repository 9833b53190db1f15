/** Folders and files of the machine as a command meets them: made, made durable, where they really lie, and in one line why they cannot be used. */
import { closeSync, fsyncSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { Failure } from './failure.ts'

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined)

/** What the operating system says against it, `ENOENT: no such file or directory, …`; null: it was not the system that failed. */
export const systemFault = (error: unknown): string | null =>
  error instanceof Error && typeof codeOf(error) === 'string' && typeof Reflect.get(error, 'syscall') === 'string' ? error.message : null

/** As a `Failure` that says of what it is, where the system failed; anything else as it came. */
export const failedAt = (what: string, error: unknown): unknown => {
  const fault = systemFault(error)
  return fault === null ? error : new Failure(`${what}: ${fault}`)
}

const isFolder = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Makes it, and each folder above it that is not there. Not by Node's `recursive`, which never ends where the system answers ENOENT though
 * the folder above is there, as below `/proc`.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  if (isFolder(folder)) return
  makeFolder(path.dirname(folder), mode)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST' || !isFolder(folder)) throw error
  }
}

/** The data folder, made where it is not there yet. Throws `Failure` where it cannot be. */
export function makeDataFolder(folder: string, mode?: number): void {
  try {
    makeFolder(folder, mode)
  } catch (error) {
    throw failedAt(`the data folder ${folder} cannot be used`, error)
  }
}

/** A file's bytes, or a folder's names, are on the disk when it returns. */
export const syncPath = (file: string): void => {
  const open = openSync(file, 'r')
  try {
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
}

/** Where something lies, or would, with every link on the way followed. */
export function realPlace(place: string): string {
  try {
    return realpathSync(place)
  } catch (error) {
    const above = path.dirname(place)
    if (codeOf(error) !== 'ENOENT' || above === place) throw error
    return path.join(realPlace(above), path.basename(place))
  }
}
