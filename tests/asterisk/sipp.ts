/** Telephones played by sipp: scenarios written from steps, and what sipp logged of each message, with its instant. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sippBinary } from '../../scripts/fetch-tools.ts'

/** What a caller does once answered. Digits go as SIP INFO, so that their instant is in sipp's log. */
export type Step =
  | { readonly pauseMs: number }
  | { readonly digit: string }
  | { readonly hangUp: true }
  | { readonly waitsForBye: true; readonly msMax?: number }

export interface SippMessage {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number
  readonly sent: boolean
  /** `INVITE`, `BYE` …, or an answer's status. */
  readonly what: string
  /** The request a status answers, from CSeq. */
  readonly of: string
  readonly text: string
}

const sdp = (speechPort: number | string): string =>
  [
    'Content-Type: application/sdp',
    'Content-Length: [len]',
    '',
    'v=0',
    'o=u 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${speechPort} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    'a=sendrecv',
  ].join('\n')

const send = (lines: readonly string[], again = true): string =>
  `<send${again ? ' retrans="500"' : ''}><![CDATA[\n${lines.join('\n')}\n]]></send>`
const answer = (status: string, body?: string): string =>
  send(
    [
      `SIP/2.0 ${status}`,
      '[last_Via:]',
      '[last_From:]',
      '[last_To:];tag=[pid]u[call_number]',
      '[last_Call-ID:]',
      '[last_CSeq:]',
      'Contact: <sip:[local_ip]:[local_port];transport=[transport]>',
      body ?? 'Content-Length: 0\n',
    ],
    body !== undefined,
  )
const acknowledge = send(
  ['SIP/2.0 200 OK', '[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]', 'Content-Length: 0\n'],
  false,
)
const scenario = (parts: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="samtal">\n${parts.join('\n')}\n</scenario>\n`

/** Somebody who calls us. `from`, `speechPort`: also as sipp's own fields, `[field0]`, which a list given beside fills for each call. */
export const caller = (from: string, to: string, speechPort: number | string, steps: readonly Step[]): string => {
  let sequence = 1
  const request = (method: string, more: readonly string[]): string =>
    send(
      [
        `${method} ${method === 'INVITE' ? `sip:${to}@[remote_ip]:[remote_port]` : '[next_url]'} SIP/2.0`,
        'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
        `From: <sip:${from}@[local_ip]:[local_port]>;tag=[pid]t[call_number]`,
        `To: <sip:${to}@[remote_ip]:[remote_port]>${method === 'INVITE' ? '' : '[peer_tag_param]'}`,
        'Call-ID: [call_id]',
        `CSeq: ${sequence} ${method}`,
        `Contact: <sip:${from}@[local_ip]:[local_port]>`,
        'Max-Forwards: 70',
        ...more,
      ],
      method !== 'ACK',
    )
  const step = (one: Step): readonly string[] => {
    if ('pauseMs' in one) return [`<pause milliseconds="${Math.round(one.pauseMs)}"/>`]
    if ('waitsForBye' in one) return [`<recv request="BYE" timeout="${one.msMax ?? 120_000}"/>`, acknowledge]
    sequence += 1
    if ('hangUp' in one) return [request('BYE', ['Content-Length: 0\n']), '<recv response="200"/>']
    const body = ['Content-Type: application/dtmf-relay', 'Content-Length: [len]', '', `Signal=${one.digit}`, 'Duration=120\n']
    return [request('INFO', body), '<recv response="200"/>']
  }
  const waiting = ['100', '180', '183'].map((status) => `<recv response="${status}" optional="true"/>`)
  return scenario([
    request('INVITE', [sdp(speechPort)]),
    ...waiting,
    '<recv response="200" rrs="true"/>',
    request('ACK', ['Content-Length: 0\n']),
    ...steps.flatMap(step),
  ])
}

/** One of a crowd, as `caller` with `[field0]` and `[field1]`: is refused with 503, or answered, listens for so long and hangs up. */
export const oneOfMany = (to: string, listensMs: number): string => {
  const own = caller('[field0]', to, '[field1]', [{ pauseMs: listensMs }, { hangUp: true }])
  // The acknowledgement of a refusal belongs to the INVITE by its branch (RFC 3261, 17.1.1.3).
  const branch = 'z9hG4bK-[pid]-[call_number]-of-many'
  const refusal = [
    `ACK sip:${to}@[remote_ip]:[remote_port] SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${branch}`,
    '[last_From:]',
    '[last_To:]',
    'Call-ID: [call_id]',
    'CSeq: 1 ACK',
    'Max-Forwards: 70',
    'Content-Length: 0\n',
  ]
  const over = '<nop next="2"/>\n<label id="1"/>'
  return own
    .replace('branch=[branch]', `branch=${branch}`)
    .replace('<recv response="200" rrs="true"/>', '<recv response="503" optional="true" next="1"/>\n<recv response="200" rrs="true"/>')
    .replace('\n</scenario>', `\n${over}\n${send(refusal, false)}\n<label id="2"/>\n<nop/>\n</scenario>`)
}

const ringing = ['<recv request="INVITE" crlf="true"/>', answer('180 Ringing')]

/** Hangs up whoever called: the headers From and To of that INVITE are in $1 and $2. */
const bye = send([
  'BYE [next_url] SIP/2.0',
  'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
  'From: [$2];tag=[pid]u[call_number]',
  'To: [$1]',
  'Call-ID: [call_id]',
  'CSeq: 1 BYE',
  'Max-Forwards: 70',
  'Content-Length: 0\n',
])
const untilBye: readonly string[] = ['<recv request="BYE" timeout="120000"/>', acknowledge]

/** A phone that rings, answers, and stays until the other end hangs up, or hangs up itself after `talksMs`. */
export const answers = (ringMs: number, speechPort: number, talksMs: number | null): string => {
  const remember =
    '<recv request="INVITE" crlf="true" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/><ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/></action></recv>'
  const end = talksMs === null ? untilBye : [`<pause milliseconds="${talksMs}"/>`, bye, '<recv response="200"/>']
  const first = talksMs === null ? ringing : [remember, answer('180 Ringing')]
  return scenario([...first, `<pause milliseconds="${ringMs}"/>`, answer('200 OK', sdp(speechPort)), '<recv request="ACK"/>', ...end])
}

/**
 * The provider's end of a trunk: whoever registers is asked for the password and believed, who asks whether it is there is told so,
 * and a number called rings, answers, and stays until the other end hangs up.
 */
export const provider = (realm: string, ringMs: number, speechPort: number): string => {
  const challenge = `WWW-Authenticate: Digest realm="${realm}",nonce="${realm}-once",algorithm=MD5,qop="auth"\nContent-Length: 0\n`
  return scenario([
    '<recv request="REGISTER" optional="true" next="1"/>',
    '<recv request="OPTIONS" optional="true" next="2"/>',
    ...ringing,
    `<pause milliseconds="${ringMs}"/>`,
    answer('200 OK', sdp(speechPort)),
    '<recv request="ACK"/>',
    '<recv request="BYE" timeout="120000"/>',
    acknowledge,
    '<nop next="3"/>',
    '<label id="1"/>',
    answer('401 Unauthorized', challenge).replace(' retrans="500"', ''),
    '<recv request="REGISTER"/>',
    answer('200 OK', '[last_Contact:]\nExpires: 300\nContent-Length: 0\n').replace(' retrans="500"', ''),
    '<nop next="3"/>',
    '<label id="2"/>',
    acknowledge,
    '<label id="3"/>',
    '<nop/>',
  ])
}

/** Rings until the ring is withdrawn; the number of that INVITE's CSeq is in this variable. */
const ringsOn = (variable: number): readonly string[] => [
  answer('180 Ringing'),
  '<recv request="CANCEL" timeout="120000"/>',
  answer('200 OK'),
  send([
    'SIP/2.0 487 Request Terminated',
    '[last_Via:]',
    '[last_From:]',
    '[last_To:];tag=[pid]u[call_number]',
    '[last_Call-ID:]',
    `CSeq: [$${variable}] INVITE`,
    'Content-Length: 0\n',
  ]),
  '<recv request="ACK" timeout="5000"/>',
]

/** A phone nobody answers. */
export const nobody = (): string =>
  scenario([
    '<recv request="INVITE" crlf="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="1"/></action></recv>',
    ...ringsOn(1),
  ])

/** What a number does when it is rung; one whose ring is answered says so first. */
export type Far =
  | { readonly answersAfterMs: number; readonly talksMs?: number }
  | { readonly neverAnswers: true }
  | { readonly refuses: '486 Busy Here' | '603 Decline' | '404 Not Found' }

const remembered = (numbers: readonly string[]): string => {
  const header = (name: string, regexp: string, to: number): string =>
    `<ereg regexp="${regexp}" search_in="hdr" header="${name}:" assign_to="${to}"/>`
  const called = numbers.map((number, at) => header('To', number.replace('+', '[+]'), FIRST + at))
  return `<recv request="INVITE" crlf="true" rrs="true"><action>${[
    header('From', '.*', 1),
    header('To', '.*', 2),
    header('CSeq', '[0-9]+', 3),
    ...called,
  ].join('')}</action></recv>`
}
/** Variables and labels of the numbers begin here. */
const FIRST = 10
const LAST = '9'

const refused = (status: string): readonly string[] => [answer(status), '<recv request="ACK" timeout="5000"/>']

/** A network of many numbers, each call by the number called: answers, is never answered, or refuses. What it does not know is not in use. */
export const network = (far: Readonly<Record<string, Far>>, speechPortOf: (number: string) => number): string => {
  const numbers = Object.keys(far)
  const branch = (number: string, does: Far): readonly string[] => {
    if ('refuses' in does) return refused(does.refuses)
    if ('neverAnswers' in does) return ringsOn(3)
    const talks = does.talksMs === undefined ? untilBye : [`<pause milliseconds="${does.talksMs}"/>`, bye, '<recv response="200"/>']
    const pause = `<pause milliseconds="${does.answersAfterMs}"/>`
    return [answer('180 Ringing'), pause, answer('200 OK', sdp(speechPortOf(number))), '<recv request="ACK"/>', ...talks]
  }
  const over = `<nop next="${LAST}"/>`
  return scenario([
    '<recv request="OPTIONS" optional="true" next="1"/>',
    remembered(numbers),
    ...numbers.map((_, at) => `<nop next="${FIRST + at}" test="${FIRST + at}"/>`),
    ...refused('404 Not Found'),
    over,
    '<label id="1"/>',
    acknowledge,
    over,
    ...numbers.flatMap((number, at) => [
      `<label id="${FIRST + at}"/>`,
      ...branch(number, far[number] ?? { refuses: '404 Not Found' }),
      over,
    ]),
    `<label id="${LAST}"/>`,
    // sipp refuses a variable that is set and not used.
    '<Reference variables="1,2,3"/>',
    '<nop/>',
  ])
}

const readLog = (pieces: readonly string[]): readonly SippMessage[] =>
  pieces.flatMap((piece) => {
    const [head = '', ...rest] = piece.split('\n')
    const [direction = '', ...message] = rest
    const found = /^UDP message (sent|received)/.exec(direction)
    if (found === null) return []
    const body = message.join('\n').trimStart()
    const [, status] = /^SIP\/2\.0 (\d+)/.exec(body) ?? []
    return [
      {
        at: Date.parse(head.trim()) + Number(/\.\d{3}(\d{3})/.exec(head)?.[1] ?? 0) / 1000,
        sent: found[1] === 'sent',
        what: status ?? body.split(' ')[0] ?? '',
        of: /^CSeq: *\d+ (\w+)/im.exec(body)?.[1] ?? '',
        text: body,
      },
    ]
  })

/** Before every message of a log. */
const SEPARATOR = /^-{20,} /m

/** Characters. */
const COMPLAINT_MAX = 2_000

export class Sipp {
  readonly #logFile: string
  readonly #whole: SippMessage[] = []
  /** Bytes of the log that have been read, and of these what follows the last separator: the newest message, as far as it is written. */
  #read = 0
  #rest = ''
  readonly #child: ChildProcess
  /** The exit code: 0 when every call went as written. */
  readonly done: Promise<number | null>
  /** Whether it has ended: by itself, or because it would not take the scenario or had no port. */
  ended = false
  /** What it complained of. */
  complaint = ''

  /** `target`: the port called; none: waits for calls. `more`: of sipp's own options. */
  constructor(
    folder: string,
    name: string,
    xml: string,
    port: number,
    options: { readonly target?: number; readonly calls?: number; readonly secondsMax?: number; readonly more?: readonly string[] } = {},
  ) {
    const sipp = sippBinary()
    if (sipp.path === null) throw new Error(sipp.reason)
    const file = join(folder, `${name}.xml`)
    writeFileSync(file, xml)
    this.#logFile = join(folder, `${name}.log`)
    const where = options.target === undefined ? [] : [`127.0.0.1:${options.target}`]
    const limits = ['-m', String(options.calls ?? 1), '-timeout', `${options.secondsMax ?? 240}s`]
    const rest = ['-sf', file, '-i', '127.0.0.1', '-p', String(port), ...limits, '-nostdin', ...(options.more ?? [])]
    this.#child = spawn(sipp.path, [...where, ...rest, '-trace_msg', '-message_file', this.#logFile], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TZ: 'UTC', TERM: 'dumb' },
    })
    this.done = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.stderr?.on('data', (piece) => {
      this.complaint = (this.complaint + String(piece)).slice(-COMPLAINT_MAX)
    })
    this.#child.once('exit', () => {
      this.ended = true
    })
  }

  /** All its messages so far. What was read once is not read again: the log of a long test is long. */
  log(): readonly SippMessage[] {
    const size = this.logged()
    if (size > this.#read) {
      const file = openSync(this.#logFile, 'r')
      const piece = Buffer.alloc(size - this.#read)
      this.#read += readSync(file, piece, 0, piece.length, this.#read)
      closeSync(file)
      const pieces = (this.#rest + piece.toString('latin1')).split(SEPARATOR)
      this.#rest = pieces.pop() ?? ''
      this.#whole.push(...readLog(pieces))
    }
    return [...this.#whole, ...readLog([this.#rest])]
  }

  /** How long its log is, bytes. */
  logged(): number {
    return existsSync(this.#logFile) ? statSync(this.#logFile).size : 0
  }

  /** Where the other end listens to speech, by the newest offer or answer received. */
  speechPort(): number | undefined {
    const ports = this.log().flatMap((message) => (message.sent ? [] : (/m=audio (\d+)/.exec(message.text)?.[1] ?? [])))
    return ports.length === 0 ? undefined : Number(ports.at(-1))
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
