/** One campaign: how it goes today, how its silent calls stand against the limit, how far its list has come. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Campaign, CampaignProgress } from '#wire/campaigns.ts'
import { HoursChart, SilentChart } from '../campaigns/charts.tsx'
import { StateBadge, WhyIdle } from '../campaigns/words.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { managesCampaigns, seesCampaigns, useSession } from '../parts/session.tsx'
import { allowedSilent, CONTACT_GROUPS, type Deed, deedsFor, groupsOf, hoursInWords, standing, thereOf, told } from '../state/campaigns.ts'
import { msOf } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useText, useTimes } from '../text/intl.tsx'

/** How often figures that no message tells are asked for anew. */
const PROGRESS_EVERY_MS = 10_000

function Deeds({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useText()
  const [trouble, setTrouble] = useState<string | null>(null)
  const act = (deed: Deed): void =>
    void campaignsApi.act(campaign.id, deed).then(
      () => {
        setTrouble(null)
        onDone()
      },
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    )
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
          t('campaign.sum.limit', { limit: times.percent(settings.silentTarget) }),
          t('campaign.sum.attempts', { n: settings.attempts }),
          ...(hours.length === 0 ? [t('campaign.sum.noHours')] : [t('campaign.sum.hours', { hours: hours.join('; ') })]),
        ].join(' · ')}
      </p>
    </>
  )
}

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

function Kpis({ campaign: { live }, progress }: { campaign: Campaign; progress: CampaignProgress | undefined }) {
  const { t } = useText()
  const times = useTimes()
  const { crew, today } = live
  const doneAt = progress?.expected?.doneAt ?? null
  const share = today.placed === 0 ? null : today.answered / today.placed
  return (
    <dl className="card kpi">
      <Kpi
        name={t('kpi.agents')}
        value={times.count(thereOf(crew))}
        sub={t('kpi.agents.sub', { talking: crew.talking, wrapUp: crew.wrapUp, elsewhere: crew.elsewhere })}
      />
      <Kpi name={t('kpi.inTheAir')} value={times.count(live.inTheAir)} sub={t('kpi.inTheAir.sub', { n: live.waiting })} />
      <Kpi
        name={t('kpi.answered')}
        value={times.count(today.answered)}
        sub={
          share === null ? t('kpi.answered.none') : t('kpi.answered.sub', { share: times.percent(share), calls: times.count(today.placed) })
        }
      />
      <Kpi name={t('kpi.talking')} value={times.count(live.talking)} sub={t('kpi.talking.sub', { n: times.count(live.pace.perMinute) })} />
      <Kpi
        name={t('kpi.toAgent')}
        value={today.toAgentMs === null ? '–' : t('seconds', { n: (today.toAgentMs / 1000).toFixed(1) })}
        sub={t('kpi.toAgent.sub')}
      />
      <Kpi
        name={t('kpi.done')}
        value={doneAt === null ? '–' : times.shortDate(msOf(doneAt))}
        sub={doneAt === null ? t('kpi.done.unknown') : t('kpi.done.sub', { time: times.minute(msOf(doneAt)) })}
      />
    </dl>
  )
}

function SilentCard({ campaign: { live } }: { campaign: Campaign }) {
  const { t } = useText()
  const times = useTimes()
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
        <SilentChart
          silent={today.silent}
          allowed={allowedSilent(today.answered, silentTarget)}
          answered={today.answered}
          target={silentTarget}
        />
        <p className="s muted">{t('silent.rule')}</p>
      </div>
    </section>
  )
}

function ContactsCard({ progress }: { progress: CampaignProgress }) {
  const { t } = useText()
  const times = useTimes()
  const groups = groupsOf(progress)
  const share = (n: number): number => (progress.contacts === 0 ? 0 : n / progress.contacts)
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('campaign.contacts')}</h2>
        <span className="grow" />
        <b className="num s muted">{times.count(progress.contacts)}</b>
      </div>
      <div className="bd col g3">
        <div className="stack" aria-hidden="true">
          {CONTACT_GROUPS.map((group) => (
            <i key={group} className={`contact-${group}`} style={{ flexGrow: groups[group] }} />
          ))}
        </div>
        <ul className="stats">
          {CONTACT_GROUPS.map((group) => (
            <li key={group}>
              <i className={`swatch contact-${group}`} aria-hidden="true" />
              <span>{t(`contactGroup.${group}`)}</span>
              <b className="num">{times.count(groups[group])}</b>
              <span className="num faint">{times.percent(share(groups[group]))}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function TriesCard({ progress }: { progress: CampaignProgress }) {
  const { t } = useText()
  const times = useTimes()
  const tried = progress.byTries.slice(1)
  const most = Math.max(1, ...tried)
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('tries.title')}</h2>
      </div>
      <div className="bd col g2">
        {tried.length === 0 && <p className="muted s">{t('tries.none')}</p>}
        {tried.map((n, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is how often they were tried.
          <div key={index} className="row g3">
            <span className="s tries-name">{t('tries.n', { n: index + 1 })}</span>
            <span className="grow meter" aria-hidden="true">
              <i style={{ width: `${(100 * n) / most}%` }} />
            </span>
            <span className="num s tries-count">{times.count(n)}</span>
          </div>
        ))}
        <p className="s muted">{t('tries.sub')}</p>
      </div>
    </section>
  )
}

const OUTCOMES = ['connected', 'noAnswer', 'busy', 'rejected', 'notInUse', 'failed', 'withdrawn', 'silent'] as const

function OutcomesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useText()
  const times = useTimes()
  const { today } = campaign.live
  const rows = OUTCOMES.map((name) => [name, today[name]] as const)
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('outcomes.title')}</h2>
      </div>
      <div className="bd col g3">
        <ul className="stats no-swatch">
          {rows.map(([name, n]) => (
            <li key={name}>
              <span>{t(`outcomes.${name}`)}</span>
              <b className="num">{times.count(n)}</b>
              <span className="num faint">{today.placed === 0 ? '–' : times.percent(n / today.placed)}</span>
            </li>
          ))}
        </ul>
        <Link className="s" to="/archive" search={{ campaign: campaign.id }}>
          {t('outcomes.archive')}
        </Link>
      </div>
    </section>
  )
}

function Body({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { t } = useText()
  const progress = useQuery({
    queryKey: ['campaign', campaign.id, 'progress'],
    queryFn: () => campaignsApi.progress(campaign.id),
    refetchInterval: PROGRESS_EVERY_MS,
  })
  const { live } = campaign
  return (
    <>
      <Head campaign={campaign} onDone={onDone} />
      <Kpis campaign={campaign} progress={progress.data} />
      <p className="row g2 s card why-line" role="status">
        <Icon name={live.why === null ? 'check' : 'warn'} /> <WhyIdle live={live} />
        {live.state === 'running' && live.why === null && (
          <span className="muted">{t('pace.now', { mode: t(`mode.${live.pace.mode}`), calls: live.inTheAir, counted: live.counted })}</span>
        )}
      </p>
      <div className="campaign-grid">
        <section className="card span2">
          <div className="hd">
            <h2>{t('hours.title')}</h2>
          </div>
          <div className="bd">
            {progress.data !== undefined && <HoursChart hours={progress.data.hours} />}
            {progress.error !== null && <Trouble error={progress.error} retry={() => void progress.refetch()} />}
          </div>
        </section>
        {/* Where an agent is there first nobody gets a silent call. */}
        {campaign.settings.mode !== 'preview' && <SilentCard campaign={campaign} />}
        {progress.data !== undefined && <ContactsCard progress={progress.data} />}
        {progress.data !== undefined && <TriesCard progress={progress.data} />}
        <OutcomesCard campaign={campaign} />
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
