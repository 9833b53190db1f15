import { afterEach, describe, expect, test, vi } from 'vitest'
import { machineChance, machineClock } from './clock.ts'

afterEach(() => vi.useRealTimers())

describe('waking', () => {
  test('at the instant, not before', () => {
    vi.useFakeTimers()
    const clock = machineClock()
    const call = vi.fn()
    clock.wake(clock.now() + 1000, call)
    vi.advanceTimersByTime(999)
    expect(call).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(call).toHaveBeenCalledOnce()
  })
  test('an instant further off than one timer reaches', () => {
    vi.useFakeTimers()
    const clock = machineClock()
    const call = vi.fn()
    const days = 24 * 3_600_000
    clock.wake(clock.now() + 60 * days, call)
    vi.advanceTimersByTime(60 * days - 1)
    expect(call).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(call).toHaveBeenCalledOnce()
  })
  test('taken back', () => {
    vi.useFakeTimers()
    const clock = machineClock()
    const call = vi.fn()
    clock.wake(clock.now() + 1000, call)()
    vi.advanceTimersByTime(5000)
    expect(call).not.toHaveBeenCalled()
  })
})

describe('ids', () => {
  const chance = machineChance()
  test('sort by time', () => expect(chance.id(1_795_340_000_000) < chance.id(1_795_340_000_001)).toBe(true))
  test('two of one instant differ', () => expect(chance.id(1)).not.toBe(chance.id(1)))
  test('26 signs without those people mistake', () => expect(chance.id(Date.now())).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/))
})
