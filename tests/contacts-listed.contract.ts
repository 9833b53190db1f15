/** Numbers nobody may call, in every store of contacts. */
import { beforeEach, describe, expect, test } from 'vitest'
import { asked, CAMPAIGN, type ListStage, MINUTE, named, number, T0 } from './contacts.support.ts'

export const contactsListed = (stage: () => ListStage): void => {
  let list: ListStage
  beforeEach(() => {
    list = stage()
  })

  describe('numbers nobody may call', () => {
    test('for every campaign or for one, until it is lifted or over', async () => {
      const [a, b, c] = [named('a'), named('b'), named('c')]
      await list.load(a, b, c)
      await list.listed(a.phone)
      await list.listed(b.phone, CAMPAIGN)
      await list.listed(c.phone, 'another')
      expect(await list.names()).toEqual(['c'])
      const [one, three] = [await list.byName('a'), await list.byName('c')]
      expect(one.state).toBe('doNotCall')
      expect(await list.contacts.barred(one.contactId, 1, T0)).toBe('doNotCall')
      expect(await list.contacts.barred(three.contactId, 1, T0)).toBeNull()
      await list.apply({ type: 'lifted', number: a.phone, campaignId: null })
      expect(await list.names()).toEqual(['a', 'c'])
      await list.listed(a.phone, null, T0 + MINUTE)
      expect(await list.names({ at: T0 + MINUTE - 1 })).toEqual(['c'])
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['a', 'c'])
    })

    test('the other number of a contact may still be called', async () => {
      const one = named('a', { phone2: number() })
      await list.load(one)
      await list.listed(one.phone)
      expect((await list.contacts.draw(asked())).contacts).toMatchObject([{ phone: one.phone2, number: 2, numbersLeft: 1 }])
      const { contactId } = await list.byName('a')
      expect(await list.contacts.barred(contactId, 1, T0)).toBe('doNotCall')
      expect(await list.contacts.barred(contactId, 2, T0)).toBeNull()
    })

    test('a list none but barred numbers are left in has none to call', async () => {
      const one = named('a')
      await list.load(one)
      await list.listed(one.phone)
      expect(await list.contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
    })

    test('a number barred when its turn came is not drawn again; with none left the contact is settled, and says why', async () => {
      const [one, two] = [named('a', { phone2: number() }), named('b')]
      await list.load(one, two)
      const [{ contactId }, other] = [await list.byName('a'), await list.byName('b')]
      await list.apply({ type: 'barred', contactId, number: 1, why: 'premium', at: T0 })
      expect((await list.contacts.draw(asked({ count: 1 }))).contacts).toMatchObject([
        { contactId, phone: one.phone2, number: 2, numbersLeft: 1 },
      ])
      expect(await list.byName('a')).toMatchObject({ state: 'waiting', barred: 'premium', outcome: null })
      await list.apply({ type: 'barred', contactId, number: 2, why: 'emergency', at: T0 })
      await list.apply({ type: 'barred', contactId: other.contactId, number: 1, why: 'prefix', at: T0 })
      expect(await list.contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
      await list.restart()
      expect(await list.byName('a')).toMatchObject({ state: 'neverCall', barred: 'emergency', tries: 0, calls: [] })
      expect((await list.contacts.progress(CAMPAIGN)).byState).toMatchObject({ waiting: 0, neverCall: 2 })
    })

    test('of one number barred and the other listed the list decides, and may let go of it', async () => {
      const one = named('a', { phone2: number() })
      await list.load(one)
      await list.apply({ type: 'barred', contactId: (await list.byName('a')).contactId, number: 2, why: 'country', at: T0 })
      await list.listed(one.phone)
      expect((await list.byName('a')).state).toBe('doNotCall')
      expect((await list.contacts.draw(asked())).rest).toBe('none')
      await list.apply({ type: 'lifted', number: one.phone, campaignId: null })
      expect((await list.contacts.draw(asked())).contacts).toMatchObject([{ number: 1, numbersLeft: 1 }])
    })

    test('nobody who is not there may be rung', async () => {
      expect(await list.contacts.barred('nobody', 1, T0)).toBe('gone')
      await list.load(named('a'))
      expect(await list.contacts.barred((await list.byName('a')).contactId, 2, T0)).toBe('gone')
    })

    test('listed once more, a number is not listed for less', async () => {
      const query = { campaignId: undefined, digits: null, after: null, limit: 3, at: T0 }
      const lists = (until: number | null, reason: string) =>
        list.contacts.listDoNotCall([{ number: '+46701740009', campaignId: null, source: 'file', reason, until, addedAt: T0 }])
      const stands = async () => (await list.contacts.doNotCall(query)).rows.map(({ until, reason }) => [until, reason])
      expect(await lists(T0 + MINUTE, 'for a while')).toBe(1)
      expect(await lists(T0 + 2 * MINUTE, 'longer')).toBe(0)
      expect(await stands()).toEqual([[T0 + 2 * MINUTE, 'longer']])
      expect(await lists(T0 + MINUTE, 'shorter')).toBe(0)
      expect(await stands()).toEqual([[T0 + 2 * MINUTE, 'longer']])
      await list.apply({ type: 'listed', number: '+46701740009', campaignId: null, source: 'page', reason: 'never', until: null, at: T0 })
      expect(await lists(T0 + MINUTE, 'a file of this season')).toBe(0)
      expect(await stands()).toEqual([[null, 'never']])
      await list.apply({ type: 'lifted', number: '+46701740009', campaignId: null })
      expect(await lists(T0 + MINUTE, 'anew')).toBe(1)
    })

    test('they are listed page by page, found by digits, and added many at once', async () => {
      const row = (digits: string, campaignId: string | null = null) =>
        ({ number: digits, campaignId, source: 'file', reason: 'asked', until: null, addedAt: T0 }) as const
      expect(await list.contacts.listDoNotCall([row('+46701740003'), row('+46701740001'), row('+46701740002', CAMPAIGN)])).toBe(3)
      expect(await list.contacts.listDoNotCall([row('+46701740003'), row('+46701740004')])).toBe(1)
      const query = { campaignId: undefined, digits: null, after: null, limit: 3, at: T0 }
      const first = await list.contacts.doNotCall(query)
      expect(first.rows.map((one) => one.number)).toEqual(['+46701740001', '+46701740002', '+46701740003'])
      const second = await list.contacts.doNotCall({ ...query, after: first.next })
      expect(second).toEqual({ rows: [row('+46701740004')], next: null })
      expect((await list.contacts.doNotCall({ ...query, campaignId: CAMPAIGN })).rows).toEqual([row('+46701740002', CAMPAIGN)])
      expect((await list.contacts.doNotCall({ ...query, campaignId: null, digits: '40003' })).rows).toEqual([row('+46701740003')])
      expect((await list.contacts.doNotCall({ ...query, number: '+46701740003' })).rows).toEqual([row('+46701740003')])
      expect((await list.contacts.doNotCall({ ...query, number: '+4670174000' })).rows).toEqual([])
    })
  })
}
