/**
 * What calls are searched by, in columns in memory, about 80 bytes a call: a search walks them from the newest call back, block by
 * block, and each condition thins the block out. A million calls take some milliseconds whatever the filters are, so no combination
 * is slow. Calls of people are also kept by person: few people's calls are gone through alone. One is held by each searching thread.
 */
import type { Bits } from './bits.ts'
import { CallsOfPeople } from './calls-of-people.ts'

const ROOM_AT_FIRST = 1 << 14
/** Over a gigabyte of columns: then searches need another way. */
const CALLS_MAX = 20_000_000
const BLOCK_MIN = 256
const BLOCK_MAX = 8_192
/** Calls gone through by themselves, out of their order; more are found as quickly by walking back through all. */
const FEW_CALLS = 20_000

/** A call as it is searched; `row` counts from 1; where calls have left there are holes. */
export interface SearchedCall {
  readonly row: number
  readonly startedAt: number
  readonly endedAt: number | null
  /** A `Sort`, its words with tabs between, none where there is none. */
  readonly sort: string
  /** Lists as JSON. */
  readonly queues: string
  readonly agents: string
  /** Whose calls they are, involved or not. */
  readonly owners: string
  readonly contact: string | null
  readonly kinds: number
  readonly people: readonly number[]
  readonly unanswered: number
  readonly waitMs: number | null
  readonly speakMs: number
}

/** Texts by number, so that a column holds numbers only. 0 is the number of no text at all. */
export class Words<T> {
  readonly #numbers = new Map<string, number>()
  readonly #read: (text: string) => T
  /** What text number n says, at n - 1. */
  readonly values: T[] = []

  constructor(read: (text: string) => T) {
    this.#read = read
  }

  number(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.values.push(this.#read(text))
    this.#numbers.set(text, number)
    return number
  }

  find(text: string): number | undefined {
    return this.#numbers.get(text)
  }
}

/** Direction, origin, mode, campaign, result; empty where there is none. */
export type Sort = readonly string[]

const listOf = (text: string): readonly string[] => JSON.parse(text)

/** Keeps of a block's first `count` rows those it holds for, in their order at its beginning; says how many. */
export type Condition = (columns: Columns, block: Uint32Array, count: number) => number

export const UNANSWERED = 1
export const LIVE = 2
/** Has more than one person: the others are in `CallIndex.morePeople`. */
export const MORE_PEOPLE = 4

/** One row's number is the index into each. */
export class Columns {
  readonly startedAt: Float64Array<ArrayBuffer>
  readonly durationMs: Float64Array<ArrayBuffer>
  readonly waitMs: Float64Array<ArrayBuffer>
  readonly speakMs: Float64Array<ArrayBuffer>
  readonly sort: Uint32Array<ArrayBuffer>
  readonly queues: Uint32Array<ArrayBuffer>
  readonly agents: Uint32Array<ArrayBuffer>
  readonly owners: Uint32Array<ArrayBuffer>
  readonly contact: Uint32Array<ArrayBuffer>
  /** The first of the people; the others, of the few calls that have some, in `CallIndex.morePeople`. */
  readonly person: Uint32Array<ArrayBuffer>
  readonly kinds: Uint8Array<ArrayBuffer>
  readonly flags: Uint8Array<ArrayBuffer>

  constructor(room: number) {
    this.startedAt = new Float64Array(room)
    this.durationMs = new Float64Array(room)
    this.waitMs = new Float64Array(room)
    this.speakMs = new Float64Array(room)
    this.sort = new Uint32Array(room)
    this.queues = new Uint32Array(room)
    this.agents = new Uint32Array(room)
    this.owners = new Uint32Array(room)
    this.contact = new Uint32Array(room)
    this.person = new Uint32Array(room)
    this.kinds = new Uint8Array(room)
    this.flags = new Uint8Array(room)
  }

  get room(): number {
    return this.startedAt.length
  }

  larger(): Columns {
    const columns = new Columns(this.room * 2)
    for (const name of Object.keys(this) as (keyof Columns & keyof this)[]) {
      const from = this[name]
      const to = columns[name]
      if (from instanceof Float64Array && to instanceof Float64Array) to.set(from)
      if (from instanceof Uint32Array && to instanceof Uint32Array) to.set(from)
      if (from instanceof Uint8Array && to instanceof Uint8Array) to.set(from)
    }
    return columns
  }
}

/** A measure a call does not have is NaN: no comparison with it holds. */
const orNone = (value: number | null): number => value ?? Number.NaN

export interface Found {
  readonly rows: readonly number[]
  readonly more: boolean
}

export class CallIndex {
  columns = new Columns(ROOM_AT_FIRST)
  readonly sorts = new Words<Sort>((text) => text.split('\t'))
  readonly queues = new Words(listOf)
  /** Of `agents` and of `owners`. */
  readonly agents = new Words(listOf)
  readonly contacts = new Words((text) => text)
  readonly morePeople = new Map<number, readonly number[]>()
  readonly #ofPeople = new CallsOfPeople()
  readonly #idOf: (row: number) => string
  /** Rows by start, then id, ascending: all of them up to `#count`, those behind `#ordered` not yet in their place. */
  #order = new Uint32Array(ROOM_AT_FIRST)
  #count = 0
  #ordered = 0
  #known = new Uint8Array(ROOM_AT_FIRST)
  /** By row: where it stands in `#order`, of those that are in their place. */
  #place = new Uint32Array(ROOM_AT_FIRST)

  /** `idOf`: asked only for calls that began in the same millisecond. */
  constructor(idOf: (row: number) => string) {
    this.#idOf = idOf
  }

  get count(): number {
    return this.#count
  }

  /** A new call, or one as it is now. */
  put(call: SearchedCall): void {
    const { row } = call
    while (row >= this.columns.room) this.#grow()
    if (this.#known[row] === 0) {
      this.#order[this.#count] = row
      this.#count += 1
      this.#known[row] = 1
    } else if (this.columns.startedAt[row] !== call.startedAt) this.#ordered = 0
    const { columns } = this
    columns.startedAt[row] = call.startedAt
    columns.durationMs[row] = call.endedAt === null ? Number.NaN : call.endedAt - call.startedAt
    columns.waitMs[row] = orNone(call.waitMs)
    columns.speakMs[row] = call.speakMs
    columns.sort[row] = this.sorts.number(call.sort)
    columns.queues[row] = this.queues.number(call.queues)
    columns.agents[row] = this.agents.number(call.agents)
    columns.owners[row] = this.agents.number(call.owners)
    columns.contact[row] = call.contact === null ? 0 : this.contacts.number(call.contact)
    this.#relink(row, call.people)
    columns.person[row] = call.people[0] ?? 0
    columns.kinds[row] = call.kinds
    const more = call.people.length > 1
    columns.flags[row] = (call.unanswered > 0 ? UNANSWERED : 0) | (call.endedAt === null ? LIVE : 0) | (more ? MORE_PEOPLE : 0)
    if (more) this.morePeople.set(row, call.people.slice(1))
    else this.morePeople.delete(row)
  }

  /** Calls that left. Their rows may be given to others after. */
  remove(rows: readonly number[]): void {
    const known = rows.filter((row) => this.#known[row] === 1)
    if (known.length === 0) return
    for (const row of known) {
      this.#relink(row, [])
      this.columns.person[row] = 0
      this.morePeople.delete(row)
      this.#known[row] = 0
    }
    const kept = this.#order.subarray(0, this.#count).filter((row) => this.#known[row] === 1)
    this.#order.set(kept)
    this.#count = kept.length
    this.#ordered = 0
  }

  /** Before the columns are written: they say whose call it was. */
  #relink(row: number, people: readonly number[]): void {
    const first = this.columns.person[row] ?? 0
    const before = first === 0 ? [] : [first, ...(this.morePeople.get(row) ?? [])]
    for (const person of before) if (!people.includes(person)) this.#ofPeople.remove(person, row)
    for (const person of people) if (!before.includes(person)) this.#ofPeople.add(person, row)
  }

  #grow(): void {
    if (this.columns.room >= CALLS_MAX) throw new RangeError(`the archive holds more than ${CALLS_MAX} calls`)
    this.columns = this.columns.larger()
    const order = new Uint32Array(this.columns.room)
    order.set(this.#order)
    this.#order = order
    const known = new Uint8Array(this.columns.room)
    known.set(this.#known)
    this.#known = known
    const place = new Uint32Array(this.columns.room)
    place.set(this.#place)
    this.#place = place
  }

  /** Puts new rows in their place. Calls mostly come in the order of their start, so this mostly finds them there. */
  settle(): void {
    const started = this.columns.startedAt
    const first = this.#ordered
    let from = first
    for (let at = Math.max(this.#ordered, 1); at < this.#count; at++) {
      const row = this.#order[at] ?? 0
      if (this.#compare(this.#order[at - 1] ?? 0, row) <= 0) continue
      from = Math.min(from, this.#lowerBound(started[row] ?? 0, at))
      this.#order.subarray(from, this.#count).sort((a, b) => this.#compare(a, b))
      break
    }
    this.#ordered = this.#count
    const sound = this.#isOrdered(from)
    if (!sound) this.#order.subarray(0, this.#count).sort((a, b) => this.#compare(a, b))
    for (let at = sound ? Math.min(from, first) : 0; at < this.#count; at++) this.#place[this.#order[at] ?? 0] = at
  }

  /** Sorting from the first disorder on is enough unless a later row belongs before it. */
  #isOrdered(from: number): boolean {
    return from === 0 || from >= this.#count || this.#compare(this.#order[from - 1] ?? 0, this.#order[from] ?? 0) <= 0
  }

  #compare(a: number, b: number): number {
    const { startedAt } = this.columns
    const apart = (startedAt[a] ?? 0) - (startedAt[b] ?? 0)
    if (apart !== 0 || a === b) return apart
    return this.#idOf(a) < this.#idOf(b) ? -1 : 1
  }

  /** How many of the first `count` in the order began before the instant. */
  #lowerBound(at: number, count = this.#count): number {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.columns.startedAt[this.#order[middle] ?? 0] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many stand before the call of this start and id, whether it is there or not. */
  before(startedAt: number, id: string): number {
    let place = this.#lowerBound(startedAt)
    while (place < this.#count) {
      const row = this.#order[place] ?? 0
      if (this.columns.startedAt[row] !== startedAt || this.#idOf(row) >= id) break
      place += 1
    }
    return place
  }

  /**
   * Rows that meet every condition, newest first, no more than `limit`. `from` and `to` bound the start, half open; `below`: only
   * among the first so many in order, for a later page. `people`: the conditions hold for nobody else's calls.
   */
  search(
    conditions: readonly Condition[],
    range: { from?: number | undefined; to?: number | undefined; below?: number | undefined },
    limit: number,
    people?: Bits,
  ): Found {
    const low = range.from === undefined ? 0 : this.#lowerBound(range.from)
    const high = Math.min(range.to === undefined ? this.#count : this.#lowerBound(range.to), range.below ?? this.#count)
    const few = people === undefined ? null : this.#ofPeople.of(people, FEW_CALLS)
    const order = few === null ? this.#order : this.#inOrder(few, low, high)
    return few === null ? this.#walk(conditions, order, low, high, limit) : this.#walk(conditions, order, 0, order.length, limit)
  }

  /** These rows as they stand between the two places. */
  #inOrder(rows: ReadonlySet<number>, low: number, high: number): Uint32Array {
    const places = Uint32Array.from(rows, (row) => this.#place[row] ?? 0).filter((place) => place >= low && place < high)
    return places.sort().map((place) => this.#order[place] ?? 0)
  }

  #walk(conditions: readonly Condition[], order: Uint32Array, low: number, from: number, limit: number): Found {
    let high = from
    const rows: number[] = []
    const block = new Uint32Array(BLOCK_MAX)
    let size = BLOCK_MIN
    while (high > low && rows.length <= limit) {
      const begin = Math.max(low, high - size)
      const left = this.#thinned(conditions, block, backwards(order, begin, high, block))
      for (let index = 0; index < left && rows.length <= limit; index++) rows.push(block[index] ?? 0)
      high = begin
      size = Math.min(size * 2, BLOCK_MAX)
    }
    return { rows: rows.slice(0, limit), more: rows.length > limit }
  }

  /** The rows of the block that meet every condition, in order, at its front; says how many. */
  #thinned(conditions: readonly Condition[], block: Uint32Array, count: number): number {
    let left = count
    for (const condition of conditions) {
      if (left === 0) break
      left = condition(this.columns, block, left)
    }
    return left
  }
}

/** A function of its own, called for each block: V8 then compiles it once, where a loop within a loop is compiled and thrown away at each turn. */
const backwards = (order: Uint32Array, begin: number, high: number, block: Uint32Array): number => {
  let count = 0
  for (let place = high - 1; place >= begin; place--) block[count++] = order[place] ?? 0
  return count
}
