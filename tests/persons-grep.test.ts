import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { readScenario, recordedPrompts } from '#app/play.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { Engine } from '#engine/engine.ts'
import type { Batch, Snapshot } from '#ports/journal.ts'
import { play, storiesOf } from '#sim/player.ts'
import { promptLengths } from '#sim/prompts.ts'

/**
 * Every scenario through the real engine; what it would have written goes to the real files, byte for byte; then these are searched
 * for anybody's number. It may stand in `persons`, and in the kept texts: the solution's file, whose numbers are our own, and notes.
 */
const scenarios = path.resolve(import.meta.dirname, '../scenarios')
const MAY_HOLD = ['persons', 'texts']
/** Digits by which a number would be known in any writing: `+46701234567`, `0046…`, `070-123 45 67`. */
const tail = (number: string): string => number.slice(-8)

interface Written {
  readonly appends: Batch[]
  readonly snapshots: readonly Snapshot[]
  readonly log: string[]
}

async function playThrough(file: string): Promise<Written> {
  const read = readScenario(readFileSync(path.join(scenarios, file), 'utf8'))
  if ('errors' in read) throw new Error(`${file}: ${JSON.stringify(read.errors)}`)
  const { scenario, settings, text } = read
  const store = memoryStore()
  const written = { appends: [] as Written['appends'], snapshots: [] as Snapshot[], log: [] as string[] }
  const kit = { ...settings, text }
  const contacts = new MemoryContacts({ idOf: ({ externalId }) => externalId })
  await play(scenario, {
    startsAt: Date.parse('2026-11-23T08:00:00Z'),
    zone: settings.solution.zone,
    country: settings.solution.country,
    contacts,
    lineOf: () => undefined,
    queues: Object.keys(settings.solution.queues),
    pauseReason: settings.solution.pauseReasons[0] ?? '',
    lengthMs: promptLengths(recordedPrompts(), settings.promptMs),
    startEngine: ({ clock, chance, telephony }) => {
      const journal = memoryJournal(store, { afterAppend: (batch) => void written.appends.push(batch) })
      const log = (line: string): void => void written.log.push(line)
      const parts = { journal, persons: journal, telephony, clock, chance, kit, read: async () => kit, log, snapshotEvery: 1 }
      return Engine.start({ ...parts, dialler: { contacts, pacing: createPacing } })
    },
    personWith: async (number) => store.byNumber.get(settings.numbers.read(number).number),
    facts: async () => store.facts,
    numberOf: (person) => store.persons.get(person)?.number ?? null,
    noteOf: (noteId) => store.notes.get(noteId) ?? null,
    isSwitchboard: (number) => settings.numbers.read(number).switchboard === true,
  })
  return { ...written, snapshots: store.snapshots }
}

/** The real files of all runs, one after another: the journal with its snapshots, and the archive. */
async function write(folder: string, runs: readonly Written[]): Promise<void> {
  const journal = new SqliteJournal({ folder })
  await journal.open()
  const archive = openArchiveWriter({ folder })
  let position = 0
  for (const { appends, snapshots } of runs) {
    const before = position
    const facts = appends.flatMap((batch) => batch.facts).map((line) => ({ ...line, position: line.position + before }))
    position += facts.length
    await journal.append(before, {
      facts,
      persons: appends.flatMap((batch) => batch.persons ?? []),
      notes: appends.flatMap((batch) => batch.notes ?? []),
      solutions: appends.flatMap((batch) => batch.solutions ?? []),
    })
    const snapshot = snapshots.at(-1)
    if (snapshot !== undefined) await journal.saveSnapshot({ ...snapshot, position })
    archive.write(storiesOf(facts), position)
  }
  await journal.close()
  archive.close()
}

interface Cell {
  readonly where: string
  readonly text: string
}

/** Everything that stands in a folder's databases, but for the tables named. */
function cells(folder: string, but: readonly string[]): readonly Cell[] {
  return ['journal.db', 'archive.db'].flatMap((file) => {
    const db = new Database(path.join(folder, file), { readonly: true })
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    const found = tables
      .filter((table) => !but.includes(table))
      .flatMap((table) =>
        db
          .prepare(`SELECT * FROM "${table}"`)
          .all()
          .map((row) => ({
            where: `${file} ${table}`,
            text: Object.values(row as object)
              .map(String)
              .join('\t'),
          })),
      )
    db.close()
    return found
  })
}

const numbersIn = (folder: string): readonly string[] => {
  const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
  const numbers = db.prepare('SELECT number FROM persons WHERE number IS NOT NULL').pluck().all() as string[]
  db.close()
  return numbers
}

const withNumber = (found: readonly Cell[], numbers: readonly string[]): readonly string[] =>
  found
    .filter(({ text }) => numbers.some((number) => text.replace(/[ -]/g, '').includes(tail(number))) || /\+\d{7,}/.test(text))
    .map(({ where, text }) => `${where}: ${text}`)

describe('a number stands in persons and nowhere else', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-persons-'))
  const snapshots: Cell[] = []
  const logs: Cell[] = []

  beforeAll(async () => {
    const runs: Written[] = []
    for (const file of readdirSync(scenarios).filter((name) => name.endsWith('.json'))) {
      const run = await playThrough(file)
      runs.push(run)
      snapshots.push(...run.snapshots.map(({ state }) => ({ where: `snapshot of ${file}`, text: state })))
      logs.push(...run.log.map((text) => ({ where: `log of ${file}`, text })))
    }
    await write(folder, runs)
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has something to search', () => {
    const all = cells(folder, MAY_HOLD)
    for (const table of ['journal.db facts', 'journal.db snapshots', 'archive.db stories', 'archive.db calls'])
      expect(all.some(({ where, text }) => where === table && text.length > 40)).toBe(true)
    expect(snapshots.length).toBeGreaterThan(0)
  })

  it('would find one', () => {
    const numbers = numbersIn(folder)
    expect(numbers).toContain('+46701234567')
    expect(numbers).toContain('+46850000000')
    expect(withNumber(cells(folder, ['texts']), numbers).length).toBeGreaterThan(0)
    expect(withNumber([{ where: 'a fact', text: '{"note":"ring 070-123 45 67"}' }], numbers)).toHaveLength(1)
  })

  it('finds none in journal, snapshots, archive and log', () => {
    const numbers = numbersIn(folder)
    expect(withNumber([...cells(folder, MAY_HOLD), ...snapshots, ...logs], numbers)).toEqual([])
  })
})
