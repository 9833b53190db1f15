import { describe, expect, test } from 'vitest'
import type { Window } from '#core/campaign/settings.ts'
import { calendar } from './calendar.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z'))
const solution = calendar('Europe/Stockholm', {})
const window = (text: string): Window => {
  const [from = '', to = ''] = text.split('-')
  return { from, to }
}

interface Asked {
  readonly zone?: string
  /** Every day, unless `days` are given. */
  readonly hours?: readonly string[]
  readonly days?: Readonly<Record<string, readonly string[]>>
  readonly holidays?: Readonly<Record<string, readonly string[]>>
  readonly periods?: readonly string[]
  readonly own?: string
}
const byName = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(window)]))

function calling({ zone = 'Europe/Stockholm', hours = [], days, holidays = {}, periods = [], own }: Asked, when: string) {
  const everyDay = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, hours]))
  const now = solution.calling(
    {
      zone,
      hours: { days: byName(days ?? everyDay), holidays: byName(holidays) },
      periods: periods.map(window),
      own: own === undefined ? null : window(own),
    },
    at(when),
  )
  return { open: now.open, until: iso(now.until), period: now.period, turnsAt: iso(now.turnsAt) }
}

describe('calling hours, on a working day in winter', () => {
  const office: Asked = { days: { mon: ['09:00-12:00', '13:00-20:00'] }, holidays: { '2026-11-30': [], '2026-12-06': ['10:00-11:00'] } }

  test('open from the first instant to just before the last', () => {
    expect(calling(office, '2026-11-23T08:00Z')).toEqual({
      open: true,
      until: '2026-11-23T11:00Z',
      period: null,
      turnsAt: '2026-11-23T11:00Z',
    })
    expect(calling(office, '2026-11-23T07:59:59.999Z')).toMatchObject({ open: false, until: '2026-11-23T08:00Z' })
    expect(calling(office, '2026-11-23T11:00Z')).toMatchObject({ open: false, until: '2026-11-23T12:00Z' })
  })
  test('a date of its own stands instead of the weekday: closed, or open on a Sunday', () => {
    expect(calling(office, '2026-11-23T19:00Z')).toMatchObject({ open: false, until: '2026-12-06T09:00Z' })
    expect(calling(office, '2026-12-06T09:30Z')).toMatchObject({ open: true, until: '2026-12-06T10:00Z' })
  })
  test('the contact’s own hours cut them', () => {
    expect(calling({ ...office, own: '18:00-21:00' }, '2026-11-23T08:00Z')).toMatchObject({ open: false, until: '2026-11-23T17:00Z' })
    expect(calling({ ...office, own: '18:00-21:00' }, '2026-11-23T17:00Z')).toMatchObject({ open: true, until: '2026-11-23T19:00Z' })
  })
  test('hours that no day has never open; all of every day never closes', () => {
    expect(calling({}, '2026-11-23T08:00Z')).toEqual({ open: false, until: null, period: null, turnsAt: null })
    expect(calling({ hours: ['00:00-24:00'] }, '2026-11-23T08:00Z')).toEqual({ open: true, until: null, period: null, turnsAt: null })
  })
})

describe('daily periods', () => {
  const two: Asked = { hours: ['09:00-20:00'], periods: ['08:00-12:00', '12:00-15:00', '17:00-21:00'] }

  test('one goes over into the next without closing', () => {
    expect(calling(two, '2026-11-23T08:00Z')).toEqual({ open: true, until: '2026-11-23T14:00Z', period: 0, turnsAt: '2026-11-23T11:00Z' })
    expect(calling(two, '2026-11-23T11:00Z')).toEqual({ open: true, until: '2026-11-23T14:00Z', period: 1, turnsAt: '2026-11-23T14:00Z' })
  })
  test('between two it is closed, and the hours still bound them', () => {
    expect(calling(two, '2026-11-23T14:00Z')).toMatchObject({ open: false, until: '2026-11-23T16:00Z', period: null })
    expect(calling(two, '2026-11-23T16:00Z')).toMatchObject({ open: true, until: '2026-11-23T19:00Z', period: 2 })
  })
  test('a single one bounds the hours, and there is no other to try in', () => {
    expect(calling({ ...two, periods: ['08:00-12:00'] }, '2026-11-23T08:00Z')).toMatchObject({ until: '2026-11-23T11:00Z', period: null })
  })
})

describe('the spring change-over in Stockholm, 29 March 2026: 02:00 is 03:00', () => {
  test('the skipped hour does not happen', () => {
    const skipped: Asked = { hours: ['02:00-03:00'] }
    expect(calling(skipped, '2026-03-28T02:00Z')).toMatchObject({ open: false, until: '2026-03-30T00:00Z' })
    expect(calling(skipped, '2026-03-29T01:00Z').open).toBe(false)
  })
  test('hours that would end in it end when it is skipped', () => {
    expect(calling({ hours: ['00:00-02:30'] }, '2026-03-28T23:30Z')).toMatchObject({ open: true, until: '2026-03-29T01:00Z' })
  })
  test('nine in the morning is nine by the clock on the wall', () => {
    expect(calling({ hours: ['09:00-20:00'] }, '2026-03-28T19:00Z')).toMatchObject({ open: false, until: '2026-03-29T07:00Z' })
  })
  test('an appointment at 02:30 is due when the gap ends', () => {
    expect(iso(solution.instant('2026-03-29T02:30', 'Europe/Stockholm'))).toBe('2026-03-29T01:00Z')
    expect(iso(solution.instant('2026-03-29T02:00', 'Europe/Stockholm'))).toBe('2026-03-29T01:00Z')
    expect(iso(solution.instant('2026-03-29T03:00', 'Europe/Stockholm'))).toBe('2026-03-29T01:00Z')
    expect(iso(solution.instant('2026-03-29T01:59', 'Europe/Stockholm'))).toBe('2026-03-29T00:59Z')
  })
})

describe('the autumn change-over in Stockholm, 25 October 2026: 03:00 is 02:00 again', () => {
  test('the repeated hour counts twice', () => {
    const repeated: Asked = { hours: ['02:00-03:00'] }
    expect(calling(repeated, '2026-10-25T00:00Z')).toMatchObject({ open: true, until: '2026-10-25T02:00Z' })
    expect(calling({ hours: ['02:00-02:30'] }, '2026-10-25T00:00Z')).toMatchObject({ open: true, until: '2026-10-25T00:30Z' })
    expect(calling({ hours: ['02:00-02:30'] }, '2026-10-25T00:30Z')).toMatchObject({ open: false, until: '2026-10-25T01:00Z' })
    expect(calling({ hours: ['02:00-02:30'] }, '2026-10-25T01:00Z')).toMatchObject({ open: true, until: '2026-10-25T01:30Z' })
  })
  test('an appointment at 02:30 is due the first time', () => {
    expect(iso(solution.instant('2026-10-25T02:30', 'Europe/Stockholm'))).toBe('2026-10-25T00:30Z')
  })
})

describe('a contact in New York, whose clock changes in other weeks than Europe’s', () => {
  const newYork: Asked = { zone: 'America/New_York', hours: ['09:00-20:00'] }

  test.each([
    ['before both changes in spring', '2026-03-04T12:00Z', '2026-03-04T14:00Z'],
    ['New York has changed, Europe has not', '2026-03-11T12:00Z', '2026-03-11T13:00Z'],
    ['both have', '2026-04-01T12:00Z', '2026-04-01T13:00Z'],
    ['Europe has changed back, New York has not', '2026-10-28T12:00Z', '2026-10-28T13:00Z'],
    ['both have changed back', '2026-11-04T12:00Z', '2026-11-04T14:00Z'],
  ])('%s: opens at nine by its own clock', (_, when, opens) => {
    expect(calling(newYork, when)).toMatchObject({ open: false, until: opens })
    expect(calling(newYork, opens).open).toBe(true)
    expect(iso(solution.instant(`${opens.slice(0, 10)}T09:00`, 'America/New_York'))).toBe(opens)
  })
  test('its days are its own: a Monday there is not over when it is in Stockholm', () => {
    const monday: Asked = { zone: 'America/New_York', days: { mon: ['09:00-20:00'] } }
    expect(calling(monday, '2026-11-24T00:30Z')).toMatchObject({ open: true, until: '2026-11-24T01:00Z' })
    expect(calling({ ...monday, zone: 'Europe/Stockholm' }, '2026-11-24T00:30Z').open).toBe(false)
  })
})
