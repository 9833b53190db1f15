/**
 * Asks a worker thread and waits for its answer, and the other side of the same. One question is one message with a number, one
 * answer another. What the store says of a failure becomes a `PortError` here, on the asking side.
 */
import { flushCompileCache } from 'node:module'
import { type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { PortError } from '#ports/errors.ts'

/** Questions that may wait unanswered; one more is refused (`retry`): whoever asks is far ahead of the disk. */
const PENDING_MAX = 10_000
/** Questions a worker takes at a time. */
const TAKEN_MAX = 512

interface Question {
  readonly id: number
  readonly op: string
  readonly arg: unknown
}

interface Failure {
  readonly message: string
  readonly retry: boolean
}

type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: Failure }

/** What a worker can be asked: the name of the question, what comes with it, what comes back. */
export type Ops<T> = { readonly [K in keyof T]: (arg: never) => unknown }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** SQLite's own name of what went wrong, `SQLITE_FULL`; empty where it was not SQLite. */
export const sqliteCode = (error: unknown): string => (isRecord(error) && typeof error['code'] === 'string' ? error['code'] : '')

/** Full and failing disks pass, and so does somebody else's lock; the rest does not. */
const passes = (code: string): boolean => /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|READONLY)/u.test(code)

/** Bytes that are not what was written: malformed pages, or no database at all. */
export const isCorrupt = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/u.test(sqliteCode(error))

/** Any failure as it crosses to the asking thread. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof PortError) return { message: error.message.slice(`${error.port}.${error.operation}: `.length), retry: error.retry }
  const code = sqliteCode(error)
  const message = error instanceof Error ? error.message : String(error)
  return { message: code === '' ? message : `${message} (${code})`, retry: passes(code) }
}

interface Limits {
  readonly pendingMax?: number
  /** Memory for what lives no longer than a question, two halves and a third as V8 counts it. Without it: what V8 gives by itself, 48. */
  readonly youngMb?: number
}

export class WorkerClient<T extends Ops<T>> {
  readonly #port: string
  readonly #worker: Worker
  readonly #pending = new Map<number, { op: string; resolve: (value: unknown) => void; reject: (error: PortError) => void }>()
  readonly #pendingMax: number
  #next = 1
  #gone: string | null = null

  /** `port`: whose failures these are, as `PortError.port`. `entry`: the worker's own file. `options` reaches it as `workerData`. */
  constructor(port: string, entry: URL, options: unknown, { pendingMax = PENDING_MAX, youngMb }: Limits = {}) {
    this.#port = port
    this.#pendingMax = pendingMax
    this.#worker = new Worker(entry, {
      workerData: options,
      ...(youngMb !== undefined && { resourceLimits: { maxYoungGenerationSizeMb: youngMb } }),
    })
    this.#worker.on('message', (reply: Reply) => this.#answered(reply))
    this.#worker.on('error', (error) => this.#lost(error instanceof Error ? error.message : String(error)))
    this.#worker.on('exit', () => this.#lost('the thread has ended'))
  }

  ask<K extends keyof T & string>(op: K, arg: Parameters<T[K]>[0]): Promise<Awaited<ReturnType<T[K]>>> {
    const refused = this.#gone ?? (this.#pending.size >= this.#pendingMax ? `${this.#pendingMax} questions wait already` : null)
    if (refused !== null) {
      return Promise.reject(new PortError(this.#port, op, { message: refused, retry: this.#gone === null }))
    }
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { op, resolve: (value) => resolve(value as Awaited<ReturnType<T[K]>>), reject })
      this.#worker.postMessage({ id, op, arg } satisfies Question)
    })
  }

  #answered(reply: Reply): void {
    const waiting = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (waiting === undefined) return
    if ('failure' in reply) waiting.reject(new PortError(this.#port, waiting.op, reply.failure))
    else waiting.resolve(reply.value)
  }

  #lost(why: string): void {
    this.#gone ??= why
    for (const waiting of this.#pending.values()) waiting.reject(new PortError(this.#port, waiting.op, { message: why, retry: false }))
    this.#pending.clear()
  }

  /** Asks it to finish what it has, and waits until the thread is gone. */
  async close<K extends keyof T & string>(op: K, arg: Parameters<T[K]>[0]): Promise<void> {
    if (this.#gone !== null) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.ask(op, arg)
    await exited
  }

  /** Ends the thread where it stands, as kill -9 does: questions under way are never answered. */
  async kill(): Promise<void> {
    this.#gone ??= 'killed'
    this.#pending.clear()
    await this.#worker.terminate()
  }
}

/** One question as its worker sees it. */
export interface Asked {
  readonly op: string
  readonly arg: unknown
  answer(value: unknown): void
  fail(error: unknown): void
}

/** Hands over questions in order, as many at a time as have come in. */
export const serveInGroups = (port: MessagePort, handle: (asked: readonly Asked[]) => void): void => {
  const asked = ({ id, op, arg }: Question): Asked => ({
    op,
    arg,
    answer: (value) => port.postMessage({ id, value } satisfies Reply),
    fail: (error) => port.postMessage({ id, failure: failureOf(error) } satisfies Reply),
  })
  // What was read in for this thread is kept for the next start, also where the process is killed.
  setImmediate(flushCompileCache)
  port.on('message', (first: Question) => {
    const group = [asked(first)]
    while (group.length < TAKEN_MAX) {
      const next = receiveMessageOnPort(port)
      if (next === undefined) break
      group.push(asked(next.message))
    }
    handle(group)
  })
}

/** Answers questions one by one. After `close` was answered the port is closed, and with it the thread ends. */
export const serve = <T extends Ops<T>>(port: MessagePort, handlers: T): void => {
  serveInGroups(port, (group) => {
    for (const asked of group) {
      try {
        const value = handlers[asked.op as keyof T](asked.arg as never)
        if (value instanceof Promise) value.then(asked.answer, asked.fail)
        else asked.answer(value)
      } catch (error) {
        asked.fail(error)
      }
      if (asked.op === 'close') port.close()
    }
  })
}
