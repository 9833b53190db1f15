/** The wire between the engine and the switch, which a test can cut, or make a slow one. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** Hands on what it is given, so much later. */
const later = (ms: number): Transform =>
  new Transform({ transform: (bytes, _, next) => void setTimeout(() => next(null, bytes), ms), readableHighWaterMark: 65_536 })

export class Cable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How long what is asked is on its way. */
  readonly #slowMs: number
  #whole = true

  private constructor(server: Server, slowMs: number) {
    this.#server = server
    this.#slowMs = slowMs
  }

  static async to(port: number, slowMs = 0): Promise<Cable> {
    const server = createServer()
    const cable = new Cable(server, slowMs)
    server.on('connection', (near) => cable.#join(near, port))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return cable
  }

  get port(): number {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  #join(near: Socket, port: number): void {
    if (!this.#whole) {
      near.destroy()
      return
    }
    const far = dial(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      if (this.#slowMs > 0 && one === near) one.pipe(later(this.#slowMs)).pipe(other)
      else one.pipe(other)
      one.on('error', () => other.destroy())
      one.once('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
  }

  cut(): void {
    this.#whole = false
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#whole = true
  }

  close(): void {
    this.cut()
    this.#server.close()
  }
}
