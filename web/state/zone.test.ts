import { describe, expect, it } from 'vitest'
import { endOf, instantOf, localOf, midnight } from './zone.ts'

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
const STOCKHOLM = 'Europe/Stockholm'

describe('a local time in Europe/Stockholm', () => {
  // In 2026 the clocks go forward on 29 March at 02:00 and back on 25 October at 03:00.
  it.each([
    ['in winter', '2026-11-19T09:41:12', '2026-11-19T08:41:12.000Z'],
    ['in summer', '2026-06-19T09:41', '2026-06-19T07:41:00.000Z'],
    ['a day is its midnight', '2026-11-19', '2026-11-18T23:00:00.000Z'],
    ['skipped: the end of the gap', '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
    ['twice: its first coming', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['nonsense', 'yesterday', null],
    ['no such day', '2026-13-45', null],
  ])('%s', (_, local, instant) => expect(iso(instantOf(local, STOCKHOLM))).toBe(instant))

  it('and back', () => expect(localOf(Date.parse('2026-11-19T08:41:12Z'), STOCKHOLM)).toBe('2026-11-19T09:41:12'))

  it('has days of 23, 24 and 25 hours', () => {
    const hours = (noon: string) => (midnight(Date.parse(noon), STOCKHOLM, 1) - midnight(Date.parse(noon), STOCKHOLM)) / 3_600_000
    expect([hours('2026-03-29T12:00:00Z'), hours('2026-11-19T12:00:00Z'), hours('2026-10-25T12:00:00Z')]).toEqual([23, 24, 25])
  })

  it('a day ends where the next one begins', () => {
    expect(iso(endOf('2026-03-29', STOCKHOLM))).toBe('2026-03-29T22:00:00.000Z')
    expect(iso(endOf('2026-12-31', STOCKHOLM))).toBe('2026-12-31T23:00:00.000Z')
    expect(endOf('', STOCKHOLM)).toBeNull()
  })
})
