/** The erasure list as it travels: a backup put back beside it, of each store, forgets again whoever was erased since. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openContacts } from './contacts.ts'
import { openDirectory } from './directory.ts'
import { addErasures, erasureListPath, mergeErasures, readErasures } from './erasure-list.ts'
import { openSqliteJournal } from './journal.ts'

const NUMBER = '+46701740651'
const OTHER = '+46701740652'
const T0 = 1_795_000_000_000
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samtal-erasures-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const hash = (digit: string): string => digit.repeat(32)

test('lines are added, read in order, and merged once; a line cut short spoils only itself', () => {
  expect(readErasures(folder)).toEqual([])
  addErasures(folder, [{ at: T0, hash: hash('a') }])
  appendFileSync(erasureListPath(folder), '2026-11-25T18:00:00.000Z aaaa')
  addErasures(folder, [{ at: T0 + 1, hash: hash('b') }])
  const all = [
    { at: T0, hash: hash('a') },
    { at: T0 + 1, hash: hash('b') },
  ]
  expect(readErasures(folder)).toEqual(all)
  expect(mergeErasures(folder, [...all, { at: T0 + 2, hash: hash('c') }])).toBe(1)
  expect(mergeErasures(folder, all)).toBe(0)
  expect(readErasures(folder)).toHaveLength(3)
})

test('stores put back from before an erasure do it again when they are opened; what came after it stays', async () => {
  const fill = async (): Promise<void> => {
    const journal = openSqliteJournal({ folder })
    await journal.open()
    const arrived = (position: number) => ({
      ...{ position, at: T0, fact: { type: 'leg.arrived', callId: 'c1', legId: 'l1', personId: `p${position}` } as const },
    })
    await journal.append(0, {
      facts: [arrived(1), arrived(2)],
      persons: [
        { personId: 'p1', number: NUMBER, kind: 'person' },
        { personId: 'p2', number: OTHER, kind: 'person' },
      ],
    })
    await journal.close()
    const directory = openDirectory({ folder })
    for (const [id, number] of [
      ['a', NUMBER],
      ['b', OTHER],
    ] as const)
      await directory.create({ name: id, company: null, numbers: [{ number, label: null }], fields: {} }, { id, at: T0 })
    await directory.close()
    const contacts = openContacts({ folder })
    await contacts.listDoNotCall([{ number: NUMBER, campaignId: null, source: 'page', reason: 'asked', until: null, addedAt: T0 }])
    await contacts.close()
  }
  await fill()
  const backup = mkdtempSync(join(tmpdir(), 'samtal-backup-'))
  cpSync(folder, backup, { recursive: true })

  const journal = openSqliteJournal({ folder })
  await journal.open()
  expect(await journal.listErased(NUMBER, T0 + 1)).toEqual(['p1'])
  await journal.close()
  for (const name of ['journal.db', 'directory.db', 'contacts.db']) cpSync(join(backup, name), join(folder, name))
  rmSync(backup, { recursive: true, force: true })

  const again = openSqliteJournal({ folder })
  await again.open()
  expect(await again.recalled()).toMatchObject([{ personId: 'p1', number: NUMBER, erasedAt: T0 + 1 }])
  await again.close()
  const directory = openDirectory({ folder })
  expect([await directory.contact('a'), (await directory.contact('b'))?.id]).toEqual([null, 'b'])
  await directory.close()
  const contacts = openContacts({ folder })
  const { rows } = await contacts.doNotCall({ campaignId: null, digits: null, after: null, limit: 9, at: T0 })
  expect(rows).toMatchObject([{ number: null, reason: null }])
  await contacts.close()
})
