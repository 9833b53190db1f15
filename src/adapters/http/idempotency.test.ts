/** What is known of a key while its request is being done, and after it was. What the journal keeps: tests/journal.contract.ts. */
import { expect, test } from 'vitest'
import type { KeyUsed } from '#ports/accounts.ts'
import type { Clock } from '#ports/clock.ts'
import { DONE_KEPT_MS, type DoneOnce } from '#ports/journal.ts'
import { Idempotency, type Keyed, type Known } from './idempotency.ts'

const clock: Clock = { now: () => 1_000_000_000_000, monotonic: () => 0, wake: () => () => undefined }
const memoryKeys = (): Known['keys'] => {
  const kept = new Map<string, KeyUsed>()
  return { keyUsed: async (key) => kept.get(key) ?? null, keepKey: async (used) => void kept.set(used.key, used) }
}
const asked = (change: Partial<Keyed> = {}): Keyed => ({
  key: 'k1',
  account: 'lena',
  place: '/api/v1/callbacks',
  body: { number: '+46701740653' },
  work: async () => 'done',
  again: () => 'again',
  changes: false,
  ...change,
})

test('asked for again while it is being done: it waits for the first, and with another body is refused', async () => {
  const once = new Idempotency(clock, { doneBefore: async () => null, keys: memoryKeys() })
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
  const once = new Idempotency(clock, { doneBefore: async () => kept, keys: memoryKeys() })
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

test('what the journal keeps nothing of is not done twice where it says how it is told again, and never with another body', async () => {
  const once = new Idempotency(clock, { doneBefore: async () => null, keys: memoryKeys() })
  let works = 0
  const made = asked({ work: async () => `done ${++works}`, repeat: () => 'as it is' })
  expect([await once.once(made), await once.once(made), works]).toEqual(['done 1', 'as it is', 1])
  await expect(once.once({ ...made, body: null })).rejects.toMatchObject({ code: 'request.idempotencyKey' })
  const { repeat: _, ...again } = { ...made, key: 'k2' }
  expect([await once.once(again), await once.once(again)]).toEqual(['done 2', 'done 3'])
  await expect(once.once({ ...again, body: null })).rejects.toMatchObject({ code: 'request.idempotencyKey' })
})

test('of a change the journal keeps nothing of the answer is kept, where only the key opens it', async () => {
  const kept: KeyUsed[] = []
  const keys = memoryKeys()
  const keepKey = async (used: KeyUsed): Promise<void> => {
    kept.push(used)
    await keys.keepKey(used)
  }
  const once = new Idempotency(clock, { doneBefore: async () => null, keys: { ...keys, keepKey } })
  let works = 0
  const made = asked({ changes: true, work: async () => ({ number: '+46701740653', works: ++works }) })
  const first = await once.once(made)
  expect([await once.once(made), works]).toEqual([first, 1])
  expect(kept[0]?.answer).toMatch(/^[\w-]{40,}$/)
  expect(JSON.stringify(kept) + Buffer.from(kept[0]?.answer ?? '', 'base64url').toString('latin1')).not.toContain('701740653')
  await expect(once.once({ ...made, body: null })).rejects.toMatchObject({ code: 'request.idempotencyKey' })
  const silent = asked({ key: 'k2', changes: true, work: async () => void works++ })
  expect([await once.once(silent), await once.once(silent), works]).toEqual([undefined, undefined, 2])
})

test('what was refused leaves the key free', async () => {
  const once = new Idempotency(clock, { doneBefore: async () => null, keys: memoryKeys() })
  await expect(once.once(asked({ work: () => Promise.reject(new Error('no')) }))).rejects.toThrow('no')
  expect(await once.once(asked({ body: 'another' }))).toBe('done')
})
