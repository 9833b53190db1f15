import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Vanished } from './vanished.ts'

/** Packets so far, by leg; a phone that is there sends 25 in half a second. */
let voices: Record<string, number | null>
let talking: Set<string>
let lost: string[]
let asked: number
let vanished: Vanished

beforeEach(() => {
  vi.useFakeTimers()
  voices = { one: 100, two: 100 }
  talking = new Set(['one', 'two'])
  lost = []
  asked = 0
  vanished = new Vanished({
    received: async (legId) => {
      asked += 1
      return voices[legId] ?? null
    },
    lose: (legId) => lost.push(legId),
  })
  setInterval(() => {
    for (const legId of talking) voices[legId] = (voices[legId] ?? 0) + 1
  }, 20)
})
afterEach(() => {
  vanished.stop()
  vi.useRealTimers()
})
const later = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

test('a phone that goes on talking is not lost, and after a while is asked no more', async () => {
  vanished.doubt(['one'])
  await later(10_000)
  expect(lost).toEqual([])
  expect(asked).toBe(8)
})

test('a phone that falls silent is lost after a second and a half, whatever was on its way; and once', async () => {
  vanished.doubt(['one', 'two'])
  await later(300)
  talking.delete('one')
  await later(1_600)
  expect(lost).toEqual([])
  await later(500)
  expect(lost).toEqual(['one'])
  await later(10_000)
  expect(lost).toEqual(['one'])
})

test('a silence shorter than that is none', async () => {
  vanished.doubt(['one'])
  talking.delete('one')
  await later(900)
  talking.add('one')
  await later(10_000)
  expect(lost).toEqual([])
})

test('as long as there is reason to doubt it goes on', async () => {
  for (let seconds = 0; seconds < 30; seconds += 2) {
    vanished.doubt(['one'])
    await later(2_000)
  }
  expect(lost).toEqual([])
  talking.delete('one')
  vanished.doubt(['one'])
  await later(2_500)
  expect(lost).toEqual(['one'])
})

test('a leg that is over, or of which nothing can be told, is not lost; stopped, nothing is', async () => {
  talking.clear()
  voices['one'] = null
  vanished.doubt(['one', 'two'])
  await later(700)
  vanished.stop()
  await later(10_000)
  expect(lost).toEqual([])
})
