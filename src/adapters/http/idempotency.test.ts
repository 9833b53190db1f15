/** What is known of a key while its request is being done, and after it was. What the journal keeps: tests/journal.contract.ts. */
import { expect, test } from 'vitest'
import type { Clock } from '#ports/clock.ts'
import { DONE_KEPT_MS, type DoneOnce } from '#ports/journal.ts'
import { Idempotency, type Keyed } from './idempotency.ts'

const clock: Clock = { now: () => 1_000_000_000_000, monotonic: () => 0, wake: () => () => undefined }
const asked = (change: Partial<Keyed> = {}): Keyed => ({
  key: 'k1',
  account: 'lena',
  place: '/api/v1/callbacks',
  body: { number: '+46701740653' },
  work: async () => 'done',
  again: () => 'again',
  ...change,
})

test('asked for again while it is being done: it waits for the first, and with another body is refused', async () => {
  const once = new Idempotency(clock, async () => null)
  const gate = Promise.withResolvers<string>()
  let works = 0
  const work = (): Promise<string> => {
    works += 1
    return gate.promise
  }
  const first = once.once(asked({ work }))
  const second = once.once(asked({ work }))
  await expect(once.once(asked({ work, body: { number: '112' } }))).rejects.toMatchObject({ code: 'request.idempotencyKey' })
  gate.resolve('made')
  expect([await first, await second, works]).toEqual(['made', 'made', 1])
})

test('kept for a day, then done anew', async () => {
  let kept: DoneOnce | null = null
  const once = new Idempotency(clock, async () => kept)
  const keepAt = (at: number) =>
    once.once(
      asked({
        work: async ({ key, body }) => {
          kept = { key, body, at, answer: '{"ok":true}' }
          return 'done'
        },
      }),
    )
  await keepAt(clock.now() - DONE_KEPT_MS + 1)
  expect(await once.once(asked())).toBe('again')
  kept = null
  await keepAt(clock.now() - DONE_KEPT_MS)
  expect(await once.once(asked())).toBe('done')
})
