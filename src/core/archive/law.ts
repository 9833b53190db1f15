/**
 * The law of a story, checked from the outside: it knows the shapes of a story and nothing of how one is made. Imports types only, so that
 * a simulator's checkers may use it.
 */
import type { ArchiveEvent, Story, StoryLeg } from './story.ts'

/** How long legs may stay up after the last status while they are being hung up: the bound of the sweep, ten seconds. */
const HANGING_UP_MS_MAX = 10_000

/** Every sentence of the law that the story breaks, in words; empty for a lawful one. Holds for live stories too. */
export function lawsBroken(story: Story): string[] {
  return [...brokenByEvents(story), ...brokenByOverlaps(story.events), ...brokenByHoles(story)]
}

function brokenByEvents(story: Story): string[] {
  const broken: string[] = []
  const ids = new Set<string>()
  let before = story.startedAt
  for (const event of story.events) {
    const name = nameOf(event)
    if (ids.has(event.id)) broken.push(`${name}: another event has its id`)
    ids.add(event.id)
    if (event.endedAt !== null && event.endedAt < event.startedAt) broken.push(`${name}: negative length`)
    if (event.startedAt < before) broken.push(`${name}: starts before the event it is told after`)
    before = Math.max(before, event.startedAt)
    if (story.endedAt === null) continue
    if (event.endedAt === null) broken.push(`${name}: goes on after the call's end`)
    else if (event.endedAt > story.endedAt) broken.push(`${name}: ends after the call`)
  }
  if ((story.result === 'live') !== (story.endedAt === null)) broken.push('live and ended at once')
  return broken
}

function brokenByOverlaps(events: readonly ArchiveEvent[]): string[] {
  const broken: string[] = []
  const lasting = events.filter((event) => event.endedAt === null || event.endedAt > event.startedAt)
  for (const [i, event] of lasting.entries()) {
    for (const later of lasting.slice(i + 1)) {
      if (event.endedAt !== null && event.endedAt <= later.startedAt) continue
      if (later.kind === 'menu' && event.kind === 'conversation') continue
      broken.push(`${nameOf(event)} is open while ${nameOf(later)} is`)
    }
  }
  return broken
}

type Stretch = { readonly from: number; readonly to: number }

/** A hole is lawful only while a leg's state explains it. */
function brokenByHoles(story: Story): string[] {
  const end = story.endedAt ?? latestStart(story)
  const shown = story.events.map((event) => ({ from: event.startedAt, to: event.endedAt ?? Number.POSITIVE_INFINITY }))
  const lastShown = Math.max(story.startedAt, ...shown.map((stretch) => stretch.to))
  const explained = story.legs.flatMap((leg) => explanations(story, leg, lastShown))
  return holesIn([...shown, ...explained], story.startedAt, end).map(
    (hole) => `nothing explains ${hole.from - story.startedAt}–${hole.to - story.startedAt} ms`,
  )
}

const latestStart = (story: Story): number => Math.max(story.startedAt, ...story.events.map((event) => event.startedAt))

function explanations(story: Story, leg: StoryLeg, lastShown: number): Stretch[] {
  const endedAt = leg.endedAt ?? Number.POSITIVE_INFINITY
  // A phone is being rung: an agent's, a customer's after the agent's answer, a lost one's, the target's of a blind transfer.
  const stretches: Stretch[] = [{ from: leg.requestedAt, to: leg.answeredAt ?? endedAt }]
  if (leg.answeredAt !== null) {
    const contactFirst = story.mode !== undefined && story.mode !== 'preview'
    if (contactFirst && leg.party === 'customer') stretches.push({ from: leg.answeredAt, to: endedAt })
    if (leg.learntAt !== undefined) stretches.push({ from: leg.answeredAt, to: leg.learntAt })
    // All is told, and the legs are being hung up.
    stretches.push({ from: lastShown, to: Math.min(endedAt, lastShown + HANGING_UP_MS_MAX) })
  }
  if (leg.learntAt !== undefined && leg.endedAt !== null) stretches.push({ from: leg.endedAt, to: leg.learntAt })
  return stretches
}

function holesIn(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  const holes: Stretch[] = []
  let reached = from
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    if (stretch.from > reached && reached < to) holes.push({ from: reached, to: Math.min(stretch.from, to) })
    reached = Math.max(reached, stretch.to)
  }
  if (reached < to) holes.push({ from: reached, to })
  return holes
}

const nameOf = (event: ArchiveEvent): string => `${event.kind} ${event.id}`
