/** One page's end of the stream, as server-sent events (WHATWG HTML, section 9.2). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub, Sink } from './hub.ts'
import { refused } from './problems.ts'
import type { Caller } from './route.ts'

/** A position of our own making; anything else starts from a snapshot. */
const lastIdOf = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : null

export function openStream(hub: Hub, request: FastifyRequest, reply: FastifyReply, caller: Caller): FastifyReply {
  if (!hub.hasRoom(caller.tokenHash)) throw refused('stream.tooMany', { retryAfter: 10 })
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 1000\n\n')
  const sink: Sink = {
    write: (text) => void raw.write(text),
    unread: () => raw.writableLength,
    end: () => void raw.end(),
    cut: () => void raw.destroy(),
  }
  const leave = hub.open(
    { scope: caller.scope, mask: caller.mask, user: caller.user.name, agentId: caller.user.agentId, tokenHash: caller.tokenHash, sink },
    lastIdOf(request.headers['last-event-id']),
  )
  raw.on('close', leave)
  return reply
}
