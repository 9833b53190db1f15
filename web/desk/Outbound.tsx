/** Calling somebody: the number field with what the number is, whose number is shown, recent calls; in a conversation whom to ask or give it to. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type RefObject, useId, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import type { NumberRead } from '#wire/requests.ts'
import { api, type Refused } from '../api.ts'
import { DirectorySearch, type Picked } from '../parts/DirectorySearch.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useSession } from '../parts/session.tsx'
import { type Act, mayDial } from '../state/desk.ts'
import { newest } from '../state/live.ts'
import { msOf } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'
import { useAsking, useNumberRead } from './number.ts'
import { type Tried, useEnding, useTried } from './tried.ts'

const RECENT_MAX = 5
/** Several calls to one number are one row. */
const RECENT_READ = 20

/** What is masked cannot be dialled, nor put into the field: by the call the server knows whom. */
const isMasked = (number: string): boolean => number.includes('•')
const numberOrCall = (number: string | null, callId: string): string | null =>
  number !== null && isMasked(number) ? `call:${callId}` : number

function Ended({ tried, again, forget }: { tried: Tried; again: (to: string) => void; forget: () => void }) {
  const { t } = useText()
  const format = useNumbers()
  const ending = useEnding(tried)
  if (ending === null) return null
  const who = tried.colleague?.name ?? (tried.number === null ? t('none') : format(tried.number))
  const to = tried.colleague === null ? numberOrCall(tried.number, tried.callId) : `agent:${tried.colleague.id}`
  return (
    <div className="ended" role="status">
      <p>
        <Icon name="warn" /> {t(`outbound.end.${ending}`, { who })}
      </p>
      <div className="row g2">
        {to !== null && (
          <button type="button" className="btn" onClick={() => again(to)}>
            {t('outbound.again')}
          </button>
        )}
        <button type="button" className="btn ghost" onClick={forget}>
          {t('outbound.dismiss')}
        </button>
      </div>
    </div>
  )
}

/** Under the field: what is dialled, or why not, and a warning. */
function FieldNote({ id, read, refused }: { id: string; read: NumberRead | null; refused: Refused | null }) {
  const { t } = useText()
  const format = useNumbers()
  // While a number is being typed it is not one yet: that is no fault, until Call is pressed.
  const unfinished = read?.refused?.code === 'number.invalid'
  const fault = refused?.message ?? (unfinished ? undefined : read?.refused?.detail)
  return (
    <div id={id} className="field-note" aria-live="polite">
      {fault !== undefined ? (
        <p className="trouble s" role="alert">
          {fault}
        </p>
      ) : (
        read !== null &&
        !unfinished && (
          <p className={read.emergency ? 's b warn-text' : 's muted num'}>
            {read.emergency ? t('outbound.emergency') : t('outbound.calls', { number: `${read.number} (${format(read.number)})` })}
          </p>
        )
      )}
      {read?.inUse != null && fault === undefined && (
        <p className="s warn-text">
          <Icon name="warn" /> {t(`outbound.inUse.${read.inUse}`)}
        </p>
      )}
    </div>
  )
}

function Recent({ agent, take, call }: { agent: Agent; take: (number: string) => void; call: (to: string) => void }) {
  const { t, word } = useText()
  const format = useNumbers()
  const times = useTimes()
  const recent = useQuery({
    queryKey: ['recent', agent.id, agent.since],
    queryFn: () => api.calls(new URLSearchParams({ agent: agent.id, direction: 'outbound', limit: String(RECENT_READ) })),
    placeholderData: (before) => before,
  })
  const told = usePictureOf((picture) => picture.calls)
  const rows = (recent.data?.items ?? [])
    .map((call) => newest(call, told.get(call.id)))
    .filter((call, i, all) => call.to !== null && all.findIndex((other) => other.to === call.to) === i)
    .slice(0, RECENT_MAX)
  return (
    <section className="recent" aria-labelledby="recent">
      <h3 id="recent" className="faint s">
        {t('outbound.recent')}
      </h3>
      {rows.length === 0 && <p className="muted s">{t('outbound.recent.none')}</p>}
      <ul>
        {rows.map(({ id, to, result, startedAt }) => (
          <li key={id}>
            <button
              type="button"
              className="bare recent-row"
              title={t(isMasked(to ?? '') ? 'outbound.recent.call' : 'outbound.recent.take', { number: format(to ?? '') })}
              onClick={() => (isMasked(to ?? '') ? call(`call:${id}`) : take(to ?? ''))}
            >
              <Icon name="outbound" />
              <b className="num grow">{format(to ?? '')}</b>
              <span className="muted s">{word('result', result)}</span>
              <span className="muted s num">{times.minute(msOf(startedAt))}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ShowChoice({ chosen, choose }: { chosen: string | null; choose: (number: string | null) => void }) {
  const { t } = useText()
  const format = useNumbers()
  const { callerId, callerIds } = useSession().solution
  const others = callerIds.filter(({ number }) => number !== callerId)
  if (others.length === 0) return null
  const usual = callerId === null ? t('outbound.show.withheld') : t('outbound.show.default', { number: format(callerId) })
  return (
    <label className="row g2 s show">
      {t('outbound.show')}
      <select className="input" value={chosen ?? ''} onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}>
        <option value="">{usual}</option>
        {others.map(({ number, name }) => (
          <option key={number} value={number}>
            {format(number)} {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Asks the browser to bring telephone links of other pages to this field. */
function LinksHere() {
  const { t } = useText()
  const [isAsked, setAsked] = useState(false)
  if (!('registerProtocolHandler' in navigator)) return null
  const register = () => {
    navigator.registerProtocolHandler('tel', `${window.location.origin}/desk?dial=%s`)
    setAsked(true)
  }
  return isAsked ? (
    <p className="faint s" role="status">
      {t('outbound.tel.done')}
    </p>
  ) : (
    <button type="button" className="btn ghost left" onClick={register}>
      <Icon name="link" /> {t('outbound.tel')}
    </button>
  )
}

/** Why nobody can be called from this state; null: one can, or it says so by itself. */
function whyNot(agent: Agent): 'loggedOff' | 'unreachable' | 'inCall' | null {
  if (agent.state === 'loggedOff' || agent.state === 'unreachable') return agent.state
  return agent.state === 'connected' ? 'inCall' : null
}

interface FieldProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly text: string
  readonly write: (text: string) => void
  readonly read: NumberRead | null
  readonly refused: Refused | null
}

function NumberField({ field, text, write, read, refused }: FieldProps) {
  const { t } = useText()
  const id = useId()
  const isBarred = read?.refused != null && read.refused.code !== 'number.invalid'
  return (
    <>
      <label htmlFor={id}>{t('outbound.field')}</label>
      <input
        ref={field}
        id={id}
        className="input num"
        type="tel"
        autoComplete="off"
        value={text}
        aria-describedby={`${id}-note`}
        aria-invalid={refused !== null || isBarred}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <FieldNote id={`${id}-note`} read={read} refused={refused} />
    </>
  )
}

interface OutboundProps {
  readonly agent: Agent
  readonly acts: ReadonlySet<Act>
  readonly field: RefObject<HTMLInputElement | null>
  readonly text: string
  readonly setText: (text: string) => void
}

type Colleague = Exclude<Picked, { kind: 'number' }>

/** Whom to call or to ask: a number as it is written, or a colleague or a queue out of the directory. */
function useWhom({ field, text, setText }: Pick<OutboundProps, 'field' | 'text' | 'setText'>) {
  const [colleague, setColleague] = useState<Colleague | null>(null)
  const read = useNumberRead(colleague === null ? text : '')
  const clear = () => {
    setColleague(null)
    setText('')
  }
  const asking = useAsking(clear)
  const write = (next: string) => {
    asking.forget()
    setColleague(null)
    setText(next)
  }
  const take = (number: string) => {
    write(number)
    field.current?.focus()
  }
  const pick = (picked: Picked) => {
    if (picked.kind === 'number') {
      take(picked.number)
      return
    }
    asking.forget()
    setColleague(picked)
  }
  const to = colleague === null ? text.trim() : `${colleague.kind}:${colleague.id}`
  return { colleague, read, asking, to, write, take, pick, clear }
}
type Whom = ReturnType<typeof useWhom>

function WhomField({ whom, field, text }: { readonly whom: Whom } & Pick<OutboundProps, 'field' | 'text'>) {
  const { t } = useText()
  const { colleague, read, asking } = whom
  return (
    <>
      {colleague === null ? (
        <NumberField field={field} text={text} write={whom.write} read={read} refused={asking.refused} />
      ) : (
        <>
          <p className="picked">
            <Icon name={colleague.kind === 'queue' ? 'facts' : 'people'} />
            <b className="grow">{colleague.kind === 'queue' ? t('desk.consult.queue', { name: colleague.name }) : colleague.name}</b>
            <button type="button" className="btn ghost sq" aria-label={t('outbound.unpick', { name: colleague.name })} onClick={whom.clear}>
              <Icon name="cross" />
            </button>
          </p>
          {asking.refused !== null && (
            <p className="trouble s" role="alert">
              {asking.refused.message}
            </p>
          )}
        </>
      )}
    </>
  )
}

/** In a conversation: whom to ask, or to give it to at once. */
function AskOrGive({ callId, ...props }: Omit<OutboundProps, 'agent' | 'acts'> & { readonly callId: string }) {
  const { t } = useText()
  const whom = useWhom(props)
  const { asking, to, read } = whom
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to !== '') asking.ask((key) => api.consult(callId, to, key))
  }
  return (
    <>
      <DirectorySearch onPick={whom.pick} />
      <form className="col g2" onSubmit={submit}>
        <WhomField whom={whom} field={props.field} text={props.text} />
        <div className="row g2">
          <button type="submit" className="btn lg grow" disabled={asking.isBusy || to === ''}>
            <Icon name="people" size={16} /> {t('desk.consult')}
          </button>
          <button
            type="button"
            className="btn lg grow"
            disabled={asking.isBusy || to === '' || read?.emergency === true}
            onClick={() => asking.ask((key) => api.transfer(callId, to, key))}
          >
            <Icon name="transfer" size={16} /> {t('desk.transfer')}
          </button>
        </div>
      </form>
    </>
  )
}

function Dialling({ agent, ...props }: Omit<OutboundProps, 'acts'>) {
  const { t } = useText()
  const [callerId, setCallerId] = useState<string | null>(null)
  const whom = useWhom(props)
  const { asking, read, to } = whom
  const { tried, forget } = useTried(agent)
  const mayCall = mayDial(agent) || read?.emergency === true
  const why = mayCall ? null : whyNot(agent)
  const dial = (callee: string) => {
    forget()
    asking.ask((key) => api.dial(agent.id, callee, callerId, key))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to !== '' && mayCall) dial(to)
  }
  return (
    <>
      {tried !== null && <Ended tried={tried} forget={forget} again={dial} />}
      <DirectorySearch kinds={['number', 'agent']} onPick={whom.pick} />
      <form className="col g2" onSubmit={submit}>
        <WhomField whom={whom} field={props.field} text={props.text} />
        {whom.colleague === null && <ShowChoice chosen={callerId} choose={setCallerId} />}
        <button type="submit" className="btn lg ok" disabled={asking.isBusy || to === '' || !mayCall}>
          <Icon name="phone" size={16} /> {t('outbound.call')}
        </button>
        {why !== null && <p className="muted s">{t(`outbound.not.${why}`)}</p>}
      </form>
      <Recent agent={agent} take={whom.take} call={dial} />
      <LinksHere />
    </>
  )
}

export function Outbound({ agent, acts, field, text, setText }: OutboundProps) {
  const { t } = useText()
  const callId = acts.has('consult') ? (agent.matter?.callId ?? null) : null
  return (
    <section className="card outbound" aria-labelledby="outbound">
      <div className="hd">
        <h2 id="outbound">{t(callId === null ? 'outbound.title' : 'outbound.title.talk')}</h2>
      </div>
      <div className="bd col g3">
        {callId === null ? (
          <Dialling agent={agent} field={field} text={text} setText={setText} />
        ) : (
          <AskOrGive callId={callId} field={field} text={text} setText={setText} />
        )}
      </div>
    </section>
  )
}
