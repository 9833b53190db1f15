/**
 * Numbers masked for a role are masked everywhere. From the list of routes: whoever has such a role asks every one of them, in every form
 * it answers in, page after page, for what he sees, for what he does not and for what cannot be; and hears the stream. In nothing he is
 * sent – body, header, cursor, refusal – stands a number of those that were planted, in whatever way it is written or packed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '#adapters/http/route.ts'
import { routes } from '#adapters/http/server.ts'
import type { StreamMessage } from '#wire/live.ts'
import { nameOf, requestOf } from './enforcement/requests.ts'
import { openWorld, PEOPLE, type PersonName, people, type World } from './enforcement/world.ts'
import type { Asked } from './http/bed.ts'
import { listen } from './http/listen.ts'
import { upload } from './http/lists.ts'

const MASKED = ['agent', 'supervisor', 'campaignManager'] as const
const masked = people.filter((who) => PEOPLE[who] !== 'administrator')
/** The digits every planted number holds, and no id by chance; those typed in `requests.ts` are others. */
const PLANTED = /1740[ ]?68\d/
const PAGES_MAX = 6

/** What a text says to who does not take it as it stands: unescaped, unpacked, without what divides digits. */
function readings(text: string): string[] {
  const packed = (text.match(/[\w+/-]{12,}/g) ?? []).map((word) => Buffer.from(word, 'base64').toString('latin1'))
  const hex = (text.match(/(?:[\da-f]{2}){8,}/gi) ?? []).map((word) => Buffer.from(word, 'hex').toString('latin1'))
  const plain = text.replaceAll(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  return [text, plain, plain.replaceAll(/[\s().-]/g, ''), ...packed, ...hex]
}
const leaks = (text: string): string[] => readings(text).flatMap((reading) => PLANTED.exec(reading)?.[0] ?? [])
const sentIn = ({ text, headers }: Asked): string => `${JSON.stringify(headers)}\n${text}`

let world: World
beforeAll(async () => {
  world = await openWorld({ maskedFor: MASKED })
  const { bed } = world
  for (const tail of ['87', '88', '89']) await bed.ask('admin', 'POST', 'do-not-call', { number: `+467017406${tail}` })
  for (const tail of ['87', '88']) await bed.ask('admin', 'POST', 'do-not-call', { number: `+467017406${tail}`, campaignId: 'spring' })
  const rows = ['phone,name', '+46701740685,Again', '070-174 06 86,One', '(0)70 174 06 86,Two', '+46701740688,Barred']
  const read = await upload(bed, 'admin', 'campaigns/spring/imports?fileName=twice.csv', `${rows.join('\n')}\n`)
  world = { ...world, ids: { ...world.ids, import: (read.json as { id: string }).id } }
}, 60_000)
afterAll(() => world.bed.close())

const signedIn = routes.filter((route) => route.roles !== null && !['GET /stream', 'DELETE /session'].includes(nameOf(route)))
const mayCall = (route: Route, who: PersonName): boolean => route.roles?.includes(PEOPLE[who]) === true
const typesOf = ({ answer }: Route): readonly string[] => answer.types ?? ['application/json']
const takes = ({ query }: Route, name: string): boolean => Reflect.has(Reflect.get(query ?? {}, 'properties') ?? {}, name)
const nextOf = ({ json }: Asked): string | null => {
  const next: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'next') : null
  return typeof next === 'string' ? next : null
}

/** Every answer to this route: as it is, in each form, one by one to the end, and to questions that are none. */
async function* answersTo(who: PersonName, route: Route, ids: Readonly<Record<string, string>>): AsyncGenerator<Asked> {
  const { url, body, headers } = requestOf(route, ids)
  const ask = (address: string, accept: string) => world.bed.ask(who, route.method, address, body, { ...headers, accept })
  const withMore = (more: string): string => `${url}${url.includes('?') ? '&' : '?'}${more}`
  for (const accept of [...typesOf(route), 'image/png']) yield await ask(url, accept)
  if (route.method !== 'GET') return
  yield await ask(withMore('nothing=such'), 'application/json')
  for (const name of ['number', 'q', 'digits', 'text', 'after'].filter((one) => takes(route, one)))
    for (const value of ['17406', '+46701740682', '070-174 06 87', 'x'])
      yield await ask(withMore(`${name}=${encodeURIComponent(value)}`), 'application/json')
  if (!takes(route, 'limit')) return
  let after = ''
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await ask(withMore(`limit=1${after}`), 'application/json')
    yield answer
    const next = nextOf(answer)
    if (next === null) return
    after = `&after=${encodeURIComponent(next)}`
  }
}

/** What is typed comes back as it was typed, to who typed it. */
const typed = (text: string, { numbersWhole }: Route): string =>
  numbersWhole === true ? text.replaceAll(/\+46701740682|070-174 06 87|46701740687|0701740687/g, '') : text

const reading = signedIn.filter(({ method }) => method === 'GET')
describe('every route that is read', () => {
  test.each(reading.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    for (const who of masked)
      for (const ids of [world.ids, { ...world.ids, campaign: 'autumn' }, {}])
        for await (const answer of answersTo(who, route, ids))
          expect([who, answer.status, leaks(typed(sentIn(answer), route))]).toEqual([who, answer.status, []])
  })

  test('and what was planted is there to be found: whoever sees numbers whole is sent it, by each of these and in each form', async () => {
    const found = new Map<string, number>()
    for (const route of reading.filter((one) => mayCall(one, 'admin')))
      for await (const answer of answersTo('admin', route, world.ids)) {
        const as = String(answer.headers['content-type'] ?? '').split(';')[0]
        if (answer.status === 200 && leaks(typed(sentIn(answer), route)).length > 0) found.set(`${nameOf(route)} ${as}`, 1)
      }
    expect([...found.keys()].sort()).toEqual(
      [
        ...['GET /calls', 'GET /campaigns/:id/contacts'].flatMap((name) => [
          `${name} application/json`,
          `${name} application/x-ndjson`,
          `${name} text/csv`,
        ]),
        ...[
          'GET /agents',
          'GET /callbacks',
          'GET /callbacks/:id',
          'GET /calls/:id',
          'GET /campaigns/:id/contacts/:contactId',
          'GET /do-not-call',
          'GET /queues',
          'GET /queues/:id',
        ].map((name) => `${name} application/json`),
        'GET /campaigns/:id/imports/:importId/faults text/csv',
      ].sort(),
    )
  })
})

test('the stream, while all of this is done, and to a page that comes back', async () => {
  const { bed } = world
  const pages = await Promise.all(masked.map((who) => listen(bed, who)))
  await Promise.all(pages.map((page) => page.first(({ type }) => type === 'snapshot')))
  for (const route of signedIn.filter(({ method }) => method !== 'GET'))
    for (const who of masked.filter((one) => mayCall(route, one)))
      for await (const answer of answersTo(who, route, world.ids))
        expect([nameOf(route), who, leaks(sentIn(answer))]).toEqual([nameOf(route), who, []])
  bed.network.call('+46701740684', '+46846500401')
  await bed.settled()
  const all = pages[masked.indexOf('lena')]
  const types = ['snapshot', 'queue', 'agent', 'call', 'campaign', 'tick'] satisfies StreamMessage['type'][]
  for (const wanted of types) await all?.first(({ type }) => type === wanted)
  const again = await Promise.all(
    masked.map(async (who, index) => {
      const first = pages[index]?.heard[0]
      return listen(bed, who, { 'last-event-id': String(first?.seq ?? 0) })
    }),
  )
  await Promise.all(again.map((page) => page.first(({ type }) => type === 'tick')))
  for (const page of [...pages, ...again]) expect(page.heard.flatMap((message) => leaks(JSON.stringify(message)))).toEqual([])
  expect(JSON.stringify(all?.heard)).toContain('+46•••••••8')
  for (const page of [...pages, ...again]) page.close()
}, 120_000)
