import { describe, expect, it } from 'vitest'
import type { Call } from '#wire/calls.ts'
import { callbacks, others, outbound, story } from '../../tests/browser/stories.ts'
import { layoutDown } from './down.ts'
import { attemptsOf, lanesOf } from './lanes.ts'
import { type Layout, layout, type PictureWords } from './layout.ts'
import { quietWaits, scaleOf, spanOf, ticksOf } from './scale.ts'
import { strip } from './strip.ts'

const words: PictureWords = {
  kind: (kind) => kind,
  unanswered: (n) => `${n} unanswered`,
  duration: (seconds) => `${seconds} s`,
  attempt: (n, ending) => `${n} ${ending}`,
  ending: (ending) => ending,
  lane: (lane) => ({ title: lane.agentId ?? lane.number ?? '', sub: lane.party }),
  detail: () => '',
  by: () => '',
}
const stories: Readonly<Record<string, Call>> = { ...callbacks, ...outbound, ...others }
const call = (id: string): Call => {
  const found = stories[id]
  if (found === undefined) throw new Error(`There is no story ${id}.`)
  return found
}
const NOW = 0
const draw = (of: Call, more: { zoom?: number; unfolded?: readonly string[]; now?: number; widthPx?: number } = {}): Layout =>
  layout(of, words, { widthPx: more.widthPx ?? 1100, zoom: more.zoom ?? 1, unfolded: new Set(more.unfolded), now: more.now ?? NOW })

/** Waits that may be folded, in seconds: never an attempt, a menu, a conversation, nor a wait under five minutes. */
describe.each([
  ['A1', [[160, 1055]]],
  [
    'A2',
    [
      [160, 1052],
      [1087, 1476],
    ],
  ],
  [
    'A3',
    [
      [160, 1056],
      [1085, 1496],
      [1525, 1971],
    ],
  ],
  ['A5', [[160, 700]]],
  ['A6', []],
  [
    'A8',
    [
      [160, 1056],
      [1090, 1496],
    ],
  ],
  ['B2', []],
  ['C1', []],
] as const)('quiet waits of %s', (id, waits) => {
  it('are between its happenings', () => expect(quietWaits(call(id), NOW).map(({ from, to }) => [from / 1000, to / 1000])).toEqual(waits))
})

describe('the scale', () => {
  it('is the same on both sides of a fold', () => {
    const scale = scaleOf(1000, [{ id: 'f', from: 200, to: 700 }], 10, 560, 60)
    expect(scale.pxPerMs).toBe(1)
    expect([0, 100, 200, 700, 1000].map(scale.at)).toEqual([10, 110, 210, 270, 570])
    expect(scale.tears).toEqual([{ id: 'f', from: 210, to: 270, hiddenMs: 500 }])
    expect(scale.pieces(100, 800)).toEqual([
      { from: 110, to: 210 },
      { from: 270, to: 370 },
    ])
  })
  it('is true to scale: every drawn second of every story has the same length', () => {
    for (const one of Object.values(stories)) {
      const drawn = draw(one)
      const scale = (drawn.bars.find((bar) => !bar.deck)?.width ?? 0) + 1.5
      expect(scale).toBeGreaterThan(0)
      const solid = drawn.bars.filter(
        (bar) => !drawn.tears.some((tear) => tear.from > bar.x && tear.to < bar.x + bar.width) && bar.width > 3,
      )
      const perSecond = solid.map(
        (bar) => (bar.width + 1.5) / ((Date.parse(bar.event.endedAt ?? '') - Date.parse(bar.event.startedAt)) / 1000),
      )
      for (const px of perSecond) expect(px).toBeCloseTo(perSecond[0] ?? 0, 6)
    }
  })
  it('is marked at whole steps, never in a tear', () => {
    const scale = scaleOf(600_000, [{ id: 'f', from: 100_000, to: 500_000 }], 0, 1060, 60)
    // 5 px a second: marks 150 px apart; 90 s and 510 s would stand 50 px from the tear, closer than the 60 asked for.
    expect(ticksOf(scale, 600_000, 100, 60).map(({ offset }) => offset)).toEqual([0, 30, 60, 540, 570, 600])
  })
})

describe('the picture', () => {
  it('gives every event one shape, in the order of the story', () => {
    for (const one of Object.values(stories)) {
      const drawn = draw(one)
      const numbers = [...drawn.bars, ...drawn.markers].map(({ n }) => n).sort((a, b) => a - b)
      expect(numbers).toEqual(one.events.map((_, i) => i + 1))
    }
  })

  it('folds long waits visibly, says how much, and unfolds the one that is pressed', () => {
    const folded = draw(call('A2'))
    expect(folded.tears.map(({ id }) => id)).toEqual(['160', '1087'])
    for (const tear of folded.tears) expect(tear.hiddenMs).toBeGreaterThan(60_000)
    const open = draw(call('A2'), { unfolded: ['160'] })
    expect([open.tears.map(({ id }) => id), open.foldable]).toEqual([['1087'], 2])
  })

  it('never covers an attempt with a fold', () => {
    for (const one of Object.values(stories)) {
      const drawn = draw(one)
      for (const lane of drawn.lanes)
        for (const segment of lane.segments)
          if (segment.phase === 'ringing')
            for (const tear of drawn.tears)
              expect(segment.x + segment.width <= tear.from + 0.001 || segment.x >= tear.to - 0.001).toBe(true)
    }
  })

  it('draws Deleted and the queue of no time as diamonds, the pill on the bar, and the words of Deleted inside the paper', () => {
    const drawn = draw(call('B5'))
    expect(drawn.markers.map(({ n, event, anchor }) => [n, event.kind, anchor])).toEqual([
      [1, 'queue', 'start'],
      [3, 'deleted', 'end'],
    ])
    expect(drawn.bars.map(({ event, pill }) => [event.kind, pill?.text])).toEqual([['queueCallback', '1 unanswered']])
    // The destination's phone rang to the end: the words after its cap have room.
    expect(drawn.lanes[1]?.caps[0]?.words).toBe('withdrawn')
  })

  it('keeps room before a tear for a long name, and after an attempt for the pill', () => {
    const long = layout(
      call('A2'),
      {
        ...words,
        kind: (kind) => (kind === 'queueCallback' ? 'Kö (återuppringning)' : kind),
        unanswered: (n) => `${n} obesvarat samtal utfört`,
      },
      { widthPx: 1114, zoom: 1, unfolded: new Set(), now: NOW },
    )
    const [tear] = long.tears
    const wait = long.bars[4]
    expect(wait?.title?.x).toBeLessThan(tear?.from ?? 0)
    expect(wait?.pill?.text).toBe('1 obesvarat samtal utfört')
    expect(wait?.pill?.x).toBeGreaterThan(tear?.to ?? 0)
  })

  it('hangs the welcome message on a second deck, where it covers nothing', () => {
    const [queue, talk, menu] = draw(call('E1')).bars
    if (queue === undefined || talk === undefined || menu === undefined) throw new Error('three bars')
    expect([queue.deck, talk.deck, menu.deck]).toEqual([false, false, true])
    expect(menu.y).toBeGreaterThanOrEqual(talk.y + talk.height)
    expect(menu.x).toBeCloseTo(talk.x, 6)
    expect(menu.beside?.x).toBeGreaterThan(menu.x + menu.width)
  })

  it('leaves a gap a gap: six seconds from the agent’s answer to the customer’s', () => {
    const bars = draw(call('A2')).bars
    const [wait, talk] = [bars[4], bars[5]]
    if (wait === undefined || talk === undefined) throw new Error('six bars')
    const perSecond = (talk.width + 1.5) / 94
    expect(talk.x - (wait.x + wait.width + 1.5)).toBeCloseTo(6 * perSecond, 6)
  })

  it('never cuts a text: a bar too narrow for its name has its number above, and numbers do not collide', () => {
    for (const widthPx of [500, 700, 1100])
      for (const one of Object.values(stories)) {
        const above = draw(one, { widthPx }).bars.flatMap((bar) => (bar.above === null ? [] : [bar.above.x]))
        for (const [i, x] of above.slice(1).entries()) expect(x - (above[i] ?? 0)).toBeGreaterThan(8)
      }
  })

  it('is wider by the zoom, with the same folds', () => {
    const [whole, near] = [draw(call('A2')), draw(call('A2'), { zoom: 4 })]
    expect(near.width).toBeGreaterThan(whole.width * 3)
    expect(near.tears.map((tear) => Math.round(tear.hiddenMs))).toEqual(whole.tears.map((tear) => Math.round(tear.hiddenMs)))
  })

  it('draws a live call to now', () => {
    const live = story('live', { events_: [['queue', 0, undefined]], legs_: [{ who: 'customer', at: 0, answered: 0 }] })
    const start = Date.parse(live.startedAt)
    const [early, later] = [draw(live, { now: start + 20_000 }), draw(live, { now: start + 40_000 })]
    expect(early.nowX).toBe(later.nowX)
    expect(later.ticks.at(-1)?.offset).toBeGreaterThan(early.ticks.at(-1)?.offset ?? 0)
    expect(draw(call('A2')).nowX).toBeNull()
  })
})

describe('lanes and attempts', () => {
  it('gives everybody rung a lane, one for each party, in the order they came', () =>
    expect(
      lanesOf(call('A2'), spanOf(call('A2'), NOW)).map((lane) => [lane.agentId ?? lane.party, lane.legs.map((leg) => leg.ending)]),
    ).toEqual([
      ['customer', ['ended', 'unanswered', 'hungUp']],
      ['anna', ['ended']],
      ['johan', ['rejected']],
      ['sara', ['ended']],
    ]))

  it('splits a leg into ringing, answered and hold', () => {
    const last = lanesOf(call('A2'), 1_600_000)[0]?.legs[2]?.segments
    expect(last?.map(({ phase, from, to }) => [phase, from / 1000, to / 1000])).toEqual([
      ['ringing', 1500, 1506],
      ['answered', 1506, 1540],
      ['hold', 1540, 1558],
      ['answered', 1558, 1600],
    ])
  })

  it('names each attempt by how it ended', () =>
    expect(attemptsOf(call('A2'), 1_600_000).map(({ n, from, to, ending }) => [n, from / 1000, to / 1000, ending])).toEqual([
      [1, 1052, 1085, 'unanswered'],
      [2, 1476, 1506, 'reached'],
    ]))
})

describe('the other forms', () => {
  it('a strip has every bar and point of its story, a cut for each shortened wait, and a dot while it is live', () => {
    const drawn = strip(call('A2'), 206, NOW)
    expect([drawn.bars.length, drawn.points.length, drawn.cuts.length, drawn.nowX]).toEqual([6, 0, 2, null])
    for (const bar of drawn.bars) expect(bar.x + bar.width).toBeLessThanOrEqual(201)
    const live = story('live', { events_: [['queue', 0, undefined]], legs_: [] })
    expect(strip(live, 206, Date.parse(live.startedAt) + 9000).nowX).toBe(199)
  })

  it('on a phone time runs down, and no two words lie over each other', () => {
    for (const one of Object.values(stories)) {
      const drawn = layoutDown(one, words, { widthPx: 340, zoom: 1, unfolded: new Set(), now: NOW })
      expect(drawn.marks.map(({ n }) => n)).toEqual(one.events.map((_, i) => i + 1))
      const ys = drawn.words.map(({ y }) => y)
      for (const [i, y] of ys.slice(1).entries()) expect(y - (ys[i] ?? 0)).toBeGreaterThanOrEqual(15)
      for (const lane of drawn.lanes) expect(lane.x + 18).toBeLessThanOrEqual(340)
    }
  })
})
