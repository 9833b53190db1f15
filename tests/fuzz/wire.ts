/** How a request is written down: its headers made odd, and HTTP itself. */
import type { SeededChance } from '#sim/chance.ts'

export type Header = [string, string]
export type Framing = 'good' | 'short' | 'long' | 'chunked' | 'badChunk' | 'both' | 'noLength' | 'negative'

const HOSTS = [
  '',
  'evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1:99999',
  'localhost',
  '[::1]:1',
  '127.0.0.1@evil.example',
  '127.0.0.1:4080, evil.example',
  '\u00e5',
  'a'.repeat(5_000),
]
const VALUES = [
  '',
  ' ',
  ',',
  ';;;',
  '=',
  '"',
  'x'.repeat(9_000),
  '\u00ff\u00fe',
  '%00',
  '__proto__',
  'null',
  '-1',
  '1e999',
  '../..',
  '=1+1',
]
const COOKIES = [
  'samtal',
  'samtal=',
  'samtal=a; samtal=b',
  '__Host-samtal=x',
  'samtal="',
  'samtal=%',
  '__proto__=x',
  `samtal=${'x'.repeat(4_000)}`,
  'samtal-device=x',
  'samtal-oidc=x',
  ';'.repeat(2_000),
  'a=b; '.repeat(1_000),
]
const AUTHORIZATIONS = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer  x',
  'bearer samtal_x',
  'Basic YWRtaW46YWRtaW4=',
  'Bearer samtal_none',
  'Bearer \u00e5',
  `Bearer ${'x'.repeat(300)}`,
  'Digest x',
  'Bearer a b',
]
const TYPES = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json;',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'text/csv',
  'APPLICATION/JSON',
  'application/json, text/csv',
  '__proto__',
  'a/b;c=d;'.repeat(100),
]
const ACCEPTS = [
  '',
  '*/*',
  'text/csv',
  'application/x-ndjson',
  'text/html',
  'image/png',
  'application/json;q=0',
  'text/event-stream',
  ','.repeat(500),
]

const ODD: readonly (readonly [string, readonly string[]])[] = [
  ['host', HOSTS],
  ['cookie', COOKIES],
  ['authorization', AUTHORIZATIONS],
  ['origin', ['null', 'https://evil.example', 'http://127.0.0.1:4080', 'not a url', 'http://127.0.0.1:4080@evil.example', '']],
  ['content-type', TYPES],
  ['accept', ACCEPTS],
  ['accept-language', ['sv', 'sv-SE,en;q=0.5', '__proto__', ...VALUES]],
  ['accept-encoding', ['gzip', 'br;q=1', ...VALUES]],
  ['content-encoding', ['gzip', 'identity', 'x']],
  ['expect', ['100-continue', 'x']],
  ['idempotency-key', ['', 'k'.repeat(201), '__proto__', '\u00e5', ...VALUES]],
  ['last-event-id', ['-1', '999999999999999', '1e3', '__proto__', '0']],
  ['sec-fetch-site', ['cross-site', 'same-origin', 'x']],
  ['x-samtal', ['0', '1, 1', '']],
  ['x-forwarded-for', ['127.0.0.1', '::1', 'x', '1.2.3.4, 5.6.7.8']],
  ['x-forwarded-proto', ['https']],
  ['x-forwarded-host', ['evil.example']],
  ['x-http-method-override', ['DELETE']],
  ['range', ['bytes=0-0', 'bytes=-1']],
  ['upgrade', ['websocket', 'h2c']],
  ['connection', ['upgrade', 'keep-alive, x-samtal']],
  ['te', ['trailers']],
  ['__proto__', VALUES],
]

/** One header or two made odd: taken away, said twice, said otherwise. */
export function dress(headers: readonly Header[], chance: SeededChance, how: string[]): readonly Header[] {
  let dressed = [...headers]
  for (let times = chance.pick([0, 0, 0, 0, 1, 2]); times > 0; times--) {
    const [name, values] = chance.pick(ODD)
    const dice = chance.random()
    how.push(`${dice < 0.15 ? 'no' : dice < 0.35 ? 'two' : 'an odd'} ${name}`)
    if (dice >= 0.15 && dice < 0.35) dressed.push([name, chance.pick(values)])
    else dressed = dressed.filter(([one]) => one !== name)
    if (dice >= 0.35) dressed.push([name, chance.pick(values)])
  }
  return dressed
}

interface Written {
  readonly method: string
  readonly target: string
  readonly headers: readonly Header[]
  readonly body: Buffer | null
  readonly framing: Framing
}

const chunk = (body: Buffer, size: string): Buffer => Buffer.concat([Buffer.from(`${size}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])

function lengthOf({ body, framing }: Written): readonly Header[] {
  const length = body?.length ?? 0
  switch (framing) {
    case 'good':
      return body === null ? [] : [['content-length', String(length)]]
    case 'short':
      return [['content-length', String(Math.max(0, length - 3))]]
    case 'long':
      return [['content-length', String(length + 1_000)]]
    case 'negative':
      return [['content-length', '-1']]
    case 'both':
      return [
        ['content-length', String(length)],
        ['transfer-encoding', 'chunked'],
      ]
    case 'chunked':
    case 'badChunk':
      return [['transfer-encoding', 'chunked']]
    case 'noLength':
      return []
  }
}

/** The bytes of it, and whether they are HTTP as it should be. */
export function framed(written: Written): { readonly bytes: Uint8Array; readonly whole: boolean } {
  const { method, target, headers, body, framing } = written
  const lines = [
    ...headers,
    ...lengthOf(written),
    ...(headers.some(([name]) => name === 'connection') ? [] : [['connection', 'close'] as Header]),
  ]
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  const sent =
    body === null
      ? Buffer.alloc(0)
      : framing === 'chunked'
        ? chunk(body, body.length.toString(16))
        : framing === 'badChunk'
          ? chunk(body, 'zz')
          : body
  const isHttp = /^[A-Z]+ \S+ HTTP/.test(head) && !/^(?:CONNECT|HEAD) /.test(head)
  return {
    bytes: Buffer.concat([Buffer.from(head, 'latin1'), sent]),
    whole: isHttp && (framing === 'good' || (framing === 'chunked' && body !== null)),
  }
}
