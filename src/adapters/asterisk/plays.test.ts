import { expect, test } from 'vitest'
import { Plays } from './plays.ts'

const oneEach = (): Plays => {
  const plays = new Plays()
  plays.begin(
    'p',
    new Map([
      ['p', ['a']],
      ['p~1', ['b']],
    ]),
  )
  return plays
}

test('a play to two legs is finished with its last playback', () => {
  const plays = oneEach()
  expect(plays.finished('p')).toBeUndefined()
  expect(plays.finished('p~1')).toBe('p')
  expect(plays.finished('p~1')).toBeUndefined()
})

test('who leaves stops the playback nobody else hears; the others hear theirs to its end', () => {
  const plays = oneEach()
  expect(plays.leave('a')).toBe('p')
  expect(plays.leave('a')).toBeUndefined()
  expect(plays.finished('p')).toBeUndefined()
  expect(plays.finished('p~1')).toBe('p')
})

test('a play everybody left is never finished', () => {
  const plays = new Plays()
  plays.begin('p', new Map([['p', ['a', 'b']]]))
  expect(plays.leave('a')).toBeUndefined()
  expect(plays.hears('b', 'p')).toBe(true)
  expect(plays.leave('b')).toBe('p')
  expect(plays.has('p')).toBe(false)
  expect(plays.finished('p')).toBeUndefined()
})
