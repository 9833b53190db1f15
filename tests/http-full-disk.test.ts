/** The disk is full where accounts are kept: who is signed in, and whatever watches over the machine, can look at what is wrong. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { hashOf } from '#adapters/http/cookies.ts'
import { PortError } from '#ports/errors.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { type Bed, openBed } from './http/bed.ts'

const MINUTE = 60_000
let bed: Bed
let cookie: string
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const full = async (): Promise<never> => {
  throw new PortError('accounts', 'touch', { message: 'database or disk is full (SQLITE_FULL)', retry: true })
}
beforeEach(async () => {
  bed.log.length = 0
  cookie = 'samtal=a-while-ago'
  const seenAt = Date.now() - 2 * MINUTE
  await bed.accounts.startSession({
    tokenHash: hashOf('a-while-ago'),
    user: 'lena',
    createdAt: seenAt,
    seenAt,
    expiresAt: seenAt + 10 * MINUTE,
  })
  return () => bed.accounts.endSession(hashOf('a-while-ago'))
})

test('a session that is used lasts as long as it did; that it cannot be written is told once, and again after it could', async () => {
  const touch = vi.spyOn(bed.accounts, 'touchSession').mockImplementation(full)
  const look = async () => (await bed.ask(null, 'GET', 'agents', undefined, { cookie })).status
  const told = () => bed.log.filter((line) => line.includes('sessions cannot be written')).length
  expect([await look(), await look(), told()]).toEqual([200, 200, 1])
  touch.mockRestore()
  expect([await look(), told()]).toEqual([200, 1])
  const later = await bed.accounts.session(hashOf('a-while-ago'), Date.now())
  expect(later?.session.expiresAt).toBeGreaterThan(Date.now() + 30 * MINUTE)
})

test('a token opens what it opened', async () => {
  const { secret } = (await bed.ask('admin', 'POST', 'tokens', { name: 'P', scopes: ['metrics.read'] })).as(CreatedToken)
  const touch = vi.spyOn(bed.accounts, 'touchToken').mockImplementation(full)
  const headers = { authorization: `Bearer ${secret}` }
  for (let n = 0; n < 2; n += 1) expect((await bed.ask(null, 'GET', '/metrics', undefined, headers)).status).toBe(200)
  expect(bed.log.filter((line) => line.includes('when tokens were used cannot be written'))).toHaveLength(1)
  touch.mockRestore()
})
