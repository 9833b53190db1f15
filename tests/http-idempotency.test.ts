/** `Idempotency-Key` on POST, over a restart too. interfaces.md 3 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Ordered } from '#wire/requests.ts'
import { type Bed, openBed } from './http/bed.ts'
import { load, makeCampaign } from './http/lists.ts'

/** A switchboard: each order to it is one of its own, so whatever is done twice is seen. */
const order = { queueId: 'support', number: '+46846500490', extension: '214' }
const under = (key: string) => ({ 'idempotency-key': key })

describe('the same key', () => {
  let bed: Bed
  beforeEach(async () => {
    bed = await openBed()
  })
  afterEach(() => bed.close())

  const ordering = (key: string, body: object = order, user = 'lena') => bed.ask(user, 'POST', 'callbacks', body, under(key))
  const killedAndBack = async (): Promise<void> => {
    const { store } = bed
    await bed.close()
    bed = await openBed({ store })
  }

  test('is done once, and answered as it was, while the program runs and after it was started again', async () => {
    const first = await ordering('k1')
    expect(first.status).toBe(201)
    expect([(await ordering('k1')).text, (await ordering('k1')).status]).toEqual([first.text, 201])
    await killedAndBack()
    const again = await ordering('k1')
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(bed.many('callback.ordered')).toBe(1)
  })

  test('is not done again though what it made is gone', async () => {
    const first = await ordering('k1')
    await bed.ask('lena', 'DELETE', `callbacks/${first.as(Ordered).id}?reason=customer`)
    await killedAndBack()
    expect((await ordering('k1')).text).toBe(first.text)
    expect(bed.many('callback.ordered')).toBe(1)
    expect((await ordering('k2')).as(Ordered).id).not.toBe(first.as(Ordered).id)
    expect(bed.many('callback.ordered')).toBe(2)
  })

  test('of a POST without a body or an answer: done once, though the rules would refuse it now', async () => {
    const { id } = (await ordering('k1')).as(Ordered)
    const hasten = (key: string) => bed.ask('lena', 'POST', `callbacks/${id}/call-now`, undefined, under(key))
    expect((await hasten('now')).status).toBe(204)
    await killedAndBack()
    expect([(await hasten('now')).status, (await hasten('other')).code]).toEqual([204, 'callback.hastened'])
    expect(bed.many('callback.hastened')).toBe(1)
  })

  test('with another body is refused, after a restart too; from another account, or for another place, it is another', async () => {
    await ordering('k1')
    await killedAndBack()
    expect((await ordering('k1', { ...order, name: 'Eva' })).code).toBe('request.idempotencyKey')
    expect((await ordering('k1', order, 'admin')).status).toBe(201)
    expect(bed.store.done.size).toBe(2)
  })

  test('asked for twice at once is done once', async () => {
    const [one, two] = await Promise.all([ordering('k1'), ordering('k1')])
    expect([one.status, one.text]).toEqual([two.status, two.text])
    expect(bed.many('callback.ordered')).toBe(1)
  })

  test('of what was refused may be tried again', async () => {
    const barred = { queueId: 'support', number: '112' }
    expect((await ordering('k1', barred)).status).toBe(422)
    expect(bed.store.done.size).toBe(0)
    expect((await ordering('k1')).status).toBe(201)
  })

  test('keeps no number, nor anything a number could be found out by', async () => {
    await ordering('k1')
    expect(JSON.stringify([...bed.store.done.values()])).not.toMatch(/46846500490|0846500490/)
  })

  describe('of what writes no facts', () => {
    const made = { id: 'nora', name: 'Nora', role: 'supervisor' }
    const posts = (path: string, key: string, body?: object) => bed.ask('admin', 'POST', path, body, under(key))

    test.each([
      ['users', made, { ...made, name: 'Another' }],
      ['tokens', { name: 'T', scopes: ['calls.read'] }, { name: 'T', scopes: ['contacts.import'] }],
      ['users/bo/sign-out', undefined, {}],
      ['users/bo/disable', undefined, {}],
      ['users/bo/enable', undefined, {}],
      ['users/bo/password', undefined, {}],
      ['persons/find', { number: '+46701740699' }, { number: '+46701740698' }],
      ['persons/erase', { number: '+46701740699' }, { number: '+46701740698' }],
    ])('%s with another body is refused', async (path, body, another) => {
      expect((await posts(path, 'k1', body)).status).toBeLessThan(300)
      const before = await bed.accounts.accounts()
      expect((await posts(path, 'k1', another)).code).toBe('request.idempotencyKey')
      expect(await bed.accounts.accounts()).toEqual(before)
    })
    test('a password that was shown is not made anew, nor told again', async () => {
      expect((await posts('users', 'k1', made)).status).toBe(201)
      expect((await posts('users', 'k1', made)).code).toBe('user.made')
      await posts('users/nora/password', 'k2')
      const given = await bed.accounts.user('nora')
      expect((await posts('users/nora/password', 'k2')).code).toBe('user.made')
      expect(await bed.accounts.user('nora')).toEqual(given)
    })
    test('what somebody else has done since is not undone by asking again', async () => {
      await posts('users/bo/disable', 'k1')
      await posts('users/bo/enable', 'k2')
      expect((await posts('users/bo/disable', 'k1')).json).toMatchObject({ id: 'bo', disabledAt: null })
      expect(await bed.accounts.user('bo')).not.toBeNull()
    })
    test('a file taken out of a list is told as it stands, and with another body refused', async () => {
      await makeCampaign(bed, { id: 'spring', name: 'Spring' })
      const { id } = await load(bed, 'spring', 'phone\n+46701740699\n')
      const undo = (body?: object) => bed.ask('maja', 'POST', `campaigns/spring/imports/${id}/undo`, body, under('k1'))
      const first = await undo()
      expect([first.status, (await undo()).text, (await undo({})).code]).toEqual([200, first.text, 'request.idempotencyKey'])
    })
  })
})
