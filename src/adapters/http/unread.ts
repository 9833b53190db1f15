/** What comes and is no request that can be read: answered as every refusal is, before any route is known. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SECURITY_HEADERS, secure } from './guard.ts'
import { problemOf, refused, sendProblem, titleOf } from './problems.ts'

const CODES = { HPE_HEADER_OVERFLOW: 'request.headers', ERR_HTTP_REQUEST_TIMEOUT: 'request.late' } as const
const isKnown = (code: string | undefined): code is keyof typeof CODES => code !== undefined && Object.hasOwn(CODES, code)

/** Nobody who speaks HTTP badly is told more than that, nor in which language. */
export function answerUnread(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const problem = problemOf(refused(isKnown(error.code) ? CODES[error.code] : 'request.http'), 'en')
    const body = JSON.stringify(problem)
    const headers = {
      ...SECURITY_HEADERS,
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    socket.write([`HTTP/1.1 ${problem.status} ${titleOf(problem.status)}`, ...lines, '', body].join('\r\n'))
  }
  socket.destroy()
}

/** An address that cannot be decoded, or whose parts are longer than any id. */
export function answerUnreadAddress(request: FastifyRequest, reply: FastifyReply): void {
  secure(request, reply)
  sendProblem(reply, refused('request.invalid', { field: 'address' }))
}

/**
 * A server that refuses nothing by itself: a missing Host is for us to refuse, and what else is expected of us may be passed over (RFC
 * 9110, 10.1.1); so is an upgrade to what we do not speak there (7.8).
 */
export function serverOf(listener: RequestListener, options: ServerOptions, upgrades: (request: IncomingMessage) => boolean): Server {
  const server = createServer({ ...options, requireHostHeader: false, shouldUpgradeCallback: upgrades }, listener)
  server.on('checkExpectation', listener)
  return server
}
