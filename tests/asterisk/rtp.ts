/** One party's end of the speech (RTP, RFC 3550; G.711 µ-law): sends a tone of its own, listens, and presses digits (RFC 4733). */
import { createSocket, type Socket } from 'node:dgram'
import { amplitude, decodeMuLaw, type Ear, earOf, encodeMuLaw, type Heard, heardFrom, hertzOfLine, listen, loudness } from './sound.ts'

const packetMs = 20
const packetSamples = (hertzOfLine * packetMs) / 1000
const pieceSamples = hertzOfLine / 10
/** Ten seconds. */
const newestMax = 500
const digitEvents = '0123456789*#'

export class SpeechEnd {
  readonly tone: number
  readonly #socket: Socket
  #remotePort = 0
  #sequence = 0
  #stamp = 0
  #timer: NodeJS.Timeout | undefined
  #begun = 0
  #sent = 0
  #samples: number[] = []
  #pressing = false
  /** All that was heard, in pieces of 100 ms, the oldest first. */
  readonly heard: Heard[] = []
  packets = 0
  /** The newest packets as they came, for what is asked more finely than by pieces. */
  readonly #newest: { readonly at: number; readonly samples: readonly number[] }[] = []
  /** Digits received as telephone events, each counted once by its stamp. */
  received = ''
  #lastDigit = -1

  private constructor(socket: Socket, tone: number) {
    this.#socket = socket
    this.tone = tone
    socket.on('message', (packet) => this.#received(packet))
  }

  static async open(tone: number): Promise<SpeechEnd> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    return new SpeechEnd(socket, tone)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** Speaks from now on, to this port. */
  speak(remotePort: number): void {
    this.#remotePort = remotePort
    if (this.#timer !== undefined) return
    this.#begun = performance.now()
    this.#timer = setInterval(() => {
      while (this.#sent * packetMs <= performance.now() - this.#begun) this.#sendTone()
    }, packetMs)
  }

  /** Says nothing until it speaks again. */
  rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#sent = 0
  }

  #sendTone(): void {
    this.#sent += 1
    if (this.#pressing) {
      this.#stamp += packetSamples
      return
    }
    const speech = Buffer.alloc(packetSamples)
    for (let at = 0; at < packetSamples; at++)
      speech[at] = encodeMuLaw(loudness * Math.sin((2 * Math.PI * this.tone * (this.#stamp + at)) / hertzOfLine))
    this.#send(0, false, this.#stamp, speech)
    this.#stamp += packetSamples
  }

  #send(type: number, marked: boolean, stamp: number, payload: Buffer): void {
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = type | (marked ? 0x80 : 0)
    header.writeUInt16BE(this.#sequence++ & 0xffff, 2)
    header.writeUInt32BE(stamp >>> 0, 4)
    header.writeUInt32BE(0x5a000000 + this.tone, 8)
    this.#socket.send(Buffer.concat([header, payload]), this.#remotePort, '127.0.0.1')
  }

  /** Anything, from where it speaks. */
  send(packet: Uint8Array): void {
    this.#socket.send(packet, this.#remotePort, '127.0.0.1')
  }

  /**
   * Telephone events of 100 ms, 60 ms apart. The tone rests meanwhile, as a voice does: RFC 4733, section 2.5.1.3. A key is told to have
   * been held as long as it was, also where this process was kept from letting go. The end is sent three times at once: who hears it
   * may end the call.
   */
  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.#pressing = true
      const stamp = this.#stamp
      const since = performance.now()
      const tell = (step: number, ended: boolean): void => {
        const held = Math.min(Math.max(step, (performance.now() - since) / packetMs) * packetSamples, 0xffff)
        const event = Buffer.from([digitEvents.indexOf(digit), (ended ? 0x80 : 0) | 10, 0, 0])
        event.writeUInt16BE(Math.floor(held), 2)
        for (let copy = 0; copy < (ended ? 3 : 1); copy++) this.#send(101, step === 1, stamp, event)
      }
      for (let step = 1; step <= 5; step++) {
        tell(step, false)
        await new Promise((resolve) => setTimeout(resolve, packetMs))
      }
      tell(5, true)
      this.#pressing = false
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
  }

  #received(packet: Buffer): void {
    if (packet.length < 13) return
    const type = (packet[1] ?? 0) & 0x7f
    if (type === 101) this.#digit(packet)
    if (type !== 0) return
    this.packets += 1
    const samples = [...packet.subarray(12)].map(decodeMuLaw)
    this.#newest.push({ at: Date.now(), samples })
    if (this.#newest.length > newestMax) this.#newest.shift()
    this.#samples.push(...samples)
    while (this.#samples.length >= pieceSamples) this.heard.push(listen(Date.now(), this.#samples.splice(0, pieceSamples)))
  }

  #digit(packet: Buffer): void {
    const stamp = packet.readUInt32BE(4)
    if (stamp === this.#lastDigit) return
    this.#lastDigit = stamp
    this.received += digitEvents[packet[12] ?? -1] ?? ''
  }

  /** What it hears now. */
  ear(): Ear {
    return earOf(this.heard)
  }

  /** The tones heard in the last quarter of a second, throughout. */
  hearsNow(): readonly number[] {
    return this.ear().tones
  }

  /** When the first packet with this tone came, of the newest from this instant on. */
  firstHeard(hertz: number, from: number): number | undefined {
    return this.#newest.find(({ at, samples }) => at >= from && amplitude(samples, hertz) > heardFrom)?.at
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }
}
