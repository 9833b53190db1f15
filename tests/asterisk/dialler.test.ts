/**
 * The dialler on a real Asterisk, the whole product from its API to the network: the stories of archive.md 3.4 by kinds, order,
 * result and label, what becomes of each contact, who hears whom by tone, and every instant beside the network's own log. Each story
 * has a campaign, an agent and a number of its own, so that they run side by side; what stops the program, or needs all of it, comes after.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, FactLine } from '#wire/calls.ts'
import type { DoNotCallRow } from '#wire/contacts.ts'
import { type Boundary, boundaries, tooFar } from './boundaries.ts'
import { type Held, lineOf, msOf, networkLines, type Office, openOffice, patiently, shape, talk, told } from './campaigns.ts'
import { noAsterisk, sipCalls } from './network.ts'
import type { Deed, Line } from './people.ts'
import { until } from './until.ts'

const suite = 'the dialler on a real Asterisk'
/** Agents by the campaign they serve; `crew` for the many contacts at the end. */
const one = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd10', 'busy', 'unused', 'fails', 'nine', 'early', 'restart', 'away']
const skills: Readonly<Record<string, string>> = {
  ...Object.fromEntries(one.map((id) => [id, id])),
  d9a: 'd9',
  d9b: 'd9',
  ...Object.fromEntries(['c1', 'c2', 'c3', 'c4', 'c5'].map((id) => [id, 'crew'])),
}
let next = 605
/** A number nobody has (those set aside for stories), and what whoever has it does. */
const numbers = (office: Office, deed: Deed): string => {
  const number = `+46701740${next++}`
  office.site.people.does(number, deed)
  return number
}
const LABEL = '1 unanswered call done'
const ANSWERED = 'queue queueCallback conversation'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let office: Office
  const compared: Boundary[] = []

  beforeAll(async () => {
    office = await openOffice(skills)
    for (const id of Object.keys(skills)) office.site.people.does(id, { answersAfterMs: 300 })
    await office.serve()
    for (const id of Object.keys(skills)) await office.state(id, 'loggedOn')
  }, 120_000)
  afterAll(() => office.close())

  const people = () => office.site.people
  const preview = (id: string, number: string): Promise<Held> => office.campaign(id, { mode: 'preview' }, [number])
  const progressive = (id: string, number: string, settings = {}): Promise<Held> =>
    office.campaign(id, { mode: 'progressive', ...settings }, [number])
  const rings = (user: string): Promise<Line> => until(`${user} rings`, () => lineOf(people(), user, 'ringing'), 40_000)
  const answers = (user: string): Promise<Line> => until(`${user} is on the line`, () => lineOf(people(), user, 'up'), 40_000)
  const card = (id: string): Promise<string> => patiently(`${id} sees a card`, async () => (await office.agent(id)).card?.callId)
  const isWaiting = (held: Held): Promise<Call> =>
    patiently('a contact waits', async () => (await held.calls()).find(({ events }) => events.at(-1)?.kind === 'queueCallback'))
  /** The archive has it, so that a program started again knows when it began. */
  const isRinging = (held: Held): Promise<Call> =>
    patiently('a contact rings', async () => (await held.calls()).find(({ legs }) => legs.at(-1)?.ringingAt != null))
  const hear = async (number: string, agent: string): Promise<void> => {
    const [customer, own] = [await answers(number), await answers(agent)]
    await until(`${number} and ${agent} hear each other, and nothing else`, () => talk(customer, own))
  }
  /** Its call when it is over, kept for the comparison with the network. */
  const over = async (held: Held): Promise<Call> => {
    const call = await held.over()
    compared.push(...boundaries(call, networkLines(people())))
    return call
  }
  const within = (instant: string | undefined, from: number): void => {
    const late = msOf(instant) - from
    expect(late).toBeGreaterThanOrEqual(-5)
    expect(late).toBeLessThanOrEqual(400)
  }
  const agentsOf = (call: Call): readonly string[] => call.agents.map(({ id }) => id)

  describe.concurrent('its stories', () => {
    test('D1, Preview: the contact waits while the agent is busy; the card, Call, own phone, the contact answers', async () => {
      const number = numbers(office, { answersAfterMs: 1_500, talksMs: 4_000 })
      await office.state('d1', 'paused')
      const held = await preview('d1', number)
      await held.start()
      await isWaiting(held)
      expect((await office.agent('d1')).card ?? null).toBeNull()
      await office.state('d1', 'ready')
      const callId = await card('d1')
      expect(people().rung.get('d1')).toBeUndefined()
      await office.asAgent('d1', `/offers/${callId}/call`)
      await hear(number, 'd1')
      const call = await over(held)
      expect(shape(call)).toEqual(told('answered', ANSWERED, 'preview'))
      const own = call.legs.find(({ party }) => party === 'agent')
      expect(call.waitMs).toBe(msOf(own?.answeredAt) - msOf(call.startedAt))
      expect(agentsOf(call)).toEqual(['d1'])
      expect(await held.contact()).toMatchObject({ state: 'reached', tries: 1, outcome: 'answered', calls: [call.id] })
    })

    test('D2, Preview: Cancel on the card; nobody is rung, and never will be', async () => {
      const number = numbers(office, { answersAfterMs: 500 })
      const held = await preview('d2', number)
      await held.start()
      const callId = await card('d2')
      const cancelledAt = Date.now()
      await office.asAgent('d2', `/offers/${callId}/cancel`)
      const call = await over(held)
      expect(shape(call)).toEqual(told('deleted', 'queue queueCallback deleted', 'preview'))
      expect(call.events[2]).toMatchObject({ by: 'agent', reason: 'neverCallAgain' })
      within(call.events[2]?.startedAt, cancelledAt)
      expect(call.legs).toEqual([])
      expect(await held.contact()).toMatchObject({ state: 'neverCall', tries: 0 })
      expect(people().rung.get(number)).toBeUndefined()
    })

    test('D3, contact first: the contact answers, then the agent; they hear each other', async () => {
      const number = numbers(office, { answersAfterMs: 1_500, talksMs: 4_000 })
      const held = await progressive('d3', number)
      await held.start()
      await hear(number, 'd3')
      const call = await over(held)
      expect(shape(call)).toEqual(told('answered', ANSWERED, 'progressive'))
      const [customer, own] = ['customer', 'agent'].map((party) => call.legs.find((leg) => leg.party === party))
      expect(msOf(own?.requestedAt)).toBeGreaterThanOrEqual(msOf(customer?.answeredAt))
      expect(call.waitMs).toBe(msOf(own?.answeredAt) - msOf(customer?.answeredAt))
      expect(call.waitMs).toBeLessThan(1_000)
      expect(await held.contact()).toMatchObject({ state: 'reached', tries: 1, outcome: 'answered' })
    })

    test('D4, contact first: nobody answers in 15 s; no agent is rung', async () => {
      const number = numbers(office, { neverAnswers: true })
      const held = await progressive('d4', number)
      await held.start()
      const call = await over(held)
      expect(shape(call)).toEqual(told('unanswered', 'queue queueCallback', 'progressive', LABEL))
      expect(call.waitMs).toBeNull()
      const rungMs = msOf(call.endedAt) - msOf(call.startedAt)
      expect(rungMs).toBeGreaterThanOrEqual(15_000)
      expect(rungMs).toBeLessThan(15_400)
      const contact = await held.contact()
      expect(contact).toMatchObject({ state: 'paused', tries: 1, outcome: 'unanswered' })
      expect(msOf(contact.dueAt)).toBe(msOf(call.endedAt) + 86_400_000)
      expect(people().rung.get('d4')).toBeUndefined()
    })

    test('D5, a silent call: the agent’s ring is taken back at the limit, and the contact hears the message', async () => {
      const number = numbers(office, { answersAfterMs: 1_000 })
      people().does('d5', { neverAnswers: true })
      const held = await progressive('d5', number)
      await held.start()
      const line = await answers(number)
      const channel = await until(
        'the channel of that call',
        async () => [...(await sipCalls(office.site.instance))].find(([, sip]) => sip === line.callId)?.[0],
      )
      const call = await over(held)
      expect(shape(call)).toEqual(told('silent', 'queue queueCallback menu', 'progressive'))
      const [customer, own] = ['customer', 'agent'].map((party) => call.legs.find((leg) => leg.party === party))
      const late = msOf(call.events[2]?.startedAt) - msOf(customer?.answeredAt)
      expect(late).toBeGreaterThanOrEqual(2_000)
      expect(late).toBeLessThan(2_400)
      expect(call.events[2]?.menu?.id).toBe('campaign.silent')
      expect(own).toMatchObject({ outcome: 'withdrawn', answeredAt: null })
      expect(office.played.on(channel)).toEqual(['campaign.silent'])
      const during = line.speech.heard.filter(({ at }) => at > msOf(call.events[2]?.startedAt) + 500 && at < msOf(call.endedAt))
      expect(during.length).toBeGreaterThan(20)
      expect(during.filter(({ other }) => other).length).toBeGreaterThan(during.length / 2)
      expect(call.waitMs).toBe(late)
      expect(await held.contact()).toMatchObject({ state: 'paused', tries: 1, outcome: 'silent' })
      expect((await held.live()).today).toMatchObject({ answered: 1, silent: 1, silentWithMessage: 1, connected: 0 })
    })

    test('D6, a silent call with the message switched off: the agent has paused, pressed twice', async () => {
      const number = numbers(office, { answersAfterMs: 3_000 })
      const held = await progressive('d6', number, { silentMessage: { on: false, reason: 'agreed with the client' } })
      await held.start()
      await rings(number)
      await office.state('d6', 'paused')
      expect(await office.agent('d6')).toMatchObject({ state: 'ready', wish: { state: 'paused' } })
      await office.state('d6', 'paused')
      expect((await office.agent('d6')).state).toBe('paused')
      const call = await over(held)
      expect(shape(call)).toEqual(told('silent', 'queue queueCallback', 'progressive'))
      const silentMs = msOf(call.endedAt) - msOf(call.legs[0]?.answeredAt)
      expect(silentMs).toBeGreaterThanOrEqual(2_000)
      expect(silentMs).toBeLessThan(2_400)
      expect(people().rung.get('d6')).toBeUndefined()
      expect(await held.contact()).toMatchObject({ state: 'paused', tries: 1, outcome: 'silent' })
    })

    test('D7, Preview: the campaign is stopped while a contact waits', async () => {
      const number = numbers(office, { answersAfterMs: 500 })
      await office.state('d7', 'paused')
      const held = await preview('d7', number)
      await held.start()
      await isWaiting(held)
      const stoppedAt = Date.now()
      await held.stop()
      const call = await over(held)
      expect(shape(call)).toEqual(told('deleted', 'queue queueCallback deleted', 'preview'))
      expect(call.events[2]).toMatchObject({ by: 'campaign', reason: 'stopped' })
      within(call.events[2]?.startedAt, stoppedAt)
      expect(await held.contact()).toMatchObject({ state: 'waiting', tries: 0 })
      expect(people().rung.get(number)).toBeUndefined()
    })

    test('D8, Preview: called, and nobody answers in 15 s; tried again later', async () => {
      const number = numbers(office, { neverAnswers: true })
      const held = await preview('d8', number)
      await held.start()
      await office.asAgent('d8', `/offers/${await card('d8')}/call`)
      const call = await over(held)
      expect(shape(call)).toEqual(told('unanswered', 'queue queueCallback', 'preview', LABEL))
      expect(agentsOf(call)).toEqual(['d8'])
      expect(await held.contact()).toMatchObject({ state: 'paused', tries: 1, outcome: 'unanswered' })
    })

    test('D9, Preview: one agent rejects the card, the other calls', async () => {
      const number = numbers(office, { answersAfterMs: 1_000, talksMs: 4_000 })
      const held = await preview('d9', number)
      await held.start()
      const first = await Promise.race(['d9a', 'd9b'].map((id) => card(id).then(() => id)))
      const second = first === 'd9a' ? 'd9b' : 'd9a'
      await office.asAgent(first, `/offers/${await card(first)}/reject`)
      await office.asAgent(second, `/offers/${await card(second)}/call`)
      await hear(number, second)
      const call = await over(held)
      expect(shape(call)).toEqual(told('answered', ANSWERED, 'preview'))
      expect(agentsOf(call)).toEqual([second])
      expect(people().rung.get(first)).toBeUndefined()
      expect(await held.contact()).toMatchObject({ state: 'reached', tries: 1 })
    })

    test('D10, Preview: Cancel while the contact’s phone rings; never called again', async () => {
      const number = numbers(office, { neverAnswers: true })
      const held = await preview('d10', number)
      await held.start()
      const callId = await card('d10')
      await office.asAgent('d10', `/offers/${callId}/call`)
      await rings(number)
      await office.asAgent('d10', `/offers/${callId}/cancel`)
      const call = await over(held)
      expect(shape(call)).toEqual(told('deleted', 'queue queueCallback deleted', 'preview', LABEL))
      expect(call.events[2]).toMatchObject({ by: 'agent', reason: 'neverCallAgain' })
      expect(await held.contact()).toMatchObject({ state: 'neverCall', tries: 1 })
    })

    test.each<readonly [string, string, Deed, string, object]>([
      ['busy', 'busy', { busy: true }, 'busy', { state: 'paused', tries: 1, outcome: 'busy' }],
      ['not in use', 'unused', { notInUse: true }, 'notInUse', { state: 'notInUse', tries: 1, outcome: 'notInUse' }],
      ['503', 'fails', { refuses: '503 Service Unavailable' }, 'failed', { tries: 0, outcome: 'failed' }],
    ])('%s', async (_, id, deed, result, contact) => {
      const number = numbers(office, deed)
      const held = await progressive(id, number)
      await held.start()
      const call = await over(held)
      expect(shape(call)).toEqual(told(result, 'queue queueCallback', 'progressive', LABEL))
      expect(await held.contact()).toMatchObject(contact)
      expect(people().rung.get(id)).toBeUndefined()
      expect(people().rung.get(number)).toBe(1)
      if (result === 'failed') expect(await office.alarms()).toContain('trunk')
    })

    test('9 in the message of a silent call: on the list of those nobody calls, and called by no other campaign', async () => {
      const number = numbers(office, { answersAfterMs: 1_000 })
      people().does('nine', { neverAnswers: true })
      const other = await office.campaign('nine-again', { mode: 'progressive' }, [number], 'nine')
      const held = await progressive('nine', number)
      await held.start()
      const line = await answers(number)
      await until('the message is heard', () => line.speech.ear().music)
      await line.speech.press('9')
      const call = await over(held)
      expect(shape(call)).toEqual(told('silent', 'queue queueCallback menu', 'progressive'))
      expect(await held.contact()).toMatchObject({ state: 'neverCall', tries: 1, outcome: 'silent' })
      const { items } = await office.boss<{ readonly items: readonly DoNotCallRow[] }>('GET', `/do-not-call?digits=${number.slice(1)}`)
      expect(items).toMatchObject([{ number, campaignId: null, source: 'silentCall' }])
      await other.start()
      const { why } = await patiently('the other campaign has nobody to call', async () => {
        const live = await other.live()
        return live.why === 'listEmpty' || live.state === 'done' ? live : undefined
      })
      expect(['listEmpty', 'notRunning']).toContain(why)
      expect(await other.contact()).toMatchObject({ state: 'doNotCall', tries: 0 })
      expect(people().rung.get(number)).toBe(1)
    })

    test('the contact hangs up before the limit, with no agent there: silent, without a message', async () => {
      const number = numbers(office, { answersAfterMs: 1_000, talksMs: 1_000 })
      people().does('early', { neverAnswers: true })
      const held = await progressive('early', number, { silentAfterSeconds: 3 })
      await held.start()
      const call = await over(held)
      expect(shape(call)).toEqual(told('silent', 'queue queueCallback', 'progressive'))
      expect(call.waitMs).toBe(msOf(call.endedAt) - msOf(call.legs[0]?.answeredAt))
      expect(call.waitMs).toBeLessThan(1_400)
      expect(await held.contact()).toMatchObject({ state: 'paused', tries: 1, outcome: 'silent' })
      expect((await held.live()).today).toMatchObject({ answered: 1, silent: 1, silentWithMessage: 0 })
    })
  })

  test('killed while a contact rings, and started again: rung once, answered, and joined', async () => {
    const number = numbers(office, { neverAnswers: true })
    const held = await progressive('restart', number, { ringSeconds: 60 })
    await held.start()
    const ringing = await rings(number)
    await isRinging(held)
    await office.end('SIGKILL')
    await office.serve()
    people().pickUp(ringing, 4_000)
    await hear(number, 'restart')
    const call = await over(held)
    expect(shape(call)).toEqual(told('answered', ANSWERED, 'progressive'))
    expect(people().rung.get(number)).toBe(1)
    expect(await held.contact()).toMatchObject({ state: 'reached', tries: 1, calls: [call.id] })
  })

  test('killed while a contact rings who answers meanwhile: silent, and rung once', async () => {
    const number = numbers(office, { neverAnswers: true })
    const held = await progressive('away', number, { ringSeconds: 60 })
    await held.start()
    const ringing = await rings(number)
    await isRinging(held)
    await office.end('SIGKILL')
    people().pickUp(ringing)
    await answers(number)
    const limit = Date.now() + 2_000
    await until('the limit is over', () => Date.now() > limit)
    await office.serve()
    const call = await over(held)
    expect(call.result).toBe('silent')
    const { items } = await office.boss<{ readonly items: readonly FactLine[] }>('GET', `/calls/${call.id}/facts`)
    const at = (type: string) => msOf(items.find((fact) => fact.type === type)?.at)
    // Answered longer ago than the limit: nobody is rung for it, and it is told so as soon as it is known.
    expect(at('contact.silent') - at('contact.answered')).toBeLessThan(400)
    expect(people().rung.get(number)).toBe(1)
    expect(await held.contact()).toMatchObject({ tries: 1, outcome: 'silent' })
    expect(people().rung.get('away')).toBeUndefined()
  })

  test('thirty contacts and five agents: each settled once, nobody rung twice for one try, no agent stuck', async () => {
    const crew = Object.keys(skills).filter((id) => skills[id] === 'crew')
    const deeds: readonly (readonly [Deed, string])[] = [
      [{ answersAfterMs: 700, talksMs: 1_500 }, 'answered'],
      [{ busy: true }, 'busy'],
      [{ answersAfterMs: 2_500, talksMs: 800 }, 'answered'],
      [{ notInUse: true }, 'notInUse'],
      [{ answersAfterMs: 100, talksMs: 2_500 }, 'answered'],
      [{ rejects: true }, 'rejected'],
    ]
    const expected = new Map<string, string>()
    for (let index = 0; index < 30; index += 1) {
      const [deed, result] =
        index === 7 || index === 19 ? ([{ neverAnswers: true }, 'unanswered'] as const) : (deeds[index % 6] ?? deeds[0] ?? [])
      if (deed !== undefined) expected.set(numbers(office, deed), result ?? '')
    }
    const held = await office.campaign('crew', { mode: 'progressive' }, [...expected.keys()])
    await held.start()
    const calls = await patiently('every call is over', async () => {
      const all = await held.calls()
      return all.length >= 30 && all.every(({ endedAt }) => endedAt !== null) && all
    })
    compared.push(...calls.flatMap((call) => boundaries(call, networkLines(people()))))
    expect(Object.fromEntries(calls.map((call) => [call.callerNumber, call.result]))).toEqual(Object.fromEntries(expected))
    expect(calls).toHaveLength(30)
    for (const number of expected.keys()) expect([number, people().rung.get(number)]).toEqual([number, 1])
    const contacts = await patiently('every contact is settled', async () => {
      const all = await held.contacts()
      return all.every(({ state }) => state !== 'underWay' && state !== 'waiting') && all
    })
    expect(contacts.filter(({ tries, calls: own }) => tries !== 1 || own.length !== 1)).toEqual([])
    await patiently('every agent is ready', async () => {
      const states = await Promise.all(crew.map(async (id) => (await office.agent(id)).state))
      return states.every((state) => state === 'ready')
    })
    const many = (...results: readonly string[]) => [...expected.values()].filter((result) => results.includes(result)).length
    const answered = many('answered')
    const unreached = { noAnswer: many('unanswered'), busy: many('busy'), rejected: many('rejected'), notInUse: many('notInUse') }
    expect((await held.live()).today).toMatchObject({ placed: 30, answered, connected: answered, silent: 0, ...unreached })
  })

  test('every instant stands where the network’s own log has it: median within 150 ms, none over 400 ms', () => {
    const sorted = [...compared].sort((a, b) => a.ms - b.ms)
    const median = sorted[sorted.length >> 1]
    const largest = sorted.at(-1)
    process.stdout.write(
      `campaigns against the network’s log, ${sorted.length} instants: median ${median?.ms.toFixed(1)} ms, largest ${largest?.ms.toFixed(1)} ms (${largest?.what})\n`,
    )
    expect(sorted.length).toBeGreaterThan(200)
    expect(tooFar(sorted)).toEqual([])
    expect(median?.ms).toBeLessThanOrEqual(150)
  })
})
