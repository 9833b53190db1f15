/** One person by number over the API: found, copied, erased; with a call and a callback under way; and nobody else of the same call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Call } from '#wire/calls.ts'
import { PersonCopy, PersonErased, PersonSummary } from '#wire/persons.ts'
import { Ordered } from '#wire/requests.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'

const SUPPORT = '+46846500400'
const CALLER = '+46701740661'
const ORDERING = '+46701740662'
const ERASED_SOON = '+46701740665'
const TALKING = '+46701740663'
let bed: Bed
beforeAll(async () => {
  bed = await openBed()
  // Somebody is logged on, so that callers wait.
  await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
  await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'lunch' })
})
afterAll(() => bed.close())

const find = (number: string) => bed.ask('admin', 'POST', 'persons/find', { number })
const erase = (number: string) => bed.ask('admin', 'POST', 'persons/erase', { number })
const personWith = (number: string) => bed.store.byNumber.get(number)
/** No fact tells of it: it is looked for again and again. */
const gone = (number: string) => expect.poll(() => personWith(number), { timeout: 10_000 }).toBeUndefined()
/** A call that came in and was hung up while waiting. */
async function abandoned(number: string): Promise<string> {
  const before = bed.many('call.ended')
  const line = bed.network.call(number, SUPPORT)
  const entry = await bed.until(() => bed.engine.queue('support')?.entries.find(({ person }) => person === personWith(number)))
  line?.hangUp()
  await bed.until(() => bed.many('call.ended') > before)
  await bed.settled()
  return entry.callId
}

describe('a person nothing is under way with', () => {
  test('is found in any spelling, and erased at once: the call stays whole, without the number', async () => {
    const callId = await abandoned(CALLER)
    await bed.directory.create({ name: 'Kim', company: null, numbers: [{ number: CALLER, label: null }], fields: {} }, { id: 'kim', at: 1 })
    await bed.ask('maja', 'POST', 'do-not-call', { number: CALLER, campaignId: null, reason: 'asked' })
    const found = (await find('070-174 06 61')).as(PersonSummary)
    expect(found).toMatchObject({ number: CALLER, calls: 1, open: 0, callbacks: 0, directory: 1, listings: 1, refused: null })
    const before = (await bed.ask('admin', 'GET', `calls/${callId}`)).as(Call)
    const facts = JSON.stringify(bed.store.facts)
    const erased = (await erase('0701740661')).as(PersonErased)
    expect(erased).toMatchObject({ status: 'erased', calls: 1, open: 0, withdrawn: 0, listings: 1, directoryRemoved: 1 })
    expect(JSON.stringify(bed.store.facts)).toBe(facts)
    const after = (await bed.ask('admin', 'GET', `calls/${callId}`)).as(Call)
    const leg = before.legs.map((one) => (one.number === CALLER ? { ...one, number: null, erased: true } : one))
    expect(after).toEqual({ ...before, callerNumber: null, erased: true, from: null, legs: leg })
    expect(personWith(CALLER)).toBeUndefined()
    expect((await find(CALLER)).as(PersonSummary)).toMatchObject({ calls: 0, directory: 0, name: null })
    expect((await bed.ask('admin', 'POST', 'persons/copy', { number: CALLER })).code).toBe('person.unknown')
  })

  test('who calls again is somebody new while the call lasts, and is erased when it ends', async () => {
    const facts = bed.store.facts.length
    const callId = await abandoned(CALLER)
    await gone(CALLER)
    expect((await bed.ask('admin', 'GET', `calls/${callId}`)).json).toMatchObject({ callerNumber: null, erased: true, result: 'abandoned' })
    expect(bed.store.facts.length).toBeGreaterThan(facts)
  })
})

test('a page that comes back after an erasure is given a snapshot, and none of what was kept of the person', async () => {
  const [staying, leaving] = [await listen(bed, 'lena'), await listen(bed, 'sara')]
  const { seq } = await staying.first(({ type }) => type === 'snapshot')
  await leaving.first(({ type }) => type === 'snapshot')
  leaving.close()
  await abandoned(ERASED_SOON)
  const told = await staying.first((message) => message.type === 'call' && message.call.result === 'abandoned')
  expect(JSON.stringify(told)).toContain(ERASED_SOON)
  await erase(ERASED_SOON)
  const back = await listen(bed, 'lena', { 'last-event-id': String(seq) })
  await back.first(({ type }) => type === 'tick')
  expect(back.heard[0]?.type).toBe('snapshot')
  expect(JSON.stringify(back.heard)).not.toContain(ERASED_SOON)
  for (const page of [staying, back]) page.close()
})

describe('a person something is under way with', () => {
  test('an open callback is withdrawn, by the customer', async () => {
    const ordered = (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: ORDERING, name: 'Robin' })).as(Ordered)
    expect((await find(ORDERING)).as(PersonSummary)).toMatchObject({ name: 'Robin', open: 1, callbacks: 1 })
    expect((await erase(ORDERING)).as(PersonErased)).toMatchObject({ withdrawn: 1 })
    await gone(ORDERING)
    const call = (await bed.ask('admin', 'GET', `calls/${ordered.callId}`)).as(Call)
    expect(call).toMatchObject({ callerNumber: null, erased: true })
    expect(call.events.at(-1)).toMatchObject({ kind: 'deleted', by: 'customer', reason: 'customer' })
    expect(JSON.stringify([...bed.store.persons.values()])).not.toContain('Robin')
  })

  test('a call goes on, with its number, and the answer says so; when it ends the number goes', async () => {
    const line = bed.network.call(TALKING, SUPPORT)
    const entry = await bed.until(() => bed.engine.queue('support')?.entries.find(({ person }) => person === personWith(TALKING)))
    expect((await erase(TALKING)).as(PersonErased)).toMatchObject({ status: 'whenOver', open: 1 })
    expect(bed.engine.queue('support')?.entries.some(({ callId }) => callId === entry.callId)).toBe(true)
    expect(personWith(TALKING)).toBeDefined()
    line?.hangUp()
    await gone(TALKING)
    await bed.settled()
    expect((await bed.ask('admin', 'GET', `calls/${entry.callId}`)).json).toMatchObject({ callerNumber: null, erased: true })
  })
})

describe('a copy for the person it is about', () => {
  const ASKED = '+46701740664'
  test('holds their calls, and who looked at them; of others in the call nothing', async () => {
    await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'ready' })
    const line = bed.network.call(CALLER, SUPPORT)
    const matter = await bed.until(() => bed.engine.agent('anna')?.matter)
    await bed.ask('anna', 'POST', `calls/${matter.callId}/answer`)
    await bed.until(() => bed.engine.agent('anna')?.matter?.phase === 'talking')
    await bed.ask('anna', 'POST', `calls/${matter.callId}/consult`, { to: ASKED })
    await bed.until(() => personWith(ASKED))
    await bed.ask('lena', 'GET', `calls/${matter.callId}`)
    const asked = await bed.ask('admin', 'POST', 'persons/copy', { number: ASKED })
    expect(bed.audit.rows.at(-1)).toMatchObject({
      what: 'person.copied',
      on: [{ kind: 'person', id: personWith(ASKED) }],
      details: { calls: 1, contacts: 0, directory: 0 },
    })
    expect(asked.as(PersonCopy).calls).toMatchObject([{ id: matter.callId, part: 'called', waitMs: null, queues: [] }])
    expect(asked.as(PersonCopy).calls[0]?.legs).toHaveLength(1)
    expect(asked.as(PersonCopy).calls[0]?.looks).toMatchObject([{ what: 'call.read', by: 'user' }])
    expect(asked.text).not.toContain(CALLER.slice(3))
    expect(asked.text).not.toContain('Anna')
    const caller = await bed.ask('admin', 'POST', 'persons/copy', { number: CALLER })
    expect(caller.as(PersonCopy).calls).toMatchObject([{ id: matter.callId, part: 'customer', queues: ['Support'] }])
    expect(caller.text).not.toContain(ASKED.slice(3))
    line?.hangUp()
    await gone(CALLER)
  })
})

describe('what is refused', () => {
  test.each([
    ['hej', 422, 'number.invalid'],
    ['112', 422, 'person.emergency'],
    [SUPPORT, 409, 'person.ourNumber'],
  ])('%s', async (number, status, code) => {
    const answer = await erase(number)
    expect([answer.status, answer.code]).toEqual([status, code])
  })

  test('the audit log tells each deed, and names nobody', async () => {
    const { rows } = await bed.audit.search({ what: 'person', before: null, limit: 100 })
    expect(new Set(rows.map(({ what, outcome }) => `${what} ${outcome}`))).toEqual(
      new Set([
        'person.found done',
        'person.erased done',
        'person.copied done',
        'person.copied person.unknown',
        'person.erased number.invalid',
        'person.erased person.emergency',
        'person.erased person.ourNumber',
      ]),
    )
    expect(JSON.stringify(rows)).not.toMatch(/70174|46500400/)
  })
})
