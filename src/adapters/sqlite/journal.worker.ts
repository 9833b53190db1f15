/** The journal's writing thread: holds the folder and the file; appends that wait together share one transaction, and so one fsync. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type CallId, type Ms, type PersonId } from '#core/kernel/kernel.ts'
import { PortError } from '#ports/errors.ts'
import type { JournalOpened, OthersForgotten, Recalled, Retaining, Snapshot } from '#ports/journal.ts'
import type { JournalFile, PackedBatch } from './journal-file.ts'
import { openJournalFile } from './journal-salvage.ts'
import { holdFolder } from './lock.ts'
import { type Asked, serveInGroups } from './rpc.ts'

export interface JournalOptions {
  /** Must be there. */
  readonly folder: string
  /** The file's largest size in pages of 4 KiB: a full disk, for drills. */
  readonly pagesMax?: number
}

export interface JournalOps {
  open(arg: null): JournalOpened
  append(batch: PackedBatch): void
  saveSnapshot(snapshot: Snapshot): void
  listErased(arg: { readonly number: string; readonly at: Ms }): readonly PersonId[]
  erase(arg: { readonly persons: readonly PersonId[]; readonly notes: readonly string[] }): void
  recalled(arg: null): readonly Recalled[]
  leavableUpTo(arg: null): number
  leaving(arg: null): readonly CallId[]
  markLeaving(calls: readonly CallId[]): void
  forgetCalls(calls: readonly CallId[]): number
  forgetOthers(arg: { readonly after: number; readonly before: Ms }): OthersForgotten
  forgetPersons(arg: Parameters<Retaining['forgetPersons']>[0]): readonly PersonId[]
  keepPersons(arg: null): void
  close(arg: null): void
}

/** Facts looked at in one turn for those of no call, and deleted: appends wait for it some milliseconds. */
const OTHERS_BLOCK = 500
const OTHERS_MOST = 60

const options = workerData as JournalOptions
const port = parentPort
if (port === null) throw new Bug('the journal writes in a thread of its own')

let lock: { release(): void } | null = null
let file: JournalFile | null = null

const open = (): JournalOpened => {
  lock ??= holdFolder(options.folder)
  const result = openJournalFile(options.folder, options)
  file = result.file
  file.erasures.applyList()
  return result.opened
}

const opened = (): JournalFile => {
  if (file === null) throw new PortError('journal', 'use', { message: 'it is not open', retry: false })
  return file
}

const close = (): void => {
  file?.close()
  lock?.release()
  port.close()
}

/** Whether it may be written where the journal stands now; else it is refused, and no other with it. */
const fits = (journal: JournalFile, asked: Asked, batch: PackedBatch): boolean => {
  const { position } = journal
  if (batch.expected === position) return true
  const message =
    batch.expected < position
      ? `another writer has written: position ${position}, expected ${batch.expected}`
      : `the append before it was not written: position ${position}, expected ${batch.expected}`
  asked.fail(new PortError('journal', 'append', { message, retry: batch.expected > position }))
  return false
}

const append = (group: readonly Asked[]): void => {
  const written: Asked[] = []
  try {
    const journal = opened()
    journal.transaction(() => {
      for (const asked of group) {
        const batch = asked.arg as PackedBatch
        if (!fits(journal, asked, batch)) continue
        written.push(asked)
        journal.write(batch)
      }
    })
    for (const asked of written) asked.answer(undefined)
  } catch (error) {
    const unwritten = written.length > 0 ? written : group
    for (const asked of unwritten) asked.fail(error)
  }
}

type Single = { readonly [K in Exclude<keyof JournalOps, 'append' | 'close'>]: (arg: never) => unknown }
const singles: Single = {
  open,
  saveSnapshot: (snapshot: Snapshot) => opened().saveSnapshot(snapshot),
  listErased: ({ number, at }: Parameters<JournalOps['listErased']>[0]) => opened().erasures.list(number, at),
  erase: ({ persons, notes }: Parameters<JournalOps['erase']>[0]) => opened().erasures.erase(persons, notes),
  recalled: () => opened().erasures.recalled(),
  leavableUpTo: () => opened().gone.leavableUpTo(),
  leaving: () => opened().gone.leaving(),
  markLeaving: (calls: readonly CallId[]) => opened().gone.markLeaving(calls),
  forgetCalls: (calls: readonly CallId[]) => opened().gone.forgetCalls(calls),
  forgetOthers: (asked: { readonly after: number; readonly before: Ms }) =>
    opened().gone.forgetOthers({ ...asked, limit: OTHERS_BLOCK, most: OTHERS_MOST }),
  forgetPersons: (asked: Parameters<Retaining['forgetPersons']>[0]) => opened().gone.forgetPersons(asked),
  keepPersons: () => opened().gone.keepPersons(),
}

const single = (asked: Asked): void => {
  try {
    if (asked.op !== 'close') {
      asked.answer(singles[asked.op as keyof Single](asked.arg as never))
      return
    }
    asked.answer(undefined)
    close()
  } catch (error) {
    asked.fail(error)
  }
}

/** Neighbouring appends together, everything else by itself, all in the order asked. */
serveInGroups(port, (asked) => {
  let appends: Asked[] = []
  for (const one of asked) {
    if (one.op === 'append') {
      appends.push(one)
      continue
    }
    if (appends.length > 0) append(appends)
    appends = []
    single(one)
  }
  if (appends.length > 0) append(appends)
})
