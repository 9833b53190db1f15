import { expect, test } from 'vitest'
import { contactsFile } from './contacts-file.ts'

const ASKED = { rows: 5_000, columns: 12, seed: 1, bad: 0.05, delimiter: ';' }
const text = (more: Partial<typeof ASKED> = {}): string => [...contactsFile({ ...ASKED, ...more })].join('')

test('the same seed, the same bytes; another, others', () => {
  expect(text()).toBe(text())
  expect(text({ seed: 2 })).not.toBe(text())
})

test('so many rows of so many columns, about one in twenty bad, some over several lines', () => {
  const lines = text().trimEnd().split('\n')
  expect(lines[0]?.split(';')).toHaveLength(12)
  // The 5,000 rows have external ids K0000000 to K0004999; a cell with line breaks begins three lines, the first of them the row's own.
  const rows = lines.slice(1).filter((line) => /;K\d{7};/u.test(line))
  expect(rows).toHaveLength(5_000)
  expect(lines.length - 5_001).toBeGreaterThan(2 * 5_000 * 0.02)
  const numbers = rows.map((line) => line.slice(0, line.indexOf(';')).replace(/^(?:\+46|0046|0)|[- ]/gu, ''))
  const good = numbers.filter((number) => /^7[0236]\d{7}$/u.test(number))
  expect(good.length).toBeGreaterThan(5_000 * 0.93)
  expect(good.length).toBeLessThan(5_000 * 0.97)
  expect(new Set(good).size).toBe(good.length)
})
