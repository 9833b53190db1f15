/** A notification of the browser while somebody rings and the tab is hidden: raised with the ring, gone with it. */
import { useEffect, useRef, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { useNames } from '../parts/session.tsx'
import { useWords } from '../parts/words.tsx'
import { isOwnCall, whoOf } from '../state/desk.ts'
import { useText } from '../text/intl.tsx'

type Allowed = NotificationPermission | 'unsupported'
const allowedNow = (): Allowed => ('Notification' in window ? Notification.permission : 'unsupported')

/** What the browser allows; asked for only where the agent presses for it. It may be changed in the browser's settings meanwhile. */
function useAllowed(): { readonly allowed: Allowed; readonly ask: () => void } {
  const [allowed, setAllowed] = useState(allowedNow)
  useEffect(() => {
    const look = () => setAllowed(allowedNow())
    document.addEventListener('visibilitychange', look)
    window.addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('focus', look)
    }
  }, [])
  return { allowed, ask: () => void Notification.requestPermission().then(setAllowed) }
}

interface Ring {
  readonly callId: string
  readonly title: string
  readonly body: string
}

/** Who rings or is offered; null: nobody does. Of a number withheld or erased the words say only that. */
function useRing({ matter }: Agent): Ring | null {
  const words = useWords()
  const names = useNames()
  if (matter === null || matter.phase !== 'ringing' || isOwnCall(matter)) return null
  const kind = matter.kind === 'line' || matter.kind === 'callback' ? matter.kind : 'other'
  const { who } = whoOf(matter, words.number(matter))
  const queue = matter.queueId === null ? '' : names.queue(matter.queueId)
  return {
    callId: matter.callId,
    title: words.t(`desk.phase.ringing.${kind}`),
    body: [who, words.askFor(matter.askFor), queue].filter((part) => part !== '').join(' · '),
  }
}

/** One notification of a call, however many tabs there are: the later takes the place of the earlier. */
function raise({ callId, title, body }: Ring): Notification {
  const notice = new Notification(title, { body, tag: `samtal ${callId}`, requireInteraction: true })
  notice.onclick = () => {
    window.focus()
    notice.close()
  }
  return notice
}

/** Raises it, and says whether notifications are on, with the button that asks for them. */
export function Notices({ agent }: { agent: Agent }) {
  const { t } = useText()
  const { allowed, ask } = useAllowed()
  const ring = useRing(agent)
  const latest = useRef(ring)
  latest.current = ring
  const callId = ring?.callId ?? null
  useEffect(() => {
    if (callId === null || allowed !== 'granted') return
    let notice: Notification | null = null
    const look = () => {
      if (!document.hidden) notice?.close()
      notice = document.hidden && latest.current !== null ? (notice ?? raise(latest.current)) : null
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      notice?.close()
    }
  }, [callId, allowed])
  if (allowed === 'default') {
    return (
      <button type="button" className="btn ghost" title={t('notices.ask.why')} onClick={ask}>
        {t('notices.ask')}
      </button>
    )
  }
  return (
    <span className="faint s" title={t(`notices.${allowed}.why`)}>
      {t(`notices.${allowed}`)}
    </span>
  )
}
