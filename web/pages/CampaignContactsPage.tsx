/** Who is on a campaign's list, how far each has come, and the files they came in. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignContact, CampaignImport } from '#wire/contacts.ts'
import { SaveButton } from '../campaigns/SaveButton.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useOnce } from '../parts/once.ts'
import { managesCampaigns, seesCampaigns, useNames, useSession } from '../parts/session.tsx'
import { CONTACT_STATES } from '../state/campaigns.ts'
import { msOf } from '../state/shown.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'

const SHOWN = 50
/** Own columns beside the others; the rest stand in the export. */
const COLUMNS_SHOWN = 4

function Row({ contact, columns }: { contact: CampaignContact; columns: readonly string[] }) {
  const { t, word } = useText()
  const times = useTimes()
  const numbers = useNumbers()
  const names = useNames()
  const when = (at: string | null): string => (at === null ? '–' : `${times.shortDate(msOf(at))} ${times.minute(msOf(at))}`)
  const last = contact.calls.at(-1)
  return (
    <tr>
      <th scope="row">{contact.name ?? contact.externalId ?? '–'}</th>
      <td className="num nowrap what">
        {numbers(contact.phone)}
        {contact.phone2 !== null && <span className="faint s"> {numbers(contact.phone2)}</span>}
      </td>
      <td className="what">
        <span className="nowrap">{word('contactState', contact.state)}</span>
        {contact.barred !== null && <span className="faint s"> {t(`rowFault.number.${contact.barred}`)}</span>}
        {contact.forAgent !== null && (
          <span className="faint s">
            {' '}
            {contact.anyoneAt === null
              ? t('contact.forAgent', { name: names.agent(contact.forAgent) })
              : t('contact.forAgentUntil', { name: names.agent(contact.forAgent), time: when(contact.anyoneAt) })}
          </span>
        )}
      </td>
      <td className="n num" data-label={t('contacts.col.tries')}>
        {contact.tries}
      </td>
      <td
        className={contact.outcome === null && contact.topics.length === 0 ? 'nowrap none' : 'nowrap'}
        data-label={t('contacts.col.outcome')}
      >
        {contact.outcome === null ? '–' : word('contactOutcome', contact.outcome)}
        {contact.topics.length > 0 && <span className="faint s"> {contact.topics.join(', ')}</span>}
      </td>
      <td className={contact.triedAt === null ? 'none' : 'nowrap num'} data-label={t('contacts.col.triedAt')}>
        {when(contact.triedAt)}
      </td>
      <td className={contact.dueAt === null ? 'none' : 'nowrap num'} data-label={t('contacts.col.dueAt')}>
        {when(contact.dueAt)}
      </td>
      {columns.map((column) => (
        <td key={column} data-label={column}>
          {contact.columns[column] ?? ''}
        </td>
      ))}
      <td className="r nowrap acts">
        {last !== undefined && (
          <Link to="/archive/$callId" params={{ callId: last }}>
            {t('contact.lastCall')}
          </Link>
        )}
      </td>
    </tr>
  )
}

const HEADS = ['name', 'number', 'state', 'tries', 'outcome', 'triedAt', 'dueAt'] as const

function Table({ contacts, columns }: { contacts: readonly CampaignContact[]; columns: readonly string[] }) {
  const { t } = useText()
  const shown = columns.slice(0, COLUMNS_SHOWN)
  return (
    <CardTable of="contacts" labelledBy="contacts-title" heads={HEADS} figures={['tries']} own={shown} acts={t('contact.lastCall')}>
      {contacts.map((contact) => (
        <Row key={contact.id} contact={contact} columns={shown} />
      ))}
    </CardTable>
  )
}

function ImportRow({ campaignId, row, onUndone }: { campaignId: string; row: CampaignImport; onUndone: () => void }) {
  const { t } = useText()
  const times = useTimes()
  const [trouble, setTrouble] = useState<string | null>(null)
  const once = useOnce()
  const undo = (): void =>
    once(() =>
      campaignsApi
        .undo(campaignId, row.id)
        .then(onUndone, (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error))),
    )
  return (
    <tr>
      <th scope="row">{row.fileName}</th>
      <td className="num nowrap what">
        {times.shortDate(msOf(row.at))} {times.minute(msOf(row.at))}
      </td>
      <td data-label={t('imports.col.by')}>{row.by}</td>
      <td className="standing">{t(`importState.${row.state}`)}</td>
      <td className="n num" data-label={t('imports.col.added')}>
        {times.count(row.counts.added)}
      </td>
      <td className="n num" data-label={t('imports.col.left')}>
        {times.count(row.counts.rows - row.counts.added)}
      </td>
      <td className="acts">
        <span className="row g3">
          {row.counts.invalid + row.counts.duplicateInFile + row.counts.duplicateInList + row.counts.doNotCall > 0 && (
            <a href={campaignsApi.faultsAddress(campaignId, row.id)} download>
              {t('imports.reasons')}
            </a>
          )}
          {row.state === 'confirmed' && (
            <button type="button" className="btn" onClick={undo} title={t('imports.undo.hint')}>
              {t('imports.undo')}
            </button>
          )}
          {trouble !== null && (
            <span className="trouble s" role="alert">
              {trouble}
            </span>
          )}
        </span>
      </td>
    </tr>
  )
}

const FILE_HEADS = ['file', 'at', 'by', 'state', 'added', 'left'] as const

function Imports({ campaignId, onUndone }: { campaignId: string; onUndone: () => void }) {
  const { t } = useText()
  const imports = useQuery({ queryKey: ['campaign', campaignId, 'imports'], queryFn: () => campaignsApi.imports(campaignId) })
  const rows = imports.data?.items ?? []
  if (rows.length === 0) return null
  return (
    <>
      <h2 id="imports-title" className="page-head">
        {t('imports.title')}
      </h2>
      <CardTable of="imports" labelledBy="imports-title" heads={FILE_HEADS} figures={['added', 'left']} acts={t('imports.col.do')}>
        {rows.map((row) => (
          <ImportRow key={row.id} campaignId={campaignId} row={row} onUndone={onUndone} />
        ))}
      </CardTable>
    </>
  )
}

function Found(props: { campaignId: string; state: string; q: string }) {
  const { t } = useText()
  const { campaignId, state, q } = props
  const found = useInfiniteQuery({
    queryKey: ['campaign', campaignId, 'contacts', state, q],
    queryFn: ({ pageParam }) =>
      campaignsApi.contacts(campaignId, {
        limit: SHOWN,
        ...(state !== '' && { state }),
        ...(q !== '' && { q }),
        ...(pageParam !== null && { after: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  if (found.error !== null) return <Trouble error={found.error} retry={() => void found.refetch()} />
  if (found.data === undefined) return <Notice busy>{t('state.loading')}</Notice>
  const contacts = found.data.pages.flatMap(({ items }) => items)
  if (contacts.length === 0)
    return (
      <section className="card">
        <Notice>{t(state === '' && q === '' ? 'contacts.none' : 'contacts.notFound')}</Notice>
      </section>
    )
  return (
    <>
      <Table contacts={contacts} columns={found.data.pages[0]?.columns ?? []} />
      {found.hasNextPage && (
        <button type="button" className="btn more" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('directory.more')}
        </button>
      )}
    </>
  )
}

export function CampaignContactsPage() {
  const { t, word } = useText()
  const session = useSession()
  const client = useQueryClient()
  const { campaignId = '' } = useParams({ strict: false })
  const campaign = useQuery({ queryKey: ['campaign', campaignId], queryFn: () => campaignsApi.one(campaignId) })
  const [state, setState] = useState('')
  const [q, setQ] = useState('')
  useTitle(t('campaign.contacts'))
  if (!seesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  if (campaign.error !== null)
    return <Trouble alone error={campaign.error} notFound={t('campaign.notFound')} retry={() => void campaign.refetch()} />
  return (
    <>
      <Link className="row g1 s" to="/campaigns/$campaignId" params={{ campaignId }}>
        <Icon name="back" /> {campaign.data?.settings.name ?? t('campaigns.title')}
      </Link>
      <div className="row g3 wrap page-head">
        <h1 id="contacts-title">{t('campaign.contacts')}</h1>
        <span className="grow" />
        <div className="find">
          <span className="field">
            <Icon name="find" />
            <input
              type="search"
              aria-label={t('contacts.find')}
              placeholder={t('contacts.find')}
              value={q}
              onChange={(event) => setQ(event.target.value.trimStart())}
            />
          </span>
        </div>
        <select className="language" aria-label={t('contacts.col.state')} value={state} onChange={(event) => setState(event.target.value)}>
          <option value="">{t('contacts.all')}</option>
          {CONTACT_STATES.map((one) => (
            <option key={one} value={one}>
              {word('contactState', one)}
            </option>
          ))}
        </select>
        <SaveButton name={`${campaignId}.csv`} fetch={() => campaignsApi.exportOf(campaignId, 'csv')}>
          {t('contacts.export')}
        </SaveButton>
        {managesCampaigns(session) && (
          <Link className="btn pri" to="/campaigns/$campaignId/import" params={{ campaignId }}>
            {t('campaign.import')}
          </Link>
        )}
      </div>
      <Found campaignId={campaignId} state={state} q={q} />
      {managesCampaigns(session) && (
        <Imports campaignId={campaignId} onUndone={() => void client.invalidateQueries({ queryKey: ['campaign', campaignId] })} />
      )}
    </>
  )
}
