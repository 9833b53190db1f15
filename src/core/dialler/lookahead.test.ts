import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Moment } from './lookahead.ts'

/** P(agents free ≤ contacts answered), over every way it may come out. */
function counted(agents: readonly number[], calls: readonly number[], waiting: number): number {
  let sum = 0
  const all = [...agents, ...calls]
  for (let way = 0; way < 2 ** all.length; way += 1) {
    let chance = 1
    let free = 0
    let answered = waiting
    all.forEach((each, place) => {
      const comes = (way >> place) & 1
      chance *= comes ? each : 1 - each
      if (place < agents.length) free += comes
      else answered += comes
    })
    if (free <= answered) sum += chance
  }
  return sum
}

function looked(agents: readonly number[], calls: readonly number[], waiting: number, more: readonly number[] = []): number {
  const moment = new Moment()
  moment.begin()
  for (const chance of agents) moment.agents(1, chance)
  for (const chance of calls) moment.calls(1, chance)
  moment.ready(waiting)
  for (const chance of more) moment.addCall(chance)
  return moment.nobodyFree()
}

const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })

describe('a moment ahead', () => {
  it('few are added up exactly', () => {
    fc.assert(
      fc.property(chances, chances, fc.integer({ min: 0, max: 3 }), (agents, calls, waiting) => {
        expect(looked(agents, calls, waiting)).toBeCloseTo(counted(agents, calls, waiting), 3)
      }),
    )
  })

  it('a call put on top is as if it had been there', () => {
    fc.assert(
      fc.property(chances, chances, chances, (agents, calls, more) => {
        expect(looked(agents, calls, 0, more)).toBeCloseTo(looked(agents, [...calls, ...more], 0), 3)
      }),
    )
  })

  it('one agent who may be free, nobody else: nobody is free as often as he is not', () => expect(looked([0.7], [], 0)).toBeCloseTo(0.3, 9))

  it('many are added up nearly', () => {
    // 40 agents of chance 1/2 against 15 calls of 1/2: agents less calls ≤ 0 is 55 even coins showing ≤ 15 heads.
    let chance = 0.5 ** 55
    let sum = chance
    for (let heads = 1; heads <= 15; heads += 1) {
      chance *= (56 - heads) / heads
      sum += chance
    }
    const half = (count: number): number[] => new Array<number>(count).fill(0.5)
    expect(looked(half(40), half(15), 0)).toBeCloseTo(sum, 3)
  })

  it('a hundred who are certainly there are not cut short', () => {
    expect(looked(new Array<number>(100).fill(1), [], 99)).toBeLessThan(0.01)
    expect(looked(new Array<number>(100).fill(1), [], 100)).toBeGreaterThan(0.99)
  })
})
