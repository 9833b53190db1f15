/** A browser's phone as far as its registration: SIP over a websocket (RFC 7118), the challenge answered (RFC 7616). */
import { createHash } from 'node:crypto'
import type { WebSocket } from 'ws'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const register = (account: string, sequence: number, authorization: string | null): string =>
  [
    'REGISTER sip:samtal.invalid SIP/2.0',
    `Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK${account}${sequence}`,
    'Max-Forwards: 70',
    `From: <sip:${account}@samtal.invalid>;tag=t${account}`,
    `To: <sip:${account}@samtal.invalid>`,
    `Call-ID: register-${account}`,
    `CSeq: ${sequence} REGISTER`,
    `Contact: <sip:${account}@browser.invalid;transport=ws>;expires=60`,
    ...(authorization === null ? [] : [`Authorization: ${authorization}`]),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

const answerTo = (challenge: string, account: string, password: string): string => {
  const field = (name: string): string => new RegExp(`${name}="?([^",\\r]*)`).exec(challenge)?.[1] ?? ''
  const [realm, nonce, uri] = [field('realm'), field('nonce'), 'sip:samtal.invalid']
  const response = md5([md5(`${account}:${realm}:${password}`), nonce, '00000001', 'c', 'auth', md5(`REGISTER:${uri}`)].join(':'))
  return `Digest username="${account}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}",algorithm=MD5,qop=auth,nc=00000001,cnonce="c"${field('opaque') === '' ? '' : `,opaque="${field('opaque')}"`}`
}

/** The final status the registrar gives, or `refused` where the websocket is not even opened. */
export const registers = (socket: WebSocket, account: string, password: string): Promise<string> =>
  new Promise((resolve) => {
    const over = (status: string): void => {
      socket.terminate()
      resolve(status)
    }
    let sequence = 1
    socket.once('error', () => over('refused'))
    socket.once('open', () => socket.send(register(account, sequence, null)))
    socket.on('message', (data) => {
      const text = String(data)
      const status = /^SIP\/2\.0 (\d+)/.exec(text)?.[1]
      if (status === '401' && sequence === 1) {
        sequence += 1
        socket.send(register(account, sequence, answerTo(/^WWW-Authenticate: (.*)$/im.exec(text)?.[1] ?? '', account, password)))
      } else if (status !== undefined) over(status)
    })
  })
