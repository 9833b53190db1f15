/** All campaigns: which dial, how they stand against their limit, and why one does not. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CampaignTable } from '../campaigns/CampaignTable.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { managesCampaigns, seesCampaigns, useSession } from '../parts/session.tsx'
import { told } from '../state/campaigns.ts'
import { usePictureOf } from '../state/store.ts'
import { useText } from '../text/intl.tsx'

function List({ mayChange }: { mayChange: boolean }) {
  const { t } = useText()
  const found = useQuery({ queryKey: ['campaigns'], queryFn: campaignsApi.list })
  const stream = usePictureOf((picture) => picture.campaigns)
  if (found.error !== null) return <Trouble error={found.error} retry={() => void found.refetch()} />
  if (found.data === undefined) return <Notice busy>{t('state.loading')}</Notice>
  const campaigns = found.data.items.map((campaign) => told(campaign, stream))
  if (campaigns.length > 0) return <CampaignTable campaigns={campaigns} />
  return (
    <section className="card">
      <Notice
        action={
          mayChange && (
            <Link className="btn" to="/campaigns/new">
              {t('campaigns.new')}
            </Link>
          )
        }
      >
        {t('campaigns.none')}
      </Notice>
    </section>
  )
}

export function CampaignsPage() {
  const { t } = useText()
  const session = useSession()
  const navigate = useNavigate()
  useTitle(t('campaigns.title'))
  if (!seesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  const mayChange = managesCampaigns(session)
  return (
    <>
      <div className="row wrap page-head">
        <div className="grow">
          <h1 id="campaigns-title">{t('campaigns.title')}</h1>
          <p className="muted s">{t('campaigns.sub')}</p>
        </div>
        <Link className="btn tall" to="/do-not-call">
          <Icon name="barred" /> {t('doNotCall.title')}
        </Link>
        <Link className="btn tall" to="/campaigns/pace">
          {t('pace.title')}
        </Link>
        {mayChange && (
          <button type="button" className="btn tall pri" onClick={() => void navigate({ to: '/campaigns/new' })}>
            <Icon name="plus" /> {t('campaigns.new')}
          </button>
        )}
      </div>
      <List mayChange={mayChange} />
    </>
  )
}
