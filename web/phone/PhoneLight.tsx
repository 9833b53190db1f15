/** Whether the phone really can be reached: by what the server found when it asked, and by what the phone of this browser says. */
import { lazy, Suspense, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { secondsSince } from '../state/board.ts'
import type { Picture } from '../state/live.ts'
import { shortTime } from '../state/shown.ts'
import { usePictureOf } from '../state/store.ts'
import { useText } from '../text/intl.tsx'
import type { PhoneState } from './owner.ts'
import { usePhone } from './usePhone.ts'

const Sound = lazy(() => import('./Sound.tsx'))

/** `unknown`: nothing has been heard of the server. */
type Light = 'ok' | 'gone' | 'off' | 'connecting' | 'deaf' | 'unknown'

function lightOf(agent: Agent, phone: PhoneState, status: Picture['status']): Light {
  if (phone.status === 'deaf' || phone.status === 'connecting') return phone.status
  if (status === 'stale') return 'unknown'
  if (agent.state === 'unreachable') return 'gone'
  return agent.state === 'loggedOff' ? 'off' : 'ok'
}

/** How old that is: at the last check, or where the phone is gone, when it last answered one. */
function Age({ light, now }: { light: Light; now: number }) {
  const { t } = useText()
  const seenAt = usePictureOf((picture) => picture.phoneSeenAt)
  if (seenAt === null || light === 'off') return null
  return (
    <span className="faint s num phone-age">
      {t(light === 'ok' ? 'desk.phone.checked' : 'desk.phone.lastReached', { time: shortTime(secondsSince(seenAt, now)) })}
    </span>
  )
}

export function PhoneLight({ agent, now }: { agent: Agent; now: number }) {
  const { t } = useText()
  const { state, changeDevices } = usePhone()
  const [isOpen, setOpen] = useState(false)
  const light = lightOf(
    agent,
    state,
    usePictureOf((picture) => picture.status),
  )
  const look = light === 'ok' || light === 'off' ? light : 'gone'
  return (
    <>
      <span className={`row g2 s light ${look}`} role="status" title={state.trouble ?? undefined}>
        <span className={look === 'ok' ? 'dot live-dot' : 'dot'} />
        {t(`desk.phone.${light}`)}
      </span>
      <Age light={light} now={now} />
      {state.status !== 'none' && !state.owned && <span className="muted s">{t('desk.phone.elsewhere')}</span>}
      {state.owned && (
        <button type="button" className="btn ghost" onClick={() => setOpen(true)}>
          {t('sound.open')}
        </button>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <Sound onClose={() => setOpen(false)} changed={changeDevices} />
        </Suspense>
      )}
    </>
  )
}
