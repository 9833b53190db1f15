/** The call in hand: who, since when, what can be done; what led here; and earlier calls with the same number. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Call } from '#wire/calls.ts'
import type { Agent } from '#wire/live.ts'
import { api } from '../api.ts'
import { ConsultPanel, DigitPad, Pads, type Run } from '../desk/Controls.tsx'
import { useStateWords } from '../parts/AgentState.tsx'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { ResultBadge } from '../parts/Result.tsx'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { useNames } from '../parts/session.tsx'
import { useWords, type Words } from '../parts/words.tsx'
import { StoryOnly } from '../picture/StoryOnly.tsx'
import { StripView } from '../picture/StripView.tsx'
import { secondsSince, secondsUntil } from '../state/board.ts'
import { type Act, isAsked, isOwnCall, whoOf } from '../state/desk.ts'
import { newest } from '../state/live.ts'
import { clockLike, msOf } from '../state/shown.ts'
import { serverNow, usePictureOf } from '../state/store.ts'
import { useText, useTimes } from '../text/intl.tsx'

type Matter = NonNullable<Agent['matter']>

const numberOf = (matter: Matter, words: Words): string =>
  words.number({ number: matter.number, ...(matter.withheld ? { withheld: true } : {}), ...(matter.erased ? { erased: true } : {}) })

function Idle({ agent, now }: { agent: Agent; now: number }) {
  const { t } = useText()
  const rest = agent.until === null ? 0 : secondsUntil(agent.until, now)
  const text = {
    ready: t('desk.idle.ready'),
    loggedOff: t('desk.idle.loggedOff'),
    paused: t('desk.idle.paused'),
    rejected: t('desk.idle.rest', { time: clockLike(rest) }),
    noAnswer: t('desk.idle.rest', { time: clockLike(rest) }),
    unreachable: t('desk.idle.unreachable'),
    connecting: t('state.loading'),
    connected: t('state.loading'),
    wrapUp: t('state.loading'),
  }[agent.state]
  return (
    <section className="card idle">
      <Icon name="phone" size={28} />
      <p>{text}</p>
      {agent.answersFromDesk && <p className="faint s">{t('desk.simulated')}</p>}
    </section>
  )
}

function Countdown({ agent, now }: { agent: Agent; now: number }) {
  const { t } = useText()
  const words = useStateWords()
  if (agent.until === null) return null
  const left = secondsUntil(agent.until, now)
  const whole = Math.max(1, (msOf(agent.until) - msOf(agent.since)) / 1000)
  const round = 2 * Math.PI * 30
  return (
    <div className="row g4 countdown">
      <svg width="72" height="72" viewBox="0 0 72 72" aria-hidden="true">
        <circle className="ring-track" cx="36" cy="36" r="30" />
        <circle
          className="ring-left"
          cx="36"
          cy="36"
          r="30"
          strokeDasharray={`${(round * Math.min(left, whole)) / whole} ${round}`}
          transform="rotate(-90 36 36)"
        />
        <text x="36" y="41" textAnchor="middle" className="ring-text">
          {clockLike(left)}
        </text>
      </svg>
      <div className="col">
        <b className="num">{t('desk.wrapUp.left', { seconds: left })}</b>
        {agent.wish !== null && (
          <span className="faint s">{t('desk.wrapUp.then', { state: words(agent.wish.state, agent.wish.reason) })}</span>
        )}
      </div>
    </div>
  )
}

function Buttons({ acts, run, agent }: { acts: ReadonlySet<Act>; run: Run; agent: Agent }) {
  const { t } = useText()
  const button = (act: Exclude<Act, 'pause'>, text: string, look: string, icon?: IconName, turned = false) =>
    acts.has(act) && (
      <button type="button" className={`btn lg ${look}`} onClick={() => run(act)}>
        {icon !== undefined && <Icon name={icon} size={16} turned={turned} />} {text}
      </button>
    )
  return (
    <div className="matter-buttons">
      {button('answer', t('desk.answer'), 'ok', 'phone')}
      {button('reject', t('desk.reject'), '', 'cross')}
      {button('cancel', t('desk.cancel'), 'dan2', 'cross')}
      {button('hangUp', t('desk.hangUp'), 'dan', 'phone', true)}
      {button('voicemail', t('desk.voicemail'), '')}
      {button('extend', t('desk.extend'), '')}
      {button('readyNow', t('desk.readyNow'), 'pri')}
      {agent.matter?.phase === 'ringing' && !agent.answersFromDesk && <p className="muted s">{t('desk.answerByPhone')}</p>}
    </div>
  )
}

type Tone = 'warn' | 'good' | ''

/** The word on the badge, and what stands beside the time. */
function phaseWords(matter: Matter, t: Words['t']): { readonly phase: string; readonly sub: string; readonly tone: Tone } {
  const own = isOwnCall(matter)
  const ringing = matter.kind === 'line' || matter.kind === 'callback' ? matter.kind : 'other'
  switch (matter.phase) {
    case 'ringing':
      return own
        ? { phase: t('desk.phase.ringing.own'), sub: t('desk.sub.ringing.own'), tone: 'warn' }
        : { phase: t(`desk.phase.ringing.${ringing}`), sub: t('desk.sub.ringing'), tone: 'warn' }
    case 'calling':
      return own
        ? { phase: t('desk.phase.calling.own'), sub: t('desk.sub.calling.own'), tone: 'warn' }
        : { phase: t('desk.phase.calling'), sub: t('desk.sub.calling'), tone: 'warn' }
    case 'talking': {
      const sub = t('desk.sub.talking')
      if (matter.consult !== null) return { phase: t('desk.phase.consult'), sub, tone: 'warn' }
      if (matter.conference) return { phase: t('desk.phase.conference'), sub, tone: 'good' }
      return matter.onHold ? { phase: t('desk.phase.hold'), sub, tone: 'warn' } : { phase: t('desk.phase.talking'), sub, tone: 'good' }
    }
    case 'wrapUp':
      return { phase: t('desk.phase.wrapUp'), sub: '', tone: '' }
  }
}

interface MatterProps {
  readonly agent: Agent
  readonly now: number
  readonly acts: ReadonlySet<Act>
  readonly run: Run
  readonly digitsOpen: boolean
  readonly ask: (asking: Promise<void>) => void
}

/** How long the customer waited; empty where nobody waits for the agent, as in his own calls. */
const waitedOf = ({ waitedMs, kind }: Matter): string =>
  waitedMs === null || kind === 'outbound' || kind === 'internal' ? '' : clockLike(Math.floor(waitedMs / 1000))

/** What this is, or why the phone rings. */
function kindOf(matter: Matter, words: Words): string {
  const { t } = words
  if (matter.comesFrom !== undefined) return t(`desk.kind.${matter.comesFrom.how}`, { who: matter.comesFrom.name })
  return isAsked(matter) ? t('desk.kind.asked', { who: matter.name ?? numberOf(matter, words) }) : t(`desk.kind.${matter.kind}`)
}

/** Who is on the line, and for how long. */
function MatterHead({ matter, now, phase, tone, sub }: { matter: Matter; now: number; phase: string; tone: Tone; sub: string }) {
  const words = useWords()
  const names = useNames()
  const { t } = words
  const { who, beside } = whoOf(matter, numberOf(matter, words))
  const waited = waitedOf(matter) === '' ? '' : t('desk.waited', { time: waitedOf(matter) })
  return (
    <>
      <div className="row g2">
        <span className={`badge ${tone}`} role="status">
          {matter.phase !== 'wrapUp' && <span className="dot live-dot small" />}
          {phase}
        </span>
        <span className="grow" />
        <span className="s muted">{matter.queueId === null ? '' : names.queue(matter.queueId)}</span>
      </div>
      <p className="who num">{who}</p>
      {matter.askFor !== undefined && <p className="b">{words.askFor(matter.askFor)}</p>}
      <p className="muted num">
        {beside !== null && `${beside}, `}
        {kindOf(matter, words)}
      </p>
      {matter.phase !== 'wrapUp' && (
        <p className="row since-row">
          <b className="num">{clockLike(secondsSince(matter.since, now))}</b>
          <span className="s muted">{[sub, waited].filter((part) => part !== '').join(', ')}</span>
        </p>
      )}
    </>
  )
}

/** The offer, the conversation or the wrap-up, with its buttons. */
function EndsAt({ at }: { at: string }) {
  const { t } = useText()
  const times = useTimes()
  return (
    <p className="s warn-text" role="alert">
      {t('desk.endsAt', { time: times.clock(msOf(at)) })}
    </p>
  )
}

export function MatterCard({ agent, now, acts, run, digitsOpen, ask }: MatterProps) {
  const words = useWords()
  const { t } = words
  const { matter } = agent
  if (matter === null) {
    if (agent.state !== 'wrapUp') return <Idle agent={agent} now={now} />
    return (
      <section className="card matter">
        <Countdown agent={agent} now={now} />
        <Buttons acts={acts} run={run} agent={agent} />
      </section>
    )
  }
  const { phase, sub, tone } = phaseWords(matter, t)
  return (
    <section className={matter.phase === 'ringing' ? 'card matter rings' : 'card matter'} aria-label={phase}>
      <MatterHead matter={matter} now={now} phase={phase} tone={tone} sub={sub} />
      {matter.phase === 'wrapUp' && <Countdown agent={agent} now={now} />}
      <ConsultPanel matter={matter} who={whoOf(matter, numberOf(matter, words)).who} />
      <Pads acts={acts} run={run} digitsOpen={digitsOpen} />
      {digitsOpen && <DigitPad key={matter.callId} callId={matter.callId} ask={ask} />}
      {matter.endsAt !== undefined && <EndsAt at={matter.endsAt} />}
      {matter.muted && (
        <p className="s warn-text" role="status">
          {t('desk.muted.note')}
        </p>
      )}
      <Buttons acts={acts} run={run} agent={agent} />
      {acts.has('cancel') && <p className="muted s stops">{t(acts.has('hangUp') ? 'desk.stops' : 'desk.stops.own')}</p>}
    </section>
  )
}

/** What led here, and the story so far. */
export function ThisCall({ matter, now }: { matter: Matter; now: number }) {
  const words = useWords()
  const names = useNames()
  const { t } = words
  const told = usePictureOf((picture) => picture.calls.get(matter.callId))
  // A call is an agent's to see once he has answered it, or where he ordered it.
  const his = matter.phase !== 'ringing' || isOwnCall(matter)
  // The page is told of a call that begins or becomes his while it is open; asked for in that instant, the archive may not have it yet.
  const [isKnown] = useState(matter.phase !== 'ringing')
  const fetched = useQuery({ queryKey: ['call', matter.callId], queryFn: () => api.call(matter.callId), enabled: isKnown })
  const call = told ?? fetched.data
  const rows: [string, string][] = [
    [t('desk.queue'), matter.queueId === null ? '' : names.queue(matter.queueId)],
    [t('desk.kind'), t(`desk.kind.${matter.kind}`)],
    [t('desk.waitedLabel'), waitedOf(matter)],
    [
      t('desk.attempt'),
      matter.attempt === null || matter.attemptsMax === null ? '' : t('desk.attempt.of', { n: matter.attempt, max: matter.attemptsMax }),
    ],
    [t('desk.menuPath'), matter.menuPath.join(' › ')],
  ]
  return (
    <section className="card" aria-labelledby="this-call">
      <div className="hd">
        <h2 id="this-call">{t('desk.thisCall')}</h2>
        <span className="grow" />
        {(his || call !== undefined) && (
          <Link className="s" to="/archive/$callId" params={{ callId: matter.callId }}>
            {t('desk.openInArchive')}
          </Link>
        )}
      </div>
      <div className="bd col g3">
        {call !== undefined && <StoryOnly call={call} now={now} />}
        <dl className="kv">
          {rows
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="num">{value}</dd>
              </div>
            ))}
        </dl>
      </div>
    </section>
  )
}

const EARLIER_MAX = 5

/** Of one number, or of one agent: what all have in common is not said again. */
type Of = 'number' | 'agent'

function CallList({ calls, of }: { calls: readonly Call[]; of: Of }) {
  const words = useWords()
  const times = useTimes()
  return (
    <table className="cards others">
      <tbody>
        {calls.map((call) => (
          <tr key={call.id}>
            <td className="num nowrap when">
              <Link to="/archive/$callId" params={{ callId: call.id }}>
                {times.shortDate(msOf(call.startedAt))} {times.minute(msOf(call.startedAt))}
              </Link>
            </td>
            {of === 'agent' && <td className="num b nowrap who-of">{words.caller(call)}</td>}
            <td className="muted queues">{call.queues.map((queue) => queue.name).join(', ')}</td>
            <td className="strip-of">
              <StripView call={call} width={130} now={serverNow()} />
            </td>
            {of === 'number' && <td className="who-of">{call.agents.map((agent) => agent.name).join(', ')}</td>}
            <td className="r result-of">
              <ResultBadge result={call.result} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What is found of other calls, under a title; a sentence when there is nothing. */
function Others({ of, id, title, calls, none }: { of: Of; id: string; title: string; calls: readonly Call[]; none: string }) {
  return (
    <ScrollCard labelledBy={id}>
      <div className="hd">
        <h2 id={id}>{title}</h2>
      </div>
      {calls.length === 0 ? <p className="bd muted">{none}</p> : <CallList calls={calls} of={of} />}
    </ScrollCard>
  )
}

export function EarlierCalls({ matter }: { matter: Matter }) {
  const { t } = useText()
  const { number } = matter
  const earlier = useQuery({
    queryKey: ['earlier', number, matter.callId],
    enabled: number !== null,
    queryFn: () => api.calls(new URLSearchParams({ number: number ?? '', numberMatch: 'exact', limit: String(EARLIER_MAX + 1) })),
  })
  const calls = (earlier.data?.items ?? []).filter((call) => call.id !== matter.callId).slice(0, EARLIER_MAX)
  const none = number === null ? t('desk.earlier.hidden') : earlier.isPending ? t('state.loading') : t('desk.earlier.none')
  return <Others of="number" id="earlier" title={t('desk.earlier')} calls={calls} none={none} />
}

/** While no call is in hand: the agent's own latest ones. */
export function LatestCalls({ agent }: { agent: Agent }) {
  const { t } = useText()
  const latest = useQuery({
    queryKey: ['latest', agent.id, agent.since],
    queryFn: () => api.calls(new URLSearchParams({ agent: agent.id, limit: String(EARLIER_MAX) })),
    placeholderData: (before) => before,
  })
  // What was fetched the moment a call ended may not know yet that it has.
  const told = usePictureOf((picture) => picture.calls)
  const calls = (latest.data?.items ?? []).map((call) => newest(call, told.get(call.id)))
  const none = latest.isPending ? t('state.loading') : t('desk.latest.none')
  return <Others of="agent" id="latest" title={t('desk.latest')} calls={calls} none={none} />
}
