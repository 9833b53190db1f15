/** What a command writes piece by piece, to a file or to standard output. */
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { failedAt } from './folders.ts'

/** To be closed by whoever opened it. */
export interface Written {
  /** Resolves when more may be given. Throws `Failure` where the file cannot be written. */
  write(text: string): Promise<void>
  /** Throws `Failure` where the rest cannot be written. */
  close(): Promise<void>
}

/** Standard output without a file. Throws `Failure` with one line where the file cannot be written. */
export async function openWritten(file: string | undefined): Promise<Written> {
  if (file === undefined)
    return {
      write: async (text) => {
        if (!process.stdout.write(text)) await once(process.stdout, 'drain')
      },
      close: async () => undefined,
    }
  const orFail = (error: unknown): never => {
    throw failedAt(`${file} cannot be written`, error)
  }
  const handle: FileHandle = await open(file, 'w').catch(orFail)
  return {
    // Goes on where the last one ended.
    write: (text) => handle.writeFile(text).catch(orFail),
    close: () => handle.close().catch(orFail),
  }
}
