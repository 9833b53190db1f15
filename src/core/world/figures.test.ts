/** calls.md 1: the figures of a queue, what a waiting caller is told; and a call set aside. */
import { describe, expect, it } from 'vitest'
import { centre, figures, nobodyFree } from './inbound.support.ts'
import { callbackSettings, queueOf, type Stage } from './stage.support.ts'

describe('figures of a queue', () => {
  it('hung up after 5 s or more: abandoned; sooner: short', () => {
    const stage = nobodyFree()
    const short = stage.joins('1', 'p1')
    stage.wait(4_999)
    stage.ends(short)
    const abandoned = stage.joins('1', 'p2')
    stage.wait(5_000)
    stage.ends(abandoned)
    expect(figures(stage)).toMatchObject({ offered: 2, short: 1, abandoned: 1, answered: 0 })
  })

  it('answered, and within the SLA', () => {
    const stage = nobodyFree({ slaMs: 20_000 })
    stage.joins('1', 'p1')
    stage.wait(1_000)
    stage.joins('1', 'p2')
    stage.wait(19_000)
    stage.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
    stage.answers(stage.phoneOf('anna'))
    expect(figures(stage)).toMatchObject({ offered: 2, answered: 1, answeredWithinSla: 1 })
    stage.wait(1_001)
    stage.logOn('bo')
    stage.answers(stage.phoneOf('bo'))
    expect(figures(stage)).toMatchObject({ offered: 2, answered: 2, answeredWithinSla: 1 })
  })

  it('an overflow to another queue counts in the first', () => {
    const stage = nobodyFree(
      { waitMsMax: 30_000, slaMs: 60_000, exits: { ...queueOf('x').exits, timedOut: { queue: 'sales' } } },
      { slaMs: 1_000 },
    )
    const caller = stage.joins('1')
    stage.wait(40_000)
    expect(stage.call(caller)?.entry?.queueId).toBe('sales')
    stage.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
    stage.answers(stage.phoneOf('anna'))
    expect(figures(stage)).toMatchObject({ offered: 1, answered: 1, answeredWithinSla: 1 })
    expect(figures(stage, 'sales')).toMatchObject({ offered: 0, answered: 0 })
  })

  it('turned away by the first, joined in the second: offered there', () => {
    const stage = nobodyFree({ waitingMax: 0, exits: { ...queueOf('x').exits, full: { queue: 'sales' } } })
    stage.joins('1')
    expect(figures(stage)).toMatchObject({ offered: 0 })
    expect(figures(stage, 'sales')).toMatchObject({ offered: 1 })
  })

  it('begin anew with the local day', () => {
    const stage = nobodyFree()
    stage.joins('1')
    stage.wait(15 * 3_600_000)
    expect(figures(stage)).toMatchObject({ offered: 0 })
  })

  it('callbacks ordered', () => {
    const stage = nobodyFree({ callback: callbackSettings() })
    const caller = stage.joins('1')
    stage.press(caller, '21')
    stage.wait(500)
    stage.press(caller, '1')
    expect(figures(stage)).toMatchObject({ offered: 1, callbacksOrdered: 1, abandoned: 0 })
  })
})

describe('what a waiting caller is told', () => {
  const said = (stage: Stage) => stage.all('entry.announced').map(({ what }) => what)

  it('the offer after N seconds, once, when the expected wait is over M', () => {
    const stage = nobodyFree({ callback: callbackSettings({ offerAfterMs: 20_000, offerWhenWaitOverMs: 60_000 }) })
    stage.joins('1')
    stage.wait(19_999)
    expect(said(stage)).not.toContain('offer')
    stage.wait(1)
    expect(said(stage).filter((what) => what === 'offer')).toHaveLength(1)
    stage.wait(600_000)
    expect(said(stage).filter((what) => what === 'offer')).toHaveLength(1)
  })

  it('no offer while the expected wait is not over M; an unknown wait counts as over', () => {
    const settings = callbackSettings({ offerAfterMs: 0, offerWhenWaitOverMs: 180_000 })
    const stage = nobodyFree({ callback: settings, handlingMs: 180_000 })
    expect(said(stage)).toEqual([])
    stage.joins('1', 'p1')
    expect(said(stage), 'paused agents do not serve: unknown').toContain('offer')
    const known = nobodyFree({ callback: settings, handlingMs: 180_000 }, {})
    known.logOn('bo')
    known.joins('1', 'p1')
    known.answers(known.phoneOf('bo'))
    known.wait(1)
    known.joins('1', 'p2')
    known.wait(1)
    expect(said(known)).not.toContain('offer')
    known.joins('1', 'p3')
    expect(said(known), 'two ahead of one agent: 360 s').toContain('offer')
  })

  it('the place, at once and then at its interval; back from ordering it goes on', () => {
    const stage = nobodyFree({ announceEveryMs: 60_000, callback: callbackSettings() })
    const caller = stage.joins('1')
    stage.wait(120_000)
    expect(said(stage)).toEqual(['place', 'place', 'place'])
    stage.press(caller, '2')
    stage.wait(3_000)
    stage.press(caller, '*')
    const after = said(stage).length
    stage.wait(60_000)
    expect(said(stage).length).toBeGreaterThan(after)
  })
})

describe('a call set aside', () => {
  it('its legs end, its entry is closed, its agent is free, and people are told', () => {
    const stage = centre()
    stage.logOn('anna')
    const caller = stage.joins('1')
    const callId = stage.call(caller)?.id ?? ''
    stage.answers(stage.phoneOf('anna'))
    stage.do({ type: 'call.setAside', callId })
    expect(stage.world.calls.size).toBe(0)
    expect(stage.status('anna')).toBe('ready')
    expect(stage.all('alarm.raised')).toMatchObject([{ alarm: 'callSetAside', callId }])
    expect(stage.all('call.ended')).toHaveLength(1)
  })
})
