/** A campaign's settings, of a new one or a known one. What the server would not take is said beside the field. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { Campaign, CampaignSettings, Campaigns } from '#wire/campaigns.ts'
import { SettingsForm } from '../campaigns/SettingsForm.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useIsHere } from '../parts/once.ts'
import { managesCampaigns, useSession } from '../parts/session.tsx'
import { useText } from '../text/intl.tsx'

/** Working days and hours where nobody has said any. */
const OFFICE: CampaignSettings['hours'] = {
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['09:00-12:00', '13:00-20:00']])),
  holidays: {},
}

const newOne = (defaults: Campaigns['defaults']): CampaignSettings => ({
  ...defaults,
  hours: Object.keys(defaults.hours.days).length === 0 ? OFFICE : defaults.hours,
  name: '',
  mode: 'preview',
})

export function CampaignSettingsPage() {
  const { t } = useText()
  const { campaignId } = useParams({ strict: false })
  const navigate = useNavigate()
  const isHere = useIsHere()
  const client = useQueryClient()
  const all = useQuery({ queryKey: ['campaigns'], queryFn: campaignsApi.list })
  const session = useSession()
  useTitle(t(campaignId === undefined ? 'campaigns.new' : 'campaign.settings'))
  if (!managesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  if (all.error !== null) return <Trouble alone error={all.error} retry={() => void all.refetch()} />
  if (all.data === undefined)
    return (
      <Notice busy alone>
        {t('state.loading')}
      </Notice>
    )
  const known = campaignId === undefined ? null : (all.data.items.find(({ id }) => id === campaignId) ?? null)
  if (campaignId !== undefined && known === null) return <Notice alone>{t('campaign.notFound')}</Notice>
  const saved = (campaign: Campaign): void => {
    void client.invalidateQueries({ queryKey: ['campaigns'] })
    void client.invalidateQueries({ queryKey: ['campaign', campaign.id] })
    if (isHere()) void navigate({ to: '/campaigns/$campaignId', params: { campaignId: campaign.id } })
  }
  const removed = (): void => {
    void client.invalidateQueries({ queryKey: ['campaigns'] })
    if (isHere()) void navigate({ to: '/campaigns' })
  }
  const back = known === null ? { to: '/campaigns' as const } : { to: '/campaigns/$campaignId' as const, params: { campaignId: known.id } }
  return (
    <>
      <Link className="row g1 s" {...back}>
        <Icon name="back" /> {known?.settings.name ?? t('campaigns.title')}
      </Link>
      <h1 className="page-head">{t(known === null ? 'campaigns.new' : 'campaign.settings')}</h1>
      <SettingsForm
        key={known?.id ?? ''}
        campaign={known}
        first={known?.settings ?? newOne(all.data.defaults)}
        skills={all.data.skills}
        onSaved={saved}
        onRemoved={removed}
      />
    </>
  )
}
