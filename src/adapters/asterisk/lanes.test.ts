import { expect, test } from 'vitest'
import { Lanes } from './lanes.ts'

const refuse = (error: unknown): void => {
  throw error
}

test('commands to one leg keep their order, others run beside them', async () => {
  const lanes = new Lanes()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const note = (what: string) => async (): Promise<void> => {
    done.push(what)
  }
  lanes.run(['a'], () => gate.promise.then(note('first to a')), refuse)
  lanes.run(['a'], note('second to a'), refuse)
  lanes.run(['b'], note('to b'), refuse)
  lanes.run(['a', 'b'], note('joins a and b'), refuse)
  lanes.run(['b'], note('again to b'), refuse)
  expect(lanes.size).toBe(5)
  await Promise.resolve().then(() => undefined)
  gate.resolve()
  await lanes.idle()
  expect(done).toEqual(['to b', 'first to a', 'second to a', 'joins a and b', 'again to b'])
  expect(lanes.size).toBe(0)
})

test('one that fails does not hold up the next', async () => {
  const lanes = new Lanes()
  const failures: unknown[] = []
  const done: string[] = []
  lanes.run(
    ['a'],
    () => Promise.reject(new Error('refused')),
    (error) => failures.push(error),
  )
  lanes.run(
    ['a'],
    async () => {
      done.push('next')
    },
    refuse,
  )
  await lanes.idle()
  expect(failures).toEqual([new Error('refused')])
  expect(done).toEqual(['next'])
})
