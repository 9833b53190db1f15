/** calls.md 1, 3, 4 and 5: what is promised to those in a conversation beside the stories of `talking.test.ts`, a promise each. */
import { describe, expect, it } from 'vitest'
import { T0 } from '../archive/cases/script.ts'
import type { PeopleInput } from '../inputs.ts'
import type { Solution } from '../solution/solution.ts'
import { centre, ordersOnLine } from './callbacks.support.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'
import { agent2, fail, outside, sales, Talk } from './talk.support.ts'

const help = { person: 'p112', barred: 'emergency' } as const
const change = (stage: Stage, how: (solution: Solution) => Partial<Solution>): void => {
  const solution = stage.solutions.get(stage.world.solution) ?? fail()
  stage.solutions.set(solution.version, { ...solution, ...how(solution) })
}
const dial = (stage: Stage, agentId: string, more: Partial<Extract<PeopleInput, { type: 'call.dial' }>> = {}) =>
  stage.do({ type: 'call.dial', by: 'agent', agentId, to: { person: 'p9', barred: null }, origin: 'desk', ...more }).refused

describe('calls.md 1: from which state one may call, and be called by a colleague', () => {
  /** anna in a state. */
  const inState: Readonly<Record<string, (stage: Stage) => void>> = {
    loggedOff: (stage) => stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' }),
    ready: () => undefined,
    connecting: (stage) => stage.joins('1'),
    connected: (stage) => {
      stage.joins('1')
      stage.answers(stage.phoneOf('anna'))
    },
    wrapUp: (stage) => {
      const caller = stage.joins('1')
      stage.answers(stage.phoneOf('anna'))
      stage.ends(caller)
    },
    rejected: (stage) => {
      stage.joins('1')
      stage.ends(stage.phoneOf('anna'), 'rejected')
    },
    noAnswer: (stage) => {
      stage.joins('1')
      stage.wait(20_000)
    },
    paused: (stage) => stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' }),
    unreachable: (stage) => stage.do({ type: 'phone.lose', agentId: 'anna' }),
  }
  it.each(
    `
    state       | own call          | called by a colleague
    loggedOff   | agent.loggedOff   | callee.notFree
    ready       | yes               | yes
    connecting  | agent.inCall      | callee.notFree
    connected   | agent.inCall      | callee.notFree
    wrapUp      | yes               | callee.notFree
    rejected    | yes               | callee.notFree
    noAnswer    | yes               | callee.notFree
    paused      | yes               | yes
    unreachable | agent.unreachable | callee.notFree
  `
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('|').map((word) => word.trim())),
  )('%s: own call %s, called %s', (state, own, called) => {
    const stage = (): Stage => {
      const office = new Stage(
        solutionOf(
          [queueOf('support', { wrapUpMs: 60_000, skill: 'support' })],
          [agentOf('anna', { skills: { support: 1 } }), agentOf('bo', { skills: {} })],
        ),
      )
      office.logOn('anna', 'bo')
      inState[state ?? '']?.(office)
      expect(office.status('anna')).toBe(state)
      return office
    }
    expect(dial(stage(), 'anna')?.refused ?? 'yes').toBe(own)
    expect(dial(stage(), 'bo', { to: { agentId: 'anna' } })?.refused ?? 'yes').toBe(called)
  })
})

it('calls.md 3: Cancel is for who ordered the call, not for whom was called', () => {
  const stage = new Talk()
  dial(stage, 'agent2', { to: { agentId: 'agent3' } })
  stage.answers(stage.phoneOf('agent2'))
  stage.answers(stage.phoneOf('agent3'))
  const { callId = '' } = stage.world.agents.get('agent3')?.matter ?? {}
  expect(stage.do({ type: 'call.cancel', by: 'agent', agentId: 'agent3', callId }).refused).toEqual({ refused: 'call.notYours' })
  expect(stage.status('agent2')).toBe('connected')
})

describe('calls.md 3: the number shown', () => {
  it('towards whom outside is asked or given the call: the solution’s own, whichever line was called', () => {
    for (const give of ['consult', 'transfer'] as const) {
      const stage = new Talk()
      change(stage, ({ outbound, lines }) => ({
        outbound: { ...outbound, callerId: 'ours' },
        lines: { ...lines, ours: { ...(lines['line'] ?? fail()), personId: 'ours' } },
      }))
      stage[give](outside)
      expect(stage.effects.findLast((effect) => effect.type === 'leg.ring')).toMatchObject({ to: { person: 'p-out' }, callerId: 'ours' })
    }
  })
})

describe('calls.md 4', () => {
  const welcomed = (): Talk => {
    const stage = new Talk()
    stage.end()
    change(stage, ({ queues }) => ({ queues: { ...queues, support: { ...(queues['support'] ?? fail()), welcome: 'connected' } } }))
    stage.joins('1', 'p2')
    stage.answers(stage.phoneOf('agent1'))
    return stage
  }

  it('the welcome message is cut short by hold', () => {
    const stage = welcomed()
    const { callId = '' } = stage.world.agents.get('agent1')?.matter ?? {}
    expect(stage.all('menu.entered').at(-1)).toMatchObject({ callId, menuId: 'connected' })
    stage.do({ type: 'talk.hold', by: 'agent', agentId: 'agent1', callId })
    expect(stage.all('menu.left').at(-1)).toMatchObject({ callId, menuId: 'connected', how: 'withdrawn' })
  })

  it('a queue that holds as many callers as it may takes no transfer and no consult', () => {
    const stage = new Talk()
    change(stage, ({ queues }) => ({ queues: { ...queues, sales: queueOf('sales', { waitingMax: 0 }) } }))
    expect([stage.transfer(sales), stage.consult(sales)]).toEqual([
      { refused: 'queue.full', field: 'to' },
      { refused: 'queue.full', field: 'to' },
    ])
  })

  it('who waits for a consult is not taken off hold but by its end', () => {
    const stage = new Talk()
    stage.consult(agent2)
    expect(stage.says('talk.resume')).toEqual({ refused: 'talk.notHeld' })
    expect(stage.heard().music).toEqual({ customer: 'default', agent1: 'ringing' })
  })

  it('given away blind out of a conference, the customer waits alone for whom is rung', () => {
    const stage = new Talk()
    stage.consult(agent2)
    stage.answers(stage.phoneOf('agent2'))
    stage.says('talk.conference')
    expect(stage.transfer(outside)).toBeNull()
    expect([stage.status('agent2'), stage.heard().joined]).toEqual(['ready', []])
    stage.answers(stage.rungAt('p-out'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'outside']], music: {} })
  })

  it('swapped to the customer, a conference brings whom was asked back too', () => {
    const stage = new Talk()
    stage.consult(agent2)
    stage.answers(stage.phoneOf('agent2'))
    stage.says('talk.swap')
    expect(stage.heard().music).toEqual({ agent2: 'default' })
    stage.says('talk.conference')
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1', 'agent2']], music: {} })
    expect(stage.all('leg.resumed').at(-1)).toMatchObject({ legId: stage.phoneOf('agent2') })
  })

  it('swapped to the customer, who hangs up: the agents talk, and nobody counts as on hold', () => {
    const stage = new Talk()
    stage.consult(agent2)
    stage.answers(stage.phoneOf('agent2'))
    stage.says('talk.swap')
    stage.ends(stage.line)
    expect(stage.heard()).toEqual({ joined: [['agent1', 'agent2']], music: {} })
    expect(stage.all('leg.resumed').at(-1)).toMatchObject({ legId: stage.phoneOf('agent2') })
  })

  it('who gave the customer away is rung when nobody took him, in the wrap-up it began, too', () => {
    const stage = new Talk()
    change(stage, ({ queues }) => ({ queues: { ...queues, support: { ...(queues['support'] ?? fail()), wrapUpMs: 60_000 } } }))
    stage.transfer(agent2)
    expect(stage.status('agent1')).toBe('wrapUp')
    stage.ends(stage.phoneOf('agent2'), 'rejected')
    expect(stage.all('leg.requested').at(-1)).toMatchObject({ agentId: 'agent1', purpose: 'rungBack' })
    expect(stage.all('agent.wrapUpEnded').at(-1)).toMatchObject({ agentId: 'agent1', by: 'agent' })
  })

  it.each(['talk.consult', 'talk.transfer'] as const)(
    'a callback whose customer is handed on (%s) was answered by no machine: it is over',
    (type) => {
      const stage = centre({ retryVoicemail: true })
      ordersOnLine(stage)
      stage.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
      stage.answers(stage.phoneOf('anna'))
      stage.answers(stage.rungAt('p1'))
      const { callId = '' } = stage.world.agents.get('anna')?.matter ?? {}
      expect(stage.all('callback.attemptEnded')).toEqual([])
      stage.do({ type, by: 'agent', agentId: 'anna', callId, to: outside })
      expect(stage.all('callback.attemptEnded')).toMatchObject([{ outcome: 'answered', next: 'close' }])
      expect(stage.do({ type: 'callback.markVoicemail', by: 'agent', agentId: 'anna', callId }).refused).not.toBeNull()
    },
  )
})

describe('calls.md 5: emergency numbers', () => {
  it('nobody is given one blind', () => expect(new Talk().transfer(help)).toEqual({ refused: 'number.emergency', field: 'to' }))

  it('nobody asks for one but the agent, at the desk', () => {
    const stage = new Talk()
    expect(dial(stage, 'agent2', { by: 'supervisor', to: help })).toEqual({ refused: 'number.emergency', field: 'to' })
    expect(dial(stage, 'agent1', { by: 'supervisor', to: help })).toEqual({ refused: 'number.emergency', field: 'to' })
    expect(dial(stage, 'agent1', { origin: 'api', to: help })).toEqual({ refused: 'number.emergency', field: 'to' })
    expect(stage.at).toBe(T0)
  })

  it('are shown the number of the agent’s place, whatever was picked, called by themselves and in a consult', () => {
    const stage = new Talk()
    change(stage, ({ agents, outbound }) => ({
      agents: { ...agents, agent1: { ...(agents['agent1'] ?? fail()), emergencyCallerId: 'gotland' } },
      outbound: { ...outbound, callerIds: ['picked'] },
    }))
    const shown = () => stage.effects.findLast((effect) => effect.type === 'leg.ring' && 'person' in effect.to)
    expect(dial(stage, 'agent1', { to: help, callerId: 'picked' })).toBeNull()
    expect(shown()).toMatchObject({ emergency: true, callerId: 'gotland' })
    stage.end()
    expect(dial(stage, 'agent1', { to: help, callerId: 'picked' })).toBeNull()
    stage.answers(stage.phoneOf('agent1'))
    expect(shown()).toMatchObject({ emergency: true, callerId: 'gotland' })
    expect(dial(stage, 'agent2', { to: help, callerId: 'picked' })).toBeNull()
    stage.answers(stage.phoneOf('agent2'))
    expect(shown()).toMatchObject({ emergency: true, callerId: 'line' })
  })

  it('a wrap-up ends where the call begins', () => {
    const stage = new Talk()
    change(stage, ({ queues }) => ({ queues: { ...queues, support: { ...(queues['support'] ?? fail()), wrapUpMs: 60_000 } } }))
    stage.end()
    expect(dial(stage, 'agent1', { to: help })).toBeNull()
    expect(stage.all('agent.wrapUpEnded')).toMatchObject([{ agentId: 'agent1', by: 'agent' }])
  })
})

describe('a customer given to a queue in which others wait', () => {
  it('stands behind them, also for the agent who gave him away and is free now', () => {
    const stage = new Talk()
    stage.until(10)
    stage.joins('1', 'p2')
    const waited = stage.all('entry.joined').at(-1)
    stage.until(30)
    expect(stage.transfer({ queueId: 'support' })).toBeNull()
    expect(stage.all('leg.requested').at(-1)).toMatchObject({ agentId: 'agent1', entryId: waited?.entryId })
  })
})
