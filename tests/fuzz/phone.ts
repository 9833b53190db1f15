/** `/phone`, the browsers' way to Asterisk: handshakes nobody should send, and what no telephone says once one is open. */
import { hashOf, newSecret } from '#adapters/http/cookies.ts'
import type { PhoneWay } from '#adapters/http/deps.ts'
import { phoneWay } from '#app/switch/phones.ts'
import { type SeededChance, seededChance } from '#sim/chance.ts'
import { refusals } from '#wire/refusals.ts'
import { type Bed, openBed } from '../http/bed.ts'
import { DIES, frame, HANDSHAKE, openPhoneSwitch, PhoneClient, type PhoneSwitch, said, TALKS_ON } from '../http/phone.ts'
import type { Tally } from './tally.ts'

/** Openings of one bed; then what is left of it is looked at. */
const ROUND = 500
const PATIENCE_MS = 10_000

interface Stage {
  readonly bed: Bed
  readonly far: PhoneSwitch
  readonly way: PhoneWay
  readonly port: number
  readonly tickets: Readonly<Record<string, Readonly<Record<string, string>>>>
}

async function ticketOf({ accounts }: Bed, user: string, forMs: number): Promise<Readonly<Record<string, string>>> {
  const [secret, now] = [newSecret(), Date.now()]
  await accounts.startSession({ tokenHash: hashOf(secret), user, createdAt: now - 1, seenAt: now - 1, expiresAt: now + forMs })
  return { cookie: `samtal=${secret}` }
}

async function openStage(): Promise<Stage> {
  const far = await openPhoneSwitch()
  const way = phoneWay(() => far.ariUrl, 50)
  const bed = await openBed({ phoneWay: way })
  const port = Number(new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 })).port)
  const hour = 3_600_000
  const tickets = {
    bo: await ticketOf(bed, 'bo', hour),
    lena: await ticketOf(bed, 'lena', hour),
    over: await ticketOf(bed, 'anna', -1),
    none: { cookie: 'samtal=none' },
    twice: { cookie: 'samtal=none; samtal=nobody' },
    token: { authorization: 'Bearer samtal_none' },
    nobody: {},
  }
  return { bed, far, way, port, tickets }
}

const WRONG_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://elsewhere.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { host: 'elsewhere.example' },
  { 'sec-websocket-key': '' },
  { 'sec-websocket-key': 'A'.repeat(30_000) },
  { 'sec-websocket-version': '99999999999' },
  { 'sec-websocket-protocol': 'sips, \0' },
  { 'sec-websocket-protocol': '' },
  { upgrade: 'websocket2' },
  { upgrade: 'h2c' },
  { 'content-length': '-1' },
  { 'transfer-encoding': 'chunked', 'content-length': '5' },
]

/** A handshake that must be refused, and is, in our words. */
async function badHandshake({ port, tickets, bed }: Stage, chance: SeededChance): Promise<string> {
  const isForeign = chance.often(0.4)
  const ticket = isForeign ? tickets[chance.pick(Object.keys(tickets))] : await ticketOf(bed, 'anna', 3_600_000)
  const wrong = isForeign ? {} : chance.pick(WRONG_HEADERS)
  const method = chance.often(0.1) ? chance.pick(['POST', 'PUT', 'DELETE', 'get']) : 'GET'
  const path = chance.often(0.1) ? chance.pick(['/phone/', '/phone?x=1', '/PHONE', '//phone', '/phone%00', '/ari/events', '/ws']) : '/phone'
  const client = new PhoneClient(port, { headers: { host: '127.0.0.1', ...HANDSHAKE, ...ticket, ...wrong }, method, path })
  const { status, head, body } = await client.answer()
  client.close()
  const code = /"code":"([\w.]+)"/.exec(body)?.[1] ?? ''
  if (status === 101) return `WRONG: opened for ${JSON.stringify({ ...ticket, ...wrong, method, path }).slice(0, 200)}`
  if (refusals[code]?.status !== status) return `WRONG: ${status} ${code} is no refusal of ours`
  return /x-content-type-options: nosniff/i.test(head) ? code : `WRONG: ${code} without its headers of security`
}

const text = (length: number): Buffer => Buffer.alloc(length, 'y')
const SIP = [
  'REGISTER sip:samtal.invalid SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n',
  'INVITE sip:112@samtal.invalid SIP/9.9\r\nVia: SIP/2.0/WS \0\r\nFrom: "=1+1"<sip:a@b>;tag=\r\n\r\nv=0\r\n',
  '\r\n\r\n\r\n\r\n',
  'SIP/2.0 200 OK\r\n\r\n',
  '',
  'BYE '.repeat(9_000),
  '\u202e\u0000\ud83d',
]

/** Whether a connection is ended for it: by which codes. Empty: it is not, and goes on. */
type Deed = readonly [name: string, bytes: (chance: SeededChance) => readonly Uint8Array[], codes: readonly number[]]
const DEEDS: readonly Deed[] = [
  ['nonsense of SIP', (chance) => [said(chance.pick(SIP))], []],
  ['byte by byte', (chance) => [...said(chance.pick(SIP).slice(0, 60))].map((byte) => Buffer.from([byte])), []],
  ['pings', () => Array.from({ length: 20 }, () => frame({ first: 0x89, payload: text(5) })), []],
  ['no mask', () => [frame({ first: 0x81, payload: text(9), isMasked: false })], [1002]],
  ['bits of no meaning', (chance) => [frame({ first: 0x81 | chance.pick([0x10, 0x20, 0x40, 0x70]), payload: text(9) })], [1002]],
  ['no kind there is', (chance) => [frame({ first: 0x80 | chance.pick([3, 4, 5, 6, 7, 11, 12, 15]), payload: text(9) })], [1002]],
  ['a control frame too long', (chance) => [frame({ first: chance.pick([0x88, 0x89, 0x8a]), payload: text(126) })], [1002]],
  ['a control frame in parts', (chance) => [frame({ first: chance.pick([0x08, 0x09, 0x0a]), payload: text(3) })], [1002]],
  ['the rest of nothing', () => [frame({ first: 0x80, payload: text(3) })], [1002]],
  ['one within another', () => [frame({ first: 0x01, payload: text(3) }), frame({ first: 0x82, payload: text(3) })], [1002]],
  [
    'huge',
    (chance) => [frame({ first: 0x81, payload: text(9), length: chance.pick([65_536, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) })],
    [1009],
  ],
  ['huge in parts', () => Array.from({ length: 140 }, (_, at) => frame({ first: at === 0 ? 1 : 0, payload: text(500) })), [1009]],
  ['a flood', () => [Buffer.concat(Array.from({ length: 400 }, () => said('OPTIONS')))], [1008]],
  ['text in no UTF-8', () => [frame({ first: 0x81, payload: Buffer.from([0xff, 0xfe, 0xc0]) })], [1007]],
  ['the switch dies of it', () => [said(DIES)], [1011]],
  ['a farewell', () => [frame({ first: 0x88, payload: Buffer.from([0x03, 0xe8]) })], [1000]],
]

async function badDeed({ port, bed }: Stage, chance: SeededChance): Promise<string> {
  const headers = { host: '127.0.0.1', ...HANDSHAKE, ...(await ticketOf(bed, 'anna', 3_600_000)) }
  const client = new PhoneClient(port, { headers })
  const { status } = await client.answer()
  if (status !== 101) return `WRONG: ${status} for whoever may`
  const way = chance.pick(['deed', 'deed', 'deed', 'deed', 'deed', 'garbage', 'gone', 'deaf'])
  if (way === 'deed') return doneTo(client, chance)
  if (way === 'garbage')
    for (let times = 3; times > 0; times--) client.send(Uint8Array.from({ length: chance.between(1, 400) }, () => chance.between(0, 255)))
  if (way === 'deaf') {
    client.goDeaf()
    client.send(said(TALKS_ON))
  }
  // Cut in the midst of a frame.
  if (way === 'gone') client.send(said('x'.repeat(500)).subarray(0, 300))
  if (way !== 'garbage') await new Promise((resolve) => setImmediate(resolve))
  client.close()
  await client.isGone()
  return way
}

async function doneTo(client: PhoneClient, chance: SeededChance): Promise<string> {
  const [name, bytes, codes] = chance.pick(DEEDS)
  for (const part of bytes(chance)) client.send(part)
  if (codes.length === 0) {
    client.send(said('STILL HERE'))
    const { text: heard, closed } = await client.hears('STILL HERE')
    client.close()
    return heard.includes('STILL HERE') ? name : `WRONG: ${name} ended it: ${closed?.code}`
  }
  const { closed } = await client.isClosed()
  await client.isGone()
  if (closed === null) return `WRONG: ended without a reason by ${name}`
  return codes.includes(closed.code) ? `${name}: ${closed.code}` : `WRONG: ${name} ended it by ${closed.code}`
}

const late = (): Promise<string> =>
  new Promise((resolve) => setTimeout(() => resolve('WRONG: nothing came of it in time'), PATIENCE_MS).unref())

/** When everybody is gone nothing is left of them, and whoever may still can. */
async function leftOver(stage: Stage): Promise<string | null> {
  const { bed, far, way } = stage
  const gone = new Promise<null>((resolve) => {
    const looking = setInterval(() => {
      if (way.count() > 0 || far.open.size > 0) return
      clearInterval(looking)
      resolve(null)
    }, 20)
    setTimeout(() => clearInterval(looking), PATIENCE_MS).unref()
  })
  if ((await Promise.race([gone, late()])) !== null) return `${way.count()} ways are left open, ${far.open.size} at the switch`
  const errors = bed.log.filter((line) => /^error |\bBug\b|unhandled/i.test(line))
  if (errors.length > 0) return `the log: ${errors[0]}`
  const live = await bed.ask(null, 'GET', '/health/ready')
  return live.status === 200 ? null : `not ready: ${live.text}`
}

/** Asks so many, each drawn from the seed and its place, some of them beside each other. */
export async function fuzzPhone(asked: {
  readonly seed: string
  readonly from: number
  readonly times: number
  readonly tally: Tally
}): Promise<void> {
  const { seed, from, times, tally } = asked
  const again = (at: number): string => `npm run fuzz -- --surface phone --seed ${seed} --from ${at} --requests 1`
  for (let begin = from; begin < from + times; begin += ROUND) {
    const stage = await openStage()
    const end = Math.min(begin + ROUND, from + times)
    const one = async (index: number): Promise<void> => {
      const began = performance.now()
      const chance = seededChance(`${seed}/phone/${index}`)
      const outcome = await Promise.race([chance.often(0.4) ? badHandshake(stage, chance) : badDeed(stage, chance), late()])
      tally.take('phone', outcome.startsWith('WRONG') ? 'WRONG' : outcome, performance.now() - began)
      if (outcome.startsWith('WRONG'))
        tally.faults.push({ surface: 'phone', what: outcome, about: `opening ${index}`, again: again(index) })
    }
    for (let index = begin; index < end; index += 10)
      await Promise.all(Array.from({ length: Math.min(10, end - index) }, (_, at) => one(index + at)))
    const left = await leftOver(stage)
    if (left !== null) tally.faults.push({ surface: 'phone', what: left, about: 'when all are gone', again: again(begin) })
    stage.way.close()
    await stage.bed.close()
    await stage.far.close()
    tally.remember()
  }
}
