/**
 * The telephone network at the end of a trunk as sipp plays it: numbers that answer, are busy, are not answered or not in use, and a
 * customer who calls in. sipp speaks SIP, and its log of messages is the network's own account of when what was; what is said and
 * heard goes by our own ends (`rtp.ts`), for sipp can play a sound and cannot tell what it received.
 */
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { freePort } from './network.ts'
import { SpeechEnd } from './rtp.ts'
import { caller, type Far, network, Sipp, type SippMessage, type Step } from './sipp.ts'
import { until } from './until.ts'

/** Until it answers whether it is there: Asterisk asks once as it starts, and takes a trunk that does not answer for gone for half a minute. */
const listening = async (port: number): Promise<void> => {
  const socket = createSocket('udp4')
  let answered = false
  socket.on('message', () => {
    answered = true
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const from = `127.0.0.1:${socket.address().port}`
  await until('sipp listens', () => {
    const name = randomUUID()
    const lines = [
      `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${from};branch=z9hG4bK-${name}`,
      `From: <sip:test@${from}>;tag=${name}`,
      `To: <sip:127.0.0.1:${port}>`,
      `Call-ID: ${name}`,
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
    ]
    if (!answered) socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1')
    return answered
  })
  socket.close()
}

/** One telephone's call, by its SIP Call-ID. */
export interface FarLine {
  readonly callId: string
  readonly number: string
  /** null: a number that is never answered has nothing to say. */
  readonly speech: SpeechEnd | null
  state: 'ringing' | 'up' | 'over'
  /** Where the other end listens. */
  toPort: number
  /** All its messages so far, in order. */
  readonly log: SippMessage[]
}

/** What happens to a call by one message: an answer to INVITE, or a request. */
const stateAfter = ({ what, of }: SippMessage): FarLine['state'] | null => {
  if (what === 'BYE' || what === 'CANCEL') return 'over'
  if (of !== 'INVITE' || !/^[2-6]\d\d$/.test(what)) return null
  return what.startsWith('2') ? 'up' : 'over'
}

const callIdOf = ({ text }: SippMessage): string => /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? ''
const speechPortOf = ({ text }: SippMessage): number | null => Number(/m=audio (\d+)/.exec(text)?.[1] ?? 0) || null

/** One sipp, how far its log has been read, and whose number a message of it is about. */
interface Source {
  readonly sipp: Sipp
  read: number
  logged: number
  isWhole: boolean
  readonly number: (message: SippMessage) => string
}

/** How often the logs are looked at, milliseconds: what an end begins to say may be late by so much. */
const lookMs = 20

export class Carrier {
  readonly port: number
  readonly lines: FarLine[] = []
  readonly #folder: string
  readonly #sipPort: () => number
  readonly #sipps: Source[] = []
  readonly #ends: ReadonlyMap<string, SpeechEnd>
  readonly #timer: NodeJS.Timeout
  #calls = 0

  private constructor(folder: string, port: number, sipPort: () => number, ends: ReadonlyMap<string, SpeechEnd>) {
    this.#folder = folder
    this.port = port
    this.#sipPort = sipPort
    this.#ends = ends
    this.#timer = setInterval(() => this.#look(), lookMs)
  }

  /**
   * `far`: what each number does, or all that begin so. `tones`: what it says, in hertz; whoever answers or calls needs one, and of those
   * that begin alike nobody is heard. Any number not named is not in use.
   */
  static async open(
    folder: string,
    sipPort: () => number,
    far: Readonly<Record<string, Far>>,
    tones: Readonly<Record<string, number>>,
  ): Promise<Carrier> {
    const ends = new Map<string, SpeechEnd>()
    for (const [number, tone] of Object.entries(tones)) ends.set(number, await SpeechEnd.open(tone))
    const carrier = new Carrier(folder, await freePort(), sipPort, ends)
    const xml = network(far, (number) => carrier.#endOf(number).port)
    const number = ({ text }: SippMessage): string => /^To:[^\n]*?sip:(\+?\d+)@/im.exec(text)?.[1] ?? ''
    const sipp = new Sipp(folder, 'network', xml, carrier.port, { calls: 100_000, secondsMax: 3_600 })
    carrier.#sipps.push({ sipp, read: 0, logged: 0, isWhole: true, number })
    await listening(carrier.port)
    return carrier
  }

  /** Calls us, and stays until we hang up: so long at most, or hangs up after `staysMs`. */
  async call(from: string, to: string, how: { readonly msMax?: number; readonly staysMs?: number } = {}): Promise<FarLine> {
    const before = this.lines.length
    const { msMax = 120_000, staysMs } = how
    const steps: readonly Step[] = staysMs === undefined ? [{ waitsForBye: true, msMax }] : [{ pauseMs: staysMs }, { hangUp: true }]
    const xml = caller(from, to, this.#endOf(from).port, steps)
    const limits = { target: this.#sipPort(), secondsMax: Math.max(240, Math.ceil(msMax / 1_000)) }
    const sipp = new Sipp(this.#folder, `caller${this.#calls++}`, xml, await freePort(), limits)
    this.#sipps.push({ sipp, read: 0, logged: 0, isWhole: true, number: () => from })
    return until('the call is made', () => {
      const line = this.lines.slice(before).find(({ number }) => number === from)
      if (line === undefined && sipp.ended && sipp.complaint !== '') throw new Error(`sipp has ended: ${sipp.complaint}`)
      return line
    })
  }

  /** The newest call of this number, from the `after`th line on. */
  rung(number: string, after = 0): Promise<FarLine> {
    return until(`${number} is rung`, () => {
      const network = this.#sipps[0]?.sipp
      if (network?.ended) throw new Error(`sipp has ended: ${network.complaint}`)
      return this.lines.slice(after).findLast((line) => line.number === number)
    })
  }

  close(): void {
    clearInterval(this.#timer)
    for (const { sipp } of this.#sipps) sipp.kill()
    for (const end of this.#ends.values()) end.close()
  }

  #endOf(number: string): SpeechEnd {
    const end = this.#ends.get(number)
    if (end === undefined) throw new Error(`${number} has no tone`)
    return end
  }

  #look(): void {
    for (const one of this.#sipps) {
      const logged = one.sipp.logged()
      const grew = logged !== one.logged
      one.logged = logged
      // The newest message may not be written whole yet: it is when the log has not grown since the last look.
      if (!grew && one.isWhole) continue
      one.isWhole = !grew
      const messages = one.sipp.log()
      const whole = grew ? messages.length - 1 : messages.length
      for (const message of messages.slice(one.read, whole)) this.#heardOf(message, one.number(message))
      one.read = Math.max(one.read, whole)
    }
  }

  #heardOf(message: SippMessage, number: string): void {
    const callId = callIdOf(message)
    let line = this.lines.find((one) => one.callId === callId)
    if (line === undefined) {
      if (message.what !== 'INVITE') return
      line = { callId, number, speech: this.#ends.get(number) ?? null, state: 'ringing', toPort: 0, log: [] }
      this.lines.push(line)
    }
    line.log.push(message)
    line.toPort = (message.sent ? null : speechPortOf(message)) ?? line.toPort
    const next = line.state === 'over' ? null : stateAfter(message)
    if (next === null) return
    line.state = next
    if (next === 'up') line.speech?.speak(line.toPort)
    else line.speech?.rest()
  }
}
