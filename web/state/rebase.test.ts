import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rebased } from './rebase.ts'

const read = { name: 'Spring', attempts: '3', days: { mon: '09:00-12:00', tue: '' }, topics: ['sold'] }

describe('what two have written, read again', () => {
  it('keeps what was typed and takes in what the other has changed elsewhere', () => {
    const mine = { ...read, name: 'Spring 2027' }
    const now = { ...read, attempts: '5', topics: ['sold', 'not now'] }
    expect(rebased(mine, read, now)).toEqual({ draft: { ...now, name: 'Spring 2027' }, both: [] })
  })
  it('keeps what was typed where both have changed a field, and says which', () => {
    expect(rebased({ ...read, attempts: '4' }, read, { ...read, attempts: '5' })).toEqual({
      draft: { ...read, attempts: '4' },
      both: ['attempts'],
    })
  })
  it('both having written the same differ in nothing', () => {
    expect(rebased({ ...read, attempts: '5' }, read, { ...read, attempts: '5' }).both).toEqual([])
  })
  it('takes records field by field: another’s Tuesday does not take away my Monday', () => {
    const mine = { ...read, days: { mon: '10:00-11:00', tue: '' } }
    const now = { ...read, days: { mon: '09:00-12:00', tue: '08:00-09:00' } }
    expect(rebased(mine, read, now)).toEqual({ draft: { ...read, days: { mon: '10:00-11:00', tue: '08:00-09:00' } }, both: [] })
    expect(rebased(mine, read, { ...read, days: { mon: '', tue: '' } })).toEqual({ draft: mine, both: ['days'] })
  })
  it('never loses what was typed, and brings every change of the other that does not meet it', () => {
    const form = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.record({ d: fc.nat(3), e: fc.nat(3) }) })
    const flat = ({ a, b, c }: { a: number; b: number; c: { d: number; e: number } }) => [a, b, c.d, c.e]
    fc.assert(
      fc.property(form, form, form, (mine, first, now) => {
        const [got, typed, before, theirs] = [rebased(mine, first, now).draft, mine, first, now].map(flat)
        for (const index of [0, 1, 2, 3]) expect(got?.[index]).toBe(typed?.[index] === before?.[index] ? theirs?.[index] : typed?.[index])
      }),
    )
  })
})
