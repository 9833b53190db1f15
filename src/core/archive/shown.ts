/**
 * Shown values: stored durations are milliseconds, people see whole seconds, and what they see must add up. The offset of an instant is
 * the whole seconds since the call's start, rounded down; a shown duration is the difference of its two shown offsets, and a shown sum
 * the sum of the shown parts (archive.md 4). All results are whole seconds.
 */
import type { AgentId, Ms } from '../kernel/kernel.ts'
import type { ArchiveEvent, Story } from './story.ts'

const isTalk = (event: ArchiveEvent): boolean => event.kind === 'conversation' || event.kind === 'consult'

export const shownOffset = (callStartedAt: Ms, instant: Ms): number => Math.floor((instant - callStartedAt) / 1000)

export const shownDuration = (callStartedAt: Ms, from: Ms, to: Ms): number =>
  shownOffset(callStartedAt, to) - shownOffset(callStartedAt, from)

/** null while the event goes on. */
export const shownEventDuration = (story: Story, event: ArchiveEvent): number | null =>
  event.endedAt === null ? null : shownDuration(story.startedAt, event.startedAt, event.endedAt)

/** The sum of the shown Conversations and Consults the agent is in; without an agent, of all that have one. */
export function shownSpeak(story: Story, agentId?: AgentId): number {
  let seconds = 0
  for (const event of story.events) {
    const counts = agentId === undefined ? event.agents.length > 0 : event.agents.includes(agentId)
    if (counts && isTalk(event)) seconds += shownEventDuration(story, event) ?? 0
  }
  return seconds
}

/** From which instant a call's waits are counted; null where there is none. */
export function waitsFrom(story: Story): Ms | null {
  if (story.direction === 'internal') return story.startedAt
  if (story.mode !== undefined && story.mode !== 'preview') return story.legs.find((leg) => leg.party !== 'agent')?.answeredAt ?? null
  const first = story.events.find((event) => event.kind === 'queue' || event.kind === 'queueCallback')
  return first?.startedAt ?? (story.direction === 'outbound' ? story.startedAt : null)
}

/** A wait (`waitMs`, `waitToCustomerMs`) as shown; null stays null. */
export function shownWait(story: Story, waitMs: Ms | null): number | null {
  const from = waitsFrom(story)
  return waitMs === null || from === null ? null : shownDuration(story.startedAt, from, from + waitMs)
}

/** The English label of an event with unanswered attempts: `1 unanswered call done`, `n unanswered calls done`; none at 0. */
export function unansweredLabel(unanswered: number | undefined): string | undefined {
  if (unanswered === undefined || unanswered === 0) return undefined
  return unanswered === 1 ? '1 unanswered call done' : `${unanswered} unanswered calls done`
}
