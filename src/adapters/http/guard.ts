/** What every request must pass before anything looks at it: a host of ours, and for changes our own pages. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refused } from './problems.ts'
import { hasToken } from './tokens.ts'

const ALWAYS = ['127.0.0.1', 'localhost', '[::1]']
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostName = (host: string): string => host.toLowerCase().replace(/:\d*$/, '')

/** How often a request names its host: once (RFC 9112, 3.2), lest a proxy takes one of two and we the other. */
const hostsIn = ({ raw }: FastifyRequest): number =>
  raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length

/** Refuses a Host that is not ours: a name made to point at us (DNS rebinding) would carry our cookie's pages to another site. */
export const hostGuard = (hosts: readonly string[]) => {
  const allowed = new Set([...ALWAYS, ...hosts.map((host) => host.toLowerCase())])
  return (request: FastifyRequest): void => {
    if (hostsIn(request) !== 1) throw refused('request.invalid', { field: 'host' })
    if (!allowed.has(hostName(request.headers.host ?? ''))) throw refused('request.host')
  }
}

/** A browser says which site's page asks, also for a websocket, which it opens without asking leave (RFC 6455, 10.2). */
export function comesFromOurPages({ headers }: FastifyRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers
  const own = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
  return own && (site === undefined || site === 'same-origin' || site === 'none')
}

/**
 * Refuses a change that another site could have made a browser send: our pages send `X-Samtal`, which a foreign page cannot
 * without being asked first (CORS), and the browser itself says where a request comes from. A program's token is such a header too.
 */
export function forgeryGuard(request: FastifyRequest): void {
  if (SAFE.has(request.method) || hasToken(request)) return
  if (request.headers['x-samtal'] !== '1' || !comesFromOurPages(request)) throw refused('request.forged')
}

const FORWARDED = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-server']
const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)

/** Asked by something on this machine itself, not by a proxy on it for somebody elsewhere. */
export const isFromThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  isLoopback(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined)

/** OWASP Secure Headers; the policy allows nothing inline and nothing from elsewhere. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data:; media-src 'self' blob:",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), payment=()',
}

/** Over https a browser comes back over https alone, for a year (RFC 6797). */
const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains'

export const secure = (request: FastifyRequest, reply: FastifyReply): void => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.header(name, value)
  if (request.protocol === 'https') reply.header('strict-transport-security', STRICT_TRANSPORT)
}
