/** The heading of the pages of administration, and the way between them. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/intl.tsx'

const PAGES = [
  ['/users', 'admin.users'],
  ['/tokens', 'admin.tokens'],
  ['/persons', 'nav.persons'],
  ['/audit', 'admin.audit'],
] as const

export function AdminHead({ title, sub, said, children }: { title: string; sub: string; said: string; children?: ReactNode }) {
  const { t } = useText()
  return (
    <>
      <nav className="admin-nav" aria-label={t('admin.title')}>
        {PAGES.map(([path, name]) => (
          <Link key={path} to={path} activeProps={{ 'aria-current': 'page' }}>
            {t(name)}
          </Link>
        ))}
      </nav>
      <div className="row g3 wrap page-head">
        <div className="grow">
          <h1 id="admin-title">{title}</h1>
          <p className="muted s">{sub}</p>
        </div>
        <span className="said" role="status">
          {said}
        </span>
        {children}
      </div>
    </>
  )
}

/** A secret shown this once: to be copied, and gone when closed. */
export function SecretShown({ label, secret, hint }: { label: string; secret: string; hint: string }) {
  const { t } = useText()
  return (
    <>
      <label className="col g1">
        {label}
        <input className="input secret" readOnly value={secret} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <p className="muted s">{hint}</p>
      <button type="button" className="btn lg" onClick={() => void navigator.clipboard.writeText(secret)}>
        {t('admin.copy')}
      </button>
    </>
  )
}

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
