import { expect, test } from 'vitest'
import { callbacks, outbound } from '../../tests/browser/stories.ts'
import { extrasOf } from './row.ts'

const said = (id: string): string => {
  const call = { ...callbacks, ...outbound }[id]
  if (call === undefined) throw new Error(`There is no story ${id}.`)
  return extrasOf(call)
    .map((extra) => ('n' in extra ? `${extra.say} ${extra.n}` : extra.say))
    .join(', ')
}

test.each([
  ['a callback reached at once says nothing', 'A1', ''],
  ['reached at the second attempt: both', 'A2', 'unanswered 1, attempts 2'],
  ['given up after three: one number says it', 'A3', 'unanswered 3'],
  ['an own call nobody answered says it already', 'B2', ''],
  ['one that was taken back does not', 'B5', 'by, unanswered 1'],
])('%s', (_, id, words) => expect(said(id)).toBe(words))
