/**
 * A number keyed in by a caller, collected outside the facts: digits are personal, and enter only as the `PersonId` they make.
 * `#` or silence ends it, `*` starts over. What was keyed is gone with a crash: the caller is asked again.
 */
import type { CallId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'

const DIGITS_MAX = 20

interface Collecting {
  readonly callId: CallId
  readonly silenceMs: Ms
  digits: string
  cancel: (() => void) | null
}

export class Collector {
  readonly #clock: Clock
  readonly #done: (callId: CallId, digits: string) => void
  readonly #legs = new Map<LegId, Collecting>()

  constructor(clock: Clock, done: (callId: CallId, digits: string) => void) {
    this.#clock = clock
    this.#done = done
  }

  begin(callId: CallId, legId: LegId, silenceMs: Ms): void {
    this.dismiss(legId)
    this.#legs.set(legId, { callId, silenceMs, digits: '', cancel: null })
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
      this.#finish(legId, own)
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
    own.cancel = this.#clock.wake(this.#clock.now() + own.silenceMs, () => this.#finish(legId, own))
  }

  #finish(legId: LegId, own: Collecting): void {
    this.dismiss(legId)
    this.#done(own.callId, own.digits)
  }
}
