/**
 * The archive kept in memory: for the simulation, the scenario player and tests. Its search is the plain reading of the filters,
 * story by story; the one on disk is held against it (`tests/archive.contract.ts`).
 */
import { outsideParties, ownersOf } from '#core/archive/parties.ts'
import type { ArchiveEvent, Story } from '#core/archive/story.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveFilter, ArchivePage, ArchiveReader, ArchiveWriter } from '#ports/archive.ts'
import type { PersonRow } from '#ports/journal.ts'

type PersonOf = (id: PersonId) => PersonRow | undefined

const digitsOf = (text: string): string => text.replaceAll(/\D/gu, '')

const numberMatches = (wanted: NonNullable<ArchiveFilter['number']>, person: PersonRow | undefined): boolean => {
  if (person === undefined) return false
  if (wanted === 'withheld') return person.number === null
  const digits = digitsOf(wanted.digits)
  if (person.number === null || digits === '') return false
  const number = digitsOf(person.number)
  if (wanted.how === 'exact') return number === digits
  if (wanted.how === 'prefix') return number.startsWith(digits)
  return wanted.how === 'suffix' ? number.endsWith(digits) : number.includes(digits)
}

type Range = { readonly min?: number; readonly max?: number }
const inRange = (range: Range | undefined, value: number | null): boolean =>
  range === undefined ||
  (value !== null && (range.min === undefined || value >= range.min) && (range.max === undefined || value < range.max))
const oneOf = (list: readonly string[] | undefined, value: string | undefined): boolean =>
  list === undefined || (value !== undefined && list.includes(value))
const anyOf = (list: readonly string[] | undefined, values: readonly string[]): boolean =>
  list === undefined || values.some((value) => list.includes(value))

const seen = (story: Story, seenBy: ArchiveFilter['seenBy']): boolean =>
  seenBy === undefined ||
  (seenBy.campaigns === 'any' && story.campaignId !== undefined) ||
  ownersOf(story).some((agent) => seenBy.agents?.includes(agent)) ||
  story.queues.some((queue) => seenBy.queues?.includes(queue))

const partiesMatch = (story: Story, filter: ArchiveFilter, personOf: PersonOf): boolean => {
  if (filter.person === undefined && filter.number === undefined) return true
  const parties = outsideParties(story)
  if (filter.person !== undefined && !parties.includes(filter.person)) return false
  const { number } = filter
  return number === undefined || parties.some((id) => numberMatches(number, personOf(id)))
}

/** Whether the story is among what the filter asks for. */
export const storyMatches = (story: Story, filter: ArchiveFilter, personOf: PersonOf): boolean =>
  inRange(
    { ...(filter.from !== undefined && { min: filter.from }), ...(filter.to !== undefined && { max: filter.to }) },
    story.startedAt,
  ) &&
  anyOf(filter.queue, story.queues) &&
  anyOf(
    filter.agent,
    story.agents.map((agent) => agent.id),
  ) &&
  oneOf(filter.direction, story.direction) &&
  oneOf(filter.origin, story.origin) &&
  oneOf(filter.mode, story.mode) &&
  (filter.campaign === undefined || story.campaignId === filter.campaign) &&
  (filter.contact === undefined || story.contactId === filter.contact) &&
  oneOf(filter.result, story.result) &&
  anyOf(
    filter.kind,
    story.events.map((event: ArchiveEvent) => event.kind),
  ) &&
  (filter.unanswered === undefined || story.unanswered > 0 === filter.unanswered) &&
  (filter.live === undefined || (story.endedAt === null) === filter.live) &&
  inRange(filter.durationMs, story.endedAt === null ? null : story.endedAt - story.startedAt) &&
  inRange(filter.speakMs, story.speakMs) &&
  inRange(filter.waitMs, story.waitMs) &&
  seen(story, filter.seenBy) &&
  partiesMatch(story, filter, personOf)

/** Newest first: the later start; at the same instant the larger id. */
const newestFirst = (a: Story, b: Story): number => b.startedAt - a.startedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

export class MemoryArchive implements ArchiveWriter, ArchiveReader {
  readonly #stories = new Map<CallId, Story>()
  readonly #personOf: PersonOf
  #position = 0

  constructor(personOf: PersonOf) {
    this.#personOf = personOf
  }

  position(): number {
    return this.#position
  }

  write(stories: readonly Story[], position: number): void {
    for (const story of stories) this.#stories.set(story.id, story)
    this.#position = position
  }

  forgetCalls(calls: readonly CallId[]): number {
    return calls.filter((callId) => this.#stories.delete(callId)).length
  }

  drop(): void {
    this.#stories.clear()
    this.#position = 0
  }

  #found(filter: ArchiveFilter): Story[] {
    return [...this.#stories.values()].filter((story) => storyMatches(story, filter, this.#personOf)).sort(newestFirst)
  }

  async search(filter: ArchiveFilter, page: { readonly after: string | null; readonly limit: number }): Promise<ArchivePage> {
    const found = this.#found(filter)
    const after = page.after
    const from = after === null ? 0 : found.findIndex((story) => keyAfter(story, after))
    const stories = from < 0 ? [] : found.slice(from, from + page.limit)
    const last = stories.at(-1)
    const more = from >= 0 && from + page.limit < found.length
    return { stories, next: more && last !== undefined ? keyOf(last) : null }
  }

  async *all(filter: ArchiveFilter): AsyncIterable<readonly Story[]> {
    yield this.#found(filter)
  }

  async count(filter: ArchiveFilter, atMost: number): Promise<number> {
    return Math.min(this.#found(filter).length, atMost)
  }

  async story(callId: CallId): Promise<Story | null> {
    return this.#stories.get(callId) ?? null
  }

  /** Numbers are asked for at each search. */
  async forget(): Promise<void> {
    // Nothing of them is kept here.
  }
}

const keyOf = (story: Story): string => `${story.startedAt}.${story.id}`
const keyAfter = (story: Story, key: string): boolean => {
  const dot = key.indexOf('.')
  const startedAt = Number(key.slice(0, dot))
  return story.startedAt < startedAt || (story.startedAt === startedAt && story.id < key.slice(dot + 1))
}

/** `personOf`: who has which number, for searches by number; `(id) => store.persons.get(id)` of a memory journal. */
export const memoryArchive = (personOf: PersonOf = () => undefined): MemoryArchive => new MemoryArchive(personOf)
