/** Whom to call: searched as you type, with the card of whoever is chosen beside it; kept and imported by supervisors. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Fragment, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import type { DirectoryItem } from '#wire/directory.ts'
import { directoryApi } from '../directory-api.ts'
import { Standing, useDirectory } from '../parts/directory.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { keepAnswer } from '../parts/keep.ts'
import { useKeys } from '../parts/keys.ts'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { Popup } from '../parts/Popup.tsx'
import { initials, seesLive, useSession } from '../parts/session.tsx'
import { type DirectoryPlace, readPlace } from '../state/directory-place.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'
import { ContactCard } from './ContactCard.tsx'
import { ContactForm } from './ContactForm.tsx'
import { ImportDialog } from './ImportDialog.tsx'

const SHOWN = 50

function ContactRow({ item }: { item: Extract<DirectoryItem, { kind: 'contact' }> }) {
  const numbers = useNumbers()
  const [first, ...others] = item.numbers
  return (
    <>
      <span className="ava q" aria-hidden="true">
        {initials(item.name)}
      </span>
      <span className="grow clip">
        <b>{item.name}</b> {item.company !== null && <span className="muted s">{item.company}</span>}
      </span>
      <span className="num nowrap">
        {first === undefined ? '' : numbers(first.number)}
        {others.length > 0 && <span className="faint s"> +{others.length}</span>}
      </span>
    </>
  )
}

const HEADS = { agent: 'directory.agents', queue: 'directory.queues', contact: 'directory.contacts' } as const

/** Moves the focus among the rows that can be opened. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('button.found-row')]
  const at = rows.findIndex((row) => row.matches(':focus'))
  rows[event.key === 'ArrowDown' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]?.focus()
  event.preventDefault()
}

function Found({ items, contacts, open, onOpen }: FoundProps) {
  const { t } = useText()
  const times = useTimes()
  const kinds = (['agent', 'queue', 'contact'] as const).filter((kind) => items.some((item) => item.kind === kind))
  const rowOf = (item: DirectoryItem): ReactNode => {
    if (item.kind === 'contact') {
      return (
        <button
          type="button"
          className={item.id === open ? 'bare found-row sel' : 'bare found-row'}
          aria-current={item.id === open}
          onClick={() => onOpen(item.id)}
        >
          <ContactRow item={item} />
        </button>
      )
    }
    return (
      <span className="found-row">
        <span className="ava q" aria-hidden="true">
          {initials(item.name)}
        </span>
        <b className="grow clip">{item.name}</b>
        <Standing item={item} />
      </span>
    )
  }
  return kinds.map((kind) => (
    <Fragment key={kind}>
      <h2 className="found-head">
        {t(HEADS[kind])} {kind === 'contact' && <span className="faint s num">{times.count(contacts)}</span>}
      </h2>
      <ul className="found">
        {items
          .filter((item) => item.kind === kind)
          .map((item) => (
            <li key={item.id}>{rowOf(item)}</li>
          ))}
      </ul>
    </Fragment>
  ))
}

interface FoundProps {
  readonly items: readonly DirectoryItem[]
  readonly contacts: number
  readonly open: string | undefined
  readonly onOpen: (contactId: string) => void
}

function ExportButton() {
  const { t } = useText()
  const [trouble, setTrouble] = useState<string | null>(null)
  const save = (format: 'csv' | 'vcard'): Promise<void> =>
    keepAnswer(directoryApi.exportOf(format), format === 'csv' ? 'contacts.csv' : 'contacts.vcf')
  const run = (format: 'csv' | 'vcard'): void =>
    void save(format).then(
      () => setTrouble(null),
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    )
  return (
    <>
      {trouble !== null && (
        <span className="trouble s" role="alert">
          {trouble}
        </span>
      )}
      <Popup
        className="btn tall"
        right
        label={
          <>
            <Icon name="download" /> {t('archive.export')}
          </>
        }
      >
        {(close) => (
          <div className="options">
            {(['csv', 'vcard'] as const).map((format) => (
              <button
                key={format}
                type="button"
                className="btn ghost left"
                onClick={() => {
                  close()
                  run(format)
                }}
              >
                {t(format === 'csv' ? 'archive.export.csv' : 'export.vcard')}
              </button>
            ))}
          </div>
        )}
      </Popup>
    </>
  )
}

function Head({ onNew, onImport }: { onNew: () => void; onImport: () => void }) {
  const { t } = useText()
  const mayChange = seesLive(useSession())
  return (
    <div className="row wrap page-head">
      <div className="grow">
        <h1>{t('directory.title')}</h1>
        <p className="muted s">{t('directory.sub')}</p>
      </div>
      {mayChange && (
        <>
          <button type="button" className="btn tall pri" onClick={onNew}>
            <Icon name="plus" /> {t('contact.new')}
          </button>
          <button type="button" className="btn tall" onClick={onImport}>
            {t('import.do')}
          </button>
          <ExportButton />
        </>
      )}
    </div>
  )
}

function Results(props: { typed: string; open: string | undefined; onOpen: (contactId: string) => void; onImport: () => void }) {
  const { t } = useText()
  const mayChange = seesLive(useSession())
  const { found, items, contacts, q } = useDirectory(props.typed, SHOWN)
  if (found.error !== null) return <Trouble error={found.error} retry={() => void found.refetch()} />
  if (found.data === undefined) return <Notice busy>{t('state.loading')}</Notice>
  if (items.length === 0 && q !== '') return <Notice>{t('directory.none', { q })}</Notice>
  const action = mayChange && (
    <button type="button" className="btn" onClick={props.onImport}>
      {t('directory.empty.action')}
    </button>
  )
  return (
    <>
      <Found items={items} contacts={contacts} open={props.open} onOpen={props.onOpen} />
      {contacts === 0 && q === '' && <Notice action={action}>{t('directory.empty')}</Notice>}
      <div className="foot">
        <span className="muted s" role="status">
          {t('directory.count', { count: contacts })}
        </span>
        <span className="faint s wide">{t('directory.keys')}</span>
        {found.hasNextPage && (
          <button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('directory.more')}
          </button>
        )}
      </div>
    </>
  )
}

function SearchField({ typed, onType }: { typed: string; onType: (text: string) => void }) {
  const { t } = useText()
  const field = useRef<HTMLInputElement>(null)
  useKeys((event) => {
    if (event.key !== '/') return false
    field.current?.focus()
    return true
  })
  return (
    <div className="find">
      <span className="field">
        <Icon name="find" />
        <input
          ref={field}
          type="search"
          aria-label={t('directory.find.label')}
          placeholder={t('directory.find')}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return
            document.querySelector<HTMLElement>('button.found-row')?.focus()
            event.preventDefault()
          }}
        />
        <kbd>/</kbd>
      </span>
    </div>
  )
}

export function DirectoryPage() {
  const { t } = useText()
  const place = readPlace(useSearch({ strict: false }))
  const navigate = useNavigate()
  const client = useQueryClient()
  const mayChange = seesLive(useSession())
  const [typed, setTyped] = useState(place.q ?? '')
  const [isImporting, setImporting] = useState(false)
  const [said, setSaid] = useState('')
  useTitle(t('directory.title'))
  // As it is when an answer comes: somebody may have gone to another contact, or typed on.
  const latest = useRef({ typed, contact: place.contact })
  latest.current = { typed, contact: place.contact }
  const go = (next: DirectoryPlace, replace = false): void => void navigate({ to: '/directory', search: next, replace })
  const withQuery = (contact?: string): DirectoryPlace => ({
    ...(latest.current.typed.trim() !== '' && { q: latest.current.typed }),
    ...(contact !== undefined && { contact }),
  })
  const onType = (text: string): void => {
    setTyped(text)
    go(readPlace({ q: text.trim() === '' ? '' : text, contact: place.contact }), true)
  }
  const changed = (sentence: string, contact?: string): void => {
    setSaid(sentence)
    void client.invalidateQueries({ queryKey: ['directory'] })
    // One that is gone is not asked for again.
    if (contact !== undefined) void client.invalidateQueries({ queryKey: ['contact', contact] })
    go(withQuery(contact))
  }
  const { contact } = place
  return (
    <>
      <Head onNew={() => go(withQuery('new'))} onImport={() => setImporting(true)} />
      <div className="row wrap page-head">
        <SearchField typed={typed} onType={onType} />
        <span className="said" role="status">
          {said}
        </span>
      </div>
      <div className="directory">
        <section className="card found-card" aria-label={t('directory.results')} onKeyDown={moveFocus}>
          <Results typed={typed} open={contact} onOpen={(id) => go(withQuery(id))} onImport={() => setImporting(true)} />
        </section>
        <section className="card" aria-live="polite">
          {contact === undefined && <Notice>{t('directory.pick')}</Notice>}
          {contact === 'new' && mayChange && (
            <ContactForm contact={null} onSaved={(made) => changed(t('contact.saved'), made.id)} onCancel={() => go(withQuery())} />
          )}
          {contact !== undefined && contact !== 'new' && <ContactCard key={contact} contactId={contact} onChanged={changed} />}
        </section>
      </div>
      {isImporting && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onDone={(sentence) => {
            setImporting(false)
            changed(sentence, latest.current.contact)
          }}
        />
      )}
    </>
  )
}
