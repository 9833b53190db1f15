/** Agents' phones in the browser: what they register with, and the way from our own server to Asterisk's websocket. */
import type { IncomingMessage, Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AgentId } from '#core/kernel/kernel.ts'
import type { DeskPhone } from '#ports/telephony.ts'
import type { SolutionRead } from '../solution.ts'
import type { SwitchReach } from './folder.ts'
import type { IceServer } from './ice.ts'

/** On our own server: one address, one certificate, one policy for page and phone. */
const PHONE_PATH = '/phone'
/** Of no meaning to Asterisk, which knows a phone by its account. RFC 2606: nobody's. */
const DOMAIN = 'samtal.invalid'
/** Longer than any check of a session takes. */
const CONNECT_MS_MAX = 5_000

/** null: the agent has no phone in the browser, or its password is not known here. */
export const deskPhones =
  (kit: () => SolutionRead, reach: () => SwitchReach, ice: readonly IceServer[]) =>
  (agentId: AgentId): DeskPhone | null => {
    const phone = kit().solution.agents[agentId]?.phone
    const password = phone?.kind === 'desk' ? reach().phones[phone.account] : undefined
    if (phone?.kind !== 'desk' || password === undefined) return null
    return { uri: `sip:${phone.account}@${DOMAIN}`, password, wsUrl: PHONE_PATH, ...(ice.length === 0 ? {} : { iceServers: ice }) }
  }

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** A browser says which site's page opens a websocket, and asks no leave of ours first (RFC 6455, 10.2). */
const isOwn = ({ origin, host }: IncomingMessage['headers']): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)

/** The request as it came, for Asterisk: it opens the websocket itself. What says who asks stays here. */
function handedOn(request: IncomingMessage, target: URL): string {
  const headers: string[] = []
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? ''
    if (/^(sec-websocket-.*|upgrade|connection)$/i.test(name)) headers.push(`${name}: ${request.rawHeaders[at + 1]}`)
  }
  return [`GET ${target.pathname.replace(/\/ari\/?$/, '')}/ws HTTP/1.1`, `Host: ${target.host}`, ...headers, '', ''].join('\r\n')
}

function join(request: IncomingMessage, socket: Duplex, head: Buffer, target: URL): void {
  const far = connect({ host: target.hostname, port: Number(target.port || 80) })
  far.setTimeout(CONNECT_MS_MAX, () => far.destroy())
  far.once('connect', () => {
    far.setTimeout(0)
    far.write(handedOn(request, target))
    if (head.length > 0) far.write(head)
    far.pipe(socket)
    socket.pipe(far)
  })
  far.once('error', () => (far.connecting ? refuse(socket, '502 Bad Gateway') : socket.destroy()))
  far.once('close', () => socket.destroy())
  socket.once('close', () => far.destroy())
}

/**
 * Leads the websockets of browsers' phones from `/phone` of our server to Asterisk. Every other websocket is refused, one that a page of
 * another site opens, and who has no phone in the browser. `hasPhone` judges the request's headers. Returns how to end those that are open.
 */
export function tunnelPhones(
  server: Server,
  ariUrl: () => string,
  hasPhone: (headers: IncomingMessage['headers']) => Promise<boolean>,
): { close(): void } {
  const open = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (request.url !== PHONE_PATH) {
      refuse(socket, '404 Not Found')
      return
    }
    if (!isOwn(request.headers)) {
      refuse(socket, '403 Forbidden')
      return
    }
    hasPhone(request.headers).then(
      (so) => (so ? join(request, socket, head, new URL(ariUrl())) : refuse(socket, '401 Unauthorized')),
      () => refuse(socket, '500 Internal Server Error'),
    )
  })
  return {
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}
