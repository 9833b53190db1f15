/**
 * People with telephones on a network of their own: a small SIP user agent (RFC 3261, one UDP socket on the loopback, nothing is lost
 * there) that answers for every number and agent's phone, and calls us. Everybody on the line sends a tone of their own.
 */
import { createSocket, type Socket } from 'node:dgram'
import type { Deed as CommonDeed } from '../telephony.contract.ts'
import { SpeechEnd } from './rtp.ts'
import { tones } from './sound.ts'

/** Also any refusal the network knows, as `503 Service Unavailable`. */
export type Deed = CommonDeed | { readonly refuses: string }

interface Message {
  readonly start: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

const parse = (text: string): Message => {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [start = '', ...lines] = head.split('\r\n')
  return {
    start,
    body,
    headers: lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  }
}
const header = (message: Message, name: string): string => message.headers.find(([key]) => key === name)?.[1] ?? ''
const mediaPort = (message: Message): number => Number(/m=audio (\d+)/.exec(message.body)?.[1] ?? 0)

/** One telephone on the line. */
export interface Line {
  readonly callId: string
  readonly invite: Message | null
  readonly speech: SpeechEnd
  readonly tag: string
  state: 'ringing' | 'up' | 'over'
  remoteTo: string
  target: string
  sequence: number
  branch: string
  timers: NodeJS.Timeout[]
  /** Wants to hang up before the far end has said anything. */
  giveUp: boolean
  /** What waits for the answer. */
  readonly whenUp: (() => void)[]
  provisional: boolean
}

export interface Outgoing {
  readonly line: Line
  press(digits: string, how?: 'speech' | 'info' | 'both'): void
  hangUp(): void
}

export class People {
  readonly #socket: Socket
  readonly #sipPort: () => number
  readonly #deeds = new Map<string, Deed>()
  readonly rung = new Map<string, number>()
  readonly lines = new Map<string, Line>()
  /** SIP requests and answers as they came and went: start line and instant. */
  readonly log: { readonly at: number; readonly start: string; readonly callId: string; readonly text: string }[] = []
  #count = 0

  private constructor(socket: Socket, sipPort: () => number) {
    this.#socket = socket
    this.#sipPort = sipPort
    socket.on('message', (data) => this.#received(String(data)))
  }

  /** `sipPort`: where Asterisk listens, asked when somebody calls. `address`: theirs, on the loopback. */
  static async open(sipPort: () => number, address = '127.0.0.1'): Promise<People> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, address, resolve))
    return new People(socket, sipPort)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** What whoever has this number or account does when rung. */
  does(user: string, deed: Deed): void {
    this.#deeds.set(user, deed)
  }

  lineOf(callId: string): Line | undefined {
    return this.lines.get(callId)
  }

  close(): void {
    for (const line of this.lines.values()) this.#over(line)
    this.#socket.close()
  }

  /* ------------------------------------------------------------ calling us */

  /** `sessionSeconds`: it will confirm that it is there within so long (RFC 4028), and does not. */
  async call(
    from: string | null,
    to: string,
    infoOnly = false,
    { sessionSeconds }: { readonly sessionSeconds?: number } = {},
  ): Promise<Outgoing> {
    const line = await this.#line(`call-${process.pid}-${this.#count++}-${Date.now()}`, null)
    const user = from ?? 'anonymous'
    line.target = `sip:${to}@127.0.0.1:${this.#sipPort()}`
    line.remoteTo = `<${line.target}>`
    const privacy = from === null ? ['Privacy: id'] : []
    const whom = `From: <sip:${user}@127.0.0.1:${this.port}>;tag=${line.tag}`
    const session =
      sessionSeconds === undefined ? [] : ['Supported: timer', `Session-Expires: ${sessionSeconds};refresher=uac`, 'Min-SE: 90']
    const invite = (): void => this.#request(line, 'INVITE', whom, [...privacy, ...session], this.#sdp(line, !infoOnly))
    this.#callers.set(line.callId, whom)
    invite()
    return {
      line,
      press: (digits, how = infoOnly ? 'info' : 'speech') =>
        this.#whenUp(line, () => {
          if (how !== 'info') line.speech.press(digits).catch(this.#trouble)
          if (how === 'speech') return
          for (const digit of digits)
            this.#request(line, 'INFO', whom, ['Content-Type: application/dtmf-relay'], `Signal=${digit}\r\nDuration=120\r\n`)
        }),
      hangUp: () => {
        if (line.state === 'up') {
          this.#request(line, 'BYE', whom)
          this.#over(line)
        } else if (line.provisional) this.#request(line, 'CANCEL', whom)
        else line.giveUp = true
      },
    }
  }

  #whenUp(line: Line, act: () => void): void {
    if (line.state === 'up') act()
    else line.whenUp.push(act)
  }

  readonly #callers = new Map<string, string>()
  readonly #trouble = (error: unknown): void => {
    this.log.push({ at: Date.now(), start: String(error), callId: '', text: '' })
  }

  /* ------------------------------------------------------------ messages */

  async #line(callId: string, invite: Message | null): Promise<Line> {
    const tone = tones[this.lines.size % tones.length] ?? tones[0]
    const line: Line = {
      callId,
      invite,
      speech: await SpeechEnd.open(tone),
      tag: `p${this.#count++}`,
      state: 'ringing',
      remoteTo: '',
      target: '',
      sequence: 0,
      branch: '',
      timers: [],
      giveUp: false,
      whenUp: [],
      provisional: false,
    }
    this.lines.set(callId, line)
    return line
  }

  #sdp(line: Line, events = true): string {
    const rows = ['v=0', `o=p 1 1 IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0']
    rows.push(`m=audio ${line.speech.port} RTP/AVP 0${events ? ' 101' : ''}`, 'a=rtpmap:0 PCMU/8000')
    if (events) rows.push('a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15')
    return `${[...rows, 'a=ptime:20', 'a=sendrecv'].join('\r\n')}\r\n`
  }

  #send(text: string, callId: string): void {
    this.log.push({ at: Date.now(), start: `> ${text.split('\r\n')[0] ?? ''}`, callId, text })
    this.#socket.send(text, this.#sipPort(), '127.0.0.1')
  }

  #compose(start: string, headers: readonly string[], body: string): string {
    const type = body.startsWith('v=0') ? ['Content-Type: application/sdp'] : []
    return [start, ...headers, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
  }

  #request(line: Line, method: string, from: string, more: readonly string[] = [], body = ''): void {
    if (method !== 'ACK' && method !== 'CANCEL') line.sequence += 1
    if (method !== 'CANCEL') line.branch = `z9hG4bK-${line.tag}-${line.sequence}-${method}`
    const headers = [
      `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=${line.branch}`,
      from,
      `To: ${line.remoteTo}`,
      `Call-ID: ${line.callId}`,
      `CSeq: ${line.sequence} ${method}`,
      `Contact: <sip:p@127.0.0.1:${this.port}>`,
      'Max-Forwards: 70',
      ...more,
    ]
    this.#send(this.#compose(`${method} ${line.target} SIP/2.0`, headers, body), line.callId)
  }

  #answer(request: Message, status: string, line: Line | undefined, body = ''): void {
    const to = header(request, 'to')
    const headers = [
      ...request.headers.filter(([name]) => name === 'via').map(([, value]) => `Via: ${value}`),
      `From: ${header(request, 'from')}`,
      `To: ${to.includes('tag=') || line === undefined ? to : `${to};tag=${line.tag}`}`,
      `Call-ID: ${header(request, 'call-id')}`,
      `CSeq: ${header(request, 'cseq')}`,
      `Contact: <sip:p@127.0.0.1:${this.port}>`,
    ]
    this.#send(this.#compose(`SIP/2.0 ${status}`, headers, body), header(request, 'call-id'))
  }

  #received(text: string): void {
    const message = parse(text)
    const callId = header(message, 'call-id')
    this.log.push({ at: Date.now(), start: `< ${message.start}`, callId, text })
    const line = this.lines.get(callId)
    if (message.start.startsWith('SIP/2.0')) this.#answered(message, line)
    else if (message.start.startsWith('INVITE') && line === undefined) this.#rang(message).catch(this.#trouble)
    else if (line !== undefined) this.#asked(message, line)
    else if (!message.start.startsWith('ACK')) this.#answer(message, '481 Call Does Not Exist', undefined)
  }

  #answered(message: Message, line: Line | undefined): void {
    const status = Number(message.start.split(' ')[1])
    const from = line === undefined ? undefined : this.#callers.get(line.callId)
    if (line === undefined || from === undefined || !header(message, 'cseq').endsWith('INVITE')) return
    if (status < 200) {
      line.provisional = true
      if (line.giveUp) this.#request(line, 'CANCEL', from)
      line.giveUp = false
      return
    }
    line.remoteTo = header(message, 'to')
    if (status < 300) {
      line.target = /<([^>]+)>/.exec(header(message, 'contact'))?.[1] ?? line.target
      this.#request(line, 'ACK', from)
      line.state = 'up'
      line.speech.speak(mediaPort(message))
      for (const act of line.whenUp.splice(0)) act()
      return
    }
    const [branch, target] = [line.branch, line.target]
    this.#request(line, 'ACK', from)
    line.branch = branch
    line.target = target
    this.#over(line)
  }

  #asked(message: Message, line: Line): void {
    const [method] = message.start.split(' ')
    if (method === 'ACK') {
      if (line.state === 'ringing' && line.invite !== null) this.#up(line)
      return
    }
    this.#answer(message, '200 OK', line, method === 'INVITE' ? this.#sdp(line) : '')
    if (method === 'CANCEL' && line.invite !== null) this.#answer(line.invite, '487 Request Terminated', line)
    if (method === 'CANCEL' || method === 'BYE') this.#over(line)
  }

  #over(line: Line): void {
    if (line.state === 'over') return
    line.state = 'over'
    for (const timer of line.timers.splice(0)) clearTimeout(timer)
    line.speech.close()
  }

  /* ------------------------------------------------------------ being rung */

  async #rang(invite: Message): Promise<void> {
    const callId = header(invite, 'call-id')
    const user = /^INVITE sip:([^@]+)@/.exec(invite.start)?.[1] ?? ''
    this.rung.set(user, (this.rung.get(user) ?? 0) + 1)
    const line = await this.#line(callId, invite)
    const deed = this.#deeds.get(user) ?? { notInUse: true }
    if ('refuses' in deed) return this.#refuse(line, deed.refuses)
    if ('busy' in deed) return this.#refuse(line, '486 Busy Here')
    if ('notInUse' in deed) return this.#refuse(line, '404 Not Found')
    this.#answer(invite, '180 Ringing', line)
    if ('rejects' in deed) line.timers.push(setTimeout(() => this.#refuse(line, '603 Decline'), 100))
    if ('answersAfterMs' in deed) line.timers.push(setTimeout(() => this.pickUp(line, deed.talksMs), deed.answersAfterMs))
  }

  /** Whoever is rung answers now, and hangs up after so long; undefined: stays. */
  pickUp(line: Line, talksMs?: number): void {
    if (line.invite === null || line.state !== 'ringing') return
    this.#answer(line.invite, '200 OK', line, this.#sdp(line))
    if (talksMs !== undefined) line.timers.push(setTimeout(() => this.hangUp(line), talksMs))
  }

  #refuse(line: Line, status: string): void {
    if (line.invite !== null) this.#answer(line.invite, status, line)
    this.#over(line)
  }

  #up(line: Line): void {
    line.state = 'up'
    if (line.invite !== null) line.speech.speak(mediaPort(line.invite))
  }

  /** Whoever was rung hangs up. */
  hangUp(line: Line): void {
    const { invite } = line
    if (invite === null || line.state !== 'up') return
    line.target = /<([^>]+)>/.exec(header(invite, 'contact'))?.[1] ?? ''
    line.remoteTo = header(invite, 'from')
    const to = header(invite, 'to')
    this.#request(line, 'BYE', `From: ${to};tag=${line.tag}`)
    this.#over(line)
  }
}
