/** Every call: found by filters that stand in the address, newest first, live ones moving. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Call } from '#wire/calls.ts'
import { api } from '../api.ts'
import { useIsPhone, useNow, useTitle, useWidth } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { keepAnswer } from '../parts/keep.ts'
import { useKeys } from '../parts/keys.ts'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { Popup } from '../parts/Popup.tsx'
import { Direction, Extras, ResultBadge } from '../parts/Result.tsx'
import { useSession } from '../parts/session.tsx'
import { useWords, type Words } from '../parts/words.tsx'
import { KindLegend } from '../picture/Legend.tsx'
import { StripView } from '../picture/StripView.tsx'
import { countOf, type Filters, queryOf, readFilters, withFilter } from '../state/filters.ts'
import { newest } from '../state/live.ts'
import { pageBefore, rememberPage, rememberResults } from '../state/results.ts'
import { clockLike, msOf, speakOfAll, waitOf } from '../state/shown.ts'
import { serverNow, usePictureOf } from '../state/store.ts'
import { localOf } from '../state/zone.ts'
import { useTimes } from '../text/intl.tsx'
import { FilterChips } from './FilterChips.tsx'

const PAGE = 50
/** New calls are asked for at most this often; the rows on the page move at once. */
const ASK_AGAIN_MS = 1500

/** The page of calls, each as new as the stream has told it. */
function useCalls(filters: Filters) {
  const { zone } = useSession().solution
  const client = useQueryClient()
  const told = usePictureOf((picture) => picture.calls)
  const found = useQuery({
    queryKey: ['calls', filters],
    queryFn: () => {
      const query = queryOf(filters, zone, serverNow())
      query.set('limit', String(PAGE))
      return api.calls(query)
    },
    placeholderData: keepPreviousData,
  })
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the stream has told of a call.
  useEffect(() => {
    if (filters.after !== undefined || due.current !== undefined) return
    due.current = setTimeout(() => {
      due.current = undefined
      void client.invalidateQueries({ queryKey: ['calls'] })
    }, ASK_AGAIN_MS)
  }, [told])
  useEffect(() => () => clearTimeout(due.current), [])
  const calls = found.data?.items.map((call) => newest(call, told.get(call.id))) ?? []
  return { found, calls, next: found.data?.next ?? null }
}

const queuesOf = (call: Call): string => call.queues.map((queue) => queue.name).join(', ')

function AgentsCell({ call, words }: { call: Call; words: Words }) {
  const [first, ...others] = call.agents
  if (first === undefined) return <span className="faint">–</span>
  const all = call.agents.map((agent) => agent.name).join(', ')
  if (others.length < 2) return <>{all}</>
  return <span title={all}>{words.t('moreAgents', { first: first.name, n: others.length })}</span>
}

const Seconds = ({ of }: { of: number | null }) => (of === null ? <span className="faint">–</span> : clockLike(of))

function Table({ calls, cursor, now }: { calls: readonly Call[]; cursor: number; now: number }) {
  const words = useWords()
  const times = useTimes()
  const navigate = useNavigate()
  const { t } = words
  const { zone } = useSession().solution
  const today = localOf(now, zone).slice(0, 10)
  return (
    <table className="calls" aria-label={t('archive.table')}>
      <thead>
        <tr>
          <th className="c-start">{t('col.start')} ↓</th>
          <th className="c-direction">
            <span className="vh">{t('col.direction')}</span>
          </th>
          <th className="c-number">{t('col.number')}</th>
          <th>{t('col.queues')}</th>
          <th>{t('col.agents')}</th>
          <th className="c-story">{t('col.story')}</th>
          <th className="n c-time">{t('col.wait')}</th>
          <th className="n c-time">{t('col.speak')}</th>
          <th className="c-result">{t('col.result')}</th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call, i) => {
          const started = msOf(call.startedAt)
          const isToday = localOf(started, zone).slice(0, 10) === today
          return (
            <tr
              key={call.id}
              className={i === cursor ? 'sel' : ''}
              data-call={call.id}
              onClick={() => void navigate({ to: '/archive/$callId', params: { callId: call.id } })}
            >
              <td className="num nowrap">
                <Link to="/archive/$callId" params={{ callId: call.id }} className="b plain" onClick={(event) => event.stopPropagation()}>
                  {!isToday && <span className="faint s day">{times.shortDate(started)} </span>}
                  {times.clock(started)}
                </Link>
              </td>
              <td>
                <Direction call={call} />
              </td>
              <td className="num b nowrap">{words.caller(call)}</td>
              <td className="clip">{queuesOf(call) || <span className="faint">{t('noQueue')}</span>}</td>
              <td className="clip">
                <AgentsCell call={call} words={words} />
              </td>
              <td className="c-story">
                <StripView call={call} width={206} now={call.endedAt === null ? now : 0} />
              </td>
              <td className="n num">
                <Seconds of={waitOf(call, now)} />
              </td>
              <td className="n num">
                <Seconds of={speakOfAll(call, now) || null} />
              </td>
              <td className="nowrap clip">
                <ResultBadge result={call.result} /> <Extras call={call} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function PhoneList({ calls, now }: { calls: readonly Call[]; now: number }) {
  const words = useWords()
  const times = useTimes()
  const [measure, width] = useWidth<HTMLUListElement>()
  return (
    <ul className="phone-list" ref={measure} aria-label={words.t('archive.table')}>
      {calls.map((call) => (
        <li key={call.id}>
          <Link to="/archive/$callId" params={{ callId: call.id }} className="rowc">
            <span className="row g2">
              <Direction call={call} />
              <b className="num">{words.caller(call)}</b>
              <span className="grow" />
              <span className="num faint s">
                {times.shortDate(msOf(call.startedAt))} {times.clock(msOf(call.startedAt))}
              </span>
            </span>
            {width > 40 && <StripView call={call} width={width - 24} now={call.endedAt === null ? now : 0} />}
            <span className="row g2 s muted">
              <ResultBadge result={call.result} />
              <span className="clip grow">
                {[queuesOf(call), call.agents.map((agent) => agent.name).join(', ')].filter((part) => part !== '').join(' · ')}
              </span>
              <span className="num nowrap">
                <Seconds of={speakOfAll(call, now) || waitOf(call, now)} />
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Export({ filters }: { filters: Filters }) {
  const { t } = useWords()
  const { zone } = useSession().solution
  const [trouble, setTrouble] = useState<string | null>(null)
  const save = (format: 'csv' | 'ndjson'): Promise<void> => {
    const { after: _page, ...all } = filters
    const name = `samtal-${new Date(serverNow()).toISOString().slice(0, 10)}.${format}`
    return keepAnswer(api.exportOf(queryOf(all, zone, serverNow()), format), name)
  }
  const run = (format: 'csv' | 'ndjson', close: () => void): void => {
    setTrouble(null)
    save(format).then(close, (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)))
  }
  return (
    <Popup
      className="btn tall wide"
      right
      label={
        <>
          <Icon name="download" />
          {t('archive.export')}
        </>
      }
    >
      {(close) => (
        <div className="col g2">
          {(['csv', 'ndjson'] as const).map((format) => (
            <button type="button" key={format} className="btn" onClick={() => run(format, close)}>
              {t(`archive.export.${format}`)}
            </button>
          ))}
          {trouble !== null && (
            <p className="trouble s" role="alert">
              {trouble}
            </p>
          )}
        </div>
      )}
    </Popup>
  )
}

function Head({ filters, change }: { filters: Filters; change: (filters: Filters) => void }) {
  const { t } = useWords()
  const { zone } = useSession().solution
  const field = useRef<HTMLInputElement>(null)
  useKeys((event) => {
    if (event.key !== '/') return false
    field.current?.focus()
    return true
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    change(withFilter(filters, { number: String(new FormData(event.currentTarget).get('number')) }))
  }
  return (
    <div className="row g3 wrap page-head">
      <h1>{t('archive.title')}</h1>
      <span className="faint s wide">{t('archive.sub', { zone })}</span>
      <span className="grow" />
      <search className="find">
        <form className="field" onSubmit={onSubmit}>
          <button type="submit" className="bare" aria-label={t('archive.find.do')}>
            <Icon name="find" size={16} />
          </button>
          <input
            key={filters.number ?? ''}
            ref={field}
            name="number"
            type="search"
            inputMode="tel"
            maxLength={40}
            placeholder={t('archive.find')}
            aria-label={t('archive.find')}
            defaultValue={filters.number === 'withheld' ? '' : (filters.number ?? '')}
          />
          <kbd className="wide">/</kbd>
        </form>
      </search>
      <Export filters={filters} />
    </div>
  )
}

function Foot(props: { calls: readonly Call[]; filters: Filters; next: string | null; change: (filters: Filters) => void }) {
  const { t } = useWords()
  const { calls, filters, next, change } = props
  const before = filters.after === undefined ? null : pageBefore(filters.after)
  const older = () => {
    if (next === null) return
    rememberPage(next, filters.after)
    change({ ...filters, after: next })
  }
  const newer = () => {
    const { after: _page, ...rest } = filters
    change(before?.key === undefined ? rest : { ...rest, after: before.key })
  }
  return (
    <div className="foot">
      <span className="num s muted">{t('archive.shown', { count: calls.length })}</span>
      <span className="faint s wide" aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> {t('archive.keys.move')} <kbd>Enter</kbd> {t('archive.keys.open')}
      </span>
      <span className="grow" />
      <span className="legend wide">
        <KindLegend />
      </span>
      {before !== null && (
        <button type="button" className="btn" onClick={newer}>
          {before.known ? t('archive.newer') : t('archive.newest')}
        </button>
      )}
      {next !== null && (
        <button type="button" className="btn" onClick={older}>
          {t('archive.older')}
        </button>
      )}
    </div>
  )
}

export function ArchivePage() {
  const { t } = useWords()
  const filters = readFilters(useSearch({ strict: false }))
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const { found, calls, next } = useCalls(filters)
  const now = useNow(
    1000,
    calls.some((call) => call.endedAt === null),
  )
  const [cursor, setCursor] = useState(-1)
  useTitle(t('archive.title'))
  const change = (to: Filters) => {
    setCursor(-1)
    void navigate({ to: '/archive', search: to })
  }
  const ids = calls.map((call) => call.id)
  useLayoutEffect(() => rememberResults({ ids, filters }))
  useKeys((event) => {
    if (event.key !== 'j' && event.key !== 'k') return false
    if (found.isPending || found.isPlaceholderData) return 'later'
    const to = Math.min(calls.length - 1, Math.max(0, cursor + (event.key === 'j' ? 1 : -1)))
    setCursor(to)
    document.querySelector<HTMLElement>(`[data-call="${CSS.escape(ids[to] ?? '')}"] a`)?.focus()
    return true
  })
  const body =
    found.error !== null && found.data === undefined ? (
      <Trouble error={found.error} retry={() => void found.refetch()} />
    ) : found.data === undefined ? (
      <Notice busy>{t('state.loading')}</Notice>
    ) : calls.length === 0 ? (
      <Notice
        action={
          countOf(filters) > 0 && (
            <button type="button" className="btn" onClick={() => change({})}>
              {t('state.noCalls.action')}
            </button>
          )
        }
      >
        {t(countOf(filters) > 0 ? 'state.noCalls' : 'state.noCallsAtAll')}
      </Notice>
    ) : (
      <>
        {isPhone ? <PhoneList calls={calls} now={now} /> : <Table calls={calls} cursor={cursor} now={now} />}
        <Foot calls={calls} filters={filters} next={next} change={change} />
      </>
    )
  return (
    <>
      <Head filters={filters} change={change} />
      <FilterChips filters={filters} change={change} />
      <section className="card results" aria-busy={found.isPlaceholderData}>
        {body}
      </section>
    </>
  )
}
