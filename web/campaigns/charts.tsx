/** The two charts of a campaign: what each hour brought, and the silent calls against what is allowed. Drawn to scale, and said in words. */
import type { CampaignProgress } from '#wire/campaigns.ts'
import { useWidth } from '../parts/hooks.ts'
import { scaleOf, ticksOf } from '../state/scale.ts'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

const HOUR_MS = 3_600_000
const EDGE = { left: 40, right: 10, top: 12, bottom: 24 }

type Hours = CampaignProgress['hours']

/** Every hour from the first that had calls to the last, also those without. */
function filled(
  hours: Hours,
): readonly { readonly at: number; readonly calls: number; readonly reached: number; readonly silent: number }[] {
  const [first] = hours
  const last = hours.at(-1)
  if (first === undefined || last === undefined) return []
  const known = new Map(hours.map((hour) => [msOf(hour.at), hour]))
  const all = []
  for (let at = msOf(first.at); at <= msOf(last.at); at += HOUR_MS) {
    const hour = known.get(at)
    all.push({ at, calls: hour?.calls ?? 0, reached: hour?.reached ?? 0, silent: hour?.silent ?? 0 })
  }
  return all
}

export function HoursChart({ hours }: { hours: Hours }) {
  const { t } = useText()
  const times = useTimes()
  const [measure, width] = useWidth<HTMLDivElement>()
  const bars = filled(hours)
  const height = 208
  const room = Math.max(0, width - EDGE.left - EDGE.right)
  const ticks = ticksOf(Math.max(4, ...bars.map(({ calls }) => calls)))
  const y = scaleOf(ticks.at(-1) ?? 1, height - EDGE.bottom, EDGE.top)
  const step = bars.length === 0 ? 0 : room / bars.length
  const every = Math.max(1, Math.ceil(48 / Math.max(step, 1)))
  return (
    <div ref={measure}>
      <ul className="legend">
        <li>
          <i className="swatch bar-reached" aria-hidden="true" /> {t('hours.reached')}
        </li>
        <li>
          <i className="swatch bar-calls" aria-hidden="true" /> {t('hours.calls')}
        </li>
        <li>
          <i className="swatch bar-silent" aria-hidden="true" /> {t('hours.silent')}
        </li>
      </ul>
      {bars.length === 0 ? (
        <p className="muted s">{t('hours.none')}</p>
      ) : (
        width > 0 && (
          <svg width={width} height={height} role="img" aria-label={t('hours.label', { n: bars.length })} className="chart">
            {ticks.map((tick) => (
              <g key={tick}>
                <line className="gl" x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} />
                <text className="tx2" x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">
                  {times.count(tick)}
                </text>
              </g>
            ))}
            {bars.map(({ at, calls, reached, silent }, index) => {
              const x = EDGE.left + index * step
              const wide = Math.max(2, Math.min(40, step - 3))
              return (
                <g key={at}>
                  <title>{t('hours.bar', { time: times.minute(at), calls, reached, silent })}</title>
                  <rect className="bar-calls" x={x} y={y(calls)} width={wide} height={y(0) - y(calls)} />
                  <rect className="bar-reached" x={x} y={y(reached)} width={wide} height={y(0) - y(reached)} />
                  <rect className="bar-silent" x={x} y={y(reached + silent)} width={wide} height={y(reached) - y(reached + silent)} />
                  {index % every === 0 && (
                    <text className="tx2" x={x} y={height - 6}>
                      {times.minute(at)}
                    </text>
                  )}
                </g>
              )
            })}
          </svg>
        )
      )}
    </div>
  )
}

/** A budget drawn as a budget: how many may be silent as the answered grow, and how many were. */
export function SilentChart(props: { silent: number; allowed: number; answered: number; target: number }) {
  const { t } = useText()
  const times = useTimes()
  const [measure, width] = useWidth<HTMLDivElement>()
  const height = 132
  const { silent, allowed, answered, target } = props
  const edge = { left: 6, right: 34, top: 8, bottom: 22 }
  const x = scaleOf(Math.max(answered, 1), edge.left, Math.max(edge.left, width - edge.right))
  const y = scaleOf(Math.max(silent, answered * target, 1) * 1.15, height - edge.bottom, edge.top)
  const [right, limit] = [x(Math.max(answered, 1)), y(Math.max(answered, 1) * target)]
  return (
    <div ref={measure}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={t('silent.chart', { silent, allowed, answered })} className="chart">
          <path className="over-limit" d={`M${edge.left} ${y(0)}L${right} ${limit}V${edge.top}H${edge.left}Z`} />
          <text className="tx danger" x={edge.left + 8} y={edge.top + 14}>
            {t('silent.area')}
          </text>
          <line className="ax" x1={edge.left} x2={right} y1={y(0)} y2={y(0)} />
          <path className="limit-line" d={`M${edge.left} ${y(0)}L${right} ${limit}`} />
          <path className="silent-line" d={`M${right} ${y(0)}V${y(silent)}`} />
          <circle className="silent-now" cx={right} cy={y(silent)} r={4} />
          <text className="tx danger" x={right + 6} y={limit + (Math.abs(limit - y(silent)) < 14 ? -6 : 4)}>
            {times.count(allowed)}
          </text>
          <text className="tx" x={right + 8} y={y(silent) + (Math.abs(limit - y(silent)) < 14 ? 12 : 4)}>
            {times.count(silent)}
          </text>
          <text className="tx2" x={edge.left} y={height - 5}>
            0
          </text>
          <text className="tx2" x={right} y={height - 5} textAnchor="end">
            {t('silent.answered', { n: answered })}
          </text>
        </svg>
      )}
    </div>
  )
}
