/** What comes over a real connection and no decent client sends: refused as everything is, and nothing of ours falls over it. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Problem } from '#wire/session.ts'
import { type Answer, exchange } from './fuzz/client.ts'
import { type Bed, openBed } from './http/bed.ts'

let bed: Bed
let port: number
beforeAll(async () => {
  bed = await openBed()
  port = Number(new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(() => bed.close())

async function sends(lines: readonly string[], body = ''): Promise<Answer> {
  const answered = await exchange(port, Buffer.from([...lines, '', body].join('\r\n')), { from: '127.0.0.1', msMax: 10_000, isCut: false })
  if (typeof answered === 'string') throw new Error(answered)
  return answered
}
const HOST = 'host: 127.0.0.1:4080'

test.each([
  ['what is no HTTP', ['HELO samtal'], 'request.http', 400],
  ['a length that is none', ['POST /api/v1/session HTTP/1.1', HOST, 'content-length: -1'], 'request.http', 400],
  ['headers without end', ['GET / HTTP/1.1', HOST, `cookie: ${'x'.repeat(70_000)}`], 'request.headers', 431],
  ['an address that cannot be decoded', ['GET /api/v1/calls/%C3%28 HTTP/1.1', HOST], 'request.invalid', 400],
  ['an id longer than any', [`GET /api/v1/calls/${'x'.repeat(300)} HTTP/1.1`, HOST], 'request.invalid', 400],
  ['no host', ['GET /health/live HTTP/1.1'], 'request.invalid', 400],
  [
    'a length and a body in pieces',
    ['POST /api/v1/session HTTP/1.1', HOST, 'content-length: 5', 'transfer-encoding: chunked'],
    'request.http',
    400,
  ],
  ['two lengths', ['POST /api/v1/session HTTP/1.1', HOST, 'content-length: 5', 'content-length: 6'], 'request.http', 400],
  ['pieces of a kind nobody reads', ['POST /api/v1/session HTTP/1.1', HOST, 'transfer-encoding: x'], 'request.http', 400],
  ['two hosts', ['GET /health/live HTTP/1.1', HOST, 'Host: evil.example'], 'request.invalid', 400],
] as const)('%s is refused as everything is', async (_, lines, code, status) => {
  const answer = await sends(lines)
  expect([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
    'nosniff',
  ])
  const problem: unknown = JSON.parse(answer.text)
  expect(Value.Check(Problem, problem) && problem.code).toBe(code)
})

test('a second request hidden in the first is none: one answer, and the connection is closed', async () => {
  const socket = connect(port, '127.0.0.1')
  let answered = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answered += text
  })
  const hidden = ['GET /health/live HTTP/1.1', HOST, '', ''].join('\r\n')
  const first = [
    'POST /api/v1/session HTTP/1.1',
    HOST,
    `content-length: ${hidden.length + 5}`,
    'transfer-encoding: chunked',
    '',
    '0',
    '',
    '',
  ]
  socket.write(first.join('\r\n') + hidden)
  await once(socket, 'close')
  expect(answered.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 400'])
})

test('what is expected of us that we do not know is passed over', async () => {
  expect((await sends(['GET /health/live HTTP/1.1', HOST, 'expect: wonders'])).status).toBe(200)
})

test('a body nested as deep as it is long is refused, with a key and where none is read', async () => {
  const body = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' }
  const answer = await bed.ask('admin', 'POST', 'users/bo/sign-out', body, headers)
  expect([answer.status, answer.code]).toEqual([400, 'request.malformed'])
  const brackets = { user: '['.repeat(100), password: `"]${'{'.repeat(100)}` }
  expect((await bed.ask(null, 'POST', 'session', brackets)).code).toBe('session.refused')
})

test.each(['{"__proto__":{"user":"anna"}}', '{"user":"anna","constructor":{"prototype":{"x":1}}}'])('%s is no body', async (body) => {
  const answer = await bed.ask(null, 'POST', 'session', body, { 'content-type': 'application/json' })
  expect([answer.status, answer.code]).toEqual([400, 'request.malformed'])
})

test('who goes away in the middle of a file is no fault of ours', async () => {
  const cookie = `cookie: ${await bed.signedIn('maja')}`
  const head = ['POST /api/v1/do-not-call/imports HTTP/1.1', HOST, cookie, 'x-samtal: 1', 'content-type: text/csv', 'content-length: 1000']
  const bytes = Buffer.from([...head, '', 'phone\n+46701740697\n'].join('\r\n'))
  const gone = new Promise((resolve) => bed.http.app.server.once('request', (_, answer) => answer.once('close', resolve)))
  await exchange(port, bytes, { from: '127.0.0.1', msMax: 10_000, isCut: true })
  await gone
  await turn()
  expect(bed.log.filter((line) => line.startsWith('error'))).toEqual([])
})

test('a body that is read whole comes within half a minute, or its connection is cut; a file may take longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const cookie = `cookie: ${await bed.signedIn('maja')}`
  const slow = async (path: string, type: string) => {
    const arrived = once(bed.http.app.server, 'request')
    const socket = connect(port, '127.0.0.1')
    const head = [`POST /api/v1/${path} HTTP/1.1`, HOST, cookie, 'x-samtal: 1', `content-type: ${type}`, 'content-length: 1000']
    socket.write([...head, '', '{'].join('\r\n'))
    const [request] = await arrived
    // Until the routes have seen it: whoever asks is looked up first.
    await vi.waitFor(() => expect(request.readableFlowing).not.toBeNull())
    return { socket, over: once(socket, 'close').then(() => 'over') }
  }
  const stays = Promise.resolve('stays')
  const [body, file] = [await slow('session', 'application/json'), await slow('do-not-call/imports', 'text/csv')]
  await vi.advanceTimersByTimeAsync(29_000)
  expect(await Promise.race([body.over, stays])).toBe('stays')
  await vi.advanceTimersByTimeAsync(1_000)
  vi.useRealTimers()
  expect(await body.over).toBe('over')
  expect(await Promise.race([file.over, stays])).toBe('stays')
  file.socket.destroy()
})
afterEach(() => void vi.useRealTimers())

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('%s is the name of nothing', async (name) => {
  const order = await bed.ask('admin', 'POST', 'callbacks', { queueId: name, number: '+46701740698' })
  const dialled = await bed.ask('anna', 'POST', 'calls', { agentId: 'anna', to: `agent:${name}` })
  const seen = await Promise.all([`queues/${name}`, `campaigns/${name}`, `calls/${name}`].map((url) => bed.ask('admin', 'GET', url)))
  expect([order, dialled, ...seen].map(({ code }) => code)).toEqual([
    ...['queue.unknown', 'agent.loggedOff', 'queue.unknown', 'campaign.unknown', 'call.unknown'],
  ])
})
