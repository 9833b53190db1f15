/** How campaigns are said: their state, their silent calls against the limit, and why nothing is dialled. */
import type { CampaignLive, CampaignTotals } from '#wire/campaigns.ts'
import { Icon } from '../parts/Icon.tsx'
import { type CampaignState, standing } from '../state/campaigns.ts'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

const TONE: Readonly<Record<CampaignState, string>> = {
  running: 'badge good',
  paused: 'badge warn',
  scheduled: 'badge',
  draft: 'badge',
  stopped: 'badge',
  done: 'badge',
}

export function StateBadge({ state }: { state: CampaignState }) {
  const { t } = useText()
  return (
    <span className={TONE[state]}>
      {state === 'running' && <span className="dot live-dot small" />}
      {t(`campaignState.${state}`)}
    </span>
  )
}

/** The day's rate; amber near the limit, red over it, and said in words either way. */
/** `alone`: the limit stands elsewhere. */
export function Silence({ today, target, alone = false }: { today: CampaignTotals; target: number; alone?: boolean }) {
  const { t } = useText()
  const times = useTimes()
  const how = standing(today, target)
  if (how === 'none') return <span className="faint">–</span>
  const tone = how === 'over' ? 'badge del' : how === 'near' ? 'badge warn' : 'badge'
  const rate = times.percent(today.silentRate ?? 0)
  return (
    <span className={tone}>
      {how !== 'within' && <Icon name="warn" size={11} />}
      <span className="num">{alone ? rate : t('campaign.rateOf', { rate, limit: times.percent(target) })}</span>
    </span>
  )
}

/** One sentence: that it dials, or why it does not and until when. */
export function WhyIdle({ live }: { live: CampaignLive }) {
  const { t } = useText()
  const times = useTimes()
  if (live.why === null)
    return <>{live.limitReached ? t('why.limitReached') : live.pacingFailed ? t('why.pacingFailed') : t('why.dialling')}</>
  const until = live.whyUntil === null ? null : msOf(live.whyUntil)
  return (
    <>
      {t(`why.${live.why}`)}
      {until !== null && ` ${t('why.until', { date: times.shortDate(until), time: times.minute(until) })}`}
    </>
  )
}
