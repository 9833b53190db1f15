/** The picture of a call: the plot in a frame that scrolls, the names of the lanes beside it, the card of the event in hand. */
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { Call } from '#wire/calls.ts'
import { useNow, useWidth } from '../parts/hooks.ts'
import { useKeys } from '../parts/keys.ts'
import { usePictureWords, useWords, type Words } from '../parts/words.tsx'
import { clockLike, durationOf, msOf } from '../state/shown.ts'
import { type Times, useTimes } from '../text/intl.tsx'
import { EventCard } from './Card.tsx'
import { Legend } from './Legend.tsx'
import { layout } from './layout.ts'
import { type EventHandlers, Plot } from './Plot.tsx'

const NAMES_WIDTH = 172
const ZOOM_MAX = 64
const CARD_WIDTH = 272

export interface Choice {
  readonly chosen: string | null
  /** Chooses an event, or none. */
  choose: (eventId: string | null) => void
}

/** Hover wins over focus, focus over the event the address names; Esc closes until the next of them. */
export function useCard(choice: Choice) {
  const [hovered, setHovered] = useState<string | null>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [closed, setClosed] = useState(false)
  const open = useCallback(
    <T,>(set: (value: T) => void) =>
      (value: T) => {
        setClosed(false)
        set(value)
      },
    [],
  )
  useKeys((event) => {
    if (event.key !== 'Escape') return false
    setClosed(true)
    return true
  })
  return {
    shown: closed ? null : (hovered ?? focused ?? choice.chosen),
    onHover: open(setHovered),
    onFocus: open(setFocused),
    reopen: () => setClosed(false),
  }
}

/** The name says what a narrow bar has no room for. */
export function useEventLabel(call: Call, now: number): EventHandlers['label'] {
  const { t, menu } = useWords()
  const times = useTimes()
  return (event, n) => {
    const from = times.clock(msOf(event.startedAt))
    const kind = event.menu === undefined ? t(`kind.${event.kind}`) : `${t(`kind.${event.kind}`)} (${menu(event.menu)})`
    if (event.startedAt === event.endedAt) return t('picture.event.point', { n, kind, from })
    const to = event.endedAt === null ? t('picture.goesOn') : times.clock(msOf(event.endedAt))
    return t('picture.event', { n, kind, from, to, duration: clockLike(durationOf(call, event, now)) })
  }
}

/** Dragging the paper moves along it. */
function useDrag(frame: React.RefObject<HTMLElement | null>) {
  const from = useRef<{ x: number; scroll: number } | null>(null)
  return {
    onPointerDown: (event: React.PointerEvent) => {
      if (event.button === 0 && frame.current !== null && event.pointerType === 'mouse')
        from.current = { x: event.clientX, scroll: frame.current.scrollLeft }
    },
    onPointerMove: (event: React.PointerEvent) => {
      if (from.current !== null && frame.current !== null && event.buttons === 1)
        frame.current.scrollLeft = from.current.scroll - (event.clientX - from.current.x)
    },
    onPointerUp: () => {
      from.current = null
    },
  }
}

export function PictureFrame({ tools, children }: { tools?: ReactNode; children: ReactNode }) {
  const { t } = useWords()
  return (
    <section className="card picture-card" aria-labelledby="picture-title">
      <div className="hd">
        <h2 id="picture-title">{t('picture.title')}</h2>
        <span className="grow" />
        {tools}
      </div>
      <div className="bd">
        {children}
        <Legend />
      </div>
    </section>
  )
}

export function Tools(props: { zoom: number; setZoom: (zoom: number) => void; foldable: number; unfolded: number; onFold: () => void }) {
  const { t } = useWords()
  const { zoom, setZoom, foldable, unfolded, onFold } = props
  return (
    <>
      <fieldset className="seg" aria-label={t('picture.zoom')}>
        <button type="button" aria-label={t('picture.zoomOut')} disabled={zoom <= 1} onClick={() => setZoom(zoom / 2)}>
          −
        </button>
        <button type="button" className={zoom === 1 ? 'on' : ''} aria-pressed={zoom === 1} onClick={() => setZoom(1)}>
          {t('picture.fit')}
        </button>
        <button type="button" aria-label={t('picture.zoomIn')} disabled={zoom >= ZOOM_MAX} onClick={() => setZoom(zoom * 2)}>
          +
        </button>
      </fieldset>
      {foldable > 0 && (
        <button type="button" className="btn" onClick={onFold}>
          {unfolded < foldable ? t('picture.unfoldAll', { n: foldable - unfolded }) : t('picture.foldAll')}
        </button>
      )}
      <span className="faint s wide keys" aria-hidden="true">
        <kbd>←</kbd> <kbd>→</kbd> {t('picture.keys.event')} <kbd>+</kbd> <kbd>−</kbd> {t('picture.keys.zoom')} <kbd>0</kbd>{' '}
        {t('picture.keys.fit')}
      </span>
    </>
  )
}

/** Zoom that keeps what is in the middle (or under the mouse) where it is. */
function useZoom(frame: React.RefObject<HTMLElement | null>) {
  const [zoom, set] = useState(1)
  const keep = useRef<{ part: number; at: number } | null>(null)
  const setZoom = useCallback(
    (wanted: number, atPx?: number) => {
      const element = frame.current
      const next = Math.min(ZOOM_MAX, Math.max(1, wanted))
      if (element !== null) {
        const at = atPx ?? element.clientWidth / 2
        keep.current = { part: (element.scrollLeft + at) / element.scrollWidth, at }
      }
      set(next)
    },
    [frame],
  )
  useLayoutEffect(() => {
    if (frame.current !== null && keep.current !== null && zoom >= 1)
      frame.current.scrollLeft = keep.current.part * frame.current.scrollWidth - keep.current.at
    keep.current = null
  }, [zoom, frame])
  return { zoom, setZoom }
}

type Drawn = ReturnType<typeof layout>

/** The column beside the paper: what each row is, and whose lane is whose. */
function Names({ drawn, words, times }: { drawn: Drawn; words: Words; times: Times }) {
  const { t } = words
  return (
    <svg className="names" width={NAMES_WIDTH} height={drawn.height} aria-hidden="true">
      {drawn.lanes.map((lane, i) =>
        i % 2 === 0 ? <rect key={lane.lane.key} className="lanebg" x="0" y={lane.y} width={NAMES_WIDTH} height={lane.height} /> : null,
      )}
      <text className="tx" x="0" y="13">
        {t('picture.clock')} <tspan className="tx2">{times.zone}</tspan>
      </text>
      <text className="tx2" x="0" y="28">
        {t('picture.fromStart')}
      </text>
      <text className="txb" x="0" y={drawn.storyY + 19}>
        {t('picture.story')}
      </text>
      <text className="tx2" x="0" y={drawn.storyY + 35}>
        {t('picture.story.sub')}
      </text>
      {drawn.attemptsY !== null && (
        <text className="tx" x="0" y={drawn.attemptsY + 10}>
          {t('picture.attempts')}
        </text>
      )}
      {drawn.lanes.map((lane) => (
        <g key={lane.lane.key}>
          <text className="txb lane-title" x="8" y={lane.y + 14}>
            {lane.title}
          </text>
          <text className="tx2 lane-sub" x="8" y={lane.y + 27}>
            {lane.sub}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** The card under the event in hand, its arrow at the event, kept within the frame. */
function Tip(props: {
  call: Call
  drawn: Drawn
  shown: string | null
  scrolled: number
  width: number
  now: number
  words: Words
  times: Times
}) {
  const { call, drawn, shown, scrolled, width, now, words, times } = props
  const shape = [...drawn.bars, ...drawn.markers].find((one) => one.event.id === shown)
  if (shape === undefined) return null
  const paper = width - NAMES_WIDTH
  const x = Math.min(Math.max(shape.x - scrolled, 0), paper)
  const middle = x + ('width' in shape ? Math.min(shape.width / 2, 24) : 0)
  const left = Math.min(x, Math.max(0, paper - CARD_WIDTH))
  const arrow = Math.min(CARD_WIDTH - 30, Math.max(14, middle - left - 5))
  const style = { left: NAMES_WIDTH + left, top: drawn.storyY + 58, width: CARD_WIDTH, ['--arrow' as string]: `${arrow}px` }
  return (
    <div className="tip" role="tooltip" style={style}>
      <EventCard call={call} event={shape.event} n={shape.n} now={now} words={words} times={times} />
    </div>
  )
}

/** The sheet that scrolls: zoomed by keys and wheel, moved by keys, mouse and finger. */
function usePaper() {
  const frame = useRef<HTMLElement>(null)
  const { zoom, setZoom } = useZoom(frame)
  const drag = useDrag(frame)
  const [scrolled, setScrolled] = useState(0)
  const attach = useCallback(
    (element: HTMLElement | null) => {
      frame.current = element
      if (element === null) return
      const onWheel = (event: WheelEvent) => {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        setZoom(zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.clientX - element.getBoundingClientRect().left)
      }
      element.addEventListener('wheel', onWheel, { passive: false })
      return () => element.removeEventListener('wheel', onWheel)
    },
    [setZoom, zoom],
  )
  useKeys((event) => {
    const along = event.key === 'ArrowRight' ? 120 : event.key === 'ArrowLeft' ? -120 : 0
    if (event.key === '+' || event.key === '=') setZoom(zoom * 2)
    else if (event.key === '-') setZoom(zoom / 2)
    else if (event.key === '0') setZoom(1)
    else if (event.shiftKey && along !== 0) frame.current?.scrollBy({ left: along })
    else return false
    return true
  })
  const props = { ref: attach, ...drag, onScroll: (event: React.UIEvent<HTMLElement>) => setScrolled(event.currentTarget.scrollLeft) }
  return { zoom, setZoom, scrolled, props }
}

/** What a reader has unfolded, and the button that unfolds or folds all. */
export function useFolds() {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  return {
    unfolded,
    unfold: (id: string) => setUnfolded(new Set([...unfolded, id])),
    toggle: (torn: readonly { readonly id: string }[]) =>
      setUnfolded(torn.length > 0 ? new Set([...unfolded, ...torn.map(({ id }) => id)]) : new Set()),
  }
}

/** What the drawing as a whole is called. */
export function usePictureLabel(call: Call): string {
  const { t } = useWords()
  const times = useTimes()
  const to = call.endedAt === null ? t('call.now') : times.clock(msOf(call.endedAt))
  return t('picture.label', { n: call.events.length, from: times.clock(msOf(call.startedAt)), to })
}

export function Picture({ call, chosen, choose }: { call: Call } & Choice) {
  const words = useWords()
  const pictureWords = usePictureWords()
  const times = useTimes()
  const now = useNow(1000, call.endedAt === null)
  const [measure, width] = useWidth<HTMLDivElement>()
  const paper = usePaper()
  const { unfolded, unfold, toggle } = useFolds()
  const card = useCard({ chosen, choose })
  const label = useEventLabel(call, now)
  const name = usePictureLabel(call)
  const drawn = layout(call, pictureWords, { widthPx: Math.max(320, width - NAMES_WIDTH), zoom: paper.zoom, unfolded, now })
  const { onHover, onFocus, reopen } = card
  const on: EventHandlers = {
    chosen,
    label,
    onHover,
    onFocus,
    onPress: (id) => {
      reopen()
      choose(id)
    },
  }
  return (
    <PictureFrame
      tools={
        <Tools
          zoom={paper.zoom}
          setZoom={paper.setZoom}
          foldable={drawn.foldable}
          unfolded={drawn.foldable - drawn.tears.length}
          onFold={() => toggle(drawn.tears)}
        />
      }
    >
      <div className="picture" ref={measure}>
        {width > 0 && (
          <>
            <Names drawn={drawn} words={words} times={times} />
            <section className="paper" aria-label={words.t('picture.scroll')} {...paper.props}>
              {/* biome-ignore lint/a11y/useSemanticElements: a drawing cannot be a fieldset. */}
              <svg width={drawn.width} height={drawn.height} role="group" aria-label={name}>
                <Plot layout={drawn} startMs={msOf(call.startedAt)} words={words} times={times} on={on} onUnfold={unfold} />
              </svg>
            </section>
            <Tip
              call={call}
              drawn={drawn}
              shown={card.shown}
              scrolled={paper.scrolled}
              width={width}
              now={now}
              words={words}
              times={times}
            />
          </>
        )}
      </div>
    </PictureFrame>
  )
}
