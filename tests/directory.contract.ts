/** What every directory keeps and finds, whatever it is made of. Run against each adapter from beside it. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bareOf, digitsIn, lettersOf, wordsOf } from '#core/directory/words.ts'
import type { ContactDraft, ContactQuery, ContactWritten, Directory } from '#ports/directory.ts'

export interface DirectoryBench {
  readonly directory: Directory
  /** The same contacts through another process, as a command on the same data folder has them. */
  another(): Promise<Directory>
  done(): Promise<void>
}

const T0 = 1_795_000_000_000

const person = (name: string, number: string, more: Partial<ContactWritten> = {}): ContactWritten => ({
  name,
  company: null,
  numbers: [{ number, label: null }],
  fields: {},
  ...more,
})
const draft = (name: string, number: string, more: Partial<ContactDraft> = {}): ContactDraft => ({
  id: null,
  ...person(name, number),
  ...more,
})

/** As the edge reads what somebody typed. */
const typed = (text: string, more: Partial<ContactQuery> = {}): ContactQuery => ({
  words: wordsOf(lettersOf(text)),
  bare: false,
  digits: digitsIn(text, '46'),
  after: null,
  limit: 50,
  ...more,
})

export function directoryContract(name: string, open: () => Promise<DirectoryBench>): void {
  describe(`directory: ${name}`, () => {
    let bench: DirectoryBench
    let directory: Directory
    beforeEach(async () => {
      bench = await open()
      directory = bench.directory
    })
    afterEach(() => bench.done())

    test('a number is erased: contacts of it alone go, others lose it, and what was written since stays', async () => {
      const OWN = '+46701740653'
      const OTHER = '+46701740654'
      await directory.create(person('Åsa', OWN), { id: 'a', at: T0 })
      await directory.create(
        person('Växeln', OTHER, {
          numbers: [
            { number: OTHER, label: null },
            { number: OWN, label: 'mobil' },
          ],
        }),
        { id: 'b', at: T0 },
      )
      await directory.create(person('Åsa igen', OWN), { id: 'c', at: T0 + 1 })
      expect((await directory.withNumber(OWN)).map(({ id }) => id).sort()).toEqual(['a', 'b', 'c'])
      expect(await directory.withNumber(OWN.slice(0, -1))).toEqual([])
      expect(await directory.erase(OWN, T0)).toEqual({ removed: 1, changed: 1 })
      expect(await directory.contact('a')).toBeNull()
      expect((await directory.contact('b'))?.numbers).toEqual([{ number: OTHER, label: null }])
      expect((await directory.search(typed('mobil'))).contacts).toEqual([])
      expect((await directory.withNumber(OWN)).map(({ id }) => id)).toEqual(['c'])
    })

    let made = 0
    const put = async (...all: readonly ContactWritten[]): Promise<void> => {
      for (const one of all) await directory.create(one, { id: `k${String(made++)}`, at: T0 })
    }
    const names = async (query: ContactQuery): Promise<string[]> => (await directory.search(query)).contacts.map((one) => one.name)

    test('a contact is kept as it was written, changed, and gone when deleted', async () => {
      const anna = person('Anna Öberg', '+46701740612', { company: 'Nordljus', fields: { kundnummer: '7' } })
      expect(await directory.create(anna, { id: 'a', at: T0 })).toEqual({ ...anna, id: 'a', revision: 1, changedAt: T0 })
      expect(await directory.contact('a')).toEqual({ ...anna, id: 'a', revision: 1, changedAt: T0 })
      const changed = { ...anna, name: 'Anna Ek', id: 'a', revision: 2, changedAt: T0 + 5 }
      expect(await directory.change('a', { name: 'Anna Ek' }, { revision: 1, at: T0 + 5 })).toEqual(changed)
      expect(await names(typed('öberg'))).toEqual([])
      expect(await names(typed('ek'))).toEqual(['Anna Ek'])
      expect(await directory.remove('a')).toBe(true)
      expect(await directory.remove('a')).toBe(false)
      expect(await directory.contact('a')).toBeNull()
      expect(await names(typed('ek'))).toEqual([])
    })

    test('what somebody else has changed meanwhile is not written over', async () => {
      await directory.create(person('Bo', '+46701740613'), { id: 'b', at: T0 })
      await directory.change('b', { name: 'Bosse' }, { revision: 1, at: T0 })
      expect(await directory.change('b', { name: 'Bertil' }, { revision: 1, at: T0 })).toBe('changed')
      expect((await directory.contact('b'))?.name).toBe('Bosse')
      expect(await directory.change('b', { name: 'Bertil' }, { revision: null, at: T0 })).toMatchObject({ name: 'Bertil', revision: 3 })
      expect(await directory.change('nobody', { name: 'X' }, { revision: null, at: T0 })).toBe('unknown')
    })

    test('under one key a contact is made once', async () => {
      const once = { key: 'k', body: 'h' }
      await directory.create(person('Bo', '+46701740613'), { id: 'b', at: T0, once })
      expect(await directory.create(person('Bo', '+46701740613'), { id: 'c', at: T0, once })).toMatchObject({ id: 'b' })
      expect(await directory.create(person('Eva', '+46701740614'), { id: 'd', at: T0, once: { key: 'k', body: 'other' } })).toBe(
        'otherBody',
      )
      expect((await directory.search(typed(''))).found).toBe(1)
    })

    test('by any word’s beginning, without regard to case and accents, a name’s beginning first', async () => {
      await put(
        person('Karin Anda', '+46701740601'),
        person('Andrés Pérez', '+46701740602'),
        person('ANNA KARLSSON', '+46701740603'),
        person('Nils', '+46701740604', { company: 'Karlstad Bygg' }),
      )
      expect(await names(typed('and'))).toEqual(['Andrés Pérez', 'Karin Anda'])
      expect(await names(typed('PEREZ'))).toEqual(['Andrés Pérez'])
      expect(await names(typed('karl'))).toEqual(['ANNA KARLSSON', 'Nils'])
      expect(await names(typed('karls an'))).toEqual(['ANNA KARLSSON'])
      expect(await names(typed('arlsson'))).toEqual([])
    })

    test('å, ä, ö are letters of their own; bare, they are a and o; and they sort last', async () => {
      await put(
        person('Åke', '+46701740601'),
        person('Ake', '+46701740602'),
        person('Öberg', '+46701740603'),
        person('Zorn', '+46701740604'),
      )
      expect(await names(typed('ak'))).toEqual(['Ake'])
      expect(await names(typed('åk'))).toEqual(['Åke'])
      expect(await names(typed('', { words: ['ak'], bare: true }))).toEqual(['Ake', 'Åke'])
      expect(await names(typed('ober'))).toEqual([])
      expect(await names(typed('', { words: [bareOf('ober')], bare: true }))).toEqual(['Öberg'])
      expect(await names(typed(''))).toEqual(['Ake', 'Zorn', 'Åke', 'Öberg'])
    })

    test('by the digits of a number, however it is written: whole, beginning, end, inside, in this order', async () => {
      await put(
        person('Inside', '+4687017406'),
        person('End', '+46840701740'),
        person('Begins', '+46701740612'),
        person('Other', '+4587654321', {
          numbers: [
            { number: '+4587654321', label: 'work' },
            { number: '+46701740', label: null },
          ],
        }),
      )
      for (const text of ['070-174 0', '+46 70 1740', '0046701740', '4670 1740']) expect((await names(typed(text)))[0]).toBe('Other')
      expect(await names(typed('0701740'))).toEqual(['Other', 'Begins', 'End'])
      expect(await names(typed('0612'))).toEqual(['Begins'])
      expect(await names(typed('8 70'))).toEqual(['Inside'])
      expect(await names(typed('54321'))).toEqual(['Other'])
    })

    test('a number that ends with the digits is before one that has them inside, among several numbers too', async () => {
      const two = (first: string, second: string) => ({
        numbers: [
          { number: first, label: null },
          { number: second, label: null },
        ],
      })
      await put(
        person('Adam', '+46701745551'),
        person('Bo', '+46701740001', two('+46701740001', '+46701755512')),
        person('Ylva', '+46701740002', two('+46701740002', '+46701740555')),
        person('Zara', '+46701741555'),
      )
      expect(await names(typed('555'))).toEqual(['Ylva', 'Zara', 'Adam', 'Bo'])
      expect((await names(typed('+46 70 174 05 55')))[0]).toBe('Ylva')
    })

    test('digits in a name are found too', async () => {
      await put(person('118 118', '+46771118118'), person('Bo', '+46701740613', { company: 'Service 118' }))
      expect(await names(typed('118'))).toEqual(['118 118', 'Bo'])
    })

    test('pages follow each other and know how many there are', async () => {
      await put(...['E', 'B', 'D', 'A', 'C'].map((name, index) => person(name, `+4670174060${index}`)))
      const first = await directory.search(typed('', { limit: 2 }))
      const second = await directory.search(typed('', { limit: 2, after: first.next }))
      const third = await directory.search(typed('', { limit: 2, after: second.next }))
      expect([first, second, third].map((page) => page.contacts.map((one) => one.name))).toEqual([['A', 'B'], ['C', 'D'], ['E']])
      expect([first.found, third.next]).toEqual([5, null])
    })

    test('an import is seen whole or not at all', async () => {
      const under = await directory.startImport()
      await under.add([draft('Anna', '+46701740601'), draft('Bo', '+46701740602')])
      await under.add([draft('Eva', '+46701740603')])
      expect((await directory.search(typed(''))).found).toBe(0)
      expect(await under.finish({ commit: true, at: T0 })).toEqual({ added: 3, changed: 0, unchanged: 0 })
      expect(await names(typed(''))).toEqual(['Anna', 'Bo', 'Eva'])
    })

    test('a dry run and an abandoned import leave nothing', async () => {
      const dry = await directory.startImport()
      await dry.add([draft('Anna', '+46701740601')])
      expect(await dry.finish({ commit: false, at: T0 })).toEqual({ added: 1, changed: 0, unchanged: 0 })
      const left = await directory.startImport()
      await left.add([draft('Bo', '+46701740602')])
      await left.abandon()
      expect((await directory.search(typed(''))).found).toBe(0)
    })

    test('the same file again changes nothing; more of somebody known is added to what is there', async () => {
      const rows = [draft('Anna Ek', '+46701740601', { company: 'Ek AB' }), draft('Bo', '+46701740602')]
      const run = async (drafts: readonly ContactDraft[]) => {
        const under = await directory.startImport()
        await under.add(drafts)
        return under.finish({ commit: true, at: T0 })
      }
      expect(await run(rows)).toEqual({ added: 2, changed: 0, unchanged: 0 })
      expect(await run(rows)).toEqual({ added: 0, changed: 0, unchanged: 2 })
      const more = draft('anna ek', '+46701740601', {
        numbers: [
          { number: '+46846500400', label: 'work' },
          { number: '+46701740601', label: null },
        ],
        fields: { title: 'VD' },
      })
      expect(await run([more, draft('Bo', '+46701740699')])).toEqual({ added: 1, changed: 1, unchanged: 0 })
      const [anna] = (await directory.search(typed('anna'))).contacts
      expect(anna).toMatchObject({ name: 'anna ek', company: 'Ek AB', fields: { title: 'VD' }, revision: 2 })
      expect(anna?.numbers.map(({ number }) => number)).toEqual(['+46846500400', '+46701740601'])
    })

    test('a row with a contact’s id makes it what the row says, whole', async () => {
      await directory.create(person('Anna', '+46701740601', { company: 'Ek AB', fields: { title: 'VD' } }), { id: 'a', at: T0 })
      const under = await directory.startImport()
      await under.add([draft('Anna Berg', '+46701740609', { id: 'a' }), draft('Bo', '+46701740602', { id: 'unknown' })])
      expect(await under.finish({ commit: true, at: T0 })).toEqual({ added: 1, changed: 1, unchanged: 0 })
      expect(await directory.contact('a')).toMatchObject({ ...person('Anna Berg', '+46701740609'), revision: 2 })
      expect(await directory.contact('unknown')).toBeNull()
    })

    test('tells which fields there are, and the most numbers', async () => {
      expect(await directory.columns()).toEqual({ fields: [], numbersMax: 0 })
      await put(
        person('A', '+46701740601', { fields: { ålder: '5', avdelning: 'x' } }),
        person('B', '+46701740602', { fields: { zon: '1' } }),
      )
      expect(await directory.columns()).toEqual({ fields: ['avdelning', 'zon', 'ålder'], numbersMax: 1 })
    })

    test('another process’s changes are found at once, and all is there after a restart', async () => {
      await put(person('Anna', '+46701740601'))
      const other = await bench.another()
      await other.create(person('Bo', '+46701740602'), { id: 'other', at: T0 })
      expect(await names(typed('bo'))).toEqual(['Bo'])
      await directory.remove('other')
      expect((await other.search(typed(''))).contacts.map((one) => one.name)).toEqual(['Anna'])
      await other.close()
    })

    test('finds what a plain reading of the question finds, after any changes', async () => {
      const NAMES = ['Anna', 'Åsa', 'Asa', 'Bo', 'Öberg', 'Ek', 'Él']
      const someName = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '))
      const someNumber = fc.integer({ min: 100, max: 999 }).map((digits) => `+46${String(digits)}`)
      const step = fc.record({
        id: fc.integer({ min: 0, max: 9 }).map((id) => `k${String(id)}`),
        name: someName,
        number: someNumber,
        remove: fc.boolean(),
      })
      const asked = fc.oneof(fc.constantFrom('an', 'a', 'ås', 'ö e', 'el', ''), someNumber)
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), asked, async (steps, text) => {
          const all = new Map<string, ContactWritten>()
          for (const { id, name, number, remove } of steps) {
            if (remove) {
              await directory.remove(id)
              all.delete(id)
            } else if (all.has(id)) {
              await directory.change(id, person(name, number), { revision: null, at: T0 })
              all.set(id, person(name, number))
            } else {
              await directory.create(person(name, number), { id, at: T0 })
              all.set(id, person(name, number))
            }
          }
          const expected = [...all].filter(([, { name, numbers }]) => {
            const digits = text.replace(/\D/g, '')
            if (digits !== '' && numbers.some(({ number }) => number.includes(digits))) return true
            const own = name.toLowerCase().replaceAll('é', 'e').split(' ')
            return text.split(' ').every((word) => own.some((one) => one.startsWith(word.replace('+', ''))))
          })
          const found = (await directory.search(typed(text))).contacts
          expect(found.map(({ id }) => id).sort()).toEqual(expected.map(([id]) => id).sort())
          for (const id of all.keys()) await directory.remove(id)
        }),
        { numRuns: 30 },
      )
    })
  })
}
