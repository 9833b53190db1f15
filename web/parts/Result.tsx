import type { Call } from '#wire/calls.ts'
import { type Extra, extrasOf, TONES } from '../state/row.ts'
import { useText } from '../text/intl.tsx'
import { Icon, type IconName } from './Icon.tsx'

const ICONS: Readonly<Partial<Record<Call['result'], IconName>>> = {
  answered: 'check',
  callbackReached: 'check',
  merged: 'check',
  deleted: 'bin',
  silent: 'warn',
  callbackUnreached: 'warn',
  expired: 'warn',
  failed: 'warn',
  abandoned: 'cross',
  unanswered: 'cross',
  cancelled: 'cross',
  left: 'cross',
}

export function ResultBadge({ result }: { result: Call['result'] }) {
  const { t } = useText()
  return (
    <span className={`badge ${TONES[result]}`}>
      {result === 'live' ? <span className="dot live-dot small" /> : <Icon name={ICONS[result] ?? 'barred'} size={11} />}
      {t(`result.${result}`)}
    </span>
  )
}

function useExtra(): (extra: Extra) => string {
  const { t, word } = useText()
  return (extra) => {
    switch (extra.say) {
      case 'now':
        if (extra.kind === 'queue') return t('extra.waiting')
        return extra.kind === 'queueCallback'
          ? t('extra.callback')
          : extra.kind === 'conversation'
            ? t('extra.talking')
            : t(`kind.${extra.kind}`)
      case 'by':
        return t('extra.by', { who: word('by', extra.by) })
      case 'mode':
        return word('mode', extra.mode)
      case 'try':
        return t('extra.attempt', { n: extra.n })
      case 'unanswered':
        return t('extra.unanswered', { n: extra.n })
      case 'attempts':
        return t('extra.attempts', { n: extra.n })
      case 'origin':
        return word('origin', extra.origin)
    }
  }
}

export function Extras({ call }: { call: Call }) {
  const say = useExtra()
  return <span className="faint xs">{extrasOf(call).map(say).join(' · ')}</span>
}

export function Direction({ call }: { call: Call }) {
  const { t } = useText()
  const dialler = call.mode !== undefined
  const icon: IconName = dialler ? 'clock' : call.direction
  const name = dialler ? t('direction.dialler') : t(`direction.${call.direction}`)
  return (
    <span className="row direction" title={name}>
      <Icon name={icon} size={15} />
      <span className="vh">{name}</span>
    </span>
  )
}
