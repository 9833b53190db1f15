/** Whom nobody may call: for every campaign or one, with the source, the reason, and until when. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { DoNotCallRow } from '#wire/contacts.ts'
import { Refused } from '../api.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useOnce } from '../parts/once.ts'
import { managesCampaigns, seesCampaigns, useSession } from '../parts/session.tsx'
import { msOf } from '../state/shown.ts'
import { endOf } from '../state/zone.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'

const SHOWN = 50

type Names = ReadonlyMap<string, string>

function useCampaignNames(): Names {
  const { data } = useQuery({ queryKey: ['campaigns'], queryFn: campaignsApi.list })
  return new Map(data?.items.map(({ id, settings }) => [id, settings.name]) ?? [])
}

function CampaignChoice({ names, value, none, onChoose }: { names: Names; value: string; none: string; onChoose: (id: string) => void }) {
  return (
    <select className="input" value={value} onChange={(event) => onChoose(event.target.value)}>
      <option value="">{none}</option>
      {[...names].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

function AddForm({ names, onAdded }: { names: Names; onAdded: (said: string) => void }) {
  const { t } = useText()
  const [number, setNumber] = useState('')
  const [campaign, setCampaign] = useState('')
  const [reason, setReason] = useState('')
  const [lastDay, setLastDay] = useState('')
  const { solution } = useSession()
  const until = endOf(lastDay, solution.zone)
  const limited = until !== null && { until: new Date(until).toISOString() }
  const [wrong, setWrong] = useState<{ readonly sentence: string; readonly field: string | undefined } | null>(null)
  const once = useOnce()
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const row = {
      number,
      campaignId: campaign === '' ? null : campaign,
      ...(reason.trim() !== '' && { reason: reason.trim() }),
      ...limited,
    }
    const added = (): void => {
      setWrong(null)
      // What has been typed since stays.
      setNumber((typed) => (typed === number ? '' : typed))
      setReason((typed) => (typed === reason ? '' : typed))
      onAdded(t('doNotCall.added'))
    }
    const failed = (error: unknown): void =>
      setWrong({
        sentence: error instanceof Error ? error.message : String(error),
        field: error instanceof Refused ? error.field : undefined,
      })
    once(() => campaignsApi.addDoNotCall(row).then(added, failed))
  }
  return (
    <form className="card bd col g3 add-number" onSubmit={add}>
      <h2>{t('doNotCall.add')}</h2>
      <NumberField value={number} onType={setNumber} wrong={wrong?.field === 'number' ? 'do-not-call-wrong' : undefined} />
      {wrong !== null && (
        <p id="do-not-call-wrong" className="trouble s" role="alert">
          {wrong.sentence}
        </p>
      )}
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the choice is the control. */}
      <label>
        {t('doNotCall.for')}
        <CampaignChoice names={names} value={campaign} none={t('doNotCall.everyCampaign')} onChoose={setCampaign} />
      </label>
      <label>
        {t('doNotCall.reason')}
        <input className="input" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <label>
        {t('doNotCall.until')}
        <input className="input" type="date" value={lastDay} onChange={(event) => setLastDay(event.target.value)} />
      </label>
      <button type="submit" className="btn lg pri">
        {t('doNotCall.add.do')}
      </button>
      <FileField
        onDone={onAdded}
        asked={{ ...(campaign !== '' && { campaign }), ...(reason.trim() !== '' && { reason: reason.trim() }), ...limited }}
      />
    </form>
  )
}

interface AskedOfFile {
  readonly campaign?: string
  readonly reason?: string
  readonly until?: string
}

function FileField({ asked, onDone }: { asked: AskedOfFile; onDone: (said: string) => void }) {
  const { t } = useText()
  const times = useTimes()
  const [wrong, setWrong] = useState<string | null>(null)
  const send = (file: File | undefined): void => {
    if (file === undefined) return
    campaignsApi.doNotCallFile(file, asked).then(
      ({ rows, added, invalid }) => {
        setWrong(null)
        onDone(t('doNotCall.file.done', { rows: times.count(rows), added: times.count(added), invalid: times.count(invalid) }))
      },
      (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)),
    )
  }
  return (
    <>
      <label>
        {t('doNotCall.file')}
        <input className="input" type="file" accept=".csv,.txt,text/csv,text/plain" onChange={(event) => send(event.target.files?.[0])} />
      </label>
      {wrong !== null && (
        <p className="trouble s" role="alert">
          {wrong}
        </p>
      )}
    </>
  )
}

/** A number as anybody writes it. */
function NumberField({ value, onType, wrong }: { value: string; onType: (text: string) => void; wrong?: string | undefined }) {
  const { t } = useText()
  return (
    <label>
      {t('doNotCall.number')}
      <input
        className="input num"
        type="tel"
        required
        minLength={3}
        maxLength={40}
        autoComplete="off"
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong}
        value={value}
        onChange={(event) => onType(event.target.value)}
      />
    </label>
  )
}

/** Of whoever is erased nobody here knows the number: who lifts it has been told it, by the person. */
function Lift({ row, name, onLifted }: { row: DoNotCallRow; name: string; onLifted: () => void }) {
  const { t } = useText()
  const numbers = useNumbers()
  const [isAsking, setAsking] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [told, setTold] = useState('')
  const isKnown = row.number !== null
  const once = useOnce()
  const lift = (event: FormEvent): void => {
    event.preventDefault()
    const which =
      isKnown && row.id !== null
        ? { id: row.id }
        : { number: row.number ?? told, ...(row.campaignId !== null && { campaign: row.campaignId }) }
    once(() =>
      campaignsApi
        .liftDoNotCall(which)
        .then(onLifted, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error))),
    )
  }
  const title = isKnown ? t('doNotCall.lift.title', { number: numbers(row.number ?? '') }) : t('doNotCall.lift.erased')
  return (
    <>
      <button type="button" className="btn" onClick={() => setAsking(true)}>
        {t('doNotCall.lift')}
      </button>
      {isAsking && (
        <Dialog title={title} onClose={() => setAsking(false)}>
          <form className="col g3" onSubmit={lift}>
            <p>{t(isKnown ? 'doNotCall.lift.text' : 'doNotCall.lift.erased.text', { name })}</p>
            {!isKnown && <NumberField value={told} onType={setTold} />}
            {wrong !== null && (
              <p className="trouble" role="alert">
                {wrong}
              </p>
            )}
            <div className="row end">
              <button type="button" className="btn lg" onClick={() => setAsking(false)}>
                {t('cancel')}
              </button>
              <button type="submit" className="btn lg dan">
                {t('doNotCall.lift')}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}

const HEADS = ['number', 'for', 'source', 'reason', 'until', 'addedAt'] as const

function Rows({ rows, names, onLifted }: { rows: readonly DoNotCallRow[]; names: Names; onLifted: () => void }) {
  const { t, word } = useText()
  const times = useTimes()
  const numbers = useNumbers()
  const mayChange = managesCampaigns(useSession())
  const isErased = rows.some(({ number }) => number === null)
  return (
    <CardTable
      of="doNotCall"
      labelledBy="do-not-call-title"
      heads={HEADS}
      acts={t('doNotCall.lift')}
      foot={isErased ? t('doNotCall.erased.foot') : null}
    >
      {rows.map((row, index) => {
        const { number } = row
        const name = row.campaignId === null ? t('doNotCall.everyCampaign') : (names.get(row.campaignId) ?? row.campaignId)
        return (
          <tr key={row.id ?? index}>
            <th scope="row" className="num nowrap">
              {number === null ? t('number.erased') : numbers(number)}
            </th>
            <td data-label={t('doNotCall.col.for')}>{name}</td>
            <td data-label={t('doNotCall.col.source')}>{word('doNotCallSource', row.source)}</td>
            <td className={row.reason === null ? 'muted none' : 'muted'} data-label={t('doNotCall.col.reason')}>
              {row.reason ?? '–'}
            </td>
            <td className="num nowrap" data-label={t('doNotCall.col.until')}>
              {row.until === null ? t('doNotCall.forEver') : times.shortDate(msOf(row.until))}
            </td>
            <td className="num nowrap" data-label={t('doNotCall.col.addedAt')}>
              {times.shortDate(msOf(row.addedAt))}
            </td>
            <td className="r acts">{mayChange && <Lift row={row} name={name} onLifted={onLifted} />}</td>
          </tr>
        )
      })}
    </CardTable>
  )
}

const isDigits = (text: string): boolean => /^[+0-9 ()/-]{1,40}$/u.test(text)

export function DoNotCallPage() {
  const { t } = useText()
  const session = useSession()
  const client = useQueryClient()
  const names = useCampaignNames()
  const [digits, setDigits] = useState('')
  const [said, setSaid] = useState('')
  useTitle(t('doNotCall.title'))
  const found = useInfiniteQuery({
    queryKey: ['doNotCall', digits],
    queryFn: ({ pageParam }) =>
      campaignsApi.doNotCall({ limit: SHOWN, ...(isDigits(digits) && { digits }), ...(pageParam !== null && { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  if (!seesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  const changed = (sentence: string): void => {
    setSaid(sentence)
    void client.invalidateQueries({ queryKey: ['doNotCall'] })
  }
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <>
      <Link className="row g1 s" to="/campaigns">
        <Icon name="back" /> {t('campaigns.title')}
      </Link>
      <div className="row g3 wrap page-head">
        <div className="grow">
          <h1 id="do-not-call-title">{t('doNotCall.title')}</h1>
          <p className="muted s">{t('doNotCall.sub')}</p>
        </div>
        <span className="said" role="status">
          {said}
        </span>
        <div className="find">
          <span className="field">
            <Icon name="find" />
            <input
              type="search"
              aria-label={t('doNotCall.find')}
              placeholder={t('doNotCall.find')}
              value={digits}
              onChange={(event) => setDigits(event.target.value)}
            />
          </span>
        </div>
      </div>
      <div className={managesCampaigns(session) ? 'do-not-call' : ''}>
        <div>
          {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
          {found.data === undefined && found.error === null && <Notice busy>{t('state.loading')}</Notice>}
          {found.data !== undefined && rows.length === 0 && (
            <section className="card">
              <Notice>{t(digits === '' ? 'doNotCall.none' : 'doNotCall.notFound')}</Notice>
            </section>
          )}
          {rows.length > 0 && <Rows rows={rows} names={names} onLifted={() => changed(t('doNotCall.lifted'))} />}
          {found.hasNextPage && (
            <button type="button" className="btn more" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('directory.more')}
            </button>
          )}
        </div>
        {managesCampaigns(session) && <AddForm names={names} onAdded={changed} />}
      </div>
    </>
  )
}
