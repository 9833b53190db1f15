/**
 * The journal in SQLite (WAL, synchronous FULL), as the engine holds it: `journal.db` in a data folder, written by one thread and
 * read by another, so that the engine's own waits for no disk.
 */
import { mkdirSync } from 'node:fs'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { callOf, type Recorded } from '#core/facts.ts'
import { Bug, type CallId, type Ms, type PersonId } from '#core/kernel/kernel.ts'
import { PortError } from '#ports/errors.ts'
import type {
  Batch,
  DoneOnce,
  Erasures,
  Journal,
  JournalOpened,
  OthersForgotten,
  Outlived,
  OutlivedAsked,
  PersonRow,
  Persons,
  Recalled,
  Retaining,
  Snapshot,
  Unmentioned,
} from '#ports/journal.ts'
import type { JournalOps, JournalOptions } from './journal.worker.ts'
import type { PackedBatch } from './journal-file.ts'
import type { JournalReadOps } from './journal-reader.worker.ts'
import { WorkerClient } from './rpc.ts'

const READ_BLOCK_FACTS = 2_000

/** Throws where the positions are not those that follow: the engine counts them. */
const pack = (expected: number, batch: Batch): PackedBatch => {
  let lines = ''
  let position = expected
  for (const recorded of batch.facts) {
    position += 1
    if (recorded.position !== position) throw new Bug(`fact ${recorded.position} appended at ${position}`)
    lines += `${recorded.at}\t${callOf(recorded.fact) ?? ''}\t${recorded.fact.type}\t${JSON.stringify(recorded.fact)}\n`
  }
  const { facts, ...beside } = batch
  return { expected, lines, ...beside }
}

export class SqliteJournal implements Journal, Persons, Erasures, Retaining {
  readonly #options: JournalOptions
  #writer: WorkerClient<JournalOps> | null = null
  #reader: WorkerClient<JournalReadOps> | null = null
  #finds: { readonly numbers: string[]; readonly found: Promise<(PersonId | undefined)[]> } | null = null

  constructor(options: JournalOptions) {
    this.#options = options
  }

  async open(): Promise<JournalOpened> {
    mkdirSync(this.#options.folder, { recursive: true })
    const writer = new WorkerClient<JournalOps>('journal', new URL('./journal.worker.ts', import.meta.url), this.#options)
    const { folder } = this.#options
    const reader = new WorkerClient<JournalReadOps>('journal', new URL('./journal-reader.worker.ts', import.meta.url), { folder })
    try {
      const opened = await writer.ask('open', null)
      this.#writer = writer
      this.#reader = reader
      return opened
    } catch (error) {
      await Promise.all([writer.kill(), reader.kill()])
      throw error
    }
  }

  #writing(operation: string): WorkerClient<JournalOps> {
    if (this.#writer === null) throw new PortError('journal', operation, { message: 'it is not open', retry: false })
    return this.#writer
  }

  #reading(operation: string): WorkerClient<JournalReadOps> {
    if (this.#reader === null) throw new PortError('journal', operation, { message: 'it is not open', retry: false })
    return this.#reader
  }

  async append(expected: number, batch: Batch): Promise<void> {
    await this.#writing('append').ask('append', pack(expected, batch))
  }

  async *read(after: number): AsyncIterable<readonly Recorded[]> {
    let position = after
    for (;;) {
      const json = await this.#reading('read').ask('factsAfter', { position, limit: READ_BLOCK_FACTS })
      const block = JSON.parse(json) as Recorded[]
      const last = block.at(-1)
      if (last === undefined) return
      position = last.position
      yield block
    }
  }

  async factsOf(callId: CallId): Promise<readonly Recorded[]> {
    return JSON.parse(await this.#reading('factsOf').ask('factsOf', callId)) as Recorded[]
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.#writing('saveSnapshot').ask('saveSnapshot', snapshot)
  }

  async solutionText(version: string): Promise<string | null> {
    return this.#reading('solutionText').ask('text', { kind: 'solution', key: version })
  }

  async done(key: string): Promise<DoneOnce | null> {
    return this.#reading('done').ask('done', key)
  }

  /** Numbers looked up in the same turn of the loop go as one question: calls often come in together, and each question costs. */
  async find(number: string): Promise<PersonId | undefined> {
    this.#finds ??= this.#gatherFinds()
    const index = this.#finds.numbers.push(number) - 1
    return (await this.#finds.found)[index]
  }

  #gatherFinds(): { readonly numbers: string[]; readonly found: Promise<(PersonId | undefined)[]> } {
    const numbers: string[] = []
    const found = endOfTurn().then(() => {
      this.#finds = null
      return this.#reading('find').ask('find', numbers)
    })
    return { numbers, found }
  }

  async get(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonRow>> {
    const rows = await this.#reading('get').ask('get', ids)
    return new Map(rows.map((row) => [row.personId, row]))
  }

  async note(noteId: string): Promise<string | null> {
    return this.#reading('note').ask('text', { kind: 'note', key: noteId })
  }

  async listErased(number: string, at: Ms): Promise<readonly PersonId[]> {
    return this.#writing('listErased').ask('listErased', { number, at })
  }

  async erase(persons: readonly PersonId[], notes: readonly string[]): Promise<void> {
    await this.#writing('erase').ask('erase', { persons, notes })
  }

  async recalled(): Promise<readonly Recalled[]> {
    return this.#writing('recalled').ask('recalled', null)
  }

  async leavableUpTo(): Promise<number> {
    return this.#writing('leavableUpTo').ask('leavableUpTo', null)
  }

  async outlived(asked: OutlivedAsked): Promise<Outlived> {
    return this.#reading('outlived').ask('outlived', asked)
  }

  async leaving(): Promise<readonly CallId[]> {
    return this.#writing('leaving').ask('leaving', null)
  }

  async markLeaving(calls: readonly CallId[]): Promise<void> {
    await this.#writing('markLeaving').ask('markLeaving', calls)
  }

  async forgetCalls(calls: readonly CallId[]): Promise<number> {
    return this.#writing('forgetCalls').ask('forgetCalls', calls)
  }

  async forgetOthers(asked: { readonly after: number; readonly before: Ms }): Promise<OthersForgotten> {
    return this.#writing('forgetOthers').ask('forgetOthers', asked)
  }

  async unmentioned({ after }: { readonly after: number }): Promise<Unmentioned> {
    return this.#reading('unmentioned').ask('unmentioned', after)
  }

  async forgetPersons(asked: Parameters<Retaining['forgetPersons']>[0]): Promise<readonly PersonId[]> {
    return this.#writing('forgetPersons').ask('forgetPersons', asked)
  }

  async keepPersons(): Promise<void> {
    await this.#writing('keepPersons').ask('keepPersons', null)
  }

  async close(): Promise<void> {
    await this.#reader?.close('close', null)
    await this.#writer?.close('close', null)
    this.#reader = null
    this.#writer = null
  }

  /** Ends its threads where they stand, as kill -9 would: for tests and drills. */
  async kill(): Promise<void> {
    await this.#reader?.kill()
    await this.#writer?.kill()
    this.#reader = null
    this.#writer = null
  }
}

/** Not yet opened. The folder is made where it is not there. */
export const openSqliteJournal = (options: JournalOptions): SqliteJournal => new SqliteJournal(options)
