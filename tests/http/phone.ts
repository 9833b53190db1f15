/** Both ends of the way of browsers' phones: a switch that says everything back, and a browser that writes its frames itself. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Certificate } from './certificate.ts'

/** Said to this switch it does something else than say it back. */
export const DIES = 'DIE sip:samtal.invalid SIP/2.0'
export const TALKS_ON = 'TALK sip:samtal.invalid SIP/2.0'
/** How much it then says, unasked. */
export const TALK_BYTES = 8 * 1024 * 1024

export interface PhoneSwitch {
  readonly port: number
  readonly ariUrl: string
  /** The headers of everybody who came. */
  readonly asked: readonly Readonly<Record<string, unknown>>[]
  /** What name each of them asked for (SNI); false: none. */
  readonly serverNames: readonly (string | false)[]
  readonly open: ReadonlySet<WebSocket>
  /** How many messages have come. */
  messages(): number
  close(): Promise<void>
}

/** `secured`: over TLS, with this certificate. */
export async function openPhoneSwitch(secured?: Certificate): Promise<PhoneSwitch> {
  const listener = secured === undefined ? createServer() : createSecureServer(secured)
  const server = new WebSocketServer({ server: listener, path: '/ws', handleProtocols: () => 'sip' })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const asked: Record<string, unknown>[] = []
  const serverNames: (string | false)[] = []
  let messages = 0
  server.on('connection', (socket, { headers, socket: line }) => {
    asked.push(headers)
    serverNames.push(line instanceof TLSSocket && typeof line.servername === 'string' ? line.servername : false)
    socket.on('error', () => socket.terminate())
    socket.on('message', (data, isBinary) => {
      const text = String(data)
      messages += 1
      if (text === DIES) socket.terminate()
      else if (text === TALKS_ON) for (let sent = 0; sent < TALK_BYTES; sent += 50_000) socket.send('x'.repeat(50_000))
      else socket.send(data, { binary: isBinary })
    })
  })
  const { port } = listener.address() as AddressInfo
  return {
    port,
    ariUrl: `http${secured === undefined ? '' : 's'}://127.0.0.1:${port}/ari`,
    asked,
    serverNames,
    open: server.clients,
    messages: () => messages,
    async close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

export const HANDSHAKE: Readonly<Record<string, string>> = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'sec-websocket-protocol': 'sip',
}

export interface FrameSaid {
  readonly first: number
  readonly payload: Uint8Array
  readonly isMasked?: boolean
  /** What its head says of its length, where that is not true. */
  readonly length?: number
}

/** As it goes over the wire: final and text (0x81) unless said otherwise. */
export function frame({ first, payload, isMasked = true, length = payload.length }: FrameSaid): Buffer {
  const short = length < 126 ? length : length < 65_536 ? 126 : 127
  const head = Buffer.alloc(2 + (short === 126 ? 2 : short === 127 ? 8 : 0))
  head.writeUInt8(first, 0)
  head.writeUInt8((isMasked ? 0x80 : 0) | short, 1)
  if (short === 126) head.writeUInt16BE(length, 2)
  if (short === 127) head.writeBigUInt64BE(BigInt(length), 2)
  // A mask of nothing leaves every byte as it is (RFC 6455, 5.3).
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload])
}
export const said = (text: string): Buffer => frame({ first: 0x81, payload: Buffer.from(text) })

/** What a server says, its frames taken apart. */
export interface Heard {
  readonly text: string
  /** Code and reason of the frame it ended with; null: it said none. */
  readonly closed: { readonly code: number; readonly reason: string } | null
}

function framesIn(bytes: Buffer): Heard {
  let [at, text] = [0, '']
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1)
    const size = short === 126 ? 2 : short === 127 ? 8 : 0
    if (at + 2 + size > bytes.length) break
    const length = size === 0 ? short : size === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    const payload = bytes.subarray(at + 2 + size, at + 2 + size + length)
    if (payload.length < length) break
    const opcode = bytes.readUInt8(at) & 0x0f
    if (opcode === 8)
      return { text, closed: { code: payload.length < 2 ? 1005 : payload.readUInt16BE(0), reason: payload.subarray(2).toString() } }
    if (opcode < 3) text += payload.toString()
    at += 2 + size + length
  }
  return { text, closed: null }
}

/** A connection to `/phone`, asked for with these headers. */
export class PhoneClient {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #looking: (() => void)[] = []
  isOver = false

  constructor(
    port: number,
    {
      headers,
      method = 'GET',
      path = '/phone',
    }: { readonly headers: Readonly<Record<string, string>>; readonly method?: string; readonly path?: string },
  ) {
    this.#socket = connect({ port, host: '127.0.0.1' })
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('data', (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes])
      this.#look()
    })
    this.#socket.once('close', () => {
      this.isOver = true
      this.#look()
    })
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    this.#socket.write([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  }

  #look(): void {
    for (const look of this.#looking.splice(0)) look()
  }

  /** Until this is so, or the connection is over. */
  async #until(so: () => boolean): Promise<void> {
    while (!so() && !this.isOver) await new Promise<void>((resolve) => this.#looking.push(resolve))
  }

  /** The answer to its request, whole where it is a refusal. */
  async answer(): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
    const end = (): number => this.#bytes.indexOf('\r\n\r\n')
    await this.#until(() => end() !== -1)
    const head = this.#bytes.subarray(0, Math.max(0, end())).toString('latin1')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    if (status !== 101) await this.#until(() => this.#bytes.length >= end() + 4 + length)
    return { status, head, body: this.#bytes.subarray(end() + 4).toString() }
  }

  heard(): Heard {
    const end = this.#bytes.indexOf('\r\n\r\n')
    return framesIn(this.#bytes.subarray(end === -1 ? this.#bytes.length : end + 4))
  }

  /** Until it has heard this text, or is told that it is over. */
  async hears(text: string): Promise<Heard> {
    await this.#until(() => this.heard().text.includes(text) || this.heard().closed !== null)
    return this.heard()
  }

  /** Until so many bytes have come, heads of frames and the answer among them. */
  async hasTaken(bytes: number): Promise<Heard> {
    await this.#until(() => this.#bytes.length >= bytes)
    return this.heard()
  }

  async isClosed(): Promise<Heard> {
    await this.#until(() => this.heard().closed !== null)
    return this.heard()
  }

  async isGone(): Promise<void> {
    await this.#until(() => this.isOver)
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Takes nothing more from its line. */
  goDeaf(): void {
    this.#socket.pause()
  }

  listen(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }
}
