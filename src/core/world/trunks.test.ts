/** Which trunk a number outside is rung over, and what is told of those that fail. */
import { describe, expect, it } from 'vitest'
import type { AgentPhone } from '../solution/solution.ts'
import { agentOf, callbackSettings, queueOf, Stage, solutionOf } from './stage.support.ts'

const OUTSIDE: AgentPhone = { kind: 'number', number: '+46855500000' }

/** Three trunks; the line comes in over the second. */
function stageWith(phone?: AgentPhone): Stage {
  const queue = queueOf('support', { callback: callbackSettings({ attemptsMax: 3 }) })
  const base = solutionOf([queue], [agentOf('anna', phone === undefined ? {} : { phone })])
  const lines = Object.fromEntries(Object.entries(base.lines).map(([id, line]) => [id, { ...line, trunk: 'two' }]))
  return new Stage({ ...base, lines, trunks: ['one', 'two', 'three'] })
}

const trunks = (stage: Stage) => stage.all('leg.requested').map(({ party, trunk }) => [party, trunk])
const refused = (stage: Stage, legId: string) => stage.ends(legId, 'failed', 'network')

/** A callback ordered, anna has answered: the customer is being rung. */
function dialling(stage = stageWith()): Stage {
  stage.orders('support', 'p1')
  stage.logOn('anna')
  stage.answers(stage.phoneOf('anna'))
  return stage
}

describe('the customer of a callback', () => {
  it('is rung over the trunk of the line first, then the others in order, the agent staying on the line', () => {
    const stage = dialling()
    refused(stage, stage.rungAt('p1'))
    refused(stage, stage.rungAt('p1'))
    expect(trunks(stage)).toEqual([
      ['agent', undefined],
      ['customer', 'two'],
      ['customer', 'one'],
      ['customer', 'three'],
    ])
    expect(stage.effects.flatMap((effect) => (effect.type === 'leg.ring' ? [effect.trunk] : []))).toEqual([
      undefined,
      'two',
      'one',
      'three',
    ])
    expect(stage.status('anna')).toBe('connected')
    stage.answers(stage.rungAt('p1'))
    expect(stage.all('callback.attemptEnded')).toMatchObject([{ attempt: 1, outcome: 'answered' }])
  })

  it('over the last in vain: the attempt has failed in the network', () => {
    const stage = dialling()
    for (let trunk = 0; trunk < 3; trunk += 1) refused(stage, stage.rungAt('p1'))
    expect(stage.all('callback.attemptEnded')).toMatchObject([{ counted: false, notCounted: 'network', next: 'retryNetwork' }])
    expect(stage.status('anna')).toBe('ready')
  })

  it('whose phone rang before the network failed is not rung again over another', () => {
    const stage = dialling()
    const leg = stage.rungAt('p1')
    stage.rings(leg)
    refused(stage, leg)
    expect(stage.all('leg.requested')).toHaveLength(2)
    expect(stage.all('callback.attemptEnded')).toMatchObject([{ notCounted: 'network' }])
  })

  it('is not tried over another trunk for what is the customer’s own: busy', () => {
    const stage = dialling()
    stage.ends(stage.rungAt('p1'), 'busy', 'network')
    expect(stage.all('leg.requested')).toHaveLength(2)
    expect(stage.all('alarm.raised')).toEqual([])
  })

  it('is not rung over another once he calls us himself', () => {
    const stage = dialling()
    const leg = stage.rungAt('p1')
    stage.arrive('p1')
    refused(stage, leg)
    expect(stage.all('leg.requested')).toHaveLength(2)
  })
})

describe('an agent whose phone is a number outside', () => {
  it('is rung over the next trunk for the same offer, and is neither missed nor rests', () => {
    const stage = stageWith(OUTSIDE)
    stage.logOn('anna')
    const caller = stage.joins('1')
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' })
    refused(stage, stage.phoneOf('anna'))
    expect(trunks(stage)).toEqual([
      ['agent', 'two'],
      ['agent', 'one'],
    ])
    expect(stage.status('anna')).toBe('connecting')
    stage.answers(stage.phoneOf('anna'))
    expect(stage.all('bridge.joined')).toMatchObject([{ legs: [caller, stage.phoneOf('anna')] }])
    stage.ends(caller)
    // The pause asked for while the phone was being rung is not forgotten.
    expect(stage.status('anna')).toBe('paused')
  })

  it('over none of them: as not answered, and the entry goes on', () => {
    const stage = stageWith(OUTSIDE)
    stage.logOn('anna')
    stage.joins('1')
    for (let trunk = 0; trunk < 3; trunk += 1) refused(stage, stage.phoneOf('anna'))
    expect(stage.status('anna')).toBe('noAnswer')
  })

  it('is not rung over another for a caller who is gone', () => {
    const stage = stageWith(OUTSIDE)
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    stage.ends(caller)
    refused(stage, phone)
    expect(stage.all('leg.requested')).toHaveLength(1)
  })
})

describe('alarms of one kind about different things', () => {
  it('each trunk that fails has its own, told once, and each is cleared on its own', () => {
    const stage = dialling()
    refused(stage, stage.rungAt('p1'))
    refused(stage, stage.rungAt('p1'))
    stage.answers(stage.rungAt('p1'))
    expect(stage.all('alarm.raised')).toEqual([
      { type: 'alarm.raised', alarm: 'trunk', about: 'two' },
      { type: 'alarm.raised', alarm: 'trunk', about: 'one' },
    ])
    stage.ends(stage.rungAt('p1'))
    stage.orders('support', 'p2')
    stage.answers(stage.phoneOf('anna'))
    refused(stage, stage.rungAt('p2'))
    expect(stage.all('alarm.raised')).toHaveLength(2)
    expect(stage.ask({ type: 'alarm.clear', by: 'supervisor', user: 'lena', alarm: 'trunk:two' }).refused).toBeNull()
    expect([...stage.world.alarms.keys()]).toEqual(['trunk:one'])
    expect(stage.all('alarm.cleared')).toEqual([{ type: 'alarm.cleared', alarm: 'trunk', about: 'two', by: 'lena' }])
    expect(stage.ask({ type: 'alarm.clear', by: 'supervisor', alarm: 'trunk' }).refused?.refused).toBe('alarm.unknown')
  })

  it('two calls set aside, two legs unknown, two damages of the journal', () => {
    const stage = stageWith()
    for (const caller of ['p1', 'p2']) stage.do({ type: 'call.setAside', callId: stage.call(stage.arrive(caller))?.id ?? '' })
    for (const about of ['a', 'a', 'b']) stage.do({ type: 'alarm.raise', alarm: 'unknownLeg', about })
    for (const about of ['17', '40', '40']) stage.do({ type: 'alarm.raise', alarm: 'journalTail', about, detail: 'cut' })
    expect([...stage.world.alarms.values()].map(({ alarm, about }) => [alarm, about])).toEqual([
      ['callSetAside', undefined],
      ['callSetAside', undefined],
      ['unknownLeg', 'a'],
      ['unknownLeg', 'b'],
      ['journalTail', '17'],
      ['journalTail', '40'],
    ])
  })

  it('a call that is over is not told of any more as one the switch does not join', () => {
    const stage = stageWith()
    const line = stage.arrive('p1')
    const callId = stage.call(line)?.id ?? ''
    stage.do({ type: 'join.fail', callId })
    expect([...stage.world.alarms.keys()]).toEqual([`notJoined:${callId}`])
    stage.ends(line)
    expect([...stage.world.alarms.keys()]).toEqual([])
    stage.do({ type: 'join.fail', callId })
    stage.do({ type: 'join.mend', callId })
    expect([stage.all('alarm.raised').length, stage.all('alarm.cleared').length]).toEqual([1, 1])
  })
})
