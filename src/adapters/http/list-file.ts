/**
 * A list sent as a file: its rows as data, and how one becomes a line. A handler gives this and never text of its own making, so that
 * every row goes through the mask of whoever asked before it is written (masking.ts).
 */
import type { Mask } from './masking.ts'

export interface ListFile<T> {
  /** The line above the rows, its end with it; empty: none. */
  readonly head: string
  readonly blocks: AsyncIterable<readonly T[]> | Iterable<readonly T[]>
  readonly line: (row: T) => string
}

/** Looked up anew for each block: a long file outlives a change of who sees what. */
export type MaskNow = () => Mask | null
export const whole: MaskNow = () => null

export async function* textOf<T>({ head, blocks, line }: ListFile<T>, maskNow: MaskNow): AsyncGenerator<string> {
  if (head !== '') yield head
  for await (const block of blocks) {
    const mask = maskNow()
    yield (mask === null ? block : mask(block)).map(line).join('')
  }
}

/** What a handler answers where it sends a list as a file. */
export class SentFile {
  readonly text: (maskNow: MaskNow) => AsyncGenerator<string>

  private constructor(text: (maskNow: MaskNow) => AsyncGenerator<string>) {
    this.text = text
  }

  static of<T>(file: ListFile<T>): SentFile {
    return new SentFile((maskNow) => textOf(file, maskNow))
  }
}
