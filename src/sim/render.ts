/** The archive of a played story for a terminal: one block per call, a line and a bar per event, true to scale. */
import type { ArchiveEvent, EventKind, Story } from '#core/archive/story.ts'
import type { Ms, Party, PersonId } from '#core/kernel/kernel.ts'

/** The archive's own English words. */
const KINDS: Readonly<Record<EventKind, string>> = {
  menu: 'Menu',
  queue: 'Queue',
  queueCallback: 'Queue (callback)',
  conversation: 'Conversation',
  consult: 'Consult',
  consultToQueue: 'Consult to queue',
  deleted: 'Deleted',
}

/** Every kind differs by more than its colour. */
const FILL: Readonly<Record<EventKind, string>> = {
  menu: '▒',
  queue: '░',
  queueCallback: '┄',
  conversation: '█',
  consult: '▓',
  consultToQueue: '╌',
  deleted: '✕',
}

const COLOUR: Readonly<Record<EventKind, number>> = {
  menu: 35,
  queue: 33,
  queueCallback: 36,
  conversation: 32,
  consult: 34,
  consultToQueue: 33,
  deleted: 31,
}

export interface RenderOptions {
  /** What is shown for a person; undefined: nothing is known of the number. */
  readonly number: (person: PersonId) => string | null | undefined
  /** The words of a note: whom to ask for. */
  readonly note: (noteId: string) => string | null
  /** The instant at the head of a call, by the solution's clock. */
  readonly clock: (at: Ms) => string
  readonly colour: boolean
  /** Characters of a bar. */
  readonly width?: number
}

/** `17:20`, `1:02:03`: whole seconds, rounded down. */
export function duration(ms: Ms): string {
  const all = Math.floor(ms / 1000)
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** All calls, in the order given. */
export function renderStories(stories: readonly Story[], options: RenderOptions): string {
  if (stories.length === 0) return 'No calls.\n'
  return stories.map((story, index) => renderStory(story, index + 1, options)).join('\n')
}

function renderStory(story: Story, place: number, options: RenderOptions): string {
  const party = (one: Party): string => ('agent' in one ? `agent:${one.agent}` : (options.number(one.person) ?? 'withheld'))
  const askFor = story.askFor === undefined ? null : options.note(story.askFor)
  const facts = [
    options.clock(story.startedAt),
    story.origin === 'web' ? `${story.direction} (web)` : story.direction,
    `${party(story.from)} → ${party(story.to)}`,
    ...(askFor === null ? [] : [`ask for ${askFor}`]),
    story.result,
    ...(story.waitMs === null ? [] : [`wait ${duration(story.waitMs)}`]),
    ...(story.waitToCustomerMs === null ? [] : [`to customer ${duration(story.waitToCustomerMs)}`]),
    `speak ${duration(story.speakMs)}`,
    ...(story.agents.length === 0 ? [] : [story.agents.map((agent) => agent.id).join(', ')]),
  ]
  return `${[`Call ${place}  ${facts.join('  ')}`, ...renderEvents(story, options)].join('\n')}\n`
}

function renderEvents(story: Story, options: RenderOptions): readonly string[] {
  const last = Math.max(story.startedAt, ...story.events.map((event) => event.endedAt ?? event.startedAt), story.endedAt ?? 0)
  const rows = story.events.map((event) => cells(story, event))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return story.events.map((event, index) => {
    const text = (rows[index] ?? []).map((cell, column) =>
      column < 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    const drawn = bar(story.startedAt, last, event, options.width ?? 40)
    const shown = options.colour ? `\u001b[${COLOUR[event.kind]}m${drawn}\u001b[0m` : drawn
    return `  ${text.join('  ')}  ${shown}`.trimEnd()
  })
}

/** From, to and duration as shown (differences of what is shown), and what it is. */
function cells(story: Story, event: ArchiveEvent): readonly string[] {
  const whole = (at: Ms): Ms => Math.floor((at - story.startedAt) / 1000) * 1000
  const from = whole(event.startedAt)
  const to = event.endedAt === null ? null : whole(event.endedAt)
  return [duration(from), to === null ? '…' : duration(to), to === null ? 'live' : duration(to - from), words(event)]
}

function words(event: ArchiveEvent): string {
  const more = [
    ...(event.menu === undefined ? [] : [event.choice === undefined ? event.menu : `${event.menu} → ${event.choice}`]),
    ...(event.queue === undefined ? [] : [event.queue]),
    ...(event.agents.length === 0 ? [] : [event.agents.join(', ')]),
    ...(event.unanswered === undefined ? [] : [`${event.unanswered} unanswered call${event.unanswered === 1 ? '' : 's'} done`]),
    ...(event.by === undefined ? [] : [`by ${event.by}`]),
    ...(event.reason === undefined ? [] : [event.reason]),
  ]
  return [KINDS[event.kind], ...more].join(' · ')
}

function bar(from: Ms, to: Ms, event: ArchiveEvent, width: number): string {
  const scale = to > from ? width / (to - from) : 0
  const begin = Math.min(Math.floor((event.startedAt - from) * scale), width - 1)
  const end = Math.floor(((event.endedAt ?? to) - from) * scale)
  // What took no time is a mark.
  const length = event.endedAt === event.startedAt ? 1 : Math.max(1, end - begin)
  const fill = event.endedAt === event.startedAt && event.kind !== 'deleted' ? '│' : FILL[event.kind].repeat(length)
  return ' '.repeat(begin) + fill
}
