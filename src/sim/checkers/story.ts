/** The law of the archive (its specification, section 1) over a finished story, written without a look at the projection. */
import type { ArchiveEvent, Story, StoryLeg } from '#core/archive/story.ts'
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

/** A hole is lawful only while a telephone explains it, from its first instant to its last. */
function holes(story: Story): readonly string[] {
  const told = story.events.map((event): Stretch => [event.startedAt, endOf(event)])
  const explained = story.legs.flatMap((leg) => explainedBy(leg, story))
  const found: string[] = []
  let until: Ms = story.startedAt
  const last = Math.max(until, ...told.map(([from]) => from))
  for (const [from, to] of [...told, ...explained].sort(([a], [b]) => a - b)) {
    if (from > until && until < last) found.push(`nothing is told of ${Math.min(from, last) - until} ms`)
    until = Math.max(until, to)
  }
  return found
}

type Stretch = readonly [from: Ms, to: Ms]

/**
 * A phone is being rung; a contact waits for an agent; or it was learnt afterwards that a line was answered or over, and until then all
 * was done as if it were not.
 */
function explainedBy(leg: StoryLeg, { mode }: Story): readonly Stretch[] {
  const end = leg.endedAt ?? Number.POSITIVE_INFINITY
  const stretches: Stretch[] = [[leg.requestedAt, leg.answeredAt ?? end]]
  if (leg.answeredAt !== null && leg.party === 'customer' && mode !== undefined && mode !== 'preview') stretches.push([leg.answeredAt, end])
  if (leg.learntAt !== undefined) stretches.push([leg.answeredAt ?? end, leg.learntAt])
  return stretches
}

function closed(story: Story): readonly string[] {
  if (story.endedAt === null) return []
  const open = story.events.filter((event) => event.endedAt === null).map((event) => `${event.kind} is open though the call ended`)
  return story.result === 'live' ? [...open, 'it is live though it ended'] : open
}
