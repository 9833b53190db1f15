/** Inputs on their way in, in the order they came. A place is taken at once, also while a number is still being looked up. */
import type { Input } from '#core/inputs.ts'
import type { Answer, Once } from '#ports/engine.ts'
import type { Batch, PersonRow } from '#ports/journal.ts'

export interface Coming {
  readonly input: Input
  readonly answer?: (answer: Answer) => void
  readonly notes?: Batch['notes']
  /** How somebody is called, if it is not refused. */
  readonly named?: PersonRow
  /** Done once: its answer is kept with its facts. */
  readonly once?: Once
}

type Place = { readonly here: Coming } | { found: Coming | 'nothing' | null }

export class Inbox {
  #places: Place[] = []
  #head = 0

  get length(): number {
    return this.#places.length - this.#head
  }

  /** Whether the next is ready now: not while it is still being made. */
  get ready(): boolean {
    const place = this.#places[this.#head]
    return place !== undefined && ('here' in place || place.found !== null)
  }

  put(coming: Coming): void {
    this.#places.push({ here: coming })
  }

  /** Keeps the place of an input that is still being made; null where nothing comes of it. Those behind it wait. */
  putLater(making: Promise<Input | null>, made: () => void): void {
    const place: Place = { found: null }
    this.#places.push(place)
    void making.then((input) => {
      place.found = input === null ? 'nothing' : { input }
      made()
    })
  }

  /** The next that is ready; null: none, or the next is still being made. */
  next(): Coming | null {
    for (;;) {
      const place = this.#places[this.#head]
      if (place === undefined) return null
      const found = 'here' in place ? place.here : place.found
      if (found === null) return null
      this.#step()
      if (found !== 'nothing') return found
    }
  }

  #step(): void {
    this.#head += 1
    if (this.#head < 1_024 || this.#head * 2 < this.#places.length) return
    this.#places = this.#places.slice(this.#head)
    this.#head = 0
  }
}
