/** A supervisor sets an agent free who is stuck: by whom, how it is refused, what is told of it, and what it counts. calls.md 7 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Agent } from '#wire/live.ts'
import { type Bed, openBed } from './http/bed.ts'

const SUPPORT = '+46846500400'
const CUSTOMER = '+46701740650'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
  await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
})
afterEach(() => bed.close())

const release = (as: string, body: object = {}) => bed.ask(as, 'POST', 'agents/anna/release', body)
const swept = async (kind: string) =>
  Number(new RegExp(`^samtal_swept_total\\{kind="${kind}"\\} (\\d+)`, 'm').exec((await bed.ask(null, 'GET', '/metrics')).text)?.[1])
const rings = async (): Promise<string> => {
  bed.network.call(CUSTOMER, SUPPORT)
  return (await bed.until(() => bed.engine.agent('anna')?.matter)).callId
}
const talks = async (): Promise<string> => {
  const callId = await rings()
  await bed.ask('anna', 'POST', `calls/${callId}/answer`)
  await bed.until(() => bed.engine.agent('anna')?.matter?.phase === 'talking')
  return callId
}

describe('an agent set free', () => {
  test('is set free once under a key, and that is answered again as it was', async () => {
    await rings()
    const keyed = () => bed.ask('lena', 'POST', 'agents/anna/release', {}, { 'idempotency-key': 'k1' })
    const [first, again] = [await keyed(), await keyed()]
    expect([again.status, again.as(Agent).state]).toEqual([first.status, 'paused'])
    expect(bed.many('agent.released')).toBe(1)
  })
  test('whose phone rings: it stops, he is paused, and it stands in the audit log and among the figures', async () => {
    const callId = await rings()
    const answer = await release('lena')
    expect(answer.status).toBe(200)
    expect(answer.as(Agent)).toMatchObject({ id: 'anna', state: 'paused', reason: 'released', matter: null })
    expect(bed.audit.rows.at(-1)).toMatchObject({ what: 'agent.released', by: 'user', who: 'lena', outcome: 'done' })
    expect(bed.audit.rows.at(-1)?.on).toEqual(expect.arrayContaining([{ kind: 'call', id: callId }]))
    expect(await swept('agentReleased')).toBe(1)
    expect(await swept('noMedia')).toBe(0)
  })

  test('not while he talks, unless that is said; either stands in the audit log', async () => {
    await talks()
    const refused = await release('lena')
    expect([refused.status, refused.code]).toEqual([409, 'agent.talking'])
    expect(bed.audit.rows.at(-1)).toMatchObject({ what: 'agent.released', outcome: 'agent.talking', details: { evenTalking: false } })
    expect(bed.engine.agent('anna')?.matter?.phase).toBe('talking')
    expect((await release('lena', { evenTalking: true })).status).toBe(200)
    expect(bed.engine.agent('anna')?.matter?.phase).not.toBe('talking')
    expect(bed.audit.rows.at(-1)).toMatchObject({ what: 'agent.released', outcome: 'done', details: { evenTalking: true } })
  })

  test('who is in nothing is not; nor by an agent, nor by a supervisor who does not lead him', async () => {
    const answer = await release('lena')
    expect([answer.status, answer.code]).toEqual([409, 'agent.notInCall'])
    await rings()
    expect((await release('anna')).status).toBe(403)
    const others = await release('sara')
    expect([others.status, others.code]).toEqual([404, 'agent.unknown'])
    expect(bed.engine.agent('anna')?.matter?.phase).toBe('ringing')
  })
})
