/**
 * A number or an extension keyed in by a caller, collected outside the facts: digits are personal, and enter only as the `PersonId`
 * they make, or as the id of a note.
 * `#` or silence ends it, `*` starts over. What was keyed is gone with a crash: the caller is asked again.
 */
import type { CallId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

const DIGITS_MAX = 20

/** What was keyed in. `closed`: ended with #, not by silence. */
export interface KeyedIn {
  readonly callId: CallId
  readonly what: 'number' | 'extension'
  readonly digits: string
  readonly closed: boolean
}

interface Collecting {
  readonly callId: CallId
  readonly silenceMs: Ms
  readonly what: KeyedIn['what']
  digits: string
  cancel: (() => void) | null
}

export class Collector {
  readonly #clock: Clock
  readonly #done: (keyed: KeyedIn) => void
  readonly #legs = new Map<LegId, Collecting>()

  constructor(clock: Clock, done: (keyed: KeyedIn) => void) {
    this.#clock = clock
    this.#done = done
  }

  begin(callId: CallId, legId: LegId, { silenceMs, what }: Pick<Collecting, 'silenceMs' | 'what'>): void {
    this.dismiss(legId)
    this.#legs.set(legId, { callId, silenceMs, what, digits: '', cancel: null })
  }

  /** The prompt was heard to its end: silence counts from now. */
  prompted(callId: CallId): void {
    for (const [legId, own] of this.#legs) if (own.callId === callId && own.cancel === null) this.#listen(legId, own)
  }

  /** Whether this leg's digits go here. `first`: a prompt may still be playing. */
  press(legId: LegId, digit: string): 'no' | 'first' | 'taken' {
    const own = this.#legs.get(legId)
    if (own === undefined) return 'no'
    const first = own.digits === '' && own.cancel === null
    if (digit === '#') {
      this.#finish(legId, own, true)
      return 'taken'
    }
    own.digits = digit === '*' ? '' : (own.digits + digit).slice(0, DIGITS_MAX)
    this.#listen(legId, own)
    return first ? 'first' : 'taken'
  }

  dismiss(legId: LegId): void {
    this.#legs.get(legId)?.cancel?.()
    this.#legs.delete(legId)
  }

  stop(): void {
    for (const legId of [...this.#legs.keys()]) this.dismiss(legId)
  }

  #listen(legId: LegId, own: Collecting): void {
    own.cancel?.()
    own.cancel = this.#clock.wake(this.#clock.now() + own.silenceMs, () => this.#finish(legId, own, false))
  }

  #finish(legId: LegId, own: Collecting, closed: boolean): void {
    this.dismiss(legId)
    this.#done({ callId: own.callId, what: own.what, digits: own.digits, closed })
  }
}
