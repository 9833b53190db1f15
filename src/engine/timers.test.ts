import { describe, expect, it } from 'vitest'
import type { TimerInput } from '#core/inputs.ts'
import { initial, setTimer } from '#core/world/world.ts'
import { Timers } from './timers.ts'

const wrapUp = (agentId: string): TimerInput => ({ type: 'wrapUp.timeOut', agentId })
const DAY: TimerInput = { type: 'day.timeOut' }

function timers() {
  const world = initial()
  const own = new Timers(world)
  const set = (key: string, at: number | null, input = wrapUp(key)): void => {
    setTimer(world, key, at, input)
    own.feed()
  }
  const due = (wall: number, ahead = 0): readonly TimerInput[] => {
    const found: TimerInput[] = []
    for (let one = own.pop(wall, ahead); one !== null; one = own.pop(wall, ahead)) found.push(one)
    return found
  }
  return { own, set, due }
}

describe('stored timers', () => {
  it('fall due in order, and not before', () => {
    const { own, set, due } = timers()
    for (const [key, at] of Object.entries({ c: 30, a: 10, d: 40, b: 20 })) set(key, at)
    expect(own.next(0)).toBe(10)
    expect(due(30)).toEqual(['a', 'b', 'c'].map(wrapUp))
    expect(own.next(0)).toBe(40)
  })

  it('set twice for one instant, or moved there and back, fall due once; one taken back never', () => {
    const { set, due } = timers()
    set('a', 10)
    set('a', 10)
    set('b', 10)
    set('b', 20)
    set('b', 10)
    set('c', 10)
    set('c', null)
    expect(due(100)).toEqual(['a', 'b'].map(wrapUp))
    set('a', 10)
    expect(due(100)).toEqual([wrapUp('a')])
  })

  it('who waits is due by the time in facts, an appointment by the wall', () => {
    const { own, set, due } = timers()
    set('a', 110)
    set('day', 20, DAY)
    expect(own.next(100)).toBe(10)
    expect(due(15, 100)).toEqual([wrapUp('a')])
    expect(due(20, 100)).toEqual([DAY])
  })
})
