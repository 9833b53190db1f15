/** The six figures a manager looks at first. */
import type { Campaign, CampaignProgress } from '#wire/campaigns.ts'
import { thereOf } from '../state/campaigns.ts'
import { clockLike, msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

function Kpi({ name, value, sub }: { name: string; value: string; sub: string }) {
  return (
    <div>
      <dt className="lbl">{name}</dt>
      <dd>
        <b className="num">{value}</b>
        <span className="s muted">{sub}</span>
      </dd>
    </div>
  )
}

export function Kpis({ campaign: { live }, progress }: { campaign: Campaign; progress: CampaignProgress | undefined }) {
  const { t } = useText()
  const times = useTimes()
  const { crew, today, work } = live
  const doneAt = progress?.expected?.doneAt ?? null
  const share = today.placed === 0 ? null : today.answered / today.placed
  const idle = work.idleBetween
  const clock = (ms: number): string => clockLike(Math.round(ms / 1000))
  const cards = live.mode === 'preview' ? { name: t('kpi.cards'), value: live.cards, sub: t('kpi.cards.sub', { n: live.inTheAir }) } : null
  return (
    <dl className="card kpi">
      <Kpi
        name={t('kpi.agents')}
        value={times.count(thereOf(crew))}
        sub={t('kpi.agents.sub', { talking: crew.talking, wrapUp: crew.wrapUp, elsewhere: crew.elsewhere })}
      />
      {cards !== null && <Kpi name={cards.name} value={times.count(cards.value)} sub={cards.sub} />}
      {cards === null && (
        <Kpi name={t('kpi.inTheAir')} value={times.count(live.inTheAir)} sub={t('kpi.inTheAir.sub', { n: live.waiting })} />
      )}
      <Kpi
        name={t('kpi.answered')}
        value={times.count(today.answered)}
        sub={
          share === null ? t('kpi.answered.none') : t('kpi.answered.sub', { share: times.percent(share), calls: times.count(today.placed) })
        }
      />
      <Kpi name={t('kpi.talking')} value={work.talkShare === null ? '–' : times.percent(work.talkShare)} sub={t('kpi.talking.sub')} />
      <Kpi
        name={t('kpi.idle')}
        value={idle === null ? '–' : clock(idle.meanMs)}
        sub={idle === null ? t('kpi.idle.none') : t('kpi.idle.sub', { median: clock(idle.medianMs) })}
      />
      <Kpi
        name={t('kpi.done')}
        value={doneAt === null ? '–' : times.shortDate(msOf(doneAt))}
        sub={doneAt === null ? t('kpi.done.unknown') : t('kpi.done.sub', { time: times.minute(msOf(doneAt)) })}
      />
    </dl>
  )
}
