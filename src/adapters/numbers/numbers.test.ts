import { describe, expect, test } from 'vitest'
import { type NumberRules, numbers } from './numbers.ts'

const rules: NumberRules = {
  country: 'SE',
  countries: ['NO'],
  barredPrefixes: ['+46771'],
  shortNumbers: ['11414'],
  premium: false,
  sharedCost: false,
  switchboards: ['+46846500490'],
}
const read = (text: string, more: Partial<NumberRules> = {}) => numbers({ ...rules, ...more }).read(text)

describe('one number, however it is written', () => {
  test.each(['070-174 06 50', '0701740650', '46701740650', '+46701740650', '0046 70 174 06 50', '+46 (0)70 174 06 50'])('%s', (text) => {
    expect(read(text)).toEqual({ number: '+46701740650', country: 'SE', barred: null })
  })
  test('a number of a country that is listed', () => {
    expect(read('+47 22 00 00 00')).toEqual({ number: '+4722000000', country: 'NO', barred: null })
  })
})

test('a switchboard is known however it is written, and nothing else is one', () => {
  expect(read('08-465 004 90')).toEqual({ number: '+46846500490', country: 'SE', switchboard: true, barred: null })
  expect(read('08-465 004 91')).toEqual({ number: '+46846500491', country: 'SE', barred: null })
})

describe('what is not called', () => {
  test.each(['112', '911', '90000', '0112', '+46112', '00112'])('%s is an emergency number', (text) => {
    expect(read(text).barred).toBe('emergency')
  })
  test('nor is one that somebody has put on the list of short numbers', () => {
    expect(read('112', { shortNumbers: ['112', '11414'] }).barred).toBe('emergency')
  })
  // International free phone, Inmarsat, Globalstar, networks of their own (ITU-T E.164.1): the dearest there are.
  test.each(['+80012345678', '+870773123456', '+881612345678', '+883510012345'])('a number of no country: %s', (text) => {
    expect(read(text).barred).toBe('country')
  })
  test('each country has its own: 999 in Great Britain, 110 in Germany', () => {
    expect(read('999', { country: 'GB' }).barred).toBe('emergency')
    expect(read('110', { country: 'DE' }).barred).toBe('emergency')
  })
  test('premium numbers, unless allowed', () => {
    expect(read('0900 123 4567').barred).toBe('premium')
    expect(read('0900 123 4567', { premium: true }).barred).toBeNull()
  })
  test('shared cost, unless allowed', () => {
    expect(read('077 010 01 00').barred).toBe('sharedCost')
    expect(read('077 010 01 00', { sharedCost: true }).barred).toBeNull()
  })
  test('a country not listed', () => {
    expect(read('+49 30 123456')).toEqual({ number: '+4930123456', country: 'DE', barred: 'country' })
  })
  test('a barred prefix', () => {
    expect(read('+46 77 110 01 00', { sharedCost: true }).barred).toBe('prefix')
  })
  test.each(['', 'hello', '12', '+46', '070', '1'.repeat(50), '0701740650; drop'])('%s is no number', (text) => {
    expect(read(text).barred).toBe('invalid')
  })
  test('short numbers only from the list', () => {
    expect(read('11414')).toEqual({ number: '11414', country: 'SE', barred: null })
    expect(read('11313').barred).toBe('invalid')
  })
})
