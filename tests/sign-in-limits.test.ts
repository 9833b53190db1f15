import { beforeEach, describe, expect, test } from 'vitest'
import { SignInLimits } from '#adapters/http/sign-in-limits.ts'
import { VirtualClock } from '#sim/clock.ts'

let clock: VirtualClock
let limits: SignInLimits
beforeEach(() => {
  clock = new VirtualClock(0)
  limits = new SignInLimits(clock)
})
const from = (address: string, name = 'anna', device: string | null = null) => ({ name, address, device })
/** How many tries there are before one has to wait. */
const tries = (trying: (n: number) => Parameters<SignInLimits['take']>[0]): number => {
  for (let n = 0; n < 100; n += 1) if (limits.take(trying(n)) > 0) return n
  return Number.POSITIVE_INFINITY
}

test('at a name there are ten, wherever they come from and however it is written', () => {
  expect(tries((n) => from(`10.0.0.${n}`, n % 2 === 0 ? 'anna' : 'ANNA'))).toBe(10)
})

test('and then one each ten seconds; from a network one each six', async () => {
  expect([tries((n) => from(`10.0.0.${n}`)), tries((n) => from('10.1.0.1', `x${n}`))]).toEqual([10, 10])
  expect([limits.take(from('10.2.0.1')), limits.take(from('10.1.0.1', 'y'))]).toEqual([10_000, 6_000])
  await clock.run(6_000)
  expect([limits.take(from('10.3.0.1')), limits.take(from('10.1.0.1', 'z'))]).toEqual([4_000, 0])
  await clock.run(10_000)
  expect(limits.take(from('10.4.0.1'))).toBe(0)
})

describe('from where somebody has signed in before', () => {
  beforeEach(() => {
    limits.take(from('10.0.0.1'))
    limits.wentWell(from('10.0.0.1'))
  })
  test('a flood at the name elsewhere keeps nobody out', () => {
    expect(tries((n) => from(`10.5.0.${n}`))).toBe(10)
    expect(limits.take(from('10.0.0.1'))).toBe(0)
  })
  test('and yet one may not guess without end', () => expect(tries(() => from('10.0.0.1'))).toBe(10))
  test('nor for another name', () => {
    tries((n) => from(`10.5.0.${n}`, 'bo'))
    expect(limits.take(from('10.0.0.1', 'bo'))).toBeGreaterThan(0)
  })
})

test('a browser that is known has tries of its own, for each name', () => {
  expect(tries((n) => from(`10.0.0.${n}`, 'anna', 'device'))).toBe(10)
  expect(limits.take(from('10.0.0.1', 'bo', 'device'))).toBe(0)
  expect(limits.take(from('10.0.0.1', 'anna', null))).toBe(0)
})

test('eight passwords are verified at a time for those unknown, four more for those known', async () => {
  const over = Promise.withResolvers<string>()
  const asked = (device: string | null) => limits.verifying(from('10.0.0.1', 'anna', device), () => over.promise)
  const unknown = Array.from({ length: 9 }, () => asked(null))
  const known = Array.from({ length: 5 }, () => asked('device'))
  expect([await unknown[8], await known[4]]).toEqual([null, null])
  over.resolve('verified')
  expect(await Promise.all([...unknown.slice(0, 8), ...known.slice(0, 4)])).toEqual(Array(12).fill('verified'))
  expect(await asked(null)).toBe('verified')
})
