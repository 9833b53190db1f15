/** The journal's reading thread: looking up a number does not wait for a commit. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type CallId, type PersonId } from '#core/kernel/kernel.ts'
import type { DoneOnce, Outlived, OutlivedAsked, PersonRow, Unmentioned } from '#ports/journal.ts'
import { JournalReader } from './journal-reader.ts'
import { serve } from './rpc.ts'

export interface JournalReadOps {
  factsAfter(arg: { readonly position: number; readonly limit: number }): string
  factsOf(callId: CallId): string
  find(numbers: readonly string[]): (PersonId | undefined)[]
  get(ids: readonly PersonId[]): PersonRow[]
  text(arg: { readonly kind: 'note' | 'solution'; readonly key: string }): string | null
  done(key: string): DoneOnce | null
  outlived(asked: OutlivedAsked): Outlived
  unmentioned(after: number): Unmentioned
  close(arg: null): void
}

/** Facts looked at in one turn for calls that have outlived their retention: a number that is looked up waits for it a millisecond or two. */
const OUTLIVED_BLOCK = 200

/** Facts looked at in one turn for persons they mention. */
const MENTIONED_BLOCK = 1_000

if (parentPort === null) throw new Bug('the journal is read in a thread of its own')
const { folder } = workerData as { readonly folder: string }

/** Opened at the first question: the thread starts beside the writing one, which may have to make or mend the file first. */
let opened: JournalReader | null = null
const reader = (): JournalReader => {
  opened ??= new JournalReader(folder)
  return opened
}

serve<JournalReadOps>(parentPort, {
  factsAfter: ({ position, limit }) => reader().factsAfterAsJson(position, limit),
  factsOf: (callId) => reader().factsOfAsJson(callId),
  find: (numbers) => numbers.map((number) => reader().find(number)),
  get: (ids) => reader().get(ids),
  text: ({ kind, key }) => reader().text(kind, key),
  done: (key) => reader().done(key),
  outlived: (asked) => reader().outlived(asked, OUTLIVED_BLOCK),
  unmentioned: (after) => reader().unmentioned(after, MENTIONED_BLOCK),
  close: () => opened?.close(),
})
