/** The archive kept true to the journal, by a thread of its own: told how far the journal reaches, it says what changed. */
import { Worker } from 'node:worker_threads'
import type { Story } from '#core/archive/story.ts'
import type { CallId, CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { CampaignFigures, CampaignNow, FiguresRead } from '#ports/campaign-figures.ts'
import { PortError } from '#ports/errors.ts'
import type { Snapshot } from '#ports/journal.ts'

type RowSpan = Parameters<CampaignFigures['rows']>[1]

export type ToProjector =
  | { readonly type: 'upTo'; readonly position: number }
  | { readonly type: 'listen'; readonly on: boolean }
  | { readonly type: 'rows'; readonly asked: number; readonly campaignId: CampaignId; readonly span: RowSpan; readonly from: Ms }
  | { readonly type: 'snapshot'; readonly asked: number }
  | { readonly type: 'forgetCalls'; readonly asked: number; readonly calls: readonly CallId[] }
  | { readonly type: 'close' }
export type FromProjector =
  | { readonly type: 'written'; readonly position: number; readonly stories: readonly Story[] }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'figures'; readonly campaigns: readonly (readonly [CampaignId, CampaignNow | null])[] }
  | { readonly type: 'rows'; readonly asked: number; readonly read: FiguresRead }
  | { readonly type: 'done'; readonly asked: number }
  | { readonly type: 'figuresFailed'; readonly why: string }
  | { readonly type: 'untold'; readonly why: string }

/** The world kept beside the engine's own, for snapshots the engine does not wait for. */
export interface Snapshots {
  /** What the journal was opened with. */
  readonly from: Snapshot | null
  /** One after so many facts. */
  readonly every: number
  readonly save: (snapshot: Snapshot) => Promise<void>
}

const AGAIN_AFTER_MS = 1000

export class Projector implements CampaignFigures {
  readonly #folder: string
  readonly #log: (line: string) => void
  readonly #snapshots: Snapshots | null
  /** The newest that was kept. */
  #kept: Snapshot | null
  readonly #listeners = new Set<(stories: readonly Story[]) => void>()
  readonly #figures = new Map<CampaignId, CampaignNow>()
  readonly #asked = new Map<number, PromiseWithResolvers<FiguresRead>>()
  readonly #askedToDo = new Map<number, PromiseWithResolvers<void>>()
  #keeping: Promise<void> = Promise.resolve()
  #askedLast = 0
  #waiting: { readonly position: number; readonly resolve: () => void }[] = []
  #worker: Worker
  #closing = false
  #wanted = 0
  /** The position of the last fact in the archive. */
  position = 0

  /** The journal must have been opened in this folder. */
  constructor(folder: string, log: (line: string) => void, snapshots: Snapshots | null = null) {
    this.#folder = folder
    this.#log = log
    this.#snapshots = snapshots
    this.#kept = snapshots?.from ?? null
    this.#worker = this.#start()
  }

  /** The journal reaches this far now. */
  upTo(position: number): void {
    this.#wanted = position
    this.#tell({ type: 'upTo', position })
  }

  /** Stories that changed, after they are in the archive. Told only while somebody listens. */
  onStories(listener: (stories: readonly Story[]) => void): () => void {
    this.#listeners.add(listener)
    this.#tell({ type: 'listen', on: true })
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#tell({ type: 'listen', on: false })
    }
  }

  /** When the archive reaches this position. */
  reached(position: number): Promise<void> {
    return position <= this.position ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ position, resolve }))
  }

  now(id: CampaignId): CampaignNow | null {
    return this.#figures.get(id) ?? null
  }

  rows(campaignId: CampaignId, span: RowSpan, from: Ms): Promise<FiguresRead> {
    const answer = Promise.withResolvers<FiguresRead>()
    this.#askedLast += 1
    this.#asked.set(this.#askedLast, answer)
    this.#tell({ type: 'rows', asked: this.#askedLast, campaignId, span, from })
    return answer.promise
  }

  /** A snapshot of what it has come to. Resolves when it is kept; where snapshots are not kept here, at once. */
  async snapshotNow(): Promise<void> {
    await this.#toDo((asked) => ({ type: 'snapshot', asked }))
    await this.#keeping
  }

  /** They have outlived their retention: resolves when they are out of the archive's file. */
  forgetCalls(calls: readonly CallId[]): Promise<void> {
    return this.#toDo((asked) => ({ type: 'forgetCalls', asked, calls }))
  }

  #toDo(message: (asked: number) => ToProjector): Promise<void> {
    const answer = Promise.withResolvers<void>()
    this.#askedLast += 1
    this.#askedToDo.set(this.#askedLast, answer)
    this.#tell(message(this.#askedLast))
    return answer.promise
  }

  async close(): Promise<void> {
    this.#closing = true
    const gone = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    this.#tell({ type: 'close' })
    await gone
  }

  #tell(message: ToProjector): void {
    this.#worker.postMessage(message)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./projector.worker.ts', import.meta.url), {
      workerData: {
        folder: this.#folder,
        ...(this.#snapshots === null ? {} : { shadow: { from: this.#kept, every: this.#snapshots.every } }),
      },
    })
    worker.on('message', (message: FromProjector) => this.#hear(message))
    worker.on('error', (error: unknown) => this.#log(`the archive stands still: ${error instanceof Error ? error.message : String(error)}`))
    worker.on('exit', () => {
      const gone = new PortError('figures', 'rows', { message: 'the projecting thread has ended', retry: true })
      for (const { reject } of [...this.#asked.values(), ...this.#askedToDo.values()]) reject(gone)
      this.#asked.clear()
      this.#askedToDo.clear()
      if (!this.#closing) setTimeout(() => this.#again(), AGAIN_AFTER_MS).unref()
    })
    return worker
  }

  #hear(message: FromProjector): void {
    switch (message.type) {
      case 'snapshot':
        this.#keep(message.snapshot)
        return
      case 'figures':
        for (const [id, now] of message.campaigns) {
          if (now === null) this.#figures.delete(id)
          else this.#figures.set(id, now)
        }
        return
      case 'untold':
        this.#log(message.why)
        return
      case 'figuresFailed':
        this.#log(`the figures of campaigns stand still until the next start: ${message.why}`)
        return
      case 'rows':
        this.#asked.get(message.asked)?.resolve(message.read)
        this.#asked.delete(message.asked)
        return
      case 'done':
        this.#askedToDo.get(message.asked)?.resolve()
        this.#askedToDo.delete(message.asked)
        return
      case 'written':
        this.#written(message.position, message.stories)
    }
  }

  #written(position: number, stories: readonly Story[]): void {
    this.position = position
    if (stories.length > 0) for (const listener of this.#listeners) listener(stories)
    const due = this.#waiting.filter((one) => one.position <= position)
    this.#waiting = this.#waiting.filter((one) => one.position > position)
    for (const one of due) one.resolve()
  }

  #keep(snapshot: Snapshot): void {
    this.#kept = snapshot
    const saved = this.#snapshots?.save(snapshot) ?? Promise.resolve()
    this.#keeping = saved.catch((error: unknown) => {
      if (!this.#closing) this.#log(`a snapshot could not be kept: ${error instanceof Error ? error.message : String(error)}`)
    })
  }

  /** What stood in its way may be gone (a full disk); nothing is lost, for it reads on from where the archive ends. */
  #again(): void {
    if (this.#closing) return
    this.#worker = this.#start()
    if (this.#listeners.size > 0) this.#tell({ type: 'listen', on: true })
    this.#tell({ type: 'upTo', position: this.#wanted })
  }
}
