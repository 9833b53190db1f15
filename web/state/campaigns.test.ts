import { describe, expect, it } from 'vitest'
import type { Campaign, CampaignLive } from '#wire/campaigns.ts'
import {
  allowedSilent,
  deedsFor,
  filtersOf,
  filtersText,
  groupsOf,
  heldBack,
  hoursInWords,
  inOrder,
  stairOf,
  standing,
  thereOf,
  windowsOf,
} from './campaigns.ts'
import { roundStep, scaleOf, ticksOf } from './scale.ts'

describe('what is shown of campaigns', () => {
  it.each([
    ['running', 'pause stop'],
    ['paused', 'start stop'],
    ['draft', 'start'],
    ['scheduled', 'start'],
    ['stopped', 'start'],
    ['done', 'start'],
  ] as const)('%s: %s', (state, deeds) => expect(deedsFor(state).join(' ')).toBe(deeds))

  it('puts running ones first, and of those by name', () => {
    const campaign = (name: string, state: CampaignLive['state']) => ({ id: name, settings: { name }, live: { state } }) as Campaign
    const names = inOrder([campaign('b', 'done'), campaign('z', 'running'), campaign('a', 'running'), campaign('c', 'paused')])
    expect(names.map(({ id }) => id)).toEqual(['a', 'z', 'c', 'b'])
  })

  it.each([
    [null, 0, 'none'],
    [0, 0, 'within'],
    [0.024, 6, 'within'],
    [0.0241, 6, 'near'],
    [0.03, 6, 'near'],
    [0.0301, 6, 'over'],
  ] as const)('a rate of %s against 3 %% is %3$s', (silentRate, silent, told) => expect(standing({ silentRate, silent }, 0.03)).toBe(told))

  it('allows as many silent calls as the share of the answered, rounded down', () => {
    expect(allowedSilent(437, 0.03)).toBe(13)
    expect(allowedSilent(100, 0.03)).toBe(3)
    expect(allowedSilent(33, 0.03)).toBe(0)
  })

  it('counts each contact in one group', () => {
    const byState = {
      waiting: 1,
      paused: 2,
      asked: 4,
      underWay: 8,
      reached: 16,
      exhausted: 32,
      neverCall: 64,
      doNotCall: 128,
      notInUse: 256,
    }
    const groups = groupsOf({ byState })
    expect(groups).toEqual({ reached: 16, underWay: 8, due: 6, notTried: 1, exhausted: 288, never: 192 })
    expect(Object.values(groups).reduce((sum, n) => sum + n, 0)).toBe(511)
  })

  it('tells days with the same hours together', () => {
    const days = { mon: ['09:00-12:00'], tue: ['09:00-12:00'], thu: ['09:00-12:00'], sat: ['10:00-12:00', '13:00-14:00'] }
    expect(hoursInWords(days, (day) => day)).toEqual(['mon–tue 09:00–12:00', 'thu 09:00–12:00', 'sat 10:00–12:00, 13:00–14:00'])
    expect(hoursInWords({}, (day) => day)).toEqual([])
  })

  it('a stair of silent calls grows with the answered ones, at the end of each step', () => {
    const point = (minute: number, answered: number, silent: number, heldMs = 0) => ({
      at: new Date(minute * 60_000).toISOString(),
      inTheAir: 0,
      talking: 0,
      there: 0,
      placed: 0,
      answered,
      silent,
      heldMs,
    })
    const pace = {
      stepMs: 60_000,
      points: [point(0, 3, 0), point(1, 5, 1), point(2, 0, 0, 20_000), point(3, 4, 2, 60_000), point(9, 1, 0, 5_000)],
    }
    expect(stairOf(pace)).toEqual([
      { at: 60_000, answered: 3, silent: 0 },
      { at: 120_000, answered: 8, silent: 1 },
      { at: 180_000, answered: 8, silent: 1 },
      { at: 240_000, answered: 12, silent: 3 },
      { at: 600_000, answered: 13, silent: 3 },
    ])
    // Two steps that touch are one stretch.
    expect(heldBack(pace)).toEqual([
      { from: 120_000, until: 240_000, ms: 80_000 },
      { from: 540_000, until: 600_000, ms: 5_000 },
    ])
  })

  it('labels an axis of time at round instants', () => {
    expect(roundStep(93 * 60_000, 11)).toBe(10 * 60_000)
    expect(roundStep(14 * 60_000, 11)).toBe(2 * 60_000)
    expect(roundStep(30 * 86_400_000, 11)).toBe(7 * 86_400_000)
  })

  it('counts as there who is not logged off', () => {
    expect(thereOf({ idle: 1, talking: 3, onTheWay: 1, wrapUp: 2, away: 1, elsewhere: 4 })).toBe(12)
  })
})

describe('what is typed in the settings', () => {
  it.each([
    ['', []],
    ['09:00-12:00', ['09:00-12:00']],
    ['9-12, 13.30 – 17', ['09:00-12:00', '13:30-17:00']],
    ['22:00-24:00', ['22:00-24:00']],
    ['12:00-09:00', null],
    ['09:00', null],
    ['09:75-12:00', null],
    ['kl 9-12', null],
  ] as const)('hours %j are %j', (text, windows) => expect(windowsOf(text)).toEqual(windows))

  it('filters are a column and its values, a line each', () => {
    const filters = [
      { column: 'city', values: ['Stockholm', 'Uppsala'] },
      { column: 'plan', values: ['a'] },
    ]
    expect(filtersOf('city: Stockholm, Uppsala\n\nplan:a')).toEqual(filters)
    expect(filtersOf(filtersText(filters))).toEqual(filters)
    expect(filtersOf('Stockholm')).toBeNull()
    expect(filtersOf('city:')).toBeNull()
  })
})

describe('the scale of a chart', () => {
  it('runs from 0 to the most', () => {
    const y = scaleOf(40, 100, 0)
    expect([y(0), y(20), y(40)]).toEqual([100, 50, 0])
  })
  it.each([
    [4, [0, 1, 2, 3, 4]],
    [38, [0, 10, 20, 30, 40]],
    [120, [0, 50, 100, 150]],
    [0, [0]],
  ] as const)('up to %j: ticks %j', (most, ticks) => expect(ticksOf(most)).toEqual(ticks))
})
