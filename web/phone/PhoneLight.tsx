/** Whether the phone really can be reached: by what the server found when it asked, and by what the phone of this browser says. */
import { lazy, Suspense, useState } from 'react'
import type { Agent } from '#wire/live.ts'
import { useText } from '../text/intl.tsx'
import type { PhoneState } from './owner.ts'
import { usePhone } from './usePhone.ts'

const Sound = lazy(() => import('./Sound.tsx'))

type Light = 'ok' | 'gone' | 'off' | 'connecting' | 'deaf'

function lightOf(agent: Agent, phone: PhoneState): Light {
  if (phone.status === 'deaf' || phone.status === 'connecting') return phone.status
  if (agent.state === 'unreachable') return 'gone'
  return agent.state === 'loggedOff' ? 'off' : 'ok'
}

export function PhoneLight({ agent }: { agent: Agent }) {
  const { t } = useText()
  const { state, changeDevices } = usePhone()
  const [isOpen, setOpen] = useState(false)
  const light = lightOf(agent, state)
  const look = light === 'ok' || light === 'off' ? light : 'gone'
  return (
    <>
      <span className={`row g2 s light ${look}`} role="status" title={state.trouble ?? undefined}>
        <span className={look === 'ok' ? 'dot live-dot' : 'dot'} />
        {t(`desk.phone.${light}`)}
      </span>
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
