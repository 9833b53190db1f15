/** The audit log as the server writes it: every route says what it tells, and what happens where the log cannot be written. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cleanDetails, cleanThing, thingsOf } from '#adapters/http/audit-words.ts'
import { routes } from '#adapters/http/server.ts'
import { Call } from '#wire/calls.ts'
import { Ordered } from '#wire/requests.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { auditEn } from '../web/text/audit.en.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'

/** What is told nothing of, each with a reason in its route. A route that is not here tells. */
const UNTOLD = [
  'GET /session',
  'GET /session/phone',
  'GET /session/all',
  'GET /session/demo',
  'GET /session/oidc',
  'GET /session/oidc/start',
  'GET /numbers',
  'GET /campaigns',
  'GET /campaigns/:id',
  'GET /campaigns/:id/revivable',
  'GET /campaigns/:id/progress',
  'POST /pace',
  'POST /campaigns/:id/imports/look',
  'GET /campaigns/:id/pace',
  'GET /campaigns/:id/imports',
  'GET /campaigns/:id/imports/:importId',
]

describe('every route', () => {
  test('tells, but for those that show and change nobody’s data', () => {
    const untold = routes.filter(({ audit }) => 'nothing' in audit).map(({ method, path }) => `${method} ${path}`)
    expect(untold.sort()).toEqual([...UNTOLD].sort())
  })
  test('names its deed noun.verb, and the things of its address', () => {
    for (const { audit, path } of routes) {
      for (const what of 'nothing' in audit ? [] : [audit.what, ...(audit.or ?? [])])
        expect(what).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/)
      const params = Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 'x']))
      expect(thingsOf(path, params)).toHaveLength(Object.keys(params).length)
    }
  })
  test('has words for its deed, in the language pages are written in first', () => {
    const deeds = routes.flatMap(({ audit }) => ('nothing' in audit ? [] : [audit.what, ...(audit.or ?? [])]))
    const others = [
      'archive.rebuilt',
      'program.started',
      'program.stopped',
      'retention.done',
      'sessions.refused',
      'solution.taken',
      'user.passwordSet',
    ]
    const spoken = Object.keys(auditEn).flatMap((key) => /^audit\.deed\.(.+)$/.exec(key)?.[1] ?? [])
    expect(spoken.sort()).toEqual([...new Set([...deeds, ...others])].sort())
  })
  test('that changes something is a change or work, never a mere look; a look by POST keeps a number out of the address', () => {
    const changing = routes.filter(({ method, audit }) => method !== 'GET' && 'as' in audit && audit.as === 'look')
    expect(changing.map(({ path }) => path)).toEqual(['/persons/find', '/persons/copy'])
  })
  test('that takes a path no word is known for cannot be mounted unseen', () => {
    expect(() => thingsOf('/secrets/:id', { id: 'x' })).toThrow(/no word/)
  })
})

describe('what reads as a number is not written', () => {
  test.each(['+46701740670', '070-174 06 70', '46 70 174', 'ring 0701740670'])('%s', (text) => {
    expect(cleanDetails({ text, list: [text] })).toEqual({ text: 'given', list: ['given'] })
  })
  test.each(['2026-11-25T12:00:00.000Z', '2026-11-25', 'support,sales', 'text/csv'])('%s is', (text) => {
    expect(cleanDetails({ text, n: 3, all: true })).toEqual({ text, n: 3, all: true })
  })
  test('nor in an address', () => {
    expect(cleanThing({ kind: 'call', id: '0701740670' })).toEqual({ kind: 'call', id: 'given' })
    expect(cleanThing({ kind: 'call', id: '01KAB7-3' })).toEqual({ kind: 'call', id: '01KAB7-3' })
  })
})

describe('told', () => {
  let bed: Bed
  let callId = ''
  beforeAll(async () => {
    bed = await openBed({ demoUsers: [{ user: 'lena', name: 'Lena', role: 'supervisor' }] })
    callId = (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: '+46701740670' })).as(Ordered).callId
    await bed.settled()
  })
  afterAll(() => bed.close())
  const last = () => bed.audit.rows.at(-1)
  const signIn = (user: string, password: string, remoteAddress = '192.0.2.9') =>
    bed.http.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      remoteAddress,
      headers: { host: 'localhost', 'x-samtal': '1' },
      payload: { user, password },
    })

  test('a look: who, from where, at what', async () => {
    ;(await bed.ask('lena', 'GET', `calls/${callId}`)).as(Call)
    expect(last()).toMatchObject({
      by: 'user',
      who: 'lena',
      address: '127.0.0.1',
      what: 'call.read',
      on: [{ kind: 'call', id: callId }],
      outcome: 'done',
    })
  })
  test('a search by number: for whom, by personId and not by number', async () => {
    const person = [...bed.store.persons.values()].find(({ number }) => number === '+46701740670')
    await bed.ask('lena', 'GET', 'calls?number=070-174%2006%2070&queue=support')
    const details = { number: 'given', queue: 'support' }
    expect(last()).toMatchObject({ what: 'calls.searched', on: [{ kind: 'person', id: person?.personId }], details })
    expect((await bed.audit.search({ on: { kind: 'person', id: person?.personId ?? '' }, before: null, limit: 9 })).rows).toHaveLength(1)
  })
  test('an export, as such', async () => {
    await bed.ask('lena', 'GET', 'calls', undefined, { accept: 'text/csv' })
    expect(last()).toMatchObject({ what: 'calls.exported', details: { as: 'text/csv' } })
  })
  test('a look at what is not one’s own is refused, and told with what it was refused', async () => {
    expect((await bed.ask('bo', 'GET', `calls/${callId}`)).status).toBe(404)
    expect(last()).toMatchObject({ who: 'bo', what: 'call.read', on: [{ kind: 'call', id: callId }], outcome: 'call.unknown' })
    expect((await bed.ask('bo', 'GET', 'tokens')).status).toBe(403)
    expect(last()).toMatchObject({ who: 'bo', what: 'tokens.read', outcome: 'session.notAllowed' })
  })
  test('a program by the id of its token, also where it may not', async () => {
    const { id, secret } = (await bed.ask('admin', 'POST', 'tokens', { name: 'Reader', scopes: ['calls.read'] })).as(CreatedToken)
    expect(last()).toMatchObject({ who: 'admin', what: 'token.created', on: [{ kind: 'token', id }], details: { scopes: ['calls.read'] } })
    const program = { authorization: `Bearer ${secret}`, 'x-samtal': '' }
    await bed.ask(null, 'GET', 'calls', undefined, program)
    expect(last()).toMatchObject({ by: 'token', who: id, what: 'calls.searched' })
    await bed.ask(null, 'GET', 'tokens', undefined, program)
    expect(last()).toMatchObject({ by: 'token', who: id, what: 'tokens.read', outcome: 'token.scope' })
    await bed.ask(null, 'GET', 'calls', undefined, { authorization: 'Bearer samtal_nothing', 'x-samtal': '' })
    expect(last()).toMatchObject({ by: 'nobody', who: null, what: 'calls.searched', outcome: 'token.refused' })
    expect(JSON.stringify(bed.audit.rows)).not.toContain(secret)
  })
  test('sign-ins, sign-outs, and refused ones: an unknown name is not written, for people type passwords there', async () => {
    await signIn('anna', 'wrong password')
    expect(last()).toMatchObject({ by: 'nobody', address: '192.0.2.9', on: [{ kind: 'user', id: 'anna' }], outcome: 'session.refused' })
    await signIn('hunter2 hunter2', 'x')
    expect(last()).toMatchObject({ by: 'nobody', who: null, what: 'session.started', on: [], outcome: 'session.refused' })
    await signIn('anna', PASSWORD)
    expect(last()).toMatchObject({ by: 'user', who: 'anna', what: 'session.started', outcome: 'done' })
    await bed.ask('bo', 'DELETE', 'session')
    expect(last()).toMatchObject({ who: 'bo', what: 'session.ended' })
    await bed.ask(null, 'POST', 'session/demo', { user: 'lena' })
    expect(last()).toMatchObject({ who: 'lena', what: 'session.started', details: { demo: true } })
    await bed.ask(null, 'POST', 'session/demo', { user: 'admin' })
    expect(last()).toMatchObject({ by: 'nobody', outcome: 'session.noDemo' })
    expect(JSON.stringify(bed.audit.rows)).not.toMatch(/hunter2|wrong password/)
  })
  test('nothing where nothing was tried: a request not understood, nobody signed in, another site', async () => {
    const before = bed.audit.rows.length
    await bed.ask('lena', 'GET', 'calls?limit=x')
    await bed.ask(null, 'GET', 'calls')
    await bed.ask('lena', 'DELETE', 'alarms/disk', undefined, { origin: 'https://evil.example' })
    expect(bed.audit.rows).toHaveLength(before)
  })
  test('once, where a key makes the same request again', async () => {
    const order = () =>
      bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: '+46701740671' }, { 'idempotency-key': 'audit-1' })
    await order()
    const before = bed.audit.rows.length
    expect((await order()).status).toBe(201)
    expect(bed.audit.rows).toHaveLength(before)
  })
  test('the directory, which is asked at every key, once a minute', async () => {
    for (const q of ['a', 'as', 'asa']) await bed.ask('lena', 'GET', `directory?q=${q}`)
    expect(bed.audit.rows.filter(({ what }) => what === 'directory.searched')).toHaveLength(1)
  })
  test('a flood of refused sign-ins as a number, beyond 300 in a minute', async () => {
    const before = bed.audit.rows.length
    for (let n = 0; n < 330; n++) await signIn('nobody', 'guess', `10.7.${n % 50}.${n}`)
    expect(bed.audit.rows.length - before).toBeLessThanOrEqual(300)
    await bed.http.close()
    expect(bed.audit.rows.at(-1)).toMatchObject({ what: 'sessions.refused', by: 'nobody', outcome: 'session.refused' })
    expect(Number(bed.audit.rows.at(-1)?.details['tries'])).toBeGreaterThan(20)
  })
  test('and nobody’s number stands anywhere in it', () => {
    expect(JSON.stringify(bed.audit.rows)).not.toMatch(/7017406|70-174/)
  })
})

describe('where the log cannot be written', () => {
  let bed: Bed
  beforeAll(async () => {
    bed = await openBed()
    for (const user of ['lena', 'anna', 'admin']) await bed.signedIn(user)
  })
  beforeEach(() => {
    bed.audit.disk = 'full'
  })
  afterAll(() => bed.close())

  test.each(['calls', 'callbacks', 'contacts', 'tokens'])('nothing of %s is shown', async (url) => {
    const answer = await bed.ask('admin', 'GET', url)
    expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([503, 'audit.unavailable', '5'])
    expect(answer.text).not.toContain('items')
  })
  test('nothing is exported', async () => {
    const answer = await bed.ask('admin', 'GET', 'calls', undefined, { accept: 'text/csv' })
    expect([answer.status, answer.text.includes('startedAt')]).toEqual([503, false])
  })
  test('calls go on, and are told when it can be written again, in their order; changes are refused until then', async () => {
    const before = bed.audit.rows.length
    expect((await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })).status).toBe(200)
    expect((await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'lunch' })).status).toBe(200)
    expect((await bed.ask(null, 'POST', 'session', { user: 'bo', password: PASSWORD })).status).toBe(200)
    const change = () => bed.ask('admin', 'POST', 'tokens', { name: 'T', scopes: ['calls.read'] })
    expect((await change()).code).toBe('audit.unavailable')
    expect(await bed.accounts.tokens()).toEqual([])
    expect((await bed.ask(null, 'GET', '/metrics')).text).toMatch(/^samtal_audit_waiting [1-9]/m)
    bed.audit.disk = 'well'
    // Behind those that were kept, though it could be written now.
    expect((await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'ready' })).status).toBe(200)
    expect((await change()).status).toBe(201)
    const told = bed.audit.rows.slice(before).map(({ what, details }) => `${what} ${details['state'] ?? ''}`.trim())
    expect(told).toEqual(['agent.stateSet loggedOn', 'agent.stateSet paused', 'session.started', 'agent.stateSet ready', 'token.created'])
    expect((await bed.ask(null, 'GET', '/metrics')).text).toMatch(/^samtal_audit_waiting 0/m)
  })
  test('of more than a thousand kept the others are lost, counted and said', async () => {
    const lost = async () => Number(/^samtal_audit_lost_total (\d+)/m.exec((await bed.ask(null, 'GET', '/metrics')).text)?.[1])
    for (let n = 0; n < 1_010; n++) await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { end: true })
    expect(await lost()).toBeGreaterThan(0)
    expect(bed.log.join('\n')).toContain('entries of the audit log are lost')
    bed.audit.disk = 'well'
  })
})

test('a log that was never away is not said to be written again, not at the end either', async () => {
  const bed = await openBed()
  await bed.signedIn('anna')
  await bed.close()
  expect(bed.log).toEqual([])
})
