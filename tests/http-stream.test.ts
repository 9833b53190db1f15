/** The stream behind an open page: a snapshot, then every change, soon; and what was missed after a short absence. */
import { ServerResponse } from 'node:http'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { StreamMessage } from '#wire/live.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
  await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
  await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'lunch' })
})
afterAll(() => bed.close())

const isQueue = (waiting: number) => (message: StreamMessage) =>
  message.type === 'queue' && message.queue.id === 'support' && message.queue.waiting === waiting

describe('the stream', () => {
  test('begins with a snapshot and tells each change in order', async () => {
    const page = await listen(bed, 'lena')
    expect((await page.first(() => true)).type).toBe('snapshot')
    const line = bed.network.call('+46701740680', '+46846500400')
    const told = await page.first((message) => message.type === 'call' && message.call.events.some((event) => event.kind === 'queue'))
    await page.first(isQueue(1))
    line?.hangUp()
    await page.first(isQueue(0))
    await page.first((message) => message.type === 'call' && message.call.result === 'abandoned')
    const check = Compile(StreamMessage)
    for (const message of page.heard) expect(check.Errors(message)).toEqual([])
    const seqs = page.heard.map(({ seq }) => seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(told.type === 'call' && told.call.callerNumber).toBe('+46701740680')
    page.close()
    await page.ended
  })

  test('a growing story is in an open page within 200 ms', async () => {
    const page = await listen(bed, 'lena')
    await page.first(() => true)
    const took: number[] = []
    for (let n = 0; n < 7; n++) {
      const number = `+4670174069${n}`
      const startedAt = performance.now()
      const line = bed.network.call(number, '+46846500400')
      await page.first((message) => message.type === 'call' && message.call.callerNumber === number)
      took.push(performance.now() - startedAt)
      line?.hangUp()
      await page.first((message) => message.type === 'call' && message.call.callerNumber === number && message.call.endedAt !== null)
    }
    // The machine may be busy with other things at one moment, not at all of them.
    expect(took.sort((a, b) => a - b)[2]).toBeLessThan(200)
    page.close()
    await page.ended
  })

  test('resumes after Last-Event-ID with what was missed, and no snapshot', async () => {
    const other = await listen(bed, 'admin')
    await other.first(({ type }) => type === 'snapshot')
    const page = await listen(bed, 'lena')
    const { seq } = await page.first(({ type }) => type === 'snapshot')
    page.close()
    await page.ended
    const line = bed.network.call('+46701740681', '+46846500400')
    await other.first(isQueue(1))
    const again = await listen(bed, 'lena', { 'last-event-id': String(seq) })
    await again.first(isQueue(1))
    expect(again.heard.map(({ type }) => type)).not.toContain('snapshot')
    line?.hangUp()
    await again.first(isQueue(0))
    for (const stream of [again, other]) stream.close()
  })

  test.each(['1', '99999999999999', 'nonsense', '-1'])('from Last-Event-ID %s, which it does not know, it begins anew', async (id) => {
    const page = await listen(bed, 'lena', { 'last-event-id': id })
    expect((await page.first(() => true)).type).toBe('snapshot')
    page.close()
  })

  test('tells an agent’s page when his phone last answered the liveness check, and nobody else’s', async () => {
    const isTick = ({ type }: StreamMessage) => type === 'tick'
    const seen = async (user: string) => {
      const page = await listen(bed, user)
      const tick = await page.first(isTick)
      page.close()
      return tick.type === 'tick' ? tick.phoneSeenAt : undefined
    }
    const before = Date.now()
    expect(Date.parse((await seen('anna')) ?? '')).toBeGreaterThanOrEqual(before)
    expect(await seen('lena')).toBeUndefined()
    bed.network.attend('anna', false)
    const left = await seen('anna')
    expect(await seen('anna')).toBe(left)
    bed.network.attend('anna', true)
    expect(Date.parse((await seen('anna')) ?? '')).toBeGreaterThanOrEqual(Date.parse(left ?? ''))
  })

  test('ends with the session', async () => {
    const page = await listen(bed, 'bo')
    await page.first(({ type }) => type === 'snapshot')
    expect((await bed.ask('bo', 'DELETE', 'session')).status).toBe(204)
    await page.ended
    expect((await bed.ask('bo', 'GET', 'session')).status).toBe(401)
  })

  test('knows whose desk is open', async () => {
    expect(bed.http.atDesk('anna')).toBe(false)
    const page = await listen(bed, 'anna')
    await page.first(({ type }) => type === 'snapshot')
    expect(bed.http.atDesk('anna')).toBe(true)
    page.close()
  })

  test('a page that does not read is cut off, and not waited for until it does', async () => {
    const pages = [await listen(bed, 'lena'), await listen(bed, 'lena')]
    await Promise.all(pages.map((page) => page.first(({ type }) => type === 'snapshot')))
    const destroyed = vi.spyOn(ServerResponse.prototype, 'destroy')
    Object.defineProperty(ServerResponse.prototype, 'writableLength', { configurable: true, get: () => 4 * 1024 * 1024 + 1 })
    try {
      await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'paused', reason: 'meeting' })
      await Promise.all(pages.map(({ ended }) => ended))
      expect(destroyed).toHaveBeenCalledTimes(pages.length)
    } finally {
      destroyed.mockRestore()
      Reflect.deleteProperty(ServerResponse.prototype, 'writableLength')
    }
    for (const page of pages) page.close()
  })

  test('no more than so many pages of one session', async () => {
    await bed.signedIn('sara')
    const pages = await Promise.all(Array.from({ length: 12 }, () => listen(bed, 'sara')))
    await Promise.all(pages.map((page) => page.first(({ type }) => type === 'snapshot')))
    expect((await listen(bed, 'sara')).status).toBe(429)
    for (const page of pages) page.close()
  })
})
