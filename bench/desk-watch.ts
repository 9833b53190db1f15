/** What is watched while `desk.ts` runs: the page, from inside; Asterisk's own word on who is in a bridge; how large the first load is. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { WebSocket } from 'ws'
import { reachIn } from '../tests/asterisk/centre.ts'

/**
 * Into the page before its own scripts: when Call was clicked, when the phone read an INVITE and wrote its 200 OK, and when the page came
 * to show each state of the agent and each phase of the call in hand. Milliseconds since 1970, with fractions, as the machine's clock has them.
 */
export const pageWatch = `
const now = () => performance.timeOrigin + performance.now()
globalThis.watch = { clicked: 0, invited: 0, accepted: 0, shown: [] }
addEventListener('click', ({ target }) => { if (target.closest?.('.outbound button[type=submit]')) watch.clicked = now() }, true)
const Socket = globalThis.WebSocket
globalThis.WebSocket = class extends Socket {
  constructor(...args) {
    super(...args)
    this.addEventListener('message', ({ data }) => { if (String(data).startsWith('INVITE')) watch.invited = now() })
  }
  send(data) {
    if (/^SIP\\/2\\.0 200[^]*?\\nCSeq: \\d+ INVITE/i.test(String(data))) watch.accepted = now()
    super.send(data)
  }
}
let last = ''
new MutationObserver(() => {
  const state = [document.querySelector('.statebar .state-now')?.textContent, document.querySelector('.matter')?.getAttribute('aria-label')].join(', ')
  if (state === last) return
  last = state
  watch.shown.push({ at: now(), state })
}).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ['aria-label'] })
`

export interface Watched {
  readonly clicked: number
  readonly invited: number
  readonly accepted: number
  readonly shown: readonly { readonly at: number; readonly state: string }[]
}

export const watched = (page: Page): Promise<Watched> => page.evaluate<Watched>('watch')

interface Bridged {
  /** When the second of two channels was in the bridge, milliseconds since 1970, the newest last. */
  readonly joined: number[]
  close(): void
}

/** Asterisk's own events, asked for beside the program. */
export const watchBridges = async (folder: string): Promise<Bridged> => {
  const { ariUrl, user, password } = reachIn(folder)
  const query = new URLSearchParams({ app: 'observer', subscribeAll: 'true', api_key: `${user}:${password}` })
  const socket = new WebSocket(`${ariUrl.replace('http', 'ws')}/events?${query}`)
  const joined: number[] = []
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as {
      readonly type: string
      readonly timestamp: string
      readonly bridge?: { readonly channels: readonly string[] }
    }
    if (event.type === 'ChannelEnteredBridge' && event.bridge?.channels.length === 2) joined.push(Date.parse(event.timestamp))
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return { joined, close: () => socket.close() }
}

/** All the page itself loads, compressed as the web compresses it; what it asks of the interface is not counted. Bytes. */
export const watchLoad = (page: Page): (() => Promise<number>) => {
  const bodies: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.startsWith('/api/') && response.status() === 200) bodies.push(response.body())
  })
  return async () => (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0)
}
