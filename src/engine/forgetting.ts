/**
 * Forgets a person (calls.md 7): first the number's hash goes on the erasure list, durably, so that whatever happens next the rest is made
 * up for; then contacts, directory and notes; then callbacks are withdrawn and the row goes, at once or when the last call with them is
 * over. Facts, counts, stories stay as they are: they name a `personId` nobody answers to any more.
 */
import { outsideParties } from '#core/archive/parties.ts'
import type { Story } from '#core/archive/story.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveReader } from '#ports/archive.ts'
import type { Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { AboutPerson, Forgetting, Forgotten } from '#ports/forgetting.ts'
import type { Erasures, Persons } from '#ports/journal.ts'

export interface ForgettingPlan {
  readonly engine: Pick<EnginePort, 'letGo' | 'openWith' | 'onCommit' | 'recheckContacts'>
  readonly erasures: Erasures
  readonly persons: Persons
  readonly archive: ArchiveReader
  /** When the archive has read what the journal holds by now. */
  readonly archived: () => Promise<void>
  readonly contacts: Contacts
  readonly directory: Directory
  readonly clock: Clock
  /** Whether it stands in the solution file: a line of ours, an agent's phone. */
  readonly isOurs: (number: string) => boolean
  readonly isEmergency: (number: string) => boolean
  /** Deletes what is left of the number in the files; null: there are none. Told after each erasure, not waited for. */
  readonly scrub: ((number: string) => void) | null
  readonly log: (line: string) => void
}

/** After a call has ended it is looked for persons to let go so soon: calls end in clusters. */
const SWEEP_AFTER_MS: Ms = 500
/** An archive that stands still, or is made anew, is not waited for longer: what it tells of them later is done then. */
const ARCHIVED_MS_MAX: Ms = 5_000
/** Calls told to open pages when their number is erased; older ones are read anew when they are looked at. */
const TOLD_MAX = 200
const PAGE = 200

/** The calls somebody has part in: the newest of them, how many there are, and the notes that are theirs. */
interface Part {
  readonly stories: readonly Story[]
  readonly calls: number
  readonly notes: readonly string[]
}

export class PersonForgetting implements Forgetting {
  readonly #plan: ForgettingPlan
  readonly #listeners = new Set<(stories: readonly Story[]) => void>()
  readonly #unlisten: () => void
  #work: Promise<unknown> = Promise.resolve()
  #cancel: (() => void) | null = null
  #closed = false

  constructor(plan: ForgettingPlan) {
    this.#plan = plan
    this.#unlisten = plan.engine.onCommit(({ facts }) => {
      if (facts.some(({ fact }) => fact.type === 'call.ended')) this.#soon()
    })
  }

  refusal(number: string): ReturnType<Forgetting['refusal']> {
    if (this.#plan.isEmergency(number)) return 'person.emergency'
    return this.#plan.isOurs(number) ? 'person.ourNumber' : null
  }

  async about(number: string): Promise<AboutPerson> {
    const { persons, engine, contacts, directory, archive } = this.#plan
    const person = await persons.find(number)
    const ids = person === undefined ? [] : [person]
    const row = person === undefined ? undefined : (await persons.get(ids)).get(person)
    const [lists, entries] = await Promise.all([contacts.withNumber(number), directory.withNumber(number)])
    const { calls: open, callbacks } = engine.openWith(ids)
    return {
      number,
      persons: ids,
      name: row?.name ?? null,
      calls: person === undefined ? 0 : await archive.count({ person }, Number.MAX_SAFE_INTEGER),
      open,
      callbacks,
      contacts: lists.contacts,
      listings: lists.listings,
      directory: entries,
    }
  }

  async *calls(persons: readonly PersonId[]): AsyncIterable<readonly Story[]> {
    for (const person of persons) {
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<ArchiveReader['search']>> = await this.#plan.archive.search({ person }, { after, limit: PAGE })
        yield page.stories
        after = page.next
      } while (after !== null)
    }
  }

  erase(number: string): Promise<Forgotten> {
    return this.#then(async () => {
      const at = Math.floor(this.#plan.clock.now())
      const persons = await this.#plan.erasures.listErased(number, at)
      return this.#forget(number, persons, at)
    })
  }

  sweep(): Promise<void> {
    return this.#then(async () => {
      for (const { number, personId, erasedAt } of await this.#plan.erasures.recalled()) await this.#forget(number, [personId], erasedAt)
    })
  }

  onErased(listener: (stories: readonly Story[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unlisten()
    this.#cancel?.()
    await this.#work
  }

  /** One after the other: two at once for the same number would each find the other's. */
  #then<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }

  #soon(): void {
    const { clock, log } = this.#plan
    this.#cancel ??= clock.wake(clock.now() + SWEEP_AFTER_MS, () => {
      this.#cancel = null
      this.sweep().catch((error: unknown) => log(`persons on the erasure list could not be let go; it is tried again: ${String(error)}`))
    })
  }

  async #forget(number: string, persons: readonly PersonId[], at: Ms): Promise<Forgotten> {
    const { contacts, directory, engine, archive, erasures, scrub } = this.#plan
    const lists = await contacts.erase(number, at)
    const entries = await directory.erase(number, at)
    if (lists.contacts + lists.listings > 0) await engine.recheckContacts()
    let part: Part | null = null
    // The archive tells which notes are about them: also those of a callback that was withdrawn a moment ago.
    const { withdrawn, open } = await this.#letGo(number, persons, async () => {
      if (!(await this.#archived())) this.#notesLater(persons)
      part = await this.#partIn(persons)
      await erasures.erase(persons, part.notes)
    })
    const { stories, calls, notes }: Part = part ?? (await this.#partIn(persons))
    if (open.length === 0) {
      await archive.forget(persons)
      for (const listener of this.#listeners) listener(stories)
    }
    scrub?.(number)
    return {
      status: open.length === 0 ? 'erased' : 'whenOver',
      ...{ calls, open, withdrawn: withdrawn.length, contacts: lists.contacts, listings: lists.listings },
      directory: entries,
      notes: notes.length,
    }
  }

  /** Whether the archive came to what the journal holds, in the time it is given. */
  #archived(): Promise<boolean> {
    const { clock, archived } = this.#plan
    return new Promise((resolve, reject) => {
      const cancel = clock.wake(clock.now() + ARCHIVED_MS_MAX, () => resolve(false))
      archived()
        .then(() => resolve(true), reject)
        .finally(cancel)
    })
  }

  /** Their row is gone; notes of calls the archive did not know yet go as soon as it does. */
  #notesLater(persons: readonly PersonId[]): void {
    const { archived, erasures, log } = this.#plan
    log('the archive is behind: notes of the newest calls of a person who was erased are deleted when it has caught up')
    archived()
      .then(() => this.#then(async () => (this.#closed ? undefined : erasures.erase(persons, (await this.#partIn(persons)).notes))))
      .catch((error: unknown) => log(`notes of a person who was erased could not be deleted: ${String(error)}`))
  }

  async #letGo(
    number: string,
    persons: readonly PersonId[],
    forget: () => Promise<void>,
  ): Promise<{ readonly withdrawn: readonly CallId[]; readonly open: readonly CallId[] }> {
    return persons.length === 0 ? { withdrawn: [], open: [] } : this.#plan.engine.letGo({ number, persons, forget })
  }

  /** Their newest calls, how many there are, and the notes kept with those that are theirs: not with one they were only consulted in. */
  async #partIn(persons: readonly PersonId[]): Promise<Part> {
    const newest: Story[] = []
    const notes: string[] = []
    let calls = 0
    for await (const stories of this.calls(persons)) {
      calls += stories.length
      newest.push(...stories.slice(0, TOLD_MAX - newest.length))
      for (const story of stories) if (isAbout(story, persons)) notes.push(...notesOf(story))
    }
    return { stories: newest, calls, notes }
  }
}

const notesOf = ({ events, askFor }: Story): string[] => [
  ...events.flatMap(({ noteId }) => noteId ?? []),
  ...(askFor === undefined ? [] : [askFor]),
]

/** The customer, or the only one outside who had part in it. */
const isAbout = (story: Story, persons: readonly PersonId[]): boolean => {
  const outside = outsideParties(story)
  return outside[0] !== undefined && persons.includes(outside[0])
}
