/** Microphone, speaker and ringer chosen apart, how loud the microphone is, and tests of each. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Dialog } from '../parts/Dialog.tsx'
import { useText } from '../text/intl.tsx'
import { beep, choose, chosen, devicesFor, echo, meter, openMicrophone, type Role } from './sound.ts'

/** Tried by a beep. */
const TRIED = ['speaker', 'ringer'] as const
const BARS = 12

function useDevices(): Readonly<Record<Role, readonly MediaDeviceInfo[]>> {
  const [devices, setDevices] = useState<Record<Role, readonly MediaDeviceInfo[]>>({ microphone: [], speaker: [], ringer: [] })
  useEffect(() => {
    let isGone = false
    const read = async () => {
      const [microphone, speaker, ringer] = await Promise.all([devicesFor('microphone'), devicesFor('speaker'), devicesFor('ringer')])
      if (!isGone) setDevices({ microphone, speaker, ringer })
    }
    const again = () => void read()
    again()
    navigator.mediaDevices.addEventListener('devicechange', again)
    return () => {
      isGone = true
      navigator.mediaDevices.removeEventListener('devicechange', again)
    }
  }, [])
  return devices
}

/** The microphone chosen, open while the dialog is; null: not yet, or it may not be used. */
function useMicrophone(deviceId: string, trouble: (words: string) => void): MediaStream | null {
  const [stream, setStream] = useState<MediaStream | null>(null)
  const say = useRef(trouble)
  say.current = trouble
  // biome-ignore lint/correctness/useExhaustiveDependencies: another device is another stream
  useEffect(() => {
    let opened: MediaStream | null = null
    let isGone = false
    const close = () => {
      for (const track of opened?.getTracks() ?? []) track.stop()
    }
    openMicrophone().then(
      (one) => {
        opened = one
        if (isGone) close()
        else setStream(one)
      },
      (error: unknown) => say.current(error instanceof Error ? error.message : String(error)),
    )
    return () => {
      isGone = true
      close()
      setStream(null)
    }
  }, [deviceId])
  return stream
}

function Level({ stream }: { stream: MediaStream | null }) {
  const { t } = useText()
  const [level, setLevel] = useState(0)
  useEffect(() => (stream === null ? undefined : meter(stream, setLevel)), [stream])
  const lit = Math.round(level * BARS)
  return (
    <meter className="level" aria-label={t('sound.level')} min={0} max={BARS} value={lit}>
      {lit}
    </meter>
  )
}

/** `trouble`: what stood in the way of playing. */
function EchoTest({ stream, trouble }: { stream: MediaStream | null; trouble: (error: unknown) => void }) {
  const { t } = useText()
  const [isOn, setOn] = useState(false)
  const say = useRef(trouble)
  say.current = trouble
  useEffect(() => {
    if (!isOn || stream === null) return
    const made = echo(stream)
    made.catch(say.current)
    return () => void made.then((stop) => stop(), say.current)
  }, [isOn, stream])
  return (
    <button type="button" className="btn" disabled={stream === null} aria-pressed={isOn} onClick={() => setOn(!isOn)}>
      {t(isOn ? 'sound.echo.stop' : 'sound.echo')}
    </button>
  )
}

interface DeviceProps {
  readonly role: Role
  readonly devices: readonly MediaDeviceInfo[]
  readonly chosen: string
  readonly pick: (role: Role, deviceId: string) => void
  /** How to try it, beside it. */
  readonly children?: ReactNode
}

function Device({ role, devices, chosen, pick, children }: DeviceProps) {
  const { t } = useText()
  return (
    <div className="device">
      <label>
        {t(`sound.${role}`)}
        <select className="input" value={chosen} onChange={(event) => pick(role, event.target.value)}>
          <option value="">{t('sound.usual')}</option>
          {devices.map(({ deviceId, label }, i) => (
            <option key={deviceId} value={deviceId}>
              {label === '' ? t('sound.nameless', { n: i + 1 }) : label}
            </option>
          ))}
        </select>
      </label>
      {children}
    </div>
  )
}

export default function Sound({ onClose, changed }: { onClose: () => void; changed: () => Promise<void> }) {
  const { t } = useText()
  const devices = useDevices()
  const [own, setOwn] = useState<Record<Role, string>>({
    microphone: chosen('microphone'),
    speaker: chosen('speaker'),
    ringer: chosen('ringer'),
  })
  const [trouble, setTrouble] = useState<string | null>(null)
  const stream = useMicrophone(own.microphone, setTrouble)
  const say = (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error))
  const pick = (role: Role, deviceId: string) => {
    choose(role, deviceId)
    setOwn({ ...own, [role]: deviceId })
    changed().catch(say)
  }
  const device = (role: Role) => ({ role, devices: devices[role], chosen: own[role], pick })
  return (
    <Dialog title={t('sound.title')} onClose={onClose}>
      <div className="sound">
        {trouble !== null && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <Device {...device('microphone')}>
          <EchoTest stream={stream} trouble={say} />
        </Device>
        <Level stream={stream} />
        <p className="muted s">{t('sound.echo.hint')}</p>
        {TRIED.map((role) => (
          <Device key={role} {...device(role)}>
            <button type="button" className="btn" onClick={() => void beep(role).catch(say)}>
              {t(`sound.test.${role}`)}
            </button>
          </Device>
        ))}
      </div>
      <div className="row end">
        <button type="button" className="btn lg" onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  )
}
