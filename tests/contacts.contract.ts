/** What every store of contacts keeps and deals, whatever it is made of. Run against each adapter from beside it. dialler.md 2 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asked, CAMPAIGN, type ContactsBench, ListStage, MINUTE, NEW_YORK, named, number, STOCKHOLM, T0 } from './contacts.support.ts'
import { contactsErased } from './contacts-erased.contract.ts'
import { contactsKept } from './contacts-kept.contract.ts'
import { contactsListed } from './contacts-listed.contract.ts'

export function contactsContract(name: string, open: () => Promise<ContactsBench>): void {
  describe(`contacts: ${name}`, () => {
    let bench: ContactsBench
    let stage: ListStage
    beforeEach(async () => {
      bench = await open()
      stage = new ListStage(bench)
    })
    afterEach(() => bench.done())
    drawing(() => stage)
    contactsKept(() => stage)
    contactsListed(() => stage)
    contactsErased(() => stage)
  })
}

const drawing = (stage: () => ListStage): void => {
  let list: ListStage
  beforeEach(() => {
    list = stage()
  })

  describe('drawing', () => {
    test('contacts never tried come in the order of the import, as many as are asked for, and a draw changes nothing', async () => {
      await list.load(named('a'), named('b'), named('c'))
      expect(await list.names({ count: 2 })).toEqual(['a', 'b'])
      expect(await list.names({ count: 2 })).toEqual(['a', 'b'])
      expect((await list.contacts.draw(asked({ count: 2 }))).rest).toBe('more')
    })

    test('what is drawn says all that is needed to ring it', async () => {
      const one = named('a', { phone2: number(), language: 'en', to: T0 + MINUTE, window: { from: '09:00', to: '12:00' } })
      await list.load(one)
      const slot = { zone: one.zone, window: one.window, period: null }
      const { contacts: drawn } = await list.contacts.draw(asked({ open: [slot] }))
      expect(drawn).toEqual([
        {
          contactId: (await list.byName('a')).contactId,
          phone: one.phone,
          number: 1,
          numbersLeft: 2,
          tries: 0,
          zone: one.zone,
          window: one.window,
          to: one.to,
          agentFirst: false,
          afterSilent: false,
          forAgent: null,
          anyoneAt: null,
          language: 'en',
        },
      ])
    })

    test('who is under way, or excepted, is passed over', async () => {
      await list.load(named('a'), named('b'), named('c'))
      await list.deal('a')
      const { contactId } = await list.byName('b')
      expect(await list.names({ except: [contactId] })).toEqual(['c'])
      expect((await list.byName('a')).state).toBe('underWay')
    })

    test('an empty list has none', async () => {
      expect(await list.contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
      await list.load(named('a'))
      await list.tried('a', { outcome: 'answered', next: 'done', dueAt: null })
      expect(await list.contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
    })

    test('a retry is due at its instant, not before', async () => {
      await list.load(named('a'))
      await list.tried('a')
      const dueAt = T0 + 60 * MINUTE
      expect(await list.contacts.draw(asked({ at: dueAt - 1 }))).toEqual({ contacts: [], rest: 'later', dueAt })
      expect(await list.names({ at: dueAt })).toEqual(['a'])
      expect((await list.contacts.draw(asked({ at: dueAt }))).contacts[0]?.tries).toBe(1)
    })

    test('of those that are later, the first tells when', async () => {
      await list.load(named('a'), named('b'), named('c'))
      await list.tried('a', { dueAt: T0 + 9 * MINUTE })
      await list.tried('b', { dueAt: T0 + 5 * MINUTE })
      await list.tried('c', { dueAt: T0 + 7 * MINUTE })
      expect((await list.contacts.draw(asked())).dueAt).toBe(T0 + 5 * MINUTE)
    })

    test('due retries go before those never tried, or after, as is set; retries among themselves in the order of the list', async () => {
      await list.load(named('a'), named('b'), named('c'), named('d'))
      await list.tried('c', { dueAt: T0 + MINUTE })
      await list.tried('b', { dueAt: T0 + 2 * MINUTE })
      const at = T0 + 3 * MINUTE
      expect(await list.names({ at, retriesFirst: true })).toEqual(['b', 'c', 'a', 'd'])
      expect(await list.names({ at, retriesFirst: false })).toEqual(['a', 'd', 'b', 'c'])
    })

    test('rescheduled ones that are due go first of all, with an agent first, the longest due before the others', async () => {
      await list.load(named('a'), named('b'), named('c'))
      await list.tried('c', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE })
      await list.tried('b', { outcome: 'answered', next: 'asked', dueAt: T0 + 2 * MINUTE })
      const at = T0 + 2 * MINUTE
      expect(await list.names({ at })).toEqual(['c', 'b', 'a'])
      expect(await list.names({ at, retriesFirst: true })).toEqual(['c', 'b', 'a'])
      const { contacts: drawn } = await list.contacts.draw(asked({ at, count: 1 }))
      expect(drawn).toMatchObject([{ agentFirst: true, afterSilent: false, forAgent: null, tries: 1 }])
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['c', 'a'])
    })

    test('the latest anybody was promised a call for is known, of the campaigns asked for, until it is over', async () => {
      await list.load(named('a'), named('b'), named('c'))
      expect(await list.contacts.latestAsked([CAMPAIGN])).toBeNull()
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 + 9 * MINUTE, forAgent: 'bo' })
      await list.tried('b', { outcome: 'answered', next: 'asked', dueAt: T0 + 5 * MINUTE })
      await list.tried('c', { dueAt: T0 + 99 * MINUTE })
      expect(await list.contacts.latestAsked(['another', CAMPAIGN])).toBe(T0 + 9 * MINUTE)
      expect([await list.contacts.latestAsked(['another']), await list.contacts.latestAsked([])]).toEqual([null, null])
      await list.tried('a', { outcome: 'answered', next: 'done', dueAt: null })
      expect(await list.contacts.latestAsked([CAMPAIGN])).toBe(T0 + 5 * MINUTE)
    })

    test('who is rescheduled to an agent is left until that one is there', async () => {
      await list.load(named('a'))
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE, forAgent: 'bo' })
      const at = T0 + MINUTE
      expect(await list.contacts.draw(asked({ at }))).toEqual({ contacts: [], rest: 'later', dueAt: null })
      expect(await list.contacts.draw(asked({ at, whose: ['anna'] }))).toEqual({ contacts: [], rest: 'later', dueAt: null })
      expect((await list.contacts.draw(asked({ at, whose: ['anna', 'bo'] }))).contacts).toMatchObject([{ forAgent: 'bo', anyoneAt: null }])
    })

    test('one agent’s for so long, then anyone’s; it is told when', async () => {
      await list.load(named('a'))
      const [dueAt, anyoneAt] = [T0 + MINUTE, T0 + 6 * MINUTE]
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt, forAgent: 'bo', anyoneAt })
      expect(await list.contacts.draw(asked({ at: dueAt - 1, whose: ['bo'] }))).toEqual({ contacts: [], rest: 'later', dueAt })
      const own = { forAgent: 'bo', anyoneAt, agentFirst: true }
      expect((await list.contacts.draw(asked({ at: anyoneAt - 1, whose: ['bo'] }))).contacts).toMatchObject([own])
      expect(await list.contacts.draw(asked({ at: anyoneAt - 1 }))).toEqual({ contacts: [], rest: 'later', dueAt: anyoneAt })
      const anyones = { forAgent: null, anyoneAt: null, agentFirst: true }
      expect((await list.contacts.draw(asked({ at: anyoneAt }))).contacts).toMatchObject([anyones])
      expect(await list.contacts.draw(asked({ at: anyoneAt, whose: ['bo'] }))).toEqual({ contacts: [], rest: 'none', dueAt: null })
      expect(await list.byName('a')).toMatchObject({ state: 'asked', forAgent: 'bo', anyoneAt })
      await list.restart()
      expect((await list.contacts.draw(asked({ at: anyoneAt }))).contacts).toMatchObject([anyones])
    })

    test('a draw for agents brings their own and nobody else, and says that there are none', async () => {
      await list.load(named('a'), named('b'), named('c', { zone: NEW_YORK.zone }))
      expect(await list.contacts.draw(asked({ whose: ['bo'] }))).toEqual({ contacts: [], rest: 'none', dueAt: null })
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 })
      await list.tried('c', { outcome: 'answered', next: 'asked', dueAt: T0, forAgent: 'bo' })
      expect(await list.names({ whose: ['bo'] })).toEqual(['c'])
      const open = [{ ...STOCKHOLM, period: null }]
      expect(await list.contacts.draw(asked({ open, whose: ['bo'] }))).toEqual({ contacts: [], rest: 'closed', dueAt: null })
      expect(await list.names()).toEqual(['a', 'b'])
    })

    test('whose time alone is over when it is tried again is nobody’s own any more', async () => {
      await list.load(named('a'))
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt: T0, forAgent: 'bo', anyoneAt: T0 + MINUTE })
      await list.tried('a', { dueAt: T0 + MINUTE })
      expect(await list.byName('a')).toMatchObject({ forAgent: null, anyoneAt: null })
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['a'])
    })

    test('after a silent call the contact is asked for with an agent first, and says why', async () => {
      await list.load(named('a'))
      await list.tried('a', { outcome: 'silent', next: 'asked', dueAt: T0 })
      expect((await list.contacts.draw(asked())).contacts).toMatchObject([{ agentFirst: true, afterSilent: true, number: 1 }])
    })

    test('up to three sort keys decide, then the order of the import; what has no value comes last', async () => {
      await list.load(
        named('a', { columns: { city: 'umea', value: '9' } }),
        named('b', { columns: { city: 'lund', value: '10' } }),
        named('c', { columns: { city: 'lund', value: '2' } }),
        named('d', { columns: { value: '1' } }),
        named('e', { columns: { city: 'lund', value: '10' } }),
      )
      const city = { column: 'city', descending: false, numeric: false }
      await list.contacts.arrange(CAMPAIGN, { sort: [city, { column: 'value', descending: true, numeric: true }], filters: [] })
      expect(await list.names()).toEqual(['b', 'e', 'c', 'a', 'd'])
      await list.contacts.arrange(CAMPAIGN, { sort: [{ ...city, descending: true }], filters: [] })
      expect(await list.names()).toEqual(['a', 'b', 'c', 'e', 'd'])
      await list.contacts.arrange(CAMPAIGN, { sort: [{ column: 'value', descending: false, numeric: true }], filters: [] })
      expect(await list.names()).toEqual(['d', 'c', 'a', 'b', 'e'])
      await list.contacts.arrange(CAMPAIGN, { sort: [], filters: [] })
      expect(await list.names()).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    test('only contacts that every filter lets through are called; the others do not count as left', async () => {
      await list.load(
        named('a', { columns: { city: 'lund', kind: 'x' } }),
        named('b', { columns: { city: 'umea', kind: 'x' } }),
        named('c'),
      )
      await list.contacts.arrange(CAMPAIGN, {
        sort: [],
        filters: [
          { column: 'city', values: ['lund', 'kiruna'] },
          { column: 'kind', values: ['x'] },
        ],
      })
      expect(await list.names()).toEqual(['a'])
      await list.tried('a', { outcome: 'answered', next: 'done', dueAt: null })
      expect((await list.contacts.draw(asked())).rest).toBe('none')
    })

    test('contacts imported later stand where they belong', async () => {
      await list.load(named('a', { columns: { value: '2' } }))
      await list.contacts.arrange(CAMPAIGN, { sort: [{ column: 'value', descending: false, numeric: true }], filters: [] })
      await list.load(named('b', { columns: { value: '1' } }))
      expect(await list.names()).toEqual(['b', 'a'])
    })
  })

  describe('clocks and dates', () => {
    test('only contacts of an open slot are drawn; the others are said to be closed', async () => {
      const window = { from: '18:00', to: '20:00' }
      await list.load(named('a', { zone: NEW_YORK.zone }), named('b'), named('c', { window }))
      expect(await list.names({ open: [{ ...STOCKHOLM, period: null }] })).toEqual(['b'])
      expect(await list.names({ open: [{ zone: STOCKHOLM.zone, window, period: null }] })).toEqual(['c'])
      expect(await list.contacts.draw(asked({ open: [] }))).toEqual({ contacts: [], rest: 'closed', dueAt: null })
      expect((await list.contacts.slots(CAMPAIGN)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
        NEW_YORK,
        STOCKHOLM,
        { zone: STOCKHOLM.zone, window },
      ])
    })

    test('not before its first instant, not from its last on', async () => {
      await list.load(named('a', { from: T0 + MINUTE, to: T0 + 2 * MINUTE }))
      expect(await list.contacts.draw(asked({ at: T0 + MINUTE - 1 }))).toEqual({ contacts: [], rest: 'later', dueAt: T0 + MINUTE })
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['a'])
      const { contactId } = await list.byName('a')
      expect(await list.contacts.barred(contactId, 1, T0 + 2 * MINUTE - 1)).toBeNull()
      expect((await list.contacts.draw(asked({ at: T0 + 2 * MINUTE }))).contacts).toEqual([])
      expect(await list.contacts.barred(contactId, 1, T0 + 2 * MINUTE)).toBe('gone')
    })

    test('who was tried in a daily period is tried in another one next', async () => {
      await list.load(named('a'))
      await list.tried('a', { period: 0, dueAt: T0 + MINUTE })
      const within = (period: number | null) => asked({ at: T0 + MINUTE, open: [{ ...STOCKHOLM, period }] })
      expect(await list.contacts.draw(within(0))).toMatchObject({ contacts: [], rest: 'later' })
      expect((await list.contacts.draw(within(1))).contacts).toHaveLength(1)
      expect((await list.contacts.draw(within(null))).contacts).toHaveLength(1)
    })
  })

  describe('numbers', () => {
    const drawn = async (at = T0 + 60 * MINUTE) => (await list.contacts.draw(asked({ at }))).contacts[0]

    test('first and second phone alternate', async () => {
      const one = named('a', { phone2: number() })
      await list.load(one)
      expect(await drawn()).toMatchObject({ phone: one.phone, number: 1, numbersLeft: 2 })
      await list.tried('a', { number: 1, dueAt: T0 })
      expect(await drawn()).toMatchObject({ phone: one.phone2, number: 2 })
      await list.tried('a', { number: 2, dueAt: T0 })
      expect(await drawn()).toMatchObject({ phone: one.phone, number: 1, tries: 2 })
    })

    test('a number not in use is never drawn again', async () => {
      const one = named('a', { phone2: number() })
      await list.load(one)
      await list.tried('a', { outcome: 'notInUse', number: 1, inUse: false, dueAt: T0 })
      expect(await drawn()).toMatchObject({ phone: one.phone2, number: 2, numbersLeft: 1 })
      await list.tried('a', { number: 2, dueAt: T0 })
      expect(await drawn()).toMatchObject({ number: 2, numbersLeft: 1 })
      await list.tried('a', { outcome: 'notInUse', number: 2, inUse: false, next: 'done', dueAt: null })
      expect(await drawn()).toBeUndefined()
      expect((await list.byName('a')).state).toBe('notInUse')
    })

    test('what was put back stands as if it had never been taken up, and is due when it says', async () => {
      await list.load(named('a', { phone2: number() }), named('b'))
      await list.tried('a', { outcome: 'failed', counted: false, tries: 0, next: 'back', dueAt: T0 + MINUTE })
      expect(await list.names()).toEqual(['b'])
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['a', 'b'])
      expect(await drawn()).toMatchObject({ number: 1, tries: 0 })
      expect((await list.byName('a')).tries).toBe(0)
    })

    test('who was rescheduled is so again when put back', async () => {
      await list.load(named('a'), named('b'))
      await list.tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE, forAgent: 'anna' })
      await list.tried('a', { outcome: 'notCalled', counted: false, tries: 1, next: 'back', dueAt: null }, T0 + MINUTE)
      const { contacts: again } = await list.contacts.draw(asked({ at: T0 + 2 * MINUTE, whose: ['anna'], count: 1 }))
      expect(again).toMatchObject([{ agentFirst: true, forAgent: 'anna', tries: 1 }])
    })
  })
}
