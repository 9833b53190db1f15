import { expect, test } from 'vitest'
import { Unhurried } from './unhurried.ts'

/** Work that ends when it is told to, and what of it was begun. */
function works(unhurried: Unhurried, ids: readonly string[]) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const done = ids.map((id) =>
    unhurried.take(id, () => {
      begun.push(id)
      return new Promise<void>((resolve) => ends.set(id, resolve))
    }),
  )
  const end = async (id: string): Promise<void> => {
    ends.get(id)?.()
    await done[ids.indexOf(id)]
    await Promise.resolve()
  }
  return { begun, end, done }
}

test('so many at a time, in their order', async () => {
  const { begun, end } = works(new Unhurried(2), ['a', 'b', 'c', 'd'])
  expect(begun).toEqual(['a', 'b'])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  await end('a')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

test('one that something else is asked of has its turn at once, and the others are no more than before', async () => {
  const unhurried = new Unhurried(1)
  const { begun, end } = works(unhurried, ['a', 'b', 'c'])
  unhurried.hurry('c')
  await Promise.resolve()
  expect(begun).toEqual(['a', 'c'])
  await end('a')
  expect(begun).toEqual(['a', 'c'])
  await end('c')
  expect(begun).toEqual(['a', 'c', 'b'])
})

test('one that fails makes room all the same', async () => {
  const unhurried = new Unhurried(1)
  const failed = unhurried.take('a', () => Promise.reject(new Error('gone')))
  const next = unhurried.take('b', async () => undefined)
  await expect(failed).rejects.toThrow('gone')
  await next
})
