/**
 * Asterisk is killed amid everything and comes back: a conversation, a caller who waits, a callback between two attempts, a contact being
 * rung. Lines that were up are lost by nature; states, stories, callbacks and campaigns come out right, and calls flow again within five
 * seconds of its being back. What phones did goes by the network's own log.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, CallPage } from '#wire/calls.ts'
import { lineOf, msOf, type Office, openOffice, patiently, talk } from './campaigns.ts'
import { noAsterisk, ours } from './network.ts'
import { until } from './until.ts'

const suite = 'a killed Asterisk'
const talker = '+46701740605'
const waiter = '+46701740606'
const promised = '+46701740607'
const contact = '+46701740608'
const later = '+46701740609'
/** calls flow again so soon after it is back. */
const FLOWS_MS = 5_000

describe.skipIf(noAsterisk(suite))(suite, () => {
  let office: Office

  beforeAll(async () => {
    const queues = { support: { skill: 'x', callback: { attempts: 2, pauseSeconds: 30, ringSeconds: 15 } } }
    office = await openOffice({ anna: 'x', bo: 'x', dora: 'spring' }, { numbers: { [ours]: { queue: 'support' } }, queues })
    for (const agent of ['anna', 'bo', 'dora']) office.site.people.does(agent, { answersAfterMs: 100 })
    await office.serve()
    for (const agent of ['anna', 'bo', 'dora']) await office.state(agent, 'loggedOn')
  }, 120_000)
  afterAll(() => office.close())

  const people = () => office.site.people
  const callOf = async (number: string): Promise<Call | undefined> => {
    const { items } = await office.boss<CallPage>('GET', '/calls?limit=200')
    return items.find(({ callerNumber }) => callerNumber === number)
  }
  const over = (number: string): Promise<Call> =>
    patiently(`the call of ${number} is over`, async () => {
      const call = await callOf(number)
      return call?.endedAt == null ? undefined : call
    })
  const lastKind = (number: string, kind: string): Promise<unknown> =>
    patiently(`${number} is in ${kind}`, async () => (await callOf(number))?.events.at(-1)?.kind === kind)
  const rung = (number: string): number => people().rung.get(number) ?? 0

  test('everything that goes on when it dies ends as it should, and calls flow again within five seconds', async () => {
    // The first attempt of a callback is busy; the second would be half a minute later.
    people().does(promised, { busy: true })
    await office.state('dora', 'paused')
    await office.state('anna', 'paused')
    await office.boss('POST', '/callbacks', { queueId: 'support', number: promised })
    await until('the first attempt is made', () => rung(promised) === 1)
    await patiently('bo is ready again', async () => (await office.agent('bo')).state === 'ready')
    people().does(promised, { answersAfterMs: 300, talksMs: 2_000 })
    await office.state('bo', 'paused')
    // Anna talks, and the next caller waits: nobody is left.
    await office.state('anna', 'ready')
    const talking = await people().call(talker, ours)
    const annas = await until('anna and the caller hear each other', () => {
      const line = lineOf(people(), 'anna', 'up')
      return line !== undefined && talk(talking.line, line) && line
    })
    const waiting = await people().call(waiter, ours)
    await lastKind(waiter, 'queue')
    await until('he hears music', () => waiting.line.speech.ear().music)
    // A contact is rung.
    people().does(contact, { neverAnswers: true })
    await office.state('dora', 'ready')
    const held = await office.campaign('spring', { mode: 'progressive' }, [contact])
    await held.start()
    await until('the contact rings', () => lineOf(people(), contact, 'ringing'))
    await patiently('the archive has it', async () => (await held.calls()).find(({ legs }) => legs.at(-1)?.ringingAt != null))

    const killedAt = Date.now()
    await office.site.restart()
    const backAt = Date.now()
    people().does(contact, { answersAfterMs: 500, talksMs: 2_000 })
    const next = await people().call(later, ours)
    await until('a new call is answered', () => next.line.state === 'up')
    const flowsMs = Date.now() - backAt
    process.stdout.write(`a killed Asterisk: away ${backAt - killedAt} ms, a new call answered ${flowsMs} ms after it was back\n`)
    expect(flowsMs).toBeLessThan(FLOWS_MS)

    // Their telephones know nothing of it: what they were on is gone all the same.
    expect([annas.state, talking.line.state, waiting.line.state]).toEqual(['up', 'up', 'up'])
    const [talked, waited] = [await over(talker), await over(waiter)]
    expect([talked.result, talked.events.map(({ kind }) => kind)]).toEqual(['answered', ['queue', 'conversation']])
    expect(waited.events.map(({ kind }) => kind)).toEqual(['queue'])
    expect(waited.result).not.toBe('answered')
    for (const call of [talked, waited]) {
      expect(call.legs.every(({ reconciled, outcome }) => reconciled === true || outcome !== 'answered')).toBe(true)
      expect(msOf(call.endedAt) - backAt).toBeLessThan(FLOWS_MS)
    }

    // Anna is free for whoever called since, and the callback goes on with its second attempt.
    await lastKind(later, 'conversation')
    await office.state('bo', 'ready')
    const kept = await over(promised)
    expect([kept.result, rung(promised)]).toEqual(['callbackReached', 2])
    expect(people().rung.get('anna')).toBe(2)
    next.hangUp()
    await over(later)

    // The contact's try is not counted, for nobody knows what came of it; the next is.
    const settled = await until(
      'the contact is reached',
      async () => (await held.contacts()).find(({ state }) => state === 'reached'),
      90_000,
      150,
    )
    expect(settled).toMatchObject({ tries: 1, outcome: 'answered' })
    expect(rung(contact)).toBe(2)
    const calls = await held.calls()
    expect(calls.map(({ result }) => result).at(-1)).toBe('answered')
    await patiently('every agent is ready', async () => {
      const states = await Promise.all(['anna', 'bo', 'dora'].map(async (id) => (await office.agent(id)).state))
      return states.every((state) => state === 'ready')
    })
    expect(await office.alarms()).not.toContain('switch')
    process.stdout.write(`talker ${talked.result}, waiter ${waited.result}, contact ${calls.map(({ result }) => result).join(' then ')}\n`)
  })
})
