/** Sets an agent free who is stuck in a call. One who talks with somebody is not stuck: the server says so, and it is asked whether to end that talk. */
import { useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { api, Refused } from '../api.ts'
import { useText } from '../text/intl.tsx'
import { Dialog } from './Dialog.tsx'
import { useOnce } from './once.ts'

export function ReleaseAgent({ agent }: { agent: Agent }) {
  const { t } = useText()
  const [isAsking, setAsking] = useState<'stuck' | 'talking' | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const once = useOnce()
  const close = (): void => {
    setAsking(null)
    setTrouble(null)
  }
  const release = (evenTalking: boolean): void =>
    once(() =>
      api.releaseAgent(agent.id, evenTalking).then(close, (error: unknown) => {
        // Not asked again of whoever has cancelled meanwhile.
        if (error instanceof Refused && error.code === 'agent.talking') setAsking((asking) => asking && 'talking')
        else setTrouble(error instanceof Error ? error.message : String(error))
      }),
    )
  const talking = isAsking === 'talking'
  return (
    <>
      <button type="button" className="btn" aria-label={t('release.of', { name: agent.name })} onClick={() => setAsking('stuck')}>
        {t('release')}
      </button>
      {isAsking !== null && (
        <Dialog title={t('release.title', { name: agent.name })} onClose={close}>
          <p>{t(talking ? 'release.talking' : 'release.text')}</p>
          {trouble !== null && (
            <p className="trouble" role="alert">
              {trouble}
            </p>
          )}
          <div className="row end">
            <button type="button" className="btn lg" onClick={close}>
              {t('cancel')}
            </button>
            <button type="button" className={`btn lg ${talking ? 'dan' : 'pri'}`} onClick={() => release(talking)}>
              {t(talking ? 'release.end' : 'release')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
