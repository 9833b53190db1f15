/** Signing in with a provider: a real one in this process, over real connections, led there and back as a browser is. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HttpDeps } from '#adapters/http/deps.ts'
import { openIdProvider } from '#adapters/oidc/oidc.ts'
import { readOidc } from '#app/oidc.ts'
import type { Role } from '#ports/accounts.ts'
import type { IdentityRules } from '#ports/identity.ts'
import { Session, SignInProvider } from '#wire/session.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'
import { Browser, CLIENT, type Person, startProvider, type TestProvider } from './oidc/provider.ts'

const RULES: IdentityRules = {
  userClaim: 'preferred_username',
  roleClaim: 'groups',
  roles: [
    { group: 'chiefs', role: 'administrator' },
    { group: 'leads', role: 'supervisor' },
    { group: 'staff', role: 'agent' },
  ],
  createsUsers: true,
}
const person = (sub: string, claims: Person['claims']): Person => ({ sub, claims })

let idp: TestProvider
let bed: Bed
let address = ''
/** What the provider of the centre is, changed from test to test. */
const current = { rules: RULES, acr: null as string | null }

const providerFor = (acr: string | null) =>
  openIdProvider(
    { issuer: idp.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, name: 'The house', scopes: 'openid profile email', acr },
    Date.now,
  )

beforeAll(async () => {
  const signInProvider: NonNullable<HttpDeps['signInProvider']> = {
    get provider() {
      return providerFor(current.acr)
    },
    get rules() {
      return current.rules
    },
  }
  bed = await openBed({ signInProvider })
  address = await bed.http.listen({ host: '127.0.0.1', port: 0 })
  idp = await startProvider(`${address}/api/v1/session/oidc/return`)
})
beforeEach(() => {
  idp.person = null
  Object.assign(current, { rules: RULES, acr: null })
})
afterAll(async () => {
  await bed.close()
  await idp.close()
})

/** An account nobody has signed in to with the provider. */
async function known(name: string, role: Role = 'supervisor'): Promise<void> {
  const { passwordHash } = (await bed.accounts.user('anna')) ?? { passwordHash: '' }
  await bed.accounts.addUser({ name, displayName: name, role, agentId: null, queues: null, passwordHash })
}

const START = '/api/v1/session/oidc/start'
const RETURN = '/api/v1/session/oidc/return'
/** Where a sign-in ends: at the first page, or at the sign-in page with a code. */
const signIn = async (browser = new Browser()): Promise<string> => (await browser.go(address + START)).slice(address.length)
const sessionIn = async (browser: Browser): Promise<Session | number> => {
  const answer = await browser.once(`${address}/api/v1/session`)
  return answer.status === 200 ? ((await answer.json()) as Session) : answer.status
}

describe('who is known there', () => {
  test('signs in to the account of his name, which is his from then on, whatever he is called', async () => {
    expect((await bed.ask(null, 'GET', 'session/oidc')).as(SignInProvider)).toEqual({ provider: { name: 'The house', url: START } })
    idp.person = person('17', { preferred_username: 'Lena', name: 'Another', groups: ['leads'] })
    const browser = new Browser()
    expect(await signIn(browser)).toBe('/')
    expect(await sessionIn(browser)).toMatchObject({ user: 'lena', name: 'Lena L', role: 'supervisor' })
    expect(bed.audit.rows.at(-1)).toMatchObject({
      by: 'user',
      who: 'lena',
      what: 'session.started',
      details: { provider: 'The house', created: false },
    })
    idp.person = person('17', { preferred_username: 'lena.new', groups: ['leads'] })
    const again = new Browser()
    expect(await signIn(again)).toBe('/')
    expect(await sessionIn(again)).toMatchObject({ user: 'lena' })
    idp.person = person('18', { preferred_username: 'lena', groups: ['leads'] })
    expect(await signIn()).toBe('/?refused=oidc.otherUser')
  })
  test('is given the role his groups give, each time; the last administrator stays one', async () => {
    const roleOf = async (groups: unknown) => {
      idp.person = person('20', { preferred_username: 'bo', groups })
      const browser = new Browser()
      const where = await signIn(browser)
      const session = await sessionIn(browser)
      return typeof session === 'number' ? where : session.role
    }
    expect(await roleOf(['staff', 'leads', 'others'])).toBe('supervisor')
    expect(await roleOf('staff')).toBe('agent')
    expect(await roleOf(['others'])).toBe('/?refused=oidc.noRole')
    expect(await roleOf(undefined)).toBe('/?refused=oidc.noRole')
    expect((await bed.accounts.user('bo'))?.role).toBe('agent')
    idp.person = person('21', { preferred_username: 'admin', groups: ['staff'] })
    expect(await signIn()).toBe('/?refused=oidc.noRole')
    expect((await bed.accounts.user('admin'))?.role).toBe('administrator')
  })
  test('and has no account here is given one only where that is wanted', async () => {
    idp.person = person('30', { preferred_username: 'saga', name: 'Saga S', groups: ['staff'] })
    current.rules = { ...RULES, createsUsers: false }
    expect(await signIn()).toBe('/?refused=oidc.noUser')
    expect(bed.audit.rows.at(-1)).toMatchObject({ by: 'nobody', what: 'session.started', outcome: 'oidc.noUser' })
    expect(await bed.accounts.user('saga')).toBeNull()
    current.rules = RULES
    const browser = new Browser()
    expect(await signIn(browser)).toBe('/')
    expect(await sessionIn(browser)).toMatchObject({ user: 'saga', name: 'Saga S', role: 'agent', agentId: 'saga' })
    expect((await bed.ask(null, 'POST', 'session', { user: 'saga', password: 'none' })).code).toBe('session.refused')
  })
  test('and is disabled here, or unnamed, or named as nobody can be, is not let in', async () => {
    await known('gone')
    await bed.accounts.changeUser('gone', { disabledAt: Date.now() })
    for (const name of ['gone', undefined, '<b>', 'a b', 7]) {
      idp.person = person('40', { preferred_username: name, groups: ['staff'] })
      expect([name, await signIn()]).toEqual([name, '/?refused=oidc.noUser'])
    }
  })
  test('by an e-mail address only if it is shown to be his', async () => {
    current.rules = { ...RULES, userClaim: 'email', roleClaim: null, createsUsers: false }
    await known('x@example.org')
    const claims = { email: 'x@example.org' }
    for (const email_verified of [false, 'false', undefined]) {
      idp.person = person('50', { ...claims, ...(email_verified !== undefined && { email_verified }) })
      expect([email_verified, await signIn()]).toEqual([email_verified, '/?refused=oidc.noUser'])
    }
    idp.person = person('50', { ...claims, email_verified: true })
    expect(await signIn()).toBe('/')
  })
})

describe('what is not to be believed', () => {
  test('a no of the provider', async () => {
    expect(await signIn()).toBe('/?refused=oidc.denied')
  })
  test('an answer that another browser began, or none, or one used twice', async () => {
    await known('u60')
    idp.person = person('60', { preferred_username: 'u60', groups: ['leads'] })
    const browser = new Browser()
    const back = await browser.go(address + START, address + RETURN)
    expect(await new Browser().go(back)).toBe(`${address}/?refused=oidc.state`)
    const kept = browser.cookie(address, 'samtal-oidc') ?? ''
    expect(await browser.go(back)).toBe(`${address}/`)
    expect(await sessionIn(browser)).toMatchObject({ user: 'u60' })
    const replaying = new Browser()
    replaying.take(address, 'samtal-oidc', kept)
    expect(await replaying.go(back)).toBe(`${address}/?refused=oidc.answer`)
    expect(await sessionIn(replaying)).toBe(401)
  })
  test.each(['state', 'code', 'iss'])('an answer with another %s', async (field) => {
    await known('u61')
    idp.person = person('61', { preferred_username: 'u61', groups: ['leads'] })
    const browser = new Browser()
    const back = new URL(await browser.go(address + START, address + RETURN))
    back.searchParams.set(field, 'https://evil.example')
    expect(await browser.go(back.href)).toMatch(/\/\?refused=oidc\.(state|answer)$/)
    expect(await sessionIn(browser)).toBe(401)
  })
  test.each(['nonce', 'verifier', 'garbage'])('a try whose %s in the browser is another', async (field) => {
    await known('u62')
    idp.person = person('62', { preferred_username: 'u62', groups: ['leads'] })
    const browser = new Browser()
    const back = await browser.go(address + START, address + RETURN)
    const kept = JSON.parse(Buffer.from(browser.cookie(address, 'samtal-oidc') ?? '', 'base64url').toString())
    const other = field === 'garbage' ? 'garbage' : JSON.stringify({ ...kept, [field]: 'x'.repeat(43) })
    browser.take(address, 'samtal-oidc', Buffer.from(other).toString('base64url'))
    expect(await browser.go(back)).toMatch(/\/\?refused=oidc\.(state|answer)$/)
    expect(await sessionIn(browser)).toBe(401)
  })
  test('a sign-in there that is not as strong as is asked for', async () => {
    idp.person = person('63', { preferred_username: 'u63', groups: ['leads'] })
    await known('u63')
    current.acr = 'strong'
    expect(await signIn()).toBe('/')
    current.acr = 'stronger'
    expect(await signIn()).toBe('/?refused=oidc.strength')
  })
})

describe('signing out', () => {
  test('leads on to the provider, for whoever signs in with it', async () => {
    await known('u70')
    idp.person = person('70', { preferred_username: 'u70', groups: ['leads'] })
    const browser = new Browser()
    await signIn(browser)
    const session = await sessionIn(browser)
    const { signOutUrl = '' } = typeof session === 'number' ? {} : session
    expect(signOutUrl.startsWith(`${idp.issuer}/session/end?`)).toBe(true)
    expect(new URL(signOutUrl).searchParams.get('post_logout_redirect_uri')).toBe(`${address}/`)
    expect((await browser.once(signOutUrl)).status).toBe(200)
    expect((await bed.ask('anna', 'GET', 'session')).as(Session)).not.toHaveProperty('signOutUrl')
  })
})

describe('where the provider is away, or there is none', () => {
  test('passwords work, and the sign-in page says why the other does not', async () => {
    const settings = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: null, name: 'Away', scopes: 'openid', acr: null }
    const bed = await openBed({ signInProvider: { provider: openIdProvider(settings, Date.now), rules: RULES } })
    const start = await bed.ask(null, 'GET', 'session/oidc/start')
    expect([start.status, start.headers['location']]).toEqual([303, '/?refused=oidc.unavailable'])
    expect((await bed.ask(null, 'POST', 'session', { user: 'lena', password: PASSWORD })).status).toBe(200)
    await bed.close()
  })
  test('a provider that sends us on elsewhere is not followed there', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer(({ url }, response) => {
      asked.push(url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const settings = { issuer, clientId: 'x', clientSecret: null, name: 'Elsewhere', scopes: 'openid', acr: null }
    const bed = await openBed({ signInProvider: { provider: openIdProvider(settings, Date.now), rules: RULES } })
    expect((await bed.ask(null, 'GET', 'session/oidc/start')).headers['location']).toBe('/?refused=oidc.unavailable')
    expect(asked).toEqual(['/.well-known/openid-configuration'])
    await bed.close()
    server.close()
    await once(server, 'close')
  })
  test('none: nothing is offered', async () => {
    const bed = await openBed()
    expect((await bed.ask(null, 'GET', 'session/oidc')).as(SignInProvider)).toEqual({ provider: null })
    expect((await bed.ask(null, 'GET', 'session/oidc/start')).headers['location']).toBe('/?refused=oidc.none')
    await bed.close()
  })
})

describe('its settings', () => {
  const given = { OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: 'samtal', OIDC_CLIENT_SECRET: 's' }
  test('are read from the environment, the order of roles as written', () => {
    expect(readOidc({})).toBeNull()
    expect(readOidc({ ...given, OIDC_ROLES: 'leads=supervisor, staff=agent', OIDC_CREATE_USERS: 'on' })).toEqual({
      settings: {
        issuer: 'https://id.example.org',
        clientId: 'samtal',
        clientSecret: 's',
        name: 'id.example.org',
        scopes: 'openid profile email',
        acr: null,
      },
      rules: {
        userClaim: 'preferred_username',
        roleClaim: 'groups',
        roles: [
          { group: 'leads', role: 'supervisor' },
          { group: 'staff', role: 'agent' },
        ],
        createsUsers: true,
      },
    })
  })
  test.each([
    [{ OIDC_CLIENT_ID: 'x' }, /OIDC_ISSUER is not/],
    [{ ...given, OIDC_ISSUER: 'http://id.example.org' }, /https/],
    [{ OIDC_ISSUER: given.OIDC_ISSUER }, /OIDC_CLIENT_ID/],
    [{ ...given, OIDC_ROLES: 'leads=king' }, /OIDC_ROLES is like/],
    [{ ...given, OIDC_CREATE_USERS: 'on' }, /needs OIDC_ROLES/],
    [{ ...given, OIDC_CLIENT_SECRET_FILE: '/nowhere' }, /unset one/],
  ])('%j is refused in one line', (env, line) => expect(() => readOidc(env)).toThrow(line))
})
