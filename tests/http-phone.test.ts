/** The way of browsers' phones to the switch: whom it lets through, what it hands on, and when it is over. */

import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOf, newSecret } from '#adapters/http/cookies.ts'
import type { PhoneWay } from '#adapters/http/deps.ts'
import { phoneWay } from '#app/switch/phones.ts'
import { Problem } from '#wire/session.ts'
import { type Bed, openBed } from './http/bed.ts'
import { DIES, frame, HANDSHAKE, openPhoneSwitch, PhoneClient, type PhoneSwitch, said } from './http/phone.ts'

let far: PhoneSwitch
let bed: Bed
let port: number
let way: PhoneWay
let isThere = true
const clients: PhoneClient[] = []

beforeAll(async () => {
  far = await openPhoneSwitch()
  way = seen(phoneWay(() => (isThere ? far.ariUrl : 'http://127.0.0.1:1/ari'), 20))
  bed = await openBed({ phoneWay: way, hosts: ['samtal.example'] })
  port = Number(new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(async () => {
  for (const client of clients) client.close()
  way.close()
  await bed.close()
  await far.close()
})

/** How often it was asked of each whether it may stay, and who waits for more of that. */
let looks = 0
const waiting: (() => void)[] = []
const looked = async (times: number): Promise<void> => {
  for (const until = looks + times; looks < until; ) await new Promise<void>((resolve) => waiting.push(resolve))
}
const seen = (real: PhoneWay): PhoneWay => ({
  ...real,
  lead: (asked, held) =>
    real.lead(asked, {
      ...held,
      mayStay: async () => {
        const may = await held.mayStay()
        looks += 1
        for (const resolve of waiting.splice(0)) resolve()
        return may
      },
    }),
})

const asks = (headers: Readonly<Record<string, string>>, more: { readonly method?: string; readonly path?: string } = {}): PhoneClient => {
  const client = new PhoneClient(port, { headers: { host: 'samtal.example', ...HANDSHAKE, ...headers }, ...more })
  clients.push(client)
  return client
}
const opens = async (cookie: string): Promise<PhoneClient> => {
  const client = asks({ cookie })
  expect((await client.answer()).status).toBe(101)
  return client
}
/** In a new session. */
const signsIn = async (user: string): Promise<string> => {
  const [secret, now] = [newSecret(), Date.now()]
  await bed.accounts.startSession({ tokenHash: hashOf(secret), user, createdAt: now, seenAt: now, expiresAt: now + 3_600_000 })
  return `samtal=${secret}`
}

describe('a websocket', () => {
  test.each([
    ['that our own page opens goes through', 'anna', { origin: 'https://samtal.example', 'sec-fetch-site': 'same-origin' }],
    ['of a program without a site goes through', 'anna', {}],
  ])('%s', async (_, user, headers) => {
    const client = asks({ cookie: await bed.signedIn(user), ...headers })
    expect((await client.answer()).status).toBe(101)
    client.send(said('OPTIONS sip:samtal.invalid SIP/2.0'))
    expect((await client.hears('OPTIONS')).text).toBe('OPTIONS sip:samtal.invalid SIP/2.0')
    client.close()
    await client.isGone()
  })
  test.each([
    ['of nobody', null, {}, {}, 401, 'session.required'],
    ['of a session that is none', null, { cookie: 'samtal=none' }, {}, 401, 'session.required'],
    ['that another site opens in her name', 'anna', { origin: 'https://evil.example' }, {}, 403, 'request.forged'],
    ['that an opaque page opens', 'anna', { origin: 'null' }, {}, 403, 'request.forged'],
    ['that a frame of another site opens', 'anna', { 'sec-fetch-site': 'cross-site' }, {}, 403, 'request.forged'],
    ['to a host that is not ours', 'anna', { host: 'evil.example' }, {}, 421, 'request.host'],
    ['of a program with a token', null, { authorization: 'Bearer samtal_x' }, {}, 403, 'token.scope'],
    ['of who works as no agent', 'lena', {}, {}, 403, 'session.noDesk'],
    ['of an agent whose phone is another', 'bo', {}, {}, 403, 'phone.none'],
    ['without a key', 'anna', { 'sec-websocket-key': 'x' }, {}, 400, 'phone.handshake'],
    ['of another version', 'anna', { 'sec-websocket-version': '8' }, {}, 400, 'phone.handshake'],
    ['that speaks no SIP', 'anna', { 'sec-websocket-protocol': 'mqtt' }, {}, 400, 'phone.handshake'],
    ['that is none', 'anna', { upgrade: 'h2c' }, {}, 400, 'phone.handshake'],
    ['to another address', 'anna', {}, { path: '/ari/events' }, 404, 'request.unknown'],
    ['with another method', 'anna', {}, { method: 'POST' }, 404, 'request.unknown'],
  ])('%s is refused', async (_, user, headers, more, status, code) => {
    const cookie = user === null ? {} : { cookie: await bed.signedIn(user) }
    const client = asks({ ...cookie, ...headers }, more)
    const answer = await client.answer()
    const problem: unknown = JSON.parse(answer.body)
    expect([answer.status, Value.Check(Problem, problem) && problem.code]).toEqual([status, code])
    expect(answer.head).toMatch(/x-content-type-options: nosniff/i)
    client.close()
  })
  test('tells the switch nothing of who asks, and packs no frames', async () => {
    await opens(await bed.signedIn('anna'))
    expect(Object.keys(far.asked.at(-1) ?? {}).sort()).toEqual(
      ['connection', 'host', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version', 'upgrade'].sort(),
    )
  })
  test('is refused while the switch is away, and leaves nothing open', async () => {
    const before = way.count()
    isThere = false
    const client = asks({ cookie: await bed.signedIn('anna') })
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ status: 503, code: 'switch.away' })
    isThere = true
    expect(way.count()).toBe(before)
  })
  test('who was refused is not kept, though he never goes', async () => {
    const client = asks({})
    await client.answer()
    await client.isGone()
    expect(client.isOver).toBe(true)
  })
  test('too many of one session are refused', async () => {
    const cookie = await signsIn('anna')
    const open = await Promise.all([opens(cookie), opens(cookie), opens(cookie), opens(cookie)])
    expect(JSON.parse((await asks({ cookie }).answer()).body)).toMatchObject({ status: 429, code: 'phone.tooMany' })
    for (const client of open) client.close()
  })
})

describe('what goes over it', () => {
  const closedBy = async (...frames: readonly Buffer[]) => {
    const client = await opens(await signsIn('anna'))
    for (const bytes of frames) client.send(bytes)
    const { closed } = await client.isClosed()
    await client.isGone()
    return closed
  }
  const text = (length: number): Buffer => Buffer.alloc(length, 'x')

  test.each([
    ['a frame without its mask', [frame({ first: 0x81, payload: text(3), isMasked: false })], 1002],
    ['bits that mean nothing here', [frame({ first: 0xc1, payload: text(3) })], 1002],
    ['a kind there is none of', [frame({ first: 0x83, payload: text(3) })], 1002],
    ['a ping longer than any', [frame({ first: 0x89, payload: text(126) })], 1002],
    ['the rest of a message that never began', [frame({ first: 0x80, payload: text(3) })], 1002],
    ['a message in the midst of another', [frame({ first: 0x01, payload: text(3) }), said('x')], 1002],
    ['a message larger than any', [frame({ first: 0x81, payload: text(3), length: 65_536 })], 1009],
    ['one so large that no number holds it', [frame({ first: 0x81, payload: text(3), length: Number.MAX_SAFE_INTEGER })], 1009],
    ['a large one in small parts', Array.from({ length: 70 }, (_, at) => frame({ first: at === 0 ? 1 : 0, payload: text(1_000) })), 1009],
    ['a flood', [Buffer.concat(Array.from({ length: 300 }, () => said('x')))], 1008],
  ])('%s ends it, with the reason', async (_, frames, code) => {
    const closed = await closedBy(...frames)
    expect(closed?.code).toBe(code)
    expect(closed?.reason).not.toBe('')
  })
  test('a message that comes byte by byte goes through as one', async () => {
    const client = await opens(await signsIn('anna'))
    for (const byte of said('REGISTER sip:samtal.invalid SIP/2.0')) client.send(Buffer.from([byte]))
    expect((await client.hears('REGISTER')).text).toBe('REGISTER sip:samtal.invalid SIP/2.0')
    client.close()
  })
  test('the switch that goes away is told of', async () => {
    const client = await opens(await signsIn('anna'))
    client.send(said(DIES))
    expect((await client.isClosed()).closed).toEqual({ code: 1011, reason: 'the switch is away' })
  })
})

describe('it is over within seconds', () => {
  const ended = { code: 1008, reason: 'signed out' }
  const admin = (method: 'POST' | 'PATCH', path: string, body?: object) => bed.ask('admin', method, path, body)

  test('of signing out, and the other session goes on', async () => {
    const [cookie, other] = [await signsIn('anna'), await signsIn('anna')]
    const [client, stays] = [await opens(cookie), await opens(other)]
    await bed.ask(null, 'DELETE', 'session', undefined, { cookie })
    expect((await client.isClosed()).closed).toEqual(ended)
    stays.send(said('STILL'))
    expect((await stays.hears('STILL')).closed).toBeNull()
    stays.close()
  })
  test.each([
    [
      'another password',
      () => admin('POST', 'users/anna/password'),
      async () => bed.accounts.setPassword('anna', (await bed.accounts.user('bo'))?.passwordHash ?? ''),
    ],
    ['being signed out by an administrator', () => admin('POST', 'users/anna/sign-out'), async () => true],
    ['being disabled', () => admin('POST', 'users/anna/disable'), async () => admin('POST', 'users/anna/enable')],
    [
      'another role',
      () => admin('PATCH', 'users/anna', { role: 'supervisor' }),
      async () => admin('PATCH', 'users/anna', { role: 'agent' }),
    ],
  ])('of %s', async (_, happens, mended) => {
    const client = await opens(await signsIn('anna'))
    expect((await happens()) as object).toMatchObject({ status: 200 })
    expect((await client.isClosed()).closed).toEqual(ended)
    await mended()
  })
  test('but who talks is not cut off: it ends with that call, before the next', async () => {
    await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
    await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'ready' })
    const customer = bed.network.call('+46701740699', '+46846500400')
    const { callId } = await bed.until(() => bed.engine.agent('anna')?.matter)
    await bed.engine.submit({ type: 'offer.answer', by: 'agent', agentId: 'anna', callId })
    await bed.until(() => bed.engine.agent('anna')?.matter?.phase === 'talking')
    const client = await opens(await signsIn('anna'))
    await bed.accounts.endSessions('anna', null)
    await looked(10)
    client.send(said('BYE'))
    expect((await client.hears('BYE')).closed).toBeNull()
    customer?.hangUp()
    await bed.until(() => bed.engine.agent('anna')?.matter?.phase !== 'talking')
    expect((await client.isClosed()).closed).toEqual(ended)
  })
})
