/**
 * One page of the browser owns the phone; the others show what it tells, and take over when it is closed. Ownership is a Web Lock,
 * which the browser gives back by itself when a page goes, however it goes.
 */
import type { Account, Softphone, Status } from './softphone.ts'

/** `owned`: by this page. `none`: this agent takes calls on another telephone, or on the simulated network. */
export interface PhoneState {
  readonly status: Status | 'none'
  readonly owned: boolean
  /** What went wrong with the phone of this page. */
  readonly trouble: string | null
}
export const noPhone: PhoneState = { status: 'none', owned: false, trouble: null }

type Told = { readonly status: Status } | 'who'

export interface Owned {
  readonly changeDevices: () => Promise<void>
  readonly stop: () => void
}

/** Waits for the lock, then has the phone until stopped. */
export function ownPhone(account: Account, become: (state: PhoneState) => void): Owned {
  const channel = new BroadcastChannel('samtal.phone')
  const stopped = new AbortController()
  let state: PhoneState = { status: 'connecting', owned: false, trouble: null }
  let softphone: Softphone | null = null
  const set = (change: Partial<PhoneState>) => {
    state = { ...state, ...change }
    become(state)
  }
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if (data !== 'who') {
      if (!state.owned) set({ status: data.status })
    } else if (state.owned && state.status !== 'none') channel.postMessage({ status: state.status } satisfies Told)
  }
  const hold = async (): Promise<void> => {
    const { startSoftphone } = await import('./softphone.ts')
    if (stopped.signal.aborted) return
    set({ owned: true })
    const told = (status: Status) => {
      set({ status })
      channel.postMessage({ status } satisfies Told)
    }
    const failed = (error: unknown) => set({ trouble: error instanceof Error ? error.message : String(error) })
    softphone = await startSoftphone(account, told, failed).catch((error: unknown) => {
      failed(error)
      return null
    })
    await new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve(), { once: true }))
    softphone?.stop()
  }
  navigator.locks.request(`samtal.phone ${account.uri}`, { signal: stopped.signal }, hold).catch((error: unknown) => {
    if (!stopped.signal.aborted) set({ trouble: String(error) })
  })
  channel.postMessage('who' satisfies Told)
  become(state)
  return {
    changeDevices: async () => softphone?.changeDevices(),
    stop() {
      stopped.abort()
      channel.close()
    },
  }
}
