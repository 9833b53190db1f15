/** The story of one row: a strip on its own scale, a long wait shortened with a cut. Pixels. */
import type { Call, Event } from '#wire/calls.ts'
import { msOf } from '../state/shown.ts'
import { foldsOf, quietWaits, scaleOf, spanOf } from './scale.ts'

const PAD = 6
const CUT = 10

export interface Strip {
  readonly bars: readonly { readonly kind: Event['kind']; readonly x: number; readonly width: number; readonly deck: boolean }[]
  readonly points: readonly { readonly kind: Event['kind']; readonly x: number }[]
  readonly cuts: readonly number[]
  /** Where a live call stands. */
  readonly nowX: number | null
}

export function strip(call: Call, widthPx: number, now: number): Strip {
  const spanMs = spanOf(call, now)
  const startMs = msOf(call.startedAt)
  const lengthPx = widthPx - 2 * PAD - 1
  const folds = foldsOf(quietWaits(call, now), spanMs, { lengthPx, tearPx: CUT, leadPx: () => 20, trailPx: 10 })
  const scale = scaleOf(spanMs, folds, PAD, lengthPx, CUT)
  const at = (instant: string | null) => scale.at(instant === null ? spanMs : msOf(instant) - startMs)
  const point = (event: Event) => event.kind === 'deleted' || event.startedAt === event.endedAt
  const inside = (event: Event, i: number) =>
    event.kind === 'menu' &&
    call.events.slice(0, i).some((other) => other.kind === 'conversation' && (other.endedAt === null || other.endedAt > event.startedAt))
  return {
    bars: call.events.flatMap((event, i) => {
      if (point(event)) return []
      const x = at(event.startedAt)
      return [{ kind: event.kind, x, width: Math.max(1.5, at(event.endedAt) - x - 1), deck: inside(event, i) }]
    }),
    points: call.events.filter(point).map((event) => ({ kind: event.kind, x: at(event.startedAt) })),
    cuts: scale.tears.map((tear) => (tear.from + tear.to) / 2),
    nowX: call.endedAt === null ? scale.at(spanMs) : null,
  }
}
