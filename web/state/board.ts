/** What the Live page says of queues, of those who wait and of agents: worked out here, drawn there. Times in milliseconds of the server's clock. */
import type { Agent, Alarm, Queue, WaitingEntry } from '#wire/live.ts'
import { msOf } from './shown.ts'

/** Whole seconds from an instant to now, never negative. */
export const secondsSince = (instant: string, now: number): number => Math.max(0, Math.floor((now - msOf(instant)) / 1000))
/** Whole seconds left, rounded up, never negative. */
export const secondsUntil = (instant: string, now: number): number => Math.max(0, Math.ceil((msOf(instant) - now) / 1000))

/** What an alarm is about, beside its words: a trunk or a line by its id, damage by the last fact kept. Details are for logs: they are in English. */
export function aboutOf({ alarm, about }: Alarm, kept: (position: string) => string): string | null {
  if (about === undefined) return null
  return alarm === 'journalTail' ? kept(about) : about
}

export type Group = 'talking' | 'ready' | 'wrapUp' | 'paused' | 'away'
const GROUP_OF: Readonly<Record<Agent['state'], Group | null>> = {
  connecting: 'talking',
  connected: 'talking',
  ready: 'ready',
  wrapUp: 'wrapUp',
  paused: 'paused',
  rejected: 'away',
  noAnswer: 'away',
  unreachable: 'away',
  loggedOff: null,
}
export const GROUPS: readonly Group[] = ['talking', 'ready', 'wrapUp', 'paused', 'away']

export interface Tile {
  readonly longest: number | null
  /** The longest wait is over what the queue promises. */
  readonly isLate: boolean
  readonly slaSeconds: number
  /** Part of the offered that hung up after 5 s or more; null before there is anything to divide by. */
  readonly abandoned: number | null
  readonly groups: readonly { readonly group: Group; readonly n: number }[]
}

export function tileOf(queue: Queue, now: number): Tile {
  const longest = queue.longestSince === null ? null : secondsSince(queue.longestSince, now)
  const counted = queue.today.offered - queue.today.short
  const groups = GROUPS.map((group) => ({
    group,
    n: Object.entries(queue.agents)
      .filter(([state]) => GROUP_OF[state as Agent['state']] === group)
      .reduce((sum, [, n]) => sum + n, 0),
  }))
  return {
    longest,
    isLate: longest !== null && queue.slaMs > 0 && longest * 1000 > queue.slaMs,
    slaSeconds: Math.round(queue.slaMs / 1000),
    abandoned: counted > 0 ? queue.today.abandoned / counted : null,
    groups: groups.filter(({ n }) => n > 0),
  }
}

export interface WaitingRow {
  readonly entry: WaitingEntry
  readonly queue: Queue
  readonly inAll: number
  /** Seconds since it was put back in line; null when it never was. */
  readonly requeued: number | null
  readonly isLate: boolean
  /** May be taken out of the queue now, may be hastened now. */
  readonly canDelete: boolean
  readonly canCallNow: boolean
}

const UNDER_WAY: ReadonlySet<WaitingEntry['status']> = new Set(['dialling', 'talking'])
const CAN_HASTEN: ReadonlySet<WaitingEntry['status']> = new Set(['waiting', 'pausing', 'networkWait', 'notYet'])

/** Everybody who waits, who has waited longest first. */
export const waitingRows = (queues: readonly Queue[], now: number): WaitingRow[] =>
  queues
    .flatMap((queue) =>
      queue.entries.map((entry) => {
        const inAll = secondsSince(entry.joinedAt, now)
        return {
          entry,
          queue,
          inAll,
          requeued: entry.kind === 'callback' && entry.waitsSince !== entry.joinedAt ? secondsSince(entry.waitsSince, now) : null,
          isLate: entry.kind === 'line' && queue.slaMs > 0 && inAll * 1000 > queue.slaMs,
          canDelete: entry.kind !== 'consult' && !UNDER_WAY.has(entry.status),
          canCallNow: entry.kind === 'callback' && CAN_HASTEN.has(entry.status) && entry.place !== 1,
        }
      }),
    )
    .sort((a, b) => msOf(a.entry.joinedAt) - msOf(b.entry.joinedAt) || a.entry.entryId.localeCompare(b.entry.entryId))

const STATE_ORDER: readonly Agent['state'][] = [
  'connected',
  'connecting',
  'ready',
  'wrapUp',
  'rejected',
  'noAnswer',
  'unreachable',
  'paused',
  'loggedOff',
]

/** By state, then who has been in it longest. */
export const agentRows = (agents: readonly Agent[]): Agent[] =>
  [...agents].sort(
    (a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) || msOf(a.since) - msOf(b.since) || a.id.localeCompare(b.id),
  )

export interface Sums {
  readonly line: number
  readonly callbacks: number
  readonly loggedOn: number
}
export const sumsOf = (queues: readonly Queue[], agents: readonly Agent[]): Sums => ({
  line: queues.reduce((sum, queue) => sum + queue.waiting, 0),
  callbacks: queues.reduce((sum, queue) => sum + queue.callbacks, 0),
  loggedOn: agents.filter((agent) => agent.state !== 'loggedOff').length,
})
