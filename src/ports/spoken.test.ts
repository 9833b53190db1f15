import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { countMax, promptNames } from './spoken.ts'

test('a number is read digit by digit, with its plus', () => {
  expect(promptNames([{ prompt: 'callback.readBack' }, { digits: '+4670 01' }, { prompt: 'callback.confirm' }])).toEqual([
    'callback.readBack',
    'plus',
    'digit.4',
    'digit.6',
    'digit.7',
    'digit.0',
    'digit.0',
    'digit.1',
    'callback.confirm',
  ])
})

test('a count is said in at most two words', () => {
  expect(promptNames([{ count: 0 }, { count: 20 }, { count: 21 }, { count: 40 }, { count: 99 }])).toEqual([
    'count.0',
    'count.20',
    'count.20',
    'count.1',
    'count.40',
    'count.90',
    'count.9',
  ])
  expect(() => promptNames([{ count: 100 }])).toThrow('0 to 99')
})

test('every word that can be said has been spoken in every language', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../prompts/manifest.json', import.meta.url), 'utf8')) as Record<string, object>
  const counts = Array.from({ length: countMax + 1 }, (_, count) => ({ count }))
  const words = new Set(promptNames([...counts, { digits: '+0123456789' }]))
  for (const spoken of Object.values(manifest)) expect(Object.keys(spoken)).toEqual(expect.arrayContaining([...words]))
})
