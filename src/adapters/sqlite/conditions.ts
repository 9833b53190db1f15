/**
 * Filters as loops over columns: each condition gets a block of rows, keeps those that meet it at the front of the block, in order,
 * and says how many they are.
 */
import type { ArchiveFilter } from '#ports/archive.ts'
import { kindBits } from './archive-file.ts'
import type { Bits } from './bits.ts'
import { type CallIndex, type Columns, type Condition, LIVE, MORE_PEOPLE, type Sort, UNANSWERED, type Words } from './call-index.ts'

/** The column whose number is among those marked in the table. */
const marked = (column: (columns: Columns) => Uint32Array, table: Uint8Array): Condition => {
  return (columns, block, count) => {
    const numbers = column(columns)
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      if (table[numbers[row] ?? 0] === 1) block[kept++] = row
    }
    return kept
  }
}

const flag = (mask: number, wanted: boolean): Condition => {
  const value = wanted ? mask : 0
  return (columns, block, count) => {
    const { flags } = columns
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      if (((flags[row] ?? 0) & mask) === value) block[kept++] = row
    }
    return kept
  }
}

const anyKind = (bits: number): Condition => {
  return (columns, block, count) => {
    const { kinds } = columns
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      if (((kinds[row] ?? 0) & bits) !== 0) block[kept++] = row
    }
    return kept
  }
}

type Range = { readonly min?: number; readonly max?: number }

const within = (
  column: (columns: Columns) => Float64Array,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Range,
): Condition => {
  return (columns, block, count) => {
    const values = column(columns)
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      const value = values[row] ?? Number.NaN
      if (value >= min && value < max) block[kept++] = row
    }
    return kept
  }
}

/** Owned by an agent, or of a queue or a sort, that is marked. */
const seenBy = (owners: Uint8Array, queues: Uint8Array, sorts: Uint8Array): Condition => {
  return (columns, block, count) => {
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      if (owners[columns.owners[row] ?? 0] === 1 || queues[columns.queues[row] ?? 0] === 1 || sorts[columns.sort[row] ?? 0] === 1)
        block[kept++] = row
    }
    return kept
  }
}

/** `people` by their row. */
const withPeople = (morePeople: ReadonlyMap<number, readonly number[]>, people: Bits): Condition => {
  const others = (row: number): boolean => morePeople.get(row)?.some((other) => people.has(other)) === true
  return (columns, block, count) => {
    const { person, flags } = columns
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = block[index] ?? 0
      if (people.has(person[row] ?? 0) || (((flags[row] ?? 0) & MORE_PEOPLE) !== 0 && others(row))) block[kept++] = row
    }
    return kept
  }
}

const nothing: Condition = () => 0

/** Its place in a `Sort`. */
const CAMPAIGN = 3

/** Which words hold. */
const tableOf = <T>(words: Words<T>, holds: (value: T) => boolean): Uint8Array => {
  const table = new Uint8Array(words.values.length + 1)
  words.values.forEach((value, index) => {
    if (holds(value)) table[index + 1] = 1
  })
  return table
}

const listTable = (words: Words<readonly string[]>, wanted: readonly string[]): Uint8Array => {
  const set = new Set(wanted)
  return tableOf(words, (list) => list.some((entry) => set.has(entry)))
}

const sortTable = (words: Words<Sort>, filter: ArchiveFilter): Uint8Array | null => {
  const { direction, origin, mode, campaign, result } = filter
  const asked = [direction, origin, mode, campaign === undefined ? undefined : [campaign], result]
  if (asked.every((list) => list === undefined)) return null
  return tableOf(words, (sort) =>
    asked.every((list, index) => {
      const value = sort[index]
      return list === undefined || (value !== undefined && value !== '' && list.includes(value))
    }),
  )
}

/**
 * All conditions of a filter but the range of the start, the cheapest and most telling first. `people`: who is meant by the number or
 * person asked for, by their row; a call must have somebody of each set.
 */
export const conditionsOf = (filter: ArchiveFilter, index: CallIndex, people: readonly Bits[]): Condition[] => {
  const conditions: Condition[] = people.every((set) => set.any) ? [] : [nothing]
  const sort = sortTable(index.sorts, filter)
  if (sort !== null) conditions.push(marked((columns) => columns.sort, sort))
  if (filter.contact !== undefined) {
    const number = index.contacts.find(filter.contact)
    if (number === undefined) return [nothing]
    const table = new Uint8Array(index.contacts.values.length + 1)
    table[number] = 1
    conditions.push(marked((columns) => columns.contact, table))
  }
  if (filter.live !== undefined) conditions.push(flag(LIVE, filter.live))
  if (filter.unanswered !== undefined) conditions.push(flag(UNANSWERED, filter.unanswered))
  if (filter.kind !== undefined) conditions.push(anyKind(kindBits(filter.kind)))
  if (filter.queue !== undefined) conditions.push(marked((columns) => columns.queues, listTable(index.queues, filter.queue)))
  if (filter.agent !== undefined) conditions.push(marked((columns) => columns.agents, listTable(index.agents, filter.agent)))
  if (filter.seenBy !== undefined) {
    const { agents = [], queues = [], campaigns } = filter.seenBy
    const ofCampaigns = tableOf(index.sorts, (sort) => campaigns === 'any' && sort[CAMPAIGN] !== '')
    conditions.push(seenBy(listTable(index.agents, agents), listTable(index.queues, queues), ofCampaigns))
  }
  if (filter.durationMs !== undefined) conditions.push(within((columns) => columns.durationMs, filter.durationMs))
  if (filter.speakMs !== undefined) conditions.push(within((columns) => columns.speakMs, filter.speakMs))
  if (filter.waitMs !== undefined) conditions.push(within((columns) => columns.waitMs, filter.waitMs))
  for (const set of people) conditions.push(withPeople(index.morePeople, set))
  return conditions
}
