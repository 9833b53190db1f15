/**
 * calls.md 4: one of three asks somebody. The customer is put on hold, and whoever else was in the conversation with him: both hear music
 * until the one who asks is back, and nobody is left in silence.
 */
import { describe, expect, it } from 'vitest'
import { projectCall } from '../archive/projection.ts'
import { callOf } from '../facts.ts'
import { agent2, outside, sales, Talk } from './talk.support.ts'

/** agent1, agent2 and the customer. agent3 is sales. */
function three(): Talk {
  const stage = new Talk('agent3')
  stage.consult(agent2)
  stage.until(10).answers(stage.phoneOf('agent2'))
  stage.until(15).says('talk.conference')
  return stage
}
const all = { joined: [['customer', 'agent1', 'agent2']], music: {} }
const onHold = { customer: 'default', agent2: 'default' }

/** And agent1 has asked somebody outside, who answered. */
function asked(): Talk {
  const stage = three()
  stage.until(20).consult(outside)
  stage.until(25).answers(stage.rungAt('p-out'))
  return stage
}

const told = (stage: Talk): readonly string[] =>
  projectCall(stage.facts.filter(({ fact }) => callOf(fact) === stage.callId)).events.map(({ kind, agents }) =>
    [kind, ...(agents ?? [])].join(' '),
  )

describe('one of three asks somebody', () => {
  it('whose phone rings, and who is busy: the others hear music meanwhile, and all three are back', () => {
    const stage = three()
    stage.consult(outside)
    expect(stage.heard()).toEqual({ joined: [], music: { ...onHold, agent1: 'ringing' } })
    stage.ends(stage.rungAt('p-out'), 'busy')
    expect(stage.heard()).toEqual(all)
  })

  it('in a queue', () => {
    const stage = three()
    stage.consult(sales)
    expect(stage.heard()).toEqual({ joined: [], music: { ...onHold, agent1: 'default' } })
  })

  it('who answers, and leaves; the story tells of all three again', () => {
    const stage = asked()
    expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: onHold })
    stage.until(40).ends(stage.rungAt('p-out'))
    expect(stage.heard()).toEqual(all)
    stage.end()
    expect(told(stage)).toEqual([
      'menu',
      'queue',
      'conversation agent1',
      'consult agent1 agent2',
      'conversation agent1 agent2',
      'consult agent1',
      'conversation agent1 agent2',
    ])
  })

  it('and swaps to and fro', () => {
    const stage = asked()
    stage.says('talk.swap')
    expect(stage.heard()).toEqual({ ...all, music: { outside: 'default' } })
    stage.says('talk.swap')
    expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: onHold })
  })

  it('and brings him in', () => {
    const stage = asked()
    stage.says('talk.conference')
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1', 'outside', 'agent2']], music: {} })
  })

  it('and gives him the customer: the third stays', () => {
    const stage = asked()
    stage.says('talk.transfer')
    expect(stage.heard()).toEqual({ joined: [['customer', 'outside', 'agent2']], music: {} })
  })

  it('and gives the customer to whom still rings, or to the queue: he waits for that one alone', () => {
    for (const to of [outside, sales]) {
      const stage = three()
      stage.consult(to)
      stage.says('talk.transfer')
      expect([stage.status('agent1'), stage.status('agent2')]).toEqual(['ready', 'ready'])
      expect(stage.heard()).toMatchObject({ joined: [], music: { customer: 'default' } })
    }
  })
})

describe('somebody leaves while one of three asks', () => {
  it('who asks hangs up, or his phone is lost: the other two talk on, and nobody is rung any more', () => {
    for (const by of ['party', 'network'] as const) {
      const stage = three()
      stage.consult(outside)
      const rung = stage.rungAt('p-out')
      stage.ends(stage.phoneOf('agent1'), 'answered', by)
      expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
      expect(stage.all('leg.ended').at(-1)).toMatchObject({ legId: rung, outcome: 'withdrawn' })
    }
  })

  it('who asks hangs up on whom he asked: the customer is that one’s and the third’s', () => {
    const stage = asked()
    stage.ends(stage.phoneOf('agent1'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'outside', 'agent2']], music: {} })
  })

  it('the customer: who consults talks on, and the third, who only waited, is let go', () => {
    const stage = asked()
    stage.ends(stage.line)
    expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: {} })
    expect(stage.status('agent2')).toBe('ready')
    const ringing = three()
    ringing.consult(outside)
    ringing.ends(ringing.line)
    expect([ringing.world.calls.size, ringing.status('agent1'), ringing.status('agent2')]).toEqual([0, 'ready', 'ready'])
  })

  it('the third: the customer is still on hold, and back afterwards', () => {
    const stage = asked()
    stage.ends(stage.phoneOf('agent2'))
    expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: { customer: 'default' } })
    stage.ends(stage.rungAt('p-out'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
  })
})

it('who was put on hold by another of the three asks somebody: they hear each other, and all three are back', () => {
  const stage = three()
  stage.says('talk.hold', 'agent2')
  expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default', agent1: 'default' } })
  stage.until(20).consult(outside)
  expect(stage.heard()).toEqual({ joined: [], music: { ...onHold, agent1: 'ringing' } })
  stage.until(25).answers(stage.rungAt('p-out'))
  expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: onHold })
  stage.until(40).ends(stage.rungAt('p-out'))
  expect(stage.heard()).toEqual(all)
})

it('who put the other two on hold hangs up: they talk on', () => {
  const stage = three()
  stage.says('talk.hold')
  expect(stage.heard()).toEqual({ joined: [], music: onHold })
  stage.ends(stage.phoneOf('agent1'))
  expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
})

it('help called for out of a consult that was answered: its end is told, and the agent is back with the customer', () => {
  const stage = new Talk()
  stage.consult(agent2)
  stage.answers(stage.phoneOf('agent2'))
  stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent1', to: { person: 'p112', barred: 'emergency' }, origin: 'desk' })
  expect(stage.heard().music).toEqual({ customer: 'default', agent1: 'ringing' })
  expect(stage.all('bridge.joined').at(-1)).toMatchObject({ bridge: 'main', legs: [stage.line, stage.phoneOf('agent1')] })
  stage.ends(stage.rungAt('p112'), 'busy')
  expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
})
