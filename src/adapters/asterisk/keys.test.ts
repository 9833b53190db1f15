import { expect, test } from 'vitest'
import { Keys } from './keys.ts'

/** Which of these are presses: digit, when it was let go (ms), how long it was held (ms). */
const presses = (...told: readonly (readonly [string, number, number])[]): string => {
  const keys = new Keys()
  return told.flatMap(([digit, endedAt, durationMs]) => (keys.isPress({ digit, endedAt, durationMs }) ? [digit] : [])).join('')
}

test.each<[string, string, ...(readonly [string, number, number])[]]>([
  ['INFO as the key goes down', '5', ['5', 1000, 160], ['5', 1100, 100]],
  ['INFO as the key goes up', '7', ['7', 2000, 100], ['7', 2040, 120]],
  ['the same key pressed as fast as a telephone can', '9999', ['9', 1000, 70], ['9', 1140, 70], ['9', 1280, 70], ['9', 1420, 70]],
  ['the same with the shortest of keys', '999', ['9', 1000, 50], ['9', 1100, 50], ['9', 1200, 50]],
  ['another key, however close', '12', ['1', 1000, 100], ['2', 1010, 100]],
  // As seen of Asterisk 22, on a busy machine: INFO, the end of the speech's event, and the same told again.
  ['told again after the first way was played', '5', ['5', 14941, 120], ['5', 15048, 122], ['5', 15159, 122]],
  ['told again, later', '5', ['5', 96330, 120], ['5', 96417, 118], ['5', 96575, 118]],
  [
    'told again of each of two presses',
    '55',
    ['5', 14941, 120],
    ['5', 15048, 122],
    ['5', 15159, 122],
    ['5', 15327, 120],
    ['5', 15355, 105],
    ['5', 15523, 105],
  ],
  ['told again of one press, and not of the next', '55', ['5', 1000, 120], ['5', 1060, 100], ['5', 1300, 120], ['5', 1360, 100]],
  ['the next press as long as what is told again', '55', ['5', 1000, 100], ['5', 1060, 100], ['5', 1250, 100], ['5', 1310, 100]],
  [
    'fast keys one way after one both ways',
    '599',
    ['5', 1000, 120],
    ['5', 1060, 100],
    ['5', 1200, 100],
    ['9', 1320, 100],
    ['9', 1360, 100],
    ['9', 1480, 100],
  ],
  ['two keys held up by the network and let through at once', '12', ['1', 1000, 100], ['2', 1001, 100], ['2', 1130, 100]],
  ['told again once, then pressed', '122', ['1', 1000, 100], ['2', 1001, 100], ['2', 1130, 100], ['2', 1240, 100]],
])('%s', (_, heard, ...told) => {
  expect(presses(...told)).toBe(heard)
})
