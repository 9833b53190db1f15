/** What every store of contacts keeps and deals, whatever it is made of. Run against each adapter from beside it. dialler.md 2 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Contact, ContactChange, ContactDraft, Contacts, DrawAsked, ImportRow, StagedImport } from '#ports/contacts.ts'

export interface ContactsBench {
  readonly contacts: Contacts
  /** The same contacts as a restart finds them. */
  again(): Promise<Contacts>
  done(): Promise<void>
}

const T0 = 1_795_000_000_000
const MINUTE = 60_000
const CAMPAIGN = 'spring'
const STOCKHOLM = { zone: 'Europe/Stockholm', window: null } as const
const NEW_YORK = { zone: 'America/New_York', window: null } as const

let made = 0
/** A number of its own for each contact. */
const number = (): string => `+4670174${String(1_000 + made++)}`
const draft = (more: Partial<ContactDraft> = {}): ContactDraft => ({
  phone: number(),
  phone2: null,
  externalId: null,
  name: null,
  zone: STOCKHOLM.zone,
  language: null,
  from: null,
  to: null,
  window: null,
  columns: {},
  ...more,
})
const named = (name: string, more: Partial<ContactDraft> = {}): ContactDraft => draft({ name, ...more })

const asked = (more: Partial<DrawAsked> = {}): DrawAsked => ({
  campaignId: CAMPAIGN,
  count: 10,
  at: T0,
  open: [
    { ...STOCKHOLM, period: null },
    { ...NEW_YORK, period: null },
  ],
  except: [],
  retriesFirst: false,
  agents: [],
  ...more,
})

type Settled = Extract<ContactChange, { type: 'settled' }>

export function contactsContract(name: string, open: () => Promise<ContactsBench>): void {
  describe(`contacts: ${name}`, () => {
    let bench: ContactsBench
    let contacts: Contacts
    let position = 0
    beforeEach(async () => {
      bench = await open()
      contacts = bench.contacts
      position = await contacts.position()
    })
    afterEach(() => bench.done())

    const start = async (
      how: 'add' | 'replace' = 'add',
      hash: string | null = null,
    ): Promise<StagedImport | { readonly confirmed: ImportRow }> =>
      contacts.startImport({ campaignId: CAMPAIGN, at: T0, user: 'sam', fileName: 'list.csv', how, hash })
    const staging = async (how: 'add' | 'replace' = 'add', hash: string | null = null): Promise<StagedImport> => {
      const started = await start(how, hash)
      if ('confirmed' in started) throw new Error('it was confirmed before')
      return started
    }
    const rowsOf = (drafts: readonly ContactDraft[]) => drafts.map((one, index) => ({ row: index + 1, line: index + 2, draft: one }))
    const stage = async (drafts: readonly ContactDraft[], how: 'add' | 'replace' = 'add'): Promise<ImportRow> => {
      const staged = await staging(how)
      await staged.add(rowsOf(drafts), [], 100)
      return staged.finish()
    }
    const load = async (...drafts: readonly ContactDraft[]): Promise<string> => {
      const { id } = await stage(drafts)
      expect(await contacts.confirm(id, T0)).toMatchObject({ id, state: 'confirmed' })
      return id
    }
    const byName = async (wanted: string): Promise<Contact> => {
      const { contacts: found } = await contacts.contacts({ campaignId: CAMPAIGN, state: null, text: null, after: null, limit: 1_000 })
      const one = found.find((contact) => contact.name === wanted)
      if (one === undefined) throw new Error(`no contact ${wanted}`)
      return one
    }
    const apply = async (
      change:
        | Omit<Settled, 'position'>
        | Omit<Extract<ContactChange, { type: 'dealt' }>, 'position'>
        | Omit<Extract<ContactChange, { type: 'topics' }>, 'position'>
        | Omit<Extract<ContactChange, { type: 'listed' }>, 'position'>
        | Omit<Extract<ContactChange, { type: 'lifted' }>, 'position'>,
    ): Promise<void> => {
      position += 1
      await contacts.apply([{ ...change, position } as ContactChange], position)
    }
    const deal = async (wanted: string, at = T0, callId = `c-${wanted}`): Promise<void> =>
      apply({ type: 'dealt', contactId: (await byName(wanted)).contactId, callId, at })
    /** It is taken up and tried; unanswered and due again in an hour, unless said. */
    const tried = async (wanted: string, more: Partial<Settled> = {}, at = T0): Promise<void> => {
      const { contactId, tries } = await byName(wanted)
      await deal(wanted, at)
      await apply({
        type: 'settled',
        contactId,
        callId: `c-${wanted}`,
        at,
        outcome: 'unanswered',
        counted: true,
        tries: tries + 1,
        next: 'again',
        dueAt: at + 60 * MINUTE,
        number: 1,
        inUse: true,
        forAgent: null,
        period: null,
        ...more,
      })
    }
    const names = async (more: Partial<DrawAsked> = {}): Promise<(string | null)[]> => {
      const drawn = await contacts.draw(asked(more))
      return Promise.all(drawn.contacts.map(async ({ contactId }) => (await contacts.contact(contactId))?.name ?? null))
    }
    const listed = (digits: string, campaignId: string | null = null, until: number | null = null): Promise<void> =>
      apply({ type: 'listed', number: digits, campaignId, source: 'page', reason: null, until, at: T0 })

    describe('drawing', () => {
      test('contacts never tried come in the order of the import, as many as are asked for, and a draw changes nothing', async () => {
        await load(named('a'), named('b'), named('c'))
        expect(await names({ count: 2 })).toEqual(['a', 'b'])
        expect(await names({ count: 2 })).toEqual(['a', 'b'])
        expect((await contacts.draw(asked({ count: 2 }))).rest).toBe('more')
      })

      test('what is drawn says all that is needed to ring it', async () => {
        const one = named('a', { phone2: number(), language: 'en', to: T0 + MINUTE, window: { from: '09:00', to: '12:00' } })
        await load(one)
        const slot = { zone: one.zone, window: one.window, period: null }
        const { contacts: drawn } = await contacts.draw(asked({ open: [slot] }))
        expect(drawn).toEqual([
          {
            contactId: (await byName('a')).contactId,
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
            language: 'en',
          },
        ])
      })

      test('who is under way, or excepted, is passed over', async () => {
        await load(named('a'), named('b'), named('c'))
        await deal('a')
        const { contactId } = await byName('b')
        expect(await names({ except: [contactId] })).toEqual(['c'])
        expect((await byName('a')).state).toBe('underWay')
      })

      test('an empty list has none', async () => {
        expect(await contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
        await load(named('a'))
        await tried('a', { outcome: 'answered', next: 'done', dueAt: null })
        expect(await contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
      })

      test('a retry is due at its instant, not before', async () => {
        await load(named('a'))
        await tried('a')
        const dueAt = T0 + 60 * MINUTE
        expect(await contacts.draw(asked({ at: dueAt - 1 }))).toEqual({ contacts: [], rest: 'later', dueAt })
        expect(await names({ at: dueAt })).toEqual(['a'])
        expect((await contacts.draw(asked({ at: dueAt }))).contacts[0]?.tries).toBe(1)
      })

      test('of those that are later, the first tells when', async () => {
        await load(named('a'), named('b'), named('c'))
        await tried('a', { dueAt: T0 + 9 * MINUTE })
        await tried('b', { dueAt: T0 + 5 * MINUTE })
        await tried('c', { dueAt: T0 + 7 * MINUTE })
        expect((await contacts.draw(asked())).dueAt).toBe(T0 + 5 * MINUTE)
      })

      test('due retries go before those never tried, or after, as is set; retries among themselves in the order of the list', async () => {
        await load(named('a'), named('b'), named('c'), named('d'))
        await tried('c', { dueAt: T0 + MINUTE })
        await tried('b', { dueAt: T0 + 2 * MINUTE })
        const at = T0 + 3 * MINUTE
        expect(await names({ at, retriesFirst: true })).toEqual(['b', 'c', 'a', 'd'])
        expect(await names({ at, retriesFirst: false })).toEqual(['a', 'd', 'b', 'c'])
      })

      test('rescheduled ones that are due go first of all, with an agent first, the longest due before the others', async () => {
        await load(named('a'), named('b'), named('c'))
        await tried('c', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE })
        await tried('b', { outcome: 'answered', next: 'asked', dueAt: T0 + 2 * MINUTE })
        const at = T0 + 2 * MINUTE
        expect(await names({ at })).toEqual(['c', 'b', 'a'])
        expect(await names({ at, retriesFirst: true })).toEqual(['c', 'b', 'a'])
        const { contacts: drawn } = await contacts.draw(asked({ at, count: 1 }))
        expect(drawn).toMatchObject([{ agentFirst: true, afterSilent: false, forAgent: null, tries: 1 }])
        expect(await names({ at: T0 + MINUTE })).toEqual(['c', 'a'])
      })

      test('who is rescheduled to an agent is left until that one is there', async () => {
        await load(named('a'))
        await tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE, forAgent: 'bo' })
        const at = T0 + MINUTE
        expect(await contacts.draw(asked({ at, agents: ['anna'] }))).toEqual({ contacts: [], rest: 'later', dueAt: null })
        expect((await contacts.draw(asked({ at, agents: ['anna', 'bo'] }))).contacts).toMatchObject([{ forAgent: 'bo' }])
      })

      test('after a silent call the contact is asked for with an agent first, and says why', async () => {
        await load(named('a'))
        await tried('a', { outcome: 'silent', next: 'asked', dueAt: T0 })
        expect((await contacts.draw(asked())).contacts).toMatchObject([{ agentFirst: true, afterSilent: true, number: 1 }])
      })

      test('up to three sort keys decide, then the order of the import; what has no value comes last', async () => {
        await load(
          named('a', { columns: { city: 'umea', value: '9' } }),
          named('b', { columns: { city: 'lund', value: '10' } }),
          named('c', { columns: { city: 'lund', value: '2' } }),
          named('d', { columns: { value: '1' } }),
          named('e', { columns: { city: 'lund', value: '10' } }),
        )
        const city = { column: 'city', descending: false, numeric: false }
        await contacts.arrange(CAMPAIGN, { sort: [city, { column: 'value', descending: true, numeric: true }], filters: [] })
        expect(await names()).toEqual(['b', 'e', 'c', 'a', 'd'])
        await contacts.arrange(CAMPAIGN, { sort: [{ ...city, descending: true }], filters: [] })
        expect(await names()).toEqual(['a', 'b', 'c', 'e', 'd'])
        await contacts.arrange(CAMPAIGN, { sort: [{ column: 'value', descending: false, numeric: true }], filters: [] })
        expect(await names()).toEqual(['d', 'c', 'a', 'b', 'e'])
        await contacts.arrange(CAMPAIGN, { sort: [], filters: [] })
        expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e'])
      })

      test('only contacts that every filter lets through are called; the others do not count as left', async () => {
        await load(named('a', { columns: { city: 'lund', kind: 'x' } }), named('b', { columns: { city: 'umea', kind: 'x' } }), named('c'))
        await contacts.arrange(CAMPAIGN, {
          sort: [],
          filters: [
            { column: 'city', values: ['lund', 'kiruna'] },
            { column: 'kind', values: ['x'] },
          ],
        })
        expect(await names()).toEqual(['a'])
        await tried('a', { outcome: 'answered', next: 'done', dueAt: null })
        expect((await contacts.draw(asked())).rest).toBe('none')
      })

      test('contacts imported later stand where they belong', async () => {
        await load(named('a', { columns: { value: '2' } }))
        await contacts.arrange(CAMPAIGN, { sort: [{ column: 'value', descending: false, numeric: true }], filters: [] })
        await load(named('b', { columns: { value: '1' } }))
        expect(await names()).toEqual(['b', 'a'])
      })
    })

    describe('clocks and dates', () => {
      test('only contacts of an open slot are drawn; the others are said to be closed', async () => {
        const window = { from: '18:00', to: '20:00' }
        await load(named('a', { zone: NEW_YORK.zone }), named('b'), named('c', { window }))
        expect(await names({ open: [{ ...STOCKHOLM, period: null }] })).toEqual(['b'])
        expect(await names({ open: [{ zone: STOCKHOLM.zone, window, period: null }] })).toEqual(['c'])
        expect(await contacts.draw(asked({ open: [] }))).toEqual({ contacts: [], rest: 'closed', dueAt: null })
        expect((await contacts.slots(CAMPAIGN)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
          NEW_YORK,
          STOCKHOLM,
          { zone: STOCKHOLM.zone, window },
        ])
      })

      test('not before its first instant, not from its last on', async () => {
        await load(named('a', { from: T0 + MINUTE, to: T0 + 2 * MINUTE }))
        expect(await contacts.draw(asked({ at: T0 + MINUTE - 1 }))).toEqual({ contacts: [], rest: 'later', dueAt: T0 + MINUTE })
        expect(await names({ at: T0 + MINUTE })).toEqual(['a'])
        const { contactId } = await byName('a')
        expect(await contacts.barred(contactId, 1, T0 + 2 * MINUTE - 1)).toBeNull()
        expect((await contacts.draw(asked({ at: T0 + 2 * MINUTE }))).contacts).toEqual([])
        expect(await contacts.barred(contactId, 1, T0 + 2 * MINUTE)).toBe('gone')
      })

      test('who was tried in a daily period is tried in another one next', async () => {
        await load(named('a'))
        await tried('a', { period: 0, dueAt: T0 + MINUTE })
        const within = (period: number | null) => asked({ at: T0 + MINUTE, open: [{ ...STOCKHOLM, period }] })
        expect(await contacts.draw(within(0))).toMatchObject({ contacts: [], rest: 'later' })
        expect((await contacts.draw(within(1))).contacts).toHaveLength(1)
        expect((await contacts.draw(within(null))).contacts).toHaveLength(1)
      })
    })

    describe('numbers', () => {
      const drawn = async (at = T0 + 60 * MINUTE) => (await contacts.draw(asked({ at }))).contacts[0]

      test('first and second phone alternate', async () => {
        const one = named('a', { phone2: number() })
        await load(one)
        expect(await drawn()).toMatchObject({ phone: one.phone, number: 1, numbersLeft: 2 })
        await tried('a', { number: 1, dueAt: T0 })
        expect(await drawn()).toMatchObject({ phone: one.phone2, number: 2 })
        await tried('a', { number: 2, dueAt: T0 })
        expect(await drawn()).toMatchObject({ phone: one.phone, number: 1, tries: 2 })
      })

      test('a number not in use is never drawn again', async () => {
        const one = named('a', { phone2: number() })
        await load(one)
        await tried('a', { outcome: 'notInUse', number: 1, inUse: false, dueAt: T0 })
        expect(await drawn()).toMatchObject({ phone: one.phone2, number: 2, numbersLeft: 1 })
        await tried('a', { number: 2, dueAt: T0 })
        expect(await drawn()).toMatchObject({ number: 2, numbersLeft: 1 })
        await tried('a', { outcome: 'notInUse', number: 2, inUse: false, next: 'done', dueAt: null })
        expect(await drawn()).toBeUndefined()
        expect((await byName('a')).state).toBe('notInUse')
      })

      test('what was put back stands as if it had never been taken up, and is due when it says', async () => {
        await load(named('a', { phone2: number() }), named('b'))
        await tried('a', { outcome: 'failed', counted: false, tries: 0, next: 'back', dueAt: T0 + MINUTE })
        expect(await names()).toEqual(['b'])
        expect(await names({ at: T0 + MINUTE })).toEqual(['a', 'b'])
        expect(await drawn()).toMatchObject({ number: 1, tries: 0 })
        expect((await byName('a')).tries).toBe(0)
      })

      test('who was rescheduled is so again when put back', async () => {
        await load(named('a'), named('b'))
        await tried('a', { outcome: 'answered', next: 'asked', dueAt: T0 + MINUTE, forAgent: 'anna' })
        await tried('a', { outcome: 'notCalled', counted: false, tries: 1, next: 'back', dueAt: null }, T0 + MINUTE)
        const { contacts: again } = await contacts.draw(asked({ at: T0 + 2 * MINUTE, agents: ['anna'], count: 1 }))
        expect(again).toMatchObject([{ agentFirst: true, forAgent: 'anna', tries: 1 }])
      })
    })

    describe('numbers nobody may call', () => {
      test('for every campaign or for one, until it is lifted or over', async () => {
        const [a, b, c] = [named('a'), named('b'), named('c')]
        await load(a, b, c)
        await listed(a.phone)
        await listed(b.phone, CAMPAIGN)
        await listed(c.phone, 'another')
        expect(await names()).toEqual(['c'])
        const [one, three] = [await byName('a'), await byName('c')]
        expect(one.state).toBe('doNotCall')
        expect(await contacts.barred(one.contactId, 1, T0)).toBe('doNotCall')
        expect(await contacts.barred(three.contactId, 1, T0)).toBeNull()
        await apply({ type: 'lifted', number: a.phone, campaignId: null })
        expect(await names()).toEqual(['a', 'c'])
        await listed(a.phone, null, T0 + MINUTE)
        expect(await names({ at: T0 + MINUTE - 1 })).toEqual(['c'])
        expect(await names({ at: T0 + MINUTE })).toEqual(['a', 'c'])
      })

      test('the other number of a contact may still be called', async () => {
        const one = named('a', { phone2: number() })
        await load(one)
        await listed(one.phone)
        expect((await contacts.draw(asked())).contacts).toMatchObject([{ phone: one.phone2, number: 2, numbersLeft: 1 }])
        const { contactId } = await byName('a')
        expect(await contacts.barred(contactId, 1, T0)).toBe('doNotCall')
        expect(await contacts.barred(contactId, 2, T0)).toBeNull()
      })

      test('a list none but barred numbers are left in has none to call', async () => {
        const one = named('a')
        await load(one)
        await listed(one.phone)
        expect(await contacts.draw(asked())).toEqual({ contacts: [], rest: 'none', dueAt: null })
      })

      test('nobody who is not there may be rung', async () => {
        expect(await contacts.barred('nobody', 1, T0)).toBe('gone')
        await load(named('a'))
        expect(await contacts.barred((await byName('a')).contactId, 2, T0)).toBe('gone')
      })

      test('they are listed page by page, found by digits, and added many at once', async () => {
        const row = (digits: string, campaignId: string | null = null) =>
          ({ number: digits, campaignId, source: 'file', reason: 'asked', until: null, addedAt: T0 }) as const
        expect(await contacts.listDoNotCall([row('+46701740003'), row('+46701740001'), row('+46701740002', CAMPAIGN)])).toBe(3)
        expect(await contacts.listDoNotCall([row('+46701740003'), row('+46701740004')])).toBe(1)
        const query = { campaignId: undefined, digits: null, after: null, limit: 3, at: T0 }
        const first = await contacts.doNotCall(query)
        expect(first.rows.map((one) => one.number)).toEqual(['+46701740001', '+46701740002', '+46701740003'])
        const second = await contacts.doNotCall({ ...query, after: first.next })
        expect(second).toEqual({ rows: [row('+46701740004')], next: null })
        expect((await contacts.doNotCall({ ...query, campaignId: CAMPAIGN })).rows).toEqual([row('+46701740002', CAMPAIGN)])
        expect((await contacts.doNotCall({ ...query, campaignId: null, digits: '40003' })).rows).toEqual([row('+46701740003')])
      })
    })

    describe('facts', () => {
      test('are taken once, in their order, and remembered over a restart', async () => {
        await load(named('a'))
        await tried('a')
        const after = await byName('a')
        const { contactId } = after
        expect(after).toMatchObject({
          state: 'paused',
          tries: 1,
          outcome: 'unanswered',
          dueAt: T0 + 60 * MINUTE,
          triedAt: T0,
          calls: ['c-a'],
        })
        await contacts.apply([{ position: 1, type: 'dealt', contactId, callId: 'c-a', at: T0 }], position)
        expect(await byName('a')).toEqual(after)
        contacts = await bench.again()
        expect(await contacts.position()).toBe(position)
        expect(await byName('a')).toEqual(after)
      })

      test('the position goes on without a change too', async () => {
        await contacts.apply([], position + 7)
        expect(await contacts.position()).toBe(position + 7)
      })

      test.each([
        ['answered', 'done', true, 'reached'],
        ['unanswered', 'done', true, 'exhausted'],
        ['voicemail', 'done', true, 'exhausted'],
        ['silent', 'done', true, 'exhausted'],
        ['notInUse', 'done', false, 'notInUse'],
        ['cancelled', 'never', true, 'neverCall'],
        ['busy', 'again', true, 'paused'],
        ['answered', 'asked', true, 'asked'],
        ['notCalled', 'back', true, 'waiting'],
      ] as const)('a try that ended %s, %s', async (outcome, next, inUse, state) => {
        await load(named('a'))
        await tried('a', {
          outcome,
          next,
          inUse,
          dueAt: next === 'again' || next === 'asked' ? T0 + MINUTE : null,
          tries: next === 'back' ? 0 : 1,
        })
        expect(await byName('a')).toMatchObject({ state, outcome })
      })

      test('topics of a call are kept with the contact', async () => {
        await load(named('a'))
        await tried('a')
        await apply({ type: 'topics', callId: 'c-a', contactId: (await byName('a')).contactId, topics: ['interested', 'later'] })
        expect((await byName('a')).topics).toEqual(['interested', 'later'])
      })

      test('of contacts nobody has here are passed over', async () => {
        await apply({ type: 'dealt', contactId: 'nobody', callId: 'c1', at: T0 })
        expect(await contacts.position()).toBe(position)
      })

      test('how far a campaign has come: by state, by tries, by hour', async () => {
        await load(named('a'), named('b'), named('c'), named('d'))
        await tried('a', { outcome: 'answered', next: 'done', dueAt: null })
        await tried('b', { outcome: 'silent' }, T0 + 90 * MINUTE)
        await deal('c')
        const hour = Math.floor(T0 / 3_600_000) * 3_600_000
        const later = Math.floor((T0 + 90 * MINUTE) / 3_600_000) * 3_600_000
        const progress = await contacts.progress(CAMPAIGN)
        expect(progress.byState).toEqual({
          waiting: 1,
          paused: 1,
          asked: 0,
          underWay: 1,
          reached: 1,
          exhausted: 0,
          neverCall: 0,
          doNotCall: 0,
          notInUse: 0,
        })
        expect(progress.byTries).toEqual([2, 2])
        expect(progress.hours).toEqual([
          { at: hour, calls: 1, reached: 1, silent: 0 },
          { at: later, calls: 1, reached: 0, silent: 1 },
        ])
      })
    })

    describe('imports', () => {
      test('nothing is called before the import is confirmed; confirmed again it is the same import', async () => {
        const { id } = await stage([named('a'), named('b')])
        expect(await names()).toEqual([])
        expect(await contacts.import(id)).toMatchObject({ state: 'ready', user: 'sam', fileName: 'list.csv', how: 'add', bytes: 100 })
        const confirmed = await contacts.confirm(id, T0)
        expect(await contacts.confirm(id, T0 + MINUTE)).toEqual(confirmed)
        expect(await names()).toEqual(['a', 'b'])
        expect((await contacts.imports(CAMPAIGN)).map((one) => [one.id, one.state])).toEqual([[id, 'confirmed']])
        expect(await contacts.confirm('nobody', T0)).toBe('unknown')
      })

      test('rows are counted: valid, invalid, met before in the file or the list, on a do-not-call list', async () => {
        const [old, barred, one] = [named('old'), named('barred'), named('one')]
        await load(old)
        await listed(barred.phone)
        const staged = await staging()
        await staged.add(rowsOf([one, { ...one, name: 'twice' }]), [{ row: 5, line: 6, column: 'phone', code: 'number.invalid' }], 50)
        await staged.add(
          [
            { row: 3, line: 4, draft: { ...old, name: 'listed' } },
            { row: 4, line: 5, draft: barred },
          ],
          [],
          100,
        )
        const { counts, id } = await staged.finish()
        expect(counts).toEqual({ rows: 5, valid: 4, invalid: 1, duplicateInFile: 1, duplicateInList: 1, doNotCall: 1, added: 1 })
        const faults = []
        for await (const block of contacts.faults(id)) faults.push(...block)
        expect(faults).toContainEqual({ row: 5, line: 6, column: 'phone', code: 'number.invalid' })
        expect(faults.map(({ row, line }) => [row, line])).toEqual([
          [2, 3],
          [3, 4],
          [4, 5],
          [5, 6],
        ])
        await contacts.confirm(id, T0)
        expect(await names()).toEqual(['old', 'one'])
      })

      test('an import abandoned, or not read to its end, cannot be confirmed', async () => {
        const staged = await staging()
        await staged.add(rowsOf([named('a')]), [], 10)
        expect((await contacts.import(staged.id))?.state).toBe('reading')
        expect(await contacts.confirm(staged.id, T0)).toBe('notReady')
        await staged.abandon()
        expect(await contacts.confirm(staged.id, T0)).toBe('notReady')
        expect(await names()).toEqual([])
      })

      test('replace: those not under way leave the list first; undone, they are back', async () => {
        await load(named('a'), named('b'))
        await deal('a')
        const { id } = await stage([named('c')], 'replace')
        await contacts.confirm(id, T0)
        expect(await names()).toEqual(['c'])
        expect((await byName('a')).state).toBe('underWay')
        expect(await contacts.undo(id)).toMatchObject({ state: 'undone' })
        expect(await names()).toEqual(['b'])
      })

      test('undone until its first call, and only once', async () => {
        const id = await load(named('a'), named('b'))
        expect(await contacts.undo(id)).toMatchObject({ state: 'undone' })
        expect(await names()).toEqual([])
        expect(await contacts.undo(id)).toBe('notConfirmed')
        expect(await contacts.undo('nobody')).toBe('unknown')
        const again = await load(named('c'))
        await deal('c')
        expect(await contacts.undo(again)).toBe('called')
      })

      test('the same file sent again, the same way, is the import that was confirmed, until that is undone', async () => {
        const staged = await staging('add', 'abc')
        await staged.add(rowsOf([named('a')]), [], 10)
        await staged.finish()
        expect(await start('add', 'abc')).not.toHaveProperty('confirmed')
        await contacts.confirm(staged.id, T0)
        expect(await start('add', 'abc')).toMatchObject({ confirmed: { id: staged.id } })
        expect(await start('replace', 'abc')).not.toHaveProperty('confirmed')
        expect(await start('add', 'abd')).not.toHaveProperty('confirmed')
        const resent = await staging()
        await resent.add(rowsOf([named('a')]), [], 10)
        expect(await resent.finish({ hash: 'abc' })).toMatchObject({ id: staged.id, state: 'confirmed' })
        expect((await contacts.imports(CAMPAIGN)).map(({ id, state }) => [id, state])).not.toContainEqual([resent.id, 'ready'])
        await contacts.undo(staged.id)
        expect(await start('add', 'abc')).not.toHaveProperty('confirmed')
      })
    })

    describe('looking at them', () => {
      test('found by state, by the beginning of a name or external id, and by digits; page by page', async () => {
        const anna = named('Anna', { externalId: 'K-77' })
        await load(anna, named('Annika'), named('Bo'))
        const query = { campaignId: CAMPAIGN, state: null, text: null, after: null, limit: 2 } as const
        const found = async (more: Partial<Parameters<Contacts['contacts']>[0]>) =>
          (await contacts.contacts({ ...query, ...more })).contacts.map((one) => one.name)
        expect(await found({ text: 'ann' })).toEqual(['Anna', 'Annika'])
        expect(await found({ text: 'k-77' })).toEqual(['Anna'])
        expect(await found({ text: anna.phone.slice(-6) })).toEqual(['Anna'])
        await deal('Bo')
        expect(await found({ state: 'underWay' })).toEqual(['Bo'])
        const first = await contacts.contacts(query)
        expect(first.contacts.map((one) => one.name)).toEqual(['Anna', 'Annika'])
        expect(await found({ after: first.next })).toEqual(['Bo'])
        expect((await contacts.contacts({ ...query, after: first.next })).next).toBeNull()
      })

      test('all of them in blocks, with the columns they have', async () => {
        await load(named('a', { columns: { city: 'lund' } }), named('b', { columns: { city: 'umea', kind: 'x' } }))
        const all: Contact[] = []
        for await (const block of contacts.all(CAMPAIGN)) all.push(...block)
        expect(all.map((one) => [one.name, one.columns])).toEqual([
          ['a', { city: 'lund' }],
          ['b', { city: 'umea', kind: 'x' }],
        ])
        expect(await contacts.columns(CAMPAIGN)).toEqual(['city', 'kind'])
      })

      test('with more attempts those that had none left are tried again', async () => {
        await load(named('a'), named('b'))
        await tried('a', { next: 'done', dueAt: null })
        await tried('b', { outcome: 'answered', next: 'done', dueAt: null })
        expect(await contacts.revivable(CAMPAIGN, 1)).toBe(0)
        expect(await contacts.revivable(CAMPAIGN, 2)).toBe(1)
        expect(await contacts.revive(CAMPAIGN, 2)).toBe(1)
        expect(await names({ at: T0 + MINUTE })).toEqual(['a'])
      })

      test('a campaign that is removed leaves nothing', async () => {
        const one = named('a')
        await load(one)
        const { contactId } = await byName('a')
        await contacts.removeCampaign(CAMPAIGN)
        expect(await contacts.contact(contactId)).toBeNull()
        expect(await contacts.slots(CAMPAIGN)).toEqual([])
        expect(await contacts.imports(CAMPAIGN)).toEqual([])
        expect(await names()).toEqual([])
      })
    })
  })
}
