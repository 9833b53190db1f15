/** Empty, loading, error and no-permission: the same card with one sentence and one action. */
import type { ReactNode } from 'react'
import { Refused } from '../api.ts'
import { useText } from '../text/intl.tsx'

export function Notice({ children, action, busy = false }: { children: ReactNode; action?: ReactNode; busy?: boolean }) {
  return (
    <div className="notice" role={busy ? 'status' : undefined} aria-busy={busy}>
      {busy && <span className="notice-bar" aria-hidden="true" />}
      <p>{children}</p>
      {action}
    </div>
  )
}

/** What went wrong, in words, with a way on. */
export function Trouble({ error, retry, notFound }: { error: Error; retry: () => void; notFound?: string }) {
  const { t } = useText()
  const status = error instanceof Refused ? error.status : -1
  if (status === 404 && notFound !== undefined) return <Notice>{notFound}</Notice>
  if (status === 403) return <Notice>{t('state.forbidden')}</Notice>
  return (
    <Notice
      action={
        <button type="button" className="btn" onClick={retry}>
          {t('state.retry')}
        </button>
      }
    >
      {status === 0 ? t('error.offline') : `${t('state.error')} ${error.message}`}
    </Notice>
  )
}
