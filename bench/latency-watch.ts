/** What parts that measure from one event of the switch to a request of ours share: the switch in another process, and the clock on its wire. */
import { type ChildProcess, fork } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import path from 'node:path'
import { WebSocket } from 'ws'

/** Notes when each leg's answer was read from the socket, and when each leg was first asked for on it. */
export class Watch {
  readonly answeredAt = new Map<string, number>()
  readonly askedAt = new Map<string, number>()

  start(): void {
    const emit = WebSocket.prototype.emit
    const read = (message: string): void => this.#read(message)
    WebSocket.prototype.emit = function (this: WebSocket, event: string | symbol, ...args: unknown[]): boolean {
      if (event === 'message') read(String(args[0]))
      return emit.call(this, event, ...args)
    }
    subscribe('undici:client:sendHeaders', (message) => {
      if (typeof message === 'object' && message !== null && 'request' in message) this.#written(message.request)
    })
  }

  #read(message: string): void {
    const now = performance.now()
    const event: { type?: string; channel?: { id?: string; state?: string } } = JSON.parse(message)
    if (event.type === 'ChannelStateChange' && event.channel?.state === 'Up') this.answeredAt.set(event.channel.id ?? '', now)
  }

  #written(request: unknown): void {
    if (typeof request !== 'object' || request === null || !('path' in request)) return
    const url = new URL(String(request.path), 'http://switch')
    if (url.pathname.endsWith('/channels/create')) this.askedAt.set(url.searchParams.get('channelId') ?? '', performance.now())
  }
}

const portOf = (message: unknown): number => {
  if (typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number') return message.port
  throw new Error('the switch told no port')
}

/** `customers`: what whoever is rung outside does. `listening`: its port. */
export function forkSwitch(customers: 'busy' | 'answer'): { readonly child: ChildProcess; readonly listening: Promise<number> } {
  const child = fork(path.join(import.meta.dirname, 'latency-switch.ts'), [customers])
  return { child, listening: new Promise((resolve) => child.once('message', (told) => resolve(portOf(told)))) }
}
