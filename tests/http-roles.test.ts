/** Who may call what, from the list of routes itself; and that what an account may not see is absent everywhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#adapters/http/server.ts'
import { Call, CallPage } from '#wire/calls.ts'
import type { StreamMessage } from '#wire/live.ts'
import { Agents, Callbacks, Dialled, Ordered, Queues } from '#wire/requests.ts'
import { Session } from '#wire/session.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'

/** A row a route, as the specification's roles say: S supervisor, M campaign manager, A administrator, a agent; `open`: anybody; then the scope of tokens. */
const TABLE = `
GET    /session                        aSMA
GET    /session/phone                  aSMA
POST   /session                        open
DELETE /session                        aSMA
PUT    /session/password               aSMA
GET    /session/all                    aSMA
DELETE /session/all                    aSMA
GET    /session/demo                   open
POST   /session/demo                   open
GET    /session/oidc                   open
GET    /session/oidc/start             open
GET    /session/oidc/return            open
GET    /calls                          aSMA  calls.read
GET    /calls/:id                      aSMA  calls.read
GET    /calls/:id/facts                aSMA  calls.read
POST   /calls                          aSMA  calls.dial
GET    /numbers                        aSMA
POST   /calls/:id/answer               aSMA
POST   /calls/:id/reject               aSMA
POST   /calls/:id/cancel               aSMA
POST   /calls/:id/hangup               aSMA
POST   /calls/:id/voicemail            aSMA
POST   /calls/:id/hold                 aSMA
POST   /calls/:id/resume               aSMA
POST   /calls/:id/mute                 aSMA
POST   /calls/:id/unmute               aSMA
POST   /calls/:id/swap                 aSMA
POST   /calls/:id/conference           aSMA
POST   /calls/:id/consult/abort        aSMA
POST   /calls/:id/consult              aSMA
POST   /calls/:id/transfer             aSMA
POST   /calls/:id/digits               aSMA
POST   /offers/:id/call                aSMA
POST   /offers/:id/reject              aSMA
POST   /offers/:id/cancel              aSMA
POST   /offers/:id/reschedule          aSMA
POST   /calls/:id/reschedule           aSMA
POST   /calls/:id/topics               aSMA
GET    /queues                         SA
GET    /queues/:id                     SA
DELETE /queues/:id/entries/:entryId    SA
GET    /callbacks                      aSMA
POST   /callbacks                      SA    callbacks.order
GET    /callbacks/:id                  aSMA
DELETE /callbacks/:id                  aSMA
POST   /callbacks/:id/call-now         SA
GET    /agents                         aSMA
PUT    /agents/:id/state               aSMA
POST   /agents/:id/release             SA
PUT    /agents/:id/wrap-up             aSMA
DELETE /alarms/:id                     SA
GET    /stream                         aSMA
GET    /campaigns                      SMA  campaigns.read
POST   /campaigns                      MA   campaigns.write
GET    /campaigns/:id                  SMA  campaigns.read
PUT    /campaigns/:id                  MA   campaigns.write
GET    /campaigns/:id/revivable        SMA  campaigns.read
POST   /campaigns/:id/start            MA   campaigns.write
POST   /campaigns/:id/pause            MA   campaigns.write
POST   /campaigns/:id/stop             MA   campaigns.write
POST   /campaigns/:id/schedule         MA   campaigns.write
DELETE /campaigns/:id                  MA   campaigns.write
GET    /campaigns/:id/progress         SMA  campaigns.read
GET    /campaigns/:id/pace             SMA  campaigns.read
GET    /campaigns/:id/days             SMA  campaigns.read
POST   /pace                           SMA  campaigns.read
GET    /campaigns/:id/contacts         SMA  contacts.read
GET    /campaigns/:id/contacts/:contactId  SMA  contacts.read
POST   /campaigns/:id/imports/look     MA   contacts.import
POST   /campaigns/:id/imports          MA   contacts.import
GET    /campaigns/:id/imports          MA   contacts.import
GET    /campaigns/:id/imports/:importId  MA   contacts.import
GET    /campaigns/:id/imports/:importId/faults  MA   contacts.import
POST   /campaigns/:id/imports/:importId/confirm  MA   contacts.import
POST   /campaigns/:id/imports/:importId/undo  MA   contacts.import
GET    /do-not-call                    SMA  doNotCall.read
POST   /do-not-call                    MA   doNotCall.write
DELETE /do-not-call                    MA   doNotCall.write
POST   /do-not-call/imports            MA   doNotCall.write
GET    /directory                      aSMA  directory.read
GET    /contacts                       aSMA  directory.read
POST   /contacts                       SA
GET    /contacts/:id                   aSMA  directory.read
PATCH  /contacts/:id                   SA
DELETE /contacts/:id                   SA
POST   /contacts/import                SA
GET    /tokens                         A
POST   /tokens                         A
DELETE /tokens/:id                     A
POST   /persons/find                   A
POST   /persons/copy                   A
POST   /persons/erase                  A
GET    /users                          A
POST   /users                          A
PATCH  /users/:id                      A
POST   /users/:id/password             A
POST   /users/:id/disable              A
POST   /users/:id/enable               A
POST   /users/:id/sign-out             A
GET    /audit                          A
`
const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [string, string, string, string?])
const USERS = [
  ['anna', 'a'],
  ['lena', 'S'],
  ['maja', 'M'],
  ['admin', 'A'],
] as const

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

describe('role × route', () => {
  test('every route has its row, and no row is without a route', () => {
    expect(routes.map((route) => `${route.method} ${route.path}`)).toEqual(rows.map(([method, path]) => `${method} ${path}`))
  })
  test('a program is let in where the table says so, in that scope, and nowhere else', () => {
    expect(routes.map(({ method, path, token }) => `${method} ${path} ${token}`)).toEqual(
      rows.map(([method, path, , scope]) => `${method} ${path} ${scope}`),
    )
  })
  const cases = rows.filter(([, path, who]) => who !== 'open' && path !== '/stream' && path !== '/session')
  test.each(cases)('%s %s is for %s', async (method, path, who) => {
    const url = path.slice(1).replaceAll(/:\w+/g, 'nothing')
    const asked = (user: string | null) => bed.ask(user, method as 'GET', url, method === 'PUT' || method === 'POST' ? {} : undefined)
    expect((await asked(null)).code).toBe('session.required')
    for (const [user, letter] of USERS) {
      const refused = (await asked(user)).code === 'session.notAllowed'
      expect([user, refused]).toEqual([user, !who.includes(letter)])
    }
  })
})

describe('what an account may not see is absent', () => {
  let supportCall = ''
  let salesCall = ''
  beforeAll(async () => {
    for (const agent of ['anna', 'saga']) await bed.ask('lena', 'PUT', `agents/${agent}/state`, { state: 'loggedOn' })
    const talk = async (agent: string, number: string) => {
      const ended = bed.many('call.ended')
      const line = bed.network.call('+46701740670', number)
      const { callId } = await bed.until(() => bed.engine.agent(agent)?.matter)
      await bed.engine.submit({ type: 'offer.answer', by: 'agent', agentId: agent, callId })
      await bed.until(() => bed.engine.agent(agent)?.matter?.phase === 'talking')
      line?.hangUp()
      await bed.until(() => bed.many('call.ended') > ended)
      return callId
    }
    supportCall = await talk('anna', '+46846500400')
    salesCall = await talk('saga', '+46846500401')
  })
  const ids = async (user: string) => (await bed.ask(user, 'GET', 'calls')).as(CallPage).items.map((call) => call.id)
  const count = async (user: string) => (await ids(user)).length

  test.each([
    ['lena', true, true],
    ['admin', true, true],
    ['anna', true, false],
    ['sara', false, true],
    ['bo', false, false],
  ])('%s: the call of Support %s, of Sales %s', async (user, support, sales) => {
    const seen = await ids(user)
    expect([seen.includes(supportCall), seen.includes(salesCall)]).toEqual([support, sales])
    const csv = (await bed.ask(user, 'GET', 'calls', undefined, { accept: 'text/csv' })).text
    expect([csv.includes(supportCall), csv.includes(salesCall)]).toEqual([support, sales])
    for (const [id, may] of [
      [supportCall, support],
      [salesCall, sales],
    ] as const) {
      expect((await bed.ask(user, 'GET', `calls/${id}`)).status).toBe(may ? 200 : 404)
      expect((await bed.ask(user, 'GET', `calls/${id}/facts`)).status).toBe(may ? 200 : 404)
    }
  })
  test.each([
    ['B6: cancelled while his own phone rings', (callId: string) => bed.ask('anna', 'POST', `calls/${callId}/cancel`)],
    ['B7: his own phone is not answered', (callId: string) => bed.ask('anna', 'POST', `calls/${callId}/reject`)],
  ])('whoever ordered a call sees it, whole, though no leg of his was answered; %s', async (_, end) => {
    await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'ready' })
    const streams = await Promise.all(['anna', 'bo', 'admin'].map((user) => listen(bed, user)))
    await Promise.all(streams.map((stream) => stream.first((message) => message.type === 'snapshot')))
    const before = await Promise.all(['anna', 'bo', 'sara', 'admin'].map(count))
    const { callId } = (await bed.ask('anna', 'POST', 'calls', { agentId: 'anna', to: '+46701740679' })).as(Dialled)
    const ended = bed.many('call.ended')
    expect((await end(callId)).status).toBe(204)
    await bed.until(() => bed.many('call.ended') > ended)
    await bed.settled()
    const of = (message: StreamMessage) => message.type === 'call' && message.call.id === callId && message.call.endedAt !== null
    const [anna, bo, admin] = streams
    await Promise.all([anna?.first(of), admin?.first(of)])
    expect(bo?.heard.some((message) => message.type === 'call')).toBe(false)
    for (const stream of streams) stream.close()

    expect((await bed.ask('anna', 'GET', `calls/${callId}`)).as(Call)).toMatchObject({ orderedBy: 'anna', agents: [] })
    const after = await Promise.all(['anna', 'bo', 'sara', 'admin'].map(count))
    expect(after.map((many, index) => many - (before[index] ?? 0))).toEqual([1, 0, 0, 1])
    for (const [user, may] of [
      ['anna', true],
      ['bo', false],
      ['sara', false],
      ['admin', true],
    ] as const) {
      expect((await ids(user)).includes(callId)).toBe(may)
      expect((await bed.ask(user, 'GET', 'calls', undefined, { accept: 'application/x-ndjson' })).text.includes(callId)).toBe(may)
      expect((await bed.ask(user, 'GET', `calls/${callId}`)).status).toBe(may ? 200 : 404)
      expect((await bed.ask(user, 'GET', `calls/${callId}/facts`)).status).toBe(may ? 200 : 404)
    }
  })
  test('a supervisor of Sales sees her queue and who serves it', async () => {
    expect((await bed.ask('sara', 'GET', 'queues')).as(Queues).items.map((queue) => queue.id)).toEqual(['sales'])
    expect((await bed.ask('sara', 'GET', 'queues/support')).status).toBe(404)
    expect((await bed.ask('sara', 'GET', 'agents')).as(Agents).items.map((agent) => agent.id)).toEqual(['saga'])
    expect((await bed.ask('sara', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'lunch' })).code).toBe('agent.unknown')
    expect((await bed.ask('sara', 'POST', 'callbacks', { queueId: 'support', number: '+46701740671' })).code).toBe('queue.unknown')
    const session = (await bed.ask('sara', 'GET', 'session')).as(Session)
    expect(session.solution.queues).toEqual([{ id: 'sales', name: 'Sales' }])
    expect(session.solution.agents).toEqual([{ id: 'saga', name: 'Saga' }])
  })
  test('an agent sees and sets nobody else', async () => {
    expect((await bed.ask('bo', 'GET', 'agents')).as(Agents).items.map((agent) => agent.id)).toEqual(['bo'])
    expect((await bed.ask('bo', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'lunch' })).code).toBe('agent.unknown')
  })
  test('nor do counts and the stream tell of it', async () => {
    const callback = (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: '+46701740672' })).as(Ordered)
    expect((await bed.ask('sara', 'GET', 'callbacks')).as(Callbacks).items).toEqual([])
    expect((await bed.ask('sara', 'GET', `callbacks/${callback.id}`)).status).toBe(404)
    expect((await bed.ask('sara', 'DELETE', `callbacks/${callback.id}`)).status).toBe(404)
    const [sara, bo, lena] = await Promise.all(['sara', 'bo', 'lena'].map((user) => listen(bed, user)))
    const live = (stream: typeof sara) =>
      stream?.first((message) => message.type === 'snapshot').then((message) => (message.type === 'snapshot' ? message.live : null))
    expect(await live(sara)).toMatchObject({ queues: [{ id: 'sales' }], agents: [{ id: 'saga' }], liveCalls: 0 })
    expect(await live(bo)).toMatchObject({ queues: [], agents: [{ id: 'bo' }], alarms: [], liveCalls: 0 })
    expect((await live(lena))?.queues).toHaveLength(2)
    await bed.ask('lena', 'DELETE', `callbacks/${callback.id}`)
    await bed.ask('lena', 'PUT', 'agents/saga/state', { state: 'paused', reason: 'lunch' })
    const paused = (message: StreamMessage) => message.type === 'agent' && message.agent.id === 'saga' && message.agent.state === 'paused'
    await Promise.all([sara?.first(paused), lena?.first(paused)])
    await lena?.first((message) => message.type === 'call' && message.call.id === callback.callId && message.call.result === 'deleted')
    expect(JSON.stringify(sara?.heard)).not.toMatch(/support|anna|7017406/)
    expect(JSON.stringify(bo?.heard)).not.toMatch(/sales|anna|saga|7017406/)
    expect(bo?.heard.filter((message) => message.type !== 'snapshot' && message.type !== 'tick')).toEqual([])
    for (const stream of [sara, bo, lena]) stream?.close()
  })
})
