import { describe, expect, it } from 'vitest'
import { fixedRatio, predictive, progressive } from './diallers.ts'
import { KINDS, type Kind } from './kinds.ts'
import { playShift } from './shift.ts'

const kindOf = (wanted: string): Kind => {
  const kind = KINDS.find(({ name }) => name === wanted)
  if (!kind) throw new Error(`no kind of shift is called ${wanted}`)
  return kind
}
const short = (name: string, agents: number, seed = 1) => ({ kind: kindOf(name), agents, seed, shiftMs: 5_400_000 })
const NOBODY = { decide: () => ({ dial: 0, hangUp: 0 }), observe: () => undefined }

describe('a shift', () => {
  it('of one seed is the same to the millisecond', () => {
    const [first, again] = [1, 1].map((seed) => playShift(short('all together', 10, seed), predictive(0.03)))
    expect(again).toEqual(first)
    expect(playShift(short('all together', 10, 2), predictive(0.03))).not.toEqual(first)
  })

  it('stands still where nobody is dialled', () => {
    const outcome = playShift(short('steady 30 %', 10), NOBODY)
    expect(outcome).toMatchObject({ placed: 0, answered: 0, silent: 0, busyMs: 0, share: 0 })
    expect(outcome.idleMs).toBe(10 * 5_400_000)
  })

  it('without pauses one call per ready agent is never silent', () => {
    expect(playShift(short('steady 45 %', 10), progressive(0.03)).silent).toBe(0)
  })

  it('a reckless ratio is silent far beyond any limit', () => {
    const { silent, answered } = playShift(short('steady 45 %', 10), fixedRatio(4))
    expect(silent / answered).toBeGreaterThan(0.1)
  })
})

describe('predictive keeps the limit from the first call on and has agents talk', () => {
  it.each([
    ['steady 30 %', 10, 0.03, 0.78],
    ['swings', 10, 0.03, 0.75],
    ['pausing', 10, 0.01, 0.7],
    ['all together', 10, 0.03, 0.65],
    ['logging off at once', 30, 0.03, 0.84],
  ])('%s, %i agents, limit %f', (name, agents, limit, floor) => {
    const outcome = playShift(short(name, agents), predictive(limit))
    expect(outcome.silent).toBeLessThanOrEqual(limit * outcome.answered)
    expect(outcome.share).toBeGreaterThan(floor)
    expect(outcome.share).toBeGreaterThan(playShift(short(name, agents), progressive(limit)).share)
  })
})
