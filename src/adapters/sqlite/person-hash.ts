/**
 * A number as it is looked up: its HMAC-SHA-256 (first 16 bytes) under a key of the solution's own, kept in the data folder as
 * `persons.key`. Whoever has the table without the key cannot try all numbers against it.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const KEY_BYTES = 32
const HASH_BYTES = 16
const OWNER_ONLY = 0o600

const makeKey = (path: string): Buffer => {
  const key = randomBytes(KEY_BYTES)
  const file = openSync(path, 'wx', OWNER_ONLY)
  writeSync(file, key)
  fsyncSync(file)
  closeSync(file)
  return key
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const readKey = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export class PersonHash {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** Makes the key where there is none. */
  static open(folder: string): PersonHash {
    const path = join(folder, 'persons.key')
    return new PersonHash(readKey(path) ?? makeKey(path))
  }

  of(number: string): Buffer {
    return createHmac('sha256', this.#key).update(number).digest().subarray(0, HASH_BYTES)
  }
}
