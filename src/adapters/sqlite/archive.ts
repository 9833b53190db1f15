/** The archive in SQLite: one writer, for the projecting thread; readers, whose searches run in threads of their own. */
import type { Story } from '#core/archive/story.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveFilter, ArchivePage, ArchiveReader } from '#ports/archive.ts'
import { SqliteArchiveWriter } from './archive-file.ts'
import type { ArchiveReadOps } from './archive-reader.worker.ts'
import { WorkerClient } from './rpc.ts'

export { ArchiveDump, dumpArchive } from './archive-file.ts'

const EXPORT_BLOCK = 500

export class SqliteArchiveReader implements ArchiveReader {
  readonly #workers: readonly WorkerClient<ArchiveReadOps>[]
  #next = 0

  constructor(folder: string, workers: number) {
    const entry = new URL('./archive-reader.worker.ts', import.meta.url)
    this.#workers = Array.from({ length: workers }, () => new WorkerClient<ArchiveReadOps>('archive', entry, { folder }))
  }

  /** By turns. */
  #worker(): WorkerClient<ArchiveReadOps> {
    this.#next = (this.#next + 1) % this.#workers.length
    const worker = this.#workers[this.#next]
    if (worker === undefined) throw new RangeError('a reader of the archive has one thread or more')
    return worker
  }

  async search(filter: ArchiveFilter, page: { readonly after: string | null; readonly limit: number }): Promise<ArchivePage> {
    const { stories, next } = await this.#worker().ask('search', { filter, page })
    return { stories: JSON.parse(stories) as Story[], next }
  }

  async *all(filter: ArchiveFilter): AsyncIterable<readonly Story[]> {
    let after: string | null = null
    do {
      const page: ArchivePage = await this.search(filter, { after, limit: EXPORT_BLOCK })
      yield page.stories
      after = page.next
    } while (after !== null)
  }

  async count(filter: ArchiveFilter, atMost: number): Promise<number> {
    return this.#worker().ask('count', { filter, atMost })
  }

  async story(callId: CallId): Promise<Story | null> {
    const story = await this.#worker().ask('story', callId)
    return story === null ? null : (JSON.parse(story) as Story)
  }

  async forget(persons: readonly PersonId[]): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.ask('forget', persons)))
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close('close', null)))
  }
}

/** Makes the file where there is none, and anew where it cannot be read; then `position()` is 0. To be closed by whoever opened it. */
export const openArchiveWriter = ({ folder }: { readonly folder: string }): SqliteArchiveWriter => new SqliteArchiveWriter(folder)

/** The writer must have been opened once in this folder. Each thread keeps about 60 bytes a call. */
export const openArchiveReader = ({ folder, workers = 1 }: { readonly folder: string; readonly workers?: number }): SqliteArchiveReader =>
  new SqliteArchiveReader(folder, workers)
