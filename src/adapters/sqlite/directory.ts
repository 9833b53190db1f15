/** The directory in SQLite, `directory.db` in the data folder, kept by a thread of its own. Several processes may have it open. */
import { mkdirSync } from 'node:fs'
import type { ContactImport, Directory } from '#ports/directory.ts'
import type { DirectoryOps } from './directory.worker.ts'
import { WorkerClient } from './rpc.ts'

/** To be closed by whoever opened it. */
export const openDirectory = ({ folder }: { readonly folder: string }): Directory => {
  mkdirSync(folder, { recursive: true })
  const worker = new WorkerClient<DirectoryOps>('directory', new URL('./directory.worker.ts', import.meta.url), { folder })
  const startImport = async (): Promise<ContactImport> => {
    const number = await worker.ask('startImport', null)
    return {
      add: (drafts) => worker.ask('addToImport', { number, drafts }),
      finish: ({ commit, at }) => worker.ask('finishImport', { number, commit, at }),
      abandon: () => worker.ask('abandonImport', number),
    }
  }
  return {
    search: (query) => worker.ask('search', query),
    contact: (id) => worker.ask('contact', id),
    create: (contact, { id, at, once }) => worker.ask('create', { contact, id, at, ...(once && { once }) }),
    change: (id, change, { revision, at }) => worker.ask('change', { id, change, revision, at }),
    remove: (id) => worker.ask('remove', id),
    withNumber: (number) => worker.ask('withNumber', number),
    erase: (number, until) => worker.ask('erase', { number, until }),
    startImport,
    columns: () => worker.ask('columns', null),
    close: () => worker.close('close', null),
  }
}
