/**
 * A copy of everything that is kept of one person (GDPR, article 15). A call may have had others in it: of them no number, no name and no
 * note is in the copy, nor who of ours talked.
 */
import { outsideParties } from '#core/archive/parties.ts'
import type { ArchiveEvent, Story } from '#core/archive/story.ts'
import type { PersonId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { Audit } from '#ports/audit.ts'
import type { AboutPerson, Forgetting } from '#ports/forgetting.ts'
import type { Persons } from '#ports/journal.ts'
import type { PersonCall, PersonCopy } from '#wire/persons.ts'
import { iso, isoOrNull } from './present.ts'
import { contactOf, listedOf } from './present-campaigns.ts'

export interface CopyParts {
  readonly forgetting: Pick<Forgetting, 'about' | 'calls'>
  readonly persons: Persons
  readonly audit: Pick<Audit, 'search'>
  readonly solution: Solution
  readonly now: number
}

/** Entries of the audit log read for one call; of these the looks are told. */
const LOOKS_MAX = 200
const LOOK = /\.(?:r|\w+R)ead$/

/** Of whom, beside what is kept of them: the audit log names persons by their ids. null where nothing at all is kept. */
export async function copyOf(
  parts: CopyParts,
  number: string,
): Promise<{ readonly copy: PersonCopy; readonly persons: readonly PersonId[] } | null> {
  const about = await parts.forgetting.about(number)
  const calls: PersonCall[] = []
  for await (const stories of parts.forgetting.calls(about.persons))
    for (const story of stories) calls.push(await callOf(parts, story, about.persons))
  const copy: PersonCopy = {
    number,
    name: about.name,
    madeAt: iso(parts.now),
    calls,
    contacts: about.contacts.map((contact) => ({ campaignId: contact.campaignId, ...contactOf(contact) })),
    doNotCall: about.listings.map(listedOf),
    directory: directoryOf(about),
  }
  const isEmpty = [copy.calls, copy.contacts, copy.doNotCall, copy.directory].every(({ length }) => length === 0)
  return isEmpty && about.persons.length === 0 ? null : { copy, persons: about.persons }
}

/** The card without the other numbers on it: those may be somebody else's. */
const directoryOf = ({ directory, number }: AboutPerson): PersonCopy['directory'] =>
  directory.map(({ name, company, numbers, fields, changedAt }) => ({
    ...{ name, company, label: numbers.find((one) => one.number === number)?.label ?? null },
    fields: { ...fields },
    changedAt: iso(changedAt),
  }))

async function callOf(parts: CopyParts, story: Story, persons: readonly PersonId[]): Promise<PersonCall> {
  const first = outsideParties(story)[0]
  const isCustomer = first !== undefined && persons.includes(first)
  const notes = isCustomer ? await notesOf(parts.persons, story) : new Map<string, string>()
  const askFor = story.askFor === undefined ? undefined : notes.get(story.askFor)
  return {
    id: story.id,
    startedAt: iso(story.startedAt),
    endedAt: isoOrNull(story.endedAt),
    direction: story.direction,
    part: isCustomer ? 'customer' : 'called',
    ...(story.origin !== undefined && { origin: story.origin }),
    ...(story.campaignId !== undefined && { campaignId: story.campaignId }),
    result: story.result,
    waitMs: isCustomer ? story.waitMs : null,
    speakMs: isCustomer ? story.speakMs : null,
    queues: isCustomer ? story.queues.map((id) => parts.solution.queues[id]?.name ?? id) : [],
    events: story.events.filter((event) => isCustomer || isWith(event, persons)).map((event) => eventOf(parts.solution, event, notes)),
    legs: story.legs
      .filter(({ personId }) => personId !== undefined && persons.includes(personId))
      .map(({ requestedAt, ringingAt, answeredAt, endedAt, outcome }) => ({
        ...{ requestedAt: iso(requestedAt), ringingAt: isoOrNull(ringingAt), answeredAt: isoOrNull(answeredAt) },
        ...{ endedAt: isoOrNull(endedAt), outcome },
      })),
    ...(askFor !== undefined && { askFor }),
    looks: await looksOf(parts.audit, story.id),
  }
}

const isWith = ({ to }: ArchiveEvent, persons: readonly PersonId[]): boolean => to !== undefined && persons.includes(to)

function eventOf(solution: Solution, event: ArchiveEvent, notes: ReadonlyMap<string, string>): PersonCall['events'][number] {
  const note = event.noteId === undefined ? undefined : notes.get(event.noteId)
  return {
    kind: event.kind,
    startedAt: iso(event.startedAt),
    endedAt: isoOrNull(event.endedAt),
    ...(event.queue !== undefined && { queue: solution.queues[event.queue]?.name ?? event.queue }),
    ...(event.menu !== undefined && { menu: solution.menus[event.menu]?.name ?? event.menu }),
    ...(event.choice !== undefined && { choice: event.choice }),
    ...(event.reason !== undefined && { reason: event.reason }),
    ...(note !== undefined && { note }),
  }
}

async function notesOf(persons: Persons, { events, askFor }: Story): Promise<ReadonlyMap<string, string>> {
  const ids = [...events.flatMap(({ noteId }) => noteId ?? []), ...(askFor === undefined ? [] : [askFor])]
  const texts = await Promise.all(ids.map(async (id) => [id, await persons.note(id)] as const))
  return new Map(texts.flatMap(([id, text]) => (text === null ? [] : [[id, text] as const])))
}

async function looksOf(audit: CopyParts['audit'], callId: string): Promise<PersonCall['looks']> {
  const { rows } = await audit.search({ on: { kind: 'call', id: callId }, outcome: 'done', before: null, limit: LOOKS_MAX })
  return rows.filter(({ what }) => LOOK.test(what)).map(({ at, what, by }) => ({ at: iso(at), what, by }))
}
