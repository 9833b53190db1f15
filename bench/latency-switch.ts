/**
 * A stand-in for Asterisk's REST interface, for `latency.ts` and `dialling.ts`: as many calls a second as wanted, and nothing in it that
 * takes time of its own. Agents' phones answer after `ANSWER_MS`; customers are busy, or, run with `answer`, answer when they please and
 * hang up after `TALK_MS`. Run as a child; tells its port to the parent.
 */
import { createServer } from 'node:http'
import process from 'node:process'
import { WebSocket, WebSocketServer } from 'ws'

const ANSWER_MS = 20
const BUSY_MS = 20
/** No two people let it ring equally long: with a fixed time, forty who were dialled at once would answer in one millisecond, for ever. */
const CUSTOMER_ANSWERS = { fromMs: 300, spreadMs: 600, step: 211 }
const TALK_MS = 1_000
let answers = 0
const customerAnswerMs = (): number => CUSTOMER_ANSWERS.fromMs + ((answers++ * CUSTOMER_ANSWERS.step) % CUSTOMER_ANSWERS.spreadMs)
const customersAnswer = process.argv[2] === 'answer'

const sockets = new Set<WebSocket>()
const tell = (event: object): void => {
  const text = JSON.stringify({ ...event, timestamp: new Date().toISOString(), application: 'samtal' })
  for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send(text)
}
const channel = (id: string, state: string): object => ({ id, state, caller: { number: '' }, dialplan: {} })
/** Channels there are, and whether an agent's phone is at the other end. */
const channels = new Map<string, boolean>()

const destroy = (id: string, cause: number, techCause?: number): void => {
  if (!channels.delete(id)) return
  tell({ type: 'ChannelDestroyed', cause, ...(techCause === undefined ? {} : { tech_cause: techCause }), channel: channel(id, 'Down') })
}

function answer(id: string, isAgent: boolean): void {
  if (!channels.has(id)) return
  tell({ type: 'ChannelStateChange', channel: channel(id, 'Up') })
  if (!isAgent) setTimeout(() => destroy(id, 16), TALK_MS)
}

function dial(id: string): void {
  tell({ type: 'ChannelStateChange', channel: channel(id, 'Ringing') })
  const isAgent = channels.get(id) === true
  if (isAgent || customersAnswer) setTimeout(() => answer(id, isAgent), isAgent ? ANSWER_MS : customerAnswerMs())
  else setTimeout(() => destroy(id, 17, 486), BUSY_MS)
}

/** The answer to one request: its status and what it says. */
function carryOut(method: string, url: URL): { readonly status: number; readonly body?: object } {
  const [, , kind, id, what] = url.pathname.split('/')
  if (kind === 'bridges' && id !== undefined) return { status: 404, body: {} }
  if (kind !== 'channels') return { status: 200, body: method === 'GET' ? [] : {} }
  if (method === 'GET') return { status: 200, body: [] }
  if (id === 'create') {
    const name = url.searchParams.get('channelId') ?? ''
    channels.set(name, !(url.searchParams.get('endpoint') ?? '').includes('@'))
    setImmediate(() => tell({ type: 'StasisStart', args: ['outbound'], channel: channel(name, 'Down') }))
    return { status: 200, body: channel(name, 'Down') }
  }
  if (id === undefined || !channels.has(id)) return { status: 404, body: {} }
  if (what === 'dial') setImmediate(() => dial(id))
  if (what === undefined && method === 'DELETE') setImmediate(() => destroy(id, 16))
  return { status: 204 }
}

const server = createServer((request, response) => {
  const { status, body } = carryOut(request.method ?? '', new URL(request.url ?? '', 'http://switch'))
  request.resume()
  request.on('end', () => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
})
new WebSocketServer({ server }).on('connection', (socket) => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : null })
})
process.on('disconnect', () => process.exit(0))
