/** The agent's page: your state on top, the call in hand, and what is known of who calls. */
import { useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { api } from '../api.ts'
import { StateShape, useStateWords } from '../parts/AgentState.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useKeys, useNow, useTitle } from '../parts/hooks.ts'
import { Notice } from '../parts/Notice.tsx'
import { Popup } from '../parts/Popup.tsx'
import { useSession } from '../parts/session.tsx'
import { secondsSince } from '../state/board.ts'
import { type Act, actsOf } from '../state/desk.ts'
import { clockLike } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useText } from '../text/intl.tsx'
import { EarlierCalls, LatestCalls, MatterCard, ThisCall } from './DeskMatter.tsx'

export const EXTEND_MS = 30_000

const noCall = async (): Promise<void> => undefined

/** What each act asks of the server. */
const asks = (agent: Agent): Readonly<Record<Exclude<Act, 'pause'>, () => Promise<void>>> => {
  const inCall = (what: 'answer' | 'reject' | 'hangup' | 'voicemail') => () =>
    agent.matter === null ? noCall() : api.inCall(agent.matter.callId, what)
  return {
    logOn: () => api.setState(agent.id, 'loggedOn'),
    logOff: () => api.setState(agent.id, 'loggedOff'),
    ready: () => api.setState(agent.id, 'ready'),
    return: () => api.setState(agent.id, 'ready'),
    stayOn: () => api.setState(agent.id, 'ready'),
    answer: inCall('answer'),
    reject: inCall('reject'),
    hangUp: inCall('hangup'),
    voicemail: inCall('voicemail'),
    extend: () => api.extendWrapUp(agent.id, EXTEND_MS),
    readyNow: () => api.endWrapUp(agent.id),
  }
}

const KEYS: readonly { readonly key: string; readonly acts: readonly Act[] }[] = [
  { key: 'a', acts: ['answer'] },
  { key: 'x', acts: ['reject'] },
  { key: 'h', acts: ['hangUp'] },
  { key: 'r', acts: ['logOn', 'return', 'readyNow', 'ready', 'stayOn'] },
  { key: 'e', acts: ['extend'] },
]

function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const rows = [
    ['A', t('desk.shortcuts.answer')],
    ['X', t('desk.shortcuts.reject')],
    ['H', t('desk.shortcuts.hangUp')],
    ['R', t('desk.shortcuts.ready')],
    ['E', t('desk.shortcuts.extend')],
    ['?', t('desk.shortcuts.help')],
  ] as const
  return (
    <Dialog title={t('desk.shortcuts')} onClose={onClose}>
      <dl className="shortcuts">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="row end">
        <button type="button" className="btn lg" onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  )
}

function PhoneLight({ agent }: { agent: Agent }) {
  const { t } = useText()
  const kind = agent.state === 'loggedOff' ? 'off' : agent.state === 'unreachable' ? 'gone' : 'ok'
  return (
    <span className={`row g2 s light ${kind}`} role="status">
      <span className={kind === 'ok' ? 'dot live-dot' : 'dot'} />
      {t(`desk.phone.${kind}`)}
    </span>
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
      {agent.wish !== null && <span className="badge warn">{t('desk.after', { state: words(agent.wish.state, agent.wish.reason) })}</span>}
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
      <PhoneLight agent={agent} />
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

function Desk({ agent }: { agent: Agent }) {
  const { t } = useText()
  const now = useNow(500)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [help, setHelp] = useState(false)
  const acts = actsOf(agent)
  const ask = (asking: Promise<void>) =>
    void asking.then(
      () => setTrouble(null),
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    )
  const run = (act: Exclude<Act, 'pause'>) => ask(asks(agent)[act]())
  useKeys((event) => {
    if (event.key === '?') {
      setHelp(true)
      return true
    }
    const act = KEYS.find(({ key }) => key === event.key.toLowerCase())?.acts.find((one) => acts.has(one))
    if (act === undefined || act === 'pause') return false
    run(act)
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
        pause={(reason) => ask(api.setState(agent.id, 'paused', reason))}
        help={() => setHelp(true)}
      />
      {trouble !== null && (
        <p className="trouble banner" role="alert">
          {trouble}
        </p>
      )}
      <div className="desk">
        <MatterCard agent={agent} now={now} acts={acts} run={run} />
        <div className="col g4">
          {agent.matter !== null && <ThisCall matter={agent.matter} now={now} />}
          {agent.matter === null ? <LatestCalls agent={agent} /> : <EarlierCalls matter={agent.matter} />}
        </div>
      </div>
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </>
  )
}
