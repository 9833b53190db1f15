/** calls.md 1: callers, exits, offers, races. Given a small contact centre, when people do this, then these are the facts. */
import { describe, expect, it } from 'vitest'
import { centre, figures, left, nobodyFree, types } from './inbound.support.ts'
import { agentOf, callbackSettings, NINE, queueOf, Stage, solutionOf } from './stage.support.ts'

describe('a caller', () => {
  it('is put through: rung, joined, ended, wrapped up, ready', () => {
    const stage = centre({ wrapUpMs: 20_000, welcome: 'welcome.both' })
    stage.logOn('anna')
    const caller = stage.joins('1')
    stage.wait(3_000)
    expect(stage.status('anna')).toBe('connecting')
    const phone = stage.phoneOf('anna')
    const mark = stage.facts.length
    stage.answers(phone)
    expect(types(stage, mark)).toEqual(['leg.answered', 'bridge.joined', 'menu.entered', 'entry.left'])
    expect(stage.since(mark, 'bridge.joined')[0]?.legs).toEqual([caller, phone])
    expect(stage.since(mark, 'menu.entered')[0]).toMatchObject({
      menuId: 'welcome.both',
      what: 'message',
      then: null,
      legs: [caller, phone],
    })
    expect(left(stage)).toEqual(['support answered'])
    stage.wait(60_000)
    stage.ends(caller)
    expect(stage.status('anna')).toBe('wrapUp')
    stage.wait(19_999)
    expect(stage.status('anna')).toBe('wrapUp')
    stage.wait(1)
    expect(stage.status('anna')).toBe('ready')
    expect(stage.world.calls.size).toBe(0)
  })

  it('gone while the engine was away takes no exit, though the wait is over and the agent’s ring is too', () => {
    const stage = centre({ waitMsMax: 20_000 })
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    const callId = stage.call(caller)?.id ?? 'none'
    stage.at += 25_000
    const ended = (legId: string, outcome: 'rejected' | 'answered', after: number) =>
      ({ type: 'leg.end', legId, outcome, by: 'party', cause: 16, happenedAt: NINE + after, reconciled: true }) as const
    stage.do({ type: 'legs.learn', callId, legs: [ended(phone, 'rejected', 4_000), ended(caller, 'answered', 5_000)] })
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'hungUp', happenedAt: NINE + 5_000 }])
    expect(stage.all('menu.entered').map(({ menuId }) => menuId)).toEqual(['main'])
  })

  it('hears the customer’s number shown to the agent, never a number in a fact', () => {
    const stage = centre()
    stage.logOn('anna')
    stage.joins('1')
    expect(stage.effects.find((effect) => effect.type === 'leg.ring')).toMatchObject({ to: { agent: 'anna' }, callerId: 'p1' })
  })

  it('chooses while the prompt plays; a wrong digit or silence repeats it, the third leads out', () => {
    const stage = centre()
    const caller = stage.arrive()
    stage.press(caller, '9')
    stage.hear(caller)
    stage.wait(5_000)
    expect(stage.all('menu.repeated').map(({ why, tries }) => [why, tries])).toEqual([
      ['wrong', 1],
      ['silence', 2],
    ])
    stage.press(caller, '9')
    expect(stage.all('menu.left')[0]).toMatchObject({ menuId: 'main', how: 'gaveUp' })
    expect(stage.call(caller)?.menu?.menuId).toBe('sorry')
    stage.hear(caller)
    expect(stage.all('call.ended')).toHaveLength(1)
  })

  it('may type ahead: the digits serve the next prompt', () => {
    const office = queueOf('office')
    const solution = solutionOf([office], [agentOf('anna')], {
      menus: {
        main: { name: 'a', prompt: 'a', choices: { 1: { menu: 'second' } }, triesMax: 3, silenceMs: 5_000, otherwise: { hangUp: true } },
        second: { name: 'b', prompt: 'b', choices: { 4: { queue: 'office' } }, triesMax: 3, silenceMs: 5_000, otherwise: { hangUp: true } },
      },
    })
    const stage = new Stage(solution)
    stage.logOn('anna')
    stage.press(stage.arrive(), '14')
    expect(stage.all('entry.joined')).toHaveLength(1)
  })

  it('goes by the hours', () => {
    const solution = solutionOf([queueOf('support')], [agentOf('anna')], {
      lines: {
        line: {
          personId: 'line',
          name: 'Main',
          target: { hours: 'office', open: { queue: 'support' }, closed: { message: 'closed', then: null } },
          language: 'en',
          trunk: 'main',
        },
      },
    })
    const stage = new Stage(solution, NINE + 8 * 3_600_000 - 1)
    stage.logOn('anna')
    stage.arrive('p1')
    stage.wait(1)
    stage.arrive('p2')
    expect(stage.all('hours.asked').map(({ open }) => open)).toEqual([true, false])
    expect(stage.all('entry.joined')).toHaveLength(1)
    expect(stage.all('menu.entered')).toMatchObject([{ menuId: 'closed', what: 'message' }])
  })

  it('to a number that is not ours is refused before any prompt, and leaves no call', () => {
    const stage = centre()
    const done = stage.do({ type: 'leg.arrive', legId: 'x', line: null, caller: 'p1', callable: true })
    expect(done.facts).toEqual([])
    expect(done.effects).toEqual([{ type: 'leg.hangUp', legId: 'x', why: 'overload' }])
  })
})

describe('exits', () => {
  it('closed, on joining', () => {
    const stage = new Stage(solutionOf([queueOf('support', { hours: 'office' })], [agentOf('anna')]), NINE - 3_600_001)
    stage.logOn('anna')
    const caller = stage.joins('1')
    expect(left(stage)).toEqual(['support closed'])
    expect(stage.call(caller)?.menu?.menuId).toBe('closed')
  })

  it('closing does not throw out those on the line; by setting it does', () => {
    for (const closedExitForWaiting of [false, true]) {
      const stage = nobodyFree({ hours: 'office', closedExitForWaiting })
      stage.joins('1')
      stage.wait(8 * 3_600_000)
      expect(left(stage)).toEqual(closedExitForWaiting ? ['support closed'] : [])
    }
  })

  it('full counts callers on the line, those who are ordering too, but no callbacks', () => {
    const stage = nobodyFree({ waitingMax: 1, callback: callbackSettings() })
    stage.orders('support', 'p8')
    const first = stage.joins('1', 'p1')
    stage.press(first, '2')
    expect(stage.call(first)?.entry?.status).toBe('ordering')
    stage.joins('1', 'p2')
    expect(left(stage)).toEqual(['support full'])
  })

  it('no agents, on joining: nobody logged on; paused counts as logged on', () => {
    const deserted = centre()
    deserted.joins('1')
    expect(left(deserted)).toEqual(['support noAgents'])
    const paused = nobodyFree()
    paused.joins('1')
    expect(left(paused)).toEqual([])
  })

  it('no agents, again 60 s after the last one left: callers go, callbacks stay', () => {
    const stage = nobodyFree({ callback: callbackSettings() })
    stage.joins('1', 'p1')
    stage.orders('support', 'p2')
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    stage.wait(59_999)
    expect(left(stage)).toEqual([])
    stage.wait(1)
    expect(left(stage)).toEqual(['support noAgents'])
    expect(stage.world.queues.get('support')?.callbacks).toBe(1)
  })

  it('somebody back within the 60 s: nobody is thrown out', () => {
    const stage = nobodyFree()
    stage.joins('1')
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    stage.wait(59_000)
    stage.logOn('bo')
    stage.ask({ type: 'offer.reject', by: 'agent', agentId: 'bo', callId: stage.all('call.started')[0]?.callId ?? '' })
    stage.wait(10_000)
    expect(left(stage)).toEqual([])
  })

  it('the maximum wait', () => {
    const stage = nobodyFree({ waitMsMax: 120_000 })
    const caller = stage.joins('1')
    stage.wait(119_999)
    expect(left(stage)).toEqual([])
    stage.wait(1)
    expect(left(stage)).toEqual(['support timedOut'])
    expect(stage.call(caller)?.menu?.menuId).toBe('sorry')
  })

  it('the maximum wait while an agent is being rung: after that offer', () => {
    const stage = nobodyFree({ waitMsMax: 120_000 })
    stage.joins('1', 'p1')
    stage.wait(110_000)
    stage.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
    stage.wait(10_000)
    expect(left(stage)).toEqual([])
    stage.wait(10_000)
    expect(left(stage)).toEqual(['support timedOut'])
    const taken = nobodyFree({ waitMsMax: 120_000 })
    taken.joins('1', 'p1')
    taken.wait(110_000)
    taken.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
    taken.wait(15_000)
    taken.answers(taken.phoneOf('anna'))
    expect(left(taken)).toEqual(['support answered'])
  })

  it('the maximum wait while ordering a callback: when the caller is back', () => {
    const stage = nobodyFree({ waitMsMax: 120_000, callback: callbackSettings() })
    const caller = stage.joins('1')
    stage.wait(119_000)
    stage.press(caller, '2')
    stage.wait(2_000)
    expect(left(stage)).toEqual([])
    stage.press(caller, '*')
    expect(left(stage)).toEqual(['support timedOut'])
  })
})

describe('who does not take an offer', () => {
  it('rejecting: the entry stays where it was and goes to the next agent, not the same one again at once', () => {
    const stage = centre()
    stage.logOn('anna', 'bo')
    const caller = stage.joins('1')
    const callId = stage.call(caller)?.id ?? ''
    const joinedAt = stage.call(caller)?.entry?.joinedAt
    stage.wait(5_000)
    stage.ask({ type: 'offer.reject', by: 'agent', agentId: 'anna', callId })
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['rejected', 'connecting'])
    stage.ask({ type: 'offer.reject', by: 'agent', agentId: 'bo', callId })
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['rejected', 'rejected'])
    expect(stage.call(caller)?.entry).toMatchObject({ status: 'waiting', joinedAt, offer: null })
    stage.wait(30_000)
    expect(stage.status('anna')).toBe('connecting')
  })

  it('not answering, three in a row: paused, by the system', () => {
    const stage = centre()
    stage.logOn('anna')
    stage.joins('1')
    stage.wait(2 * (20_000 + 30_000) + 19_999)
    expect(stage.status('anna')).toBe('connecting')
    stage.wait(1)
    expect(stage.world.agents.get('anna')).toMatchObject({ status: 'paused', reason: 'noAnswer' })
    expect(stage.all('leg.requested')).toHaveLength(3)
  })
})

describe('races', () => {
  it('customer gone, the agent’s answer not yet taken: the ring ends, ready, no wrap-up, not an answer', () => {
    const stage = centre({ wrapUpMs: 20_000 })
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    stage.ends(caller)
    stage.answers(phone)
    expect(stage.status('anna')).toBe('ready')
    expect(left(stage)).toEqual(['support hungUp'])
    expect(stage.all('leg.ended')).toMatchObject([{ legId: caller }, { legId: phone, outcome: 'withdrawn', by: 'us' }])
    expect(stage.effects.at(-1)).toEqual({ type: 'leg.hangUp', legId: phone, why: 'withdrawn' })
    expect(figures(stage)).toMatchObject({ offered: 1, answered: 0, short: 1 })
  })

  it('callback digit, an agent being rung: the ring is withdrawn, the menu starts', () => {
    const stage = centre({ callback: callbackSettings() })
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    const mark = stage.facts.length
    stage.press(caller, '2')
    expect(types(stage, mark)).toEqual(['leg.ended', 'callback.orderStarted', 'menu.entered', 'agent.returned'])
    expect(stage.since(mark, 'leg.ended')).toMatchObject([{ legId: phone, outcome: 'withdrawn' }])
    expect(stage.status('anna')).toBe('ready')
  })

  it('our ringing timeout, then the answer: that leg is ended at once, never joined', () => {
    const stage = centre()
    stage.logOn('anna')
    stage.joins('1')
    const phone = stage.phoneOf('anna')
    stage.wait(20_000)
    expect(stage.all('leg.ended')).toMatchObject([{ legId: phone, outcome: 'unanswered', by: 'us' }])
    stage.answers(phone)
    expect(stage.all('bridge.joined')).toEqual([])
  })

  it('the answer at the very instant of the timeout, which has not run yet: too late', () => {
    const stage = centre()
    stage.logOn('anna')
    stage.joins('1')
    const phone = stage.phoneOf('anna')
    stage.at += 20_000
    stage.answers(phone)
    expect(stage.all('leg.ended')).toMatchObject([{ legId: phone, outcome: 'unanswered' }])
    expect(stage.all('bridge.joined')).toEqual([])
  })

  it('both hang up: one end, by the first', () => {
    const stage = centre()
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    stage.answers(phone)
    stage.ends(caller)
    stage.ends(phone)
    expect(stage.all('leg.ended')).toMatchObject([
      { legId: caller, by: 'party', outcome: 'answered' },
      { legId: phone, by: 'us', outcome: 'answered' },
    ])
    expect(stage.all('call.ended')).toHaveLength(1)
  })

  it('a supervisor takes out a caller who is being offered: nobody is rung any more', () => {
    const stage = centre()
    stage.logOn('anna')
    const caller = stage.joins('1')
    stage.ask({ type: 'entry.delete', by: 'supervisor', user: 'eva', entryId: stage.call(caller)?.entry?.id ?? '' })
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'deleted', by: 'supervisor', why: 'supervisor', user: 'eva' }])
    expect(stage.status('anna')).toBe('ready')
    expect(stage.world.calls.size).toBe(0)
  })

  it('what the switch says twice happens once', () => {
    const stage = centre()
    stage.logOn('anna')
    const caller = stage.joins('1')
    const phone = stage.phoneOf('anna')
    for (const _ of [1, 2]) stage.answers(phone)
    for (const _ of [1, 2]) stage.ends(caller)
    stage.do({ type: 'leg.arrive', legId: caller, line: 'line', caller: 'p1', callable: true })
    expect(stage.all('bridge.joined')).toHaveLength(1)
    expect(stage.all('call.ended')).toHaveLength(1)
  })
})
