/**
 * A browser's phone as far as registration and liveness go: SIP over a websocket (RFC 7118), the challenge answered (RFC 7616), and
 * OPTIONS answered for as long as it is told to.
 */
import { createHash } from 'node:crypto'
import type { WebSocket } from 'ws'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const answerTo = (challenge: string, account: string, password: string): string => {
  const field = (name: string): string => new RegExp(`${name}="?([^",\\r]*)`).exec(challenge)?.[1] ?? ''
  const [realm, nonce, opaque, uri] = [field('realm'), field('nonce'), field('opaque'), 'sip:samtal.invalid']
  const response = md5([md5(`${account}:${realm}:${password}`), nonce, '00000001', 'c', 'auth', md5(`REGISTER:${uri}`)].join(':'))
  const known = `Digest username="${account}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}"`
  return `${known},algorithm=MD5,qop=auth,nc=00000001,cnonce="c"${opaque === '' ? '' : `,opaque="${opaque}"`}`
}

/** A page's patience is 2 s; a busy machine's answer may take longer. */
const ANSWER_MS_MAX = 6_000

export class BrowserPhone {
  readonly #socket: WebSocket
  readonly #account: string
  #sequence = 0
  answersOptions = true
  /** How often it was asked whether it is there. */
  asked = 0
  /** The final status the registrar gives; `refused` where the websocket is not even opened, `closed` where it is closed without one, `silent` where none comes. */
  readonly registered: Promise<string>

  constructor(socket: WebSocket, account: string, password: string) {
    this.#socket = socket
    this.#account = account
    this.registered = new Promise((resolve) => {
      socket.once('error', () => resolve('refused'))
      socket.once('close', () => resolve('closed'))
      setTimeout(() => resolve('silent'), ANSWER_MS_MAX).unref()
      socket.once('open', () => this.#register(null))
      socket.on('message', (data) => {
        const text = String(data)
        if (text.startsWith('OPTIONS ')) this.#isAsked(text)
        const status = /^SIP\/2\.0 (\d+)/.exec(text)?.[1]
        if (status === '401' && this.#sequence === 1)
          this.#register(answerTo(/^WWW-Authenticate: (.*)$/im.exec(text)?.[1] ?? '', account, password))
        else if (status !== undefined) resolve(status)
      })
    })
  }

  #register(authorization: string | null): void {
    this.#sequence += 1
    const account = this.#account
    this.#send([
      'REGISTER sip:samtal.invalid SIP/2.0',
      `Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK${account}${this.#sequence}`,
      'Max-Forwards: 70',
      `From: <sip:${account}@samtal.invalid>;tag=t${account}`,
      `To: <sip:${account}@samtal.invalid>`,
      `Call-ID: register-${account}`,
      `CSeq: ${this.#sequence} REGISTER`,
      `Contact: <sip:${account}@browser.invalid;transport=ws>;expires=60`,
      ...(authorization === null ? [] : [`Authorization: ${authorization}`]),
    ])
  }

  #isAsked(text: string): void {
    this.asked += 1
    if (!this.answersOptions) return
    const back = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line))
    this.#send(['SIP/2.0 200 OK', ...back, `${/^To:.*$/im.exec(text)?.[0]};tag=here`])
  }

  #send(lines: readonly string[]): void {
    this.#socket.send([...lines, 'Content-Length: 0', '', ''].join('\r\n'))
  }

  close(): void {
    this.#socket.terminate()
  }
}
