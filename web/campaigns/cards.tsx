/** A campaign's contacts, its tries, its calls of today, and what its agents' time went to: each a card of figures. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Campaign, CampaignProgress } from '#wire/campaigns.ts'
import { CONTACT_GROUPS, groupsOf, WORK_KINDS, type Work, workOf } from '../state/campaigns.ts'
import { clockLike } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <div className="hd">
        <h2>{title}</h2>
        <span className="grow" />
        {aside}
      </div>
      <div className="bd col g3">{children}</div>
    </section>
  )
}

export function ContactsCard({ progress }: { progress: CampaignProgress }) {
  const { t } = useText()
  const times = useTimes()
  const groups = groupsOf(progress)
  const share = (n: number): number => (progress.contacts === 0 ? 0 : n / progress.contacts)
  return (
    <Card title={t('campaign.contacts')} aside={<b className="num s muted">{times.count(progress.contacts)}</b>}>
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
    </Card>
  )
}

export function TriesCard({ progress: { byTry } }: { progress: CampaignProgress }) {
  const { t } = useText()
  const times = useTimes()
  const most = Math.max(1, ...byTry.map(({ answered, not }) => answered + not))
  const wide = (n: number): string => `${(100 * n) / most}%`
  const legend = (
    <ul className="legend in-head">
      <li>
        <i className="swatch bar-reached" aria-hidden="true" /> {t('tries.answered')}
      </li>
      <li>
        <i className="swatch bar-calls" aria-hidden="true" /> {t('tries.not')}
      </li>
    </ul>
  )
  return (
    <Card title={t('tries.title')} aside={byTry.length > 0 && legend}>
      {byTry.length === 0 && <p className="muted s">{t('tries.none')}</p>}
      <ul className="tries">
        {byTry.map(({ answered, not }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is which try it was.
          <li key={index} className="row g3" title={t('tries.of', { answered: times.count(answered), not: times.count(not) })}>
            <span className="s tries-name">{t('tries.n', { n: index + 1 })}</span>
            <span className="grow meter" aria-hidden="true">
              <i className="bar-reached" style={{ width: wide(answered) }} />
              <i className="bar-calls" style={{ width: wide(not) }} />
            </span>
            <span className="num s tries-share faint">{answered + not === 0 ? '–' : times.percent(answered / (answered + not))}</span>
            <span className="num s tries-count">
              {times.count(answered + not)}
              <span className="vh">. {t('tries.of', { answered: times.count(answered), not: times.count(not) })}</span>
            </span>
          </li>
        ))}
      </ul>
      {byTry.length > 0 && <p className="s muted">{t('tries.sub')}</p>}
    </Card>
  )
}

const OUTCOMES = ['connected', 'noAnswer', 'busy', 'rejected', 'notInUse', 'failed', 'withdrawn', 'silent'] as const

export function OutcomesCard({ campaign: { id, live } }: { campaign: Campaign }) {
  const { t } = useText()
  const times = useTimes()
  const { today } = live
  return (
    <Card title={t('outcomes.title')}>
      <ul className="stats no-swatch">
        {OUTCOMES.filter((name) => name !== 'silent' || live.mode !== 'preview').map((name) => (
          <li key={name}>
            <span>{t(`outcomes.${name}`)}</span>
            <b className="num">{times.count(today[name])}</b>
            <span className="num faint">{today.placed === 0 ? '–' : times.percent(today[name] / today.placed)}</span>
          </li>
        ))}
      </ul>
      <Link className="s" to="/archive" search={{ campaign: id }}>
        {t('outcomes.archive')}
      </Link>
    </Card>
  )
}

/** How long it took until an agent was there: with the contact on the line, or with the card. */
function Waits({ live }: { live: Campaign['live'] }) {
  const { t } = useText()
  const times = useTimes()
  const { work, today, mode } = live
  const seconds = (ms: number | null): string => (ms === null ? '–' : t('seconds', { n: times.count(Math.round(ms / 100) / 10) }))
  const idle = work.idleBetween
  const rows: readonly (readonly [string, string])[] = [
    [t('work.idleBetween'), idle === null ? '–' : clockLike(Math.round(idle.meanMs / 1000))],
    ...(mode === 'preview' ? [] : [[t('work.toAgent'), seconds(today.toAgentMs)] as const]),
    ...(work.cardWaitMs === null && mode !== 'preview' ? [] : [[t('work.cardWait'), seconds(work.cardWaitMs)] as const]),
    ...(mode === 'predictive' || mode === 'power'
      ? [[t('work.held'), t('minutes', { n: Math.round(work.heldMs / 60_000) })] as const]
      : []),
  ]
  return (
    <dl className="waits">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function WorkCard({ campaign: { live } }: { campaign: Campaign }) {
  const { t } = useText()
  const times = useTimes()
  const work: Work = workOf(live.work)
  const whole = WORK_KINDS.reduce((sum, kind) => sum + work[kind], 0)
  return (
    <Card title={t('work.title')} aside={whole > 0 && <b className="num s muted">{hoursLike(whole)}</b>}>
      {whole === 0 && <p className="muted s">{t('work.none')}</p>}
      {whole > 0 && (
        <>
          <div className="stack" aria-hidden="true">
            {WORK_KINDS.map((kind) => (
              <i key={kind} className={`work-${kind}`} style={{ flexGrow: work[kind] }} />
            ))}
          </div>
          <ul className="stats">
            {WORK_KINDS.map((kind) => (
              <li key={kind}>
                <i className={`swatch work-${kind}`} aria-hidden="true" />
                <span>{t(`work.${kind}`)}</span>
                <b className="num">{hoursLike(work[kind])}</b>
                <span className="num faint">{times.percent(work[kind] / whole)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Waits live={live} />
    </Card>
  )
}

/** `27:12` h: hours and minutes of all agents together. */
const hoursLike = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`
}
