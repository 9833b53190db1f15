/** The cookies of a browser: who is signed in, and that it is a browser somebody has signed in with before. */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type CookieName = 'samtal' | 'samtal-device' | 'samtal-oidc'
const DEVICE_SECONDS = 180 * 86_400

/** What is kept of a secret: a stolen file signs nobody in. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Over https a browser takes it from this host alone and sends it over https alone (RFC 6265bis, 4.1.3.2); else the name is as it is. */
const nameFor = ({ protocol }: FastifyRequest, name: CookieName): string => (protocol === 'https' ? `__Host-${name}` : name)

export const cookieOf = (request: FastifyRequest, name: CookieName): string | null => request.cookies[nameFor(request, name)] || null

interface Given {
  readonly maxAge?: number
  /** Sent where another site leads here, too: for the way back from a provider of sign-ins. */
  readonly lax?: true
}

export function giveCookie(request: FastifyRequest, reply: FastifyReply, name: CookieName, value: string, given: Given = {}): void {
  reply.setCookie(nameFor(request, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: given.lax ? 'lax' : 'strict',
    secure: request.protocol === 'https',
    ...(given.maxAge !== undefined && { maxAge: given.maxAge }),
  })
}

export const takeCookie = (request: FastifyRequest, reply: FastifyReply, name: CookieName): void =>
  void reply.clearCookie(nameFor(request, name), { path: '/', secure: request.protocol === 'https' })

export const giveDevice = (request: FastifyRequest, reply: FastifyReply, value: string): void =>
  giveCookie(request, reply, 'samtal-device', value, { maxAge: DEVICE_SECONDS })
