import { describe, expect, test } from 'vitest'
import { patternOf } from './spellings.ts'

const pattern = patternOf({ international: '46701740651', national: '0701740651', bare: '701740651' })
const found = (bytes: Buffer): boolean => bytes.toString('latin1').search(pattern) !== -1

describe('a number is found however it is written', () => {
  test.each([
    '+46701740651',
    'tel:+46-70-174 06 51',
    '0046701740651',
    '0701740651',
    '070-174 06 51',
    '070/1740651',
    '(070) 174 06 51',
    '+46 (0)70-174 06 51',
    '701740651',
    'x701740651,',
    'person+4670174065112345',
  ])('%s', (text) => {
    expect(found(Buffer.from(text))).toBe(true)
  })
  test.each(['+46701740651', '0701740651'])('%s, two bytes a character', (text) => {
    expect(found(Buffer.from(`"${text}"`, 'utf16le'))).toBe(true)
    expect(found(Buffer.from(`"${text}"`, 'utf16le').swap16())).toBe(true)
  })
})

describe('what is another number, or none, is left alone', () => {
  test.each(['+46701740652', '0701740650', '1701740651000', '701740651000', '070174 and 0651', '46 7017406'])('%s', (text) => {
    expect(found(Buffer.from(text))).toBe(false)
  })
})
