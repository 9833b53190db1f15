/**
 * The way of browsers' phones: who may open a websocket at `/phone`, and how long it may stay. What goes over it is the switch's.
 * Asked as everything else is (host, origin, session), and refused in the same words, until it is a websocket.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HttpDeps, PhoneAsked, PhoneWay } from './deps.ts'
import { comesFromOurPages } from './guard.ts'
import { refused } from './problems.ts'
import type { Server } from './route.ts'
import type { SignedIn } from './sessions.ts'
import { hasToken } from './tokens.ts'

/** On our own server: one address, one certificate, one policy for page and phone. */
export const PHONE_PATH = '/phone'
/** A page that lost its connection opens another before the old one is known to be dead. */
const PER_SESSION_MAX = 4
const ALL_MAX = 1_000
/** How long who was refused may take to hear it. */
const FAREWELL_MS = 1_000

export const isPhoneAsked = ({ method, url }: IncomingMessage): boolean => method === 'GET' && url === PHONE_PATH

/** RFC 6455, 4.2.1, and RFC 7118, 4: what a client asks for that is to speak SIP. */
function isHandshake({ headers }: FastifyRequest): boolean {
  const names = (text: string | undefined): readonly string[] => (text ?? '').split(',').map((name) => name.trim().toLowerCase())
  return (
    names(headers.upgrade).includes('websocket') &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    names(headers['sec-websocket-protocol']).includes('sip')
  )
}

/** Refuses whoever has no phone in the browser, and too many of one. */
async function holderOf(
  { sessions, deps }: Server,
  way: PhoneWay,
  request: FastifyRequest,
): Promise<SignedIn & { readonly agentId: string }> {
  if (!comesFromOurPages(request)) throw refused('request.forged')
  if (hasToken(request)) throw refused('token.scope')
  const signedIn = await sessions.of(request)
  if (signedIn === null) throw refused('session.required')
  if (signedIn.temporary) throw refused('password.temporary')
  const { agentId } = signedIn.user
  if (agentId === null) throw refused('session.noDesk')
  if (deps.deskPhone(agentId) === null) throw refused('phone.none')
  if (way.count(signedIn.tokenHash) >= PER_SESSION_MAX || way.count() >= ALL_MAX) throw refused('phone.tooMany', { retryAfter: 5 })
  if (!isHandshake(request)) throw refused('phone.handshake')
  return { ...signedIn, agentId }
}

/** Whom the session's end finds talking talks on, to the end of that call; the next one is nothing to this phone. */
function stay({ engine, accounts, clock }: HttpDeps, { tokenHash, agentId }: { readonly tokenHash: string; readonly agentId: string }) {
  let last: string | null | undefined
  return async (): Promise<boolean> => {
    if (last === undefined && (await accounts.session(tokenHash, clock.now())) !== null) return true
    const matter = engine.agent(agentId)?.matter
    const talksIn = matter?.phase === 'talking' ? matter.callId : null
    if (last === undefined) last = talksIn
    return last !== null && last === talksIn
  }
}

interface Upgrade extends PhoneAsked {
  readonly response: ServerResponse
}

/** Websockets go the way of every request, hooks and refusals included, until one is opened. */
export function mountPhones(app: FastifyInstance, server: Server, way: PhoneWay): void {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>()
  app.server.on('upgrade', (request, stream, head) => {
    const socket = stream as Socket
    const response = new ServerResponse(request)
    upgrades.set(request, { request, socket, head, response })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => response.destroy())
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => {
      const timer = setTimeout(() => socket.destroy(), FAREWELL_MS)
      socket.once('close', () => clearTimeout(timer))
      socket.resume()
      socket.end()
    })
    app.routing(request, response)
  })
  app.get(PHONE_PATH, async (request, reply) => {
    const upgrade = upgrades.get(request.raw)
    const { tokenHash, agentId } = await holderOf(server, way, request)
    if (upgrade === undefined) throw refused('phone.handshake')
    const { response, ...asked } = upgrade
    const open = await way.lead(asked, { holder: tokenHash, mayStay: stay(server.deps, { tokenHash, agentId }) })
    if (open === null) throw refused('switch.away', { retryAfter: 5 })
    reply.hijack()
    response.detachSocket(asked.socket)
    open()
    return reply
  })
}
