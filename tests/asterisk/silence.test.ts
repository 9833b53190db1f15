/**
 * Lines that die without a word on a real Asterisk: no sound for a minute (calls.md 7), or nobody there any more to confirm the session
 * (RFC 4028). The whole product from the telephone to the archive; what is talked and heard goes by tones.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, CallPage } from '#wire/calls.ts'
import { lineOf, msOf, type Office, openOffice, patiently, talk } from './campaigns.ts'
import { noAsterisk, ours } from './network.ts'
import type { Outgoing } from './people.ts'
import { until } from './until.ts'

const suite = 'lines that die without a word, on a real Asterisk'
const MINUTE = 60_000

describe.skipIf(noAsterisk(suite))(suite, () => {
  let office: Office
  const silent = '+46701740605'
  const steady = '+46701740606'
  const unconfirmed = '+46701740607'

  beforeAll(async () => {
    office = await openOffice({ anna: 'x', bo: 'x', cilla: 'x' }, { numbers: { [ours]: { queue: 'support' } }, queues: { support: {} } })
    for (const agent of ['anna', 'bo', 'cilla']) office.site.people.does(agent, { answersAfterMs: 100 })
    await office.serve()
    for (const agent of ['anna', 'bo', 'cilla']) await office.state(agent, 'loggedOn')
  }, 120_000)
  afterAll(() => office.close())

  const callOf = async (number: string): Promise<Call | undefined> => {
    const { items } = await office.boss<CallPage>('GET', '/calls?limit=200')
    return items.find(({ callerNumber }) => callerNumber === number)
  }
  const over = (number: string): Promise<Call> =>
    until(
      `the call of ${number} is over`,
      async () => {
        const call = await callOf(number)
        return call?.endedAt == null ? undefined : call
      },
      2 * MINUTE,
      150,
    )
  /** Comes in, and talks with an agent: whose line that is. */
  const talks = async (number: string, timer: { readonly sessionSeconds?: number } = {}) => {
    const call: Outgoing = await office.site.people.call(number, ours, false, timer)
    const agent = await until(`${number} talks with an agent`, () =>
      ['anna', 'bo', 'cilla'].find((id) => {
        const line = lineOf(office.site.people, id, 'up')
        return line !== undefined && talk(call.line, line)
      }),
    )
    return { call, agent }
  }
  const conversation = (call: Call) => call.events.find(({ kind }) => kind === 'conversation')

  test('no sound for a minute: ended as lost, with no talk after the last sound; who goes on speaking talks on', async () => {
    const one = await talks(silent)
    const other = await talks(steady)
    const quietAt = Date.now()
    one.call.line.speech.rest()
    const call = await over(silent)
    const learntMs = Date.now() - quietAt
    process.stdout.write(
      `no sound: ended ${learntMs} ms after the last, and the conversation ${msOf(conversation(call)?.endedAt) - quietAt} ms after it\n`,
    )
    expect(learntMs).toBeGreaterThan(MINUTE - 2_000)
    expect(learntMs).toBeLessThan(MINUTE + 5_000)
    expect(Math.abs(msOf(conversation(call)?.endedAt) - quietAt)).toBeLessThan(1_500)
    expect(conversation(call)?.learntAt).toBeDefined()
    expect(call.result).toBe('answered')
    const customer = call.legs.find(({ party }) => party === 'customer')
    expect(customer).toMatchObject({ reconciled: true })
    await patiently('the agent is free', async () => (await office.agent(one.agent)).state === 'ready')
    const line = lineOf(office.site.people, other.agent, 'up')
    expect(line !== undefined && talk(other.call.line, line)).toBe(true)
    other.call.hangUp()
    const steadyCall = await over(steady)
    expect(steadyCall.legs.every(({ reconciled }) => reconciled === undefined)).toBe(true)
  })

  test('the far end confirms its session no more, though sound still comes: ended as lost', async () => {
    const { call: line, agent } = await talks(unconfirmed, { sessionSeconds: 90 })
    const began = Date.now()
    const call = await over(unconfirmed)
    process.stdout.write(`no confirmation of a session of 90 s: ended after ${Date.now() - began} ms\n`)
    expect(Date.now() - began).toBeGreaterThan(30_000)
    expect(Date.now() - began).toBeLessThan(100_000)
    expect(line.line.state).toBe('over')
    expect(call.legs.find(({ party }) => party === 'customer')).toMatchObject({ reconciled: true })
    await patiently('the agent is free', async () => (await office.agent(agent)).state === 'ready')
  })
})
