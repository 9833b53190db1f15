import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Wanted } from './files.ts'
import { Needles } from './needles.ts'
import { patternOf } from './spellings.ts'

const OWN = { international: '46701740651', national: '0701740651', bare: '701740651' }
const OTHER = { international: '46846500499', national: '0846500499', bare: '846500499' }
const pattern = patternOf(OWN)
const needles = new Needles([OTHER, OWN])
const found = (bytes: Buffer): boolean => {
  const isFound = bytes.toString('latin1').search(pattern) !== -1
  // What is passed over by the quick look is not there.
  expect(needles.in(bytes).length > 0 || !isFound).toBe(true)
  return isFound
}

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

test('of several numbers each is found', () => {
  expect([...'0701740651 08-465 004 99'.matchAll(patternOf(OWN, OTHER))].map(([text]) => text)).toEqual(['0701740651', '08-465 004 99'])
  expect(needles.in(Buffer.from('ring 08-465 004 99'))).toEqual([6])
  expect(needles.in(Buffer.from('ring 08-465 004 98, 0701740652'))).toEqual([])
})

test('law: among whatever bytes, each is found where the pattern finds it in the whole', () => {
  const wanted = new Wanted([OTHER, OWN])
  const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1')
  const spelled = ['+46701740651', '070-174 06 51', '701740651', '+46 (0)8 465 004 99', '0846500499', wide('0701740651')]
  const beside = ['0', '46', '7', 'x', ' ', '-', '\0', '\0\0\0\0\0\0\0\0\0\0\0\0', '1795701740651', 'Anna called', '701740']
  const piece = fc.oneof(fc.constantFrom(...spelled, ...beside), fc.string({ unit: 'binary-ascii', maxLength: 20 }))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const block = Buffer.from(pieces.join(''), 'latin1')
      const inWhole = [...block.toString('latin1').matchAll(wanted.pattern)].map(({ 0: { length }, index }) => ({
        at: index,
        bytes: length,
      }))
      expect(wanted.in(block)).toEqual(inWhole)
    }),
    { numRuns: 500 },
  )
})

describe('what is another number, or none, is left alone', () => {
  test.each(['+46701740652', '0701740650', '1701740651000', '701740651000', '070174 and 0651', '46 7017406'])('%s', (text) => {
    expect(found(Buffer.from(text))).toBe(false)
  })
})
