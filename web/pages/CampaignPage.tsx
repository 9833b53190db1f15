/** One campaign: how it goes today, how its silent calls stand against the limit, how far its list has come. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Campaign } from '#wire/campaigns.ts'
import { ContactsCard, OutcomesCard, TriesCard, WorkCard } from '../campaigns/cards.tsx'
import { HoursChart } from '../campaigns/charts.tsx'
import { DaysCard } from '../campaigns/DaysCard.tsx'
import { Kpis } from '../campaigns/Kpis.tsx'
import { PaceCard } from '../campaigns/PaceCard.tsx'
import { SilentCard } from '../campaigns/SilentCard.tsx'
import { StateBadge } from '../campaigns/words.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { useAsks } from '../parts/asks.ts'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { managesCampaigns, seesCampaigns, useSession } from '../parts/session.tsx'
import { type Deed, deedsFor, hoursInWords, told } from '../state/campaigns.ts'
import { usePictureOf } from '../state/store.ts'
import { useText, useTimes } from '../text/intl.tsx'

/** How often figures that no message tells are asked for anew. */
const PROGRESS_EVERY_MS = 10_000

function Deeds({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useText()
  const { trouble, inTurn } = useAsks()
  const act = (deed: Deed): void => inTurn(deed, () => campaignsApi.act(campaign.id, deed).then(onDone))
  return (
    <>
      {trouble !== null && (
        <span className="trouble s" role="alert">
          {trouble}
        </span>
      )}
      {deedsFor(campaign.live.state).map((deed) => (
        <button
          key={deed}
          type="button"
          className={deed === 'stop' ? 'btn dan2' : deed === 'start' ? 'btn pri' : 'btn'}
          title={t(`campaign.${deed}.hint`)}
          onClick={() => act(deed)}
        >
          {t(`campaign.${deed}`)}
        </button>
      ))}
    </>
  )
}

function Head({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t, word } = useText()
  const times = useTimes()
  const mayChange = managesCampaigns(useSession())
  const { settings, live } = campaign
  const params = { campaignId: campaign.id }
  const hours = hoursInWords(settings.hours.days, (day) => t(`day.${day as 'mon'}`))
  return (
    <>
      <Link className="row g1 s" to="/campaigns">
        <Icon name="back" /> {t('campaigns.title')}
      </Link>
      <div className="row g3 wrap page-head">
        <h1>{settings.name}</h1>
        <StateBadge state={live.state} />
        <span className="grow" />
        {mayChange && <Deeds campaign={campaign} onDone={onDone} />}
        {mayChange && (
          <Link className="btn" to="/campaigns/$campaignId/settings" params={params}>
            {t('campaign.settings')}
          </Link>
        )}
        <Link className="btn" to="/campaigns/$campaignId/contacts" params={params}>
          {t('campaign.contacts')}
        </Link>
        {mayChange && (
          <Link className="btn" to="/campaigns/$campaignId/import" params={params}>
            {t('campaign.import')}
          </Link>
        )}
      </div>
      <p className="muted s campaign-sum">
        {[
          word('mode', settings.mode),
          ...(settings.mode === 'preview' ? [] : [t('campaign.sum.limit', { limit: times.percent(settings.silentTarget) })]),
          t('campaign.sum.attempts', { n: settings.attempts }),
          ...(hours.length === 0 ? [t('campaign.sum.noHours')] : [t('campaign.sum.hours', { hours: hours.join('; ') })]),
        ].join(' · ')}
      </p>
    </>
  )
}

function Body({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useText()
  const progress = useQuery({
    queryKey: ['campaign', campaign.id, 'progress'],
    queryFn: () => campaignsApi.progress(campaign.id),
    refetchInterval: PROGRESS_EVERY_MS,
  })
  // Where an agent is there first nobody gets a silent call.
  const agentFirst = campaign.settings.mode === 'preview'
  return (
    <>
      <Head campaign={campaign} onDone={onDone} />
      <Kpis campaign={campaign} progress={progress.data} />
      <div className="campaign-grid">
        <PaceCard campaign={campaign} />
        {agentFirst ? <WorkCard campaign={campaign} /> : <SilentCard campaign={campaign} />}
        {progress.data !== undefined && <ContactsCard progress={progress.data} />}
        {progress.data !== undefined && <TriesCard progress={progress.data} />}
        <OutcomesCard campaign={campaign} />
        <section className={agentFirst ? 'card span3' : 'card span2'}>
          <div className="hd">
            <h2>{t('hours.title')}</h2>
          </div>
          <div className="bd">
            {progress.data !== undefined && <HoursChart hours={progress.data.hours} silence={!agentFirst} />}
            {progress.error !== null && <Trouble error={progress.error} retry={() => void progress.refetch()} />}
          </div>
        </section>
        {!agentFirst && <WorkCard campaign={campaign} />}
        <DaysCard campaign={campaign} silence={!agentFirst} />
      </div>
      {progress.data?.expected != null && (
        <p className="faint s">{t('kpi.done.how', { n: Math.max(1, Math.round(progress.data.expected.callingHours)) })}</p>
      )}
    </>
  )
}

export function CampaignPage() {
  const { t } = useText()
  const session = useSession()
  const client = useQueryClient()
  const { campaignId = '' } = useParams({ strict: false })
  const found = useQuery({ queryKey: ['campaign', campaignId], queryFn: () => campaignsApi.one(campaignId) })
  const stream = usePictureOf((picture) => picture.campaigns)
  useTitle(found.data?.settings.name ?? t('campaigns.title'))
  if (!seesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  if (found.error !== null)
    return <Trouble alone error={found.error} notFound={t('campaign.notFound')} retry={() => void found.refetch()} />
  if (found.data === undefined)
    return (
      <Notice busy alone>
        {t('state.loading')}
      </Notice>
    )
  return <Body campaign={told(found.data, stream)} onDone={() => void client.invalidateQueries({ queryKey: ['campaign', campaignId] })} />
}
