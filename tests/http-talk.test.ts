/** What an agent does in a conversation, over HTTP, and what the desk is told of it. calls.md 4 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Agent } from '#wire/live.ts'
import { Agents, Dialled } from '#wire/requests.ts'
import { type Bed, openBed } from './http/bed.ts'

const CUSTOMER = '+46701740671'

let bed: Bed
let callId = ''
const matter = async (agent: string): Promise<NonNullable<Agent['matter']>> => {
  const found = (await bed.ask(agent, 'GET', 'agents')).as(Agents).items.find(({ id }) => id === agent)?.matter
  if (found == null) throw new Error(`${agent} is in no matter`)
  return found
}
const post = async (what: string, body?: object, agent = 'anna') => {
  const answer = await bed.ask(agent, 'POST', `calls/${callId}/${what}`, body)
  return answer.code ?? answer.status
}
const answered = async (agent: string) => {
  await bed.until(() => bed.engine.agent(agent)?.matter?.phase === 'ringing')
  await bed.ask(agent, 'POST', `calls/${callId}/answer`)
  await bed.until(() => bed.engine.agent(agent)?.state === 'connected')
}

beforeEach(async () => {
  bed = await openBed()
  await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
  bed.network.call(CUSTOMER, '+46846500400')
  callId = (await bed.until(() => bed.engine.agent('anna')?.matter)).callId
  await answered('anna')
  await bed.ask('lena', 'PUT', 'agents/bo/state', { state: 'loggedOn' })
})
afterEach(() => bed.close())

describe('in a conversation', () => {
  test('hold and mute are told, and refused twice', async () => {
    expect(await matter('anna')).toMatchObject({ phase: 'talking', onHold: false, muted: false, consult: null, conference: false })
    expect([await post('hold'), await post('hold'), await post('mute'), await post('mute')]).toEqual([204, 'talk.held', 204, 'talk.muted'])
    expect(await matter('anna')).toMatchObject({ onHold: true, muted: true })
    expect([await post('resume'), await post('resume'), await post('unmute'), await post('unmute')]).toEqual([
      204,
      'talk.notHeld',
      204,
      'talk.notMuted',
    ])
    expect(await matter('anna')).toMatchObject({ onHold: false, muted: false })
  })

  test('112 dialled at the desk is asked in a consult of this call, the customer on hold', async () => {
    bed.network.phone('112').whenCalled({ ringsMs: 60_000 })
    const asked = await bed.ask('anna', 'POST', 'calls', { agentId: 'anna', to: '112' })
    expect([asked.status, asked.as(Dialled).callId]).toEqual([201, callId])
    expect(await matter('anna')).toMatchObject({ onHold: true, consult: { to: { kind: 'number', number: '112' } } })
  })

  test('digits are sent, and nothing else than digits', async () => {
    expect([await post('digits', { digits: '12#' }), await post('digits', { digits: 'x' }), await post('digits', {})]).toEqual([
      204,
      'request.invalid',
      'request.invalid',
    ])
  })

  test('a colleague is asked, swapped with, joined; both desks are told who the other is', async () => {
    const bo = { kind: 'agent', id: 'bo', name: 'Bo' }
    expect(await post('consult', { to: 'agent:bo' })).toBe(204)
    expect(await matter('anna')).toMatchObject({ onHold: true, consult: { to: bo, phase: 'ringing', active: false } })
    expect(await matter('bo')).toMatchObject({
      phase: 'ringing',
      colleague: { id: 'anna', name: 'Anna' },
      number: CUSTOMER,
      canCancel: false,
    })
    await answered('bo')
    expect(await matter('anna')).toMatchObject({ consult: { to: bo, phase: 'talking', active: true } })
    expect(await matter('bo')).toMatchObject({ phase: 'talking', colleague: { id: 'anna' }, consult: null })
    expect(await post('swap')).toBe(204)
    expect((await matter('anna')).consult).toMatchObject({ phase: 'talking', active: false })
    expect(await post('conference')).toBe(204)
    expect(await matter('anna')).toMatchObject({ conference: true, consult: null, onHold: false })
    expect(await post('swap')).toBe('talk.noConsult')
  })

  test('a consult is ended; a second one is refused meanwhile', async () => {
    expect(await post('consult/abort')).toBe('talk.noConsult')
    await post('consult', { to: 'agent:bo' })
    expect([await post('consult', { to: 'agent:bo' }), await post('consult/abort')]).toEqual(['talk.inConsult', 204])
    expect(await matter('anna')).toMatchObject({ consult: null, onHold: false, phase: 'talking' })
    expect(await post('consult/abort')).toBe('talk.noConsult')
  })

  test('given to whom is consulted, and at once', async () => {
    expect(await post('transfer', {})).toBe('talk.noConsult')
    await post('consult', { to: 'agent:bo' })
    await answered('bo')
    expect(await post('transfer', {})).toBe(204)
    await bed.until(() => bed.engine.agent('anna')?.state === 'wrapUp')
    expect(await matter('bo')).toMatchObject({ phase: 'talking', consult: null, number: CUSTOMER })
    await bed.ask('lena', 'PUT', 'agents/anna/wrap-up', { end: true })
    expect(await post('transfer', { to: 'agent:anna' }, 'bo')).toBe(204)
    await answered('anna')
    expect(await matter('anna')).toMatchObject({ phase: 'talking', number: CUSTOMER })
  })

  test('a queue waits, an outside number rings; nobody asks himself, and nobody in another’s call', async () => {
    expect([await post('consult', { to: 'agent:anna' }), await post('consult', { to: 'queue:nowhere' })]).toEqual([
      'callee.self',
      'queue.unknown',
    ])
    expect(await post('hold', undefined, 'bo')).toBe('call.notYours')
    expect(await post('consult', { to: 'queue:support' })).toBe(204)
    expect((await matter('anna')).consult).toMatchObject({ to: { kind: 'queue', id: 'support', name: 'Support' }, phase: 'waiting' })
    await post('consult/abort')
    bed.network.phone('+46701740672').whenCalled({ ringsMs: 60_000 })
    expect(await post('consult', { to: '070-174 06 72' })).toBe(204)
    expect((await matter('anna')).consult).toMatchObject({ to: { kind: 'number', number: '+46701740672' }, phase: 'ringing' })
  })
})
