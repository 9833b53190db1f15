/**
 * Commits under way: appended in order, released in order. What may not be written is written again, with everything behind it held
 * back, for nothing is acted on that could not be written.
 */
import type { Effect } from '#core/effects.ts'
import type { Recorded } from '#core/facts.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { changed } from '#core/world/changed.ts'
import type { Clock } from '#ports/clock.ts'
import type { SolutionKit } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { Batch, DoneOnce, Journal, PersonRow } from '#ports/journal.ts'

/** What turns have made since the last commit. */
export interface Made {
  readonly facts: Recorded[]
  readonly effects: Effect[]
  /** Told whether it became durable. */
  readonly answers: ((durable: boolean) => void)[]
  readonly notes: NonNullable<Batch['notes']>[number][]
  readonly done: DoneOnce[]
}

export const nothingMade = (): Made => ({ facts: [], effects: [], answers: [], notes: [], done: [] })

/** What is written of it, without what there is nothing of. */
export function batchOf(made: Made, persons: readonly PersonRow[], solutions: NonNullable<Batch['solutions']>): Batch {
  return {
    facts: made.facts,
    ...(persons.length === 0 ? {} : { persons }),
    ...(made.notes.length === 0 ? {} : { notes: made.notes }),
    ...(solutions.length === 0 ? {} : { solutions }),
    ...(made.done.length === 0 ? {} : { done: made.done }),
  }
}

/** The texts of solutions taken by these facts. */
export const solutionsIn = (facts: readonly Recorded[], kits: ReadonlyMap<string, SolutionKit>): { version: string; text: string }[] =>
  facts.flatMap(({ fact }) => {
    const kit = fact.type === 'solution.taken' ? kits.get(fact.version) : undefined
    return kit === undefined ? [] : [{ version: kit.solution.version, text: kit.text }]
  })

export interface Commit extends Made {
  /** The position it follows. */
  readonly expected: number
  readonly batch: Batch
  readonly look: ReturnType<typeof changed>
}

export interface CommitsPlan {
  readonly journal: Journal
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Durable, and everything before it is. */
  readonly release: (commit: Commit) => void
  /** After releasing: there is room for more. */
  readonly room: () => void
  /** Somebody else writes: this engine is over. */
  readonly fenced: () => void
  /** What could not be written for a while can be again. */
  readonly recovered: () => void
  readonly took: (ms: Ms) => void
}

const UNDER_WAY_MAX = 4
const RETRY_MS = 500

interface UnderWay {
  readonly commit: Commit
  readonly startedAt: Ms
  durable: boolean
}

export class Commits {
  readonly #plan: CommitsPlan
  readonly #underWay: UnderWay[] = []
  #trouble: string | null = null

  constructor(plan: CommitsPlan) {
    this.#plan = plan
  }

  get count(): number {
    return this.#underWay.length
  }

  /** No more may be begun until one is durable. */
  full(): boolean {
    return this.#underWay.length >= UNDER_WAY_MAX || this.#trouble !== null
  }

  /** One sentence while nothing can be written. */
  trouble(): string | null {
    return this.#trouble
  }

  begin(commit: Commit): void {
    const nothing = commit.batch.facts.length === 0 && commit.batch.persons === undefined && commit.batch.done === undefined
    const own: UnderWay = { commit, startedAt: performance.now(), durable: nothing }
    this.#underWay.push(own)
    if (nothing) this.#release()
    else this.#write(own)
  }

  /** Nothing more will be written here: those who wait for it are told. */
  abandon(): void {
    for (const { commit } of this.#underWay.splice(0)) for (const answer of commit.answers) answer(false)
  }

  #write(own: UnderWay): void {
    this.#plan.journal.append(own.commit.expected, own.commit.batch).then(
      () => {
        own.durable = true
        this.#plan.took(performance.now() - own.startedAt)
        if (this.#trouble !== null && this.#underWay[0] === own) this.#recovered()
        this.#release()
      },
      (error: unknown) => this.#failed(own, error),
    )
  }

  /** Only the oldest failure tells something; those behind it failed because it did, and are written again after it. */
  #failed(own: UnderWay, error: unknown): void {
    if (!(error instanceof PortError && error.retry)) {
      this.#trouble = 'the journal is written by somebody else; this engine has stopped'
      this.#plan.log(`the journal refused for good, nothing more is done here: ${String(error)}`)
      this.#plan.fenced()
      return
    }
    if (this.#trouble === null) {
      this.#trouble = 'the journal cannot be written; no new calls are taken until it can'
      this.#plan.log(`${this.#trouble}: ${error.message}`)
    }
    if (this.#underWay[0] === own) this.#plan.clock.wake(this.#plan.clock.now() + RETRY_MS, () => this.#write(own))
  }

  #recovered(): void {
    this.#trouble = null
    this.#plan.log('the journal can be written again')
    this.#plan.recovered()
    for (const behind of this.#underWay.slice(1)) if (!behind.durable) this.#write(behind)
  }

  #release(): void {
    for (let first = this.#underWay[0]; first?.durable === true; first = this.#underWay[0]) {
      this.#underWay.shift()
      this.#plan.release(first.commit)
    }
    this.#plan.room()
  }
}
