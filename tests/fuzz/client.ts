/** A client that writes what no decent one would, and reads what comes back as it stands. */
import { connect } from 'node:net'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly ms: number
}

/** `closed`: the connection ended without an answer; `late`: there was none in time. */
export type Answered = Answer | 'closed' | 'late'

const HEAD_END = Buffer.from('\r\n\r\n')

/** An interim answer (RFC 9110, 15.2) is passed over. */
function headOf(bytes: Buffer): { readonly status: number; readonly headers: Record<string, string>; readonly bodyAt: number } | null {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return null
  if (/^HTTP\/1\.1 100 /.test(bytes.subarray(0, 13).toString('latin1'))) {
    const rest = headOf(bytes.subarray(end + HEAD_END.length))
    return rest === null ? null : { ...rest, bodyAt: rest.bodyAt + end + HEAD_END.length }
  }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim()
  }
  return { status, headers, bodyAt: end + HEAD_END.length }
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, end === -1 ? undefined : end).toString('latin1'), 16)
    if (end === -1 || !(size > 0)) break
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}

const CHUNKS_END = Buffer.from('0\r\n\r\n')

/** Whether nothing of it is missing, on a connection that stays open. */
function isWhole(bytes: Buffer): boolean {
  const head = headOf(bytes)
  if (head === null) return false
  const { status, headers, bodyAt } = head
  const body = bytes.subarray(bodyAt)
  // A stream is over for us when its first message is here.
  if (isStream(headers)) return body.includes('\ndata: ')
  if (status === 204 || status === 304) return true
  if (headers['transfer-encoding'] === 'chunked') return body.subarray(-5).equals(CHUNKS_END)
  const length = headers['content-length']
  return length !== undefined && body.length >= Number(length)
}

const isStream = (headers: Readonly<Record<string, string>>): boolean => headers['content-type']?.startsWith('text/event-stream') === true

/** Sends these bytes on a connection of its own, from this address. `isCut`: says that nothing follows, though HTTP expects more. */
export function exchange(
  port: number,
  bytes: Uint8Array,
  more: { readonly from: string; readonly msMax: number; readonly isCut: boolean },
): Promise<Answered> {
  const began = performance.now()
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', localAddress: more.from, allowHalfOpen: true })
    const done = (answered: Answered): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answered)
    }
    const read = (): Answered => {
      const all = Buffer.concat(parts)
      const head = headOf(all)
      if (head === null) return 'closed'
      const { status, headers, bodyAt } = head
      const body = all.subarray(bodyAt)
      // What HTTP took for a second request has an answer of its own, which is none of this one.
      const own = headers['content-length'] === undefined ? body : body.subarray(0, Number(headers['content-length']))
      const text = (headers['transfer-encoding'] === 'chunked' ? unchunked(body) : own).toString('utf8')
      return { status, headers, text, ms: performance.now() - began }
    }
    const timer = setTimeout(() => done('late'), more.msMax)
    socket.on('data', (part) => {
      parts.push(part)
      if (isWhole(Buffer.concat(parts))) done(read())
    })
    socket.on('end', () => done(read()))
    socket.on('error', () => done(read()))
    socket.on('connect', () => (more.isCut ? socket.end(bytes) : socket.write(bytes)))
  })
}
