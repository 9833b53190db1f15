/** What goes on now: alarms, queues, who waits, agents. Pushed, and it says how old it is. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Alarm } from '#wire/live.ts'
import { api } from '../api.ts'
import { CampaignTable } from '../campaigns/CampaignTable.tsx'
import { AgentTable } from '../parts/AgentTable.tsx'
import { useNow, useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice } from '../parts/Notice.tsx'
import { useOnce } from '../parts/once.ts'
import { QueueTile } from '../parts/QueueTile.tsx'
import { seesLive, useSession } from '../parts/session.tsx'
import { aboutOf, sumsOf } from '../state/board.ts'
import { msOf } from '../state/shown.ts'
import { usePicture } from '../state/store.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { WaitingTable } from './WaitingTable.tsx'

/** How long ago the server was last heard, in words. */
function Age({ status, heardAt }: { status: string; heardAt: number }) {
  const { t } = useText()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  if (status === 'waiting') return <span className="badge">{t('live.waitingForData')}</span>
  const seconds = Math.max(0, Math.floor((now - heardAt) / 1000))
  const isTrue = status === 'true'
  return (
    <span className={isTrue ? 'badge good' : 'badge warn'}>
      {isTrue ? <span className="dot live-dot small" /> : <Icon name="warn" size={11} />}
      <span className="num">{t(isTrue ? 'live.updated' : 'live.stale', { seconds })}</span>
    </span>
  )
}

function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  const { t, word } = useText()
  const times = useTimes()
  const [trouble, setTrouble] = useState<string | null>(null)
  const once = useOnce()
  if (alarms.length === 0) return null
  const failed = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error))
  const clear = (id: string): void => once(() => api.clearAlarm(id).then(() => setTrouble(null), failed), id)
  return (
    <section className="alarms" role="alert" aria-label={t('live.alarms')}>
      {alarms.map((alarm) => (
        <div key={alarm.id} className="alarm">
          <Icon name="warn" size={16} />
          <b>{word('alarm', alarm.alarm)}</b>
          <span className="s">{aboutOf(alarm, (position) => t('alarm.kept', { position }))}</span>
          <span className="num s">{t('alarm.since', { time: times.clock(msOf(alarm.raisedAt)) })}</span>
          <span className="grow" />
          {alarm.callId !== undefined && (
            <Link to="/archive/$callId" params={{ callId: alarm.callId }}>
              {t('alarm.call')}
            </Link>
          )}
          <button type="button" className="btn" onClick={() => clear(alarm.id)}>
            {t('alarm.seen')}
          </button>
        </div>
      ))}
      {trouble !== null && <p className="trouble">{trouble}</p>}
    </section>
  )
}

function useWall(): [boolean, () => void] {
  const [wall, setWall] = useState(false)
  useEffect(() => {
    document.documentElement.classList.toggle('wall', wall)
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setWall(false)
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      document.documentElement.classList.remove('wall')
    }
  }, [wall])
  return [wall, () => setWall(!wall)]
}

export function LivePage() {
  const { t } = useText()
  const session = useSession()
  const picture = usePicture()
  const now = useNow(1000)
  const [wall, toggleWall] = useWall()
  useTitle(t('live.title'))
  if (!seesLive(session)) {
    return (
      <Notice
        alone
        action={
          <Link className="btn" to="/archive">
            {t('state.forbidden.action')}
          </Link>
        }
      >
        {t('state.forbidden')}
      </Notice>
    )
  }
  return (
    <>
      <div className="row g3 wrap page-head">
        <h1>{t('live.title')}</h1>
        <Age status={picture.status} heardAt={picture.heardAt} />
        <span className="grow" />
        {picture.status !== 'waiting' && <span className="muted s num">{t('live.sum', { ...sumsFor(picture) })}</span>}
        <button type="button" className="btn wide-button" aria-pressed={wall} onClick={toggleWall}>
          <Icon name="wall" />
          {t(wall ? 'live.wall.leave' : 'live.wall')}
        </button>
      </div>
      {picture.status === 'waiting' ? (
        <section className="card">
          <Notice busy>{t('state.loading')}</Notice>
        </section>
      ) : (
        <>
          <Alarms alarms={picture.alarms} />
          {picture.queues.length === 0 ? (
            <section className="card">
              <Notice>{t('live.noQueues')}</Notice>
            </section>
          ) : (
            <section className="tiles" aria-label={t('live.queues')}>
              {picture.queues.map((queue) => (
                <QueueTile key={queue.id} queue={queue} now={now} />
              ))}
            </section>
          )}
          {picture.campaigns.length > 0 && (
            <section className="live-campaigns">
              <h2 id="campaigns-title">{t('campaigns.title')}</h2>
              <CampaignTable campaigns={picture.campaigns} />
            </section>
          )}
          <div className="live-two">
            <WaitingTable queues={picture.queues} now={now} />
            <AgentTable agents={picture.agents} campaigns={picture.campaigns} now={now} />
          </div>
        </>
      )}
    </>
  )
}

const sumsFor = (picture: ReturnType<typeof usePicture>) => {
  const { line, callbacks, loggedOn } = sumsOf(picture.queues, picture.agents)
  return { line, callbacks, agents: loggedOn }
}
