/**
 * The time axis: one scale for the whole call, the same on both sides of a fold. A long wait in which nothing happens may be folded;
 * an attempt never is, nor a menu, nor a conversation. All times are milliseconds since the call's first instant.
 */
import type { Call } from '#wire/calls.ts'
import { msOf } from '../state/shown.ts'

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Shorter waits are always drawn whole. */
const FOLD_FROM_MS = 300_000
/** A fold hides at least this, or it is not worth its tear. */
const HIDES_MS_MIN = 60_000
/** A wait is long when it takes this part of what is drawn. */
const LONG_PART = 0.25

const isWait = (kind: string): boolean => kind === 'queue' || kind === 'queueCallback'

/** Milliseconds from the call's first instant to its last; of a live call, to now. At least one second, so that there is an axis. */
export const spanOf = (call: Call, now: number): number => {
  const end = call.endedAt === null ? now : msOf(call.endedAt)
  const lasts = [...call.events, ...call.legs].map((one) => (one.endedAt === null ? end : msOf(one.endedAt)))
  return Math.max(1000, Math.max(end, ...lasts) - msOf(call.startedAt))
}

/** The waits between two happenings, in which no phone rings and no agent is there. */
export function quietWaits(call: Call, now: number): Stretch[] {
  const start = msOf(call.startedAt)
  const end = start + spanOf(call, now)
  const at = (instant: string | null): number => (instant === null ? end : msOf(instant))
  const instants = [
    ...call.events.flatMap((event) => [at(event.startedAt), at(event.endedAt)]),
    ...call.legs.flatMap((leg) => [
      at(leg.requestedAt),
      at(leg.endedAt),
      ...[leg.ringingAt, leg.answeredAt, ...leg.holds.flatMap((hold) => [hold.from, hold.to])].filter((one) => one !== null).map(msOf),
    ]),
  ]
  const edges = [...new Set([start, ...instants, end])].sort((a, b) => a - b)
  return edges.slice(1).flatMap((to, i) => {
    const from = edges[i] ?? to
    const covers = (a: number, b: number) => a <= from && b >= to
    const waits = call.events.some((event) => isWait(event.kind) && covers(at(event.startedAt), at(event.endedAt)))
    const busy = call.legs.some(
      (leg) =>
        covers(at(leg.requestedAt), at(leg.answeredAt ?? leg.endedAt)) ||
        (leg.party === 'agent' && covers(at(leg.requestedAt), at(leg.endedAt))),
    )
    return waits && !busy && to - from >= FOLD_FROM_MS ? [{ from: from - start, to: to - start }] : []
  })
}

/** The waits worth folding: taken from the longest, as long as each takes a large part of what is still drawn. */
const longOnes = (waits: readonly Stretch[], spanMs: number): Stretch[] => {
  let drawn = spanMs
  const chosen: Stretch[] = []
  for (const wait of [...waits].sort((a, b) => b.to - b.from - (a.to - a.from))) {
    const ms = wait.to - wait.from
    if (ms < drawn * LONG_PART || drawn - ms < 1000) continue
    chosen.push(wait)
    drawn -= ms
  }
  return chosen.sort((a, b) => a.from - b.from)
}

/** A stretch left out of the drawing. `id` stays the same while the call grows. */
export interface Fold extends Stretch {
  readonly id: string
}

export interface FoldRoom {
  /** Length of the axis, and what a tear takes of it, in pixels. */
  readonly lengthPx: number
  readonly tearPx: number
  /** Pixels of a folded wait that stay drawn before and after its tear. */
  readonly leadPx: (wait: Stretch) => number
  readonly trailPx: number
}

/** What is hidden, for a call drawn whole in this room. `unfolded`: the ids that a reader has pressed. */
export function foldsOf(waits: readonly Stretch[], spanMs: number, room: FoldRoom): Fold[] {
  let chosen = longOnes(waits, spanMs)
  for (;;) {
    const core = spanMs - chosen.reduce((sum, wait) => sum + wait.to - wait.from, 0)
    const kept = chosen.reduce((sum, wait) => sum + room.leadPx(wait) + room.trailPx + room.tearPx, 0)
    const pxPerMs = Math.max((room.lengthPx - kept) / core, (room.lengthPx * 0.3) / core)
    const folds = chosen.map((wait) => ({
      id: String(Math.round(wait.from / 1000)),
      from: wait.from + room.leadPx(wait) / pxPerMs,
      to: wait.to - room.trailPx / pxPerMs,
    }))
    const poor = folds.findIndex((fold) => fold.to - fold.from < HIDES_MS_MIN)
    if (poor < 0) return folds
    chosen = chosen.filter((_, i) => i !== poor)
  }
}

export interface Tear {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly hiddenMs: number
}

export interface Scale {
  readonly pxPerMs: number
  /** Pixels of an instant. */
  at: (ms: number) => number
  /** Where the paper is torn, in pixels. */
  readonly tears: readonly Tear[]
  /** The drawn pieces between two instants, in pixels, torn ones left out. */
  pieces: (fromMs: number, toMs: number) => { from: number; to: number }[]
}

/** The scale of an axis that begins at `startPx`. */
export function scaleOf(spanMs: number, folds: readonly Fold[], startPx: number, lengthPx: number, tearPx: number): Scale {
  const hidden = folds.reduce((sum, fold) => sum + fold.to - fold.from, 0)
  const pxPerMs = (lengthPx - folds.length * tearPx) / (spanMs - hidden)
  const at = (ms: number): number =>
    folds.reduce(
      (px, fold) => {
        if (ms <= fold.from) return px
        const inside = Math.min(ms, fold.to) - fold.from
        return px - inside * pxPerMs + (tearPx * inside) / (fold.to - fold.from)
      },
      startPx + ms * pxPerMs,
    )
  const tears = folds.map((fold) => ({ id: fold.id, from: at(fold.from), to: at(fold.to), hiddenMs: fold.to - fold.from }))
  const pieces = (fromMs: number, toMs: number) => {
    const cuts = tears.filter((tear) => tear.to > at(fromMs) && tear.from < at(toMs))
    const edges = [at(fromMs), ...cuts.flatMap((tear) => [tear.from, tear.to]), at(toMs)]
    return edges.flatMap((from, i) => {
      const to = edges[i + 1]
      return i % 2 === 0 && to !== undefined && to > from ? [{ from, to }] : []
    })
  }
  return { pxPerMs, at, tears, pieces }
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

/** Whole offsets in seconds at which the axis is marked, at least `gapPx` apart, none in a tear or too near one. */
export function ticksOf(scale: Scale, spanMs: number, gapPx: number, nearTearPx: number): { offset: number; px: number }[] {
  const step = STEPS_S.find((seconds) => seconds * 1000 * scale.pxPerMs >= gapPx) ?? 86_400
  const end = scale.at(spanMs)
  const ticks: { offset: number; px: number }[] = []
  for (let offset = 0; offset * 1000 <= spanMs; offset += step) {
    const px = scale.at(offset * 1000)
    const torn = scale.tears.some((tear) => px > tear.from - nearTearPx && px < tear.to + nearTearPx)
    const last = ticks.at(-1)
    if ((!torn || offset === 0) && px <= end && (last === undefined || px - last.px >= gapPx * 0.95)) ticks.push({ offset, px })
  }
  return ticks
}
