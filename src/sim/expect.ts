/** What a scenario expects against what the archive tells, as sentences people can read. No sentence: it holds, to the millisecond. */
import type { ArchiveEvent, Story, StoryLeg } from '#core/archive/story.ts'
import type { Ms, PersonId } from '#core/kernel/kernel.ts'
import type { ExpectedCall, ExpectedEvent, ExpectedLeg } from './scenario.ts'

const seconds = (ms: Ms): number => ms / 1000
const offset = (at: Ms | null, startsAt: Ms): number | null => (at === null ? null : seconds(at - startsAt))
const ms = (value: number): number => Math.round(value * 1000)
const label = (unanswered: number | undefined): string | undefined =>
  unanswered === undefined ? undefined : `${unanswered} unanswered call${unanswered === 1 ? '' : 's'} done`

/** Numbers are equal when they are to the millisecond; lists and tables piece by piece. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return ms(a) === ms(b)
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const other: Readonly<Record<string, unknown>> = { ...b }
  const keys = Object.keys(a)
  return keys.length === Object.keys(other).length && Object.entries(a).every(([key, value]) => same(value, other[key]))
}

/** What is needed to read a story as a file writes it. */
export interface Reading {
  readonly startsAt: Ms
  /** The words of a note. */
  readonly noteOf: (noteId: string) => string | null
  /** null: withheld. */
  readonly numberOf: (person: PersonId) => string | null
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** Every field given that differs. */
function compare(place: string, given: object, told: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(given).flatMap(([field, value]) =>
    same(value, told[field]) ? [] : [`${place}: ${field} is ${show(told[field])}, expected ${show(value)}`],
  )
}

function compareEvent(place: string, expected: ExpectedEvent, event: ArchiveEvent, { startsAt, numberOf }: Reading): readonly string[] {
  const { at, ...given } = expected
  const wanted = at === undefined ? given : { from: at, to: at, ...given }
  return compare(place, wanted, {
    ...event,
    number: event.to === undefined ? undefined : numberOf(event.to),
    from: offset(event.startedAt, startsAt),
    to: offset(event.endedAt, startsAt),
    unanswered: event.unanswered ?? 0,
    label: label(event.unanswered),
  })
}

const compareLeg = (place: string, expected: ExpectedLeg, leg: StoryLeg, { startsAt, numberOf }: Reading): readonly string[] =>
  compare(place, expected, {
    ...leg,
    number: leg.personId === undefined ? undefined : numberOf(leg.personId),
    holds: leg.holds.map(({ from, to }) => ({ from: offset(from, startsAt), to: offset(to, startsAt) })),
    requested: offset(leg.requestedAt, startsAt),
    ringing: offset(leg.ringingAt, startsAt),
    answered: offset(leg.answeredAt, startsAt),
    ended: offset(leg.endedAt, startsAt),
  })

/** One line for what was there and not expected, or expected and not there. */
function describe(event: ArchiveEvent | undefined, startsAt: Ms): string {
  if (event === undefined) return 'nothing'
  return `${event.kind} ${offset(event.startedAt, startsAt)}–${offset(event.endedAt, startsAt) ?? '…'}`
}

function compareCall(place: string, expected: ExpectedCall, story: Story, all: readonly Story[], reading: Reading): readonly string[] {
  const { startsAt } = reading
  const { events, legs, speakSeconds, ...given } = expected
  const byAgent = (measure: (agent: Story['agents'][number]) => Ms): Readonly<Record<string, number>> =>
    Object.fromEntries(story.agents.map((agent) => [agent.id, seconds(measure(agent))]))
  const told = {
    ...story,
    campaign: story.campaignId,
    contact: story.contactId,
    from: offset(story.startedAt, startsAt),
    to: offset(story.endedAt, startsAt),
    agents: story.agents.map((agent) => agent.id),
    askFor: story.askFor === undefined ? undefined : reading.noteOf(story.askFor),
    waitSeconds: story.waitMs === null ? null : seconds(story.waitMs),
    waitToCustomerSeconds: story.waitToCustomerMs === null ? null : seconds(story.waitToCustomerMs),
    wrapSeconds: byAgent((agent) => agent.wrapMs),
    holdSeconds: byAgent((agent) => agent.holdMs),
    relatedCalls: story.relatedCalls.map((id) => all.findIndex((one) => one.id === id) + 1),
  }
  const speak = typeof speakSeconds === 'number' ? seconds(story.speakMs) : byAgent((agent) => agent.speakMs)
  return [
    ...compare(place, given, told),
    ...(speakSeconds === undefined ? [] : compare(place, { speakSeconds }, { speakSeconds: speak })),
    ...each(
      place,
      'event',
      events,
      story.events,
      (one, want, event) => compareEvent(one, want, event, reading),
      (event) => describe(event, startsAt),
    ),
    ...each(
      place,
      'leg',
      legs,
      story.legs,
      (one, want, leg) => compareLeg(one, want, leg, reading),
      (leg) => `${leg?.party} ${leg?.agentId ?? ''}`.trim(),
    ),
  ]
}

function each<W extends object, T>(
  place: string,
  noun: string,
  wanted: readonly W[] | undefined,
  told: readonly T[],
  one: (place: string, want: W, item: T) => readonly string[],
  say: (item: T | undefined) => string,
): readonly string[] {
  if (wanted === undefined) return []
  return Array.from({ length: Math.max(wanted.length, told.length) }, (_, index) => {
    const [want, item] = [wanted[index], told[index]]
    const here = `${place}, ${noun} ${index + 1}`
    if (want === undefined) return [`${here}: there is ${say(item)}, expected nothing`]
    if (item === undefined) return [`${here}: there is nothing, expected ${JSON.stringify(want)}`]
    return one(`${here} (${say(item)})`, want, item)
  }).flat()
}

/** Both in order of start. */
export function differences(expected: readonly ExpectedCall[], stories: readonly Story[], reading: Reading): readonly string[] {
  return each(
    'the archive',
    'call',
    expected,
    stories,
    (place, want, story) => compareCall(place.replace(/^the archive, /, ''), want, story, stories, reading),
    (story) => (story === undefined ? 'nothing' : `${story.direction}, ${story.result}`),
  )
}
