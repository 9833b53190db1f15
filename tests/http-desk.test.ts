/** What an agent does from the desk, over HTTP: his own calls, and a number looked at before it is dialled. calls.md 3 and 5 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Call, CallPage } from '#wire/calls.ts'
import { Dialled, NumberRead } from '#wire/requests.ts'
import { Problem, Session } from '#wire/session.ts'
import { type Asked, type Bed, openBed } from './http/bed.ts'

const CUSTOMER = '+46701740661'
const problem = (answer: Asked) => [answer.status, answer.code, answer.as(Problem).field]

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const logOn = (...agents: string[]) =>
  Promise.all(agents.map((agent) => bed.ask('lena', 'PUT', `agents/${agent}/state`, { state: 'loggedOn' })))
const dial = (to: string, more: object = {}, headers: Record<string, string> = {}) =>
  bed.ask('anna', 'POST', 'calls', { agentId: 'anna', to, ...more }, headers)
const answers = (agent: string, callId: string) => bed.ask(agent, 'POST', `calls/${callId}/answer`)
const phase = (agent: string) => bed.engine.agent(agent)?.matter?.phase

describe('an agent’s own call', () => {
  test('rings the agent’s phone, then the number; answered and hung up it is in the archive with both', async () => {
    await logOn('anna')
    bed.network.phone(CUSTOMER).whenCalled({ answersAfterMs: 0, talksMs: 60_000 })
    const dialled = await dial('070-174 06 61')
    expect(dialled.status).toBe(201)
    const { callId } = dialled.as(Dialled)
    expect(phase('anna')).toBe('ringing')
    expect((await answers('anna', callId)).status).toBe(204)
    await bed.until(() => phase('anna') === 'talking')
    expect((await bed.ask('anna', 'POST', `calls/${callId}/hangup`)).status).toBe(204)
    await bed.until(() => bed.many('call.ended') === 1)
    await bed.settled()
    expect((await bed.ask('anna', 'GET', `calls/${callId}`)).as(Call)).toMatchObject({
      direction: 'outbound',
      origin: 'desk',
      result: 'answered',
      to: CUSTOMER,
      queues: [{ id: 'outbound', name: 'Outbound' }],
    })
  })

  test('a double click dials once; another key is another call, which the first stands in the way of', async () => {
    await logOn('anna')
    const twice = await Promise.all([dial(CUSTOMER, {}, { 'idempotency-key': 'k' }), dial(CUSTOMER, {}, { 'idempotency-key': 'k' })])
    expect(new Set(twice.map((answer) => answer.text)).size).toBe(1)
    expect(bed.many('call.started')).toBe(1)
    expect(problem(await dial(CUSTOMER))).toEqual([409, 'agent.inCall', undefined])
  })

  test('is cancelled before it is answered: taken out of the queue by the agent', async () => {
    await logOn('anna')
    const { callId } = (await dial(CUSTOMER)).as(Dialled)
    expect(problem(await bed.ask('bo', 'POST', `calls/${callId}/cancel`))).toEqual([409, 'call.notYours', undefined])
    expect((await bed.ask('anna', 'POST', `calls/${callId}/cancel`)).status).toBe(204)
    await bed.until(() => bed.many('call.ended') === 1)
    await bed.settled()
    const [call] = (await bed.ask('lena', 'GET', 'calls')).as(CallPage).items
    expect(call).toMatchObject({ result: 'deleted', agents: [] })
    expect(call?.events.at(-1)).toMatchObject({ kind: 'deleted', by: 'agent', reason: 'cancelled', byName: 'Anna A' })
    expect(problem(await bed.ask('anna', 'POST', `calls/${callId}/cancel`))).toEqual([409, 'call.notYours', undefined])
  })

  test('to a colleague has no caller’s number', async () => {
    await logOn('anna', 'bo')
    const { callId } = (await dial('agent:bo')).as(Dialled)
    await answers('anna', callId)
    await bed.until(() => phase('bo') === 'ringing')
    const told: string[] = []
    const stop = bed.engine.onCommit(({ agents }) => told.push(...agents))
    await answers('bo', callId)
    await bed.until(() => bed.many('bridge.joined') === 2)
    stop()
    expect([phase('anna'), phase('bo'), told.includes('anna')]).toEqual(['talking', 'talking', true])
    await bed.ask('anna', 'POST', `calls/${callId}/hangup`)
    await bed.until(() => bed.many('call.ended') === 1)
    await bed.settled()
    expect((await bed.ask('bo', 'GET', `calls/${callId}`)).as(Call)).toMatchObject({
      direction: 'internal',
      callerNumber: 'xxxxxxx',
      from: 'agent:anna',
      to: 'agent:bo',
    })
  })

  test('a supervisor may have one of his agents dial, an agent nobody else', async () => {
    await logOn('bo')
    expect((await bed.ask('lena', 'POST', 'calls', { agentId: 'bo', to: CUSTOMER })).status).toBe(201)
    expect(problem(await bed.ask('sara', 'POST', 'calls', { agentId: 'bo', to: CUSTOMER }))).toEqual([404, 'agent.unknown', 'agentId'])
    expect(problem(await bed.ask('anna', 'POST', 'calls', { agentId: 'bo', to: CUSTOMER }))).toEqual([404, 'agent.unknown', 'agentId'])
  })

  test.each([
    ['nonsense', 'not a number', 422, 'number.invalid', 'to'],
    ['a premium number', '0939 100 20 30', 422, 'number.premium', 'to'],
    ['a shared-cost number', '0771-23 45 67', 422, 'number.sharedCost', 'to'],
    ['another country', '+49 30 901820', 422, 'number.country', 'to'],
    ['our own number', '08-465 004 00', 422, 'number.own', 'to'],
    ['oneself', 'agent:anna', 422, 'callee.self', 'to'],
    ['a colleague who is logged off', 'agent:bo', 409, 'callee.notFree', 'to'],
    ['nobody', 'agent:nobody', 404, 'callee.unknown', 'to'],
    ['a queue', 'queue:support', 422, 'callee.queue', 'to'],
  ])('%s is refused and nothing rings', async (_, to, status, code, field) => {
    await logOn('anna')
    expect(problem(await dial(to))).toEqual([status, code, field])
    expect(bed.many('leg.requested')).toBe(0)
  })

  test('a number of ours that may not be picked is refused; logged off nobody dials', async () => {
    expect(problem(await dial(CUSTOMER))).toEqual([409, 'agent.loggedOff', undefined])
    await logOn('anna')
    expect(problem(await dial(CUSTOMER, { callerId: '+46701740699' }))).toEqual([422, 'callerId.unknown', 'callerId'])
    expect(problem(await dial(''))).toEqual([400, 'request.invalid', 'to'])
  })

  test('112 is dialled by the agent’s own session, logged off too, and by nobody for him', async () => {
    expect(problem(await bed.ask('lena', 'POST', 'calls', { agentId: 'anna', to: '112' }))).toEqual([422, 'number.emergency', 'to'])
    expect((await dial('112')).status).toBe(201)
  })

  test.each(['supervisor', 'campaignManager', 'administrator'] as const)('and by a %s at a desk of his own', async (role) => {
    const { passwordHash } = (await bed.accounts.user('lena')) ?? { passwordHash: '' }
    await bed.accounts.addUser({ name: 'olle', displayName: 'Olle', role, agentId: 'bo', queues: null, passwordHash })
    expect((await bed.ask('olle', 'POST', 'calls', { agentId: 'bo', to: '112' })).status).toBe(201)
  })
})

describe('a number before it is dialled', () => {
  const look = async (text: string, user = 'anna', headers = {}) =>
    (await bed.ask(user, 'GET', `numbers?text=${encodeURIComponent(text)}`, undefined, headers)).as(NumberRead)

  test('is shown normalised, with the refusal the call itself would get, in the reader’s language', async () => {
    expect(await look('070-174 06 61')).toEqual({ number: CUSTOMER, refused: null, emergency: false, inUse: null })
    expect((await look('0939 100 20 30')).refused).toMatchObject({ code: 'number.premium' })
    expect((await look('0939 100 20 30', 'anna', { 'accept-language': 'sv' })).refused?.detail).toContain('Betalnummer')
    expect((await look('08-465 004 00')).refused).toMatchObject({ code: 'number.own' })
    expect((await look('abc')).refused).toMatchObject({ code: 'number.invalid' })
    expect(await look('112')).toMatchObject({ number: '112', refused: null, emergency: true })
    expect((await look('112', 'lena')).refused).toMatchObject({ code: 'number.emergency' })
  })

  test('warns while the number is on a line with us, or is being rung', async () => {
    const inMenu = bed.network.call('+46701740663', '+46846500402')
    await bed.until(() => bed.many('menu.entered') > 0)
    expect((await look('+46701740663')).inUse).toBe('onLine')
    inMenu?.hangUp()
    await bed.until(() => bed.many('call.ended') === 1)
    await logOn('bo')
    const line = bed.network.call(CUSTOMER, '+46846500400')
    const { callId } = await bed.until(() => bed.engine.agent('bo')?.matter)
    expect((await look(CUSTOMER)).inUse).toBe('onLine')
    await answers('bo', callId)
    expect(await look(CUSTOMER)).toMatchObject({ inUse: 'onLine', refused: null })
    line?.hangUp()
    await bed.until(() => bed.many('call.ended') === 2)
    expect((await look(CUSTOMER)).inUse).toBeNull()

    await logOn('anna')
    bed.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    const dialled = (await dial(CUSTOMER)).as(Dialled)
    await answers('anna', dialled.callId)
    await bed.until(() => phase('anna') === 'calling')
    expect((await look(CUSTOMER, 'bo')).inUse).toBe('rung')
  })
})

test('the session tells what may be shown, whether emergency calls work, and the names of colleagues', async () => {
  expect((await bed.ask('anna', 'GET', 'session')).as(Session).solution).toMatchObject({
    callerId: '+46846500400',
    callerIds: [],
    emergencyCalls: true,
    agents: [{ name: 'Anna' }, { name: 'Bo' }, { name: 'Saga' }],
  })
})

test('an agent learns what his own phone registers with, and nobody else does', async () => {
  const of = async (user: string) => (await bed.ask(user, 'GET', 'session/phone')).json
  expect(await of('anna')).toEqual({ phone: { uri: 'sip:anna@samtal.invalid', password: 'of anna', wsUrl: '/phone' } })
  expect(await of('bo')).toEqual({ phone: null })
  expect((await bed.ask('lena', 'GET', 'session/phone')).code).toBe('session.noDesk')
})
