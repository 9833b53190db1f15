/** What can be done in a conversation: the keys of the phone, the digit pad, and the two one talks with by turns in a consult. */
import { useRef, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { api } from '../api.ts'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { useKeys } from '../parts/keys.ts'
import type { Act } from '../state/desk.ts'
import type { MessageId } from '../text/en.ts'
import { useNumbers, useText } from '../text/intl.tsx'

type Matter = NonNullable<Agent['matter']>
export type Run = (act: Exclude<Act, 'pause'>) => void

interface Pad {
  readonly act: Exclude<Act, 'pause'>
  readonly icon: IconName
  readonly text: MessageId
  readonly key: string
  /** It is the way back out of something that goes on. */
  readonly on?: true
}

const PADS: readonly Pad[] = [
  { act: 'mute', icon: 'microphone', text: 'desk.mute', key: 'M' },
  { act: 'unmute', icon: 'microphone', text: 'desk.unmute', key: 'M', on: true },
  { act: 'hold', icon: 'hold', text: 'desk.hold', key: 'P' },
  { act: 'resume', icon: 'hold', text: 'desk.resume', key: 'P', on: true },
  { act: 'digits', icon: 'digits', text: 'desk.digits', key: 'D' },
  { act: 'consult', icon: 'people', text: 'desk.consult', key: 'C' },
  { act: 'swap', icon: 'internal', text: 'desk.swap', key: 'S' },
  { act: 'giveAway', icon: 'transfer', text: 'desk.giveAway', key: 'T' },
  { act: 'conference', icon: 'plus', text: 'desk.conference', key: 'J' },
  { act: 'endConsult', icon: 'back', text: 'desk.endConsult', key: 'B' },
]

export function Pads({ acts, run, digitsOpen }: { acts: ReadonlySet<Act>; run: Run; digitsOpen: boolean }) {
  const { t } = useText()
  const pads = PADS.filter(({ act }) => acts.has(act))
  if (pads.length === 0) return null
  return (
    <fieldset className="pads">
      <legend className="vh">{t('desk.controls')}</legend>
      {pads.map(({ act, icon, text, key, on }) => (
        <button
          type="button"
          key={act}
          className={on || (act === 'digits' && digitsOpen) ? 'pad on' : 'pad'}
          aria-expanded={act === 'digits' ? digitsOpen : undefined}
          aria-keyshortcuts={key}
          onClick={() => run(act)}
        >
          <Icon name={icon} size={16} />
          {t(text)}
        </button>
      ))}
    </fieldset>
  )
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const SHOWN_MAX = 20

/** Digits to the other party, pressed or typed; shown here only, and only until the pad is closed. */
export function DigitPad({ callId, ask }: { callId: string; ask: (asking: Promise<void>) => void }) {
  const { t } = useText()
  const [sent, setSent] = useState('')
  const before = useRef<Promise<void>>(Promise.resolve())
  const press = (digit: string) => {
    setSent((digits) => (digits + digit).slice(-SHOWN_MAX))
    // One after another: two on their way at once might overtake each other.
    const sending = before.current.then(() => api.digits(callId, digit))
    before.current = sending.then(
      () => undefined,
      () => undefined,
    )
    ask(sending)
  }
  useKeys((event) => {
    if (!DIGITS.includes(event.key)) return false
    press(event.key)
    return true
  })
  const name = (digit: string) =>
    digit === '*' ? t('desk.digits.star') : digit === '#' ? t('desk.digits.hash') : t('desk.digits.digit', { digit })
  return (
    <fieldset className="digit-pad">
      <legend className="vh">{t('desk.digits.pad')}</legend>
      <div className="digit-keys">
        {DIGITS.map((digit) => (
          <button type="button" key={digit} className="pad" aria-label={name(digit)} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
      </div>
      <p className="s muted num" role="status">
        {sent === '' ? t('desk.digits.hint') : t('desk.digits.sent', { digits: sent })}
      </p>
    </fieldset>
  )
}

/** In a consult: whom is asked, and the customer; which of them hears the agent now. */
export function ConsultPanel({ matter, who }: { matter: Matter; who: string }) {
  const { t } = useText()
  const format = useNumbers()
  const { consult } = matter
  if (consult === null) return null
  const { to, phase, active } = consult
  const name =
    to.kind === 'queue'
      ? t('desk.consult.queue', { name: to.name })
      : to.kind === 'agent'
        ? to.name
        : to.number === null
          ? t('none')
          : format(to.number)
  const withThem = phase === 'talking' ? (active ? t('desk.consult.talking') : t('desk.consult.waits')) : t(`desk.consult.${phase}`)
  const talksToCustomer = phase === 'talking' && !active
  return (
    <fieldset className="consult" aria-live="polite">
      <legend className="vh">{t('desk.consult.title')}</legend>
      <div className={phase === 'talking' && active ? 'on' : ''}>
        <b className="num">{name}</b>
        <span>{withThem}</span>
      </div>
      <div className={talksToCustomer ? 'on' : ''}>
        <b className="num">{who}</b>
        <span>{t(talksToCustomer ? 'desk.consult.customer.talking' : 'desk.consult.customer')}</span>
      </div>
    </fieldset>
  )
}
