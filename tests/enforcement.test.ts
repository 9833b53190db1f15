/**
 * Every route × every role × one's own and others' data, from the list of routes: a new route cannot be forgotten, for without a request of
 * its own here it fails. What may be seen by whom is written down in `enforcement/world.ts` by hand, and nothing of it is taken from the
 * server. Nobody learns of what is not his: the answer is the one that a thing which does not exist would get, byte for byte.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '#adapters/http/route.ts'
import { routes } from '#adapters/http/server.ts'
import type { StreamMessage } from '#wire/live.ts'
import { TOKEN_SCOPES } from '#wire/tokens.ts'
import { asksMore, kindsOf, nameOf, requestOf, samples } from './enforcement/requests.ts'
import { callOfAnna, NEWCOMER, openWorld, PEOPLE, type PersonName, people, type World } from './enforcement/world.ts'
import type { Asked } from './http/bed.ts'
import { listen } from './http/listen.ts'

/** Who sees a thing of a kind, of those that `ids` names. An agent is seen (and led) by himself and who leads his queues. */
const SEES: Readonly<Record<string, readonly PersonName[]>> = {
  call: ['anna', 'lena', 'admin'],
  queue: ['lena', 'admin'],
  entry: ['lena', 'admin'],
  callback: ['lena', 'admin'],
  agent: ['anna', 'lena', 'admin'],
  campaign: ['maja', 'lena', 'admin'],
  contact: ['maja', 'lena', 'admin'],
  import: ['maja', 'lena', 'admin'],
  token: ['admin'],
  user: ['admin'],
  // No alarm stands.
  alarm: [],
}
/** Of everybody signed in who has the role: nothing of theirs is anybody's in particular. */
const closed = routes.filter(({ roles }) => roles !== null)
const streaming = (route: Route): boolean => route.path === '/stream'
const plain = closed.filter((route) => !streaming(route) && nameOf(route) !== 'DELETE /session')
const mayCall = (route: Route, who: PersonName): boolean => route.roles?.includes(PEOPLE[who]) === true
const seesAll = (route: Route, who: PersonName): boolean => kindsOf(route).every((kind) => SEES[kind]?.includes(who))
/** Of a sensible answer to a request one may make: done, or no because of how things stand. */
const isJudged = ({ status }: Asked): boolean => status < 400 || status === 404 || status === 409 || status === 422

let world: World
beforeAll(async () => {
  world = await openWorld()
}, 60_000)
afterAll(() => world.bed.close())

const send = (who: string | null, route: Route, ids: Readonly<Record<string, string>>, headers: Record<string, string> = {}) => {
  const { url, body, headers: own } = requestOf(route, ids)
  return world.bed.ask(who, route.method, url, body, { ...own, ...headers })
}
/** What an answer would give away, for who must not see it. */
const leaksTo = (who: PersonName, text: string): string[] =>
  Object.entries(world.things).flatMap(([name, { marks, seenBy }]) =>
    seenBy.includes(who) ? [] : marks.filter((mark) => text.includes(mark)).map((mark) => `${name}: ${mark}`),
  )
/** What must not change while others try. */
const standing = () => {
  const { bed } = world
  const { entries = [] } = bed.engine.queue('support') ?? {}
  return JSON.stringify([
    bed.engine.agent('anna')?.state,
    bed.engine.agent('anna')?.matter?.callId,
    entries.map(({ entryId }) => entryId),
    bed.engine.campaign('spring')?.status,
    bed.engine.campaign('spring')?.settings.name,
  ])
}

test('every route that asks for more than its address has a request here, and no request is without a route', () => {
  expect(samples.filter((name) => !routes.some((route) => nameOf(route) === name))).toEqual([])
  expect(routes.filter((route) => asksMore(route) && !samples.includes(nameOf(route))).map(nameOf)).toEqual([])
})
test('every kind of thing a route names is one of which is written who sees it', () => {
  expect([...new Set(routes.flatMap(kindsOf))].sort()).toEqual(Object.keys(SEES).sort())
})
test('the world is what it is meant to be: anna sees her call with its number', async () => {
  expect((await callOfAnna(world)).callerNumber).toBe('+46701740682')
})

describe('nobody', () => {
  test.each(closed.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const { cookies, tokens } = world.dead
    expect((await send(null, route, world.ids)).code).toBe('session.required')
    for (const cookie of cookies)
      expect([cookie, (await send(null, route, world.ids, { cookie })).code]).toEqual([cookie, 'session.required'])
    for (const token of tokens) {
      const answer = await send(null, route, world.ids, { authorization: `Bearer ${token}`, 'x-samtal': '' })
      expect([answer.status, answer.code]).toEqual([401, 'token.refused'])
    }
  })
})

describe('a program', () => {
  test.each(closed.map((route) => [nameOf(route), route] as const))('%s is for its scope alone', async (_, route) => {
    for (const scope of TOKEN_SCOPES.filter((one) => one !== route.token)) {
      const authorization = `Bearer ${world.tokens.get(scope)}`
      const [real, none] = [await send(null, route, world.ids, { authorization }), await send(null, route, {}, { authorization })]
      expect([scope, real.status, real.code, real.text]).toEqual([scope, 403, 'token.scope', none.text])
    }
  })
})

describe('who has not chosen a password of his own yet', () => {
  const free = ['GET /session', 'DELETE /session', 'PUT /session/password']
  test('may see who he is, choose one, and sign out', () => {
    expect(
      routes
        .filter(({ temporary }) => temporary === true)
        .map(nameOf)
        .sort(),
    ).toEqual([...free].sort())
  })
  test.each(closed.filter((route) => !free.includes(nameOf(route))).map((route) => [nameOf(route), route] as const))(
    '%s is not for him',
    async (_, route) => {
      const answer = await send(NEWCOMER, route, world.ids)
      expect([answer.status, answer.code]).toEqual([403, 'password.temporary'])
    },
  )
})

describe('a role that is not the route’s', () => {
  test.each(plain.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const before = standing()
    for (const who of people.filter((one) => !mayCall(route, one))) {
      const [real, none] = [await send(who, route, world.ids), await send(who, route, {})]
      expect([who, real.status, real.code, real.text]).toEqual([who, 403, 'session.notAllowed', none.text])
    }
    expect(standing()).toBe(before)
  })
})

describe('others’ data is as if it did not exist', () => {
  const naming = plain.filter((route) => kindsOf(route).length > 0)
  test.each(naming.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const before = standing()
    for (const who of people.filter((one) => mayCall(route, one) && !seesAll(route, one))) {
      const [real, none] = [await send(who, route, world.ids), await send(who, route, {})]
      expect([who, real.status, real.text]).toEqual([who, none.status, none.text])
      expect([who, real.status >= 400]).toEqual([who, true])
    }
    expect(standing()).toBe(before)
  })
})

describe('who sees an agent because a campaign of his rings him', () => {
  test.each([
    ['PUT', 'agents/saga/state', { state: 'paused', reason: 'lunch' }],
    ['PUT', 'agents/saga/wrap-up', { end: true }],
    ['POST', 'calls', { agentId: 'saga', to: '+46701740699' }],
  ] as const)('does not lead him: %s %s', async (method, url, body) => {
    const before = standing()
    const seen = (await world.bed.ask('maja', 'GET', 'agents')).json as { items: { id: string }[] }
    expect(seen.items.map(({ id }) => id)).toContain('saga')
    const { status, code } = await world.bed.ask('maja', method, url, body)
    expect([status, code]).toEqual([404, 'agent.unknown'])
    expect(standing()).toBe(before)
  })
})

describe('others’ data beneath one’s own is not there either', () => {
  const beneath: readonly (readonly [PersonName, Readonly<Record<string, string>>])[] = [
    ['mira', { campaign: 'autumn' }],
    ['maja', { campaign: 'autumn' }],
    ['sara', { queue: 'sales' }],
  ]
  const nested = plain.filter(({ path }) => path.split(':').length > 2)
  test.each(nested.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const before = standing()
    const asking = beneath.filter(([who, above]) => mayCall(route, who) && kindsOf(route).some((kind) => kind in above))
    expect(asking.length).toBeGreaterThan(0)
    for (const [who, above] of asking) {
      const [real, none] = [await send(who, route, { ...world.ids, ...above }), await send(who, route, above)]
      expect([who, real.status, real.text]).toEqual([who, 404, none.text])
    }
    expect(standing()).toBe(before)
  })
})

describe('what one sees', () => {
  const reading = plain.filter(({ method }) => method === 'GET')
  const typesOf = ({ answer }: Route): readonly string[] => answer.types ?? ['application/json']
  test.each(reading.map((route) => [nameOf(route), route] as const))('%s is one’s own, in every form it comes in', async (_, route) => {
    for (const who of people.filter((one) => mayCall(route, one))) {
      for (const accept of typesOf(route)) {
        const answer = await send(who, route, world.ids, { accept })
        expect([who, accept, leaksTo(who, answer.text)]).toEqual([who, accept, []])
        const own = seesAll(route, who)
        const exporting = accept !== 'application/json' && route.path === '/contacts'
        if (own && !exporting) expect(['session.notAllowed', 'session.required']).not.toContain(answer.code)
        if (own && kindsOf(route).length > 0) expect([who, accept, answer.status]).toEqual([who, accept, 200])
      }
    }
  })
  test('lists show everybody what is his: calls, callbacks, queues, campaigns and their contacts', async () => {
    const lists = ['calls?limit=200', 'callbacks', 'queues', 'campaigns/spring/contacts', 'campaigns/autumn/contacts']
    for (const who of people) {
      const text = (await Promise.all(lists.map(async (url) => (await world.bed.ask(who, 'GET', url)).text))).join('\n')
      const listed = Object.entries(world.things).filter(([name, { seenBy }]) => seenBy.includes(who) && !name.endsWith('Name'))
      expect([who, listed.filter(([, { marks }]) => !text.includes(marks[0] ?? '')).map(([name]) => name)]).toEqual([who, []])
    }
  })
  test('and counts count no more', async () => {
    const counted = new Map<string, number>()
    for (const who of people) {
      const { json } = await world.bed.ask(who, 'GET', 'calls?limit=200')
      counted.set(who, (json as { items: unknown[] }).items.length)
    }
    // Sales; Support with the own call; of Support callback and caller besides; all five.
    expect(Object.fromEntries(counted)).toEqual({ anna: 2, bo: 0, kim: 1, lena: 5, sara: 1, maja: 0, mira: 0, admin: 5 })
  })
})

describe('the stream', () => {
  test('tells everybody what is his, and nothing else, in the snapshot and in every change', async () => {
    const { bed, ids } = world
    const open = await Promise.all(people.map(async (who) => [who, await listen(bed, who)] as const))
    await Promise.all(open.map(([, stream]) => stream.first(({ type }) => type === 'snapshot')))
    await bed.ask('anna', 'POST', `calls/${ids['call']}/hold`)
    await bed.ask('anna', 'POST', `calls/${ids['call']}/resume`)
    await bed.ask('lena', 'POST', `callbacks/${ids['callback']}/call-now`)
    // Paused, so that none of its contacts is put before her.
    await bed.ask('kim', 'PUT', 'agents/saga/state', { state: 'paused', reason: 'lunch' })
    await bed.ask('maja', 'POST', 'campaigns/spring/start')
    await bed.ask('bo', 'PUT', 'agents/bo/state', { state: 'loggedOff' })
    const told = (message: StreamMessage) =>
      message.type === 'campaign' && message.campaign.id === 'spring' && message.campaign.live.state !== 'draft'
    await open.find(([who]) => who === 'admin')?.[1].first(told)
    await open.find(([who]) => who === 'bo')?.[1].first((message) => message.type === 'agent' && message.agent.state === 'loggedOff')
    for (const [who, { heard }] of open) expect([who, leaksTo(who, JSON.stringify(heard))]).toEqual([who, []])
    const admin = JSON.stringify(open.find(([who]) => who === 'admin')?.[1].heard)
    for (const mark of [ids['call'], ids['callback'], ids['entry'], 'Springer']) expect(admin).toContain(mark)
    const live = Object.fromEntries(
      open.map(([who, { heard }]) => {
        const [first] = heard
        return [who, first?.type === 'snapshot' ? first.live.liveCalls : null]
      }),
    )
    // Anna's conversation; of Support also the callback and the caller in line.
    expect(live).toEqual({ anna: 1, bo: 0, kim: 0, lena: 3, sara: 0, maja: 0, mira: 0, admin: 3 })
    await bed.ask('maja', 'POST', 'campaigns/spring/stop')
    for (const [, stream] of open) stream.close()
  })
  test.each(['cookies', 'tokens'] as const)('is for nobody without a session: %s', async (kind) => {
    const route = routes.find(streaming)
    if (route === undefined) throw new Error('there is no stream')
    const headers = {
      cookies: { cookie: world.dead.cookies[0] ?? '' },
      tokens: { authorization: `Bearer ${world.tokens.get('calls.read')}` },
    }
    expect((await send(null, route, {}, headers[kind])).status).toBe(kind === 'cookies' ? 401 : 403)
  })
})

/** Who may change something of Support, of anna, of Spring, is let: the last, for it changes the world. */
describe('whoever may, may', () => {
  // An agent's doings in a call depend on how the call stands, and are shown by tests of their own.
  const changing = plain.filter(({ method, path }) => method !== 'GET' && !/^\/(calls|offers)\/:id/.test(path))
  const lateness = (route: Route): number => (nameOf(route) === 'DELETE /campaigns/:id' ? 2 : route.method === 'DELETE' ? 1 : 0)
  const inOrder = changing.toSorted((a, b) => lateness(a) - lateness(b))
  test.each(inOrder.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const who = people.find((one) => mayCall(route, one) && seesAll(route, one)) ?? 'admin'
    const answer = await send(who, route, world.ids)
    expect([who, answer.status, isJudged(answer)]).toEqual([who, answer.status, true])
    expect(['session.notAllowed', 'session.required']).not.toContain(answer.code)
    if (kindsOf(route).some((kind) => kind !== 'alarm')) {
      const none = await send(who, route, {})
      expect([who, answer.text === none.text && answer.status === none.status]).toEqual([who, false])
    }
  })
})
