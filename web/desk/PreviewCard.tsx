/** A contact offered to the agent, who has not been rung: who, what is known, and Call, Reject, Never call again, or another time. */
import { type FormEvent, useState } from 'react'
import type { PreviewCard as Card, ContactOnDesk } from '#wire/contacts.ts'
import { Refused } from '../api.ts'
import { campaignsApi, type Rescheduled } from '../campaigns-api.ts'
import { useAsks } from '../parts/asks.ts'
import { Icon } from '../parts/Icon.tsx'
import { useKeys } from '../parts/keys.ts'
import { useOnce } from '../parts/once.ts'
import { secondsUntil } from '../state/board.ts'
import { clockLike } from '../state/shown.ts'
import { useNumbers, useText } from '../text/intl.tsx'

/** The contact's own columns, as the list has them. */
export function ContactColumns({ contact }: { contact: ContactOnDesk }) {
  const { t } = useText()
  const columns = Object.entries(contact.columns).filter(([, value]) => value !== '')
  return (
    <dl className="contact-columns">
      {contact.externalId !== null && (
        <div>
          <dt>{t('card.externalId')}</dt>
          <dd>{contact.externalId}</dd>
        </div>
      )}
      {contact.zone !== null && (
        <div>
          <dt>{t('card.zone')}</dt>
          <dd>{contact.zone}</dd>
        </div>
      )}
      {columns.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** By the contact's own clock, as the server reads a time without a zone. */
export function Reschedule({ onDo }: { onDo: (when: Rescheduled) => Promise<void> }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const [at, setAt] = useState('')
  const [whom, setWhom] = useState<'me' | 'anyone'>('me')
  const [minutes, setMinutes] = useState('60')
  const [wrong, setWrong] = useState<{ readonly field: string | undefined; readonly sentence: string } | null>(null)
  const once = useOnce()
  if (!isOpen)
    return (
      <button type="button" className="btn lg" onClick={() => setOpen(true)}>
        <Icon name="clock" size={16} /> {t('card.reschedule')}
      </button>
    )
  const send = (event: FormEvent): void => {
    event.preventDefault()
    const done = (): void => {
      setWrong(null)
      setOpen(false)
    }
    const failed = (error: unknown): void =>
      setWrong({
        field: error instanceof Refused ? error.field : undefined,
        sentence: error instanceof Error ? error.message : String(error),
      })
    once(() => onDo({ at, for: whom, ...(whom === 'me' ? { forMinutes: Number(minutes) } : {}) }).then(done, failed))
  }
  const trouble = (
    <p className="trouble s" role="alert">
      {wrong?.sentence}
    </p>
  )
  return (
    <form className="col g2 reschedule" onSubmit={send}>
      <label>
        {t('card.at')}
        <input
          className="input num"
          type="datetime-local"
          required
          value={at}
          aria-invalid={wrong?.field === 'at' || undefined}
          onChange={(event) => setAt(event.target.value)}
        />
        {wrong?.field === 'at' && trouble}
      </label>
      <label>
        {t('card.whom')}
        <select className="input" value={whom} onChange={(event) => setWhom(event.target.value as 'me' | 'anyone')}>
          <option value="me">{t('card.me')}</option>
          <option value="anyone">{t('card.anyone')}</option>
        </select>
      </label>
      {whom === 'me' && (
        <label>
          {t('card.minutes')}
          <input
            className="input num"
            type="number"
            required
            step="1"
            value={minutes}
            aria-invalid={wrong?.field === 'forMinutes' || undefined}
            onChange={(event) => setMinutes(event.target.value)}
          />
          {wrong?.field === 'forMinutes' && trouble}
        </label>
      )}
      {wrong !== null && wrong.field !== 'at' && wrong.field !== 'forMinutes' && trouble}
      <div className="row g2">
        <button type="submit" className="btn lg pri">
          {t('card.reschedule.do')}
        </button>
        <button type="button" className="btn lg" onClick={() => setOpen(false)}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}

function Left({ card, now }: { card: Card; now: number }) {
  const { t } = useText()
  const [until, key] = card.callsAt === null ? [card.until, 'card.left' as const] : [card.callsAt, 'card.callsIn' as const]
  return (
    <span className="num muted" role="timer">
      {t(key, { time: clockLike(secondsUntil(until, now)) })}
    </span>
  )
}

export function PreviewCard({ card, now }: { card: Card; now: number }) {
  const { t } = useText()
  const numbers = useNumbers()
  const { trouble, inTurn } = useAsks()
  const act = (what: 'call' | 'reject' | 'cancel'): void => inTurn(what, () => campaignsApi.card(card.callId, what))
  useKeys((event) => {
    const what = ({ a: 'call', r: 'reject' } as const)[event.key.toLowerCase() as 'a' | 'r']
    if (what === undefined) return false
    act(what)
    return true
  })
  const { contact } = card
  const number = card.number === null ? t('number.erased') : numbers(card.number)
  return (
    <section className="card preview" aria-label={t('card.title')}>
      <div className="hd wrap">
        <span className="badge warn">{card.why === null ? t('card.title') : t(`card.why.${card.why}`)}</span>
        <span className="s muted">
          {contact.campaign} · {t('card.attempt', { n: contact.attempt, max: contact.attemptsMax })}
        </span>
        <span className="grow" />
        <Left card={card} now={now} />
      </div>
      <div className="bd col g4">
        <div>
          <h2 className="card-who">{card.name ?? number}</h2>
          {card.name !== undefined && <p className="num">{number}</p>}
        </div>
        <ContactColumns contact={contact} />
        {trouble !== null && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="matter-buttons">
          <button type="button" className="btn lg ok" onClick={() => act('call')}>
            <Icon name="phone" size={16} /> {t('card.call')} <kbd>A</kbd>
          </button>
          <button type="button" className="btn lg" onClick={() => act('reject')}>
            <Icon name="cross" size={16} /> {t('card.reject')} <kbd>R</kbd>
          </button>
          <Reschedule onDo={(when) => campaignsApi.rescheduleCard(card.callId, when)} />
          <button type="button" className="btn lg dan2" title={t('card.cancel.hint')} onClick={() => act('cancel')}>
            <Icon name="barred" size={16} /> {t('card.cancel')}
          </button>
        </div>
      </div>
    </section>
  )
}
