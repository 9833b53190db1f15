/**
 * The phone in the browser: registers at the switch over our own server, answers by itself with a beep, and plays what it hears.
 * What becomes of a call is the engine's: hold, mute, digits and transfers are asked of the server, never of this phone.
 *
 * opening ──microphone──▶ connecting ──registered──▶ registered ◀──▶ connecting (connection lost; tried again by itself)
 *    └──no microphone──▶ deaf
 */
import { UA, WebSocketInterface } from 'jssip'
import type { IceCandidateEvent, PeerConnectionEvent } from 'jssip/lib/RTCSession.js'
import type { RTCSessionEvent } from 'jssip/lib/UA.js'
import type { BrowserPhone } from '#wire/session.ts'
import { type Asks, watchConnection } from './heartbeat.ts'
import { beep, openMicrophone, toSpeaker } from './sound.ts'

export type Account = NonNullable<BrowserPhone['phone']>
export type Status = 'connecting' | 'registered' | 'deaf'

/** So long after a lost connection it is tried again, every time: a conversation waits for it. */
const RECONNECT_S = 1
/** Servers that tell a browser its way are waited for so long after it has found its own. */
const ICE_MS = 500
const REGISTERED_FOR_S = 60
/** After the switch has refused it. */
const REGISTER_AGAIN_MS = 2_000

export interface Softphone {
  /** Takes the devices chosen anew. */
  readonly changeDevices: () => Promise<void>
  readonly stop: () => void
}

const socketAddress = (path: string): string => `${window.location.origin.replace(/^http/, 'ws')}${path}`

/**
 * Asks again where the switch refused: JsSIP leaves it at that, and a switch that was busy or read its settings anew would never be asked
 * on this connection. Returns how to stop.
 */
function keepRegistered(ua: UA): () => void {
  let again: number | undefined
  const calm = () => window.clearTimeout(again)
  ua.on('registrationFailed', () => {
    calm()
    again = window.setTimeout(() => ua.isConnected() && ua.register(), REGISTER_AGAIN_MS)
  })
  ua.on('disconnected', calm)
  return calm
}

/** `trouble`: what went wrong, for the page to say. */
export async function startSoftphone(
  account: Account,
  become: (status: Status) => void,
  trouble: (error: Error) => void,
): Promise<Softphone> {
  become('connecting')
  let microphone: MediaStream
  try {
    microphone = await openMicrophone()
  } catch (error) {
    become('deaf')
    throw error
  }
  const speaker = document.createElement('audio')
  speaker.autoplay = true
  await toSpeaker(speaker, 'speaker')
  const failed = (error: unknown) => trouble(error instanceof Error ? error : new Error(String(error)))
  const socket = new WebSocketInterface(socketAddress(account.wsUrl))
  const ua = new UA({
    sockets: [socket],
    uri: account.uri,
    password: account.password,
    register: true,
    register_expires: REGISTERED_FOR_S,
    session_timers: false,
    connection_recovery_min_interval: RECONNECT_S,
    connection_recovery_max_interval: RECONNECT_S,
    user_agent: 'Samtal',
  })
  const heard = (connection: RTCPeerConnection) =>
    connection.addEventListener('track', ({ track }) => {
      speaker.srcObject = new MediaStream([track])
    })
  const live = new Set<RTCSessionEvent['session']>()
  ua.on('registered', () => become('registered'))
  ua.on('unregistered', () => become('connecting'))
  ua.on('registrationFailed', () => become('connecting'))
  ua.on('disconnected', () => become('connecting'))
  const letGo = keepRegistered(ua)
  ua.on('newRTCSession', ({ session, originator }: RTCSessionEvent) => {
    if (originator !== 'remote') return
    // Rung back after its network was away: the talk before is over for everybody but this page.
    for (const before of live) before.terminate()
    live.add(session)
    const over = () => live.delete(session)
    session.on('ended', over)
    session.on('failed', over)
    session.on('peerconnection', ({ peerconnection }: PeerConnectionEvent) => heard(peerconnection))
    // Where no server answers, what is known by then must do: a caller waits.
    session.on('icecandidate', ({ ready }: IceCandidateEvent) => window.setTimeout(ready, ICE_MS))
    session.answer({ mediaStream: microphone, pcConfig: { iceServers: [...(account.iceServers ?? [])] } })
    beep('ringer').catch(failed)
  })
  const unwatch = watchConnection(ua as UA & Asks, socket, `sip:${account.uri.slice(account.uri.indexOf('@') + 1)}`)
  ua.start()
  return {
    async changeDevices() {
      const next = await openMicrophone()
      const [track] = next.getAudioTracks()
      for (const session of live) {
        const [sender] = session.connection?.getSenders() ?? []
        if (track !== undefined) await sender?.replaceTrack(track)
      }
      for (const old of microphone.getTracks()) old.stop()
      microphone = next
      await toSpeaker(speaker, 'speaker')
    },
    stop() {
      letGo()
      unwatch()
      ua.stop()
      for (const track of microphone.getTracks()) track.stop()
      speaker.srcObject = null
    },
  }
}
