import { describe, expect, test } from 'vitest'
import { leastMs } from '#core/solution/solution.ts'
import { calendar } from './calendar.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z'))
const stockholm = calendar('Europe/Stockholm', {
  office: {
    'mon-fri': ['08:00-12:00', '13:00-17:00'],
    sat: ['10:00-14:00'],
    holidays: { '2026-12-24': [], '2026-12-31': ['08:00-12:00'] },
  },
  night: { 'mon-sun': ['00:00-02:30'] },
  early: { 'mon-sun': ['02:15-06:00'] },
  always: { 'mon-sun': ['00:00-24:00'] },
  never: {},
  weekend: { 'fri-mon': ['00:00-24:00'] },
})
const hours = (id: string, when: string) => {
  const now = stockholm.hours(id, at(when))
  return { open: now.open, until: iso(now.until), closesAt: iso(now.closesAt), nextDayClosesAt: iso(now.nextDayClosesAt) }
}

describe('an office, in winter one hour ahead of UTC', () => {
  test('open in the morning; the last closing of the day is after lunch', () => {
    expect(hours('office', '2026-11-23T09:00Z')).toEqual({
      open: true,
      until: '2026-11-23T11:00Z',
      closesAt: '2026-11-23T16:00Z',
      nextDayClosesAt: '2026-11-24T16:00Z',
    })
  })
  test('closed for lunch, the same closing', () => {
    expect(hours('office', '2026-11-23T11:00Z')).toEqual({
      open: false,
      until: '2026-11-23T12:00Z',
      closesAt: '2026-11-23T16:00Z',
      nextDayClosesAt: '2026-11-24T16:00Z',
    })
  })
  test('a window holds from its first instant to just before its last', () => {
    expect(hours('office', '2026-11-23T06:59:59.999Z').open).toBe(false)
    expect(hours('office', '2026-11-23T07:00Z').open).toBe(true)
    expect(hours('office', '2026-11-23T15:59:59.999Z').open).toBe(true)
    expect(hours('office', '2026-11-23T16:00Z').open).toBe(false)
  })
  test('after closing on Saturday the next open day is Monday', () => {
    expect(hours('office', '2026-11-28T14:00Z')).toEqual({
      open: false,
      until: '2026-11-30T07:00Z',
      closesAt: null,
      nextDayClosesAt: '2026-11-30T16:00Z',
    })
  })
  test('a holiday is closed, a date with its own hours has them', () => {
    expect(hours('office', '2026-12-24T09:00Z')).toMatchObject({ open: false, until: '2026-12-25T07:00Z' })
    expect(hours('office', '2026-12-31T09:00Z')).toMatchObject({ open: true, until: '2026-12-31T11:00Z', closesAt: '2026-12-31T11:00Z' })
  })
})

describe('the spring change-over, 29 March 2026: 02:00 is 03:00', () => {
  test('a window that would end in the skipped hour ends when it is skipped', () => {
    expect(hours('night', '2026-03-29T00:30Z')).toMatchObject({ open: true, until: '2026-03-29T01:00Z' })
    expect(hours('night', '2026-03-29T01:00Z').open).toBe(false)
  })
  test('a window that would begin in the skipped hour begins when it is over', () => {
    expect(hours('early', '2026-03-29T00:59:59.999Z')).toMatchObject({ open: false, until: '2026-03-29T01:00Z' })
    expect(hours('early', '2026-03-29T01:00Z')).toMatchObject({ open: true, until: '2026-03-29T04:00Z' })
  })
  test('the office opens at eight by the clock on the wall, before and after', () => {
    expect(hours('office', '2026-03-28T13:30Z')).toMatchObject({ open: false, until: '2026-03-30T06:00Z' })
  })
  test('the day has 23 hours', () => {
    const day = stockholm.day(at('2026-03-29T12:00Z'))
    expect([iso(day.from), iso(day.to)]).toEqual(['2026-03-28T23:00Z', '2026-03-29T22:00Z'])
    expect(day.to - day.from).toBe(23 * 3_600_000)
  })
})

describe('the autumn change-over, 25 October 2026: 03:00 is 02:00 again', () => {
  test('a window that ends in the repeated hour ends twice', () => {
    expect(hours('night', '2026-10-24T23:00Z')).toMatchObject({ open: true, until: '2026-10-25T00:30Z' })
    expect(hours('night', '2026-10-25T00:30Z')).toMatchObject({ open: false, until: '2026-10-25T01:00Z' })
    expect(hours('night', '2026-10-25T01:00Z')).toMatchObject({ open: true, until: '2026-10-25T01:30Z' })
    expect(hours('night', '2026-10-25T01:30Z')).toMatchObject({ open: false, until: '2026-10-25T23:00Z' })
  })
  test('the last closing of that day is the second one', () => {
    expect(hours('night', '2026-10-24T23:00Z')).toMatchObject({ closesAt: '2026-10-25T01:30Z', nextDayClosesAt: '2026-10-26T01:30Z' })
  })
  test('a window that begins in the repeated hour begins twice', () => {
    expect(hours('early', '2026-10-25T00:00Z')).toMatchObject({ open: false, until: '2026-10-25T00:15Z' })
    expect(hours('early', '2026-10-25T00:15Z')).toMatchObject({ open: true, until: '2026-10-25T01:00Z' })
    expect(hours('early', '2026-10-25T01:00Z')).toMatchObject({ open: false, until: '2026-10-25T01:15Z' })
  })
  test('the day has 25 hours', () => {
    const day = stockholm.day(at('2026-10-25T12:00Z'))
    expect([iso(day.from), iso(day.to)]).toEqual(['2026-10-24T22:00Z', '2026-10-25T23:00Z'])
    expect(day.to - day.from).toBe(25 * 3_600_000)
  })
})

describe('months before', () => {
  test.each([
    ['by the clock on the wall, over a change-over', '2026-11-25T02:00Z', 3, '2026-08-25T01:00Z'],
    ['to the last day of a month that is too short', '2026-03-31T01:00Z', 1, '2026-02-28T02:00Z'],
    ['of a leap year', '2028-05-31T01:00Z', 3, '2028-02-29T02:00Z'],
    ['over years', '2026-01-15T02:00Z', 25, '2023-12-15T02:00Z'],
    ['to an hour that was skipped: after it', '2026-04-29T00:30Z', 1, '2026-03-29T01:30Z'],
  ])('%s', (_name, at, months, then) => expect(iso(stockholm.monthsBefore(Date.parse(at), months))).toBe(then))
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 24, 25, 120])('%i of them last at the least what is counted on', (months) => {
    // Noon of each day of four years, one of them a leap year: a change-over may take an hour.
    const days = Array.from({ length: 4 * 366 }, (_, day) => Date.parse('2026-03-01T11:00Z') + day * 86_400_000)
    const shortest = Math.min(...days.map((at) => at - stockholm.monthsBefore(at, months)))
    expect(Math.round(shortest / 86_400_000)).toBeGreaterThanOrEqual(leastMs(months) / 86_400_000)
    expect(leastMs(months) / 86_400_000).toBeGreaterThanOrEqual(Math.round(shortest / 86_400_000) - Math.floor(months / 48))
  })
})

describe('edges', () => {
  test('always open never changes, never open never does either', () => {
    expect(hours('always', '2026-11-23T09:00Z')).toEqual({ open: true, until: null, closesAt: null, nextDayClosesAt: null })
    expect(hours('never', '2026-11-23T09:00Z')).toEqual({ open: false, until: null, closesAt: null, nextDayClosesAt: null })
  })
  test('hours that go on past midnight close when they do', () => {
    expect(hours('weekend', '2026-11-28T12:00Z')).toEqual({
      open: true,
      until: '2026-11-30T23:00Z',
      closesAt: '2026-11-30T23:00Z',
      nextDayClosesAt: '2026-12-07T23:00Z',
    })
  })
  test('another zone has another day', () => {
    const newYork = calendar('America/New_York', { office: { 'mon-fri': ['09:00-17:00'] } })
    expect(iso(newYork.hours('office', at('2026-03-10T12:00Z')).until)).toBe('2026-03-10T13:00Z')
    expect(iso(newYork.hours('office', at('2026-03-03T12:00Z')).until)).toBe('2026-03-03T14:00Z')
    expect(iso(newYork.day(at('2026-03-10T02:00Z')).from)).toBe('2026-03-09T04:00Z')
  })
})
