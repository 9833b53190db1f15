/** One's own account: another password, and where one is signed in. Alone on the page where a password has to be chosen first. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Session } from '#wire/session.ts'
import { sentenceOf } from '../admin/Head.tsx'
import { api } from '../api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useOnce } from '../parts/once.ts'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

function PasswordForm({ onChanged }: { onChanged: () => void }) {
  const { t } = useText()
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const [current = '', next = '', again = ''] = ['current', 'next', 'again'].map((name) => String(new FormData(form).get(name)))
    if (next !== again) {
      setWrong(t('account.differ'))
      return
    }
    setBusy(true)
    api
      .changePassword(current, next)
      .then(
        () => {
          form.reset()
          setWrong(null)
          onChanged()
        },
        (error: unknown) => setWrong(sentenceOf(error)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <form className="card bd col g3 admin-form account" onSubmit={onSubmit}>
      <h2>{t('account.password')}</h2>
      <p className="muted s">{t('account.password.text')}</p>
      <label>
        {t('account.current')}
        <input className="input" name="current" type="password" autoComplete="current-password" required maxLength={500} />
      </label>
      <label>
        {t('account.next')}
        <input className="input" name="next" type="password" autoComplete="new-password" required minLength={12} maxLength={500} />
      </label>
      <label>
        {t('account.again')}
        <input className="input" name="again" type="password" autoComplete="new-password" required maxLength={500} />
      </label>
      {wrong !== null && (
        <p className="trouble" role="alert">
          {wrong}
        </p>
      )}
      <div className="row">
        <button type="submit" className="btn lg pri" disabled={busy}>
          {t('account.change')}
        </button>
      </div>
    </form>
  )
}

function Sessions({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useText()
  const times = useTimes()
  const client = useQueryClient()
  const found = useQuery({ queryKey: ['ownSessions'], queryFn: api.ownSessions })
  const [wrong, setWrong] = useState<string | null>(null)
  const once = useOnce()
  const ended = ({ ended: count }: { readonly ended: number }): void => {
    setWrong(null)
    onDone(t('account.sessions.done', { count, n: times.count(count) }))
    void client.invalidateQueries({ queryKey: ['ownSessions'] })
  }
  const end = (): void => once(() => api.signOutElsewhere().then(ended, (error: unknown) => setWrong(sentenceOf(error))))
  const when = (at: string): string => `${times.shortDate(msOf(at))} ${times.minute(msOf(at))}`
  const items = found.data?.items ?? []
  return (
    <section className="card bd col g3 account">
      <h2>{t('account.sessions')}</h2>
      {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
      <ul className="sessions">
        {items.map((session) => (
          <li key={session.id}>
            <b>{t(session.current ? 'account.sessions.here' : 'account.sessions.elsewhere')}</b>
            <span className="muted s">{t('account.sessions.times', { since: when(session.createdAt), seen: when(session.seenAt) })}</span>
          </li>
        ))}
      </ul>
      {wrong !== null && (
        <p className="trouble" role="alert">
          {wrong}
        </p>
      )}
      <div className="row">
        <button type="button" className="btn lg" disabled={items.length < 2} onClick={end}>
          {t('account.sessions.end')}
        </button>
      </div>
    </section>
  )
}

export function AccountPage() {
  const { t } = useText()
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  useTitle(t('account.title'))
  const changed = (): void => {
    setSaid(t('account.changed'))
    void client.invalidateQueries({ queryKey: ['ownSessions'] })
  }
  return (
    <>
      <div className="row g3 wrap page-head">
        <h1 className="grow">{t('account.title')}</h1>
        <span className="said" role="status">
          {said}
        </span>
      </div>
      <div className="account-two">
        <PasswordForm onChanged={changed} />
        <Sessions onDone={setSaid} />
      </div>
    </>
  )
}

/** Before anything else, for whoever signed in with a password that somebody else has seen. */
export function FirstPassword({ session }: { session: Session }) {
  const { t } = useText()
  const client = useQueryClient()
  useTitle(t('account.first'))
  return (
    <main className="alone first-password">
      <Notice alone>{t('account.first')}</Notice>
      <p className="muted">{t('account.first.text', { name: session.name })}</p>
      <PasswordForm onChanged={() => void client.invalidateQueries({ queryKey: ['session'] })} />
    </main>
  )
}
