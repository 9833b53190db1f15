/**
 * Whether the way to the switch is still there. A network that is gone closes no websocket: what is sent waits, for half a minute and
 * more once it is back (TCP doubles the time between two attempts). So the switch is asked every few seconds, and a connection on which
 * nothing comes back is given up and opened anew.
 */
import type { UA, WebSocketInterface } from 'jssip'

/** JsSIP has it, and its types do not. */
export interface Asks {
  sendOptions(
    target: string,
    body: undefined,
    options: {
      readonly eventHandlers: { readonly succeeded: () => void; readonly failed: (event: { readonly originator: string }) => void }
    },
  ): void
}

const EVERY_MS = 3_000
/** An answer, or an open connection, comes within this, or not at all. */
const PATIENCE_MS = 2_000

/** Starts with the phone; returns how to stop. */
export function watchConnection(ua: UA & Asks, socket: WebSocketInterface, address: string): () => void {
  let timer: number | undefined
  let patience: number | undefined
  const calm = () => {
    window.clearTimeout(timer)
    window.clearTimeout(patience)
  }
  const giveUp = () => {
    calm()
    socket.disconnect()
    socket.ondisconnect(true)
  }
  const ask = () => {
    patience = window.setTimeout(giveUp, PATIENCE_MS)
    const answered = () => {
      calm()
      timer = window.setTimeout(ask, EVERY_MS)
    }
    // Any answer is one: also a refusal shows that somebody is there.
    const failed = ({ originator }: { readonly originator: string }) => {
      if (originator === 'remote') answered()
    }
    ua.sendOptions(address, undefined, { eventHandlers: { succeeded: answered, failed } })
  }
  ua.on('connecting', () => {
    calm()
    patience = window.setTimeout(giveUp, PATIENCE_MS)
  })
  ua.on('connected', () => {
    calm()
    timer = window.setTimeout(ask, EVERY_MS)
  })
  ua.on('disconnected', calm)
  // The network has changed: what was open before leads nowhere, whatever it believes.
  const changed = () => (ua.isConnected() ? giveUp() : undefined)
  window.addEventListener('online', changed)
  return () => {
    calm()
    window.removeEventListener('online', changed)
  }
}
