/** Guessing, choosing and changing passwords; how long a session lasts, and how it ends. OWASP ASVS 5, V6 and V7 */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { passwordFault } from '#adapters/http/password-rules.ts'
import { hashPassword, isOutdated, temporaryPassword, verifyPassword } from '#adapters/http/passwords.ts'
import { networkOf } from '#adapters/http/sign-in-limits.ts'
import type { OwnSessions, Session } from '#wire/session.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'
import { listen } from './http/listen.ts'

const HOUR = 3_600_000
const hashOf = (cookie: string): string =>
  createHash('sha256')
    .update(cookie.split('=')[1] ?? '')
    .digest('hex')

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
  // Nobody has tried these before.
  const { passwordHash } = (await bed.accounts.user('anna')) ?? { passwordHash: '' }
  for (const name of ['tore', 'tyra'])
    await bed.accounts.addUser({ name, displayName: name, role: 'supervisor', agentId: null, queues: null, passwordHash })
})
afterAll(() => bed.close())

const signIn = (user: string, password: string, { from = '127.0.0.1', cookie = '' } = {}) =>
  bed.http.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    remoteAddress: from,
    headers: { host: 'localhost', 'x-samtal': '1', cookie },
    payload: { user, password },
  })
const cookiesOf = (answer: Awaited<ReturnType<typeof signIn>>): [session: string, device: string] => {
  const [session = '', device = ''] = (answer.headers['set-cookie'] as string[]).map((cookie) => cookie.split(';')[0] ?? '')
  return [session, device]
}
const as = (cookie: string, method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  bed.http.app.inject({
    method,
    url: `/api/v1/${url}`,
    headers: { host: 'localhost', 'x-samtal': '1', cookie },
    ...(payload && { payload }),
  })
const codeOf = ({ body }: { readonly body: string }): unknown => (body === '' ? null : JSON.parse(body).code)

describe('which passwords may be chosen', () => {
  test.each([
    ['short', 'password.short'],
    ['elevenchars', 'password.short'],
    ['password1234', 'password.common'],
    ['P@ssw0rd!!!!', 'password.common'],
    ['qwertyuiop123', 'password.common'],
    ['123456789012', 'password.common'],
    ['aaaaaaaaaaaa', 'password.common'],
    ['abcabcabcabc', 'password.common'],
    ['monkeydragon', 'password.common'],
    ['sunshine!2026', 'password.common'],
    ['lena-2026-lena', 'password.context'],
    ['ateljén2026!!', 'password.context'],
    ['samtal123456', 'password.context'],
  ])('not %s: %s', async (password, fault) => expect(await passwordFault(password, ['lena', 'Ateljén', 'samtal'])).toBe(fault))
  test.each([
    'correct horse battery',
    'en lång mening utan siffror',
    'tolv\u00e5 tecken',
    '🎈🎈 två ballonger 🎈',
    `${'x'.repeat(20)} and then some`,
    'lena dansar aldrig på torsdagar',
    'Vq7#mZp2!xLw',
  ])('%s, without a digit or a sign of any kind asked for', async (password) =>
    expect(await passwordFault(password, ['lena', 'Ateljén', 'samtal'])).toBeNull(),
  )
  test('64 characters and more, as they are: nothing is cut off', async () => {
    const long = `${'ett långt lösenord '.repeat(6)}!`
    expect(long.length).toBeGreaterThan(64)
    const hash = await hashPassword(long)
    expect([await verifyPassword(long, hash), await verifyPassword(long.slice(0, -1), hash)]).toEqual([true, false])
  })
  test('a temporary one has 125 bits, and reads well', () => {
    const made = new Set(Array.from({ length: 50 }, temporaryPassword))
    expect(made.size).toBe(50)
    for (const one of made) expect(one).toMatch(/^([a-km-np-z2-9]{5}-){4}[a-km-np-z2-9]{5}$/)
  })
})

describe('hashes', () => {
  test('made with other parameters are made anew at the next sign-in, and no session ends', async () => {
    const old = '$argon2id$v=19$m=8192,t=1,p=1$'
    const { argon2Sync, randomBytes } = await import('node:crypto')
    const nonce = randomBytes(16)
    const tag = argon2Sync('argon2id', { message: PASSWORD, nonce, parallelism: 1, tagLength: 32, memory: 8192, passes: 1 })
    const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
    const phc = `${old}${base64(nonce)}$${base64(tag)}`
    expect(isOutdated(phc)).toBe(true)
    await bed.accounts.setPassword('bo', phc)
    const [first] = cookiesOf(await signIn('bo', PASSWORD))
    const { passwordHash } = (await bed.accounts.user('bo')) ?? { passwordHash: '' }
    expect([isOutdated(passwordHash), await verifyPassword(PASSWORD, passwordHash)]).toEqual([false, true])
    expect((await as(first, 'GET', 'session')).statusCode).toBe(200)
  })
})

describe('guessing', () => {
  test.each([
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:bbbb:cccc:dddd:eeee', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))

  test('from the addresses of one IPv6 network is slowed as from one', async () => {
    const answers = []
    for (let n = 0; n < 11; n++) answers.push((await signIn(`v6-${n}`, 'guess', { from: `2001:db8:5:5::${n + 1}` })).statusCode)
    expect(answers).toEqual([...Array(10).fill(401), 429])
  })
  test('keeps nobody out: a browser signed in with before gets through, from anywhere, while others are slowed', async () => {
    const [, device] = cookiesOf(await signIn('sara', PASSWORD, { from: '10.20.0.1' }))
    for (let n = 0; n < 12; n++) await signIn('sara', 'guess', { from: `10.21.0.${n}` })
    for (let n = 0; n < 12; n++) await signIn(`x${n}`, 'guess', { from: '10.22.0.1' })
    expect((await signIn('sara', PASSWORD, { from: '10.22.0.1' })).statusCode).toBe(429)
    expect((await signIn('sara', PASSWORD, { from: '10.23.0.1' })).statusCode).toBe(429)
    expect((await signIn('sara', PASSWORD, { from: '10.22.0.1', cookie: device })).statusCode).toBe(200)
  })
  test('with a known browser is slowed by itself, and one made up counts for nothing', async () => {
    const [, device] = cookiesOf(await signIn('maja', PASSWORD, { from: '10.30.0.1' }))
    const tries = async (cookie: string, from: string) => {
      const answers = []
      for (let n = 0; n < 11; n++) answers.push((await signIn('maja', 'guess', { from, cookie })).statusCode)
      return answers.at(-1)
    }
    expect(await tries(device, '10.31.0.1')).toBe(429)
    expect(await tries('samtal-device=made-up', '10.32.0.1')).toBe(429)
    expect((await signIn('lena', PASSWORD, { from: '10.33.0.1', cookie: device })).statusCode).toBe(200)
  })
  test('an account that is not there, or has no password, takes the time of one that is', async () => {
    await bed.accounts.addUser({ name: 'oidc', displayName: 'O', role: 'agent', agentId: null, queues: null, passwordHash: 'none' })
    const names = ['admin', 'nobody at all', 'oidc'] as const
    const took = new Map<string, number>()
    // In turn, so that a machine that is busy for a while is busy for all of them.
    for (let n = 0; n < 8; n++)
      for (const name of names) {
        const at = performance.now()
        expect((await signIn(name, 'a wrong password', { from: `10.40.${name.length}.${n}` })).statusCode).toBe(401)
        took.set(name, Math.min(took.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - at))
      }
    const [there = 0, not = 0, none = 0] = names.map((name) => took.get(name))
    expect(not).toBeGreaterThan(there * 0.4)
    expect(none).toBeGreaterThan(there * 0.4)
  })
})

describe('a session', () => {
  test('begins under a new token: what the browser had before is over', async () => {
    const [first] = cookiesOf(await signIn('anna', PASSWORD))
    const [second] = cookiesOf(await signIn('anna', PASSWORD, { cookie: first }))
    expect(second).not.toBe(first)
    expect((await as(first, 'GET', 'session')).statusCode).toBe(401)
    expect((await as(second, 'GET', 'session')).statusCode).toBe(200)
  })
  test.each([
    ['anna', 12 * HOUR, 7 * 24 * HOUR],
    ['admin', HOUR, 12 * HOUR],
  ])('of %s ends after %i ms without use, and after %i ms however much it is used', async (user, idleMs, lifeMs) => {
    const [cookie] = cookiesOf(await signIn(user, PASSWORD))
    const { session } = (await bed.accounts.session(hashOf(cookie), Date.now())) ?? {}
    expect((session?.expiresAt ?? 0) - (session?.createdAt ?? 0)).toBe(idleMs)
    const createdAt = Date.now() - lifeMs + 600_000
    const old = { tokenHash: hashOf('samtal=old'), user, createdAt, seenAt: createdAt, expiresAt: Date.now() + 60_000 }
    await bed.accounts.startSession(old)
    expect((await as('samtal=old', 'GET', 'session')).statusCode).toBe(200)
    expect((await bed.accounts.session(old.tokenHash, Date.now()))?.session.expiresAt).toBe(createdAt + lifeMs)
    await bed.accounts.endSession(old.tokenHash)
  })
  test('ends everywhere else when one asks for it, its open pages too', async () => {
    const page = await listen(bed, 'lena')
    await page.first(({ type }) => type === 'snapshot')
    const [here] = cookiesOf(await signIn('lena', PASSWORD, { from: '10.50.0.1' }))
    const before = JSON.parse((await as(here, 'GET', 'session/all')).body) as OwnSessions
    expect(before.items.filter(({ current }) => current)).toHaveLength(1)
    expect(before.items.length).toBeGreaterThan(1)
    expect(JSON.stringify(before)).not.toContain(hashOf(here))
    expect(JSON.parse((await as(here, 'DELETE', 'session/all')).body)).toEqual({ ended: before.items.length - 1 })
    await page.ended
    expect((await as(here, 'GET', 'session')).statusCode).toBe(200)
    expect((JSON.parse((await as(here, 'GET', 'session/all')).body) as OwnSessions).items).toHaveLength(1)
  })
  test('is no more when the role changes, or the account is disabled; the last administrator stays', async () => {
    const [cookie] = cookiesOf(await signIn('bo', PASSWORD))
    expect(await bed.accounts.changeUser('bo', { displayName: 'Bo Bo' })).toBe('changed')
    expect((await as(cookie, 'GET', 'session')).statusCode).toBe(200)
    expect(await bed.accounts.changeUser('bo', { role: 'supervisor' })).toBe('changed')
    expect((await as(cookie, 'GET', 'session')).statusCode).toBe(401)
    const [again] = cookiesOf(await signIn('bo', PASSWORD))
    expect(await bed.accounts.changeUser('bo', { disabledAt: Date.now() })).toBe('changed')
    expect((await as(again, 'GET', 'session')).statusCode).toBe(401)
    const refused = await signIn('bo', PASSWORD, { from: '10.51.0.1' })
    expect([refused.statusCode, codeOf(refused)]).toEqual([401, 'session.refused'])
    for (const change of [{ role: 'agent' }, { disabledAt: 1 }] as const)
      expect(await bed.accounts.changeUser('admin', change)).toBe('lastAdministrator')
    expect(await bed.accounts.changeUser('nobody', { role: 'agent' })).toBe('unknown')
  })
})

describe('changing one’s password', () => {
  const NEXT = 'något helt annat nu'
  test('needs the one that is, and one that may be chosen', async () => {
    const [cookie] = cookiesOf(await signIn('anna', PASSWORD))
    const change = async (current: string, next: string) => codeOf(await as(cookie, 'PUT', 'session/password', { current, next }))
    expect(await change('wrong password', NEXT)).toBe('password.wrong')
    expect(await change(PASSWORD, PASSWORD)).toBe('password.same')
    expect(await change(PASSWORD, 'password1234')).toBe('password.common')
    expect(await change(PASSWORD, 'anna anna anna')).toBe('password.context')
    expect(await verifyPassword(PASSWORD, (await bed.accounts.user('anna'))?.passwordHash ?? '')).toBe(true)
  })
  test('ends every session, and begins a new one here', async () => {
    const [other] = cookiesOf(await signIn('anna', PASSWORD))
    const [here] = cookiesOf(await signIn('anna', PASSWORD))
    const changed = await as(here, 'PUT', 'session/password', { current: PASSWORD, next: NEXT })
    expect(changed.statusCode).toBe(204)
    expect([(await as(other, 'GET', 'session')).statusCode, (await as(here, 'GET', 'session')).statusCode]).toEqual([401, 401])
    expect((await as(cookiesOf(changed)[0], 'GET', 'session')).statusCode).toBe(200)
    expect((await signIn('anna', PASSWORD)).statusCode).toBe(401)
    expect((await signIn('anna', NEXT)).statusCode).toBe(200)
    expect(bed.audit.rows.some(({ what, who, outcome }) => what === 'user.passwordChanged' && who === 'anna' && outcome === 'done')).toBe(
      true,
    )
    expect(JSON.stringify(bed.audit.rows)).not.toContain(NEXT)
  })
  test('is slowed where the one that is is guessed at', async () => {
    const [cookie] = cookiesOf(await signIn('tore', PASSWORD, { from: '10.60.0.1', cookie: '' }))
    const answers = []
    for (let n = 0; n < 12; n++) answers.push(codeOf(await as(cookie, 'PUT', 'session/password', { current: `guess ${n}`, next: NEXT })))
    expect(answers).toContain('session.tooOften')
  })
  test('comes first where the one that is was given by somebody else; it ends by itself', async () => {
    const given = await hashPassword('a temporary password')
    await bed.accounts.setPassword('tyra', given, Date.now() + HOUR)
    const answer = await signIn('tyra', 'a temporary password', { from: '10.61.0.1' })
    expect((answer.json() as Session).mustChangePassword).toBe(true)
    const cookie = cookiesOf(answer).join('; ')
    expect(codeOf(await as(cookie, 'GET', 'calls'))).toBe('password.temporary')
    const changed = await as(cookie, 'PUT', 'session/password', { current: 'a temporary password', next: NEXT })
    const [own] = cookiesOf(changed)
    expect(JSON.parse((await as(own, 'GET', 'session')).body)).not.toHaveProperty('mustChangePassword')
    expect((await as(own, 'GET', 'calls')).statusCode).toBe(200)
    await bed.accounts.setPassword('tyra', given, Date.now() - 1)
    expect(codeOf(await signIn('tyra', 'a temporary password', { from: '10.62.0.1' }))).toBe('session.refused')
  })
})
