/**
 * Guards broken by hand: each is a patch of `tests/guards` that takes one guard out of the product. What stands before the patch itself
 * says which.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = 'tests/guards'

export interface Guard {
  /** Of its file, without the ending. */
  readonly name: string
  /** In a sentence: what no longer holds. */
  readonly breaks: string
  readonly patch: string
  /** What it changes. */
  readonly files: readonly string[]
}

/** In the order of their names. */
export function guardsIn(root: string): readonly Guard[] {
  const folder = path.join(root, FOLDER)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8')
      const begins = text.search(/^--- /mu)
      return {
        name: file.slice(0, -'.patch'.length),
        breaks: text.slice(0, Math.max(0, begins)).trim().replaceAll(/\s+/gu, ' '),
        patch: text.slice(begins),
        files: [...text.matchAll(/^\+\+\+ b\/(.+)$/gmu)].map(([, changed = '']) => changed),
      }
    })
}

/** Takes the guard out of the tree in this folder. `tries`: only says whether it could be. Returns why it cannot; null: it can. */
export function takeOut(guard: Guard, folder: string, tries = false): string | null {
  const git = spawnSync('git', ['apply', ...(tries ? ['--check'] : []), '-'], { cwd: folder, input: guard.patch, encoding: 'utf8' })
  if (git.error !== undefined) return `git could not be run: ${git.error.message}`
  return git.status === 0 ? null : `the patch does not apply any more: ${git.stderr.trim()}`
}
