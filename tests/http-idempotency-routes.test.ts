/**
 * The same key again is answered as it was, to the byte, by every POST there is: from the list of routes, so that a new one cannot be
 * forgotten. What shows a secret, or how things stand now, is told apart by name.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takesKey } from '#adapters/http/openapi.ts'
import type { Route } from '#adapters/http/route.ts'
import { routes } from '#adapters/http/server.ts'
import { nameOf, requestOf } from './enforcement/requests.ts'
import { openWorld, type PersonName, people, type World } from './enforcement/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
}, 60_000)
afterAll(() => world.bed.close())

/** Without what only computes: it is put again. */
const keyed = routes.filter((route) => takesKey(route) && route.roles !== null && !('nothing' in route.audit))
/** A secret is shown once: the second answer is a refusal that says how to come by another. */
const SHOWN_ONCE: Readonly<Record<string, string>> = {
  'POST /users': 'user.made',
  'POST /users/:id/password': 'user.made',
  'POST /tokens': 'token.made',
}
/** With figures of this instant. */
const PRESENT = ['POST /campaigns/:id/start']
/** What the world of these tests lets somebody do; of the others each refuses, for how things stand. */
const DONE = `
  /callbacks /callbacks/:id/call-now /calls/:id/hangup /campaigns /campaigns/:id/imports/:importId/confirm /campaigns/:id/pause
  /campaigns/:id/schedule /campaigns/:id/start /campaigns/:id/stop /contacts /contacts/import /do-not-call /persons/erase /persons/find
  /tokens /users /users/:id/disable /users/:id/enable /users/:id/password /users/:id/sign-out`
const done = new Set<string>()

async function twice(who: PersonName, route: Route) {
  const { url, body, headers } = requestOf(route, world.ids)
  const ask = () =>
    world.bed.ask(who, 'POST', url.replace('dryRun=true', 'dryRun=false'), body, {
      ...headers,
      'idempotency-key': `${who} ${nameOf(route)}`,
    })
  return [await ask(), await ask()] as const
}

describe('asked for twice under one key', () => {
  test.each(keyed.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    for (const who of people) {
      const [first, again] = await twice(who, route)
      if (first.status < 300) done.add(route.path)
      if (first.status < 300 && name in SHOWN_ONCE) expect([again.status, again.code]).toEqual([409, SHOWN_ONCE[name]])
      else
        expect([who, again.status, PRESENT.includes(name) ? '' : again.text]).toEqual([
          who,
          first.status,
          PRESENT.includes(name) ? '' : first.text,
        ])
    }
  })
  test('and those that could be done at all were', () => {
    expect([...done].sort()).toEqual(DONE.trim().split(/\s+/))
  })
})
