/** Silent calls of today against what is allowed: a stair under a line, and how many are left. */
import type { Campaign, CampaignPace } from '#wire/campaigns.ts'
import { useWidth } from '../parts/hooks.ts'
import { allowedSilent, stairOf, standing } from '../state/campaigns.ts'
import { scaleOf } from '../state/scale.ts'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { usePace } from './PaceCard.tsx'

const HEIGHT = 142
const EDGE = { left: 6, right: 34, top: 8, bottom: 22 }
/** Two figures nearer than this would be written over each other. */
const APART = 14

interface Now {
  readonly silent: number
  readonly answered: number
  readonly target: number
}

/** Each step to the right is time, each up a silent call; the line is what the answered calls so far allow. */
function Stair({ pace, silent, answered, target }: Now & { readonly pace: CampaignPace }) {
  const { t } = useText()
  const times = useTimes()
  const [measure, width] = useWidth<HTMLDivElement>()
  const allowed = allowedSilent(answered, target)
  const steps = stairOf(pace)
  const [first, last] = [pace.points[0], steps.at(-1)]
  if (first === undefined || last === undefined || answered === 0) return null
  const from = msOf(first.at)
  const across = scaleOf(Math.max(1, last.at - from), EDGE.left, Math.max(EDGE.left, width - EDGE.right))
  const y = scaleOf(Math.max(silent, answered * target, 1) * 1.15, HEIGHT - EDGE.bottom, EDGE.top)
  const x = (at: number): number => across(at - from)
  const right = x(last.at)
  // The stream is newer than the steps: the last of them is as it is now.
  const stair = steps.map((step, index) => (index === steps.length - 1 ? { ...step, silent, answered } : step))
  const line = stair.map((step) => `L${x(step.at).toFixed(1)} ${y(step.answered * target).toFixed(1)}`).join('')
  const near = Math.abs(y(answered * target) - y(silent)) < APART
  const below = silent <= answered * target
  return (
    <div ref={measure}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={t('silent.chart', { silent, allowed, answered })} className="chart">
          <path className="over-limit" d={`M${EDGE.left} ${y(0)}${line}V${EDGE.top}H${EDGE.left}Z`} />
          <text className="tx danger" x={EDGE.left + 8} y={EDGE.top + 14}>
            {t('silent.area')}
          </text>
          <line className="ax" x1={EDGE.left} x2={right} y1={y(0)} y2={y(0)} />
          <path className="limit-line" d={`M${EDGE.left} ${y(0)}${line}`} />
          <path
            className="silent-line"
            d={`M${EDGE.left} ${y(0)}${stair.map((step) => `V${y(step.silent).toFixed(1)}H${x(step.at).toFixed(1)}`).join('')}`}
          />
          <text className="tx danger" x={right + 6} y={y(answered * target) + (near ? (below ? -4 : 12) : 4)}>
            {times.count(allowed)}
          </text>
          <text className="tx" x={right + 6} y={y(silent) + (near ? (below ? 12 : -4) : 4)}>
            {times.count(silent)}
          </text>
          <text className="tx2" x={EDGE.left} y={HEIGHT - 6}>
            {times.minute(from)}
          </text>
          <text className="tx2" x={right} y={HEIGHT - 6} textAnchor="end">
            {times.minute(Math.min(last.at, msOf(pace.points.at(-1)?.at ?? first.at)))}
          </text>
        </svg>
      )}
    </div>
  )
}

export function SilentCard({ campaign: { id, live } }: { campaign: Campaign }) {
  const { t } = useText()
  const times = useTimes()
  const pace = usePace(id, 'today')
  const { today, silentTarget } = live
  const how = standing(today, silentTarget)
  const left = today.budgetLeft
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('silent.title')}</h2>
        <span className="grow" />
        {how !== 'none' && (
          <span className={how === 'over' ? 'badge del' : how === 'near' ? 'badge warn' : 'badge good'}>{t(`silent.${how}`)}</span>
        )}
      </div>
      <div className="bd col g3">
        <div className="row g4 end-line">
          <div>
            <span className="lbl">{t('silent.rate')}</span>
            <p className="figure num">{today.silentRate === null ? '–' : times.percent(today.silentRate)}</p>
          </div>
          <p className="s muted">
            {t('silent.of', { silent: today.silent, answered: today.answered })}
            <br />
            {t(left < 0 ? 'silent.overBy' : 'silent.left', { limit: times.percent(silentTarget), n: Math.abs(left) })}
          </p>
        </div>
        {pace.data !== undefined && <Stair pace={pace.data} silent={today.silent} answered={today.answered} target={silentTarget} />}
        <p className="s muted">{t('silent.rule')}</p>
      </div>
    </section>
  )
}
