/** "What would this campaign do with 30 agents?": a shift played through the real engine, on the server, beside the calls that go on. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { PaceAsked, PaceTable } from '#wire/campaigns.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice } from '../parts/Notice.tsx'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { seesCampaigns, useSession } from '../parts/session.tsx'
import { clockLike } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

const FIRST = {
  campaign: '',
  mode: 'predictive',
  agents: '30',
  answer: '30',
  hours: '4',
  talk: '180',
  wrapUp: '20',
  target: '3',
  compare: true,
}
type Draft = typeof FIRST

const askedOf = (draft: Draft): PaceAsked => ({
  ...(draft.campaign !== '' && { campaignId: draft.campaign }),
  mode: draft.mode as NonNullable<PaceAsked['mode']>,
  agents: Number(draft.agents),
  answerRate: Number(draft.answer) / 100,
  hours: Number(draft.hours),
  talkSeconds: Number(draft.talk),
  wrapUpSeconds: Number(draft.wrapUp),
  silentTarget: Number(draft.target) / 100,
  compare: draft.compare,
})

const COLUMNS = ['mode', 'calls', 'answered', 'silent', 'worst', 'talk', 'busy', 'idle'] as const

function Table({ table }: { table: PaceTable }) {
  const { t } = useText()
  const times = useTimes()
  return (
    <ScrollCard labelledBy="pace-title">
      <table className="campaigns">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={column === 'mode' ? undefined : 'n'}>
                {t(`pace.col.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.mode}>
              <th scope="row">{t(`mode.${row.mode}`)}</th>
              <td className="n num">{times.count(row.calls)}</td>
              <td className="n num">{times.count(row.answered)}</td>
              <td className="n num">{t('pace.silentOf', { rate: times.percent(row.silentRate), n: times.count(row.silent) })}</td>
              <td className="n num">{times.percent(row.worstRate)}</td>
              <td className="n num">{times.percent(row.talkShare)}</td>
              <td className="n num">
                <b>{times.percent(row.busyShare)}</b>
              </td>
              <td className="n num">{clockLike(Math.round(row.idleMsPerCall / 1000))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="foot muted s">{t('pace.foot', { hours: table.hours, agents: table.agents, seed: table.seed })}</p>
    </ScrollCard>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label>
      {name}
      {children}
    </label>
  )
}

export function PacePage() {
  const { t } = useText()
  const session = useSession()
  const [draft, setDraft] = useState(FIRST)
  const campaigns = useQuery({ queryKey: ['campaigns'], queryFn: campaignsApi.list })
  const played = useMutation({ mutationFn: campaignsApi.pace })
  useTitle(t('pace.title'))
  if (!seesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const number = (of: 'agents' | 'answer' | 'hours' | 'talk' | 'wrapUp' | 'target', min: number, max: number, step = 1) => (
    <Row name={t(`pace.${of}`)}>
      <input
        className="input num"
        type="number"
        required
        min={min}
        max={max}
        step={step}
        value={draft[of]}
        onChange={(event) => set({ [of]: event.target.value })}
      />
    </Row>
  )
  const play = (event: FormEvent): void => {
    event.preventDefault()
    played.mutate(askedOf(draft))
  }
  return (
    <>
      <Link className="row g1 s" to="/campaigns">
        <Icon name="back" /> {t('campaigns.title')}
      </Link>
      <div className="page-head">
        <h1 id="pace-title">{t('pace.title')}</h1>
        <p className="muted s">{t('pace.sub')}</p>
      </div>
      <form className="card bd pace-form" onSubmit={play}>
        <Row name={t('pace.campaign')}>
          <select className="input" value={draft.campaign} onChange={(event) => set({ campaign: event.target.value })}>
            <option value="">{t('pace.campaign.none')}</option>
            {campaigns.data?.items.map(({ id, settings }) => (
              <option key={id} value={id}>
                {settings.name}
              </option>
            ))}
          </select>
        </Row>
        <Row name={t('settings.mode')}>
          <select className="input" value={draft.mode} disabled={draft.compare} onChange={(event) => set({ mode: event.target.value })}>
            {(['progressive', 'power', 'predictive'] as const).map((mode) => (
              <option key={mode} value={mode}>
                {t(`mode.${mode}`)}
              </option>
            ))}
          </select>
        </Row>
        {number('agents', 1, 300)}
        {number('answer', 1, 100)}
        {number('hours', 0.25, 8, 0.25)}
        {number('talk', 5, 3600)}
        {number('wrapUp', 0, 3600)}
        {number('target', 0.1, 10, 0.1)}
        <label className="row g2 check">
          <input type="checkbox" checked={draft.compare} onChange={(event) => set({ compare: event.target.checked })} />
          {t('pace.compare')}
        </label>
        <button type="submit" className="btn lg pri" disabled={played.isPending}>
          {t('pace.do')}
        </button>
      </form>
      {played.isPending && <Notice busy>{t('pace.playing')}</Notice>}
      {played.error !== null && (
        <p className="trouble" role="alert">
          {played.error.message}
        </p>
      )}
      {played.data !== undefined && !played.isPending && <Table table={played.data} />}
    </>
  )
}
