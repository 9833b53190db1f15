/** What every store of contacts does when a person is erased. */
import { beforeEach, describe, expect, test } from 'vitest'
import { CAMPAIGN, type ListStage, named, number, rowsOf, T0 } from './contacts.support.ts'

export const contactsErased = (stage: () => ListStage): void => {
  let list: ListStage
  beforeEach(() => {
    list = stage()
  })

  describe('persons who are erased', () => {
    test('who is erased leaves every list, is looked up by neither number, and is not called by what lists him', async () => {
      const [a, b, c] = [named('a', { phone2: number() }), named('b'), named('c')]
      await list.load(a, b, c)
      await list.listed(b.phone)
      await list.listed(b.phone, CAMPAIGN)
      const gone = (await list.byName('a')).contactId
      expect((await list.contacts.withNumber(a.phone2 ?? '')).contacts).toMatchObject([{ name: 'a' }])
      expect((await list.contacts.withNumber(b.phone)).listings).toMatchObject([{ number: b.phone }, { number: b.phone }])
      expect(await list.contacts.erase(a.phone2 ?? '', T0)).toEqual({ contacts: 1, underWay: 0, listings: 0 })
      expect(await list.contacts.erase(b.phone, T0)).toEqual({ contacts: 1, underWay: 0, listings: 2 })
      expect(await list.names()).toEqual(['c'])
      expect(await list.contacts.barred(gone, 1, T0)).toBe('gone')
      for (const digits of [a.phone, a.phone2 ?? '', b.phone]) expect((await list.contacts.withNumber(digits)).contacts).toEqual([])
      const query = { campaignId: null, digits: null, after: null, limit: 3, at: T0 }
      expect((await list.contacts.doNotCall(query)).rows).toMatchObject([{ number: null, reason: null, source: 'page' }])
      expect((await list.contacts.doNotCall({ ...query, digits: b.phone.slice(3) })).rows).toEqual([])
      expect((await list.stage([named('b again', { phone: b.phone })])).counts).toMatchObject({ doNotCall: 1, added: 0 })
      await list.restart()
      expect((await list.stage([named('b again', { phone: b.phone })])).counts).toMatchObject({ doNotCall: 1, added: 0 })
      await list.apply({ type: 'lifted', number: b.phone, campaignId: null })
      await list.apply({ type: 'lifted', number: b.phone, campaignId: CAMPAIGN })
      expect((await list.stage([named('b again', { phone: b.phone })])).counts).toMatchObject({ doNotCall: 0, added: 1 })
    })

    test('a row that was not taken tells no longer what stood there, in whatever way it was written', async () => {
      const [a, b] = [named('a'), named('b')]
      await list.load(a, b)
      const staged = await list.staging()
      const written = `${a.phone.slice(-10, -4)}-${a.phone.slice(-4, -2)} ${a.phone.slice(-2)} eller hem`
      await staged.add(rowsOf([a, b]), [{ row: 3, line: 4, column: 'phone', code: 'number.invalid', value: written }], 50)
      const { id } = await staged.finish({ hash: 'told' })
      await list.contacts.erase(a.phone, T0)
      const told = []
      for await (const block of list.contacts.faults(id)) told.push(...block)
      expect(told.map(({ code, value }) => [code, value])).toEqual([
        ['duplicateInList', undefined],
        ['duplicateInList', b.phone],
        ['number.invalid', undefined],
      ])
    })

    test('an erasure reaches files that wait for a confirmation, passes over who is being called, and what came after it', async () => {
      const [a, b] = [named('a'), named('b')]
      await list.load(a)
      const { id } = await list.stage([b])
      expect(await list.contacts.erase(b.phone, T0)).toMatchObject({ contacts: 1 })
      await list.contacts.confirm(id, T0)
      expect(await list.names()).toEqual(['a'])
      await list.deal('a')
      expect(await list.contacts.erase(a.phone, T0)).toMatchObject({ contacts: 0, underWay: 1 })
      await list.load(b)
      expect(await list.contacts.erase(b.phone, T0 - 1)).toEqual({ contacts: 0, underWay: 0, listings: 0 })
      expect(await list.names()).toEqual(['b'])
    })
  })
}
