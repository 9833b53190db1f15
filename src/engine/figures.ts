/** The engine's own measures, of its latest turns and commits, and the gate that keeps more calls out than it may take. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'
import type { EngineFigures } from '#ports/engine.ts'

/** Turns, and commits, looked at: so many of the latest, however long ago they were. */
const KEPT = 4_096
const SECOND_MS = 1_000

export type TurnedAway = keyof EngineFigures['refusedCalls']

class Ring {
  readonly #values = new Float64Array(KEPT)
  #count = 0

  add(value: number): void {
    this.#values[this.#count % KEPT] = value
    this.#count += 1
  }

  read(): { p50: number; p99: number } {
    const sorted = this.#values.slice(0, Math.min(this.#count, KEPT)).sort()
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }
}

export class Figures {
  readonly #clock: Clock
  readonly #turns = new Ring()
  readonly #commits = new Ring()
  readonly #refused: Record<TurnedAway, number> = { overload: 0, unwritten: 0 }
  #strays = 0
  #takenIn = 0
  #joinsRepeated = 0
  #joinsInVain = 0
  #second = { from: 0 as Ms, arrived: 0 }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  turn(ms: number): void {
    this.#turns.add(ms)
  }

  commit(ms: number): void {
    this.#commits.add(ms)
  }

  refused(why: TurnedAway): void {
    this.#refused[why] += 1
  }

  /** A leg nobody wanted was ended. */
  strayEnded(): void {
    this.#strays += 1
  }

  strayTakenIn(): void {
    this.#takenIn += 1
  }

  joinRepeated(): void {
    this.#joinsRepeated += 1
  }

  joinsInVain(calls: number): void {
    this.#joinsInVain = calls
  }

  /** Whether one more call may come in within this second. */
  arrival(perSecondMax: number): boolean {
    const now = this.#clock.monotonic()
    if (now - this.#second.from >= SECOND_MS) this.#second = { from: now, arrived: 0 }
    this.#second.arrived += 1
    return this.#second.arrived <= perSecondMax
  }

  /** Together with what the engine counts itself. Shares of times are worked out when they are looked at. */
  read(counts: Pick<EngineFigures, 'liveCalls' | 'position' | 'inbox'>): EngineFigures {
    const [turns, commits] = [this.#turns, this.#commits]
    return {
      ...counts,
      refusedCalls: { ...this.#refused },
      strayLegsEnded: this.#strays,
      strayLegsTakenIn: this.#takenIn,
      joinsRepeated: this.#joinsRepeated,
      joinsInVain: this.#joinsInVain,
      get turnMs() {
        return turns.read()
      },
      get commitMs() {
        return commits.read()
      },
    }
  }
}
