/** The API as a client meets it: what each route answers, and how it refuses. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#adapters/http/server.ts'
import { Call, CallPage } from '#wire/calls.ts'
import { Agent, Queue, WaitingEntry } from '#wire/live.ts'
import { Agents, Callbacks, Facts, Ordered, Queues } from '#wire/requests.ts'
import { Problem, Session } from '#wire/session.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { type Asked, type Bed, openBed, PASSWORD } from './http/bed.ts'

const OpenApi = Type.Object({ openapi: Type.String(), paths: Type.Record(Type.String(), Type.Object({})) })
const SUPPORT = '+46846500400'
const SALES = '+46846500401'
const CUSTOMER = '+46701740650'
let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const problem = ({ status, as }: Asked) => {
  const { code, field } = as(Problem)
  return [status, code, field]
}
const state = (agentId: string, body: object, as = agentId) => bed.ask(as, 'PUT', `agents/${agentId}/state`, body)
const entryIn = (queueId: string, kind: 'line' | 'callback') => bed.engine.queue(queueId)?.entries.find((entry) => entry.kind === kind)

describe('a call answered at the desk', () => {
  test('the agent logs on, is rung, answers, hangs up, and the archive tells it', async () => {
    const on = await state('anna', { state: 'loggedOn' })
    expect([on.status, on.as(Agent).state]).toEqual([200, 'ready'])
    const line = bed.network.call(CUSTOMER, SUPPORT)
    const matter = await bed.until(() => bed.engine.agent('anna')?.matter)
    const desk = await bed.ask('anna', 'GET', 'agents')
    expect(Compile(Agents).Errors(desk.json)).toEqual([])
    expect(desk.as(Agents).items).toHaveLength(1)
    expect(desk.as(Agents).items[0]).toMatchObject({
      id: 'anna',
      name: 'Anna',
      answersFromDesk: true,
      matter: { callId: matter.callId, number: CUSTOMER, phase: 'ringing' },
    })
    expect((await bed.ask('anna', 'POST', `calls/${matter.callId}/answer`)).status).toBe(204)
    await bed.until(() => bed.engine.agent('anna')?.matter?.phase === 'talking')
    expect((await bed.ask('anna', 'POST', `calls/${matter.callId}/hangup`)).status).toBe(204)
    await bed.until(() => bed.engine.agent('anna')?.state === 'wrapUp')
    line?.hangUp()
    await bed.settled()
    const call = await bed.ask('anna', 'GET', `calls/${matter.callId}`)
    expect(Compile(Call).Errors(call.json)).toEqual([])
    expect(call.json).toMatchObject({
      result: 'answered',
      callerNumber: CUSTOMER,
      from: CUSTOMER,
      to: SUPPORT,
      queues: [{ id: 'support', name: 'Support' }],
    })
    expect(call.as(Call).agents).toMatchObject([{ id: 'anna', name: 'Anna' }])
    const facts = await bed.ask('anna', 'GET', `calls/${matter.callId}/facts`)
    expect(Compile(Facts).Errors(facts.json)).toEqual([])
    expect(facts.as(Facts).items[0]?.type).toBe('call.started')
    expect(facts.text).not.toContain(CUSTOMER.slice(3))
  })
  test('wrap-up is extended, and ended', async () => {
    const before = bed.engine.agent('anna')?.until ?? 0
    const longer = await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { extendMs: 30_000 })
    expect(Date.parse(longer.as(Agent).until ?? '') - before).toBe(30_000)
    expect((await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { end: true })).as(Agent).state).toBe('ready')
    expect(problem(await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { end: true }))).toEqual([409, 'agent.notInWrapUp', undefined])
    expect(problem(await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { extendMs: 30_000 }))).toEqual([
      409,
      'agent.notInWrapUp',
      undefined,
    ])
    expect(problem(await bed.ask('anna', 'PUT', 'agents/anna/wrap-up', { extendMs: 1, end: true }))[0]).toBe(400)
  })
  test('an offer is declined; what is over cannot be answered', async () => {
    const line = bed.network.call(CUSTOMER, SUPPORT)
    const { callId } = await bed.until(() => bed.engine.agent('anna')?.matter)
    expect((await bed.ask('anna', 'POST', `calls/${callId}/reject`)).status).toBe(204)
    expect(bed.engine.agent('anna')?.state).toBe('rejected')
    expect(problem(await bed.ask('anna', 'POST', `calls/${callId}/answer`))).toEqual([409, 'offer.gone', undefined])
    expect(problem(await bed.ask('anna', 'POST', `calls/${callId}/reject`))).toEqual([409, 'offer.gone', undefined])
    expect(problem(await bed.ask('anna', 'POST', `calls/${callId}/hangup`))).toEqual([409, 'call.notYours', undefined])
    expect(problem(await bed.ask('anna', 'POST', `calls/${callId}/voicemail`))).toEqual([409, 'call.notYours', undefined])
    expect(problem(await bed.ask('lena', 'POST', `calls/${callId}/answer`))).toEqual([403, 'session.noDesk', undefined])
    line?.hangUp()
    await bed.settled()
  })
})

describe('an agent’s state', () => {
  test('paused with a reason of the list, ready again, logged off', async () => {
    await state('anna', { state: 'ready' })
    expect((await state('anna', { state: 'paused', reason: 'lunch' })).json).toMatchObject({ state: 'paused', reason: 'lunch' })
    expect(problem(await state('anna', { state: 'paused', reason: 'golf' }))).toEqual([422, 'agent.pauseReason', 'reason'])
    expect(problem(await state('anna', { state: 'paused' }))).toEqual([422, 'agent.pauseReason', 'reason'])
    expect(problem(await state('anna', { state: 'loggedOn' }))).toEqual([409, 'agent.loggedOn', undefined])
    expect((await state('anna', { state: 'ready' }, 'lena')).as(Agent).state).toBe('ready')
    expect(problem(await state('anna', { state: 'ready' }))).toEqual([409, 'agent.ready', undefined])
    expect((await state('anna', { state: 'loggedOff' })).as(Agent).state).toBe('loggedOff')
    expect(problem(await state('anna', { state: 'ready' }))).toEqual([409, 'agent.loggedOff', undefined])
    expect(problem(await state('nobody', { state: 'ready' }, 'lena'))).toEqual([404, 'agent.unknown', undefined])
    expect(problem(await state('anna', { state: 'asleep' }))).toEqual([400, 'request.invalid', 'state'])
  })
})

describe('callbacks ordered on the web', () => {
  test('ordered, seen, called now, deleted with a note that the call keeps', async () => {
    await state('anna', { state: 'loggedOn' })
    await state('anna', { state: 'paused', reason: 'lunch' })
    const ordered = await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: '070-174 06 51', name: 'Kim' })
    expect(ordered.status).toBe(201)
    const { id, callId } = ordered.as(Ordered)
    const list = await bed.ask('lena', 'GET', 'callbacks')
    expect(Compile(Callbacks).Errors(list.json)).toEqual([])
    expect(list.as(Callbacks).items).toMatchObject([
      { entryId: id, callId, kind: 'callback', number: '+46701740651', name: 'Kim', attempts: 0, attemptsMax: 2 },
    ])
    expect((await bed.ask('lena', 'GET', `callbacks/${id}`)).as(WaitingEntry).entryId).toBe(id)
    expect((await bed.ask('lena', 'POST', `callbacks/${id}/call-now`)).status).toBe(204)
    expect(problem(await bed.ask('lena', 'POST', `callbacks/${id}/call-now`))).toEqual([409, 'callback.hastened', undefined])
    const gone = await bed.ask('lena', 'DELETE', `callbacks/${id}?reason=supervisor&note=${encodeURIComponent('wrong person')}`)
    expect(gone.status).toBe(204)
    expect(problem(await bed.ask('lena', 'DELETE', `callbacks/${id}`))).toEqual([404, 'callback.unknown', undefined])
    await bed.settled()
    const call = await bed.ask('lena', 'GET', `calls/${callId}`)
    expect(call.as(Call).result).toBe('deleted')
    expect(call.as(Call).events.at(-1)).toMatchObject({
      kind: 'deleted',
      by: 'supervisor',
      byName: 'Lena L',
      reason: 'supervisor',
      note: 'wrong person',
    })
  })
  test('to a switchboard: each his own, with whom to ask for, and nothing without', async () => {
    const body = { queueId: 'support', number: '08-465 004 90' }
    expect(problem(await bed.ask('lena', 'POST', 'callbacks', body))).toEqual([422, 'callback.askFor', 'name'])
    const eva = await bed.ask('lena', 'POST', 'callbacks', { ...body, name: 'Eva Ek' })
    const other = await bed.ask('lena', 'POST', 'callbacks', { ...body, extension: '214' })
    expect([eva.status, other.status]).toEqual([201, 201])
    const list = await bed.ask('lena', 'GET', 'callbacks')
    expect(Compile(Callbacks).Errors(list.json)).toEqual([])
    // Ordered within a millisecond, they stand in line by their ids.
    const items = list.as(Callbacks).items.toSorted((one, two) => one.askFor?.localeCompare(two.askFor ?? '') ?? 0)
    expect(items).toMatchObject([
      { entryId: other.as(Ordered).id, number: '+46846500490', askFor: '214' },
      { entryId: eva.as(Ordered).id, number: '+46846500490', askFor: 'Eva Ek' },
    ])
    expect(items.map(({ name }) => name)).toEqual([undefined, undefined])
    await bed.settled()
    expect((await bed.ask('lena', 'GET', `calls/${eva.as(Ordered).callId}`)).as(Call).askFor).toBe('Eva Ek')
    for (const one of [eva, other]) await bed.ask('lena', 'DELETE', `callbacks/${one.as(Ordered).id}`)
  })
  test('with a name, for somebody known before; not where it is refused; with an extension, switchboard or not', async () => {
    const number = '+46701740657'
    const order = async (more: object) => {
      const ordered = await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number, ...more })
      const [entry] = (await bed.ask('lena', 'GET', 'callbacks')).as(Callbacks).items
      if (ordered.status === 201) await bed.ask('lena', 'DELETE', `callbacks/${ordered.as(Ordered).id}`)
      return entry
    }
    expect((await order({}))?.name).toBeUndefined()
    expect(await order({ name: 'Eva Ek', extension: '214' })).toMatchObject({ number, name: 'Eva Ek', askFor: '214' })
    expect(await order({ name: 'Nobody', notBefore: '2020-01-01T00:00:00Z' })).toBeUndefined()
    const last = await order({})
    expect([last?.name, last?.askFor]).toEqual(['Eva Ek', undefined])
  })
  test('and shown at the desk of whom the caller is offered to', async () => {
    const number = '+46701740657'
    await state('anna', { state: 'ready' })
    const line = bed.network.call(number, SUPPORT)
    await bed.until(() => bed.engine.agent('anna')?.matter)
    const [anna] = (await bed.ask('anna', 'GET', 'agents')).as(Agents).items
    expect(anna?.matter).toMatchObject({ number, name: 'Eva Ek', phase: 'ringing' })
    line?.hangUp()
    await bed.settled()
    await state('anna', { state: 'paused', reason: 'lunch' })
  })
  test('as the customer wished', async () => {
    const { id, callId } = (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: '+46701740652' })).as(Ordered)
    expect((await bed.ask('lena', 'DELETE', `queues/support/entries/${id}?reason=customer`)).status).toBe(204)
    await bed.settled()
    expect((await bed.ask('lena', 'GET', `calls/${callId}`)).as(Call).events.at(-1)).toMatchObject({
      kind: 'deleted',
      by: 'customer',
      reason: 'customer',
    })
  })
  test.each([
    [{ queueId: 'support', number: '112' }, [422, 'callback.barred', 'number']],
    [{ queueId: 'support', number: '0900 123 45 67' }, [422, 'callback.barred', 'number']],
    [{ queueId: 'support', number: '08-465 004 00' }, [422, 'number.own', 'number']],
    [{ queueId: 'nothing', number: CUSTOMER }, [404, 'queue.unknown', 'queueId']],
    [{ queueId: 'sales', number: CUSTOMER }, [422, 'callback.notOffered', 'queueId']],
    [{ queueId: 'support', number: CUSTOMER, notBefore: '2020-01-01T00:00:00Z' }, [422, 'callback.notBefore', 'notBefore']],
    [{ queueId: 'support' }, [400, 'request.invalid', 'number']],
    [{ queueId: 'support', number: CUSTOMER, extra: 1 }, [400, 'request.invalid', 'extra']],
    [{ queueId: 'support', number: CUSTOMER, notBefore: 'soon' }, [400, 'request.invalid', 'notBefore']],
  ])('%j is refused', async (body, expected) => expect(problem(await bed.ask('lena', 'POST', 'callbacks', body))).toEqual(expected))
  test('the same Idempotency-Key is done once; with another body it is refused', async () => {
    const key = { 'idempotency-key': 'k1' }
    const body = { queueId: 'support', number: '+46701740653' }
    const [one, two] = await Promise.all([bed.ask('lena', 'POST', 'callbacks', body, key), bed.ask('lena', 'POST', 'callbacks', body, key)])
    expect(one.json).toEqual(two.json)
    expect((await bed.ask('lena', 'POST', 'callbacks', body, key)).json).toEqual(one.json)
    expect(problem(await bed.ask('lena', 'POST', 'callbacks', { ...body, name: 'x' }, key))).toEqual([
      422,
      'request.idempotencyKey',
      undefined,
    ])
    await bed.ask('lena', 'DELETE', `callbacks/${one.as(Ordered).id}`)
  })
})

test('a menu is shown by its name, with its id', async () => {
  const before = bed.many('menu.entered')
  const call = bed.network.call('+46701740655', '+46846500402')
  await bed.until(() => bed.many('menu.entered') > before)
  call?.hangUp()
  await bed.settled()
  const { items } = (await bed.ask('lena', 'GET', 'calls?number=%2B46701740655')).as(CallPage)
  expect(items[0]?.events[0]).toMatchObject({ kind: 'menu', menu: { id: 'main', name: 'Main menu' } })
})

describe('queues', () => {
  test('a waiting caller is seen and taken out', async () => {
    bed.network.call('+46701740654', SUPPORT)
    const { entryId } = await bed.until(() => entryIn('support', 'line'))
    const all = await bed.ask('lena', 'GET', 'queues')
    expect(Compile(Queues).Errors(all.json)).toEqual([])
    expect(all.as(Queues).items.map((queue) => queue.id)).toEqual(['support', 'sales'])
    const one = await bed.ask('lena', 'GET', 'queues/support')
    expect(one.json).toMatchObject({ waiting: 1, agents: { paused: 1 } })
    expect(one.as(Queue).entries).toMatchObject([{ entryId, number: '+46701740654', place: 1, kind: 'line' }])
    expect(problem(await bed.ask('lena', 'GET', 'queues/nothing'))).toEqual([404, 'queue.unknown', undefined])
    expect(problem(await bed.ask('lena', 'DELETE', 'queues/support/entries/nobody'))).toEqual([404, 'entry.unknown', undefined])
    expect(problem(await bed.ask('lena', 'DELETE', `queues/sales/entries/${entryId}`))).toEqual([404, 'entry.unknown', undefined])
    expect((await bed.ask('lena', 'DELETE', `queues/support/entries/${entryId}`)).status).toBe(204)
    expect(entryIn('support', 'line')).toBeUndefined()
    await bed.settled()
  })
  test('an alarm that is not there', async () =>
    expect(problem(await bed.ask('lena', 'DELETE', 'alarms/disk'))).toEqual([404, 'alarm.unknown', undefined]))
})

describe('searching the archive', () => {
  beforeAll(async () => {
    for (const number of ['+46701740660', '+46701740661', '+46701740662']) {
      const ended = bed.many('call.ended')
      bed.network.call(number, SALES)
      await bed.until(() => bed.many('call.ended') > ended)
    }
  })
  const numbers = async (query: string) => {
    const answer = await bed.ask('lena', 'GET', `calls?${query}`)
    expect(answer.status, answer.text).toBe(200)
    expect(Compile(CallPage).Errors(answer.json)).toEqual([])
    return answer.as(CallPage).items.map((call) => call.callerNumber)
  }
  test('newest first, by key from page to page', async () => {
    const first = await bed.ask('lena', 'GET', 'calls?queue=sales&limit=2')
    expect(first.as(CallPage).items).toHaveLength(2)
    const second = await bed.ask('lena', 'GET', `calls?queue=sales&limit=2&after=${encodeURIComponent(first.as(CallPage).next ?? '')}`)
    expect(second.as(CallPage).items).toHaveLength(1)
    expect(second.as(CallPage).next).toBeNull()
    const times = [...first.as(CallPage).items, ...second.as(CallPage).items].map((call) => call.startedAt)
    expect(times).toEqual([...times].sort().reverse())
  })
  test.each([
    ['number=070-174 06 60', ['+46701740660']],
    ['number=%2B46701740660', ['+46701740660']],
    ['number=07017406&numberMatch=prefix&queue=sales', ['+46701740662', '+46701740661', '+46701740660']],
    ['number=0661&numberMatch=suffix', ['+46701740661']],
    ['number=74066&queue=sales', ['+46701740662', '+46701740661', '+46701740660']],
    ['result=noAgents&queue=sales&limit=1', ['+46701740662']],
    ['number=withheld', []],
    ['agent=saga', []],
    ['live=true', []],
  ])('%s', async (query, expected) => expect(await numbers(query)).toEqual(expected))
  test.each([
    ['result=lost', [400, 'request.invalid', 'result']],
    ['kind=coffee', [400, 'request.invalid', 'kind']],
    ['from=yesterday', [400, 'request.invalid', 'from']],
    ['limit=0', [400, 'request.invalid', 'limit']],
    ['colour=red', [400, 'request.invalid', 'colour']],
    ['number=12', [400, 'request.number', 'number']],
    ['number=1234&numberMatch=inside', [400, 'request.number', 'number']],
  ])('%s is refused', async (query, expected) => expect(problem(await bed.ask('lena', 'GET', `calls?${query}`))).toEqual(expected))
  test('as CSV, where a number cannot become a formula', async () => {
    const { text, headers } = await bed.ask('lena', 'GET', 'calls?queue=sales', undefined, { accept: 'text/csv' })
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    const [head = '', ...lines] = text.trimEnd().split('\r\n')
    expect(head.split(',').slice(0, 6)).toEqual(['id', 'startedAt', 'endedAt', 'direction', 'origin', 'callerNumber'])
    expect(lines.map((line) => line.split(',')[5])).toEqual(["'+46701740662", "'+46701740661", "'+46701740660"])
  })
  test('as NDJSON, a call a line', async () => {
    const { text } = await bed.ask('lena', 'GET', 'calls?queue=sales', undefined, { accept: 'application/x-ndjson' })
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).callerNumber),
    ).toEqual(['+46701740662', '+46701740661', '+46701740660'])
  })
  test('as nothing else', async () =>
    expect(problem(await bed.ask('lena', 'GET', 'calls', undefined, { accept: 'application/pdf' }))).toEqual([
      406,
      'request.notAcceptable',
      undefined,
    ]))
  test('a call that is not there', async () => {
    expect(problem(await bed.ask('lena', 'GET', 'calls/nothing'))).toEqual([404, 'call.unknown', undefined])
    expect(problem(await bed.ask('lena', 'GET', 'calls/nothing/facts'))).toEqual([404, 'call.unknown', undefined])
  })
  test('looking, exporting and changing are in the audit log, without numbers', async () => {
    await bed.ask(null, 'POST', 'session', { user: 'lena', password: PASSWORD })
    const trail = bed.audit.rows
    const what = new Set(trail.map((row) => row.what))
    for (const word of [
      'call.read',
      'calls.searched',
      'calls.exported',
      'callback.deleted',
      'callback.ordered',
      'agent.stateSet',
      'session.started',
    ])
      expect(what).toContain(word)
    expect(JSON.stringify(trail)).not.toMatch(/7017406|70-174/)
  })
})

describe('the edge', () => {
  test('a body that is no JSON, too large, or not JSON at all', async () => {
    const post = (payload: string, type: string) => bed.ask('lena', 'POST', 'callbacks', payload, { 'content-type': type })
    expect(problem(await post('{', 'application/json'))).toEqual([400, 'request.malformed', undefined])
    expect(problem(await post(JSON.stringify({ a: 'x'.repeat(100_000) }), 'application/json'))).toEqual([
      413,
      'request.tooLarge',
      undefined,
    ])
    expect(problem(await post('a=1', 'application/x-www-form-urlencoded'))).toEqual([415, 'request.mediaType', undefined])
  })
  test('an address where nothing is', async () =>
    expect(problem(await bed.ask('lena', 'GET', 'no-such-thing'))).toEqual([404, 'request.unknown', undefined]))
  test('a sentence in the reader’s language', async () => {
    const sv = await bed.ask(null, 'GET', 'session', undefined, { 'accept-language': 'sv-SE,sv;q=0.9' })
    expect(sv.as(Problem).detail).toBe('Logga in först.')
    expect(sv.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })
  test('health and metrics, without numbers', async () => {
    expect((await bed.ask(null, 'GET', '/health/live')).json).toEqual({ live: true })
    expect((await bed.ask(null, 'GET', '/health/ready')).json).toEqual({ ready: true, why: null })
    const { text } = await bed.ask(null, 'GET', '/metrics')
    expect(text).toMatch(/^samtal_journal_position \d+$/m)
    expect(text).toContain('samtal_queue_waiting{queue="support",kind="line"} 0')
    expect(text).not.toContain('7017406')
    expect(text.match(/^[a-z]\w*/gm)?.filter((name) => !name.startsWith('samtal_'))).toEqual([])
  })
  test('elsewhere than on this machine: health says nothing more, and metrics want a token of their scope', async () => {
    const make = async (scope: string) => (await bed.ask('admin', 'POST', 'tokens', { name: 'T', scopes: [scope] })).as(CreatedToken).secret
    const asked = async (url: string, headers: object, remoteAddress = '192.0.2.7') => {
      const answer = await bed.http.app.inject({ url, remoteAddress, headers: { host: 'localhost', ...headers } })
      return [
        answer.statusCode,
        answer.headers['content-type']?.startsWith('text/plain') ? 'figures' : (answer.json().code ?? answer.json()),
      ]
    }
    const bearer = async (scope: string) => ({ authorization: `Bearer ${await make(scope)}` })
    expect(await asked('/health/ready', {})).toEqual([200, { ready: true }])
    expect(await asked('/metrics', {})).toEqual([401, 'metrics.closed'])
    // A proxy on this machine asks for somebody elsewhere.
    expect(await asked('/metrics', { 'x-forwarded-for': '192.0.2.7' }, '127.0.0.1')).toEqual([401, 'metrics.closed'])
    expect(await asked('/metrics', { cookie: await bed.signedIn('admin') })).toEqual([401, 'metrics.closed'])
    expect(await asked('/metrics', { authorization: 'Bearer samtal_none' })).toEqual([401, 'token.refused'])
    expect(await asked('/metrics', await bearer('calls.read'))).toEqual([403, 'token.scope'])
    expect(await asked('/metrics', await bearer('metrics.read'))).toEqual([200, 'figures'])
    expect(await asked('/metrics', {}, '127.0.0.1')).toEqual([200, 'figures'])
  })
  test('OpenAPI lists every route that is served, and no other; the page has nothing inline', async () => {
    const openApi = await bed.ask(null, 'GET', '/openapi.json')
    const { openapi, paths } = openApi.as(OpenApi)
    expect(openapi).toBe('3.1.0')
    const listed = Object.entries(paths).flatMap(([at, ways]) => Object.keys(ways).map((way) => `${way} ${at}`))
    expect(listed.sort()).toEqual(
      routes.map((route) => `${route.method.toLowerCase()} /api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`).sort(),
    )
    const answered = ['paths', '/api/v1/session', 'get', 'responses', '200', 'content', 'application/json', 'schema']
    expect(openApi.json).toHaveProperty(answered, JSON.parse(JSON.stringify(Session)))
    const page = await bed.ask(null, 'GET', '/docs')
    expect(page.text).not.toMatch(/<script|<style|style=|https?:\/\/(?!www\.w3)/)
  })
})
