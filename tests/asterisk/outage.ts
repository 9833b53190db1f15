/**
 * The network of one desk, which a test can take away: the page's connections to our server and its voice to Asterisk pass through here.
 * Taken away it is silent, as a real one: nothing is closed, nothing is refused, nothing comes through.
 */
import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { BrowserContext } from 'playwright-core'

/** What was open meanwhile passes again so long after: TCP doubles the time between two attempts, so after a dozen seconds it waits that long. */
const TCP_WAITS_MS = 12_000

/** Of a page whose voice goes through a relay: the far end's address is replaced in what comes, its own in what goes. */
const detour = `{
const Direct = globalThis.RTCPeerConnection
const only = (sdp, port) =>
  sdp
    .split('\\r\\n')
    .filter((line) => !line.startsWith('a=candidate:') && !line.startsWith('a=end-of-candidates'))
    .flatMap((line) => (line.startsWith('a=ice-pwd:') ? [line, 'a=candidate:1 1 UDP 2130706431 127.0.0.1 ' + port + ' typ host'] : [line]))
    .join('\\r\\n')
globalThis.RTCPeerConnection = class extends Direct {
  async setRemoteDescription(description) {
    const port = Number(/a=candidate:\\S+ 1 udp \\d+ \\S+ (\\d+) /i.exec(description.sdp)?.[1])
    const [near, far] = await relayTo(port)
    this.far = far
    return super.setRemoteDescription({ type: description.type, sdp: only(description.sdp, near) })
  }
  get localDescription() {
    const own = super.localDescription
    return own === null || this.far === undefined ? own : { type: own.type, sdp: only(own.sdp, this.far) }
  }
}
}`

const bound = (): Promise<Datagrams> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => resolve(socket))
  })

export class DeskNetwork {
  /** For the page, before its own scripts. */
  readonly script = detour
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #relays: Datagrams[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Connections that were open in an outage, until TCP tries again. */
  readonly #stalled = new Set<Socket>()
  #there = true
  /** Datagrams of voice that came through, each way. */
  passed = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<DeskNetwork> {
    const server = createServer({ pauseOnConnect: true })
    const network = new DeskNetwork(server)
    server.on('connection', (near) => network.#join(near, port))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return network
  }

  get address(): string {
    const at = this.#server.address()
    return `http://127.0.0.1:${at !== null && typeof at === 'object' ? at.port : 0}`
  }

  async attach(context: BrowserContext): Promise<void> {
    await context.exposeFunction('relayTo', (port: number) => this.#relay(port))
  }

  #join(near: Socket, port: number): void {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      if (!this.#there) this.#stalled.add(one)
      one.on('data', (data) => {
        if (!other.write(data)) one.pause()
      })
      other.on('drain', () => this.#stalled.has(one) || one.resume())
      one.on('error', () => other.destroy())
      // Nobody is told of an end while the network is away.
      one.once('end', () => this.#stalled.has(one) || other.end())
      one.once('close', () => {
        this.#sockets.delete(one)
        if (!this.#stalled.has(one)) other.destroy()
      })
      if (this.#there) one.resume()
      else one.pause()
    }
  }

  async #relay(port: number): Promise<readonly [near: number, far: number]> {
    const [near, far] = [await bound(), await bound()]
    this.#relays.push(near, far)
    let browser: { readonly address: string; readonly port: number } | null = null
    near.on('message', (data, from) => {
      browser = from
      if (this.#there) far.send(data, port, '127.0.0.1')
    })
    far.on('message', (data) => {
      if (!this.#there || browser === null) return
      this.passed += 1
      near.send(data, browser.port, browser.address)
    })
    return [near.address().port, far.address().port]
  }

  takeAway(): void {
    this.#there = false
    for (const socket of this.#sockets) {
      this.#stalled.add(socket)
      socket.pause()
    }
  }

  giveBack(): void {
    this.#there = true
    const waiting = [...this.#stalled]
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      for (const socket of waiting) {
        this.#stalled.delete(socket)
        if (socket.destroyed || !this.#sockets.has(socket)) continue
        socket.resume()
      }
    }, TCP_WAITS_MS)
    this.#timers.add(timer)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#sockets) socket.destroy()
    for (const relay of this.#relays) relay.close()
    this.#server.close()
  }
}
