/** The processes that go through a data folder after an erasure and after a night of retention. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { scrub, wipe } from './scrubbing.ts'

const NUMBER = '+46701740699'
const processes = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length

async function folderOfLists(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-scrubbing-'))
  await openContacts({ folder }).close()
  return folder
}

test('go through one folder one after another, and through two at once', async () => {
  const [one, two] = [await folderOfLists(), await folderOfLists()]
  try {
    const before = processes()
    const asked = [wipe(one), scrub(one, [NUMBER]), scrub(two, [NUMBER])] as const
    await turn()
    expect(processes() - before).toBe(2)
    await asked[0]
    const left = (await Promise.all([asked[1], asked[2]])).map((done) => done.left)
    expect(left).toEqual([[], []])
  } finally {
    for (const folder of [one, two]) rmSync(folder, { recursive: true })
  }
})
