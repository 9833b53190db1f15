/**
 * A switch as far as a start asks it: it speaks Asterisk's REST interface, has lines that live already, and a caller who comes as soon as
 * somebody listens. It tells when he is answered.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LegAlive } from '#ports/telephony.ts'

const APP = 'samtal'

const channelOf = (id: string, state: string, from: string, to: string) => ({
  ...{ id, state, caller: { number: from }, channelvars: {} },
  dialplan: { app_name: 'Stasis', app_data: `${APP},inbound,carrier,${to},allowed` },
})

export interface FakeSwitch {
  readonly url: string
  /** When the caller who came was answered, by `performance.now`. */
  readonly answeredAt: Promise<number>
  /** Requests so far. */
  readonly requests: () => number
  close(): Promise<void>
}

/** `phones`: accounts that are registered. */
export async function fakeSwitch(lines: readonly LegAlive[], number: string, phones: readonly string[]): Promise<FakeSwitch> {
  const channels = lines.map(({ legId, from, to }) => channelOf(legId, 'Up', from ?? '', to ?? number))
  // Another one at each start: who was answered once is known afterwards.
  const caller = channelOf(`caller-${randomUUID()}`, 'Ring', '+46701740699', number)
  let requests = 0
  let answered: (at: number) => void
  const answeredAt = new Promise<number>((resolve) => {
    answered = resolve
  })
  const answerTo = ({ method, url = '' }: IncomingMessage): unknown => {
    const { pathname } = new URL(url, 'http://switch')
    if (method === 'POST' && pathname === `/ari/channels/${caller.id}/answer`) answered(performance.now())
    if (method !== 'GET') return undefined
    if (pathname === '/ari/channels') return [...channels, caller]
    return pathname === '/ari/endpoints/PJSIP' ? phones.map((resource) => ({ resource, state: 'online' })) : []
  }
  const server = createServer((request, response) => {
    requests += 1
    const answer = answerTo(request)
    response.writeHead(answer === undefined ? 204 : 200, { 'content-type': 'application/json' })
    response.end(answer === undefined ? undefined : JSON.stringify(answer))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket: WebSocket) => {
    const args = ['inbound', 'carrier', number, 'allowed']
    socket.send(JSON.stringify({ type: 'StasisStart', timestamp: new Date().toISOString(), args, channel: caller }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/ari`,
    answeredAt,
    requests: () => requests,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
