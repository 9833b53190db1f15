/**
 * Files of contacts read on a thread of their own, one for each file and no longer than it lasts: no turn of the engine waits for a row. The
 * thread asks for the file piece by piece and waits until its rows are taken, so that little of either is in memory.
 */
import { Worker } from 'node:worker_threads'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { type NumberRules, numbers } from '#adapters/numbers/numbers.ts'
import type { ContactLists, ListedNumber, ListRules } from '#ports/contact-lists.ts'
import { type Block, type RowFault, unpacked } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'

export type Reading =
  | { readonly op: 'read'; readonly numbers: NumberRules; readonly how: Parameters<ContactLists['read']>[1] }
  | { readonly op: 'readNumbers'; readonly numbers: NumberRules; readonly rules: ListRules }

interface Rows<T> {
  readonly type: 'rows'
  readonly rows: Block<T>
  readonly faults: Block<RowFault>
  readonly bytes: number
}
/** What the thread asks: for more of the file; that rows be taken. `done`: what came of it, after which it asks nothing. */
export type Asked<T, R> = { readonly type: 'more' } | Rows<T> | { readonly type: 'done'; readonly done: R }
/** `bytes` null: the file has ended. */
export type Answer = { readonly type: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> | null } | { readonly type: 'taken' }

/** Rows live until they are taken, some hundred at a time: more room would only be filled. Two halves and a third, as V8 counts it. */
const YOUNG_MB = 24
const READER = new URL('./lists.worker.ts', import.meta.url)

/** Handed over, not copied once more; but the memory a socket reads into belongs to other pieces too, so this one gets its own. */
function give(worker: Worker, { done, value }: IteratorResult<Uint8Array>): void {
  const bytes = done === true ? null : new Uint8Array(value)
  worker.postMessage({ type: 'piece', bytes } satisfies Answer, bytes === null ? [] : [bytes.buffer])
}

function inThread<T, R>(
  entry: URL,
  reading: Reading,
  file: AsyncIterable<Uint8Array>,
  take: (rows: Block<T>, faults: Block<RowFault>, bytes: number) => Promise<void>,
): Promise<R> {
  const worker = new Worker(entry, { workerData: reading, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
  const pieces = file[Symbol.asyncIterator]()
  const answer = async (asked: Exclude<Asked<T, R>, { type: 'done' }>): Promise<void> => {
    if (asked.type === 'more') give(worker, await pieces.next())
    else {
      await take(asked.rows, asked.faults, asked.bytes)
      worker.postMessage({ type: 'taken' } satisfies Answer)
    }
  }
  const read = new Promise<R>((resolve, reject) => {
    const lost = (message: string, cause?: unknown): void =>
      reject(new PortError('contactLists', reading.op, { message, retry: false, cause }))
    worker.on('message', (asked: Asked<T, R>) => {
      if (asked.type === 'done') resolve(asked.done)
      else answer(asked).catch(reject)
    })
    worker.once('error', (error) => lost(error instanceof Error ? error.message : String(error), error))
    worker.once('exit', (code) => lost(`the thread has ended with code ${code}`))
  })
  return read.finally(async () => {
    await worker.terminate()
    // A piece may be long in coming, and nobody waits for it any more; nor is there anybody to tell that it never came.
    pieces.return?.().catch(() => undefined)
  })
}

/** By the solution's rules for numbers as they are when a file begins. */
export function listsElsewhere(rules: () => NumberRules, entry = READER): ContactLists {
  return {
    look: (head, format) => contactLists(() => numbers(rules())).look(head, format),
    read: (file, how, take) => inThread(entry, { op: 'read', numbers: rules(), how }, file, take),
    readNumbers: (file, given, take) =>
      inThread(entry, { op: 'readNumbers', numbers: rules(), rules: given }, file, (rows: Block<ListedNumber>, faults) =>
        take(unpacked(rows), unpacked(faults)),
      ),
  }
}
