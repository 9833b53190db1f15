/** Signing in, and what the edge refuses before anything looks at a request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Session } from '#wire/session.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'

let bed: Bed
const DEMO = [{ user: 'lena', name: 'Lena L', role: 'supervisor' as const }]
beforeAll(async () => {
  bed = await openBed({ demoUsers: DEMO, hosts: ['samtal.example'], trustedProxies: ['10.9.9.9'] })
})
afterAll(() => bed.close())

const signIn = (user: string, password: string, remoteAddress = '127.0.0.1') =>
  bed.http.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    remoteAddress,
    headers: { host: 'localhost', 'x-samtal': '1' },
    payload: { user, password },
  })
const get = (headers: Record<string, string>, remoteAddress = '127.0.0.1', url = '/api/v1/session/demo') =>
  bed.http.app.inject({ method: 'GET', url, remoteAddress, headers: { host: 'localhost', ...headers } })

describe('signing in', () => {
  test('gives a cookie no script reads and no other site sends', async () => {
    const answer = await signIn('Anna', PASSWORD)
    expect(answer.json()).toMatchObject({
      user: 'anna',
      name: 'Anna A',
      role: 'agent',
      agentId: 'anna',
      solution: { name: 'Bed', queues: [{ id: 'support' }, { id: 'outbound' }] },
    })
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^samtal=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^samtal-device=[\w-]{43}; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
  })
  test('the cookies are Secure and this host’s alone where the proxy we trust says https, and browsers are told to come back so', async () => {
    const answer = await bed.http.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      remoteAddress: '10.9.9.9',
      headers: { host: 'localhost', 'x-samtal': '1', 'x-forwarded-proto': 'https' },
      payload: { user: 'anna', password: PASSWORD },
    })
    const set = answer.headers['set-cookie'] as string[]
    expect(set.map((cookie) => cookie.split('=')[0])).toEqual(['__Host-samtal', '__Host-samtal-device'])
    for (const cookie of set) expect(cookie).toMatch(/; Secure/)
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    const cookie = set[0]?.split(';')[0] ?? ''
    const there = (proto: string) => get({ cookie, 'x-forwarded-proto': proto }, '10.9.9.9', '/api/v1/session')
    expect([(await there('https')).statusCode, (await there('http')).statusCode]).toEqual([200, 401])
  })
  test('a wrong name and a wrong password are told apart by nothing', async () => {
    const [name, password] = [await signIn('nobody', PASSWORD), await signIn('anna', 'wrong')]
    expect(name.statusCode).toBe(401)
    expect(name.json()).toEqual(password.json())
  })
  test('signing out ends it, and a password set ends every session', async () => {
    const cookie = await bed.signedIn('bo')
    expect((await bed.ask('bo', 'GET', 'session')).status).toBe(200)
    const { passwordHash } = (await bed.accounts.user('bo')) ?? { passwordHash: '' }
    await bed.accounts.setPassword('bo', passwordHash)
    expect((await get({ cookie }, '127.0.0.1', '/api/v1/session')).statusCode).toBe(401)
  })
})

describe('guessing', () => {
  test('from one address is slowed, other addresses are not', async () => {
    const from = performance.now()
    const answers: number[] = []
    for (let n = 0; n < 30 && answers.at(-1) !== 429; n++) answers.push((await signIn(`name${n}`, 'guess', '10.0.0.1')).statusCode)
    // A try comes back every 6 s: on a slow machine some have.
    const tries = 10 + Math.floor((performance.now() - from) / 6_000)
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(answers.length).toBeLessThanOrEqual(tries + 1)
    expect(answers.at(-1)).toBe(429)
    const refused = await signIn('anna', PASSWORD, '10.0.0.1')
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(10)
    expect((await signIn('anna', PASSWORD, '10.0.0.2')).statusCode).toBe(200)
  })
  test('at one name from many addresses is slowed, and whoever has signed in from somewhere still can', async () => {
    expect((await signIn('admin', PASSWORD, '10.1.0.1')).statusCode).toBe(200)
    const answers = []
    for (let n = 0; n < 11; n++) answers.push((await signIn('admin', 'guess', `10.2.0.${n}`)).statusCode)
    expect(answers.at(-1)).toBe(429)
    expect((await signIn('admin', PASSWORD, '10.1.0.1')).statusCode).toBe(200)
  })
})

describe('the demonstration’s sign-in', () => {
  test('is offered on this machine', async () => {
    expect((await get({})).json()).toEqual(DEMO)
    const answer = await bed.ask(null, 'POST', 'session/demo', { user: 'lena' })
    expect([answer.status, answer.as(Session).user]).toEqual([200, 'lena'])
  })
  test('only to its own accounts', async () =>
    expect((await bed.ask(null, 'POST', 'session/demo', { user: 'admin' })).code).toBe('session.noDemo'))
  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host', 'x-forwarded-proto'])(
    'not where a proxy speaks: %s',
    async (name) => {
      expect((await get({ [name]: '127.0.0.1' })).json()).toEqual([])
      expect((await bed.ask(null, 'POST', 'session/demo', { user: 'lena' }, { [name]: '127.0.0.1' })).code).toBe('session.noDemo')
    },
  )
  test('not from another machine', async () => expect((await get({}, '192.0.2.7')).json()).toEqual([]))
})

describe('the edge', () => {
  test.each([
    ['127.0.0.1:4080', 200],
    ['localhost', 200],
    ['[::1]:4080', 200],
    ['samtal.example', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
  ])('Host %s: %i', async (host, status) => expect((await get({ host })).statusCode).toBe(status))
  test.each<[string, Record<string, string>]>([
    ['without our header', { 'x-samtal': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from an opaque origin', { origin: 'null' }],
    ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('a change %s is refused', async (_, headers) => {
    expect((await bed.ask('lena', 'DELETE', 'alarms/disk', undefined, headers)).code).toBe('request.forged')
  })
  test('a change from our own pages is not', async () => {
    const headers = { origin: 'http://127.0.0.1:4080', 'sec-fetch-site': 'same-origin' }
    expect((await bed.ask('lena', 'DELETE', 'alarms/disk', undefined, headers)).code).toBe('alarm.unknown')
  })
  test('every answer says what a page may load: nothing inline, nothing from elsewhere', async () => {
    for (const url of ['/api/v1/session', '/docs', '/health/live', '/nothing']) {
      const { headers } = await get({}, '127.0.0.1', url)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
})
