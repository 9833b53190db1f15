/** What each hour brought a campaign. Drawn to scale, and said in words. */
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

/** `silence`: there can be silent calls. */
export function HoursChart({ hours, silence }: { hours: Hours; silence: boolean }) {
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
        {silence && (
          <li>
            <i className="swatch bar-silent" aria-hidden="true" /> {t('hours.silent')}
          </li>
        )}
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
