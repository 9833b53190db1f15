/**
 * A case: a call's facts, and the story the specification's tables tell of it, in the tables' own notation. `row` writes a story down in
 * that notation.
 */
import type { Recorded } from '../../facts.ts'
import { unansweredLabel } from '../shown.ts'
import type { ArchiveEvent, EventKind, Result, Story } from '../story.ts'
import { T0 } from './script.ts'

export interface Case {
  readonly name: string
  readonly facts: readonly Recorded[]
  /** The call's last instant. */
  readonly end: number
  /** One event per line, seconds from the case's 0. */
  readonly events: readonly string[]
  readonly result: Result
  /** Seconds; null as in the table. */
  readonly wait: number | null
  readonly toCustomer: number | null
  /** Seconds per agent involved, in order of first answer. */
  readonly speak: Readonly<Record<string, number>>
  /** Speaktime of the call, where it is not the sum of the agents'. */
  readonly speakInAll?: number
}

const KINDS: Readonly<Record<EventKind, string>> = {
  menu: 'Menu',
  queue: 'Queue',
  queueCallback: 'Queue (callback)',
  conversation: 'Conversation',
  consult: 'Consult',
  consultToQueue: 'Consult to queue',
  deleted: 'Deleted',
}

const offset = (instant: number | null): string => (instant === null ? '…' : String((instant - T0) / 1000))

/** `Queue (callback) 160–1500 1 unanswered call done`, `Deleted 700 by supervisor supervisor`, `Conversation 70–180 (to)`. */
export function row(event: ArchiveEvent): string {
  const span = event.endedAt === event.startedAt ? offset(event.startedAt) : `${offset(event.startedAt)}–${offset(event.endedAt)}`
  const who = [...event.agents, ...(event.to === undefined ? [] : ['to'])].join(', ')
  return [
    KINDS[event.kind],
    span,
    who === '' ? undefined : `(${who})`,
    unansweredLabel(event.unanswered),
    event.by === undefined ? undefined : `by ${event.by} ${event.reason}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

export const rows = (story: Story): string[] => story.events.map(row)
