/** The picture on a phone: time runs down. Clock, story, words, then the parties as narrow columns. Pixels; pure. */
import type { Call, Event } from '#wire/calls.ts'
import { durationOf, msOf } from '../state/shown.ts'
import { attemptsOf, type Lane, lanesOf, type Phase } from './lanes.ts'
import type { PictureView, PictureWords } from './layout.ts'
import { foldsOf, quietWaits, scaleOf, spanOf, type Tear, ticksOf } from './scale.ts'

const TOP = 34
const TEAR = 26
const LINE = 15
export const STORY_X = 58
export const STORY_WIDTH = 32
export const WORDS_X = 99
const LANE_STEP = 24

export interface DownWord {
  readonly event: Event
  readonly n: number
  readonly text: string
  readonly sub: string
  readonly y: number
}
export interface DownLayout {
  readonly height: number
  readonly ticks: readonly { readonly offset: number; readonly y: number }[]
  /** Bars, and points of no height, in the order of the story. */
  readonly marks: readonly {
    readonly event: Event
    readonly n: number
    readonly y: number
    readonly height: number | null
    readonly deck: boolean
  }[]
  readonly words: readonly DownWord[]
  readonly pills: readonly { readonly text: string; readonly y: number }[]
  readonly lanes: readonly {
    readonly lane: Lane
    readonly x: number
    readonly segments: readonly { readonly phase: Phase; readonly y: number; readonly height: number }[]
    readonly caps: readonly number[]
  }[]
  readonly tears: readonly Tear[]
  readonly foldable: number
  readonly nowY: number | null
}

/** Words keep their order and never lie over each other: one that would is moved down by a line. */
const spread = (words: readonly DownWord[], taken: readonly { from: number; to: number }[]): DownWord[] => {
  let last = Number.NEGATIVE_INFINITY
  return words.map((word) => {
    let y = Math.max(word.y, last + LINE)
    for (const span of taken) if (y > span.from && y - 11 < span.to) y = span.to + 11
    last = y
    return { ...word, y }
  })
}

export function layoutDown(call: Call, words: PictureWords, view: PictureView): DownLayout {
  const spanMs = spanOf(call, view.now)
  const startMs = msOf(call.startedAt)
  const lengthPx = Math.max(320, Math.min(700, call.events.length * 62 + 180)) * view.zoom
  const all = foldsOf(quietWaits(call, view.now), spanMs, { lengthPx, tearPx: TEAR, leadPx: () => 44, trailPx: 14 })
  const scale = scaleOf(
    spanMs,
    all.filter((fold) => !view.unfolded.has(fold.id)),
    TOP,
    lengthPx,
    TEAR,
  )
  const at = (instant: string | null) => scale.at(instant === null ? spanMs : msOf(instant) - startMs)
  const lanes = lanesOf(call, spanMs)
  const lanesX = Math.max(190, view.widthPx - lanes.length * LANE_STEP)
  const isPoint = (event: Event) => event.kind === 'deleted' || event.startedAt === event.endedAt
  const inside = (event: Event, i: number) =>
    event.kind === 'menu' &&
    call.events.slice(0, i).some((other) => other.kind === 'conversation' && (other.endedAt === null || other.endedAt > event.startedAt))
  const numbered = call.events.map((event, i) => ({ event, n: i + 1, deck: inside(event, i) }))
  const missed = attemptsOf(call, spanMs).findLast((attempt) => attempt.counted && attempt.ending !== 'reached')
  const pills = call.events.flatMap((event) =>
    event.unanswered ? [{ text: words.unanswered(event.unanswered), y: scale.at(missed?.from ?? msOf(event.startedAt) - startMs) }] : [],
  )
  const tornRanges = scale.tears.map((tear) => ({ from: tear.from - 4, to: tear.to + 4 }))
  const placed = spread(
    numbered.map(({ event, n }) => ({
      event,
      n,
      text: words.kind(event.kind),
      sub: isPoint(event) ? '' : words.duration(durationOf(call, event, view.now)),
      y: at(event.startedAt) + (isPoint(event) ? 4 : 12),
    })),
    tornRanges,
  )
  const bottom = Math.max(scale.at(spanMs), ...placed.map((word) => word.y))
  return {
    height: bottom + 24,
    ticks: ticksOf(scale, spanMs, 56, 12).map(({ offset, px }) => ({ offset, y: px })),
    marks: numbered.map(({ event, n, deck }) => {
      const y = at(event.startedAt)
      return { event, n, deck, y, height: isPoint(event) ? null : Math.max(2, at(event.endedAt) - y - 1.5) }
    }),
    words: placed,
    pills: pills.map((pill) => {
      const near = placed.filter((word) => Math.abs(word.y - (pill.y + 14)) < 20).at(-1)
      return near === undefined ? pill : { ...pill, y: near.y + 6 }
    }),
    lanes: lanes.map((lane, i) => ({
      lane,
      x: lanesX + i * LANE_STEP,
      segments: lane.legs.flatMap((one) =>
        one.segments.map(({ phase, from, to }) => ({ phase, y: scale.at(from), height: Math.max(1.5, scale.at(to) - scale.at(from)) })),
      ),
      caps: lane.legs.flatMap((one) => (one.end === null ? [] : [scale.at(one.end)])),
    })),
    tears: scale.tears,
    foldable: all.length,
    nowY: call.endedAt === null ? scale.at(spanMs) : null,
  }
}
