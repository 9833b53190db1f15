import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacing, type Decision, type PacingFact, type PacingMode, type PacingSettings, type Snapshot } from './pacing.ts'

const settings = (mode: PacingMode, more: Partial<PacingSettings> = {}): PacingSettings => ({
  mode,
  silentTarget: 0.03,
  silentAfterMs: 2_000,
  ringTimeoutMs: 25_000,
  ...(mode === 'power' ? { ratio: 2 } : {}),
  ...more,
})

const TOTALS = { placed: 0, answered: 0, connected: 0, silent: 0, noAnswer: 0, failed: 0 }
const ages = (count: number): number[] => Array.from({ length: count }, (_, place) => 1_000 * (place + 1))

/** Agents idle, talking and paused; calls in the air and contacts waiting. */
function snapshot(idle: number, talking: number, ringing: number, waiting: number, more: Partial<Snapshot> = {}): Snapshot {
  return {
    nowMs: 0,
    closesAtMs: 28_800_000,
    idle,
    paused: 0,
    loggedIn: idle + talking,
    talkingMs: ages(talking),
    wrappingMs: [],
    ringingMs: ages(ringing),
    waitingMs: Array.from({ length: waiting }, () => 500),
    totals: TOTALS,
    ...more,
  }
}

const rows = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.split('│').map((cell) => cell.trim()))

describe('progressive: exactly one call per ready agent', () => {
  const table = `
    idle │ ringing │ waiting │ dial
    0    │ 0       │ 0       │ 0
    1    │ 0       │ 0       │ 1
    5    │ 0       │ 0       │ 5
    5    │ 3       │ 0       │ 2
    5    │ 3       │ 1       │ 1
    5    │ 3       │ 2       │ 0
    2    │ 6       │ 0       │ 0
    0    │ 0       │ 4       │ 0`
  it.each(rows(table).slice(1))('%s idle, %s ringing, %s waiting: %s', (idle, ringing, waiting, dial) => {
    const pacing = createPacing(settings('progressive'))
    expect(pacing.decide(snapshot(Number(idle), 3, Number(ringing), Number(waiting)))).toEqual({ dial: Number(dial), hangUp: 0 })
  })
})

describe('power: the ratio for each ready agent, less those in the air and waiting', () => {
  const table = `
    ratio │ idle │ ringing │ waiting │ answered │ silent │ dial
    1     │ 4    │ 1       │ 0       │ 0        │ 0      │ 3
    2     │ 4    │ 1       │ 0       │ 0        │ 0      │ 7
    2.5   │ 3    │ 0       │ 0       │ 0        │ 0      │ 7
    2.5   │ 3    │ 4       │ 2       │ 0        │ 0      │ 1
    6     │ 2    │ 20      │ 0       │ 0        │ 0      │ 0
    3     │ 0    │ 0       │ 0       │ 0        │ 0      │ 0
    3     │ 4    │ 0       │ 0       │ 100      │ 2      │ 12
    3     │ 4    │ 0       │ 0       │ 99       │ 2      │ 4
    3     │ 4    │ 0       │ 0       │ 10       │ 1      │ 4
    3     │ 4    │ 3       │ 0       │ 200      │ 9      │ 1`
  it.each(rows(table).slice(1))('ratio %s, %s idle, %s ringing, %s waiting, %s answered, %s silent: %s', (...cells) => {
    const [ratio = 0, idle = 0, ringing = 0, waiting = 0, answered = 0, silent = 0, dial = 0] = cells.map(Number)
    const pacing = createPacing(settings('power', { ratio }))
    const now = snapshot(idle, 3, ringing, waiting, { totals: { ...TOTALS, answered, silent } })
    expect(pacing.decide(now)).toEqual({ dial, hangUp: 0 })
  })
})

describe('settings no campaign can mean are refused', () => {
  it.each([
    ['a mode of another name', { mode: 'preview' as PacingMode }],
    ['a target of nothing', { silentTarget: 0 }],
    ['a target in per cent', { silentTarget: 3 }],
    ['no number', { silentTarget: Number.NaN }],
    ['a limit before the answer', { silentAfterMs: -1 }],
    ['no ringing', { ringTimeoutMs: 0 }],
    ['power without a ratio', { mode: 'power' as const, ratio: 0 }],
    ['a ratio beyond six', { mode: 'power' as const, ratio: 6.5 }],
  ])('%s', (_, wrong) => expect(() => createPacing(settings('predictive', wrong))).toThrow(RangeError))
})

const age = fc.double({ min: 0, max: 600_000, noNaN: true })
const someSnapshot = fc
  .record({
    nowMs: fc.double({ min: 0, max: 28_800_000, noNaN: true }),
    idle: fc.integer({ min: 0, max: 40 }),
    paused: fc.integer({ min: 0, max: 5 }),
    talkingMs: fc.array(age, { maxLength: 40 }),
    wrappingMs: fc.array(age, { maxLength: 10 }),
    ringingMs: fc.array(fc.double({ min: 0, max: 40_000, noNaN: true }), { maxLength: 60 }),
    waitingMs: fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { maxLength: 5 }),
    left: fc.option(fc.constantFrom(null, 0, 4_000, 60_000), { nil: undefined }),
    odds: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    answered: fc.integer({ min: 0, max: 5_000 }),
    silent: fc.integer({ min: 0, max: 100 }),
  })
  .map(
    ({ answered, silent, ...seen }): Snapshot => ({
      ...seen,
      closesAtMs: 28_800_000,
      loggedIn: seen.idle + seen.paused + seen.talkingMs.length + seen.wrappingMs.length,
      totals: { placed: 3 * answered, answered, connected: Math.max(0, answered - silent), silent, noAnswer: answered, failed: 0 },
    }),
  )

const ringMs = fc.double({ min: 0, max: 30_000, noNaN: true })
const someFact: fc.Arbitrary<PacingFact> = fc.oneof(
  fc.record({ atMs: age, type: fc.constantFrom('answered' as const, 'noAnswer' as const, 'failed' as const, 'hungUp' as const), ringMs }),
  fc.record({ atMs: age, type: fc.constant('talkEnded' as const), talkMs: age }),
  fc.record({ atMs: age, type: fc.constant('wrapEnded' as const), wrapMs: age }),
  fc.record({
    atMs: age,
    type: fc.constantFrom('silent' as const, 'agentReady' as const, 'agentPaused' as const, 'agentLoggedOut' as const),
  }),
)
const step = fc.record({ facts: fc.array(someFact, { maxLength: 8 }), seen: someSnapshot })
const script = fc.array(step, { minLength: 1, maxLength: 40 })

type Told = { readonly facts: readonly PacingFact[]; readonly seen: Snapshot }
const tell = (pacing: ReturnType<typeof createPacing>, told: readonly Told[]): Decision[] =>
  told.map(({ facts, seen }) => {
    for (const fact of facts) pacing.observe(fact)
    return pacing.decide(seen)
  })

const modes: readonly PacingMode[] = ['progressive', 'power', 'predictive']

describe.each(modes)('laws of %s', (mode) => {
  it('whole numbers, never below zero, never without bound', () => {
    fc.assert(
      fc.property(script, (told) => {
        tell(createPacing(settings(mode)), told).forEach(({ dial, hangUp }, place) => {
          const { loggedIn = 0, paused = 0, ringingMs = [] } = told[place]?.seen ?? {}
          expect(Number.isInteger(dial) && dial >= 0 && dial <= 6 * (loggedIn - paused) + 10).toBe(true)
          expect(Number.isInteger(hangUp) && hangUp >= 0 && hangUp <= ringingMs.filter((ms) => ms >= 15_000).length).toBe(true)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('with nobody there nobody is dialled', () => {
    fc.assert(
      fc.property(script, someSnapshot, (told, seen) => {
        const pacing = createPacing(settings(mode))
        tell(pacing, told)
        expect(pacing.decide({ ...seen, idle: 0, talkingMs: [], wrappingMs: [], loggedIn: seen.paused }).dial).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('restored, it decides as it would have, and the same told twice is decided the same', () => {
    fc.assert(
      fc.property(script, script, (before, after) => {
        const first = createPacing(settings(mode, { seed: 7 }))
        const again = createPacing(settings(mode, { seed: 7 }))
        expect(tell(again, before)).toEqual(tell(first, before))
        const restored = createPacing(settings(mode, { seed: 7 }), JSON.parse(JSON.stringify(first.save())))
        expect(tell(restored, after)).toEqual(tell(first, after))
      }),
      { numRuns: 30 },
    )
  })
})

/** A team of ten that talks, nothing in the air, after an hour in which a third of the calls was answered after eight seconds. */
function warm(silentTarget = 0.03): ReturnType<typeof createPacing> {
  const pacing = createPacing(settings('predictive', { silentTarget }))
  for (let call = 0; call < 180; call += 1) {
    const atMs = 20_000 * call
    const ringing = [4_000, 8_000, 12_000]
    for (let tick = 0; tick < 40; tick += 1) {
      const totals = { ...TOTALS, placed: 3 * call, answered: call, connected: call }
      const air = { ringingMs: ringing.map((ms) => ms + tick * 300), wrappingMs: [500 * tick], loggedIn: 11 }
      pacing.decide(snapshot(0, 10, 0, 0, { nowMs: atMs + 500 * tick, ...air, totals }))
    }
    pacing.observe({ atMs, type: 'answered', ringMs: 8_000 })
    pacing.observe({ atMs, type: 'noAnswer', ringMs: 25_000 })
    pacing.observe({ atMs, type: 'noAnswer', ringMs: 25_000 })
    pacing.observe({ atMs, type: 'talkEnded', talkMs: 100_000 + 1_000 * (call % 100) })
    pacing.observe({ atMs, type: 'wrapEnded', wrapMs: 20_000 })
  }
  return pacing
}

describe('predictive weighs what it knows', () => {
  const after = { nowMs: 3_600_000, totals: { ...TOTALS, placed: 540, answered: 180, connected: 180 } }
  const dials = (seen: Snapshot, target = 0.03): number => warm(target).decide(seen).dial

  it('dials more than one call per ready agent where few are answered', () => expect(dials(snapshot(4, 6, 0, 0, after))).toBeGreaterThan(4))
  it('dials less with calls in the air', () => expect(dials(snapshot(4, 6, 8, 0, after))).toBeLessThan(dials(snapshot(4, 6, 0, 0, after))))
  it('dials less with contacts waiting', () => expect(dials(snapshot(4, 6, 0, 3, after))).toBeLessThan(dials(snapshot(4, 6, 0, 0, after))))
  it('dials less under a lower limit', () =>
    expect(dials(snapshot(4, 6, 0, 0, after), 0.005)).toBeLessThan(dials(snapshot(4, 6, 0, 0, after), 0.05)))
  it('with the budget spent never counts on an agent who is not ready', () => {
    const spent = { ...after, totals: { ...after.totals, silent: 40, connected: 140 } }
    expect(dials(snapshot(0, 10, 0, 0, spent))).toBe(0)
    expect(dials(snapshot(2, 8, 0, 0, spent))).toBeLessThanOrEqual(2)
    expect(dials(snapshot(2, 8, 2, 0, spent))).toBe(0)
  })
  it('a lone agent never stands still, whatever went before', () => {
    const spent = { ...after, totals: { ...after.totals, silent: 40, connected: 140 } }
    expect(dials(snapshot(1, 0, 0, 0, spent))).toBe(1)
    expect(dials(snapshot(1, 0, 1, 0, spent))).toBe(0)
  })
  it('ends calls that have rung long when nobody will be ready, and no younger ones', () => {
    const seen = snapshot(0, 10, 0, 0, { ...after, talkingMs: Array.from({ length: 10 }, () => 5_000), ringingMs: [21_000, 16_000, 9_000] })
    expect(warm().decide(seen).hangUp).toBe(2)
    expect(warm().decide({ ...seen, idle: 8, loggedIn: 18 }).hangUp).toBe(0)
  })

  describe('and what it is told beyond that', () => {
    const wrapping = { ...after, wrappingMs: [3_000, 3_000, 3_000], loggedIn: 10 }
    const wrapsLeft = (ms: number | null): number => dials({ ...snapshot(0, 7, 0, 0, wrapping), wrapLeftMs: [ms, ms, ms] })
    const talksLeft = (ms: number): number => dials({ ...snapshot(1, 9, 0, 0, after), talkLeftMs: ages(9).map(() => ms) })
    const odds = (share: number): number => {
      const pacing = warm()
      const usual = { ...snapshot(4, 6, 4, 0, after), ringingOdds: [0.3, 0.3, 0.3, 0.3] }
      pacing.decide(usual)
      return pacing.decide({ ...usual, nextOdds: new Array<number>(80).fill(share) }).dial
    }

    it('wrap-up timers about to end', () => expect(wrapsLeft(1_000)).toBeGreaterThan(wrapsLeft(200_000)))
    it('a timer that is not known changes nothing', () => expect(wrapsLeft(null)).toBe(dials(snapshot(0, 7, 0, 0, wrapping))))
    it('scripts about to end', () => expect(talksLeft(0)).toBeGreaterThan(talksLeft(300_000)))
    it('contacts likelier to answer than usual', () => expect(odds(0.8)).toBeLessThan(odds(0.3)))
    it('contacts less likely to', () => expect(odds(0.05)).toBeGreaterThan(odds(0.3)))
  })
})
