/** The law of the archive (its specification, section 1) over a finished story, written without a look at the projection. */
import type { ArchiveEvent, Story } from '#core/archive/story.ts'
import type { Ms } from '#core/kernel/kernel.ts'

const endOf = (event: ArchiveEvent): Ms => event.endedAt ?? Number.POSITIVE_INFINITY

/** Sentences about what the law forbids; empty: lawful. */
export function storyFaults(story: Story): readonly string[] {
  return [...lengths(story), ...overlaps(story), ...holes(story), ...closed(story)].map((fault) => `call ${story.id}: ${fault}`)
}

const lengths = (story: Story): readonly string[] =>
  story.events.flatMap((event) => {
    if (endOf(event) < event.startedAt) return [`${event.kind} ends before it begins`]
    if (event.startedAt < story.startedAt) return [`${event.kind} begins before the call`]
    return story.endedAt !== null && endOf(event) > story.endedAt ? [`${event.kind} outlasts the call`] : []
  })

/** At any instant at most one event is open, save that a menu may lie inside a conversation. */
function overlaps(story: Story): readonly string[] {
  return story.events.flatMap((one, index) =>
    story.events.slice(index + 1).flatMap((other) => {
      const together = Math.min(endOf(one), endOf(other)) > Math.max(one.startedAt, other.startedAt)
      const message = one.kind === 'conversation' && other.kind === 'menu' && endOf(other) <= endOf(one)
      return together && !message ? [`${one.kind} and ${other.kind} are open at once`] : []
    }),
  )
}

/** A hole is lawful only while a telephone explains it: somebody is being rung, or has been and waits for another. */
function holes(story: Story): readonly string[] {
  const found: string[] = []
  let until: Ms = story.startedAt
  for (const event of [...story.events].sort((a, b) => a.startedAt - b.startedAt)) {
    if (event.startedAt > until && !explained(story, until, event.startedAt)) found.push(`nothing is told of ${event.startedAt - until} ms`)
    until = Math.max(until, endOf(event))
  }
  return found
}

const explained = (story: Story, from: Ms, to: Ms): boolean =>
  story.legs.some((leg) => leg.requestedAt <= from && (leg.endedAt ?? to) >= to)

function closed(story: Story): readonly string[] {
  if (story.endedAt === null) return []
  const open = story.events.filter((event) => event.endedAt === null).map((event) => `${event.kind} is open though the call ended`)
  return story.result === 'live' ? [...open, 'it is live though it ended'] : open
}
