/** The short form of `npm run fuzz`: every route a few times, on one world. */
import { expect, test } from 'vitest'
import { fuzzHttp } from './fuzz/http.ts'
import { fuzzPhone } from './fuzz/phone.ts'
import { fuzzRaces } from './fuzz/races.ts'
import { fuzzReader } from './fuzz/readers.ts'
import { surfaces } from './fuzz/surfaces.ts'
import { Tally } from './fuzz/tally.ts'

test('every route answers bad requests as the document says, and tells nobody what is not his', async () => {
  const tally = new Tally()
  await fuzzHttp({ seed: 'check', from: 0, requests: 400, tally, progress: () => undefined })
  expect(tally.faults).toEqual([])
  expect(tally.requests).toBe(400)
  // Not the edge alone was asked: much was let through, and done.
  const codes = tally.names().flatMap((name) => [...tally.codesOf(name).keys()])
  for (const code of ['200', '204', 'request.invalid', 'request.malformed', 'session.notAllowed', 'campaign.unknown'])
    expect(codes).toContain(code)
})

test.each(Object.entries(surfaces))('%s is read however bad, and what is wrong is said with its place', async (name, reader) => {
  const tally = new Tally()
  await fuzzReader(name, reader, { seed: 'check', from: 0, times: 150, tally })
  expect(tally.faults).toEqual([])
  expect(tally.codesOf(name).size).toBeGreaterThan(1)
})

test('a telephone of a browser that says what none says is ended with a reason, and nothing is left of it', async () => {
  const tally = new Tally()
  await fuzzPhone({ seed: 'check', from: 0, times: 80, tally })
  expect(tally.faults).toEqual([])
  for (const code of ['session.required', 'phone.handshake', 'gone']) expect([...tally.codesOf('phone').keys()]).toContain(code)
  // Nearly everything there is to do was done.
  expect(tally.codesOf('phone').size).toBeGreaterThan(20)
})

test('of two requests in one instant one is done, and the other told why not', async () => {
  const tally = new Tally()
  await fuzzRaces({ seed: 'check', from: 0, times: 42, tally })
  expect(tally.faults).toEqual([])
  expect(tally.names().length).toBeGreaterThan(20)
})
