/** What is asked before something is done that cannot be taken back, or that starts calls. */
import { useState } from 'react'
import type { Campaign } from '#wire/campaigns.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { useOnce } from '../parts/once.ts'
import { useText, useTimes } from '../text/intl.tsx'

export function ReviveQuestion(props: { contacts: number; attempts: number; onAnswer: (revive: boolean) => void; onCancel: () => void }) {
  const { t } = useText()
  const times = useTimes()
  return (
    <Dialog title={t('revive.title')} onClose={props.onCancel}>
      <p>{t('revive.text', { n: times.count(props.contacts), attempts: props.attempts })}</p>
      <div className="row end wrap">
        <button type="button" className="btn lg" onClick={props.onCancel}>
          {t('cancel')}
        </button>
        <button type="button" className="btn lg" onClick={() => props.onAnswer(false)}>
          {t('revive.no')}
        </button>
        <button type="button" className="btn lg pri" onClick={() => props.onAnswer(true)}>
          {t('revive.yes')}
        </button>
      </div>
    </Dialog>
  )
}

export function RemoveCampaign({ campaign, onRemoved }: { campaign: Campaign; onRemoved: () => void }) {
  const { t } = useText()
  const [isAsking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const once = useOnce()
  const remove = (): void =>
    once(() =>
      campaignsApi
        .remove(campaign.id)
        .then(onRemoved, (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error))),
    )
  return (
    <>
      <button type="button" className="btn lg dan2" onClick={() => setAsking(true)}>
        {t('campaign.remove')}
      </button>
      {isAsking && (
        <Dialog title={t('campaign.remove.title', { name: campaign.settings.name })} onClose={() => setAsking(false)}>
          <p>{t('campaign.remove.text')}</p>
          {trouble !== null && (
            <p className="trouble" role="alert">
              {trouble}
            </p>
          )}
          <div className="row end">
            <button type="button" className="btn lg" onClick={() => setAsking(false)}>
              {t('cancel')}
            </button>
            <button type="button" className="btn lg dan" onClick={remove}>
              {t('campaign.remove')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
