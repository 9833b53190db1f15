/** An archive event while the story is being put in order: the event, and what only the ordering needs to know. */
import type { Ms } from '../kernel/kernel.ts'
import type { ArchiveEvent, EventKind } from './story.ts'
import type { Talk } from './talk.ts'

type Draft = { -readonly [Field in keyof ArchiveEvent]: ArchiveEvent[Field] }

export interface Placed {
  readonly event: Draft
  /** The fact that began it. */
  readonly position: number
  /** A message played to a party, as against a menu of choices. */
  message: boolean
  learntAt: Ms | null
  /** The talk it tells of: what cuts the event cuts the talk, so that speaktime is the sum of what is shown. */
  talk: Talk | undefined
}

/** An event with no negative length. */
export const place = (kind: EventKind, position: number, startedAt: Ms, endedAt: Ms | null): Placed => ({
  event: { id: `e${position}`, kind, startedAt, endedAt: endedAt === null ? null : Math.max(startedAt, endedAt), agents: [] },
  position,
  message: false,
  learntAt: null,
  talk: undefined,
})
