/** A searching thread of the archive. It takes in what is there block by block, so that a single call can be read meanwhile. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type CallId, type PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveFilter } from '#ports/archive.ts'
import { ArchiveSearch, type PageAsked, type PageFound } from './archive-search.ts'
import { serve } from './rpc.ts'

const BLOCK_CALLS = 20_000
/** What nobody searches for is taken in at this pace, so that the next search need not. */
const REFRESH_MS = 1_000

export interface ArchiveReadOps {
  search(arg: { readonly filter: ArchiveFilter; readonly page: PageAsked }): Promise<PageFound>
  count(arg: { readonly filter: ArchiveFilter; readonly atMost: number }): Promise<number>
  story(callId: CallId): string | null
  forget(persons: readonly PersonId[]): void
  close(arg: null): void
}

if (parentPort === null) throw new Bug('the archive is searched in a thread of its own')
const archive = new ArchiveSearch((workerData as { readonly folder: string }).folder)

const ready = Promise.withResolvers<void>()
let timer: NodeJS.Timeout | undefined

const keepUp = (): void => {
  archive.refresh()
  timer = setTimeout(keepUp, REFRESH_MS)
}

const loading = archive.load(BLOCK_CALLS)
const load = (): void => {
  try {
    if (loading.next().done !== true) {
      timer = setTimeout(load, 0)
      return
    }
    ready.resolve()
  } catch (error) {
    ready.reject(error)
    throw error
  }
  keepUp()
}
load()

serve<ArchiveReadOps>(parentPort, {
  search: async ({ filter, page }) => {
    await ready.promise
    return archive.search(filter, page)
  },
  count: async ({ filter, atMost }) => {
    await ready.promise
    return archive.count(filter, atMost)
  },
  story: (callId) => archive.story(callId),
  forget: (persons) => archive.forget(persons),
  close: () => {
    clearTimeout(timer)
    archive.close()
  },
})
