/** The picture on a phone: the same patterns and folds, time running down. */
import { useState } from 'react'
import type { Call } from '#wire/calls.ts'
import { useNow, useWidth } from '../parts/hooks.ts'
import { initials } from '../parts/session.tsx'
import { usePictureWords, useWords, type Words } from '../parts/words.tsx'
import { clockLike, msOf } from '../state/shown.ts'
import { useTimes } from '../text/intl.tsx'
import { EventCard } from './Card.tsx'
import { type DownLayout, layoutDown, STORY_WIDTH, STORY_X, WORDS_X } from './down.ts'
import { textWidth } from './measure.ts'
import { Diamond, KindBar, PhaseBar } from './Patterns.tsx'
import { type Choice, PictureFrame, Tools, useCard, useEventLabel, useFolds, usePictureLabel } from './Picture.tsx'
import { type EventHandlers, eventProps, pressProps } from './Plot.tsx'

const saw = (y: number, from: number, to: number, side: 1 | -1): string => {
  const points: string[] = []
  for (let x = from, i = 0; x < to; x += 6, i += 1) points.push(`${x},${y + (i % 2 === 0 ? 0 : 5 * side)}`)
  points.push(`${to},${y}`)
  return points.join(' ')
}

function DownTear({ tear, width, onUnfold }: { tear: DownLayout['tears'][number]; width: number; onUnfold: (id: string) => void }) {
  const { t } = useWords()
  const top = saw(tear.from, 52, width - 2, 1)
  const bottom = saw(tear.to, 52, width - 2, -1)
  const time = clockLike(Math.round(tear.hiddenMs / 1000))
  return (
    <>
      <g {...pressProps(t('picture.unfold', { time }), () => onUnfold(tear.id))} className="foldg">
        <polygon className="fold" points={`${top} ${bottom.split(' ').reverse().join(' ')}`} />
        <polyline className="foldedge" points={top} />
        <polyline className="foldedge" points={bottom} />
      </g>
      <text className="tx said-in-label" x={WORDS_X} y={(tear.from + tear.to) / 2 + 4}>
        <tspan className="b">{time}</tspan> {t('picture.folded')}
      </text>
    </>
  )
}

type Mark = DownLayout['marks'][number]

function MarkShape({ mark }: { mark: Mark }) {
  const { event, y, height } = mark
  if (height === null) {
    return (
      <>
        <line className={`stem e-${event.kind} solid`} x1={STORY_X} x2={STORY_X + STORY_WIDTH} y1={y} y2={y} />
        <Diamond kind={event.kind} x={STORY_X + STORY_WIDTH / 2} y={y} r={8} />
        <rect className="sel-ring" x={STORY_X + 2} y={y - 12} width="28" height="24" rx="6" />
      </>
    )
  }
  const box = mark.deck ? { x: STORY_X + STORY_WIDTH - 8, width: 12 } : { x: STORY_X, width: STORY_WIDTH }
  return (
    <>
      <KindBar kind={event.kind} {...box} y={y} height={height} />
      <rect className="sel-ring" x={STORY_X - 4} y={y - 3} width={STORY_WIDTH + 8} height={height + 6} rx="6" />
    </>
  )
}

function DownEvents({ drawn, on }: { drawn: DownLayout; on: EventHandlers }) {
  return (
    <>
      {drawn.marks.map((mark) => (
        <g key={mark.event.id} {...eventProps(mark.event, mark.n, on)}>
          <MarkShape mark={mark} />
        </g>
      ))}
      {/* A point is seen even where the next status begins at the same instant. */}
      {drawn.marks.map(({ event, y, height }) =>
        height === null ? (
          <g key={event.id} className="said-in-label">
            <Diamond kind={event.kind} x={STORY_X + STORY_WIDTH / 2} y={y} r={8} />
          </g>
        ) : null,
      )}
      {drawn.words.map((word) => (
        <text
          key={word.n}
          className={word.event.kind === 'deleted' ? 'deltx halo said-in-label' : 'txb halo said-in-label'}
          x={WORDS_X}
          y={word.y}
        >
          {word.text}
          <tspan className="tx" dx="5">
            {word.sub}
          </tspan>
        </text>
      ))}
    </>
  )
}

/** The parties as narrow columns, their initials above. */
function DownLanes({ drawn, words }: { drawn: DownLayout; words: Words }) {
  return (
    <>
      {drawn.lanes.map(({ lane, x, segments, caps }) => (
        <g key={lane.key}>
          <text className="tx b" x={x + 9} y="14" textAnchor="middle">
            {lane.agentId === undefined ? words.word('party', lane.party).slice(0, 2) : initials(words.agent(lane.agentId))}
          </text>
          {segments.map((segment) => (
            <PhaseBar
              key={`${segment.phase}${segment.y}`}
              phase={segment.phase}
              x={x + 4}
              y={segment.y}
              width={10}
              height={segment.height}
              upright
            />
          ))}
          {caps.map((y) => (
            <line key={y} className="cap" x1={x + 1} x2={x + 17} y1={y} y2={y} />
          ))}
        </g>
      ))}
    </>
  )
}

function DownAxis({ drawn, width, clock }: { drawn: DownLayout; width: number; clock: (offset: number) => string }) {
  return (
    <>
      {drawn.lanes.map(({ lane, x }) => (
        <rect key={lane.key} className="lanebg" x={x} y="34" width="18" height={drawn.height - 50} rx="3" />
      ))}
      {drawn.ticks.map((tick) => (
        <g key={tick.offset}>
          <line className="gl" x1="54" x2={width} y1={tick.y} y2={tick.y} />
          <text className="tx2" x="50" y={tick.y + 4} textAnchor="end">
            {clock(tick.offset)}
          </text>
        </g>
      ))}
    </>
  )
}

function DownPills({ drawn }: { drawn: DownLayout }) {
  return (
    <>
      {drawn.pills.map((pill) => (
        <g key={pill.y}>
          <rect className="pillbg" x={STORY_X + STORY_WIDTH + 5} y={pill.y} width={textWidth(pill.text, 11) + 20} height="20" rx="10" />
          <text className="pilltx" x={STORY_X + STORY_WIDTH + 15} y={pill.y + 14}>
            {pill.text}
          </text>
        </g>
      ))}
    </>
  )
}

const DOWN_ZOOM_MAX = 8

export function DownPicture({ call, chosen, choose }: { call: Call } & Choice) {
  const words = useWords()
  const pictureWords = usePictureWords()
  const times = useTimes()
  const now = useNow(1000, call.endedAt === null)
  const [measure, width] = useWidth<HTMLDivElement>()
  const [zoom, setZoom] = useState(1)
  const { unfolded, unfold, toggle } = useFolds()
  const card = useCard({ chosen, choose })
  const label = useEventLabel(call, now)
  const name = usePictureLabel(call)
  const drawn = layoutDown(call, pictureWords, { widthPx: Math.max(280, width), zoom, unfolded, now })
  const on: EventHandlers = {
    chosen,
    label,
    onHover: card.onHover,
    onFocus: card.onFocus,
    onPress: (id) => {
      card.reopen()
      choose(id)
    },
  }
  const index = call.events.findIndex((event) => event.id === card.shown)
  const shown = call.events[index]
  const shownY = drawn.words.find((word) => word.n === index + 1)?.y ?? 0
  const zoomTo = (next: number) => setZoom(Math.min(DOWN_ZOOM_MAX, Math.max(1, next)))
  const folded = drawn.tears.length
  return (
    <PictureFrame
      tools={
        <Tools
          zoom={zoom}
          setZoom={zoomTo}
          foldable={drawn.foldable}
          unfolded={drawn.foldable - folded}
          onFold={() => toggle(drawn.tears)}
        />
      }
    >
      <div className="picture down" ref={measure}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a drawing cannot be a fieldset.
          <svg width={width} height={drawn.height} role="group" aria-label={name}>
            <DownAxis drawn={drawn} width={width} clock={(offset) => times.clock(msOf(call.startedAt) + offset * 1000)} />
            <DownLanes drawn={drawn} words={words} />
            <DownEvents drawn={drawn} on={on} />
            <DownPills drawn={drawn} />
            {drawn.tears.map((tear) => (
              <DownTear key={tear.id} tear={tear} width={width} onUnfold={unfold} />
            ))}
            {drawn.nowY !== null && <line className="cur solid" x1="54" x2={width} y1={drawn.nowY} y2={drawn.nowY} />}
          </svg>
        )}
        {shown !== undefined && (
          <div className="tip no-arrow" role="tooltip" style={{ left: 40, top: shownY + 10, width: 268 }}>
            <EventCard call={call} event={shown} n={index + 1} now={now} words={words} times={times} />
          </div>
        )}
      </div>
    </PictureFrame>
  )
}
