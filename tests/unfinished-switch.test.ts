/**
 * A switch that takes the connection and never ends its greeting, encrypted or not: given up in time at the start, when it comes back, and
 * by those who ask, and told of as away. asterisk.md 3.6, calls.md 8
 */
import { once } from 'node:events'
import { createServer as createWebServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { Ari } from '#adapters/asterisk/ari.ts'
import { type AsteriskTelephony, createAsterisk } from '#adapters/asterisk/asterisk.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { until } from './asterisk/until.ts'
import { certificateFor } from './http/certificate.ts'

/** A connection may take three seconds; ten after each other would take thirty. */
const IN_TIME_MS = 15_000
const BYTE_EVERY_MS = 500
const certificate = certificateFor('127.0.0.1')
const before = getCACertificates('default')

beforeAll(() => setDefaultCACertificates([...before, certificate.cert]))
afterAll(() => setDefaultCACertificates(before))

type Greets = (socket: Socket) => void

/** A byte at a time: it is never silent for long. */
const drop =
  (bytes: Buffer): Greets =>
  (socket) => {
    socket.resume()
    let at = 0
    const timer = setInterval(() => {
      socket.write(bytes.subarray(at, at + 1))
      at = (at + 1) % bytes.length
    }, BYTE_EVERY_MS)
    socket.once('close', () => clearInterval(timer))
  }

const nothing: Greets = (socket) => void socket.resume()
/** RFC 8446, 5.1: a handshake of 16,384 bytes begins. */
const halfAGreeting = drop(Buffer.concat([Buffer.from([0x16, 3, 3, 0x40, 0]), Buffer.alloc(16_384, 2)]))
const halfAHead = drop(Buffer.from(`HTTP/1.1 101 Switching Protocols\r\nX-Slow: ${'x'.repeat(4_000)}`))

/** What it does with whoever comes can be changed. */
class Front {
  greets: Greets
  readonly open = new Set<Socket>()
  taken = 0
  readonly #server: Server

  constructor(greets: Greets) {
    this.greets = greets
    this.#server = createServer((socket) => {
      this.taken += 1
      this.open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.open.delete(socket))
      this.greets(socket)
    }).listen(0, '127.0.0.1')
  }

  async url(scheme: string): Promise<string> {
    if (!this.#server.listening) await once(this.#server, 'listening')
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ari`
  }

  hangUp(): void {
    for (const socket of this.open) socket.destroy()
  }

  close(): void {
    this.#server.close()
    this.hangUp()
  }
}

/** Asterisk's end of ARI, with nobody on the line. `pinged`: it was asked over the websocket whether it is there. */
const switchOf = (pinged = (): void => undefined): Greets => {
  const web = createWebServer(certificate, (_, response) => response.end('[]'))
  const sockets = new WebSocketServer({ noServer: true })
  web.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (there) => there.on('ping', pinged)))
  return (socket) => void web.emit('connection', socket)
}

type Of = Pick<TestContext, 'onTestFinished'>

const frontOf = (test: Of, greets: Greets): Front => {
  const front = new Front(greets)
  test.onTestFinished(() => front.close())
  return front
}

const telephonyAt = (test: Of, ariUrl: string): AsteriskTelephony => {
  const telephony = createAsterisk({
    ariUrl,
    user: 'u',
    password: 'p',
    app: 'a',
    trunk: () => 't',
    phone: () => undefined,
    promptsFolder: '',
  })
  test.onTestFinished(() => telephony.stop())
  return telephony
}

describe.concurrent('a switch whose greeting never ends', () => {
  test.for([
    ['says nothing', 'http', nothing],
    ['says nothing, where it is to be private', 'https', nothing],
    ['says what is private a byte at a time', 'https', halfAGreeting],
    ['answers a byte at a time', 'http', halfAHead],
  ] as const)('and that %s is away at the start, and asked again', async ([, scheme, greets], context) => {
    const front = frontOf(context, greets)
    const telephony = telephonyAt(context, await front.url(scheme))
    const events: TelephonyEvent[] = []
    await telephony.start((event) => void events.push(event))
    expect(events).toEqual([{ type: 'switch.lost' }])
    await expect(telephony.alive()).rejects.toThrow('the switch is away')
    await until('it is asked again', () => front.taken > 1)
    await until('what was given up is not kept', () => front.open.size <= 1)
  })

  test('and that was there before is lost once, asked again and again, and found when it greets', async (context) => {
    const whole = switchOf()
    const front = frontOf(context, whole)
    const telephony = telephonyAt(context, await front.url('https'))
    const events: TelephonyEvent[] = []
    await telephony.start((event) => void events.push(event))
    expect(await telephony.alive()).toEqual([])
    front.greets = halfAGreeting
    front.hangUp()
    const taken = front.taken
    await until('it is asked twice', () => front.taken > taken + 1)
    expect(events).toEqual([{ type: 'switch.lost' }])
    front.greets = whole
    await until('it is found', () => events.length > 1)
    expect(events).toEqual([{ type: 'switch.lost' }, { type: 'switch.found' }])
    expect(await telephony.alive()).toEqual([])
  })

  test('is another than one that has ended it, which is kept', async (context) => {
    const pinged = Promise.withResolvers<undefined>()
    const front = frontOf(
      context,
      switchOf(() => pinged.resolve(undefined)),
    )
    const telephony = telephonyAt(context, await front.url('https'))
    const events: TelephonyEvent[] = []
    await telephony.start((event) => void events.push(event))
    // Later than the time a greeting may take.
    await pinged.promise
    expect(events).toEqual([])
  })

  test('keeps none of those who ask at one time waiting for another', async (context) => {
    const front = frontOf(context, nothing)
    const ari = new Ari({ url: await front.url('https'), user: 'u', password: 'p', app: 'a' })
    context.onTestFinished(() => ari.close())
    const asked = Array.from({ length: 10 }, () => ari.request('GET', '/channels'))
    const told = Promise.allSettled(asked).then((all) => all.map((one) => (one.status === 'rejected' ? String(one.reason.message) : '')))
    const late = new Promise((resolve) => setTimeout(resolve, IN_TIME_MS, 'late'))
    expect(await Promise.race([told, late])).toEqual(new Array(10).fill('telephony.GET /channels: Asterisk cannot be reached'))
  })
})
