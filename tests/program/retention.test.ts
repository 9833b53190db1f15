/**
 * What has outlived its retention, on files of real calls: it leaves journal and archive together, what is left replays to the same world and
 * makes the same archive, and nothing that left is in any file. Interrupted anywhere, it is made up for.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dumpArchive, openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { backUp } from '#app/backup/backup.ts'
import { restore } from '#app/backup/restore.ts'
import { checkFolder } from '#app/checking.ts'
import { rebuildArchive } from '#app/rebuilding.ts'
import { retainWhileStopped } from '#app/retaining-stopped.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import { Shadow } from '#engine/restore.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

const FLIPS = Number(process.env['FLIPS'] ?? 40)
const base = mkdtempSync(path.join(tmpdir(), 'samtal-retention-'))
const [whole, folder, backup] = ['whole', 'data', 'backup'].map((name) => path.join(base, name)) as [string, string, string]
const log = (): void => undefined

/** Over for two years; a call that comes in today is among them. */
const AGO_MS = 2 * 366 * 86_400_000
/** The last so many facts happened today. */
const TODAY = 60

const aged = (facts: readonly Recorded[]): Recorded[] => {
  const end = facts.at(-1)?.at ?? 0
  const now = Date.now()
  return facts.map((recorded, index) => ({
    ...recorded,
    at: recorded.at - end + now - (index < facts.length - TODAY ? AGO_MS : 0),
  }))
}

let facts: readonly Recorded[]
beforeAll(async () => {
  const { played, text } = await playedOf('campaign-two-with-the-same-agents')
  facts = aged(played.facts)
  const { retention: _long, ...solution } = JSON.parse(text)
  keep(whole, { played: { ...played, facts }, text: JSON.stringify(solution) })
  // The lists were told of everything.
  const contacts = openContacts({ folder: whole })
  await contacts.apply([], facts.length)
  await contacts.close()
}, 60_000)
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(whole, folder, { recursive: true })
})
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

/** By the rule as it is written, apart from the program: over, and the last of it two years ago. */
const due = (): string[] => {
  const calls = new Map<string, Recorded[]>()
  for (const recorded of facts) {
    const callId = callOf(recorded.fact)
    if (callId !== undefined) calls.set(callId, [...(calls.get(callId) ?? []), recorded])
  }
  return [...calls].flatMap(([id, all]) =>
    all.some(({ fact }) => fact.type === 'call.ended') && (all.at(-1)?.at ?? 0) < Date.now() - AGO_MS / 2 ? [id] : [],
  )
}
const left = (): Recorded[] => {
  const reader = new JournalReader(folder)
  try {
    return [...reader.factsAfter(0, 100_000)]
  } finally {
    reader.close()
  }
}
const archive = (): string => [...dumpArchive(folder)].join('')
const run = () => retainWhileStopped(folder, log, ({ retention }) => retention.run())
const filesWith = (text: string, within = folder): string[] =>
  readdirSync(within, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(path.join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name)
const worldNow = async (): Promise<string> => {
  const journal = openSqliteJournal({ folder })
  const { snapshot } = await journal.open()
  const world = new Shadow(snapshot?.state ?? null)
  for await (const block of journal.read(world.position())) world.apply(block)
  await journal.close()
  return world.save().state
}

describe('calls that were over two years ago', () => {
  test('leave whole, with their rows; all others stay to the letter, and so does the world', async () => {
    const world = await worldNow()
    const before = left()
    const gone = due()
    expect(gone.length).toBeGreaterThan(3)
    const { calls, facts: many } = await run()
    expect(calls).toBe(gone.length)
    const stays = before.filter(({ fact, at }) => {
      const callId = callOf(fact)
      return callId === undefined ? fact.type === 'solution.taken' || at > Date.now() - AGO_MS / 2 : !gone.includes(callId)
    })
    expect(left()).toEqual(stays)
    expect(many).toBe(before.length - stays.length)
    expect(await worldNow()).toBe(world)
    const told = archive()
    for (const id of gone) expect(told).not.toContain(id)
    rebuildArchive({ folder, into: folder })
    expect(archive()).toBe(told)
    const { checked, disagreement } = checkFolder({ folder })
    expect(disagreement).toBeNull()
    expect(checked.join('\n')).toContain(`${stays.length} facts up to ${before.length} (${many} left with their calls), sealed`)
  })

  test('are in no file after it: no id of theirs, no note', async () => {
    const db = new Database(path.join(folder, 'journal.db'))
    const [first] = db.prepare(`SELECT json_extract(body, '$.noteId') FROM facts WHERE body LIKE '%"noteId"%'`).pluck().all()
    db.close()
    const gone = due()
    const of = (callId: string): string =>
      facts.find(({ fact }) => callOf(fact) === callId && fact.type === 'leg.requested')?.fact.type ?? ''
    expect(gone.some((id) => of(id) !== '')).toBe(true)
    expect(filesWith(gone[0] ?? '').sort()).toEqual(expect.arrayContaining(['archive.db', 'journal.db']))
    await run()
    for (const id of gone) expect([id, filesWith(id)]).toEqual([id, []])
    if (typeof first === 'string') expect(filesWith(`"${first}"`)).toEqual([])
  })

  test('nor the numbers of whoever no call refers to that is kept; everybody else is known', async () => {
    const reader = new JournalReader(folder)
    const rows = reader.get([...new Set(JSON.stringify(facts).match(/(?<="(?:personId|customer|person)":")[^"]+/gu))])
    reader.close()
    const gone = due()
    const stays = JSON.stringify(facts.filter(({ fact }) => !gone.includes(callOf(fact) ?? '')))
    const [kept, parted] = [true, false].map((is) => rows.filter(({ personId }) => stays.includes(`"${personId}"`) === is)) as [
      typeof rows,
      typeof rows,
    ]
    expect([kept.length > 0, parted.length > 0]).toEqual([true, true])
    expect(await run()).toMatchObject({ persons: parted.filter(({ kind }) => kind === 'person').length })
    for (const { number } of parted) expect([number, filesWith(number ?? '')]).toEqual([number, []])
    for (const { number } of kept) expect([number, filesWith(number ?? '')]).toEqual([number, ['journal.db']])
  })

  test('and run again, nothing more leaves; two snapshots are of now, so that what is old enough tomorrow may leave at once', async () => {
    await run()
    const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
    const end = left().at(-1)?.position ?? 0
    expect(db.prepare('SELECT position FROM snapshots ORDER BY position').pluck().all()).toEqual([end - 1, end])
    db.close()
    expect(await run()).toMatchObject({ calls: 0, facts: 0 })
  })
})

describe('interrupted', () => {
  const steps = ['marked', 'out of the archive', 'out of the journal'] as const
  test.each(steps)('when a call is %s, what is there agrees, and the next run makes up for it', async (step) => {
    const [callId = ''] = due()
    // Snapshots that hold it are there.
    await retainWhileStopped(folder, log, async ({ retention }) => retention.due())
    const journal = openSqliteJournal({ folder })
    await journal.open()
    await journal.markLeaving([callId])
    await journal.kill()
    if (step !== 'marked') {
      const writer = openArchiveWriter({ folder })
      writer.forgetCalls([callId])
      writer.close()
    }
    if (step === 'out of the journal') {
      const again = openSqliteJournal({ folder })
      await again.open()
      await again.forgetCalls([callId])
      await again.kill()
    }
    expect(checkFolder({ folder }).disagreement).toBeNull()
    const told = archive()
    rebuildArchive({ folder, into: folder })
    if (step !== 'marked') expect(archive()).toBe(told)
    expect((await run()).calls).toBe(due().length - (step === 'out of the journal' ? 1 : 0))
    expect(checkFolder({ folder }).disagreement).toBeNull()
    expect(filesWith(callId)).toEqual([])
  })
})

test.each([
  ['', () => undefined],
  [', also where the file is lost that says which solution is in force', () => rmSync(path.join(folder, 'solution.version'))],
])('a backup put back is brought to what retention demands%s', async (_where, lose) => {
  lose()
  rmSync(backup, { recursive: true, force: true })
  await backUp(folder, backup)
  const [callId = ''] = due()
  const { left: went, calls } = await restore({ folder, backup, replace: true, log })
  expect([went, calls]).toEqual([due().length, [...dumpArchive(folder)].length])
  expect(filesWith(callId)).toEqual([])
  expect(checkFolder({ folder }).disagreement).toBeNull()
})

test('nothing leaves, and no snapshot is kept, where what has left cannot be told again: the snapshots are of another program', async () => {
  await run()
  const db = new Database(path.join(folder, 'journal.db'))
  const snapshots = () => db.prepare('SELECT * FROM snapshots ORDER BY position').all()
  for (const { position, state } of snapshots() as { position: number; state: string }[]) {
    const other = JSON.stringify({ ...JSON.parse(state), format: 1 })
    db.prepare('UPDATE snapshots SET state = ?, sum = ? WHERE position = ?').run(
      other,
      createHash('sha256').update(other).digest(),
      position,
    )
  }
  const [before, facts] = [snapshots(), left()]
  await expect(run()).rejects.toThrow(/^the snapshot in the journal is of another version .*: start the version it ran with last$/)
  expect([snapshots(), left()]).toEqual([before, facts])
  db.close()
})

test('facts the lists of contacts were not told of stay until they are', async () => {
  for (const name of readdirSync(folder)) if (name.startsWith('contacts.db')) rmSync(path.join(folder, name))
  expect(await run()).toMatchObject({ calls: 0 })
  expect(left().some(({ fact }) => fact.type === 'contact.settled')).toBe(true)
})

test('a backup after calls have left is as good as one before', async () => {
  await run()
  const told = archive()
  rmSync(backup, { recursive: true, force: true })
  await backUp(folder, backup)
  expect(await restore({ folder, backup, replace: true, log })).toMatchObject({ left: 0, lost: 0 })
  expect(archive()).toBe(told)
})

test('the command tells what would leave, then lets it', async () => {
  const samtal = (...more: string[]) => startProgram(['retention', '--data', folder, ...more], { cwd: base }).ended
  expect(await samtal('--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining(`Would leave: ${due().length} calls`) })
  expect(left()).toHaveLength(facts.length)
  const { code, out } = await samtal('--json')
  expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, left: { calls: due().length } }])
  expect(JSON.parse((await samtal('--dry-run', '--json')).out)).toMatchObject({ ok: true, due: { calls: 0 } })
})

describe.each(['journal.db', 'archive.db'])('one byte of %s changed after calls have left', (name) => {
  const at = path.join(folder, name)
  const contentOf = (): string => {
    const db = new Database(at, { readonly: true })
    try {
      const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all() as string[]
      return JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM "${table}"`).raw().all()))
    } finally {
      db.close()
    }
  }
  test('is found, or means nothing', async () => {
    await run()
    const bytes = readFileSync(at)
    const content = contentOf()
    let found = 0
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, bits) => {
        for (const beside of readdirSync(folder)) if (beside.startsWith(`${name}-`)) rmSync(path.join(folder, beside))
        const changed = Buffer.from(bytes)
        changed.writeUInt8(bytes.readUInt8(place) ^ bits, place)
        writeFileSync(at, changed)
        if (checkFolder({ folder }).disagreement !== null) found += 1
        else expect(contentOf()).toBe(content)
      }),
      { numRuns: FLIPS },
    )
    expect(found).toBeGreaterThan(0)
  }, 3_600_000)
})
