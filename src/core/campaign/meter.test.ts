/** The figures of campaigns: each reasoned from what happens in the script, second by second. dialler.md 5 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Recorded } from '../facts.ts'
import { Campaigning, contactOf, SECOND } from '../world/campaign.support.ts'
import { begin } from '../world/campaign-scripts.support.ts'
import { AGENTS, act, DEEDS, type Deed, type Step, solution as scripted } from '../world/scripts.support.ts'
import { agentOf, NINE, queueOf, Stage, solutionOf } from '../world/stage.support.ts'
import { initial as nothing } from '../world/world.ts'
import { type Figures, medianIdleMs, NO_FIGURES, plus, type Spanned } from './figures.ts'
import { fold, HOUR_MS, initial, load, type Meter, MINUTE_MS, save, taken } from './meter.ts'
import type { Settings } from './settings.ts'

const solution = solutionOf(
  [queueOf('support')],
  ['anna', 'bo'].map((id) => agentOf(id)),
)
const MIDNIGHT = NINE - 9 * HOUR_MS

class Counted extends Campaigning {
  constructor(settings: Partial<Settings> = {}, at = NINE) {
    super({ wrapUpMs: 30 * SECOND, ...settings }, solution, at)
  }

  /** Folded anew from all facts so far; time is counted up to the last, so one is made now that is about nothing here. */
  rows(): readonly Spanned[] {
    this.ask({ type: 'doNotCall.remove', by: 'supervisor', person: 'p-now', campaignId: null })
    return rowsOf(this.facts, () => solution)
  }

  figures(span: Spanned['span'], at = 0, campaignId = this.id): Figures {
    const found = this.rows().filter((row) => row.campaignId === campaignId && row.span === span && row.at === at)
    expect(found.length).toBeLessThanOrEqual(1)
    return found[0]?.figures ?? NO_FIGURES
  }

  today(campaignId = this.id): Figures {
    return this.figures('day', MIDNIGHT, campaignId)
  }

  secondsOf(figures: Figures) {
    const { talkMs, onTheWayMs, wrapUpMs, idleMs, awayMs, airMs } = figures
    const seconds = { talk: talkMs, onTheWay: onTheWayMs, wrapUp: wrapUpMs, idle: idleMs, away: awayMs, air: airMs }
    return Object.fromEntries(Object.entries(seconds).map(([name, ms]) => [name, ms / SECOND]))
  }
}

function rowsOf(facts: readonly Recorded[], solutionBy: Parameters<typeof fold>[3]): readonly Spanned[] {
  const meter = initial()
  const world = nothing()
  for (const recorded of facts) fold(meter, world, recorded, solutionBy)
  return taken(meter).rows
}

describe('what an agent’s time went to', () => {
  it('idle, rung for the contact, talking, in wrap-up, and idle again until the next', () => {
    const stage = new Counted()
    stage.logOn('anna')
    stage.wait(10 * SECOND)
    stage.deals(contactOf('1'))
    stage.wait(5 * SECOND)
    stage.answers(stage.contact('1'))
    stage.wait(SECOND)
    stage.answers(stage.phoneOf('anna'))
    stage.wait(60 * SECOND)
    stage.ends(stage.contact('1'))
    stage.wait(30 * SECOND)
    stage.wait(4 * SECOND)
    // Idle: 10 s, 5 s while the contact rang, 4 s at the end. In the air: 5 s ringing and 1 s without an agent.
    expect(stage.secondsOf(stage.today())).toEqual({ talk: 60, onTheWay: 1, wrapUp: 30, idle: 19, away: 0, air: 6 })
    expect(stage.today()).toMatchObject({ placed: 1, answered: 1, silent: 0 })
  })

  it('of the day, the hour and each minute, cut where one begins', () => {
    const stage = new Counted()
    stage.wait(HOUR_MS - 90 * SECOND)
    stage.logOn('anna')
    stage.wait(100 * SECOND)
    // 30 s of the last minute but one, the last minute, and 10 s of the next hour.
    const minutes = [2, 1, 0].map((back) => stage.figures('minute', NINE + HOUR_MS - back * MINUTE_MS).idleMs / SECOND)
    expect(minutes).toEqual([30, 60, 10])
    expect(stage.figures('hour', NINE).idleMs).toBe(90 * SECOND)
    expect(stage.figures('hour', NINE + HOUR_MS).idleMs).toBe(10 * SECOND)
    expect(stage.figures('all').idleMs).toBe(100 * SECOND)
  })

  it('of two campaigns: the one that counts on the agent; and of none while he has a caller', () => {
    const stage = new Counted()
    stage.writes({ priority: 9 }, 'first')
    stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId: 'first' })
    stage.logOn('anna')
    stage.wait(7 * SECOND)
    const caller = stage.joins('1')
    stage.answers(stage.phoneOf('anna'))
    stage.wait(100 * SECOND)
    stage.ends(caller)
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'first' })
    stage.wait(3 * SECOND)
    stage.pause('anna')
    stage.wait(20 * SECOND)
    expect(stage.secondsOf(stage.today('first'))).toMatchObject({ idle: 7, talk: 0, away: 0 })
    expect(stage.secondsOf(stage.today())).toMatchObject({ idle: 3, talk: 0, away: 20 })
  })

  it('an agent with a card works, and a contact rung from it is in the air', () => {
    const stage = new Counted({ mode: 'preview' })
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    stage.wait(12 * SECOND)
    stage.presses('call', 'anna')
    stage.wait(2 * SECOND)
    stage.answers(stage.phoneOf('anna'))
    stage.wait(8 * SECOND)
    stage.answers(stage.contact('1'))
    stage.wait(40 * SECOND)
    expect(stage.secondsOf(stage.today())).toEqual({ talk: 40, onTheWay: 22, wrapUp: 0, idle: 0, away: 0, air: 8 })
    expect(stage.today()).toMatchObject({ placed: 1, answered: 1, cards: 1, cardsMs: 0 })
  })
})

describe('between two calls', () => {
  /** Talks for ten seconds, has the wrap-up, and is ready. */
  const talk = (stage: Counted, id: string): void => {
    stage.deals(contactOf(id))
    stage.answers(stage.contact(id))
    stage.answers(stage.phoneOf('anna'))
    stage.wait(10 * SECOND)
    stage.ends(stage.contact(id))
    stage.wait(30 * SECOND)
  }

  it('an agent is idle from the end of one to the next that he gets; what nobody answered is not one', () => {
    const stage = new Counted()
    stage.logOn('anna')
    // Before the first call: not between two.
    stage.wait(100 * SECOND)
    talk(stage, '1')
    stage.wait(14 * SECOND)
    stage.deals(contactOf('busy'))
    stage.wait(20 * SECOND)
    stage.ends(stage.contact('busy'), 'busy')
    stage.wait(6 * SECOND)
    talk(stage, '2')
    stage.wait(2 * SECOND)
    talk(stage, '3')
    stage.wait(3 * SECOND)
    talk(stage, '4')
    // 40 s, 2 s and 3 s.
    expect(stage.today()).toMatchObject({ idles: 3, idlesMs: 45 * SECOND, idleSeconds: { 40: 1, 2: 1, 3: 1 } })
    expect(medianIdleMs(stage.today())).toBe(3 * SECOND)
  })

  it('a pause between them is no idle time, and a caller’s call ends it for nobody', () => {
    const stage = new Counted()
    stage.logOn('anna')
    talk(stage, '1')
    stage.wait(5 * SECOND)
    stage.pause('anna')
    stage.wait(5 * SECOND)
    stage.back('anna')
    talk(stage, '2')
    const caller = stage.joins('1')
    stage.answers(stage.phoneOf('anna'))
    stage.ends(caller)
    stage.wait(9 * SECOND)
    talk(stage, '3')
    // After the caller, who has no wrap-up: 9 s.
    expect(stage.today()).toMatchObject({ idles: 1, idlesMs: 9 * SECOND })
  })
})

describe('what came of the calls', () => {
  it('each attempt that was used up, answered or not; one the network spoilt is none', () => {
    const stage = new Counted({ attemptsMax: 4 })
    stage.logOn('anna', 'bo')
    const tries = [
      { id: 'a', tries: 0, ends: 'busy' },
      { id: 'b', tries: 0, ends: 'unanswered' },
      { id: 'c', tries: 1, ends: 'unanswered' },
      { id: 'd', tries: 2, ends: 'failed' },
    ] as const
    for (const { id, tries: before, ends } of tries) {
      stage.deals(contactOf(id, { tries: before }))
      stage.ends(stage.contact(id), ends, ends === 'failed' ? 'network' : 'party')
    }
    stage.deals(contactOf('e', { tries: 2 }))
    stage.answers(stage.contact('e'))
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.contact('e'))
    stage.wait(30 * SECOND)
    const two = { answered: 0, not: 2 }
    expect(stage.figures('all').tries).toEqual([two, { answered: 0, not: 1 }, { answered: 1, not: 0 }])
    expect(stage.figures('all')).toMatchObject({ placed: 5, answered: 1 })
  })

  it('a silent call stands in the minute and the day of its answer', () => {
    const stage = new Counted({}, MIDNIGHT + 24 * HOUR_MS - 21 * SECOND)
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    stage.wait(20 * SECOND)
    stage.pause('anna')
    stage.pause('anna')
    stage.answers(stage.contact('1'))
    stage.wait(2 * SECOND)
    expect(stage.all('contact.silent')).toHaveLength(1)
    expect(stage.today()).toMatchObject({ placed: 1, answered: 1, silent: 1 })
    expect(stage.figures('day', MIDNIGHT + 24 * HOUR_MS)).toMatchObject({ answered: 0, silent: 0 })
    expect(stage.figures('minute', MIDNIGHT + 24 * HOUR_MS - MINUTE_MS)).toMatchObject({ answered: 1, silent: 1 })
  })

  it('cards wait for an agent from when their contact was taken up to when they are shown, once', () => {
    const stage = new Counted({ mode: 'preview', cardMs: 60 * SECOND })
    stage.logOn('anna', 'bo')
    stage.deals(contactOf('1'), contactOf('2'))
    stage.pause('bo')
    stage.wait(10 * SECOND)
    stage.presses('reject', 'anna')
    stage.wait(50 * SECOND)
    // Shown at once to Anna and to Bo; whoever is shown the rejected one later does not count again.
    expect(stage.all('card.shown').length).toBeGreaterThan(2)
    expect(stage.today()).toMatchObject({ cards: 2, cardsMs: 0 })
    const waiting = new Counted({ mode: 'preview' })
    waiting.logOn('anna', 'bo')
    waiting.pause('bo')
    waiting.deals(contactOf('1'), contactOf('2'))
    waiting.wait(25 * SECOND)
    waiting.back('bo')
    expect(waiting.today()).toMatchObject({ cards: 2, cardsMs: 25 * SECOND })
  })

  it('time at the limit of silent calls, while it runs and would dial more than one for each agent', () => {
    const stage = new Counted({ mode: 'predictive', silentTarget: 0.1 })
    stage.logOn('anna')
    for (const id of ['1', '2']) {
      stage.deals(contactOf(id))
      stage.pause('anna')
      stage.pause('anna')
      stage.answers(stage.contact(id))
      stage.wait(2 * SECOND)
      stage.hear(stage.contact(id))
      stage.back('anna')
    }
    const [limit] = stage.facts.filter(({ fact }) => fact.type === 'campaign.limitReached')
    const since = limit?.at ?? Number.NaN
    stage.at = since
    stage.wait(50 * SECOND)
    stage.ask({ type: 'campaign.pause', by: 'supervisor', campaignId: 'spring' })
    stage.wait(50 * SECOND)
    expect(stage.today().heldMs).toBe(50 * SECOND)
  })

  it('nothing is left of a campaign that is removed, and one of its name begins anew', () => {
    const stage = new Counted()
    stage.logOn('anna')
    stage.wait(10 * SECOND)
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
    stage.ask({ type: 'campaign.remove', by: 'supervisor', campaignId: 'spring' })
    stage.wait(10 * SECOND)
    expect(stage.rows()).toEqual([])
    stage.writes()
    stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId: 'spring' })
    stage.wait(3 * SECOND)
    expect(stage.secondsOf(stage.today())).toMatchObject({ idle: 3 })
  })
})

/* ---------------------------------------------------------------- whatever happens */

const deeds: readonly Deed[] = Object.entries(DEEDS).flatMap(([deed, times]) => Array.from({ length: times }, () => deed as Deed))
const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...deeds),
  which: fc.nat({ max: 1_000 }),
  how: fc.nat({ max: 1_000 }),
  waitMs: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
    { weight: 6, arbitrary: fc.integer({ min: 20_000, max: 120_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 600_000, max: 20 * 3_600_000 }) },
  ),
})

function played(steps: readonly Step[]): Stage {
  const stage = new Stage(scripted)
  stage.logOn(...AGENTS)
  begin(stage)
  for (const one of steps) act(stage, one)
  return stage
}

const sumOf = (rows: readonly Spanned[], campaignId: string, span: Spanned['span']): Figures =>
  rows.filter((row) => row.campaignId === campaignId && row.span === span).reduce((sum, { figures }) => plus(sum, figures), NO_FIGURES)

describe('after any script', () => {
  const scripts = fc.array(step, { minLength: 40, maxLength: 120, size: 'max' })

  it('the calls are those of the campaign’s own totals, and every span sums up to the same', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        const { facts, world } = played(steps)
        const rows = rowsOf(facts, () => scripted)
        for (const { id, totals, past } of world.campaigns.values()) {
          const days = [...past.map((day) => day.totals), totals]
          const of = (name: 'placed' | 'answered' | 'silent') => days.reduce((sum, day) => sum + day[name], 0)
          const all = sumOf(rows, id, 'all')
          expect(all).toMatchObject({ placed: of('placed'), answered: of('answered'), silent: of('silent') })
          for (const span of ['minute', 'hour', 'day'] as const) {
            const { idleSeconds: _, ...sum } = sumOf(rows, id, span)
            const { tries: __, ...whole } = all
            expect(sum).toEqual(whole)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('stopped at any fact and gone on with from what was saved, they are the same', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (steps, where) => {
        const { facts } = played(steps)
        const cut = where % facts.length
        const world = nothing()
        let meter: Meter = initial()
        for (const recorded of facts.slice(0, cut)) fold(meter, world, recorded, () => scripted)
        const before = taken(meter)
        meter = load(save(meter))
        for (const recorded of facts.slice(cut)) fold(meter, world, recorded, () => scripted)
        const after = taken(meter)
        const kept = before.rows.filter(({ campaignId }) => !after.removed.includes(campaignId))
        const keys = new Set([...kept, ...after.rows].map(({ campaignId, span, at }) => `${campaignId} ${span} ${at}`))
        const whole = rowsOf(facts, () => scripted)
        expect(keys.size).toBe(whole.length)
        for (const { campaignId, span, at, figures } of whole) {
          const parts = [...kept, ...after.rows].filter((row) => row.campaignId === campaignId && row.span === span && row.at === at)
          expect(parts.reduce((sum, part) => plus(sum, part.figures), NO_FIGURES)).toEqual(figures)
        }
      }),
      { numRuns: 40 },
    )
  })
})
