/** What ends a command: one clear line for whoever ran it, and the exit code. */
import type { FileError } from './solution/places.ts'

/** 1: it failed; 2: it was used wrongly. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: 1 | 2
  readonly errors: readonly FileError[]
  constructor(message: string, options: { readonly exitCode?: 1 | 2; readonly errors?: readonly FileError[] } = {}) {
    super(message)
    this.exitCode = options.exitCode ?? 1
    this.errors = options.errors ?? []
  }
}

/** One line per fault, as compilers write them. */
export const faultLines = (file: string, errors: readonly FileError[]): string =>
  errors.map(({ line, column, field, message }) => `${file}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message}`).join('\n')
