/** Tokens of programs: made once shown once, in their scopes and nowhere else, until they end or are withdrawn. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Call, CallPage } from '#wire/calls.ts'
import { Dialled, Ordered } from '#wire/requests.ts'
import { CreatedToken, type TokenScope, Tokens } from '#wire/tokens.ts'
import { type Asked, type Bed, type Method, openBed } from './http/bed.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const make = async (name: string, ...scopes: readonly TokenScope[]) =>
  (await bed.ask('admin', 'POST', 'tokens', { name, scopes })).as(CreatedToken)
/** As a program asks: without cookie, and without the header of our pages. */
const by = (secret: string, method: Method, url: string, body?: unknown): Promise<Asked> =>
  bed.ask(null, method, url, body, { authorization: `Bearer ${secret}`, 'x-samtal': '' })

describe('a token', () => {
  test('is shown once, listed without its secret, and stored as a digest alone', async () => {
    const { secret, ...shown } = await make('Web form', 'callbacks.order')
    expect(secret).toMatch(/^samtal_[\w-]{43}$/)
    expect(shown).toMatchObject({ name: 'Web form', scopes: ['callbacks.order'], createdBy: 'Adam A', withdrawnAt: null, usedAt: null })
    const listed = await bed.ask('admin', 'GET', 'tokens')
    expect(listed.as(Tokens).items).toContainEqual(shown)
    expect(listed.text).not.toContain(secret)
    const digest = createHash('sha256').update(secret).digest('hex')
    expect(await bed.accounts.token(digest, Date.now())).toMatchObject({ id: shown.id })
    expect(await bed.accounts.token(secret, Date.now())).toBeNull()
  })

  test('is made once under a key: its secret cannot be told again', async () => {
    const body = { name: 'Twice', scopes: ['calls.read'] }
    const made = () => bed.ask('admin', 'POST', 'tokens', body, { 'idempotency-key': 'k1' })
    const [first, atOnce] = await Promise.all([made(), made()])
    expect([first.status, atOnce.text]).toEqual([201, first.text])
    expect((await made()).json).toMatchObject({ status: 409, code: 'token.made' })
    const named = (await bed.ask('admin', 'GET', 'tokens')).as(Tokens).items.filter(({ name }) => name === 'Twice')
    expect(named.map(({ id }) => id)).toEqual([first.as(CreatedToken).id])
  })

  test('does what its scope says, as itself: in the archive, and in the audit log', async () => {
    const { secret, id } = await make('Order form', 'callbacks.order', 'calls.read')
    const ordered = await by(secret, 'POST', 'callbacks', { queueId: 'support', number: '+46701740699' })
    const { callId } = ordered.as(Ordered)
    await bed.settled()
    expect((await by(secret, 'GET', 'calls')).as(CallPage).items.map((call) => call.id)).toContain(callId)
    const call = (await bed.ask('lena', 'GET', `calls/${callId}`)).as(Call)
    expect(call.origin).toBe('web')
    expect(bed.audit.rows.find(({ what }) => what === 'callback.ordered')).toMatchObject({ by: 'token', who: id })
    await bed.ask('lena', 'DELETE', `callbacks/${ordered.as(Ordered).id}`)
    expect((await bed.ask('admin', 'GET', 'tokens')).as(Tokens).items.find((token) => token.id === id)?.usedAt).not.toBeNull()
  })

  interface Elsewhere {
    readonly scope: TokenScope
    readonly method: Method
    readonly url: string
    readonly body?: unknown
  }
  const elsewhere: readonly Elsewhere[] = [
    { scope: 'campaigns.read', method: 'POST', url: 'campaigns', body: { name: 'Spring', mode: 'preview' } },
    { scope: 'contacts.import', method: 'GET', url: 'calls' },
    { scope: 'calls.read', method: 'POST', url: 'calls', body: { agentId: 'anna', to: '+46701740690' } },
    { scope: 'directory.read', method: 'POST', url: 'contacts', body: { name: 'A', numbers: [{ number: '+46701740690' }] } },
    { scope: 'campaigns.write', method: 'GET', url: 'tokens' },
    { scope: 'campaigns.write', method: 'GET', url: 'session' },
    { scope: 'campaigns.write', method: 'GET', url: 'stream' },
    { scope: 'campaigns.write', method: 'PUT', url: 'agents/anna/state', body: { state: 'loggedOn' } },
    { scope: 'doNotCall.read', method: 'DELETE', url: 'do-not-call?number=%2B46701740690' },
  ]
  test.each(elsewhere)('of scope $scope may not $method $url', async ({ scope, method, url, body }) => {
    const { secret } = await make(`only ${scope}`, scope)
    expect((await by(secret, method, url, body)).code).toBe('token.scope')
  })

  test('never dials an emergency number, and dials others only in its scope', async () => {
    await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
    await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'ready' })
    const { secret } = await make('Click to call', 'calls.dial')
    for (const to of ['112', '+46112', '1 1 2']) {
      const refused = await by(secret, 'POST', 'calls', { agentId: 'anna', to })
      expect([to, refused.status, refused.code]).toEqual([to, 422, expect.stringMatching(/^number\.(emergency|invalid)$/)])
    }
    expect((await by(secret, 'POST', 'calls', { agentId: 'anna', to: '112' })).code).toBe('number.emergency')
    const { callId } = (await by(secret, 'POST', 'calls', { agentId: 'anna', to: '+46701740691' })).as(Dialled)
    await bed.ask('anna', 'POST', `calls/${callId}/cancel`)
    await bed.until(() => bed.many('call.ended') > 1)
    expect((await bed.ask('lena', 'GET', `calls/${callId}`)).as(Call).origin).toBe('api')
  })

  test('withdrawn it is refused at once, and cannot be withdrawn twice', async () => {
    const { secret, id } = await make('Old', 'calls.read')
    expect((await by(secret, 'GET', 'calls')).status).toBe(200)
    expect((await bed.ask('admin', 'DELETE', `tokens/${id}`)).status).toBe(204)
    const refused = await by(secret, 'GET', 'calls')
    expect([refused.status, refused.code]).toEqual([401, 'token.refused'])
    expect((await bed.ask('admin', 'DELETE', `tokens/${id}`)).code).toBe('token.unknown')
  })

  test('ended it is refused', async () => {
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    const { secret } = (await bed.ask('admin', 'POST', 'tokens', { name: 'Short', scopes: ['calls.read'], endsAt })).as(CreatedToken)
    const digest = createHash('sha256').update(secret).digest('hex')
    expect(await bed.accounts.token(digest, Date.parse(endsAt) - 1)).not.toBeNull()
    expect(await bed.accounts.token(digest, Date.parse(endsAt))).toBeNull()
  })

  test.each([
    [{ name: 'Never', scopes: [] }, 'request.invalid', 'scopes'],
    [{ name: 'Odd', scopes: ['calls.erase'] }, 'request.invalid', 'scopes.0'],
    [{ name: ' ', scopes: ['calls.read'] }, 'request.invalid', 'name'],
    [{ name: 'Past', scopes: ['calls.read'], endsAt: '2020-01-01T00:00:00Z' }, 'token.endsAt', 'endsAt'],
    [{ name: 'Far', scopes: ['calls.read'], endsAt: '2099-01-01T00:00:00Z' }, 'token.endsAt', 'endsAt'],
  ])('%j is refused', async (body, code, field) => {
    expect((await bed.ask('admin', 'POST', 'tokens', body)).json).toMatchObject({ code, field })
  })

  test.each(['Bearer samtal_nothing', 'Bearer', 'Basic bGVuYTpsZW5h', 'nonsense'])(
    '%s is none, and a cookie beside it helps nothing',
    async (authorization) => {
      const refused = await bed.ask('lena', 'GET', 'calls', undefined, { authorization })
      expect([refused.status, refused.code]).toEqual([401, 'token.refused'])
    },
  )
})
