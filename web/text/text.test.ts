import { createIntl } from 'react-intl'
import { describe, expect, it } from 'vitest'
import { en, type MessageId } from './en.ts'
import { sv } from './sv.ts'

const ids = Object.keys(en) as MessageId[]
const valuesOf = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? ''))].sort()
const NUMBERS = { n: 2, count: 2, max: 3, all: 6, seconds: 20, line: 1, callbacks: 2, agents: 3, offered: 1, answered: 1, min: 1 }

describe('the words', () => {
  it('are the same in every language: no key more, none less', () => expect(Object.keys(sv).sort()).toEqual(Object.keys(en).sort()))
  it('ask for the same values in every language', () => {
    for (const id of ids) expect([id, valuesOf(sv[id])]).toEqual([id, valuesOf(en[id])])
  })
  it.each([
    ['en', en],
    ['sv', sv],
  ] as const)('can all be said in %s', (locale, messages) => {
    const said: string[] = []
    const intl = createIntl({ locale, messages, onError: (error) => said.push(error.message) })
    const words = Object.fromEntries(ids.flatMap((id) => valuesOf(en[id]).map((name) => [name, name])))
    for (const id of ids) intl.formatMessage({ id }, { ...words, ...NUMBERS })
    expect(said).toEqual([])
  })
  it('say the label of the source, in one and in many', () => {
    const label = (locale: 'en' | 'sv', n: number) =>
      createIntl({ locale, messages: { en, sv }[locale] }).formatMessage({ id: 'label.unanswered' }, { n })
    expect([label('en', 1), label('en', 3)]).toEqual(['1 unanswered call done', '3 unanswered calls done'])
    expect([label('sv', 1), label('sv', 3)]).toEqual(['1 obesvarat samtal utfört', '3 obesvarade samtal utförda'])
  })
})
