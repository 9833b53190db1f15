import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { settingsOf } from '../world/campaign.support.ts'
import * as Campaign from './campaign.ts'

const campaignId = 'spring'
const AT = 50_000
const settings = settingsOf({ startsAt: 100_000 })
const grown = (facts: readonly Exclude<Campaign.Fact, { type: 'campaign.removed' }>[]): Campaign.State =>
  facts.reduce((state, fact) => Campaign.evolve(state, fact, 7), Campaign.initial({ type: 'campaign.written', campaignId, settings }))
const at = (type: 'started' | 'paused' | 'stopped' | 'finished') => ({ type: `campaign.${type}`, campaignId }) as const

const states: Readonly<Record<Campaign.State['status'], Campaign.State>> = {
  draft: grown([]),
  scheduled: grown([{ type: 'campaign.scheduled', campaignId, startsAt: 100_000 }]),
  running: grown([at('started')]),
  paused: grown([at('started'), at('paused')]),
  stopped: grown([at('started'), at('stopped')]),
  done: grown([at('started'), at('finished')]),
}
const by = {}
const commands: Readonly<Record<string, Campaign.Command>> = {
  write: { type: 'write', settings, by },
  start: { type: 'start', by },
  pause: { type: 'pause', by },
  stop: { type: 'stop', by },
  schedule: { type: 'schedule', by },
  remove: { type: 'remove', by },
  due: { type: 'due' },
  exhaust: { type: 'exhaust' },
  mistrust: { type: 'mistrust' },
  judge: { type: 'judge' },
  'ran dry': { type: 'drew', dry: 'later' },
}

describe('a campaign', () => {
  it('answers every command in every state', () => {
    const told = answers<Campaign.State | null, Campaign.Command>(
      { none: null, ...states },
      commands,
      (state, command) => Campaign.decide(state, campaignId, command, AT),
      'campaign.',
    )
    expect(told).toEqual(
      tableOf(`
                  | write   | start     | pause        | stop         | schedule  | remove    | due       | exhaust   | mistrust     | judge     | ran dry
        none      | written | ✗ unknown | ✗ unknown    | ✗ unknown    | ✗ unknown | ✗ unknown | ✗ unknown | ✗ unknown | ✗ unknown    | ✗ unknown | ✗ unknown
        draft     | written | started   | ✗ notRunning | ✗ notStarted | scheduled | removed   | –         | –         | pacingFailed | –         | –
        scheduled | written | started   | ✗ notRunning | stopped      | scheduled | removed   | –         | –         | pacingFailed | –         | –
        running   | written | ✗ running | paused       | stopped      | ✗ running | ✗ running | –         | finished  | pacingFailed | –         | ranDry
        paused    | written | started   | ✗ notRunning | stopped      | scheduled | removed   | –         | –         | pacingFailed | –         | –
        stopped   | written | started   | ✗ notRunning | ✗ notStarted | scheduled | removed   | –         | –         | pacingFailed | –         | –
        done      | written | started   | ✗ notRunning | ✗ notStarted | scheduled | removed   | –         | –         | pacingFailed | –         | –
      `),
    )
  })

  it('begins by itself when it is due, and not before; rescheduled with its settings; a draft again without a time', () => {
    expect(Campaign.decide(states.scheduled, campaignId, { type: 'due' }, 99_999)).toEqual([])
    expect(Campaign.decide(states.scheduled, campaignId, { type: 'due' }, 100_000)).toMatchObject([{ type: 'campaign.started' }])
    const later = settingsOf({ startsAt: 200_000 })
    expect(Campaign.decide(states.scheduled, campaignId, { type: 'write', settings: later, by }, AT)).toMatchObject([
      { type: 'campaign.written' },
      { type: 'campaign.scheduled', startsAt: 200_000 },
    ])
    const never = { ...states.scheduled, settings: settingsOf({ startsAt: null }) }
    expect(Campaign.decide(never, campaignId, { type: 'schedule', by }, AT)).toMatchObject([{ type: 'campaign.scheduled', startsAt: null }])
    expect(Campaign.decide(states.draft, campaignId, { type: 'schedule', by }, 100_000)).toMatchObject({ refused: 'campaign.startsAt' })
  })

  it('is not written over settings that are others than those that were read', () => {
    const write = (campaign: Campaign.State | null, over: Campaign.State['settings']) =>
      Campaign.decide(campaign, campaignId, { type: 'write', settings: settingsOf({ ratio: 3 }), over, by }, AT)
    expect(write(states.running, settings)).toMatchObject([{ type: 'campaign.written' }])
    expect(write(states.running, structuredClone(settings))).toMatchObject([{ type: 'campaign.written' }])
    expect(write(states.running, settingsOf({ startsAt: 100_000, ratio: 2 }))).toEqual({ refused: 'campaign.changed', field: 'revision' })
    expect(write(null, settings)).toMatchObject({ refused: 'campaign.unknown' })
  })

  it('is neither over nor removed while a call of it goes on', () => {
    const busy = { ...states.running, calls: new Set(['c1']) }
    expect(Campaign.decide(busy, campaignId, { type: 'exhaust' }, AT)).toEqual([])
    const stopped = { ...states.stopped, calls: new Set(['c1']) }
    expect(Campaign.decide(stopped, campaignId, { type: 'remove', by }, AT)).toMatchObject({ refused: 'campaign.inUse' })
  })

  it('takes no settings out of bounds, and switches the message off only with a reason', () => {
    const write = (change: Parameters<typeof settingsOf>[0]) =>
      Campaign.decide(null, campaignId, { type: 'write', settings: settingsOf(change), by }, AT)
    expect(write({ ringMs: 14_999 })).toMatchObject({ refused: 'campaign.settings', field: 'ringMs' })
    expect(write({ ringMs: 15_000 })).toMatchObject([{ type: 'campaign.written' }])
    expect(write({ silentTarget: 0.11 })).toMatchObject({ refused: 'campaign.settings', field: 'silentTarget' })
    expect(write({ ratio: Number.NaN })).toMatchObject({ refused: 'campaign.settings', field: 'ratio' })
    expect(write({ autoCallMs: 60_000 })).toMatchObject({ refused: 'campaign.settings', field: 'autoCallMs' })
    expect(write({ silentMessage: { on: false, reason: ' ' } })).toMatchObject({ refused: 'campaign.silentReason' })
  })
})

const withTotals = (answered: number, silent: number, limit: Campaign.State['limit'] = 'within'): Campaign.State => ({
  ...states.running,
  settings: settingsOf({ mode: 'predictive', silentTarget: 0.03 }),
  limit,
  totals: {
    placed: answered,
    answered,
    connected: answered - silent,
    silent,
    noAnswer: 0,
    busy: 0,
    rejected: 0,
    notInUse: 0,
    failed: 0,
    withdrawn: 0,
  },
})
it('a day that is over keeps the share of silent calls that was allowed on it', () => {
  const day = { from: 0, until: 86_400_000 }
  const over = Campaign.turned(withTotals(100, 1), day)
  const later = Campaign.evolve(over, { type: 'campaign.written', campaignId, settings: settingsOf({ silentTarget: 0.01 }) }, 8)
  expect(later.past).toMatchObject([{ ...day, silentTarget: 0.03, totals: { answered: 100, silent: 1 } }])
})

const judged = (state: Campaign.State): readonly string[] => {
  const decided = Campaign.decide(state, campaignId, { type: 'judge' }, AT)
  return isRefused(decided) ? [] : decided.map((fact) => ('forTheDay' in fact ? `${fact.type} for the day` : fact.type))
}

describe("the day's limit", () => {
  it('is reached a whole call over the share allowed, and left within it', () => {
    expect(judged(withTotals(0, 0))).toEqual([])
    expect(judged(withTotals(33, 1))).toEqual([])
    expect(judged(withTotals(33, 2))).toEqual(['campaign.limitReached'])
    expect(judged(withTotals(100, 3))).toEqual([])
    expect(judged(withTotals(101, 4))).toEqual([])
    expect(judged(withTotals(100, 4))).toEqual(['campaign.limitReached'])
    expect(judged(withTotals(133, 4, 'reached'))).toEqual([])
    expect(judged(withTotals(134, 4, 'reached'))).toEqual(['campaign.limitLeft'])
  })

  it('far beyond chance the pacing is trusted no more that day: 3 + 2·√3 + 1 of 100 answered', () => {
    expect(judged(withTotals(100, 7, 'reached'))).toEqual([])
    expect(judged(withTotals(100, 8, 'reached'))).toEqual(['campaign.limitReached for the day'])
    expect(judged(withTotals(100, 8, 'forTheDay'))).toEqual([])
    expect(judged(withTotals(10_000, 8, 'forTheDay'))).toEqual([])
    expect(judged(withTotals(0, 0, 'forTheDay'))).toEqual(['campaign.limitLeft'])
  })

  it('only then no more than one call per agent may be dialled, or as many more as the budget bears', () => {
    expect(Campaign.mayOverDial(withTotals(100, 1))).toBe(true)
    expect(Campaign.mayOverDial(withTotals(100, 3, 'reached'))).toBe(false)
    expect(Campaign.mayOverDial({ ...withTotals(100, 1), pacingFailed: true })).toBe(false)
    expect(Campaign.budget(withTotals(1_000, 8, 'forTheDay'))).toBe(22)
    expect(Campaign.budget(withTotals(100, 8, 'forTheDay'))).toBe(0)
  })

  it('begins anew with the day; a call counts in the day of its answer', () => {
    const next = Campaign.turned(withTotals(100, 3, 'reached'), { from: 0, until: 1_000 })
    expect(next.totals.answered).toBe(0)
    expect(Campaign.totalsAt(next, 999)).toMatchObject({ answered: 100 })
    expect(Campaign.totalsAt(next, 1_000)).toBe(next.totals)
  })

  it('keeps 400 days', () => {
    let state = withTotals(1, 0)
    for (let day = 0; day < 500; day += 1)
      state = { ...Campaign.turned(state, { from: day, until: day + 1 }), totals: withTotals(1, 0).totals }
    expect(state.past).toHaveLength(400)
    expect(state.past.at(-1)).toMatchObject({ from: 499 })
  })
})

describe('spoilt tries', () => {
  it('from the third in a row on nothing is dialled for 30 s, doubling to 10 min', () => {
    const spoilt = (inARow: number) => Campaign.triesAgainAt({ ...states.running, spoilt: { inARow, at: 1_000 } })
    expect([0, 2, 3, 4, 7, 8, 40].map(spoilt)).toEqual([null, null, 31_000, 61_000, 481_000, 601_000, 601_000])
  })
})

it('remembers of the last contacts how often they were not counted, until they were', () => {
  const after = (...tries: readonly (readonly [string, boolean])[]): Campaign.State =>
    tries.reduce((state, [outcome, counted]) => Campaign.tried(state, { contactId: '7', outcome, counted }, AT), grown([]))
  expect(after(['failed', false], ['failed', false], ['unanswered', false], ['unknown', false]).uncounted.get('7')).toEqual({
    failed: 2,
    left: 1,
    unknown: 1,
  })
  expect(after(['failed', false], ['notCalled', false], ['busy', false]).uncounted.get('7')).toMatchObject({ failed: 1 })
  expect(after(['failed', false], ['unanswered', true]).uncounted.size).toBe(0)
  expect(after(['failed', false], ['failed', false]).spoilt.inARow).toBe(2)
  expect(after(['failed', false], ['unanswered', true]).spoilt.inARow).toBe(0)
  let many = grown([])
  for (let n = 0; n < 1_500; n += 1) many = Campaign.tried(many, { contactId: `k${n}`, outcome: 'failed', counted: false }, AT)
  expect([...many.uncounted.keys()].slice(0, 1)).toEqual(['k500'])
})

it('whatever is asked, it is left as it was where the rules say no, and running, paused or stopped only after it was started', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(commands)), { minLength: 40, maxLength: 80 }), (script) => {
      let state: Campaign.State | null = null
      let started = false
      for (const command of script) {
        const decided = Campaign.decide(state, campaignId, command, AT)
        for (const fact of isRefused(decided) ? [] : decided) {
          if (fact.type === 'campaign.started') started = true
          if (fact.type === 'campaign.removed') [state, started] = [null, false]
          else if (fact.type === 'campaign.written' && state === null) state = Campaign.initial(fact)
          else if (state !== null) state = Campaign.evolve(state, fact, 9)
        }
        if (state !== null && ['running', 'paused', 'done'].includes(state.status)) expect(started).toBe(true)
        if (state !== null) expect(state.startsAt !== null).toBe(state.status === 'scheduled')
      }
    }),
  )
})

it('it is over since it was stopped, or since nobody was left to call, until it is started or planned anew', () => {
  const fact = (type: 'campaign.started' | 'campaign.paused' | 'campaign.stopped' | 'campaign.finished') => ({ type, campaignId })
  const planned = { type: 'campaign.scheduled' as const, campaignId, startsAt: 50 }
  const after = (...facts: readonly Parameters<typeof Campaign.evolve>[1][]) =>
    facts.reduce(
      (state, one, index) => Campaign.evolve(state, one, 10 * (index + 1)),
      Campaign.initial({ type: 'campaign.written', campaignId, settings: settingsOf({}) }),
    ).endedAt
  expect(after(fact('campaign.started'), fact('campaign.paused'))).toBeNull()
  expect(after(fact('campaign.started'), fact('campaign.stopped'))).toBe(20)
  expect(after(fact('campaign.started'), fact('campaign.finished'))).toBe(20)
  expect(after(fact('campaign.started'), fact('campaign.finished'), fact('campaign.started'))).toBeNull()
  expect(after(fact('campaign.started'), fact('campaign.stopped'), planned)).toBeNull()
})
