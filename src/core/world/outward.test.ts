/** archive.md 3.2 and 3.3: agents' own calls as the rules make them, told by the archive; and from where one may call. */
import { describe, expect, it } from 'vitest'
import { allCases } from '../archive/cases/all.ts'
import { T0 } from '../archive/cases/script.ts'
import { rows } from '../archive/cases/shape.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf } from '../facts.ts'
import type { PeopleInput } from '../inputs.ts'
import type { Solution } from '../solution/solution.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'

type Dial = Extract<PeopleInput, { type: 'call.dial' }>

const office = (outbound: Partial<Solution['outbound']> = {}, wrapUpMs = 0): Stage => {
  const plain = solutionOf([queueOf('support')], [agentOf('anna', { wrapUpMs }), agentOf('agent1'), agentOf('agent2')])
  const stage = new Stage({ ...plain, outbound: { ...plain.outbound, ...outbound } }, T0)
  stage.logOn('anna', 'agent1', 'agent2')
  return stage
}
const dial = (stage: Stage, change: Partial<Dial> = {}) =>
  stage.ask({ type: 'call.dial', by: 'agent', agentId: 'anna', to: { person: 'p9', barred: null }, origin: 'desk', ...change })
const cancel = (stage: Stage, agentId = 'anna') =>
  stage.ask({ type: 'call.cancel', by: 'agent', agentId, callId: stage.world.agents.get(agentId)?.matter?.callId ?? 'none' })
const hangUp = (stage: Stage, agentId = 'anna') =>
  stage.ask({ type: 'talk.hangUp', by: 'agent', agentId, callId: stage.world.agents.get(agentId)?.matter?.callId ?? 'none' })

/** The one call's story, as the tables write it. */
function told(stage: Stage) {
  const callId = stage.all('call.started')[0]?.callId
  return projectCall(stage.facts.filter(({ fact }) => callOf(fact) === callId))
}

/** dials at 0; the own phone answers at 1. */
function dialling(stage = office()): Stage {
  dial(stage)
  stage.wait(1_000)
  stage.answers(stage.phoneOf('anna'))
  return stage
}

function expectCase(stage: Stage, name: string): void {
  const one = allCases.find((known) => known.name === name)
  if (one === undefined) throw new Error(`no case ${name}`)
  const story = told(stage)
  expect(rows(story)).toEqual(one.events)
  expect(story.result).toBe(one.result)
  expect(story.waitMs).toBe(one.wait === null ? null : one.wait * 1000)
  expect(story.waitToCustomerMs).toBe(one.toCustomer === null ? null : one.toCustomer * 1000)
  expect(Object.fromEntries(story.agents.map((agent) => [agent.id, agent.speakMs / 1000]))).toEqual(one.speak)
  expect(stage.world.calls.size).toBe(0)
}

describe('an outbound call', () => {
  it('B1: the agent first, then the number, and both are joined', () => {
    const stage = dialling()
    expect(stage.effects.filter((effect) => effect.type === 'leg.ring')).toMatchObject([
      { to: { agent: 'anna' }, callerId: 'p9' },
      { to: { person: 'p9' }, callerId: 'line', trunk: 'main' },
    ])
    expect(stage.effects).toContainEqual({ type: 'music.start', legId: stage.phoneOf('anna'), music: 'ringing' })
    stage.wait(11_000)
    stage.answers(stage.rungAt('p9'))
    stage.wait(88_000)
    stage.ends(stage.rungAt('p9'))
    expectCase(stage, 'B1')
    expect(stage.status('anna')).toBe('ready')
  })

  it('an end learnt of after a restart: the wait ended then, not when we heard', () => {
    const stage = office()
    dial(stage)
    const [own, callId] = [stage.phoneOf('anna'), stage.world.agents.get('anna')?.matter?.callId ?? 'none']
    stage.at += 9_000
    const ended = {
      type: 'leg.end',
      legId: own,
      outcome: 'rejected',
      by: 'party',
      cause: 21,
      happenedAt: T0 + 2_000,
      reconciled: true,
    } as const
    stage.do({ type: 'legs.learn', callId, legs: [ended] })
    expect(stage.all('entry.left')[0]).toMatchObject({ reason: 'failed', happenedAt: T0 + 2_000 })
    expect(rows(told(stage))).toEqual(['Queue 0', 'Queue (callback) 0–2'])
  })

  it('B2: rung to the timeout', () => {
    const stage = dialling()
    stage.rings(stage.rungAt('p9'))
    stage.wait(30_000)
    expectCase(stage, 'B2')
  })

  it('B3: busy', () => {
    const stage = dialling()
    stage.wait(3_000)
    stage.ends(stage.rungAt('p9'), 'busy')
    expectCase(stage, 'B3')
  })

  it('B4: the agent hangs up while it rings: no Deleted', () => {
    const stage = dialling()
    stage.wait(8_000)
    stage.ends(stage.phoneOf('anna'))
    expectCase(stage, 'B4')
  })

  it('B5: Cancel while it rings', () => {
    const stage = dialling()
    stage.wait(8_000)
    cancel(stage)
    expectCase(stage, 'B5')
    expect(stage.status('anna')).toBe('ready')
  })

  it('B6: Cancel before the own phone was answered: nobody was called', () => {
    const stage = office()
    dial(stage)
    stage.wait(6_000)
    cancel(stage)
    expectCase(stage, 'B6')
  })

  it('B7: the own phone is not answered, and the agent is not blamed', () => {
    const stage = office()
    dial(stage)
    stage.wait(30_000)
    expectCase(stage, 'B7')
    expect(stage.status('anna')).toBe('ready')
  })

  it('Cancel after the answer is a hang-up', () => {
    const stage = dialling()
    stage.answers(stage.rungAt('p9'))
    cancel(stage)
    expect(told(stage).result).toBe('answered')
    expect(rows(told(stage)).some((row) => row.startsWith('Deleted'))).toBe(false)
  })

  it('an answer after Cancel is ended at once', () => {
    const stage = dialling()
    const rung = stage.rungAt('p9')
    cancel(stage)
    stage.answers(rung)
    expect(stage.all('bridge.joined')).toEqual([])
  })

  it('the next trunk where the first fails before it rang', () => {
    const plain = solutionOf([], [agentOf('anna')], { trunks: ['main', 'spare'] })
    const stage = new Stage(plain, T0)
    stage.logOn('anna')
    dialling(stage)
    stage.ends(stage.rungAt('p9'), 'failed', 'network')
    expect(stage.all('leg.requested').map((fact) => fact.trunk)).toEqual([undefined, 'main', 'spare'])
    stage.ends(stage.rungAt('p9'), 'failed', 'network')
    expect(told(stage).result).toBe('failed')
  })

  it('the own wrap-up follows a conversation, and nothing that reached nobody', () => {
    const reached = dialling(office({}, 20_000))
    reached.answers(reached.rungAt('p9'))
    reached.ends(reached.rungAt('p9'))
    expect(reached.status('anna')).toBe('wrapUp')
    const unreached = dialling(office({}, 20_000))
    unreached.ends(unreached.rungAt('p9'), 'busy')
    expect(unreached.status('anna')).toBe('ready')
  })
})

describe('agent to agent', () => {
  const calls = (stage: Stage): Stage => {
    dial(stage, { agentId: 'agent1', to: { agentId: 'agent2' } })
    stage.wait(1_000)
    stage.answers(stage.phoneOf('agent1'))
    return stage
  }

  it('C1: a short conversation, then a consult', () => {
    const stage = calls(office())
    expect(stage.effects).toContainEqual({ type: 'music.start', legId: stage.phoneOf('agent1'), music: 'ringing' })
    stage.wait(10_000)
    stage.answers(stage.phoneOf('agent2'))
    stage.wait(198_000)
    stage.ends(stage.phoneOf('agent2'))
    expectCase(stage, 'C1')
  })

  it('C2: not answered; the colleague is free again at once', () => {
    const stage = calls(office())
    stage.wait(30_000)
    expectCase(stage, 'C2')
    expect([stage.status('agent1'), stage.status('agent2')]).toEqual(['ready', 'ready'])
  })

  it('a colleague taken meanwhile is not rung', () => {
    const stage = office()
    dial(stage, { agentId: 'agent1', to: { agentId: 'agent2' } })
    dial(stage, { agentId: 'agent2' })
    stage.answers(stage.phoneOf('agent1'))
    expect(stage.effects.filter((effect) => effect.type === 'leg.ring')).toHaveLength(2)
    expect(stage.status('agent1')).toBe('ready')
  })

  it('who was paused is paused again, with the same reason', () => {
    const stage = office()
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    calls(stage)
    stage.answers(stage.phoneOf('agent2'))
    stage.ends(stage.phoneOf('agent1'))
    expect(stage.world.agents.get('agent2')).toMatchObject({ status: 'paused', reason: 'lunch' })
  })
})

describe('who may call, and whom', () => {
  const refusal = (stage: Stage, change: Partial<Dial> = {}) => dial(stage, change).refused
  const to = (barred: Extract<Dial['to'], { barred: unknown }>['barred'], person = 'p9') => ({ to: { person, barred } })

  it('the table of states', () => {
    const stage = office()
    expect(refusal(stage, { agentId: 'nobody' })).toEqual({ refused: 'agent.unknown', field: 'agentId' })
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    expect(refusal(stage)).toEqual({ refused: 'agent.loggedOff' })
    stage.logOn('anna')
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' })
    expect(refusal(stage)).toBeNull()
    expect(refusal(stage)).toEqual({ refused: 'agent.inCall' })
    hangUp(stage)
    expect(stage.world.agents.get('anna')).toMatchObject({ status: 'paused', reason: 'lunch' })
  })

  it.each(['invalid', 'premium', 'sharedCost', 'country', 'prefix'] as const)('a number that is %s', (barred) => {
    expect(refusal(office(), to(barred))).toEqual({ refused: `number.${barred}`, field: 'to' })
  })

  it('our own numbers, ourselves, nobody, a queue, and a caller’s number that is not ours to show', () => {
    expect(refusal(office(), to(null, 'line'))).toEqual({ refused: 'number.own', field: 'to' })
    expect(refusal(office(), { to: { agentId: 'anna' } })).toEqual({ refused: 'callee.self', field: 'to' })
    expect(refusal(office(), { to: { agentId: 'nobody' } })).toEqual({ refused: 'callee.unknown', field: 'to' })
    expect(refusal(office(), { to: { queueId: 'support' } })).toEqual({ refused: 'callee.queue', field: 'to' })
    expect(refusal(office(), { callerId: 'other' })).toEqual({ refused: 'callerId.unknown', field: 'callerId' })
  })

  it('a colleague in a matter, in wrap-up or away', () => {
    const stage = office()
    dial(stage, { agentId: 'agent2' })
    expect(refusal(stage, { to: { agentId: 'agent2' } })).toEqual({ refused: 'callee.notFree', field: 'to' })
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'agent1' })
    expect(refusal(stage, { to: { agentId: 'agent1' } })).toEqual({ refused: 'callee.notFree', field: 'to' })
  })

  it('so many at one time, and so many to one number in a day', () => {
    const full = office({ liveMax: 1 })
    dialling(full)
    expect(refusal(full, { agentId: 'agent1', to: { person: 'p8', barred: null } })).toEqual({ refused: 'outbound.liveMax' })
    const often = office({ perNumberADay: 1 })
    dial(often)
    hangUp(often)
    expect(refusal(often)).toEqual({ refused: 'outbound.perNumber', field: 'to' })
    often.wait(86_400_000)
    expect(refusal(often)).toBeNull()
  })

  it('so many of one agent at one time, another’s not counted', () => {
    const stage = office({ liveMaxPerAgent: 0 })
    expect(refusal(stage)).toEqual({ refused: 'outbound.liveMaxPerAgent' })
    const one = office({ liveMaxPerAgent: 1 })
    dialling(one)
    expect(refusal(one, { agentId: 'agent1', to: { person: 'p8', barred: null } })).toBeNull()
  })

  it('in wrap-up, which it ends', () => {
    const stage = dialling(office({}, 20_000))
    stage.answers(stage.rungAt('p9'))
    stage.ends(stage.rungAt('p9'))
    expect(refusal(stage)).toBeNull()
    expect(stage.all('agent.wrapUpEnded')).toMatchObject([{ by: 'agent' }])
  })
})

describe('an emergency call', () => {
  const help = { to: { person: 'p112', barred: 'emergency' } } as const

  it('goes through with every limit exhausted, logged off, in wrap-up and while a phone rings for an offer', () => {
    const stage = office({ liveMax: 0, liveMaxPerAgent: 0, perNumberADay: 0, emergencyTrunk: 'sos' })
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    expect(dial(stage, help).refused).toBeNull()
    stage.answers(stage.phoneOf('anna'))
    expect(stage.effects.at(-2)).toMatchObject({ type: 'leg.ring', to: { person: 'p112' }, trunk: 'sos', emergency: true })
    stage.ends(stage.phoneOf('anna'))
    expect(stage.status('anna')).toBe('loggedOff')
  })

  it('of one who is logged off logs nobody on: not by a pause or Ready pressed meanwhile, nor in its wrap-up', () => {
    const stage = office({}, 20_000)
    const ask = (type: 'agent.logOn' | 'agent.logOff' | 'agent.return') => stage.ask({ type, by: 'agent', agentId: 'anna' }).refused
    const pause = () => stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' }).refused
    ask('agent.logOff')
    dial(stage, help)
    stage.answers(stage.phoneOf('anna'))
    stage.answers(stage.rungAt('p112'))
    for (const refused of [ask('agent.return'), ask('agent.logOff'), pause()]) expect(refused).toEqual({ refused: 'agent.loggedOff' })
    expect(ask('agent.logOn')).toEqual({ refused: 'agent.inCall' })
    stage.ends(stage.rungAt('p112'))
    expect(stage.status('anna')).toBe('wrapUp')
    for (const refused of [ask('agent.return'), pause(), dial(stage).refused]) expect(refused).toEqual({ refused: 'agent.loggedOff' })
    stage.wait(20_000)
    expect(stage.status('anna')).toBe('loggedOff')
  })

  it('may be followed by logging on in its wrap-up', () => {
    const stage = office({}, 20_000)
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    dial(stage, help)
    stage.answers(stage.phoneOf('anna'))
    stage.answers(stage.rungAt('p112'))
    stage.ends(stage.rungAt('p112'))
    expect(stage.ask({ type: 'agent.logOn', by: 'agent', agentId: 'anna' }).refused).toBeNull()
    expect(stage.status('anna')).toBe('ready')
    expect(stage.all('agent.loggedOn').at(-1)).toMatchObject({ agentId: 'anna' })
  })

  it('withdraws a ring: the caller keeps his place', () => {
    const stage = office()
    for (const agentId of ['agent1', 'agent2']) stage.ask({ type: 'agent.logOff', by: 'agent', agentId })
    stage.joins('1')
    const offered = stage.phoneOf('anna')
    expect(dial(stage, help).refused).toBeNull()
    expect(stage.all('leg.ended')).toMatchObject([{ legId: offered, outcome: 'withdrawn' }])
    expect(stage.world.queues.get('support')?.line).toHaveLength(1)
    stage.ends(stage.phoneOf('anna'))
    expect(stage.status('anna')).toBe('connecting')
  })

  it('goes over the trunk for these, then over each of the others once', () => {
    const plain = solutionOf([], [agentOf('anna')], { trunks: ['main', 'sos', 'spare'] })
    const stage = new Stage({ ...plain, outbound: { ...plain.outbound, emergencyTrunk: 'sos' } }, T0)
    stage.logOn('anna')
    dial(stage, help)
    stage.answers(stage.phoneOf('anna'))
    for (let times = 0; times < 4; times += 1) stage.ends(stage.rungAt('p112'), 'failed', 'network')
    expect(stage.all('leg.requested').map((fact) => fact.trunk)).toEqual([undefined, 'sos', 'main', 'spare'])
    expect(stage.world.calls.size).toBe(0)
  })

  it('is refused to a token, and where it is switched off', () => {
    expect(dial(office(), { ...help, origin: 'api' }).refused).toEqual({ refused: 'number.emergency', field: 'to' })
    expect(dial(office({ emergencyCalls: false }), help).refused).toEqual({ refused: 'number.emergency', field: 'to' })
  })
})
