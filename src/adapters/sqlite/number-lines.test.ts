import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberLines } from './number-lines.ts'

/** So few digits that many come twice; with and without country code, with leading zeros. */
const number = fc
  .tuple(fc.constantFrom('+', '+467', '+4670174', '', '0', '00'), fc.integer({ min: 1, max: 400 }))
  .map(([begins, rest]) => `${begins}${rest}`)

test('law: each number is told the line it stood on first, whatever else is in the file', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 200, maxLength: 2_000 }), (numbers) => {
      const lines = new NumberLines()
      const first = new Map<string, number>()
      for (const [index, one] of numbers.entries()) {
        expect(lines.add(one, index + 1)).toBe(first.get(one) ?? null)
        if (!first.has(one)) first.set(one, index + 1)
      }
    }),
    { numRuns: 50 },
  )
})

test('a hundred thousand that follow each other are all new, and all known afterwards, by the lines they stood on', () => {
  const lines = new NumberLines()
  const numberAt = (index: number): string => `+46${701_000_000 + index}`
  const all = Array.from({ length: 100_000 }, (_, index) => index)
  expect(all.filter((index) => lines.add(numberAt(index), index + 2) !== null)).toEqual([])
  expect(all.filter((index) => lines.add(numberAt(index), 7) !== index + 2)).toEqual([])
})
