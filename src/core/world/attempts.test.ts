/** calls.md 2, Carrying out and Giving up. */
import { describe, expect, it } from 'vitest'
import { attempts, back, centre, HOUR, left, ordersOnLine, pause } from './callbacks.support.ts'
import { NINE } from './stage.support.ts'

describe('carrying out', () => {
  it('the agent is rung first; on the answer the customer, showing the line called; on the customer’s answer both are joined', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    const phone = stage.phoneOf('anna')
    expect(stage.rungAt('p1')).toBe('none')
    stage.answers(phone)
    const customer = stage.rungAt('p1')
    expect(stage.effects.filter((effect) => effect.type === 'leg.ring')).toMatchObject([
      { legId: phone, to: { agent: 'anna' }, callerId: 'p1' },
      { legId: customer, to: { person: 'p1' }, callerId: 'line' },
    ])
    expect(stage.effects).toContainEqual({ type: 'music.start', legId: phone, music: 'ringing' })
    stage.answers(customer)
    expect(stage.all('bridge.joined')).toMatchObject([{ legs: [customer, phone] }])
    expect(attempts(stage)).toEqual([[1, 'answered', true, 'close']])
    expect(left(stage)).toEqual(['answered'])
  })

  it('after the welcome message both talk on: no music, also where the callback stays open for a voicemail to be marked', () => {
    const stage = centre({ retryVoicemail: true }, { welcome: 'connected' })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    const customer = stage.rungAt('p1')
    stage.answers(customer)
    stage.hear(customer)
    expect(stage.all('menu.left').at(-1)).toMatchObject({ menuId: 'connected', how: 'finished' })
    expect(stage.effects).not.toContainEqual({ type: 'music.start', legId: customer, music: 'default' })
  })

  it('A2: not answered, the pause, the END of the queue, the second attempt', () => {
    const stage = centre({ attemptsMax: 2, ringMs: 25_000 })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.rings(stage.rungAt('p1'))
    stage.wait(25_000)
    expect(attempts(stage)).toEqual([[1, 'unanswered', true, 'pause']])
    expect(stage.status('anna')).toBe('ready')
    stage.wait(29_999)
    expect(stage.status('anna')).toBe('ready')
    stage.wait(1)
    stage.answers(stage.phoneOf('anna'))
    stage.answers(stage.rungAt('p1'))
    expect(left(stage)).toEqual(['answered'])
  })

  it('A3: none left: unreached, and the call is over', () => {
    const stage = centre({ attemptsMax: 1 })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.rungAt('p1'), 'rejected')
    expect(left(stage)).toEqual(['unreached'])
    expect(stage.world.calls.size).toBe(0)
    expect(stage.status('anna')).toBe('ready')
  })

  it('wrap-up after an attempt that reached nobody only where configured', () => {
    for (const wrapUpAfterUnanswered of [false, true]) {
      const stage = centre({ wrapUpAfterUnanswered }, { wrapUpMs: 20_000 })
      ordersOnLine(stage)
      back(stage)
      stage.answers(stage.phoneOf('anna'))
      stage.ends(stage.rungAt('p1'), 'unanswered')
      expect(stage.status('anna')).toBe(wrapUpAfterUnanswered ? 'wrapUp' : 'ready')
    }
  })

  it('the agent left before it had rung 15 s: the ring is withdrawn at once, FRONT, and not to that agent again unless alone', () => {
    const stage = centre()
    stage.logOn('bo')
    pause(stage, 'bo')
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    const customer = stage.rungAt('p1')
    stage.rings(customer)
    back(stage, 'bo')
    stage.wait(14_999)
    const mark = stage.facts.length
    stage.ends(stage.phoneOf('anna'))
    expect(stage.since(mark, 'leg.ended')).toMatchObject([{ by: 'party' }, { legId: customer, outcome: 'withdrawn', by: 'us' }])
    expect(attempts(stage)).toEqual([[1, 'withdrawn', false, 'front']])
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['ready', 'connecting'])
  })

  it('the agent who left is alone: offered again', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.phoneOf('anna'))
    expect(stage.status('anna')).toBe('connecting')
  })

  it('the agent who left becomes alone when the last other one pauses: offered then', () => {
    const stage = centre({}, { wrapUpMs: 60_000 })
    stage.logOn('bo')
    stage.joins('1', 'p2')
    stage.answers(stage.phoneOf('bo'))
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.phoneOf('anna'))
    stage.ends(stage.phoneOf('bo'))
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['ready', 'wrapUp'])
    pause(stage, 'bo')
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['connecting', 'paused'])
  })

  it('left after it had rung 15 s: counts as unanswered', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.rings(stage.rungAt('p1'))
    stage.wait(15_000)
    stage.ends(stage.phoneOf('anna'))
    expect(attempts(stage)).toEqual([[1, 'withdrawn', true, 'pause']])
  })

  it('trunk failed: FRONT after 30 s, others passing meanwhile, and an alarm', () => {
    const stage = centre()
    stage.orders('support', 'p1')
    stage.wait(1_000)
    stage.orders('support', 'p2')
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.rungAt('p1'), 'failed', 'network')
    expect(stage.all('alarm.raised')).toMatchObject([{ alarm: 'trunk' }])
    expect(stage.status('anna')).toBe('connecting')
    stage.answers(stage.phoneOf('anna'))
    expect(stage.rungAt('p2')).not.toBe('none')
    stage.wait(29_999)
    expect(stage.all('callback.requeued')).toEqual([])
    stage.wait(1)
    expect(stage.all('callback.requeued')).toMatchObject([{ place: 'front' }])
  })

  it('only while the queue is open, keeping place and waiting time overnight', () => {
    const stage = centre({}, { hours: 'office' }, NINE + 7 * HOUR)
    ordersOnLine(stage)
    stage.wait(HOUR)
    back(stage)
    expect(stage.status('anna')).toBe('ready')
    stage.wait(15 * HOUR)
    expect(stage.status('anna')).toBe('connecting')
    expect(stage.all('leg.requested')).toHaveLength(1)
    expect(stage.world.calls.values().next().value?.entry?.since).toBe(NINE + 7 * HOUR)
  })

  it('voicemail, where the queue retries it (A8): marked in the wrap-up or before, it is tried again after the pause', () => {
    const stage = centre({ retryVoicemail: true }, { wrapUpMs: 20_000 })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.answers(stage.rungAt('p1'))
    const callId = stage.world.agents.get('anna')?.matter?.callId ?? ''
    stage.wait(10_000)
    stage.ends(stage.rungAt('p1'))
    expect(stage.status('anna')).toBe('wrapUp')
    expect(stage.ask({ type: 'callback.markVoicemail', by: 'agent', agentId: 'anna', callId }).refused).toBeNull()
    stage.wait(20_000)
    expect(stage.all('callback.voicemailMarked')).toHaveLength(1)
    expect(attempts(stage)).toEqual([[1, 'answered', true, 'pause']])
    stage.wait(30_000)
    expect(stage.all('callback.attemptStarted').map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('voicemail not marked, where it could have been: an answer, once the wrap-up is over', () => {
    const stage = centre({ retryVoicemail: true }, { wrapUpMs: 20_000 })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.answers(stage.rungAt('p1'))
    stage.ends(stage.rungAt('p1'))
    stage.wait(20_000)
    expect(left(stage)).toEqual(['answered'])
    expect(stage.world.calls.size).toBe(0)
    expect(stage.status('anna')).toBe('ready')
  })
})

describe('while the switch is away', () => {
  it.each([
    ['asked for on the way to a switch that is away: nobody can tell, FRONT', false, [[1, 'unknown', false, 'front']]],
    ['rang before the switch was lost: unanswered', true, [[1, 'unanswered', true, 'pause']]],
  ] as const)('the ring of the customer’s phone %s', (_how, rang, ended) => {
    const stage = centre({ attemptsMax: 2 })
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    if (rang) stage.rings(stage.rungAt('p1'))
    stage.do({ type: 'switch.lose' })
    stage.wait(30_000)
    expect(attempts(stage)).toEqual(ended)
  })
})

describe('giving up', () => {
  it.each([
    ['closing', NINE + 8 * HOUR],
    ['nextDay', NINE + 32 * HOUR],
    ['72h', NINE + 72 * HOUR],
  ] as const)('%s', (giveUp, at) => {
    const stage = centre({ giveUp }, { hours: 'office' })
    ordersOnLine(stage)
    const ordered = stage.all('callback.ordered')[0]
    expect(ordered?.expiresAt).toBe(giveUp === '72h' ? at + 500 : at)
    stage.wait((ordered?.expiresAt ?? 0) - stage.at - 1)
    expect(left(stage)).toEqual([])
    stage.wait(1)
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'deleted', by: 'system', why: 'expired' }])
    expect(stage.world.calls.size).toBe(0)
  })

  it('an attempt under way finishes: reached after all', () => {
    const stage = centre({ giveUp: 'closing' }, { hours: 'office' }, NINE + 8 * HOUR - 10_000)
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.wait(15_000)
    stage.answers(stage.rungAt('p1'))
    expect(left(stage)).toEqual(['answered'])
  })

  it('an attempt under way finishes, and reached nobody: then it is given up, not tried again', () => {
    const stage = centre({ giveUp: 'closing' }, { hours: 'office' }, NINE + 8 * HOUR - 10_000)
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.wait(15_000)
    expect(left(stage)).toEqual([])
    stage.ends(stage.rungAt('p1'), 'busy')
    expect(attempts(stage)).toEqual([[1, 'busy', true, 'pause']])
    expect(left(stage)).toEqual(['expired'])
  })

  it.each(['agentMissed', 'customer calls in', 'agent leaves'] as const)(
    'while an attempt goes on that will not count (%s): then it is given up',
    (how) => {
      const stage = centre({ giveUp: 'closing' }, { hours: 'office' }, NINE + 8 * HOUR - 10_000)
      ordersOnLine(stage)
      back(stage)
      if (how === 'agent leaves') stage.answers(stage.phoneOf('anna'))
      stage.wait(11_000)
      expect(left(stage)).toEqual([])
      if (how === 'agentMissed') stage.wait(20_000)
      if (how === 'customer calls in') stage.arrive('p1')
      if (how === 'agent leaves') stage.ends(stage.phoneOf('anna'))
      expect(attempts(stage)).toMatchObject([[1, 'withdrawn', false, how === 'customer calls in' ? 'place' : 'front']])
      expect(left(stage)).toEqual(['expired'])
    },
  )
})
