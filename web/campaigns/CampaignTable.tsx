/** Campaigns, one a row. Under a heading with the id `campaigns-title`. */
import { Link } from '@tanstack/react-router'
import type { Campaign } from '#wire/campaigns.ts'
import { ScrollCard } from '../parts/ScrollCard.tsx'
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
      <td>
        <StateBadge state={live.state} />
      </td>
      <td className="nowrap">{word('mode', settings.mode)}</td>
      <td className="n num">{t('campaigns.agentsOf', { talking: live.crew.talking, there: thereOf(live.crew) })}</td>
      <td className="n num">{times.count(live.inTheAir)}</td>
      <td className="n num">{times.count(live.today.placed)}</td>
      <td className="n num">{times.count(live.today.answered)}</td>
      <td className="nowrap">
        {settings.mode === 'preview' ? <span className="faint">–</span> : <Silence today={live.today} target={live.silentTarget} />}
      </td>
      <td className="muted s">
        <WhyIdle live={live} />
      </td>
    </tr>
  )
}

const COLUMNS = ['name', 'state', 'mode', 'agents', 'inTheAir', 'placed', 'answered', 'silent', 'why'] as const
const NUMBERS: readonly string[] = ['agents', 'inTheAir', 'placed', 'answered']

export function CampaignTable({ campaigns }: { campaigns: readonly Campaign[] }) {
  const { t } = useText()
  return (
    <ScrollCard labelledBy="campaigns-title">
      <table className="campaigns">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={NUMBERS.includes(column) ? 'n' : undefined}>
                {t(`campaigns.col.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inOrder(campaigns).map((campaign) => (
            <Row key={campaign.id} campaign={campaign} />
          ))}
        </tbody>
      </table>
    </ScrollCard>
  )
}
