/** Campaigns, one a row. Under a heading with the id `campaigns-title`. */
import { Link } from '@tanstack/react-router'
import type { Campaign } from '#wire/campaigns.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { inOrder, thereOf } from '../state/campaigns.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { Silence, StateBadge, WhyIdle } from './words.tsx'

function Row({ campaign: { id, settings, live } }: { campaign: Campaign }) {
  const { t, word } = useText()
  const times = useTimes()
  return (
    <tr>
      <th scope="row">
        <Link to="/campaigns/$campaignId" params={{ campaignId: id }}>
          {settings.name}
        </Link>
      </th>
      <td className="standing">
        <StateBadge state={live.state} />
      </td>
      <td className="nowrap what">{word('mode', settings.mode)}</td>
      <td className="n num" data-label={t('campaigns.col.agents')}>
        {t('campaigns.agentsOf', { talking: live.crew.talking, there: thereOf(live.crew) })}
      </td>
      <td className="n num" data-label={t('campaigns.col.inTheAir')}>
        {times.count(live.inTheAir)}
      </td>
      <td className="n num" data-label={t('campaigns.col.placed')}>
        {times.count(live.today.placed)}
      </td>
      <td className="n num" data-label={t('campaigns.col.answered')}>
        {times.count(live.today.answered)}
      </td>
      <td className={settings.mode === 'preview' ? 'nowrap none' : 'nowrap'} data-label={t('campaigns.col.silent')}>
        {settings.mode === 'preview' ? <span className="faint">–</span> : <Silence today={live.today} target={live.silentTarget} />}
      </td>
      <td className="muted s what">
        <WhyIdle live={live} />
      </td>
    </tr>
  )
}

const COLUMNS = ['name', 'state', 'mode', 'agents', 'inTheAir', 'placed', 'answered', 'silent', 'why'] as const

export function CampaignTable({ campaigns }: { campaigns: readonly Campaign[] }) {
  return (
    <CardTable of="campaigns" labelledBy="campaigns-title" heads={COLUMNS} figures={['agents', 'inTheAir', 'placed', 'answered']}>
      {inOrder(campaigns).map((campaign) => (
        <Row key={campaign.id} campaign={campaign} />
      ))}
    </CardTable>
  )
}
