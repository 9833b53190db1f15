import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import type { Contact, ContactChange, Contacts } from '#ports/contacts.ts'
import { contactsContract } from '../../../tests/contacts.contract.ts'
import { openContacts } from './contacts.ts'
import { ContactsFile } from './contacts-file.ts'

contactsContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-contacts-'))
  let contacts = openContacts({ folder })
  return {
    contacts,
    async again() {
      await contacts.close()
      contacts = openContacts({ folder })
      return contacts
    },
    async done() {
      await contacts.close()
      rmSync(folder, { recursive: true })
    },
  }
})

describe('lists in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-contacts-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  /** More than one step of an import takes; from the same `from` on they are the same people. */
  const rows = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({
      row: index + 1,
      line: index + 2,
      draft: {
        ...{
          phone: `+4670${String(1_000_000 + from + index)}`,
          phone2: null,
          externalId: null,
          name: `${from + index}`,
          zone: 'Europe/Stockholm',
        },
        ...{ language: null, from: null, to: null, window: null, columns: { value: String(index % 7) } },
      },
    }))
  const staged = async (contacts: Contacts, count: number, from = 0, how: 'add' | 'replace' = 'add'): Promise<string> => {
    const staging = await contacts.startImport({ campaignId: 'spring', at: 1, user: 'sam', fileName: 'a.csv', how, hash: null })
    if ('confirmed' in staging) throw new Error('confirmed before')
    await staging.add(rows(count, from), [], 1)
    await staging.finish()
    return staging.id
  }
  const drawn = async (contacts: Contacts, count: number) =>
    contacts.draw({
      ...{ campaignId: 'spring', count, at: 10, open: [{ zone: 'Europe/Stockholm', window: null, period: null }], except: [] },
      ...{ retriesFirst: false, whose: null },
    })

  test('a file written before contacts could be one agent’s for a while is opened, and can be so from then on', async () => {
    const old = mkdtempSync(join(tmpdir(), 'samtal-contacts-'))
    new ContactsFile(old).close()
    const db = new Database(join(old, 'contacts.db'))
    db.exec('ALTER TABLE contacts DROP COLUMN anyone_at')
    db.close()
    const contacts = openContacts({ folder: old })
    await contacts.confirm(await staged(contacts, 1), 2)
    const [contactId = ''] = (await drawn(contacts, 1)).contacts.map((one) => one.contactId)
    const over = { outcome: 'answered', counted: true, tries: 1, next: 'asked', dueAt: 5, number: 1, inUse: true } as const
    const changes: ContactChange[] = [
      { position: 1, type: 'dealt', contactId, callId: 'c1', at: 3 },
      { position: 2, type: 'settled', contactId, callId: 'c1', at: 4, ...over, forAgent: 'anna', anyoneAt: 9, period: null },
    ]
    await contacts.apply(changes, 2)
    expect(await contacts.contact(contactId)).toMatchObject({ forAgent: 'anna', anyoneAt: 9 })
    await contacts.close()
    rmSync(old, { recursive: true })
  })

  test('who draws waits for whoever else is writing in the file, as what overwrites it in the night does', async () => {
    const own = mkdtempSync(join(tmpdir(), 'samtal-contacts-'))
    const contacts = openContacts({ folder: own })
    await contacts.confirm(await staged(contacts, 1), 2)
    const [contactId = ''] = (await drawn(contacts, 1)).contacts.map((one) => one.contactId)
    const over = { outcome: 'answered', counted: true, tries: 1, next: 'asked', dueAt: 5, number: 1, inUse: true } as const
    const changes: ContactChange[] = [
      { position: 1, type: 'dealt', contactId, callId: 'c1', at: 3 },
      { position: 2, type: 'settled', contactId, callId: 'c1', at: 4, ...over, forAgent: null, anyoneAt: null, period: null },
    ]
    await contacts.apply(changes, 2)
    const other = new Database(join(own, 'contacts.db'))
    other.exec('BEGIN IMMEDIATE')
    const drawing = drawn(contacts, 1)
    expect(await Promise.race([drawing, pause(200, 'waits')])).toBe('waits')
    other.exec('ROLLBACK')
    other.close()
    expect((await drawing).contacts.map((one) => one.contactId)).toEqual([contactId])
    await contacts.close()
    rmSync(own, { recursive: true })
  })

  test('what was decided and not carried out goes on after a crash, between any two steps, and nobody is there twice', async () => {
    const open = () => new ContactsFile(folder)
    let file = open()
    const contacts = openContacts({ folder })
    await contacts.confirm(await staged(contacts, 600), 2)
    const id = await staged(contacts, 1_300, 300, 'replace')
    await contacts.close()
    // The decision is on disk, and the process dies before the first step, and after each one.
    expect(file.imports.confirm(id, 3)).toHaveProperty('key')
    let [crashes, isGoing] = [0, true]
    while (isGoing) {
      file.close()
      file = open()
      crashes += 1
      isGoing = file.unfinished(4).reduce((going, step) => step() || going, false)
    }
    file.close()
    expect(crashes).toBeGreaterThan(8)
    const again = openContacts({ folder })
    expect(await again.import(id)).toMatchObject({ state: 'confirmed', counts: { added: 1_300, duplicateInList: 0 } })
    const names = (await all(again)).map(({ name }) => name)
    expect(names).toEqual(rows(1_300, 300).map(({ draft }) => draft.name))
    expect((await drawn(again, 2_000)).contacts).toHaveLength(1_300)
    // Undone, those it replaced are back, each once.
    expect(await again.undo(id)).toMatchObject({ state: 'undone' })
    expect((await all(again)).map(({ name }) => name)).toEqual(rows(600).map(({ draft }) => draft.name))
    expect((await drawn(again, 2_000)).contacts).toHaveLength(600)
    await again.close()
  })

  const all = async (contacts: Contacts): Promise<Contact[]> => {
    const found: Contact[] = []
    for await (const block of contacts.all('spring')) found.push(...block)
    return found
  }

  test('draws and facts have their turn while a list is confirmed, and the whole of a long queue that fell due at once is drawn', async () => {
    const contacts = openContacts({ folder })
    const id = await staged(contacts, 3_000, 10_000)
    const confirming = contacts.confirm(id, 5)
    const { contacts: early } = await drawn(contacts, 600)
    expect(early.length).toBe(600)
    const before = await contacts.position()
    const changes = early.flatMap(({ contactId, number }, index): ContactChange[] => [
      { position: before + 2 * index + 1, type: 'dealt', contactId, callId: `c${index}`, at: 6 },
      {
        ...{
          position: before + 2 * index + 2,
          type: 'settled',
          contactId,
          callId: `c${index}`,
          at: 7,
          outcome: 'unanswered',
          counted: true,
        },
        ...{ tries: 1, next: 'again', dueAt: 8, number, inUse: true, forAgent: null, anyoneAt: null, period: null },
      },
    ])
    await contacts.apply(changes, before + changes.length)
    await confirming
    expect(await contacts.import(id)).toMatchObject({ state: 'confirmed', counts: { added: 3_000 } })
    const seen = new Set<string>()
    await expect
      .poll(async () => {
        for (const { contactId } of (await drawn(contacts, 5_000)).contacts) seen.add(contactId)
        return seen.size
      })
      .toBe(3_600)
    await contacts.close()
  })
})
