import { describe, expect, it } from 'vitest'
import type { DirectoryItem } from '#wire/directory.ts'
import { choicesOf, draftOf, isNumber, nextKey, writtenOf } from './directory.ts'

const ITEMS: readonly DirectoryItem[] = [
  { kind: 'agent', id: 'anna', name: 'Anna', state: 'ready', since: '2026-11-22T09:00:00.000Z' },
  { kind: 'agent', id: 'bo', name: 'Bo', state: 'ready', since: '2026-11-22T09:00:00.000Z' },
  { kind: 'queue', id: 'support', name: 'Support', open: true, ready: 2 },
  {
    kind: 'contact',
    id: 'k',
    name: 'Eva',
    company: null,
    numbers: [
      { number: '+46701740612', label: 'mobil' },
      { number: '+46846500400', label: null },
    ],
  },
]
const picked = (typed: string, kinds: readonly ('number' | 'agent' | 'queue')[]) =>
  choicesOf(ITEMS, { typed, self: 'anna', kinds }).map((choice) => choice.picked)

describe('what can be chosen', () => {
  it('a colleague, a queue, each number of a contact; never oneself', () =>
    expect(picked('a', ['number', 'agent', 'queue'])).toEqual([
      { kind: 'agent', id: 'bo', name: 'Bo' },
      { kind: 'queue', id: 'support', name: 'Support' },
      { kind: 'number', number: '+46701740612', name: 'Eva' },
      { kind: 'number', number: '+46846500400', name: 'Eva' },
    ]))
  it('no queue where none can be called, no number where only colleagues can', () => {
    expect(picked('a', ['number', 'agent']).map(({ kind }) => kind)).toEqual(['agent', 'number', 'number'])
    expect(picked('070-174', ['agent'])).toEqual([{ kind: 'agent', id: 'bo', name: 'Bo' }])
  })
  it('a number that was typed, first', () =>
    expect(picked(' 070-174 06 12 ', ['number', 'agent'])[0]).toEqual({ kind: 'number', number: '070-174 06 12', name: null }))
  it.each([
    ['112', true],
    ['+46 (0)70-174', true],
    ['12', false],
    ['+', false],
    ['Anna', false],
    ['7-eleven', false],
  ])('%s is a number: %s', (text, is) => expect(isNumber(text)).toBe(is))
})

describe('a contact as it is written', () => {
  it('is sent without its empty rows, and knows which row each number stands in', () => {
    const draft = {
      name: 'Eva',
      company: ' ',
      numbers: [
        { key: 0, number: '', label: 'x' },
        { key: 4, number: '0701740612', label: '' },
      ],
      fields: [
        { key: 0, name: 'kund', value: '7' },
        { key: 1, name: '', value: 'x' },
        { key: 2, name: 'y', value: ' ' },
      ],
    }
    expect(writtenOf(draft)).toEqual({
      contact: { name: 'Eva', company: null, numbers: [{ number: '0701740612', label: null }], fields: { kund: '7' } },
      numberKeys: [4],
    })
    expect(nextKey(draft.numbers)).toBe(5)
    expect(nextKey([])).toBe(0)
  })
  it('begins with a row for a number', () => expect(draftOf(null, String).numbers).toHaveLength(1))
})
