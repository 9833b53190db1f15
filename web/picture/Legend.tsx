import type { Event } from '#wire/calls.ts'
import { KINDS } from '../state/filters.ts'
import { useText } from '../text/intl.tsx'
import { KindSample, PhaseBar } from './Patterns.tsx'

const kinds = Object.keys(KINDS) as Event['kind'][]

export function KindLegend() {
  const { t } = useText()
  return (
    <>
      {kinds.map((kind) => (
        <span key={kind}>
          <KindSample kind={kind} />
          {t(`kind.${kind}`)}
        </span>
      ))}
    </>
  )
}

/** What the patterns mean, under every picture. */
export function Legend() {
  const { t } = useText()
  return (
    <div className="legend under">
      <KindLegend />
      <span className="grow wide" />
      {(['ringing', 'answered', 'hold'] as const).map((phase) => (
        <span key={phase}>
          <svg width="22" height="12" aria-hidden="true">
            <PhaseBar phase={phase} x={0.7} y={1} width={20.6} height={10} />
          </svg>
          {t(`phase.${phase}`)}
        </span>
      ))}
      <span>
        <svg width="6" height="14" aria-hidden="true">
          <line className="cap" x1="3" x2="3" y1="1" y2="13" />
        </svg>
        {t('phase.ended')}
      </span>
    </div>
  )
}
