/** The directory's thread: searching, and waiting for the disk, hold up nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type Ms } from '#core/kernel/kernel.ts'
import type {
  Contact,
  ContactDraft,
  ContactPage,
  ContactQuery,
  ContactWritten,
  DirectoryErased,
  ImportCounts,
  MadeOnce,
} from '#ports/directory.ts'
import { DirectoryFile } from './directory-file.ts'
import { serve } from './rpc.ts'

export interface DirectoryOps {
  search(query: ContactQuery): ContactPage
  contact(id: string): Contact | null
  create(arg: {
    readonly contact: ContactWritten
    readonly id: string
    readonly at: Ms
    readonly once?: MadeOnce
  }): Contact | 'full' | 'otherBody'
  change(arg: {
    readonly id: string
    readonly change: Partial<ContactWritten>
    readonly revision: number | null
    readonly at: Ms
  }): Contact | 'unknown' | 'changed'
  remove(id: string): boolean
  withNumber(number: string): Contact[]
  erase(arg: { readonly number: string; readonly until: Ms }): DirectoryErased
  startImport(arg: null): number
  addToImport(arg: { readonly number: number; readonly drafts: readonly ContactDraft[] }): void
  finishImport(arg: { readonly number: number; readonly commit: boolean; readonly at: Ms }): ImportCounts | null
  abandonImport(number: number): void
  columns(arg: null): { readonly fields: readonly string[]; readonly numbersMax: number }
  close(arg: null): void
}

if (parentPort === null) throw new Bug('the directory is kept in a thread of its own')
const file = new DirectoryFile((workerData as { readonly folder: string }).folder)

serve<DirectoryOps>(parentPort, {
  search: (query) => file.search(query),
  contact: (id) => file.contact(id),
  create: ({ contact, id, at, once }) => file.create(contact, id, at, once),
  change: ({ id, change, revision, at }) => file.change(id, change, revision, at),
  remove: (id) => file.remove(id),
  withNumber: (number) => file.withNumber(number),
  erase: ({ number, until }) => file.erase(number, until),
  startImport: () => file.startImport(),
  addToImport: ({ number, drafts }) => file.addToImport(number, drafts),
  finishImport: ({ number, commit, at }) => file.finishImport(number, commit, at),
  abandonImport: (number) => file.abandonImport(number),
  columns: () => file.columns(),
  close: () => file.close(),
})
