/**
 * The modes that dial more than one contact for an agent, and what a dialler meets at the same instant, on a real Asterisk: contacts who hang up as the agent's phone answers, and phones that answer
 * just when the limit of silence is over. Whoever wins, the story is one or the other, everybody is settled once, and no agent is stuck.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '#wire/calls.ts'
import { type Held, lineOf, msOf, type Office, openOffice, patiently } from './campaigns.ts'
import { noAsterisk } from './network.ts'

const suite = 'races of the dialler on a real Asterisk'
/** Agents whose phones answer so long after they are rung, milliseconds. */
const AGENT_ANSWERS = { hasty: 300, late: 1_000, killed: 200, power: 100, predictive: 100 } as const
const crewOf = (id: string): readonly string[] => ['1', '2', '3', '4'].map((number) => `${id}${number}`)
const skills = Object.fromEntries(Object.keys(AGENT_ANSWERS).flatMap((id) => crewOf(id).map((agent) => [agent, id])))
const numbers = (from: number, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `+46701740${from + index}`)

describe.skipIf(noAsterisk(suite))(suite, () => {
  let office: Office

  beforeAll(async () => {
    office = await openOffice(skills)
    for (const [id, answersAfterMs] of Object.entries(AGENT_ANSWERS))
      for (const agent of crewOf(id)) office.site.people.does(agent, { answersAfterMs })
    await office.serve()
    for (const id of Object.keys(skills)) await office.state(id, 'loggedOn')
  }, 120_000)
  afterAll(() => office.close())

  const areReady = (crew: readonly string[]): Promise<unknown> =>
    patiently('every agent is ready', async () => {
      const states = await Promise.all(crew.map(async (id) => (await office.agent(id)).state))
      return states.every((state) => state === 'ready')
    })
  /** Every call when all are over, everybody settled once, nobody rung twice, every agent ready, no line up. */
  const allOver = async (held: Held, rung: readonly string[], crew: readonly string[]): Promise<readonly Call[]> => {
    const calls = await patiently('every call is over', async () => {
      const all = await held.calls()
      return all.length >= rung.length && all.every(({ endedAt }) => endedAt !== null) && all
    }).catch(async (error: unknown) => {
      const [all, live, agents] = await Promise.all([held.calls(), held.live(), Promise.all(crew.map((id) => office.agent(id)))])
      const open = all.filter(({ endedAt }) => endedAt === null)
      throw new Error(`${String(error)}: ${all.length} calls\n${JSON.stringify({ open, live, agents }, null, 1)}`)
    })
    expect(calls).toHaveLength(rung.length)
    for (const number of rung) expect([number, office.site.people.rung.get(number)]).toEqual([number, 1])
    await patiently('everybody is settled', async () =>
      (await held.contacts()).every(({ state }) => state !== 'underWay' && state !== 'waiting'),
    )
    expect((await held.contacts()).filter(({ tries, calls: own }) => tries !== 1 || own.length !== 1)).toEqual([])
    await areReady(crew)
    for (const user of [...rung, ...crew])
      expect([user, lineOf(office.site.people, user, 'up'), lineOf(office.site.people, user, 'ringing')]).toEqual([
        user,
        undefined,
        undefined,
      ])
    return calls
  }
  const kinds = ({ events }: Call): string => events.map(({ kind }) => kind).join(' ')

  test.concurrent('contacts who hang up just as the agent’s phone answers: joined or silent, never both, and nobody is left on a line', async () => {
    const rung = numbers(605, 20)
    for (const [index, number] of rung.entries()) office.site.people.does(number, { answersAfterMs: 200, talksMs: 250 + index * 8 })
    const held = await office.campaign('hasty', { mode: 'progressive' }, rung)
    await held.start()
    const calls = await allOver(held, rung, crewOf('hasty'))
    for (const call of calls)
      expect(['answered: queue queueCallback conversation', 'silent: queue queueCallback']).toContain(`${call.result}: ${kinds(call)}`)
    const { today } = await held.live()
    const silent = calls.filter(({ result }) => result === 'silent').length
    expect(today).toMatchObject({ placed: 20, answered: 20, silent, connected: 20 - silent, silentWithMessage: 0 })
    process.stdout.write(`hung up as the agent answered: ${20 - silent} joined, ${silent} silent\n`)
  })

  test.concurrent('agents’ phones that answer just at the limit: joined before it or silent, and who answered too late is free again', async () => {
    const rung = numbers(630, 16)
    for (const [index, number] of rung.entries()) office.site.people.does(number, { answersAfterMs: 200 + index * 10, talksMs: 4_000 })
    const held = await office.campaign('late', { mode: 'progressive', silentAfterSeconds: 1 }, rung)
    await held.start()
    for (const [index, agent] of crewOf('late').entries()) office.site.people.does(agent, { answersAfterMs: 970 + index * 15 })
    const calls = await allOver(held, rung, crewOf('late'))
    for (const call of calls) {
      const answeredAt = msOf(call.legs.find(({ party }) => party === 'customer')?.answeredAt)
      const talk = call.events.find(({ kind }) => kind === 'conversation')
      if (call.result === 'answered') expect(msOf(talk?.startedAt) - answeredAt).toBeLessThan(1_000)
      else expect([call.result, kinds(call)]).toEqual(['silent', 'queue queueCallback menu'])
      // Involved is whose phone was answered (archive.md 4): too late for the contact, who heard nobody.
      const took = call.legs.flatMap(({ agentId, answeredAt }) => (agentId === undefined || answeredAt === null ? [] : [agentId]))
      expect(call.agents.map(({ id }) => id).toSorted()).toEqual([...new Set(took)].toSorted())
      if (call.result === 'silent') expect(call.agents.filter(({ speakMs }) => speakMs !== 0)).toEqual([])
    }
    const silent = calls.filter(({ result }) => result === 'silent').length
    expect((await held.live()).today).toMatchObject({ answered: 16, silent, connected: 16 - silent, silentWithMessage: silent })
    process.stdout.write(`answered at the limit: ${16 - silent} joined, ${silent} silent\n`)
  })

  test.concurrent.each([
    ['power', 670, 2],
    ['predictive', 684, 1],
  ] as const)(
    '%s: who answers is joined or silent in time, nobody is rung twice, and no more are dialled than may be',
    async (mode, from, ratio) => {
      const rung = numbers(from, 14)
      for (const [index, number] of rung.entries())
        office.site.people.does(number, index % 4 === 3 ? { busy: true } : { answersAfterMs: 900 + index * 40, talksMs: 1_200 })
      const held = await office.campaign(mode, { mode, ratio }, rung)
      await held.start()
      const calls = await allOver(held, rung, crewOf(mode))
      // Contacts being rung or waiting for an agent at one time. Power: twice the four agents. Predictive: what the guard lets anybody dial.
      const steps = calls.flatMap((call) => {
        const contact = call.legs.find(({ party }) => party === 'customer')
        const joinedAt = call.events.find(({ kind }) => kind === 'conversation')?.startedAt
        return [
          { at: msOf(contact?.requestedAt), by: 1 },
          { at: msOf(joinedAt ?? contact?.endedAt), by: -1 },
        ]
      })
      let inTheAir = 0
      let atOnce = 0
      for (const { by } of steps.toSorted((one, other) => one.at - other.at || one.by - other.by)) {
        inTheAir += by
        atOnce = Math.max(atOnce, inTheAir)
      }
      if (mode === 'power') expect(atOnce).toBe(8)
      else expect(atOnce).toBeLessThanOrEqual(4 * crewOf(mode).length + 2)
      for (const call of calls) {
        expect(call.mode).toBe(mode)
        const busy = rung.indexOf(call.callerNumber ?? '') % 4 === 3
        expect(busy ? ['busy'] : ['answered', 'silent']).toContain(call.result)
      }
      const silent = calls.filter(({ result }) => result === 'silent').length
      expect((await held.live()).today).toMatchObject({ placed: 14, answered: 11, silent, connected: 11 - silent, busy: 3 })
      process.stdout.write(`${mode}: ${atOnce} dialled at once for four agents, ${11 - silent} joined, ${silent} silent\n`)
    },
  )

  test('killed twice amid a campaign: each try is one ring and one call, each contact ends as it should, and every agent is free', async () => {
    const rung = numbers(650, 16)
    for (const [index, number] of rung.entries())
      office.site.people.does(number, index % 3 === 2 ? { busy: true } : { answersAfterMs: 400 + index * 60, talksMs: 2_000 })
    const held = await office.campaign('killed', { mode: 'progressive' }, rung)
    await held.start()
    for (const already of [5, 10]) {
      await patiently('some are called', async () => (await held.calls()).length >= already)
      await office.end('SIGKILL')
      await office.serve()
    }
    const contacts = await patiently('everybody is settled', async () => {
      const all = await held.contacts()
      return all.every(({ state }) => state !== 'underWay' && state !== 'waiting') && all
    })
    await areReady(crewOf('killed'))
    const calls = await patiently('every call is over', async () => {
      const all = await held.calls()
      return all.every(({ endedAt }) => endedAt !== null) && all
    })
    for (const { phone, tries, calls: own } of contacts) {
      expect([phone, office.site.people.rung.get(phone)]).toEqual([phone, own.length])
      expect([phone, tries]).toEqual([phone, 1])
    }
    expect(calls.map(({ id }) => id).sort()).toEqual(contacts.flatMap(({ calls: own }) => own).sort())
    for (const [index, { outcome }] of contacts.entries()) expect(index % 3 === 2 ? ['busy'] : ['answered', 'silent']).toContain(outcome)
    process.stdout.write(`killed twice: ${calls.length} calls of 16 contacts: ${calls.map(({ result }) => result).join(' ')}\n`)
  })
})
