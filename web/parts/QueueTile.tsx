import type { Queue } from '#wire/live.ts'
import { type Group, tileOf } from '../state/board.ts'
import { clockLike } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { Icon } from './Icon.tsx'

function Big({ name, value, sub }: { name: string; value: string; sub?: string }) {
  return (
    <div>
      <dt className="lbl">{name}</dt>
      <dd>
        {value}
        {sub !== undefined && <span className="s muted"> {sub}</span>}
      </dd>
    </div>
  )
}

/** One queue: who waits, how long, what was promised, who serves it. A breached promise is an amber edge, an icon and words. */
export function QueueTile({ queue, now }: { queue: Queue; now: number }) {
  const { t } = useText()
  const times = useTimes()
  const tile = tileOf(queue, now)
  const of = (group: Group, n: number) => t(`agentsBy.${group}`, { n })
  return (
    <section className={tile.isLate ? 'card tile hot' : 'card tile'} aria-label={queue.name}>
      <div className="row g2">
        <h2>{queue.name}</h2>
        <span className="grow" />
        {!queue.open && <span className="badge">{t('tile.closed')}</span>}
        {tile.isLate && (
          <span className="badge warn">
            <Icon name="warn" size={11} />
            {t('tile.over', { time: clockLike(tile.slaSeconds) })}
          </span>
        )}
      </div>
      <dl className="big">
        <Big name={t('tile.waiting')} value={String(queue.waiting)} />
        <Big name={t('tile.longest')} value={tile.longest === null ? '–' : clockLike(tile.longest)} />
        <Big
          name={t('tile.callbacks')}
          value={String(queue.callbacks)}
          {...(queue.callbacksPaused > 0 ? { sub: t('tile.paused', { n: queue.callbacksPaused }) } : {})}
        />
      </dl>
      <p className="row s g4 muted">
        <span>
          {t('tile.within', { seconds: tile.slaSeconds })}{' '}
          <b>{queue.today.serviceLevel === null ? '–' : times.percent(queue.today.serviceLevel)}</b>
        </span>
        <span>
          {t('tile.abandoned')} <b>{tile.abandoned === null ? '–' : times.percent(tile.abandoned)}</b>
        </span>
      </p>
      <div className="crew" aria-hidden="true">
        {tile.groups.map(({ group, n }) => (
          <i key={group} className={`crew-${group}`} style={{ flexGrow: n }} />
        ))}
      </div>
      <p className="s muted">
        {tile.groups.length === 0 ? t('tile.noAgents') : tile.groups.map(({ group, n }) => of(group, n)).join(', ')}
      </p>
      <p className="xs faint">
        {t('tile.today', { offered: queue.today.offered, answered: queue.today.answered, callbacks: queue.today.callbacksOrdered })}
      </p>
    </section>
  )
}
