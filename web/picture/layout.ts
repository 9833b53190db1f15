/**
 * The picture of a call, time running to the right: from events and legs to shapes, as a pure function. What is drawn and where is
 * decided here; the component only puts it on the page. Pixels; x from the left of the plot, y from its top.
 */
import type { Call, Event } from '#wire/calls.ts'
import { durationOf, msOf } from '../state/shown.ts'
import { type Attempt, attemptsOf, type Ending, type Lane, lanesOf, type Phase } from './lanes.ts'
import { textWidth } from './measure.ts'
import { type Fold, foldsOf, quietWaits, type Scale, scaleOf, spanOf, type Tear, ticksOf } from './scale.ts'

/** The words a picture needs, in the reader's language. */
export interface PictureWords {
  kind: (kind: Event['kind']) => string
  unanswered: (n: number) => string
  duration: (seconds: number) => string
  attempt: (n: number, ending: Attempt['ending']) => string
  ending: (ending: Ending) => string
  /** The lane's name and what stands under it. */
  lane: (lane: Lane) => { title: string; sub: string }
  /** What a bar says beside its duration: queue, or agents. */
  detail: (event: Event) => string
  by: (event: Event) => string
}

export interface PictureView {
  /** Of the plot, without zoom. */
  readonly widthPx: number
  /** 1 shows the whole call. */
  readonly zoom: number
  readonly unfolded: ReadonlySet<string>
  /** The server's clock: a live call is drawn to it. */
  readonly now: number
}

interface At {
  readonly x: number
  readonly y: number
}
export interface Bar {
  readonly event: Event
  readonly n: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** On the second deck: it lies inside the event before it. */
  readonly deck: boolean
  readonly title: (At & { readonly text: string; readonly sub: string }) | null
  /** Where the number stands when no name fits. */
  readonly above: At | null
  readonly beside: (At & { readonly text: string }) | null
  readonly pill: (At & { readonly text: string; readonly width: number }) | null
}
export interface Marker {
  readonly event: Event
  readonly n: number
  readonly x: number
  readonly y: number
  readonly stemTo: number
  readonly text: string
  readonly extra: string
  readonly textX: number
  readonly anchor: 'start' | 'end'
}
export interface Cap {
  readonly x: number
  readonly words: string
  readonly at: number
  readonly anchor: 'start' | 'end'
  /** Inside the bar, or beside it. */
  readonly inside: boolean
}
export interface LaneShape {
  readonly lane: Lane
  readonly y: number
  readonly height: number
  readonly title: string
  readonly sub: string
  readonly segments: readonly { readonly phase: Phase; readonly x: number; readonly width: number }[]
  readonly caps: readonly Cap[]
}
export interface Layout {
  readonly width: number
  readonly height: number
  readonly storyY: number
  readonly attemptsY: number | null
  readonly ticks: readonly { readonly offset: number; readonly x: number; readonly anchor: 'start' | 'middle' }[]
  readonly axis: readonly { readonly from: number; readonly to: number }[]
  readonly bars: readonly Bar[]
  readonly markers: readonly Marker[]
  readonly attempts: readonly { readonly attempt: Attempt; readonly from: number; readonly to: number; readonly text: string }[]
  readonly lanes: readonly LaneShape[]
  readonly tears: readonly Tear[]
  /** How many waits are long enough to be folded. */
  readonly foldable: number
  /** The end of what is known of a live call. */
  readonly nowX: number | null
}

export const STORY_HEIGHT = 44
export const LANE_HEIGHT = 32
export const LANE_BAR = 14
export const AXIS_HEIGHT = 38
const LEFT = 14
const RIGHT = 26
/** A leg that ends so near the end has its words after it. */
const AT_THE_END = 0.03
const TEAR = 60
const TRAIL = 18
const NAME_ROOM = 150
const AFTER_ATTEMPT = 116
const PAD = 9
const TITLE_PX = 12
const SUB_PX = 11.5

/** What happened within the call and is not drawn as a bar of its own time: no duration. */
const isPoint = (event: Event): boolean => event.kind === 'deleted' || event.endedAt === event.startedAt

/** Whether an event lies inside the one before it, as a welcome message does. */
const isInside = (event: Event, before: Event | undefined): boolean =>
  event.kind === 'menu' &&
  before !== undefined &&
  (before.kind === 'conversation' || before.kind === 'consult') &&
  (before.endedAt === null || msOf(event.startedAt) < msOf(before.endedAt))

const insideOf = (call: Call, i: number): boolean => {
  const event = call.events[i]
  return event !== undefined && call.events.slice(0, i).some((before) => isInside(event, before))
}

interface Drawing {
  readonly call: Call
  readonly words: PictureWords
  readonly scale: Scale
  readonly startMs: number
  readonly spanMs: number
  readonly now: number
  readonly attempts: readonly Attempt[]
}
const at = (drawing: Drawing, instant: string | null): number =>
  drawing.scale.at(instant === null ? drawing.spanMs : msOf(instant) - drawing.startMs)
const piecesOf = (drawing: Drawing, event: Event) =>
  drawing.scale.pieces(
    msOf(event.startedAt) - drawing.startMs,
    event.endedAt === null ? drawing.spanMs : msOf(event.endedAt) - drawing.startMs,
  )

/** The pill stands where the last counted attempt was, else in any piece with room; `from`: the end of the bar's own words. */
const pillOf = (drawing: Drawing, event: Event, y: number, wordsEnd: number): Bar['pill'] => {
  if (!event.unanswered) return null
  const text = drawing.words.unanswered(event.unanswered)
  const width = textWidth(text, 11) + 22
  const free = piecesOf(drawing, event)
    .map((piece) => ({ from: Math.max(piece.from, wordsEnd) + 6, to: piece.to - 6 }))
    .filter((piece) => piece.to - piece.from >= width)
  const missed = drawing.attempts.filter((attempt) => attempt.counted && attempt.ending !== 'reached').at(-1)
  const wanted = missed === undefined ? 0 : drawing.scale.at((missed.from + missed.to) / 2)
  const distance = (piece: { from: number; to: number }) => Math.abs(Math.min(Math.max(wanted, piece.from), piece.to) - wanted)
  const piece = free.sort((a, b) => distance(a) - distance(b))[0]
  if (piece === undefined) return null
  const x = Math.min(Math.max(wanted - width / 2, piece.from), piece.to - width)
  return { x, y: y + STORY_HEIGHT / 2 - 11, text, width }
}

const barOf = (drawing: Drawing, event: Event, n: number, storyY: number): Bar => {
  const { words } = drawing
  const x = at(drawing, event.startedAt)
  const width = Math.max(2, at(drawing, event.endedAt) - x - 1.5)
  const name = words.kind(event.kind)
  const duration = words.duration(durationOf(drawing.call, event, drawing.now))
  const detail = words.detail(event)
  const full = detail === '' ? duration : `${duration} · ${detail}`
  const titleWidth = textWidth(`${n}  ${name}`, TITLE_PX)
  const piece = piecesOf(drawing, event).find(({ from, to }) => to - from >= Math.max(titleWidth, textWidth(duration, SUB_PX)) + 2 * PAD)
  const base = { event, n, x, y: storyY, width, height: STORY_HEIGHT, deck: false, beside: null }
  if (piece === undefined) {
    return { ...base, title: null, above: { x: x + width / 2, y: storyY - 7 }, pill: pillOf(drawing, event, storyY, x) }
  }
  const room = piece.to - piece.from - 2 * PAD
  const sub = textWidth(full, SUB_PX) <= room ? full : duration
  const wordsEnd = piece.from + PAD + Math.max(titleWidth, textWidth(sub, SUB_PX))
  const title = { x: piece.from + PAD, y: storyY + 19, text: name, sub }
  const pill = pillOf(drawing, event, storyY, wordsEnd)
  // A pill that has no room of its own is said beside the duration.
  if (event.unanswered && pill === null) {
    const said = `${duration} · ${words.unanswered(event.unanswered)}`
    if (textWidth(said, SUB_PX) <= room) return { ...base, title: { ...title, sub: said }, above: null, pill }
  }
  return { ...base, title, above: null, pill }
}

const deckOf = (drawing: Drawing, event: Event, n: number, storyY: number): Bar => {
  const x = at(drawing, event.startedAt)
  const width = Math.max(4, at(drawing, event.endedAt) - x - 1.5)
  const y = storyY + STORY_HEIGHT + 4
  const text = `${drawing.words.kind(event.kind)} ${drawing.words.duration(durationOf(drawing.call, event, drawing.now))}`
  const beside = { x: x + width + 8, y: y + 13, text }
  return { event, n, x, y, width, height: 16, deck: true, title: null, above: null, beside, pill: null }
}

const markerOf = (drawing: Drawing, event: Event, n: number, storyY: number, plotEnd: number, taken: readonly Marker[]): Marker => {
  const x = at(drawing, event.startedAt)
  const text = drawing.words.kind(event.kind)
  const extra = event.kind === 'deleted' ? drawing.words.by(event) : drawing.words.detail(event)
  const width = textWidth(`${n}  ${text} ${extra}`, TITLE_PX) + 12
  const toLeft = x + width > plotEnd && x - width > 0
  const near = taken.filter((other) => Math.abs(other.x - x) < 14).length
  const y = storyY - 20 - near * 20
  return { event, n, x, y, stemTo: storyY + STORY_HEIGHT, text, extra, textX: toLeft ? x - 12 : x + 12, anchor: toLeft ? 'end' : 'start' }
}

/** Numbers above narrow bars: never over each other; one without room is left to the card and the table. */
const withoutCollisions = (bars: readonly Bar[]): Bar[] => {
  let last = Number.NEGATIVE_INFINITY
  return bars.map((bar) => {
    if (bar.above === null) return bar
    const needed = textWidth(String(bar.n), 11) / 2 + 3
    if (bar.above.x - needed < last) return { ...bar, above: null }
    last = bar.above.x + needed
    return bar
  })
}

const capOf = (drawing: Drawing, lane: Lane, i: number, plotEnd: number): Cap[] => {
  const one = lane.legs[i]
  if (one === undefined || one.end === null) return []
  const x = drawing.scale.at(one.end)
  const words = drawing.words.ending(one.ending)
  const width = textWidth(words, 11) + 9
  const next = lane.legs[i + 1]?.segments[0]
  const limits = [
    plotEnd,
    ...(next === undefined ? [] : [drawing.scale.at(next.from)]),
    ...drawing.scale.tears.filter((tear) => tear.from >= x - 1).map((tear) => tear.from),
  ]
  const last = one.segments.at(-1)
  const lastX = last === undefined ? x : (drawing.scale.pieces(last.from, last.to).at(-1)?.from ?? x)
  const fitsInside = last?.phase === 'answered' && x - lastX >= width + 8
  if (fitsInside) return [{ x, words, at: x - 7, anchor: 'end', inside: true }]
  if (Math.min(...limits) - x >= width) return [{ x, words, at: x + 7, anchor: 'start', inside: false }]
  return [{ x, words: '', at: x, anchor: 'start', inside: false }]
}

const laneShapes = (drawing: Drawing, top: number, plotEnd: number): LaneShape[] =>
  lanesOf(drawing.call, drawing.spanMs).map((lane, i) => {
    const segments = lane.legs.flatMap((one) =>
      one.segments.map(({ phase, from, to }) => {
        const x = drawing.scale.at(from)
        return { phase, x, width: Math.max(1.5, drawing.scale.at(to) - x) }
      }),
    )
    const caps = lane.legs.flatMap((_, leg) => capOf(drawing, lane, leg, plotEnd))
    return { lane, y: top + i * LANE_HEIGHT, height: LANE_HEIGHT, ...drawing.words.lane(lane), segments, caps }
  })

const attemptShapes = (drawing: Drawing) => {
  const shapes = drawing.attempts.map((attempt) => ({
    attempt,
    from: drawing.scale.at(attempt.from),
    to: drawing.scale.at(attempt.to),
    text: drawing.words.attempt(attempt.n, attempt.ending),
  }))
  return shapes.map((shape, i) => {
    const next = Math.min(
      shapes[i + 1]?.from ?? Number.POSITIVE_INFINITY,
      ...drawing.scale.tears.filter((tear) => tear.from > shape.from).map((tear) => tear.from),
    )
    return next - shape.from >= textWidth(shape.text, 11) + 6 ? shape : { ...shape, text: String(shape.attempt.n) }
  })
}

/** Room after the axis: for the last tick, and for the words of phones that rang to the very end. */
const rightOf = (call: Call, words: PictureWords, spanMs: number): number => {
  const late = lanesOf(call, spanMs)
    .flatMap((lane) => lane.legs)
    .filter((one) => one.leg.answeredAt === null && one.end !== null && one.end > spanMs * (1 - AT_THE_END))
  return Math.max(RIGHT, ...late.map((one) => textWidth(words.ending(one.ending), 11) + 22))
}

/** The folds of a call in a plot of this width: the same at any zoom. What is drawn before a tear has room for its words: a name, or the pill after an attempt. */
const foldsFor = (call: Call, words: PictureWords, now: number, lengthPx: number): Fold[] => {
  const startMs = msOf(call.startedAt)
  const leadPx = (wait: { from: number }) => {
    const i = call.events.findIndex((event) => event.endedAt !== event.startedAt && msOf(event.startedAt) - startMs === wait.from)
    const event = call.events[i]
    return event === undefined
      ? AFTER_ATTEMPT
      : Math.max(NAME_ROOM, textWidth(`${i + 1}  ${words.kind(event.kind)}`, TITLE_PX) + 2 * PAD + 6)
  }
  return foldsOf(quietWaits(call, now), spanOf(call, now), { lengthPx, tearPx: TEAR, leadPx, trailPx: TRAIL })
}

export function layout(call: Call, words: PictureWords, view: PictureView): Layout {
  const spanMs = spanOf(call, view.now)
  const right = rightOf(call, words, spanMs)
  const lengthPx = view.widthPx - LEFT - right
  const all = foldsFor(call, words, view.now, lengthPx)
  const folds = all.filter((fold) => !view.unfolded.has(fold.id))
  const scale = scaleOf(spanMs, folds, LEFT, lengthPx * view.zoom, TEAR)
  const width = lengthPx * view.zoom + LEFT + right
  const drawing: Drawing = { call, words, scale, startMs: msOf(call.startedAt), spanMs, now: view.now, attempts: attemptsOf(call, spanMs) }

  const numbered = call.events.map((event, i) => ({ event, n: i + 1, inside: insideOf(call, i) }))
  const points = numbered.filter(({ event }) => isPoint(event))
  const stacked = points.some((one, i) =>
    points.slice(0, i).some((other) => Math.abs(at(drawing, one.event.startedAt) - at(drawing, other.event.startedAt)) < 14),
  )
  const storyY = AXIS_HEIGHT + (points.length > 0 ? 34 : 26) + (stacked ? 20 : 0)
  const markers: Marker[] = []
  for (const { event, n } of points) markers.push(markerOf(drawing, event, n, storyY, width - 8, markers))
  const flat = numbered.filter(({ event }) => !isPoint(event))
  const bars = withoutCollisions(
    flat.map(({ event, n, inside }) => (inside ? deckOf(drawing, event, n, storyY) : barOf(drawing, event, n, storyY))),
  )
  const belowStory = storyY + STORY_HEIGHT + (bars.some((bar) => bar.deck) ? 24 : 0)
  const attempts = attemptShapes(drawing)
  const attemptsY = attempts.length > 0 ? belowStory + 12 : null
  const lanesTop = attemptsY === null ? belowStory + 22 : attemptsY + 42
  const lanes = laneShapes(drawing, lanesTop, width - 4)
  const plotTo = scale.at(spanMs)
  const edges = [LEFT, ...scale.tears.flatMap((tear) => [tear.from, tear.to]), plotTo]
  return {
    width,
    height: lanesTop + lanes.length * LANE_HEIGHT + 6,
    storyY,
    attemptsY,
    ticks: ticksOf(scale, spanMs, 104, 44).map(({ offset, px }) => ({ offset, x: px, anchor: offset === 0 ? 'start' : 'middle' })),
    axis: edges.flatMap((from, i) => (i % 2 === 0 ? [{ from, to: edges[i + 1] ?? from }] : [])),
    bars,
    markers,
    attempts,
    lanes,
    tears: scale.tears,
    foldable: all.length,
    nowX: call.endedAt === null ? plotTo : null,
  }
}
