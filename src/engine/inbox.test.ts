/** The inbox keeps places: whoever came first goes first, also while a number is still being looked up. */
import { expect, it } from 'vitest'
import type { Input } from '#core/inputs.ts'
import { Inbox } from './inbox.ts'

const day: Input = { type: 'day.timeOut' }
const start: Input = { type: 'engine.start' }

it('is not ready, and gives nothing, while the first in it is still being made', async () => {
  const inbox = new Inbox()
  const { promise, resolve } = Promise.withResolvers<Input | null>()
  const made = Promise.withResolvers<void>()
  inbox.putLater(promise, made.resolve)
  inbox.put({ input: day })
  expect([inbox.ready, inbox.next(), inbox.length]).toEqual([false, null, 2])
  resolve(start)
  await made.promise
  expect(inbox.ready).toBe(true)
  expect([inbox.next(), inbox.next(), inbox.next()]).toEqual([{ input: start }, { input: day }, null])
  expect([inbox.ready, inbox.length]).toEqual([false, 0])
})

it('passes over what came to nothing', async () => {
  const inbox = new Inbox()
  const made = Promise.withResolvers<void>()
  inbox.putLater(Promise.resolve(null), made.resolve)
  inbox.put({ input: day })
  await made.promise
  expect(inbox.next()).toEqual({ input: day })
})
