/** The computer the engine of a drawn world runs on: it is started, stopped, killed at the worst instant, and started again. */
import { Engine } from '#engine/engine.ts'
import type { EngineParts } from '#engine/parts.ts'
import type { Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { SeededChance } from './chance.ts'
import { Lifeline } from './lifeline.ts'
import type { SimulatedNetwork } from './network.ts'
import { type Death, type Store, StoreJournal } from './store.ts'

/** Where the engine is killed. */
export type Kill = 'now' | 'afterEffect' | 'inStart' | Exclude<Death, 'hangs'>

export interface HostParts {
  readonly clock: Clock
  readonly network: SimulatedNetwork
  readonly store: Store
  readonly contacts: Contacts
  readonly pacing: NonNullable<EngineParts['dialler']>['pacing']
  readonly kit: SolutionKit
  readonly chance: SeededChance
  readonly snapshotEvery: number
  /** Whether the wall’s clock is ever moved, so that the engine must look. */
  readonly clockSteps: boolean
  readonly said: (line: string) => void
  readonly failed: (sentence: string) => void
}

/** Seldom, for hours pass in seconds here. */
const CLOCK_WATCH_MS = 5_000
/** As the program does. */
const SWEEP_MS = 4_000
const DOWN_MS_MAX = 20_000
/** Between a stop and the next start. */
const RESTART_MS_MAX = 5_000
/** What hangs goes on so long after another engine was started, at most. */
const THAW_MS_MAX = 60_000

export class Host {
  readonly #parts: HostParts
  readonly #chance: SeededChance
  #engine: Engine | null = null
  #journal: StoreJournal | null = null
  #lifeline: Lifeline | null = null
  #starts = 0
  #dies: 'afterEffect' | 'inStart' | null = null
  listsAway = false
  /** Told of each kill, as it happens. */
  onKill: (() => void) | null = null

  constructor(parts: HostParts) {
    this.#parts = parts
    this.#chance = parts.chance
  }

  /** null while it is down, or on its way up. */
  get engine(): Engine | null {
    return this.#engine
  }

  get restarts(): number {
    return this.#starts - 1
  }

  async start(): Promise<void> {
    this.#starts += 1
    const { clock, network, store, contacts, pacing, kit, snapshotEvery, clockSteps, said } = this.#parts
    const lifeline = new Lifeline({
      clock,
      telephony: network,
      contacts,
      listsAway: () => this.listsAway,
      sent: () => this.#dies === 'afterEffect' && this.#kill(lifeline),
      asked: () => this.#dies === 'inStart' && this.#kill(lifeline),
    })
    const journal = new StoreJournal(store, lifeline.clock(), (how) =>
      how === 'hangs' ? this.#hung(lifeline, journal) : this.#kill(lifeline),
    )
    this.#lifeline = lifeline
    this.#journal = journal
    const starting = Engine.start({
      journal,
      persons: journal,
      telephony: lifeline.telephony(),
      clock: lifeline.clock(),
      chance: this.#chance.fork(`ids${this.#starts}`),
      kit,
      read: async () => kit,
      log: (line) => {
        said(line)
        // It is over, and whoever looks after it starts it again.
        if (line.includes('refused for good')) this.#kill(lifeline)
      },
      snapshotEvery,
      sweepMs: SWEEP_MS,
      ...(clockSteps ? { clockWatchMs: CLOCK_WATCH_MS } : {}),
      dialler: { contacts: lifeline.contacts(), pacing },
    })
    const engine = await Promise.race([starting, lifeline.gone])
    if (lifeline === this.#lifeline && lifeline.alive && engine !== undefined) this.#engine = engine
  }

  /** kill -9, at that instant or when it is next there; and somebody who starts it again a little later. */
  kill(how: Kill): void {
    const [journal, lifeline] = [this.#journal, this.#lifeline]
    if (journal === null || lifeline === null) return
    if (how === 'now') this.#kill(lifeline)
    else if (how === 'inStart') {
      this.#kill(lifeline)
      this.#dies = how
    } else if (how === 'afterEffect') this.#dies = how
    else journal.dies = how
  }

  /** Keeps the world now, where nothing is under way. */
  snapshot(): void {
    this.#engine?.snapshot().catch((error: unknown) => this.#parts.failed(`no snapshot could be kept: ${String(error)}`))
  }

  /** Its next append hangs, another engine is started, and then the append arrives. */
  hang(): void {
    if (this.#journal !== null) this.#journal.dies = 'hangs'
  }

  restart(): void {
    const [engine, lifeline] = [this.#engine, this.#lifeline]
    if (engine === null || lifeline === null) return
    this.#engine = null
    void Promise.race([engine.stop(), lifeline.gone]).then(() => {
      // A crash on the way starts it again by itself.
      if (!lifeline.alive || lifeline !== this.#lifeline) return
      lifeline.cut()
      this.#later(RESTART_MS_MAX, () => this.#startAgain(lifeline))
    })
  }

  #kill(lifeline: Lifeline): void {
    if (!lifeline.alive) return
    lifeline.cut()
    // One that hung is gone for good, and another runs.
    if (lifeline !== this.#lifeline) return
    this.#dies = null
    this.onKill?.()
    this.#engine = null
    this.#journal?.kill()
    this.#later(DOWN_MS_MAX, () => this.#startAgain(lifeline))
  }

  #hung(lifeline: Lifeline, journal: StoreJournal): void {
    lifeline.deaf = true
    if (lifeline !== this.#lifeline) return
    this.onKill?.()
    this.#engine = null
    this.#later(DOWN_MS_MAX, () => {
      this.#startAgain(lifeline)
      this.#later(THAW_MS_MAX, () => {
        journal.thaw()
        this.#later(DOWN_MS_MAX, () => lifeline.cut())
      })
    })
  }

  #later(mostMs: number, deed: () => void): void {
    const { clock } = this.#parts
    clock.wake(clock.now() + this.#chance.between(0, mostMs), deed)
  }

  /** After that one: what hung and was killed too is started once. */
  #startAgain(after: Lifeline): void {
    if (after !== this.#lifeline) return
    this.start().catch((error: unknown) => this.#parts.failed(`the engine did not start: ${String(error)}`))
  }
}
