/**
 * Which calls a person has part in: for each person the newest link, from each link the one before it. 8 bytes a link and 8 a person;
 * a number few people have is found without looking at any other call.
 */

const ROOM_AT_FIRST = 1 << 12

const larger = (from: Uint32Array<ArrayBuffer>, room: number): Uint32Array<ArrayBuffer> => {
  const to = new Uint32Array(Math.max(room, from.length * 2))
  to.set(from)
  return to
}

export class CallsOfPeople {
  /** By person: the newest link; 0: none. And how many there are. */
  #newest = new Uint32Array(ROOM_AT_FIRST)
  #held = new Uint32Array(ROOM_AT_FIRST)
  /** By link: the row of the call, and the link before it of the same person. Link 0 is none. */
  #row = new Uint32Array(ROOM_AT_FIRST)
  #before = new Uint32Array(ROOM_AT_FIRST)
  #links = 0

  add(person: number, row: number): void {
    if (person >= this.#newest.length) {
      this.#newest = larger(this.#newest, person + 1)
      this.#held = larger(this.#held, person + 1)
    }
    this.#links += 1
    if (this.#links >= this.#row.length) {
      this.#row = larger(this.#row, 0)
      this.#before = larger(this.#before, 0)
    }
    this.#row[this.#links] = row
    this.#before[this.#links] = this.#newest[person] ?? 0
    this.#newest[person] = this.#links
    this.#held[person] = (this.#held[person] ?? 0) + 1
  }

  /** Its place among the links stays empty: people of a call change seldom. */
  remove(person: number, row: number): void {
    this.#held[person] = (this.#held[person] ?? 0) - 1
    let behind = 0
    for (let link = this.#newest[person] ?? 0; link !== 0; link = this.#before[link] ?? 0) {
      const before = this.#before[link] ?? 0
      if (this.#row[link] !== row) behind = link
      else if (behind === 0) this.#newest[person] = before
      else this.#before[behind] = before
    }
  }

  /** Rows of their calls, each once, in no order; null where they have part in more than `most`, a call counted for each of them. */
  of(people: Iterable<number>, most: number): Set<number> | null {
    let held = 0
    for (const person of people) {
      held += this.#held[person] ?? 0
      if (held > most) return null
    }
    const rows = new Set<number>()
    for (const person of people) {
      for (let link = this.#newest[person] ?? 0; link !== 0; link = this.#before[link] ?? 0) {
        rows.add(this.#row[link] ?? 0)
      }
    }
    return rows
  }
}
