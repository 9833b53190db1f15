/** Figures as clients see them: what the file has, and what has passed since. Each number is reasoned from the rows. */
import { describe, expect, it } from 'vitest'
import { type Figures, NO_FIGURES, NO_RATES, type Rates } from '#core/campaign/figures.ts'
import type { CampaignFigures, CampaignNow, FiguresRow } from '#ports/campaign-figures.ts'
import { type DayOf, paceOf, workOf } from './present-figures.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Midnight of a zone that is half an hour off. */
const DAY = Date.parse('2026-11-22T18:30:00Z')
const NINE = DAY + 9 * HOUR

/** Days of 24 hours in that zone. */
const dayOf: DayOf = (at) => {
  const from = DAY + Math.floor((at - DAY) / (24 * HOUR)) * 24 * HOUR
  return { from, to: from + 24 * HOUR }
}

const figures = (change: Partial<Figures>): Figures => ({ ...NO_FIGURES, ...change })
const nowOf = (at: number, today: Partial<Figures>, rates: Partial<Rates> = {}): CampaignNow => ({
  at,
  rates: { ...NO_RATES, ...rates },
  dayFrom: DAY,
  today: figures(today),
  all: NO_FIGURES,
})
const kept = (rows: readonly (readonly [number, Partial<Figures>])[], now: CampaignNow | null = null): CampaignFigures => ({
  // Told a while ago: what was counted since is in the rows.
  now: () => nowOf(0, {}, { talk: 99 }),
  rows: async (_, __, from) => ({
    rows: rows.filter(([at]) => at >= from).map(([at, change]): FiguresRow => ({ at, figures: figures(change) })),
    now,
  }),
})

describe('what the agents’ time of today went to', () => {
  it('grows from the last fact on by who is where', () => {
    const now = nowOf(NINE, { talkMs: 2 * HOUR, wrapUpMs: HOUR, idleMs: HOUR, awayMs: HOUR }, { talk: 3, idle: 1 })
    // Ten minutes: three agents who talk, one who is ready.
    const work = workOf(now, DAY, NINE + 10 * MINUTE)
    expect(work).toMatchObject({ talkMs: 2.5 * HOUR, wrapUpMs: HOUR, idleMs: HOUR + 10 * MINUTE, awayMs: HOUR })
    // 150 of 280 minutes; a pause is no part of it.
    expect(work.talkShare).toBeCloseTo(150 / 280, 10)
  })

  it('is nothing before there is any, and yesterday’s is not today’s', () => {
    const nothing = { talkMs: 0, talkShare: null, idleBetween: null, cardWaitMs: null, heldMs: 0 }
    expect(workOf(null, DAY, NINE)).toMatchObject(nothing)
    expect(workOf(nowOf(NINE, { talkMs: HOUR }), DAY + 24 * HOUR, NINE + 24 * HOUR)).toMatchObject(nothing)
  })

  it('tells the mean and the median of idle stretches, and of the waits of cards', () => {
    const idle = { idles: 4, idlesMs: 70_400, idleSeconds: { 2: 1, 9: 2, 50: 1 }, cards: 3, cardsMs: 60_000 }
    const { idleBetween, cardWaitMs } = workOf(nowOf(NINE, idle), DAY, NINE)
    expect(idleBetween).toEqual({ times: 4, meanMs: 17_600, medianMs: 9_000 })
    expect(cardWaitMs).toBe(20_000)
  })
})

describe('a campaign over time', () => {
  it('today in minutes from the first that had anything, means of each, the one that is not over by what has passed', async () => {
    const rows = [
      [DAY - MINUTE, { talkMs: HOUR }],
      [NINE, { airMs: 3 * MINUTE, talkMs: 90_000, idleMs: 30_000, placed: 5, answered: 2, silent: 1 }],
      [NINE + 2 * MINUTE, { talkMs: MINUTE, heldMs: 20_000 }],
    ] as const
    const { stepMs, points } = await paceOf(kept(rows), 'spring', 'today', dayOf, NINE + 2 * MINUTE + 30_000)
    expect(stepMs).toBe(MINUTE)
    expect(points).toEqual([
      { at: new Date(NINE).toISOString(), inTheAir: 3, talking: 1.5, there: 2, placed: 5, answered: 2, silent: 1, heldMs: 0 },
      { at: new Date(NINE + MINUTE).toISOString(), inTheAir: 0, talking: 0, there: 0, placed: 0, answered: 0, silent: 0, heldMs: 0 },
      {
        at: new Date(NINE + 2 * MINUTE).toISOString(),
        inTheAir: 0,
        talking: 2,
        there: 2,
        placed: 0,
        answered: 0,
        silent: 0,
        heldMs: 20_000,
      },
    ])
  })

  it('in longer steps where it is a long day, and no call is lost by that', async () => {
    const rows = Array.from({ length: 601 }, (_, index) => [NINE + index * MINUTE, { placed: 2, airMs: 4 * MINUTE }] as const)
    const { stepMs, points } = await paceOf(kept(rows), 'spring', 'today', dayOf, NINE + 601 * MINUTE)
    expect(stepMs).toBe(5 * MINUTE)
    expect(points.reduce((sum, { placed }) => sum + placed, 0)).toBe(1_202)
    expect(points.slice(0, 120).every(({ inTheAir, placed }) => inTheAir === 4 && placed === 10)).toBe(true)
    expect(points.at(-1)).toMatchObject({ inTheAir: 4, placed: 2 })
  })

  it('the last quarter is fifteen minutes with this one, also where nothing was; and what has passed since the last fact is in it', async () => {
    const now = nowOf(NINE - 90_000, {}, { talk: 2, idle: 1 })
    const { points } = await paceOf(kept([[NINE - 20 * MINUTE, { talkMs: HOUR }]], now), 'spring', 'quarter', dayOf, NINE + 30_000)
    expect(points).toHaveLength(15)
    expect(points.at(-1)?.at).toBe(new Date(NINE).toISOString())
    expect(points.map(({ talking }) => talking)).toEqual([...Array.from({ length: 12 }, () => 0), 1, 2, 2])
    expect(points.at(-2)).toMatchObject({ talking: 2, there: 3 })
  })

  describe('from its beginning', () => {
    /** Stockholm's offset in the winter of 2025 to that of 2026. */
    const offset = (at: number): number =>
      (at >= Date.parse('2026-03-29T01:00:00Z') && at < Date.parse('2026-10-25T01:00:00Z') ? 2 : 1) * HOUR
    const midnight = (date: number): number => date * 24 * HOUR - offset(date * 24 * HOUR - 2 * HOUR)
    const stockholm: DayOf = (at) => {
      const date = Math.floor((at + offset(at)) / (24 * HOUR))
      return { from: midnight(date), to: midnight(date + 1) }
    }
    const midnights = (points: readonly { at: string }[]) =>
      new Set(points.map(({ at }) => new Date(at).toLocaleTimeString('sv', { timeZone: 'Europe/Stockholm' })))
    const hours = (from: number, until: number) =>
      Array.from({ length: (until - from) / HOUR }, (_, index) => [from + index * HOUR, { placed: 1, airMs: HOUR }] as const)

    it('in steps of a day is cut at the zone’s midnights, over the change of clocks too, and no call is lost', async () => {
      const [from, until] = [Date.parse('2026-09-01T07:00:00Z'), Date.parse('2026-12-01T12:00:00Z')]
      const { stepMs, points } = await paceOf(kept(hours(from, until)), 'spring', 'all', stockholm, until)
      expect(stepMs).toBe(12 * HOUR)
      const { stepMs: longer, points: days } = await paceOf(
        kept(hours(Date.parse('2026-06-01T07:00:00Z'), until)),
        'spring',
        'all',
        stockholm,
        until,
      )
      expect(longer).toBe(24 * HOUR)
      expect([...midnights(days)]).toEqual(['00:00:00'])
      expect(days).toHaveLength(184)
      expect(days.find(({ at }) => at === '2026-10-24T22:00:00.000Z')).toMatchObject({ placed: 25, inTheAir: 1 })
      expect(days.every(({ inTheAir }, index) => index === 0 || inTheAir === 1)).toBe(true)
      expect([...midnights(points)].sort()).toEqual(['00:00:00', '11:00:00', '12:00:00', '23:00:00'])
      for (const each of [points, days]) expect(each.reduce((sum, { placed }) => sum + placed, 0)).toBe(each === days ? 4_397 : 2_189)
    })

    it('in weeks where it is long', async () => {
      const [from, until] = [Date.parse('2025-12-03T07:00:00Z'), Date.parse('2026-12-01T12:00:00Z')]
      const { stepMs, points } = await paceOf(kept(hours(from, until)), 'spring', 'all', stockholm, until)
      expect(stepMs).toBe(168 * HOUR)
      expect(points).toHaveLength(52)
      expect([...midnights(points)]).toEqual(['00:00:00'])
      expect(points.reduce((sum, { placed }) => sum + placed, 0)).toBe((until - from) / HOUR)
    })
  })

  it('is empty where nothing ever was', async () => {
    expect((await paceOf(kept([]), 'spring', 'today', dayOf, NINE)).points).toEqual([])
    expect((await paceOf(kept([]), 'spring', 'all', dayOf, NINE)).points).toEqual([])
  })
})
