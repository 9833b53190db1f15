/** Who looked at, exported or changed what, and what was refused: searched by who, what, on what and when. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { AuditItem } from '#wire/users.ts'
import { AdminHead, sentenceOf } from '../admin/Head.tsx'
import { type AuditAsked, adminApi } from '../admin-api.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { keepAnswer } from '../parts/keep.ts'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { Popup } from '../parts/Popup.tsx'
import { administrates, useSession } from '../parts/session.tsx'
import { type AuditPlace, NOUNS, readAuditPlace } from '../state/audit-place.ts'
import { msOf } from '../state/shown.ts'
import { endOf, instantOf } from '../state/zone.ts'
import { useText, useTimes } from '../text/intl.tsx'

/** Days by the solution's clock, as instants for the server. */
function askedOf({ from, to, ...place }: AuditPlace, zone: string): AuditAsked {
  const starts = from === undefined ? null : instantOf(from, zone)
  const ends = to === undefined ? null : endOf(to, zone)
  return {
    ...place,
    ...(starts !== null && { from: new Date(starts).toISOString() }),
    ...(ends !== null && { to: new Date(ends).toISOString() }),
  }
}

function Filters({ place, onSearch }: { place: AuditPlace; onSearch: (place: AuditPlace) => void }) {
  const { t, word } = useText()
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onSearch(
      readAuditPlace(Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]))),
    )
  }
  return (
    <form className="card audit-filters" aria-label={t('audit.filters')} onSubmit={onSubmit} key={JSON.stringify(place)}>
      <label>
        {t('audit.who')}
        <input className="input" name="who" maxLength={100} autoComplete="off" defaultValue={place.who ?? ''} />
      </label>
      <label>
        {t('audit.what')}
        <select className="input" name="what" defaultValue={place.what ?? ''}>
          <option value="">{t('audit.anything')}</option>
          {NOUNS.map((noun) => (
            <option key={noun} value={noun}>
              {word('audit.noun', noun)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('audit.on')}
        <input className="input" name="on" maxLength={200} placeholder="call:…" autoComplete="off" defaultValue={place.on ?? ''} />
      </label>
      <label>
        {t('audit.from')}
        <input className="input" type="date" name="from" defaultValue={place.from ?? ''} />
      </label>
      <label>
        {t('audit.to')}
        <input className="input" type="date" name="to" defaultValue={place.to ?? ''} />
      </label>
      <label>
        {t('audit.outcome')}
        <select className="input" name="outcome" defaultValue={place.outcome ?? ''}>
          <option value="">{t('audit.anything')}</option>
          <option value="done">{t('audit.done')}</option>
          <option value="refused">{t('audit.refused')}</option>
        </select>
      </label>
      <button type="submit" className="btn lg pri">
        <Icon name="find" /> {t('audit.search')}
      </button>
    </form>
  )
}

function Who({ item, onSearch }: { item: AuditItem; onSearch: (place: AuditPlace) => void }) {
  const { t } = useText()
  const { who, name, by, address } = item
  return (
    <>
      {who === null ? (
        <span className="muted">{t(`audit.by.${by}`)}</span>
      ) : (
        <button type="button" className="link" onClick={() => onSearch({ who })}>
          {name ?? who}
        </button>
      )}
      {(by === 'token' || by === 'commandLine') && <span className="faint s"> {t(`audit.by.${by}`)}</span>}
      {address !== null && <span className="faint s num block">{address}</span>}
    </>
  )
}

const detailOf = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

function Row({ item, onSearch }: { item: AuditItem; onSearch: (place: AuditPlace) => void }) {
  const { t, word } = useText()
  const times = useTimes()
  const details = Object.entries(item.details)
  const at = msOf(item.at)
  return (
    <tr>
      <td className="num nowrap">
        {times.shortDate(at)} <b>{times.clock(at)}</b>
      </td>
      <td>
        <Who item={item} onSearch={onSearch} />
      </td>
      <th scope="row">{word('audit.deed', item.what)}</th>
      <td>
        {item.on.map(({ kind, id }) => (
          <button key={`${kind}:${id}`} type="button" className="link block s" onClick={() => onSearch({ on: `${kind}:${id}` })}>
            {word('audit.thing', kind)} <span className="num">{id}</span>
          </button>
        ))}
      </td>
      <td>
        {item.outcome === 'done' ? <span className="muted">{t('audit.done')}</span> : <span className="badge del">{item.outcome}</span>}
      </td>
      <td className="muted s details">{details.map(([name, value]) => `${name}: ${detailOf(value)}`).join(' · ')}</td>
    </tr>
  )
}

const HEADS = ['at', 'who', 'what', 'on', 'outcome', 'details'] as const

function ExportButton({ asked, onTrouble }: { asked: AuditAsked; onTrouble: (sentence: string) => void }) {
  const { t } = useText()
  const save = (format: 'csv' | 'ndjson'): Promise<void> => keepAnswer(adminApi.exportOf(asked, format), `audit.${format}`)
  return (
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
          {(['csv', 'ndjson'] as const).map((format) => (
            <button
              key={format}
              type="button"
              className="btn ghost left"
              onClick={() => {
                close()
                void save(format).catch((error: unknown) => onTrouble(sentenceOf(error)))
              }}
            >
              {t(`archive.export.${format}`)}
            </button>
          ))}
        </div>
      )}
    </Popup>
  )
}

export function AuditPage() {
  const { t } = useText()
  const session = useSession()
  const isAllowed = administrates(session)
  const place = readAuditPlace(useSearch({ strict: false }))
  const navigate = useNavigate()
  const [trouble, setTrouble] = useState('')
  useTitle(t('admin.audit'))
  const asked = askedOf(place, session.solution.zone)
  const found = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => adminApi.audit(asked, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: isAllowed,
  })
  if (!isAllowed) return <Notice alone>{t('state.forbidden')}</Notice>
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const search = (to: AuditPlace): void => void navigate({ to: '/audit', search: to })
  return (
    <>
      <AdminHead title={t('admin.audit')} sub={t('audit.sub')} said={trouble}>
        <ExportButton asked={asked} onTrouble={setTrouble} />
      </AdminHead>
      <Filters place={place} onSearch={search} />
      {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.data === undefined && found.error === null && <Notice busy>{t('state.loading')}</Notice>}
      {found.data !== undefined && items.length === 0 && (
        <section className="card">
          <Notice>{t('audit.none')}</Notice>
        </section>
      )}
      {items.length > 0 && (
        <CardTable of="audit" labelledBy="admin-title" heads={HEADS}>
          {items.map((item) => (
            <Row key={item.seq} item={item} onSearch={search} />
          ))}
        </CardTable>
      )}
      {found.hasNextPage && (
        <button type="button" className="btn more" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('directory.more')}
        </button>
      )}
    </>
  )
}
