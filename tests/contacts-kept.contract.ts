/** What every store of contacts keeps: what facts made of contacts, imports, and what is asked of them. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Contact, Contacts } from '#ports/contacts.ts'
import { CAMPAIGN, type ListStage, MINUTE, named, rowsOf, T0 } from './contacts.support.ts'

export const contactsKept = (stage: () => ListStage): void => {
  let list: ListStage
  beforeEach(() => {
    list = stage()
  })

  describe('facts', () => {
    test('are taken once, in their order, and remembered over a restart', async () => {
      await list.load(named('a'))
      await list.tried('a')
      const after = await list.byName('a')
      const { contactId } = after
      expect(after).toMatchObject({
        state: 'paused',
        tries: 1,
        outcome: 'unanswered',
        dueAt: T0 + 60 * MINUTE,
        triedAt: T0,
        calls: ['c-a'],
      })
      await list.contacts.apply([{ position: 1, type: 'dealt', contactId, callId: 'c-a', at: T0 }], list.position)
      expect(await list.byName('a')).toEqual(after)
      await list.restart()
      expect(await list.contacts.position()).toBe(list.position)
      expect(await list.byName('a')).toEqual(after)
    })

    test('the list.position goes on without a change too', async () => {
      await list.contacts.apply([], list.position + 7)
      expect(await list.contacts.position()).toBe(list.position + 7)
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
      await list.load(named('a'))
      await list.tried('a', {
        outcome,
        next,
        inUse,
        dueAt: next === 'again' || next === 'asked' ? T0 + MINUTE : null,
        tries: next === 'back' ? 0 : 1,
      })
      expect(await list.byName('a')).toMatchObject({ state, outcome })
    })

    test('topics of a call are kept with the contact', async () => {
      await list.load(named('a'))
      await list.tried('a')
      await list.apply({ type: 'topics', callId: 'c-a', contactId: (await list.byName('a')).contactId, topics: ['interested', 'later'] })
      expect((await list.byName('a')).topics).toEqual(['interested', 'later'])
    })

    test('of contacts nobody has here are passed over', async () => {
      await list.apply({ type: 'dealt', contactId: 'nobody', callId: 'c1', at: T0 })
      expect(await list.contacts.position()).toBe(list.position)
    })

    test('how far a campaign has come: by state, by tries, by hour', async () => {
      await list.load(named('a'), named('b'), named('c'), named('d'))
      await list.tried('a', { outcome: 'answered', next: 'done', dueAt: null })
      await list.tried('b', { outcome: 'silent' }, T0 + 90 * MINUTE)
      await list.deal('c')
      const hour = Math.floor(T0 / 3_600_000) * 3_600_000
      const later = Math.floor((T0 + 90 * MINUTE) / 3_600_000) * 3_600_000
      const progress = await list.contacts.progress(CAMPAIGN)
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
      const { id } = await list.stage([named('a'), named('b')])
      expect(await list.names()).toEqual([])
      expect(await list.contacts.import(id)).toMatchObject({ state: 'ready', user: 'sam', fileName: 'list.csv', how: 'add', bytes: 100 })
      const confirmed = await list.contacts.confirm(id, T0)
      expect(await list.contacts.confirm(id, T0 + MINUTE)).toEqual(confirmed)
      expect(await list.names()).toEqual(['a', 'b'])
      expect((await list.contacts.imports(CAMPAIGN)).map((one) => [one.id, one.state])).toEqual([[id, 'confirmed']])
      expect(await list.contacts.confirm('nobody', T0)).toBe('unknown')
    })

    test('rows are counted: valid, invalid, met before in the file or the list, on a do-not-call list', async () => {
      const [old, barred, one] = [named('old'), named('barred'), named('one')]
      await list.load(old)
      await list.listed(barred.phone)
      const staged = await list.staging()
      await staged.add(
        rowsOf([one, { ...one, name: 'twice' }]),
        [{ row: 5, line: 6, column: 'phone', code: 'number.invalid', value: '07 0' }],
        50,
      )
      await staged.add(
        [
          { row: 3, line: 4, draft: { ...old, name: 'listed' } },
          { row: 4, line: 5, draft: barred },
        ],
        [],
        100,
      )
      const { counts, id } = await staged.finish({ hash: 'abc' })
      expect(counts).toEqual({ rows: 5, valid: 4, invalid: 1, duplicateInFile: 1, duplicateInList: 1, doNotCall: 1, added: 1 })
      const faults = []
      for await (const block of list.contacts.faults(id)) faults.push(...block)
      expect(faults).toEqual([
        { row: 2, line: 3, column: null, code: 'duplicateInFile', value: one.phone, earlierLine: 2 },
        { row: 3, line: 4, column: null, code: 'duplicateInList', value: old.phone, since: T0 },
        { row: 4, line: 5, column: null, code: 'doNotCall', value: barred.phone },
        { row: 5, line: 6, column: 'phone', code: 'number.invalid', value: '07 0' },
      ])
      await list.contacts.confirm(id, T0)
      expect(await list.names()).toEqual(['old', 'one'])
    })

    test('an import abandoned, or not read to its end, cannot be confirmed', async () => {
      const staged = await list.staging()
      await staged.add(rowsOf([named('a')]), [], 10)
      expect((await list.contacts.import(staged.id))?.state).toBe('reading')
      expect(await list.contacts.confirm(staged.id, T0)).toBe('notReady')
      await staged.abandon()
      expect(await list.contacts.confirm(staged.id, T0)).toBe('notReady')
      expect(await list.names()).toEqual([])
    })

    test('replace: those not under way leave the list first; undone, they are back', async () => {
      await list.load(named('a'), named('b'))
      await list.deal('a')
      const { id } = await list.stage([named('c')], 'replace')
      await list.contacts.confirm(id, T0)
      expect(await list.names()).toEqual(['c'])
      expect((await list.byName('a')).state).toBe('underWay')
      expect(await list.contacts.undo(id)).toMatchObject({ state: 'undone' })
      expect(await list.names()).toEqual(['b'])
    })

    test('undone until its first call, and only once', async () => {
      const id = await list.load(named('a'), named('b'))
      expect(await list.contacts.undo(id)).toMatchObject({ state: 'undone' })
      expect(await list.names()).toEqual([])
      expect(await list.contacts.undo(id)).toBe('notConfirmed')
      expect(await list.contacts.undo('nobody')).toBe('unknown')
      const again = await list.load(named('c'))
      await list.deal('c')
      expect(await list.contacts.undo(again)).toBe('called')
    })

    test('a file that turns out to be one that was confirmed is that import, and nothing of it is staged', async () => {
      const first = await list.staging()
      await first.add(rowsOf([named('a')]), [], 10)
      const { id } = await first.finish({ hash: 'abc' })
      await list.contacts.confirm(id, T0)
      const second = await list.staging()
      await second.add(rowsOf([named('b')]), [], 10)
      expect(await second.finish({ hash: 'abc' })).toMatchObject({ id, state: 'confirmed' })
      expect((await list.contacts.imports(CAMPAIGN)).map((one) => [one.id, one.state])).not.toContainEqual([second.id, 'ready'])
      expect(await list.names()).toEqual(['a'])
    })

    test('what columns were said to be is remembered by header, for each campaign', async () => {
      const { contacts } = list
      const headings = ['Mobil', 'Namn', 'x']
      expect(await contacts.mapping(CAMPAIGN, headings)).toBeNull()
      await contacts.rememberMapping(CAMPAIGN, headings, { phone: 'Mobil' })
      await contacts.rememberMapping(CAMPAIGN, headings, { phone: 'Mobil', name: 'Namn', skip: ['x'] })
      expect(await contacts.mapping(CAMPAIGN, headings)).toEqual({ phone: 'Mobil', name: 'Namn', skip: ['x'] })
      expect(await contacts.mapping(CAMPAIGN, ['Namn', 'Mobil', 'x'])).toBeNull()
      expect(await contacts.mapping('another', headings)).toBeNull()
      await contacts.removeCampaign(CAMPAIGN)
      expect(await contacts.mapping(CAMPAIGN, headings)).toBeNull()
    })

    test('the same file sent again, the same way, is the import that was confirmed, until that is undone', async () => {
      const staged = await list.staging('add', 'abc')
      await staged.add(rowsOf([named('a')]), [], 10)
      await staged.finish({ hash: 'abc' })
      expect(await list.start('add', 'abc')).not.toHaveProperty('confirmed')
      await list.contacts.confirm(staged.id, T0)
      expect(await list.start('add', 'abc')).toMatchObject({ confirmed: { id: staged.id } })
      expect(await list.start('replace', 'abc')).not.toHaveProperty('confirmed')
      expect(await list.start('add', 'abd')).not.toHaveProperty('confirmed')
      await list.contacts.undo(staged.id)
      expect(await list.start('add', 'abc')).not.toHaveProperty('confirmed')
    })

    test('a file whose list was replaced since is a new import', async () => {
      const first = await list.staging('replace', 'abc')
      await first.add(rowsOf([named('a')]), [], 10)
      await first.finish()
      const second = await list.staging('replace', 'abd')
      await second.add(rowsOf([named('b')]), [], 10)
      await second.finish()
      await list.contacts.confirm(second.id, T0)
      await list.contacts.confirm(first.id, T0 + MINUTE)
      expect(await list.start('replace', 'abc')).toMatchObject({ confirmed: { id: first.id } })
      expect(await list.start('replace', 'abd')).not.toHaveProperty('confirmed')
      await list.contacts.undo(first.id)
      expect(await list.start('replace', 'abd')).toMatchObject({ confirmed: { id: second.id } })
    })
  })

  describe('looking at them', () => {
    test('found by state, by the beginning of a name or external id, and by digits; page by page', async () => {
      const anna = named('Anna', { externalId: 'K-77' })
      await list.load(anna, named('Annika'), named('Bo'))
      const query = { campaignId: CAMPAIGN, state: null, text: null, after: null, limit: 2 } as const
      const found = async (more: Partial<Parameters<Contacts['contacts']>[0]>) =>
        (await list.contacts.contacts({ ...query, ...more })).contacts.map((one) => one.name)
      expect(await found({ text: 'ann' })).toEqual(['Anna', 'Annika'])
      expect(await found({ text: 'k-77' })).toEqual(['Anna'])
      expect(await found({ text: anna.phone.slice(-6) })).toEqual(['Anna'])
      expect(await found({ number: anna.phone })).toEqual(['Anna'])
      expect(await found({ number: anna.phone.slice(0, -1) })).toEqual([])
      await list.deal('Bo')
      expect(await found({ state: 'underWay' })).toEqual(['Bo'])
      const first = await list.contacts.contacts(query)
      expect(first.contacts.map((one) => one.name)).toEqual(['Anna', 'Annika'])
      expect(await found({ after: first.next })).toEqual(['Bo'])
      expect((await list.contacts.contacts({ ...query, after: first.next })).next).toBeNull()
    })

    test('all of them in blocks, with the columns they have', async () => {
      await list.load(named('a', { columns: { city: 'lund' } }), named('b', { columns: { city: 'umea', kind: 'x' } }))
      const all: Contact[] = []
      for await (const block of list.contacts.all(CAMPAIGN)) all.push(...block)
      expect(all.map((one) => [one.name, one.columns])).toEqual([
        ['a', { city: 'lund' }],
        ['b', { city: 'umea', kind: 'x' }],
      ])
      expect(await list.contacts.columns(CAMPAIGN)).toEqual(['city', 'kind'])
    })

    test('with more attempts those that had none left are tried again', async () => {
      await list.load(named('a'), named('b'))
      await list.tried('a', { next: 'done', dueAt: null })
      await list.tried('b', { outcome: 'answered', next: 'done', dueAt: null })
      expect(await list.contacts.revivable(CAMPAIGN, 1)).toBe(0)
      expect(await list.contacts.revivable(CAMPAIGN, 2)).toBe(1)
      expect(await list.contacts.revive(CAMPAIGN, 2)).toBe(1)
      expect(await list.names({ at: T0 + MINUTE })).toEqual(['a'])
    })

    test('what a pacing has learnt is kept for its campaign, the last word, over a restart, until it is let go', async () => {
      const learnt = () => Promise.all([CAMPAIGN, 'another'].map((id) => list.contacts.learnt(id)))
      expect(await learnt()).toEqual([null, null])
      await list.contacts.keepLearnt(CAMPAIGN, 'little')
      await list.contacts.keepLearnt('another', '{"n":1}')
      await list.contacts.keepLearnt(CAMPAIGN, 'more')
      await list.restart()
      expect(await learnt()).toEqual(['more', '{"n":1}'])
      await list.contacts.keepLearnt('another', null)
      await list.contacts.removeCampaign(CAMPAIGN)
      expect(await learnt()).toEqual([null, null])
    })

    test('lists that have outlived their retention leave nothing but who is not to be called, and one brought after is a first one', async () => {
      const { contacts } = list
      expect(await contacts.forgetContacts(CAMPAIGN)).toBe(false)
      await list.load(named('a'), named('b'))
      const { contactId } = await list.byName('a')
      const listed = { number: '+46701740699', campaignId: CAMPAIGN, source: 'page', reason: null, until: null, addedAt: T0 }
      await contacts.listDoNotCall([listed])
      await contacts.keepLearnt(CAMPAIGN, 'much')
      expect(await contacts.forgetContacts(CAMPAIGN)).toBe(true)
      expect([await contacts.contact(contactId), await contacts.learnt(CAMPAIGN)]).toEqual([null, null])
      expect([await contacts.imports(CAMPAIGN), await list.names()]).toEqual([[], []])
      const { rows } = await contacts.doNotCall({ campaignId: CAMPAIGN, digits: null, after: null, limit: 9, at: T0 })
      expect(rows.map(({ number }) => number)).toEqual(['+46701740699'])
      await list.restart()
      expect(await list.contacts.forgetContacts(CAMPAIGN)).toBe(false)
      await list.load(named('c'))
      expect(await list.names()).toEqual(['c'])
    })

    test('a campaign that is removed leaves nothing', async () => {
      const one = named('a')
      await list.load(one)
      const { contactId } = await list.byName('a')
      await list.contacts.removeCampaign(CAMPAIGN)
      expect(await list.contacts.contact(contactId)).toBeNull()
      expect(await list.contacts.slots(CAMPAIGN)).toEqual([])
      expect(await list.contacts.imports(CAMPAIGN)).toEqual([])
      expect(await list.names()).toEqual([])
    })
  })
}
