import { describe, expect, it } from 'vitest'
import { countOf, queryOf, readFilters, withFilter } from './filters.ts'

const NOW = Date.parse('2026-11-19T12:00:00Z')
const ask = (search: Record<string, string>): Record<string, string> =>
  Object.fromEntries(queryOf(readFilters(search), 'Europe/Stockholm', NOW))

describe('the address bar', () => {
  it('gives the known filters and leaves out what is malformed', () =>
    expect(
      readFilters({
        queue: 'sales,support',
        waitMin: '30',
        speakMin: 'long',
        unanswered: 'yes',
        live: 'true',
        time: 'someday',
        utm: 'x',
        number: ' 070 ',
      }),
    ).toEqual({
      queue: 'sales,support',
      waitMin: '30',
      live: 'true',
      number: '070',
    }))

  it('takes a filter away by an empty value, and starts on the first page again', () =>
    expect(withFilter({ queue: 'sales', after: 'k', live: 'true' }, { queue: '' })).toEqual({ live: 'true' }))

  it('counts what is set, not the page nor how a number is meant', () =>
    expect(countOf({ queue: 'sales', number: '070', numberMatch: 'prefix', after: 'k' })).toBe(2))
})

describe('the question to the server', () => {
  it.each([
    ['nothing', {}, {}],
    ['today, from local midnight', { time: 'today' }, { from: '2026-11-18T23:00:00.000Z' }],
    ['yesterday, to this midnight', { time: 'yesterday' }, { from: '2026-11-17T23:00:00.000Z', to: '2026-11-18T23:00:00.000Z' }],
    [
      'an own range in the solution’s zone',
      { from: '2026-06-01T08:00', to: '2026-06-01T09:00' },
      { from: '2026-06-01T06:00:00.000Z', to: '2026-06-01T07:00:00.000Z' },
    ],
    ['seconds become milliseconds', { waitMin: '30', durationMax: '600' }, { waitMin: '30000', durationMax: '600000' }],
    ['a number as it was written', { number: '070-174 06 12', numberMatch: 'exact' }, { number: '070-174 06 12', numberMatch: 'exact' }],
    ['the beginning of a number', { number: '070-174' }, { number: '070-174', numberMatch: 'prefix' }],
    ['the end of a number', { number: '0612', numberMatch: 'suffix' }, { number: '0612', numberMatch: 'suffix' }],
    ['four digits that begin with no 0 are an end', { number: '4061' }, { number: '4061', numberMatch: 'suffix' }],
    ['a whole number is left to the server', { number: '070-174 06 12' }, { number: '070-174 06 12' }],
    ['five digits inside are left to the server', { number: '17406' }, { number: '17406' }],
    ['withheld has no way of matching', { number: 'withheld', numberMatch: 'exact' }, { number: 'withheld' }],
    [
      'lists and flags',
      { result: 'deleted,expired', kind: 'deleted', unanswered: 'true' },
      { result: 'deleted,expired', kind: 'deleted', unanswered: 'true' },
    ],
  ])('%s', (_, search, query) => expect(ask(search)).toEqual(query))
})
