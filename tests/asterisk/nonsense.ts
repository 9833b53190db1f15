/** What no telephone says: messages of SIP and packets of speech that break their form, by name. Ours, after the kinds of RFC 4475. */
import { randomUUID } from 'node:crypto'
import type { SeededChance } from '#sim/chance.ts'

type Part = 'start' | 'via' | 'from' | 'to' | 'callId' | 'cseq' | 'length'

/** A request as it should be, but for the parts that are given: null leaves one out. */
export function request(method: string, other: Partial<Record<Part, string | null>> = {}, more: readonly string[] = [], body = ''): string {
  const name = randomUUID()
  const parts: Readonly<Record<Part, string | null>> = {
    start: `${method} sip:samtal.invalid SIP/2.0`,
    via: `Via: SIP/2.0/WS ${name}.invalid;branch=z9hG4bK${name}`,
    from: `From: <sip:browser@samtal.invalid>;tag=${name}`,
    to: 'To: <sip:browser@samtal.invalid>',
    callId: `Call-ID: ${name}`,
    cseq: `CSeq: 1 ${method}`,
    length: `Content-Length: ${Buffer.byteLength(body)}`,
    ...other,
  }
  const lines = Object.values(parts).filter((line) => line !== null)
  return [...lines, 'Max-Forwards: 70', `Contact: <sip:browser@${name}.invalid;transport=ws>`, ...more, '', body].join('\r\n')
}

const sdp = (...lines: readonly string[]): string =>
  `${['v=0', 'o=p 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines].join('\r\n')}\r\n`
const offers = (body: string): string => request('INVITE', {}, ['Content-Type: application/sdp'], body)
const many = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line)

export const SIP_NONSENSE: Readonly<Record<string, () => string>> = {
  'no word of it': () => '\u0000\u0001\u0002\u0003',
  'a start line and nothing': () => 'REGISTER sip:samtal.invalid SIP/2.0\r\n\r\n',
  'another protocol': () => request('REGISTER', { start: 'GET / HTTP/1.1' }),
  'a version there is none of': () => request('REGISTER', { start: 'REGISTER sip:samtal.invalid SIP/99.9' }),
  'no start line': () => request('REGISTER', { start: null }),
  'an address that is none': () => request('OPTIONS', { start: 'OPTIONS sip:[::::%%%]:99999999;=;=?&& SIP/2.0' }),
  'a long address': () => request('OPTIONS', { start: `OPTIONS sip:${'a'.repeat(30_000)}@samtal.invalid SIP/2.0` }),
  'no Via': () => request('REGISTER', { via: null }),
  'a Via of no form': () => request('REGISTER', { via: 'Via: ;;;,,,SIP//2.0' }),
  'many Vias': () => request('OPTIONS', { via: many(300, 'Via: SIP/2.0/WS x.invalid;branch=z9hG4bKx').join('\r\n') }),
  'no From': () => request('INVITE', { from: null }),
  'a quotation without an end': () => request('INVITE', { from: 'From: "Anna <sip:browser@samtal.invalid>;tag=1' }),
  'no tag, and a bracket open': () => request('INVITE', { from: 'From: <sip:browser@samtal.invalid' }),
  'no Call-ID': () => request('REGISTER', { callId: null }),
  'a number larger than any': () => request('REGISTER', { cseq: 'CSeq: 99999999999999999999 REGISTER' }),
  'a number below nought': () => request('REGISTER', { cseq: 'CSeq: -1 REGISTER' }),
  'another method in CSeq': () => request('REGISTER', { cseq: 'CSeq: 1 INVITE' }),
  'more body than there is': () => request('MESSAGE', { length: 'Content-Length: 999999999' }),
  'less than no body': () => request('MESSAGE', { length: 'Content-Length: -5' }, [], 'hello'),
  'a length in words': () => request('MESSAGE', { length: 'Content-Length: a few' }, [], 'hello'),
  'many headers': () => request('OPTIONS', {}, many(1_500, 'X-More: and more')),
  'a long header': () => request('OPTIONS', {}, [`X-Long: ${'x'.repeat(40_000)}`]),
  'headers folded without end': () => request('OPTIONS', {}, ['Subject: a', ...many(1_000, ' b')]),
  'zeros amid it': () => request('REGISTER', { to: 'To: <sip:bro\u0000wser@samtal.invalid>' }),
  'escapes that are none': () => request('OPTIONS', { to: 'To: <sip:%%%00%zz%@samtal.invalid>' }),
  'a register of all, for ever': () => request('REGISTER', {}, ['Contact: *', 'Expires: 99999999999999']),
  'credentials of no form': () => request('REGISTER', {}, [`Authorization: Digest ${'realm="'.repeat(500)}`]),
  'an answer to nobody': () => request('INVITE', { start: 'SIP/2.0 200 OK' }),
  'an answer of no class': () => request('INVITE', { start: 'SIP/2.0 99999 What' }),
  'a farewell in no call': () => request('BYE', { to: 'To: <sip:browser@samtal.invalid>;tag=none' }),
  'a description of nothing': () => offers('v=0\r\n'),
  'a description of no form': () => offers('m=audio\r\nm=\r\nv=\r\n=\r\n'),
  'a port that is none': () => offers(sdp('m=audio 99999999 RTP/AVP 0')),
  'a port below nought': () => offers(sdp('m=audio -1 RTP/AVP 0 -7')),
  'many streams': () => offers(sdp(...many(400, 'm=audio 4000 RTP/AVP 0'))),
  'many codecs': () => offers(sdp(`m=audio 4000 RTP/AVP ${many(3_000, '0').join(' ')}`)),
  'a codec of no form': () => offers(sdp('m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 //////', 'a=fmtp:0 ;;;;', 'a=ptime:-20')),
  'keys that are none': () => offers(sdp('m=audio 4000 UDP/TLS/RTP/SAVPF 0', 'a=fingerprint:sha-256 ZZ', 'a=setup:never', 'a=ice-ufrag:')),
  'candidates that are none': () => offers(sdp('m=audio 4000 UDP/TLS/RTP/SAVPF 0', ...many(200, 'a=candidate:1 9 udp -1 ::: x typ'))),
  'a body in parts without an end': () => request('INVITE', {}, ['Content-Type: multipart/mixed;boundary="'], '--\r\n--\r\n\r\n--'),
}

/** A request with some of its letters changed, left out, doubled. */
export function spoilt(chance: SeededChance): string {
  const whole = chance.pick([
    () => request('REGISTER', {}, ['Expires: 60']),
    () => request('OPTIONS'),
    () => offers(sdp('m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15')),
  ])()
  let text = whole
  for (let times = chance.between(1, 6); times > 0; times -= 1) {
    const at = chance.between(0, text.length - 1)
    const put = chance.pick([
      '',
      String.fromCharCode(chance.between(0, 255)),
      text.slice(at, at + chance.between(1, 80)).repeat(2),
      '\r\n',
      '\r\n\r\n',
    ])
    text = text.slice(0, at) + put + text.slice(at + chance.between(0, 12))
  }
  return text
}

const bytes = (...head: readonly number[]): Buffer => Buffer.concat([Buffer.from(head), Buffer.alloc(40, 0xa5)])

/** RTP, RTCP (RFC 3550), DTLS and STUN, which share a port (RFC 7983), each broken in its own way. */
export const SPEECH_NONSENSE: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from([0x80]),
  Buffer.from([0x80, 0x00, 0x01]),
  // A head and nothing; a list of sources, an extension and padding longer than the packet.
  bytes(0x80, 0x00, 0x00, 0x01).subarray(0, 12),
  bytes(0x8f, 0x00, 0x00, 0x02).subarray(0, 20),
  bytes(0x90, 0x00, 0x00, 0x03, 0, 0, 0, 0, 0, 0, 0, 9, 0xbe, 0xde, 0xff, 0xff),
  Buffer.concat([bytes(0xa0, 0x00, 0x00, 0x04), Buffer.from([0xff])]),
  // Types nobody offered, versions there are none of, and digits of no form.
  bytes(0x80, 0x7f, 0x00, 0x05),
  bytes(0x80, 0x6b, 0x00, 0x06),
  bytes(0x40, 0x00, 0x00, 0x07),
  bytes(0xc0, 0x00, 0x00, 0x08),
  bytes(0x80, 0xe5, 0x00, 0x09).subarray(0, 13),
  Buffer.concat([bytes(0x80, 0x00, 0x00, 0x0a), Buffer.alloc(8_000, 0x5a)]),
  // Reports of the other end: more of them than there are, longer than the packet, and a farewell of many.
  bytes(0x9f, 0xc8, 0xff, 0xff),
  bytes(0x9f, 0xc9, 0x00, 0x01),
  bytes(0x81, 0xca, 0x00, 0x40),
  bytes(0x9f, 0xcb, 0x00, 0x00),
  bytes(0x81, 0xcd, 0x00, 0x7f),
  bytes(0x84, 0xce, 0x00, 0x02).subarray(0, 9),
  // The hand-shake of keys, and the search for a way.
  bytes(0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff),
  bytes(0x14, 0xfe, 0xff, 0, 1),
  bytes(0x15, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 255),
  bytes(0x00, 0x01, 0xff, 0xff, 0x21, 0x12, 0xa4, 0x42),
  bytes(0x01, 0x01, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42),
]
