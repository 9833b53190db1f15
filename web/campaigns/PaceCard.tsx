/** How a campaign went over time: calls in the air and agents talking, where it was held back, and whether it dials just now. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Campaign, CampaignPace } from '#wire/campaigns.ts'
import { campaignsApi, PACE_RANGES, type PaceRange } from '../campaigns-api.ts'
import { useWidth } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Trouble } from '../parts/Notice.tsx'
import { heldBack } from '../state/campaigns.ts'
import { roundStep, scaleOf, ticksOf } from '../state/scale.ts'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { WhyIdle } from './words.tsx'

/** A step is a minute or more; the last point moves with the stream. */
const AGAIN_MS = 10_000
const HEIGHT = 208
const EDGE = { left: 40, right: 12, top: 14, bottom: 24 }
const DAY_MS = 86_400_000
/** A label with room around it. */
const LABEL_PX = 72

/** What one campaign was over time; asked for anew while it is looked at. */
export const usePace = (campaignId: string, range: PaceRange) =>
  useQuery({
    queryKey: ['campaign', campaignId, 'pace', range],
    queryFn: () => campaignsApi.overTime(campaignId, range),
    refetchInterval: AGAIN_MS,
  })

type Live = Campaign['live']
type XY = readonly [number, number]
const lineOf = (points: readonly XY[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')

/** Round instants written under the axis: as many as there is room for. */
function Instants({ from, until, place }: { from: number; until: number; place: (at: number) => number }) {
  const times = useTimes()
  const [left, right] = [place(from), place(until)]
  const step = roundStep(until - from, (right - left) / LABEL_PX)
  const instants = Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, index) => Math.ceil(from / step) * step + index * step)
  return instants
    .filter((at) => at <= until && place(at) < right - LABEL_PX / 2)
    .map((at) => (
      <text key={at} className="tx2" x={place(at)} y={HEIGHT - 6} textAnchor={place(at) < left + LABEL_PX / 2 ? 'start' : 'middle'}>
        {step >= DAY_MS ? times.shortDate(at) : times.minute(at)}
      </text>
    ))
}

function Chart({ pace, live }: { pace: CampaignPace; live: Live }) {
  const { t } = useText()
  const times = useTimes()
  const [measure, width] = useWidth<HTMLDivElement>()
  const { points, stepMs } = pace
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return <p className="muted s">{t('pace.nothing')}</p>
  const from = msOf(first.at)
  const span = Math.max(1, points.length - 1)
  const x = scaleOf(span, EDGE.left, Math.max(EDGE.left, width - EDGE.right))
  const ticks = ticksOf(Math.max(4, live.inTheAir, ...points.flatMap(({ inTheAir, talking, there }) => [inTheAir, talking, there])))
  const y = scaleOf(ticks.at(-1) ?? 1, HEIGHT - EDGE.bottom, EDGE.top)
  const now = { inTheAir: live.inTheAir, talking: live.crew.talking }
  const line = (of: 'inTheAir' | 'talking'): readonly XY[] =>
    points.map((point, index) => [x(index), y(index === points.length - 1 ? now[of] : point[of])] as const)
  const held = heldBack(pace)
  const place = (at: number): number => Math.min(width - EDGE.right, x((at - from) / stepMs))
  const said = held.at(-1)
  return (
    <div ref={measure}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          className="chart"
          aria-label={t('pace.chart', {
            from: times.minute(from),
            until: times.minute(msOf(last.at)),
            inTheAir: now.inTheAir,
            talking: now.talking,
          })}
        >
          {held.map(({ from: begin, until }) => (
            <rect
              key={begin}
              className="held"
              x={place(begin)}
              y={EDGE.top}
              width={Math.max(2, place(until) - place(begin))}
              height={HEIGHT - EDGE.bottom - EDGE.top}
            />
          ))}
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="gl" x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} />
              <text className="tx2" x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">
                {times.count(tick)}
              </text>
            </g>
          ))}
          <path className="talking-area" d={`${lineOf(line('talking'))}L${x(span)} ${y(0)}L${EDGE.left} ${y(0)}Z`} />
          <path className="there-line" d={lineOf(points.map(({ there }, index) => [x(index), y(there)] as const))} />
          <path className="talking-line" d={lineOf(line('talking'))} />
          <path className="air-line" d={lineOf(line('inTheAir'))} />
          <circle className="talking-now" cx={x(span)} cy={y(now.talking)} r={4} />
          <circle className="air-now" cx={x(span)} cy={y(now.inTheAir)} r={4} />
          {said !== undefined && width > 560 && (
            <text
              className="tx warn halo"
              x={place(said.until) < width / 2 ? place(said.until) + 6 : place(said.from) - 6}
              y={EDGE.top + 12}
              textAnchor={place(said.until) < width / 2 ? 'start' : 'end'}
            >
              {t('pace.held', { time: times.minute(said.from), n: Math.max(1, Math.round(said.ms / 60_000)) })}
            </text>
          )}
          <Instants from={from} until={from + span * stepMs} place={place} />
        </svg>
      )}
    </div>
  )
}

function Legend() {
  const { t } = useText()
  return (
    <ul className="legend in-head">
      {(['air', 'talking', 'there'] as const).map((name) => (
        <li key={name}>
          <svg width="24" height="8" aria-hidden="true" className="chart">
            <path className={`${name}-line`} d="M0 4H24" />
          </svg>
          {t(`pace.${name}`)}
        </li>
      ))}
    </ul>
  )
}

export function PaceCard({ campaign: { id, live } }: { campaign: Campaign }) {
  const { t } = useText()
  const [range, setRange] = useState<PaceRange>('today')
  const pace = usePace(id, range)
  const dials = live.why === null || live.why === 'allBusy'
  const well = dials && !live.limitReached && !live.pacingFailed
  return (
    <section className="card span2 pace-card">
      <div className="hd wrap">
        <h2>{t('pace.over')}</h2>
        <Legend />
        <span className="grow" />
        <fieldset className="seg" aria-label={t('pace.range')}>
          {PACE_RANGES.map((one) => (
            <button
              key={one}
              type="button"
              className={one === range ? 'on' : ''}
              aria-pressed={one === range}
              onClick={() => setRange(one)}
            >
              {t(`pace.range.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="bd">
        {pace.data !== undefined && <Chart pace={pace.data} live={live} />}
        {pace.error !== null && <Trouble error={pace.error} retry={() => void pace.refetch()} />}
      </div>
      <p className="row g2 s why-line wrap" role="status">
        <span className="row g2 why-now">
          <span className={well ? 'ink-good' : 'ink-warn'}>
            <Icon name={well ? 'check' : 'warn'} />
          </span>
          <b>
            <WhyIdle live={live} />
          </b>
        </span>
        {live.state === 'running' && dials && (
          <span className="muted">{t('pace.now', { mode: t(`mode.${live.pace.mode}`), calls: live.inTheAir, counted: live.counted })}</span>
        )}
        {live.state === 'running' && <span className="muted">{t('pace.minute', { n: live.pace.perMinute })}</span>}
        {live.work.heldMs >= 30_000 && <span className="muted">{t('pace.heldToday', { n: Math.round(live.work.heldMs / 60_000) })}</span>}
      </p>
    </section>
  )
}
