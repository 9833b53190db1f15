/** What stands around every page: where you are, where you can go, the zone, the language, light or dark, who you are. */
import { useQueryClient } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import type { Session } from '#wire/session.ts'
import { api } from '../api.ts'
import { Patterns } from '../picture/Patterns.tsx'
import { usePictureOf } from '../state/store.ts'
import { LANGUAGES, type Language, useLanguage, useText } from '../text/intl.tsx'
import { Icon, Logo } from './Icon.tsx'
import { Popup } from './Popup.tsx'
import { administrates, hasDesk, initials, seesCampaigns, seesLive, useSession } from './session.tsx'

const THEME = 'samtal.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
const themeListeners = new Set<() => void>()
const setTheme = (theme: 'light' | 'dark'): void => {
  localStorage.setItem(THEME, theme)
  document.documentElement.dataset['theme'] = theme
  for (const listener of themeListeners) listener()
}
const stored = localStorage.getItem(THEME)
if (stored === 'light' || stored === 'dark') document.documentElement.dataset['theme'] = stored

const useIsDark = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      themeListeners.add(listener)
      systemDark.addEventListener('change', listener)
      return () => {
        themeListeners.delete(listener)
        systemDark.removeEventListener('change', listener)
      }
    },
    () => (document.documentElement.dataset['theme'] ?? (systemDark.matches ? 'dark' : 'light')) === 'dark',
  )

export function ThemeButton() {
  const { t } = useText()
  const isDark = useIsDark()
  const name = isDark ? t('shell.theme.light') : t('shell.theme.dark')
  return (
    <button type="button" className="btn ghost sq keep" aria-label={name} title={name} onClick={() => setTheme(isDark ? 'light' : 'dark')}>
      <Icon name={isDark ? 'sun' : 'moon'} size={16} />
    </button>
  )
}

export function LanguageChoice() {
  const { t } = useText()
  const { language, choose } = useLanguage()
  return (
    <select
      className="language"
      aria-label={t('shell.language')}
      value={language}
      onChange={(event) => choose(event.target.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([id, words]) => (
        <option key={id} value={id} lang={id}>
          {words['language.name']}
        </option>
      ))}
    </select>
  )
}

/** One place in the navigation, with pages of its own. */
const ADMINISTRATION = ['/users', '/tokens', '/persons', '/audit']

function Places({ session, onGo }: { session: Session; onGo?: () => void }) {
  const { t } = useText()
  const { pathname } = useLocation()
  const current = { activeProps: { 'aria-current': 'page' as const }, ...(onGo === undefined ? {} : { onClick: onGo }) }
  return (
    <>
      <Link to="/archive" {...current}>
        {t('nav.archive')}
      </Link>
      {seesLive(session) && (
        <Link to="/live" {...current}>
          {t('nav.live')}
        </Link>
      )}
      {seesCampaigns(session) && (
        <Link to="/campaigns" {...current}>
          {t('nav.campaigns')}
        </Link>
      )}
      {hasDesk(session) && (
        <Link to="/desk" {...current}>
          {t('nav.desk')}
        </Link>
      )}
      <Link to="/directory" {...current}>
        {t('nav.directory')}
      </Link>
      {administrates(session) && (
        <Link to="/users" {...current} {...(ADMINISTRATION.includes(pathname) && { 'aria-current': 'page' as const })}>
          {t('nav.administration')}
        </Link>
      )}
    </>
  )
}

function MyName({ session }: { session: Session }) {
  return (
    <>
      <span aria-hidden="true">{initials(session.name)}</span>
      <span className="vh">{session.name}</span>
    </>
  )
}

function Me({ session }: { session: Session }) {
  const { t } = useText()
  const client = useQueryClient()
  const signOut = async () => {
    await api.signOut()
    client.clear()
    window.location.assign(session.signOutUrl ?? '/')
  }
  return (
    <Popup className="ava" keep right label={<MyName session={session} />}>
      {(close) => (
        <div className="me">
          <b>{session.name}</b>
          <span className="faint s">
            {t(`role.${session.role}`)} · {session.solution.name}
          </span>
          <span className="phone-only">
            <LanguageChoice />
          </span>
          <Link className="btn" to="/account" onClick={close}>
            {t('shell.account')}
          </Link>
          <button type="button" className="btn" onClick={() => void signOut()}>
            {t('shell.signOut')}
          </button>
        </div>
      )}
    </Popup>
  )
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useText()
  const session = useSession()
  const [menu, setMenu] = useState(false)
  const status = usePictureOf((picture) => picture.status)
  return (
    <>
      <Patterns />
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Link to="/" className="logo">
          <Logo />
          Samtal
        </Link>
        <nav className="nav" aria-label={t('nav.label')}>
          <Places session={session} />
        </nav>
        <div className="right">
          <span className="row g1" title={t('shell.zone', { zone: session.solution.zone })}>
            <Icon name="clock" />
            {session.solution.zone}
          </span>
          <LanguageChoice />
          <ThemeButton />
          <Me session={session} />
          <button
            type="button"
            className="btn ghost sq keep phone-only"
            aria-label={t('shell.menu')}
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <Icon name="menu" size={16} />
          </button>
        </div>
      </header>
      {menu && (
        <nav className="phone-nav" aria-label={t('nav.label')}>
          <Places session={session} onGo={() => setMenu(false)} />
          <span className="faint s">{t('shell.zone', { zone: session.solution.zone })}</span>
        </nav>
      )}
      {status === 'stale' && (
        <div className="stale" role="status">
          <Icon name="warn" /> {t('shell.stale')}
        </div>
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
