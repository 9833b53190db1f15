/** One call, whole: who, when, how it went, the picture, and everything the picture says as tables. */
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { Call } from '#wire/calls.ts'
import { api } from '../api.ts'
import { useIsPhone, useNow, useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { useKeys } from '../parts/keys.ts'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { Direction, Extras, ResultBadge } from '../parts/Result.tsx'
import { useWords, type Words } from '../parts/words.tsx'
import { DownPicture } from '../picture/DownPicture.tsx'
import { Picture } from '../picture/Picture.tsx'
import { newest } from '../state/live.ts'
import { lastResults } from '../state/results.ts'
import { clockLike, holdOfCall, msOf, speakOf, speakOfAll, waitOf, waitToCustomerOf, wholeOf } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useTimes } from '../text/intl.tsx'
import { PartiesTable, StoryTable } from './CallTables.tsx'
import { Facts } from './Facts.tsx'

/** A call as new as the stream has told it. */
function useCall(callId: string) {
  const told = usePictureOf((picture) => picture.calls.get(callId))
  const fetched = useQuery({ queryKey: ['call', callId], queryFn: () => api.call(callId) })
  const { refetch } = fetched
  const call = fetched.data === undefined ? told : newest(fetched.data, told)
  return { call, error: fetched.error, refetch }
}

const lineOf = (call: Call, words: Words): string => {
  const { t, word } = words
  if (call.mode !== undefined) return t('call.line.dialler', { mode: word('mode', call.mode), campaign: call.campaignId ?? '–' })
  if (call.origin === 'web') return t('call.line.web')
  if (call.direction === 'internal') return t('call.line.internal', { from: words.party(call.from), to: words.party(call.to) })
  if (call.direction === 'outbound') {
    return call.from === null
      ? t('call.line.outboundShort', { to: words.party(call.to) })
      : t('call.line.outbound', { from: words.party(call.from), to: words.party(call.to) })
  }
  return t('call.line.inbound', { to: words.party(call.to) })
}

/** Who ordered a call that none of his phones was answered in; else he is among the agents. */
const ordererOf = ({ orderedBy, agents }: Call, words: Words): string =>
  orderedBy === undefined || agents.some(({ id }) => id === orderedBy)
    ? ''
    : words.t('call.line.orderedBy', { agent: words.party(`agent:${orderedBy}`) })

function Measure({ name, value, sub }: { name: string; value: string; sub: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        <span className="sub">{sub}</span>
      </dd>
    </div>
  )
}

function Measures({ call, now, words }: { call: Call; now: number; words: Words }) {
  const { t } = words
  const orDash = (seconds: number | null) => (seconds === null ? '–' : clockLike(seconds))
  const hold = holdOfCall(call, now)
  const attempts = new Set(call.legs.flatMap((leg) => leg.attempt ?? [])).size
  const noAgent = call.agents.length === 0
  const waitSub = call.direction === 'inbound' ? (noAgent ? 'measure.wait.sub.left' : 'measure.wait.sub') : 'measure.wait.sub.own'
  const toCustomer = waitToCustomerOf(call)
  return (
    <dl className="measures">
      <Measure name={t('measure.wait')} value={orDash(waitOf(call, now))} sub={t(waitSub)} />
      {toCustomer !== null && (
        <Measure name={t('measure.waitToCustomer')} value={clockLike(toCustomer)} sub={t('measure.waitToCustomer.sub')} />
      )}
      <Measure
        name={t('measure.speak')}
        value={noAgent ? '–' : clockLike(speakOfAll(call, now))}
        sub={hold > 0 ? t('measure.speak.sub', { hold: clockLike(hold) }) : t('measure.speak.sub.none')}
      />
      {(attempts > 0 || call.unanswered > 0) && (
        <Measure
          name={t('measure.attempts')}
          value={String(Math.max(attempts, call.unanswered))}
          sub={t('measure.attempts.sub', { n: call.unanswered })}
        />
      )}
      <Measure name={t('measure.whole')} value={clockLike(wholeOf(call, now))} sub={t('measure.whole.sub', { n: call.events.length })} />
      <div>
        <dt>{t('measure.agents')}</dt>
        <dd className="names-list">
          {noAgent
            ? '–'
            : call.agents.map((agent) => {
                const spoke = clockLike(speakOf(call, agent.id, now))
                return (
                  <span key={agent.id} title={t('measure.agent.speak', { name: agent.name, time: spoke })}>
                    {agent.name} <span className="faint num">{spoke}</span>
                  </span>
                )
              })}
        </dd>
      </div>
    </dl>
  )
}

function Header({ call, now, words }: { call: Call; now: number; words: Words }) {
  const times = useTimes()
  const { t } = words
  const start = msOf(call.startedAt)
  const end = call.endedAt === null ? t('call.now') : times.clock(msOf(call.endedAt))
  const queues = call.queues.map((queue) => queue.name).join(', ')
  return (
    <div className="call-head">
      <div>
        <div className="row g2 wrap">
          <Direction call={call} />
          <h1 className="num">{words.caller(call)}</h1>
          <ResultBadge result={call.result} />
          <Extras call={call} />
        </div>
        <p className="muted s">
          {[lineOf(call, words), ordererOf(call, words), queues, `${times.longDate(start)}, ${times.clock(start)} – ${end}`]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
        {call.askFor !== undefined && <p className="b">{words.askFor(call.askFor)}</p>}
        {call.withheld === true && <p className="said">{t('number.withheld.long')}</p>}
        {call.erased === true && <p className="said">{t('number.erased.long')}</p>}
      </div>
      <Measures call={call} now={now} words={words} />
    </div>
  )
}

function CopyLink({ words }: { words: Words }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      className="btn"
      onClick={() => void navigator.clipboard.writeText(window.location.href).then(() => setCopied(true))}
    >
      <Icon name={copied ? 'check' : 'link'} />
      <span aria-live="polite">{words.t(copied ? 'call.copied' : 'call.copy')}</span>
    </button>
  )
}

function Related({ call, words }: { call: Call; words: Words }) {
  if (call.relatedCalls.length === 0) return null
  return (
    <section className="card related" aria-labelledby="related-title">
      <div className="hd">
        <h2 id="related-title">{words.t('related.title')}</h2>
        <span className="faint s">{words.t('related.sub')}</span>
      </div>
      <ul>
        {call.relatedCalls.map((id) => (
          <RelatedRow key={id} callId={id} words={words} />
        ))}
      </ul>
    </section>
  )
}

function RelatedRow({ callId, words }: { callId: string; words: Words }) {
  const times = useTimes()
  const { call } = useCall(callId)
  return (
    <li>
      <Link to="/archive/$callId" params={{ callId }}>
        {call === undefined
          ? callId
          : `${times.shortDate(msOf(call.startedAt))} ${times.clock(msOf(call.startedAt))} · ${words.caller(call)}`}
      </Link>
      {call !== undefined && <ResultBadge result={call.result} />}
    </li>
  )
}

/** The event in hand: named by the address, as `#e5` or `?event=e5`. */
function useChosen(call: Call | undefined) {
  const navigate = useNavigate()
  const { hash } = useLocation()
  const { event } = useSearch({ strict: false })
  const wanted = hash !== '' ? hash : (event ?? null)
  const chosen = call?.events.some((one) => one.id === wanted) ? wanted : null
  const choose = useCallback(
    (eventId: string | null) =>
      void navigate({ to: '.', search: {}, hash: eventId ?? '', replace: true, hashScrollIntoView: false, resetScroll: false }),
    [navigate],
  )
  return { chosen, choose }
}

function useCallKeys(callId: string, shown: ReturnType<typeof useCall>, { chosen, choose }: ReturnType<typeof useChosen>) {
  const navigate = useNavigate()
  const { call, error } = shown
  useKeys((event) => {
    if (event.key === 'j' || event.key === 'k') {
      const { ids } = lastResults()
      const place = ids.indexOf(callId)
      const next = place < 0 ? undefined : ids[place + (event.key === 'j' ? 1 : -1)]
      if (next !== undefined) void navigate({ to: '/archive/$callId', params: { callId: next } })
      return next !== undefined
    }
    if (event.shiftKey || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return false
    if (call === undefined) return error === null && 'later'
    const focused = document.activeElement?.getAttribute('data-event')
    const at = call.events.findIndex((one) => one.id === (focused ?? chosen))
    const step = event.key === 'ArrowRight' ? 1 : -1
    const next = call.events[at < 0 ? (step > 0 ? 0 : call.events.length - 1) : Math.min(call.events.length - 1, Math.max(0, at + step))]
    if (next === undefined) return false
    choose(next.id)
    document.getElementById(`picture-${next.id}`)?.focus()
    return true
  })
}

export function CallPage() {
  const { callId } = useParams({ from: '/archive/$callId' })
  const words = useWords()
  const { t } = words
  const isPhone = useIsPhone()
  const shown = useCall(callId)
  const { call, error, refetch } = shown
  const now = useNow(1000, call !== undefined && call.endedAt === null)
  const [facts, setFacts] = useState(false)
  const choice = useChosen(call)
  const { chosen, choose } = choice
  const { ids, filters } = lastResults()
  const place = ids.indexOf(callId)
  useTitle(call === undefined ? t('archive.title') : words.caller(call))
  useCallKeys(callId, shown, choice)
  if (call === undefined) {
    return error === null ? (
      <Notice busy alone>
        {t('state.loading')}
      </Notice>
    ) : (
      <Trouble error={error} retry={() => void refetch()} notFound={t('state.call.notFound')} alone />
    )
  }
  const ShownPicture = isPhone ? DownPicture : Picture
  return (
    <>
      <div className="row g3 wrap page-head">
        <Link to="/archive" search={filters} className="row g1 s">
          <Icon name="back" />
          {t('call.back')}
        </Link>
        {place >= 0 && (
          <span className="faint s wide">
            <kbd>k</kbd> <kbd>j</kbd> {t('call.neighbours')}
          </span>
        )}
        <span className="grow" />
        <CopyLink words={words} />
        <button type="button" className="btn" aria-expanded={facts} onClick={() => setFacts(!facts)}>
          <Icon name="facts" />
          {t(facts ? 'facts.hide' : 'facts.show')}
        </button>
      </div>
      <Header call={call} now={now} words={words} />
      <ShownPicture key={call.id} call={call} chosen={chosen} choose={choose} />
      <div className={facts ? 'two with-facts' : 'two'}>
        <div className="col g4">
          <StoryTable call={call} now={now} chosen={chosen} choose={choose} />
          <PartiesTable call={call} now={now} />
          <Related call={call} words={words} />
        </div>
        {facts && <Facts call={call} chosen={chosen} onClose={() => setFacts(false)} />}
      </div>
    </>
  )
}
