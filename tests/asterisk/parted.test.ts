/**
 * Two who talk, and whom a real Asterisk parts or joins behind our back: a join lost on its way looks the same. They hear each other again
 * within ten seconds, and what is told of the call is what it was (calls.md 7). By tones.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Call, CallPage } from '#wire/calls.ts'
import { lineOf, type Office, openOffice, patiently, talk } from './campaigns.ts'
import { askSwitch, noAsterisk, ours } from './network.ts'
import type { Line, Outgoing } from './people.ts'
import { until } from './until.ts'

const suite = 'who is parted by a real Asterisk itself'
const customer = '+46701740605'
/** The switch is asked every four seconds, and what it has otherwise twice is put right. */
const HEALED_MS_MAX = 10_000
/** No longer is anything said that was on its way. */
const QUIET_MS_MAX = 2_000

describe.skipIf(noAsterisk(suite))(suite, () => {
  let office: Office
  let caller: Outgoing
  let agent: Line
  let call: Call

  beforeAll(async () => {
    office = await openOffice({ anna: 'x' }, { numbers: { [ours]: { queue: 'support' } }, queues: { support: { wrapUpSeconds: 0 } } })
    office.site.people.does('anna', { answersAfterMs: 100 })
    await office.serve()
    await office.state('anna', 'loggedOn')
  }, 120_000)
  afterAll(() => office.close())

  const newest = async (): Promise<Call | undefined> => (await office.boss<CallPage>('GET', '/calls?limit=1')).items[0]
  const facts = async (): Promise<unknown> => office.boss('GET', `/calls/${call.id}/facts`)
  const bridge = (): string => `/bridges/${call.id}-main`
  const channel = (party: 'customer' | 'agent'): string => call.legs.find((leg) => leg.party === party)?.id ?? ''
  const ask = (method: 'POST' | 'DELETE', path: string) => askSwitch(office.site.instance, method, path)
  const apart = () =>
    until('neither hears the other', () => [caller.line, agent].every(({ speech }) => speech.ear().tones.length === 0), QUIET_MS_MAX)

  beforeEach(async () => {
    caller = await office.site.people.call(customer, ours)
    agent = await until('they hear each other', () => {
      const line = lineOf(office.site.people, 'anna', 'up')
      return line !== undefined && talk(caller.line, line) && line
    })
    call = await patiently('the archive has their conversation', async () => {
      const found = await newest()
      return found?.events.at(-1)?.kind === 'conversation' && found.endedAt === null ? found : undefined
    })
  })
  afterEach(async () => {
    caller.hangUp()
    await patiently('anna is free', async () => (await office.agent('anna')).state === 'ready')
  })

  test.each([
    ['the customer is taken out of the bridge', () => ask('POST', `${bridge()}/removeChannel?channel=${channel('customer')}`)],
    ['the agent is taken out of the bridge', () => ask('POST', `${bridge()}/removeChannel?channel=${channel('agent')}`)],
    ['the bridge is taken down around them', () => ask('DELETE', bridge())],
  ])('%s: they hear each other again, and nothing is told of it', async (_, part) => {
    const [told, known] = [await newest(), await facts()]
    await part()
    const partedAt = performance.now()
    await apart()
    await until('they hear each other again', () => talk(caller.line, agent), HEALED_MS_MAX)
    process.stdout.write(`parted by the switch: joined again after ${Math.round(performance.now() - partedAt)} ms\n`)
    expect(await facts()).toEqual(known)
    expect(await newest()).toEqual(told)
    expect(await office.alarms()).toEqual([])
  })

  test('who is on hold, and is joined with the agent: he hears music again, and nobody hears him', async () => {
    await office.asAgent('anna', `/calls/${call.id}/hold`)
    await until('he hears music', () => caller.line.speech.ear().music)
    const known = await patiently('the hold is told', async () => {
      const lines = JSON.stringify(await facts())
      return lines.includes('leg.held') && lines
    })
    await ask('DELETE', `/channels/${channel('customer')}/moh`)
    await ask('POST', `${bridge()}?type=mixing`)
    for (const party of ['customer', 'agent'] as const) await ask('POST', `${bridge()}/addChannel?channel=${channel(party)}`)
    const joinedAt = performance.now()
    await until('they hear each other', () => talk(caller.line, agent), QUIET_MS_MAX)
    await until('he hears music again', () => caller.line.speech.ear().music && agent.speech.ear().tones.length === 0, HEALED_MS_MAX)
    process.stdout.write(`joined by the switch: parted again after ${Math.round(performance.now() - joinedAt)} ms\n`)
    expect(JSON.stringify(await facts())).toBe(known)
    await office.asAgent('anna', `/calls/${call.id}/resume`)
    await until('they talk on', () => talk(caller.line, agent))
  })
})
