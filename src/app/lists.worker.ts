/** One file of contacts, read and judged on a thread of its own (`lists-thread.ts`). */
import { flushCompileCache } from 'node:module'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { Bug } from '#core/kernel/kernel.ts'
import type { FileFault, ListRead } from '#ports/contact-lists.ts'
import type { Block, RowFault } from '#ports/contacts.ts'
import type { Answer, Asked, Reading } from './lists-thread.ts'

if (parentPort === null) throw new Bug('lists are read in a thread of its own')
const port: MessagePort = parentPort
const reading = workerData as Reading

/** For the next of the file, and for rows being taken: one of each is waited for at most. */
const waiting: { piece: (bytes: Uint8Array<ArrayBuffer> | null) => void; taken: () => void } = {
  piece: () => undefined,
  taken: () => undefined,
}
port.on('message', (answer: Answer) => (answer.type === 'piece' ? waiting.piece(answer.bytes) : waiting.taken()))

const ask = (asked: Asked<unknown, FileFault | ListRead | { readonly rows: number }>): void => port.postMessage(asked)

const next = (): Promise<Uint8Array<ArrayBuffer> | null> =>
  new Promise((resolve) => {
    waiting.piece = resolve
    ask({ type: 'more' })
  })

/** A piece is on its way while the one before is read. */
async function* file(): AsyncGenerator<Uint8Array> {
  let coming = next()
  for (let bytes = await coming; bytes !== null; bytes = await coming) {
    coming = next()
    yield bytes
    // It is read: its memory is let go now, not when it is next collected.
    bytes.buffer.transfer(0)
  }
}

const packed = <T>(block: Block<T>): Block<T> => ({ json: JSON.stringify(block) })

const take = (rows: Block<unknown>, faults: Block<RowFault>, bytes = 0): Promise<void> =>
  new Promise((resolve) => {
    waiting.taken = resolve
    ask({ type: 'rows', rows: packed(rows), faults: packed(faults), bytes })
  })

const lists = contactLists(() => numbers(reading.numbers))
const done = await (reading.op === 'read' ? lists.read(file(), reading.how, take) : lists.readNumbers(file(), reading.rules, take))
// Ended at its last word: what Node has compiled for it is kept before that, or every file would cost the memory of stripping TypeScript anew.
flushCompileCache()
ask({ type: 'done', done })
