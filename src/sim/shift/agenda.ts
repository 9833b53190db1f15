/** What is to happen, earliest first: a binary heap. Of two at one instant the one put in first comes first. */
export class Agenda<T> {
  readonly #at: number[] = []
  readonly #rank: number[] = []
  readonly #what: T[] = []
  #put = 0

  get nextAt(): number {
    return this.#at[0] ?? Number.POSITIVE_INFINITY
  }

  add(at: number, what: T): void {
    let place = this.#at.length
    const rank = this.#put++
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#later(parent, at, rank)) break
      this.#move(parent, place)
      place = parent
    }
    this.#set(place, at, rank, what)
  }

  take(): T | undefined {
    const first = this.#what[0]
    const at = this.#at.pop()
    const rank = this.#rank.pop()
    const what = this.#what.pop()
    if (at === undefined || rank === undefined || what === undefined || this.#at.length === 0) return first
    const length = this.#at.length
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= length) break
      if (child + 1 < length && this.#later(child, this.#at[child + 1] ?? 0, this.#rank[child + 1] ?? 0)) child += 1
      if (!this.#earlier(child, at, rank)) break
      this.#move(child, place)
      place = child
    }
    this.#set(place, at, rank, what)
    return first
  }

  #later(place: number, at: number, rank: number): boolean {
    const here = this.#at[place] ?? 0
    return here > at || (here === at && (this.#rank[place] ?? 0) > rank)
  }

  #earlier(place: number, at: number, rank: number): boolean {
    const here = this.#at[place] ?? 0
    return here < at || (here === at && (this.#rank[place] ?? 0) < rank)
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#at[from] ?? 0, this.#rank[from] ?? 0, this.#what[from] as T)
  }

  #set(place: number, at: number, rank: number, what: T): void {
    this.#at[place] = at
    this.#rank[place] = rank
    this.#what[place] = what
  }
}
