/** Instants of requests: what the form of RFC 3339 allows and no clock knows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bed, openBed } from './http/bed.ts'
import { makeCampaign } from './http/lists.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

test('an instant that is none is refused wherever one may be given', async () => {
  await makeCampaign(bed, { id: 'leap', name: 'Leap' })
  const leap = '2099-06-30T23:59:60Z'
  const asked = [
    bed.ask('maja', 'POST', 'campaigns/leap/schedule', { startsAt: leap }),
    bed.ask('maja', 'POST', 'do-not-call', { number: '+46701740697', until: leap }),
    bed.ask('admin', 'POST', 'tokens', { name: 'T', scopes: ['calls.read'], endsAt: leap }),
    bed.ask('lena', 'GET', `calls?from=${leap}`),
    bed.ask('admin', 'GET', `audit?to=${leap}`),
  ]
  expect((await Promise.all(asked)).map(({ code }) => code)).toEqual(asked.map(() => 'request.invalid'))
  expect((await bed.ask('maja', 'POST', 'campaigns/leap/schedule', { startsAt: '2099-06-30t23:59:59.5+02:00' })).status).toBe(200)
  expect((await bed.ask('lena', 'GET', 'queues')).status).toBe(200)
})
