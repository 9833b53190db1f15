/** Empty, loading, error and no-permission: the same card with one sentence and one action. */
import type { ReactNode } from 'react'
import { Refused } from '../api.ts'
import { useText } from '../text/intl.tsx'

interface NoticeProps {
  children: ReactNode
  action?: ReactNode
  busy?: boolean
  alone?: boolean
}

/** `alone`: it is all there is on the page, so its sentence is the page's heading. */
export function Notice({ children, action, busy = false, alone = false }: NoticeProps) {
  const Sentence = alone ? 'h1' : 'p'
  return (
    <div className="notice" role={busy ? 'status' : undefined} aria-busy={busy}>
      {busy && <span className="notice-bar" aria-hidden="true" />}
      <Sentence>{children}</Sentence>
      {action}
    </div>
  )
}

/** What went wrong, in words, with a way on. */
export function Trouble({
  error,
  retry,
  notFound,
  alone = false,
}: {
  error: Error
  retry: () => void
  notFound?: string
  alone?: boolean
}) {
  const { t } = useText()
  const status = error instanceof Refused ? error.status : -1
  if (status === 404 && notFound !== undefined) return <Notice alone={alone}>{notFound}</Notice>
  if (status === 403) return <Notice alone={alone}>{t('state.forbidden')}</Notice>
  return (
    <Notice
      alone={alone}
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
