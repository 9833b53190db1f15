/** The agent's page: your state on top, the call in hand, and what is known of who calls. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { api, type InCall, Refused } from '../api.ts'
import { ContactPanel } from '../desk/ContactPanel.tsx'
import type { Run } from '../desk/Controls.tsx'
import { Notices } from '../desk/Notices.tsx'
import { Outbound } from '../desk/Outbound.tsx'
import { PreviewCard } from '../desk/PreviewCard.tsx'
import { SHORTCUTS, Shortcuts, TO_FIELD } from '../desk/Shortcuts.tsx'
import { StateShape, useStateWords } from '../parts/AgentState.tsx'
import { useAsks } from '../parts/asks.ts'
import { useNow, useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { useKeys } from '../parts/keys.ts'
import { Notice } from '../parts/Notice.tsx'
import { Popup } from '../parts/Popup.tsx'
import { useSession } from '../parts/session.tsx'
import { PhoneLight } from '../phone/PhoneLight.tsx'
import { secondsSince, secondsUntil } from '../state/board.ts'
import { type Act, actsOf, isOwnCall, numberInLink } from '../state/desk.ts'
import { clockLike } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useText } from '../text/intl.tsx'
import { EarlierCalls, LatestCalls, MatterCard, ThisCall } from './DeskMatter.tsx'

export const EXTEND_MS = 30_000

const noCall = async (): Promise<void> => undefined

/** Acts on the agent's own state, and not on the call in hand. */
const OF_STATE: ReadonlySet<Act> = new Set<Act>(['logOn', 'logOff', 'ready', 'return', 'stayOn'])

/** Acts that open something here and ask nothing of the server. */
type Here = 'pause' | 'digits' | 'consult'

/** What each act asks of the server. */
const asks = (agent: Agent): Readonly<Record<Exclude<Act, Here>, () => Promise<void>>> => {
  const inCall = (what: InCall) => () => (agent.matter === null ? noCall() : api.inCall(agent.matter.callId, what))
  return {
    logOn: () => api.setState(agent.id, 'loggedOn'),
    logOff: () => api.setState(agent.id, 'loggedOff'),
    ready: () => api.setState(agent.id, 'ready'),
    return: () => api.setState(agent.id, 'ready'),
    stayOn: () => api.setState(agent.id, 'ready'),
    answer: inCall('answer'),
    reject: inCall('reject'),
    cancel: inCall('cancel'),
    hangUp: inCall('hangup'),
    mute: inCall('mute'),
    unmute: inCall('unmute'),
    hold: inCall('hold'),
    resume: inCall('resume'),
    swap: inCall('swap'),
    conference: inCall('conference'),
    endConsult: inCall('consult/abort'),
    giveAway: () => (agent.matter === null ? noCall() : api.giveAway(agent.matter.callId)),
    voicemail: inCall('voicemail'),
    extend: () => api.extendWrapUp(agent.id, EXTEND_MS),
    readyNow: () => api.endWrapUp(agent.id),
  }
}

/** What was asked for and takes effect later: after the call, or when a campaign no longer counts on the agent. Asked again, at once. */
function Wish({ wish, now, again }: { wish: NonNullable<Agent['wish']>; now: number; again: () => void }) {
  const { t } = useText()
  const words = useStateWords()
  const state = words(wish.state, wish.reason)
  if (wish.effectAt === undefined) return <span className="badge warn">{t('desk.after', { state })}</span>
  return (
    <>
      <span className="badge warn num" role="timer">
        {t('desk.wish.in', { state, time: clockLike(secondsUntil(wish.effectAt, now)) })}
      </span>
      <button type="button" className="btn" onClick={again} title={t('desk.wish.hint')}>
        {t('desk.wish.now')}
      </button>
    </>
  )
}

function StateBar(props: {
  agent: Agent
  now: number
  acts: ReadonlySet<Act>
  run: (act: Exclude<Act, 'pause'>) => void
  pause: (reason: string) => void
  help: () => void
}) {
  const { agent, now, acts, run, pause, help } = props
  const { t, word } = useText()
  const { pauseReasons } = useSession().solution
  const words = useStateWords()
  const again = (wish: Agent['wish']): void => {
    if (wish?.state === 'paused') pause(wish.reason ?? '')
    else run('logOff')
  }
  const button = (act: Exclude<Act, 'pause'>, text: string, primary = false) =>
    acts.has(act) && (
      <button type="button" className={primary ? 'btn pri' : 'btn'} onClick={() => run(act)}>
        {text}
      </button>
    )
  return (
    <section className="card statebar" aria-label={t('desk.state')}>
      <span className="row g2 state-now" role="status">
        <StateShape state={agent.state} size={14} />
        <b>{words(agent.state, agent.reason)}</b>
      </span>
      <span className="num muted since">{clockLike(secondsSince(agent.since, now))}</span>
      {button('logOn', t('desk.logOn'), true)}
      {button('return', t('desk.return'), true)}
      {button('ready', t('desk.ready'), true)}
      {agent.wish !== null && <Wish wish={agent.wish} now={now} again={() => again(agent.wish)} />}
      {button('stayOn', t('desk.after.undo'))}
      {acts.has('pause') && (
        <Popup className="btn" label={t('desk.pause')}>
          {(close) => (
            <fieldset className="options">
              <legend className="faint s">{t('desk.pause.choose')}</legend>
              {pauseReasons.map((reason) => (
                <button
                  type="button"
                  key={reason}
                  className="btn ghost left"
                  onClick={() => {
                    close()
                    pause(reason)
                  }}
                >
                  {word('pause', reason)}
                </button>
              ))}
            </fieldset>
          )}
        </Popup>
      )}
      {button('logOff', t('desk.logOff'))}
      <span className="grow" />
      <PhoneLight agent={agent} now={now} />
      <Notices agent={agent} />
      <button type="button" className="btn ghost" onClick={help}>
        {t('desk.shortcuts')} <kbd>?</kbd>
      </button>
    </section>
  )
}

export function DeskPage() {
  const { t } = useText()
  const session = useSession()
  const agent = usePictureOf((picture) => picture.agents.find((one) => one.id === session.agentId))
  const status = usePictureOf((picture) => picture.status)
  useTitle(t('desk.title'))
  if (session.agentId === null) return <Notice alone>{t('desk.noAgent')}</Notice>
  if (agent === undefined) {
    return (
      <section className="card">
        <Notice alone busy={status === 'waiting'}>
          {t(status === 'waiting' ? 'state.loading' : 'desk.noAgent')}
        </Notice>
      </section>
    )
  }
  return <Desk agent={agent} />
}

/** With a network whose phones are answered from the desk, one's own phone answers by itself when one calls, as a softphone does. */
function useOwnPhone(agent: Agent, ask: (asking: Promise<void>) => void): void {
  const { matter, answersFromDesk } = agent
  const callId = matter !== null && answersFromDesk && matter.phase === 'ringing' && isOwnCall(matter) ? matter.callId : null
  const answer = useRef(ask)
  answer.current = ask
  useEffect(() => {
    if (callId === null) return
    // Another page of the same agent may have answered already.
    const asking = api.inCall(callId, 'answer').catch((error: unknown) => {
      if (!(error instanceof Refused) || error.status !== 409) throw error
    })
    answer.current(asking)
  }, [callId])
}

/** The number field: what stands in it, also from a telephone link, which fills it and never dials. */
function useField() {
  const field = useRef<HTMLInputElement>(null)
  const { dial } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  useEffect(() => {
    if (dial === undefined) return
    setText(numberInLink(dial))
    field.current?.focus()
    void navigate({ to: '/desk', search: {}, replace: true })
  }, [dial, navigate])
  return { field, text, setText, toField: () => field.current?.focus() }
}

function Desk({ agent }: { agent: Agent }) {
  const { t } = useText()
  const { emergencyCalls } = useSession().solution
  const now = useNow(500)
  const { trouble, ask, once, inTurn } = useAsks()
  const [help, setHelp] = useState(false)
  const [digitsOf, setDigitsOf] = useState<string | null>(null)
  const { field, text, setText, toField } = useField()
  const acts = actsOf(agent)
  useOwnPhone(agent, ask)
  const callId = agent.matter?.callId ?? null
  const digitsOpen = digitsOf !== null && digitsOf === callId && acts.has('digits')
  const run: Run = (act) => {
    if (act === 'digits') setDigitsOf(digitsOpen ? null : callId)
    else if (act === 'consult') toField()
    // Each press is more time.
    else if (act === 'extend') ask(asks(agent)[act]())
    else (OF_STATE.has(act) ? inTurn : once)(`${act} ${callId}`, asks(agent)[act])
  }
  useKeys((event) => {
    const key = event.key.toLowerCase()
    if (event.key === '?') setHelp(true)
    else if (key === TO_FIELD) toField()
    else {
      const act = SHORTCUTS.find((shortcut) => shortcut.key === key)?.acts.find((one) => acts.has(one))
      if (act === undefined) return false
      run(act)
    }
    return true
  })
  return (
    <>
      <h1 className="vh">{t('desk.title')}</h1>
      <StateBar
        agent={agent}
        now={now}
        acts={acts}
        run={run}
        pause={(reason) => inTurn(`pause ${reason}`, () => api.setState(agent.id, 'paused', reason))}
        help={() => setHelp(true)}
      />
      {!emergencyCalls && (
        <p className="banner no-emergency">
          <Icon name="warn" /> {t('desk.noEmergency')}
        </p>
      )}
      {trouble !== null && (
        <p className="trouble banner" role="alert">
          {trouble}
        </p>
      )}
      <div className="desk">
        <MatterCard agent={agent} now={now} acts={acts} run={run} digitsOpen={digitsOpen} ask={ask} />
        <Outbound agent={agent} acts={acts} field={field} text={text} setText={setText} />
        <div className="col g4 desk-mid">
          {agent.card != null && agent.matter === null && <PreviewCard key={agent.card.callId} card={agent.card} now={now} />}
          {agent.matter?.contact !== undefined && (
            <ContactPanel key={`contact of ${agent.matter.callId}`} callId={agent.matter.callId} contact={agent.matter.contact} />
          )}
          {agent.matter !== null && <ThisCall key={agent.matter.callId} matter={agent.matter} now={now} />}
          {agent.matter === null ? <LatestCalls agent={agent} /> : <EarlierCalls matter={agent.matter} />}
        </div>
      </div>
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </>
  )
}
