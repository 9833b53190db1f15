/** calls.md 4 and 5: hold, mute and digits; what is refused in a conversation; phones that cannot be reached. */
import { describe, expect, it } from 'vitest'
import { rows } from '../archive/cases/shape.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf } from '../facts.ts'
import type { Called } from '../inputs.ts'
import type { Solution } from '../solution/solution.ts'
import { queueOf } from './stage.support.ts'
import { agent2, fail, outside, sales, Talk } from './talk.support.ts'

describe('hold, mute and digits', () => {
  it('on hold the customer hears music; muted the agent is not heard', () => {
    const stage = new Talk()
    expect(stage.says('talk.hold')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default' } })
    expect(stage.says('talk.hold')).toEqual({ refused: 'talk.held' })
    expect(stage.says('talk.resume')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expect(stage.says('talk.resume')).toEqual({ refused: 'talk.notHeld' })
    stage.says('talk.mute')
    expect(stage.effects.at(-1)).toEqual({ type: 'leg.mute', legId: stage.phoneOf('agent1'), on: true })
    expect(stage.says('talk.mute')).toEqual({ refused: 'talk.muted' })
    stage.says('talk.unmute')
    expect(stage.says('talk.unmute')).toEqual({ refused: 'talk.notMuted' })
    stage.do({ type: 'talk.digits', by: 'agent', agentId: 'agent1', callId: stage.callId, digits: '12#' })
    expect(stage.effects.at(-1)).toEqual({ type: 'digits.send', legId: stage.line, digits: '12#' })
    expect(JSON.stringify(stage.facts)).not.toContain('12#')
    stage.end()
    const story = projectCall(stage.facts.filter(({ fact }) => callOf(fact) === stage.callId))
    expect(rows(story).at(-1)).toBe('Conversation 0–180 (agent1)')
  })
})

describe('what is refused', () => {
  it('a supervisor does not take away what an agent asked for', () => {
    const stage = new Talk()
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    stage.consult(sales)
    const entryId = stage.all('entry.joined').at(-1)?.entryId ?? ''
    expect(stage.do({ type: 'entry.delete', by: 'supervisor', entryId }).refused).toEqual({ refused: 'entry.ofAgent' })
  })

  it('a conversation that is not there, or not one’s own', () => {
    const stage = new Talk()
    expect(stage.says('talk.hold', 'agent2')).toEqual({ refused: 'call.notYours' })
    expect(stage.says('talk.swap')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.conference')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.endConsult')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.transfer')).toEqual({ refused: 'talk.noConsult' })
    stage.consult(agent2)
    expect(stage.consult(outside)).toEqual({ refused: 'talk.inConsult' })
    expect(stage.transfer(outside)).toEqual({ refused: 'talk.inConsult' })
    expect(stage.says('talk.hold')).toEqual({ refused: 'talk.inConsult' })
    expect(stage.says('talk.swap')).toEqual({ refused: 'talk.noConsult' })
  })

  it.each<[Called, string]>([
    [{ agentId: 'agent1' }, 'callee.self'],
    [{ agentId: 'nobody' }, 'callee.unknown'],
    [{ queueId: 'nowhere' }, 'queue.unknown'],
    [{ person: 'p', barred: 'premium' }, 'number.premium'],
    [{ person: 'line', barred: null }, 'number.own'],
  ])('a consult or a transfer to %o: %s', (to, code) => {
    expect(new Talk().consult(to)).toEqual({ refused: code, field: 'to' })
    expect(new Talk().transfer(to)).toEqual({ refused: code, field: 'to' })
  })

  it('a customer given away to an emergency number, where one may be asked', () => {
    expect(new Talk().transfer({ person: 'p', barred: 'emergency' })).toEqual({ refused: 'number.emergency', field: 'to' })
    expect(new Talk().consult({ person: 'p', barred: 'emergency' })).toBeNull()
  })

  it('a queue nobody serves, or that is closed', () => {
    const stage = new Talk('agent2', ['agent1'])
    expect(stage.transfer(sales)).toEqual({ refused: 'queue.noAgents', field: 'to' })
    const solution = [...stage.solutions.values()][0] ?? fail()
    const shut = { ...solution, queues: { ...solution.queues, sales: queueOf('sales', { hours: 'night' }) } }
    stage.solutions.set(solution.version, shut)
    expect(stage.consult(sales)).toEqual({ refused: 'queue.closed', field: 'to' })
  })

  it('handing on a colleague', () => {
    const stage = new Talk()
    stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent2', to: { agentId: 'agent3' }, origin: 'desk' })
    stage.answers(stage.phoneOf('agent2'))
    stage.answers(stage.phoneOf('agent3'))
    const callId = stage.world.agents.get('agent2')?.matter?.callId ?? ''
    expect(stage.do({ type: 'talk.consult', by: 'agent', agentId: 'agent2', callId, to: outside }).refused).toEqual({
      refused: 'talk.colleague',
    })
  })
})

describe('calls.md 5: what one agent may set going', () => {
  const limited = (limits: Partial<Solution['outbound']>): Talk => {
    const stage = new Talk()
    const solution = [...stage.solutions.values()][0] ?? fail()
    stage.solutions.set(solution.version, { ...solution, outbound: { ...solution.outbound, ...limits } })
    return stage
  }
  const dials = (stage: Talk, agentId: string, person = 'p-new') =>
    stage.do({ type: 'call.dial', by: 'agent', agentId, to: { person, barred: null }, origin: 'desk' }).refused

  it('a call given away to a number outside stays that agent’s while it lasts', () => {
    const stage = limited({ liveMaxPerAgent: 1 })
    expect(stage.transfer(outside)).toBeNull()
    expect(dials(stage, 'agent1')).toEqual({ refused: 'outbound.liveMaxPerAgent' })
    expect(dials(stage, 'agent2')).toBeNull()
    stage.answers(stage.rungAt('p-out'))
    expect(dials(stage, 'agent1')).toEqual({ refused: 'outbound.liveMaxPerAgent' })
    stage.ends(stage.rungAt('p-out'))
    expect(dials(stage, 'agent1')).toBeNull()
  })

  it('a consult outside counts beside the agent’s own call, over whichever trunk it is rung', () => {
    const stage = limited({ liveMaxPerAgent: 2 })
    const solution = [...stage.solutions.values()][0] ?? fail()
    stage.solutions.set(solution.version, { ...solution, trunks: ['main', 'spare'] })
    expect(dials(stage, 'agent2')).toBeNull()
    stage.answers(stage.phoneOf('agent2'))
    stage.answers(stage.rungAt('p-new'))
    const callId = stage.world.agents.get('agent2')?.matter?.callId ?? ''
    const asks = (type: 'talk.consult' | 'talk.transfer', to: Called) =>
      stage.do({ type, by: 'agent', agentId: 'agent2', callId, to }).refused
    expect(asks('talk.consult', outside)).toBeNull()
    stage.ends(stage.rungAt('p-out'), 'failed', 'network')
    stage.answers(stage.rungAt('p-out'))
    stage.do({ type: 'talk.transfer', by: 'agent', agentId: 'agent2', callId })
    expect(dials(stage, 'agent2', 'p-third')).toEqual({ refused: 'outbound.liveMaxPerAgent' })
  })

  it('consults and transfers are calls to that number, each once', () => {
    const stage = limited({ perNumberADay: 2 })
    expect(stage.consult(outside)).toBeNull()
    stage.says('talk.endConsult')
    expect(stage.consult(outside)).toBeNull()
    stage.says('talk.endConsult')
    expect(stage.consult(outside)).toEqual({ refused: 'outbound.perNumber', field: 'to' })
    expect(stage.transfer(outside)).toEqual({ refused: 'outbound.perNumber', field: 'to' })
    const consulted = limited({ perNumberADay: 2 })
    consulted.consult(outside)
    consulted.answers(consulted.rungAt('p-out'))
    consulted.says('talk.transfer')
    consulted.end()
    expect(dials(consulted, 'agent1', 'p-out')).toBeNull()
    const given = limited({ perNumberADay: 1 })
    given.transfer(outside)
    expect(dials(given, 'agent2', 'p-out')).toEqual({ refused: 'outbound.perNumber', field: 'to' })
  })
})

describe('a phone that cannot be reached', () => {
  it('is rung no more, and what it was offered is for the next', () => {
    const stage = new Talk()
    stage.transfer(sales)
    const rung = stage.phoneOf('agent2')
    stage.do({ type: 'phone.lose', agentId: 'agent2' })
    expect(stage.all('leg.ended').at(-1)).toMatchObject({ legId: rung, outcome: 'withdrawn' })
    expect(stage.status('agent2')).toBe('unreachable')
    stage.do({ type: 'phone.find', agentId: 'agent2' })
    expect(stage.status('agent2')).toBe('connecting')
  })
})
