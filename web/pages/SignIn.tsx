/** Who are you: by name and password, or, in the demonstration, by one click. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Session } from '#wire/session.ts'
import { api } from '../api.ts'
import { useTitle } from '../parts/hooks.ts'
import { Logo } from '../parts/Icon.tsx'
import { LanguageChoice, ThemeButton } from '../parts/Shell.tsx'
import { initials } from '../parts/session.tsx'
import { useText } from '../text/intl.tsx'

/** Why the provider's sign-in did not work, as the server has led the browser back here with its code. */
const refusedBefore = (): string | null => new URLSearchParams(window.location.search).get('refused')

const REFUSED = ['answer', 'denied', 'noRole', 'noUser', 'none', 'otherUser', 'state', 'strength', 'unavailable'] as const
function refusedText(t: ReturnType<typeof useText>['t'], code: string | null): string | null {
  const known = REFUSED.find((one) => code === `oidc.${one}`)
  return known === undefined ? null : t(`oidc.${known}`)
}

function ProviderLink() {
  const { t } = useText()
  const provider = useQuery({ queryKey: ['provider'], queryFn: api.signInProvider, retry: false })
  const found = provider.data?.provider
  if (found == null) return null
  return (
    <>
      <a className="btn lg" href={found.url}>
        {t('signIn.with', { name: found.name })}
      </a>
      <p className="or faint s">{t('signIn.or')}</p>
    </>
  )
}

export function SignIn() {
  const { t } = useText()
  const client = useQueryClient()
  const demo = useQuery({ queryKey: ['demo'], queryFn: api.demoUsers, retry: false })
  const [trouble, setTrouble] = useState<string | null>(refusedText(t, refusedBefore()))
  const [busy, setBusy] = useState(false)
  useTitle(t('signIn.title'))
  const enter = async (asking: Promise<Session>) => {
    setBusy(true)
    setTrouble(null)
    try {
      client.setQueryData(['session'], await asking)
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter(api.signIn(String(form.get('user')), String(form.get('password'))))
  }
  const users = demo.data ?? []
  return (
    <div className="sign-in">
      <header className="row g2">
        <span className="logo">
          <Logo />
          Samtal
        </span>
        <span className="grow" />
        <LanguageChoice />
        <ThemeButton />
      </header>
      <main className="card">
        <h1>{t('signIn.title')}</h1>
        {users.length > 0 && (
          <section aria-labelledby="demo">
            <h2 id="demo">{t('signIn.demo')}</h2>
            <p className="muted s">{t('signIn.demo.sub')}</p>
            <div className="demo-users">
              {users.map((user) => (
                <button
                  type="button"
                  className="person"
                  key={user.user}
                  disabled={busy}
                  onClick={() => void enter(api.signInDemo(user.user))}
                >
                  <span className="ava">{initials(user.name)}</span>
                  <span className="col">
                    <b>{user.name}</b>
                    <span className="faint s">{t(`role.${user.role}`)}</span>
                  </span>
                </button>
              ))}
            </div>
            <p className="or faint s">{t('signIn.or')}</p>
          </section>
        )}
        <ProviderLink />
        <form className="col g3" onSubmit={onSubmit}>
          <label>
            {t('signIn.user')}
            <input className="input" name="user" autoComplete="username" required maxLength={100} />
          </label>
          <label>
            {t('signIn.password')}
            <input className="input" name="password" type="password" autoComplete="current-password" required maxLength={500} />
          </label>
          {trouble !== null && (
            <p className="trouble" role="alert">
              {trouble}
            </p>
          )}
          <button type="submit" className="btn pri lg" disabled={busy}>
            {t('signIn.do')}
          </button>
        </form>
      </main>
    </div>
  )
}
