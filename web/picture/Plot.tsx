/** The shapes of a layout, put on the page. No decisions here: those are in `layout.ts`. */
import type { Event } from '#wire/calls.ts'
import type { Words } from '../parts/words.tsx'
import { clockLike, offsetLike } from '../state/shown.ts'
import type { Times } from '../text/intl.tsx'
import { AXIS_HEIGHT, type Bar, LANE_BAR, type LaneShape, type Layout, type Marker } from './layout.ts'
import { Diamond, KindBar, PhaseBar } from './Patterns.tsx'

export interface EventHandlers {
  readonly chosen: string | null
  label: (event: Event, n: number) => string
  onHover: (eventId: string | null) => void
  onFocus: (eventId: string | null) => void
  onPress: (eventId: string) => void
}

/** What makes a shape a thing that can be reached, told and pressed. */
export const pressProps = (name: string, onPress: () => void) => ({
  tabIndex: 0,
  role: 'button',
  'aria-label': name,
  onClick: onPress,
  onKeyDown: (key: React.KeyboardEvent) => {
    if (key.key !== 'Enter' && key.key !== ' ') return
    key.preventDefault()
    onPress()
  },
})

export const eventProps = (event: Event, n: number, on: EventHandlers) => ({
  ...pressProps(on.label(event, n), () => on.onPress(event.id)),
  id: `picture-${event.id}`,
  className: 'ev',
  'aria-pressed': on.chosen === event.id,
  'data-event': event.id,
  'data-kind': event.kind,
  onPointerEnter: () => on.onHover(event.id),
  onPointerLeave: () => on.onHover(null),
  onFocus: () => on.onFocus(event.id),
  onBlur: () => on.onFocus(null),
})

function BarWords({ bar }: { bar: Bar }) {
  const { event, n } = bar
  return (
    <g className="said-in-label">
      {bar.title !== null && (
        <>
          <text className={`bt t-${event.kind}`} x={bar.title.x} y={bar.title.y}>
            <tspan className="sub">{n}</tspan>
            {'\u2009\u2009'}
            {bar.title.text}
          </text>
          <text className={`bt sub t-${event.kind}`} x={bar.title.x} y={bar.title.y + 16}>
            {bar.title.sub}
          </text>
        </>
      )}
      {bar.above !== null && (
        <text className="tx halo" x={bar.above.x} y={bar.above.y} textAnchor="middle">
          {n}
        </text>
      )}
      {bar.beside !== null && (
        <text className="txb halo" x={bar.beside.x} y={bar.beside.y}>
          {n} {bar.beside.text}
        </text>
      )}
      {bar.pill !== null && (
        <>
          <rect className="pillbg" x={bar.pill.x} y={bar.pill.y} width={bar.pill.width} height="22" rx="11" />
          <text className="pilltx" x={bar.pill.x + bar.pill.width / 2} y={bar.pill.y + 15} textAnchor="middle">
            {bar.pill.text}
          </text>
        </>
      )}
    </g>
  )
}

/** The words stand beside the button, not in it: its name for screen readers says all of them and more. */
function BarShape({ bar, on }: { bar: Bar; on: EventHandlers }) {
  const { event, n } = bar
  return (
    <>
      <g {...eventProps(event, n, on)}>
        <KindBar kind={event.kind} x={bar.x} y={bar.y} width={bar.width} height={bar.height} mini={bar.deck} />
        <rect className="sel-ring" x={bar.x - 3.5} y={bar.y - 3.5} width={bar.width + 7} height={bar.height + 7} rx="6" />
      </g>
      <BarWords bar={bar} />
    </>
  )
}

function MarkerShape({ marker, on }: { marker: Marker; on: EventHandlers }) {
  const { event, n, x, y } = marker
  return (
    <>
      <g {...eventProps(event, n, on)}>
        <line className={`stem e-${event.kind} solid`} x1={x} x2={x} y1={y + 7} y2={marker.stemTo} />
        <Diamond kind={event.kind} x={x} y={y} r={8} />
        <rect className="sel-ring" x={x - 12} y={y - 12} width="24" height="24" rx="6" />
      </g>
      <g className="said-in-label">
        <text className={event.kind === 'deleted' ? 'deltx halo' : 'txb halo'} x={marker.textX} y={y + 4} textAnchor={marker.anchor}>
          <tspan className="sub">{n}</tspan>
          {'\u2009\u2009'}
          {marker.text}
          <tspan className="tx" dx="5">
            {marker.extra}
          </tspan>
        </text>
      </g>
    </>
  )
}

const saw = (x: number, top: number, bottom: number, side: 1 | -1): string => {
  const points: string[] = []
  for (let y = top, i = 0; y < bottom; y += 5, i += 1) points.push(`${x + (i % 2 === 0 ? 0 : 5 * side)},${y}`)
  points.push(`${x},${bottom}`)
  return points.join(' ')
}

function TearShape({ tear, height, storyY, words, onUnfold }: TearProps) {
  const middle = (tear.from + tear.to) / 2
  const left = saw(tear.from, AXIS_HEIGHT + 2, height, 1)
  const right = saw(tear.to, AXIS_HEIGHT + 2, height, -1)
  const time = clockLike(Math.round(tear.hiddenMs / 1000))
  const y = storyY + 22
  return (
    <>
      <g {...pressProps(words.t('picture.unfold', { time }), () => onUnfold(tear.id))} className="foldg">
        <polygon className="fold" points={`${left} ${right.split(' ').reverse().join(' ')}`} />
        <polyline className="foldedge" points={left} />
        <polyline className="foldedge" points={right} />
        <rect className="fold-focus" x={middle - 17} y={y - 13} width="34" height="26" rx="6" />
        <path
          className="fold-arrows"
          d={`M${middle - 7} ${y - 4}l-4 4l4 4M${middle + 7} ${y - 4}l4 4l-4 4M${middle - 10} ${y}H${middle + 10}`}
        />
      </g>
      <g className="said-in-label">
        <text className="tx b" x={middle} y="13" textAnchor="middle">
          {time}
        </text>
        <text className="tx2" x={middle} y="28" textAnchor="middle">
          {words.t('picture.folded')}
        </text>
      </g>
    </>
  )
}
interface TearProps {
  tear: Layout['tears'][number]
  height: number
  storyY: number
  words: Words
  onUnfold: (id: string) => void
}

function LaneRow({ shape }: { shape: LaneShape }) {
  const y = shape.y + (shape.height - LANE_BAR) / 2
  return (
    <g>
      {shape.segments.map((segment, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: segments have no state and keep their order.
        <PhaseBar key={i} phase={segment.phase} x={segment.x} y={y} width={segment.width} height={LANE_BAR} />
      ))}
      {shape.caps.map((cap, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: caps have no state and keep their order.
        <g key={i}>
          <line className="cap" x1={cap.x} x2={cap.x} y1={y - 3} y2={y + LANE_BAR + 3} />
          {cap.words !== '' && (
            <text className={cap.inside ? 'ltx' : 'tx halo'} x={cap.at} y={y + 11} textAnchor={cap.anchor}>
              {cap.words}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

export function Plot(props: {
  layout: Layout
  startMs: number
  words: Words
  times: Times
  on: EventHandlers
  onUnfold: (id: string) => void
}) {
  const { layout, startMs, words, times, on, onUnfold } = props
  const bottom = layout.height - 2
  return (
    <>
      {layout.lanes.map((shape, i) =>
        i % 2 === 0 ? <rect key={shape.lane.key} className="lanebg" x="0" y={shape.y} width={layout.width} height={shape.height} /> : null,
      )}
      {layout.ticks.map((tick) => (
        <g key={tick.offset}>
          <line className="gl" x1={tick.x} x2={tick.x} y1={AXIS_HEIGHT} y2={bottom} />
          <text className="tx" x={tick.x} y="13" textAnchor={tick.anchor}>
            {times.clock(startMs + tick.offset * 1000)}
          </text>
          <text className="tx2" x={tick.x} y="28" textAnchor={tick.anchor}>
            {offsetLike(tick.offset)}
          </text>
        </g>
      ))}
      {layout.axis.map((piece) => (
        <line key={piece.from} className="ax" x1={piece.from} x2={piece.to} y1={AXIS_HEIGHT} y2={AXIS_HEIGHT} />
      ))}
      {[...layout.bars, ...layout.markers]
        .sort((a, b) => a.n - b.n)
        .map((shape) =>
          'stemTo' in shape ? (
            <MarkerShape key={shape.event.id} marker={shape} on={on} />
          ) : (
            <BarShape key={shape.event.id} bar={shape} on={on} />
          ),
        )}
      {layout.attemptsY !== null &&
        layout.attempts.map(({ attempt, from, to, text }) => (
          <g key={attempt.n}>
            <path className="brk" d={`M${from} ${(layout.attemptsY ?? 0) + 5}v-5H${Math.max(to, from + 4)}v5`} />
            <text className="tx halo" x={from} y={(layout.attemptsY ?? 0) + 18}>
              {text}
            </text>
          </g>
        ))}
      {layout.lanes.map((shape) => (
        <LaneRow key={shape.lane.key} shape={shape} />
      ))}
      {layout.tears.map((tear) => (
        <TearShape key={tear.id} tear={tear} height={bottom} storyY={layout.storyY} words={words} onUnfold={onUnfold} />
      ))}
      {layout.nowX !== null && (
        <g>
          <line className="cur solid" x1={layout.nowX} x2={layout.nowX} y1={AXIS_HEIGHT} y2={bottom} />
          <circle cx={layout.nowX} cy={AXIS_HEIGHT} r="3.5" className="now-dot" />
        </g>
      )}
    </>
  )
}
