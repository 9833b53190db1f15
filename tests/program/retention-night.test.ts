/**
 * The program killed in the midst of a night in which calls leave, over and over: what is there agrees each time, a call is there whole or not
 * at all, and the night is made up for after a start, until all that was to go is gone, and nothing else.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpArchive } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { checkFolder } from '#app/checking.ts'
import { callOf, type Fact, type Recorded } from '#core/facts.ts'
import { seededChance } from '#sim/chance.ts'
import { callFacts, loggedOn } from '../journal-retaining.contract.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, type Program, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-night-'))
const folder = path.join(base, 'data')
const solution = path.join(base, 'solution.json')

const DAY_MS = 86_400_000
const AGO_MS = 2 * 366 * DAY_MS
/** Thirty pieces. */
const OLD = Array.from({ length: 300 }, (_, index) => `old${index}`)
const YOUNG = Array.from({ length: 10 }, (_, index) => `young${index}`)
const KILLS = 4
/** So many of them leave before it is killed: a few pieces. A piece is some writes to the journal and the archive. */
const FACTS_MAX = 250
const WRITES_MAX = 12
const NIGHT_OVER = 'what had outlived its retention has left'

let facts: readonly Recorded[]
beforeAll(async () => {
  const { played, text } = await playedOf('A1')
  const now = Date.now()
  const old: readonly Fact[] = [...played.facts.map(({ fact }) => fact), ...OLD.flatMap((id) => callFacts(id, 'support'))]
  const young: readonly Fact[] = [...YOUNG.flatMap((id) => callFacts(id, 'support')), loggedOn, loggedOn]
  facts = [...old, ...young].map((fact, index) => ({
    position: index + 1,
    at: now - 60_000 + index - (index < old.length ? AGO_MS : 0),
    fact,
  }))
  const { retention: _long, ...file } = JSON.parse(text)
  const numberOf = (personId: string) =>
    played.numberOf(personId) ??
    `+4670174${String(facts.findIndex(({ fact }) => JSON.stringify(fact).includes(`"${personId}"`))).padStart(4, '0')}`
  keep(folder, { played: { ...played, facts, numberOf }, text: JSON.stringify(file) })
  writeFileSync(solution, JSON.stringify(file))
  const contacts = openContacts({ folder })
  await contacts.apply([], facts.length)
  await contacts.close()
}, 60_000)
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

const left = (): Recorded[] => {
  const reader = new JournalReader(folder)
  try {
    return [...reader.factsAfter(0, 100_000)]
  } finally {
    reader.close()
  }
}
const callsIn = (all: readonly Recorded[]): Map<string, Recorded[]> =>
  Map.groupBy(
    all.filter(({ fact }) => callOf(fact) !== undefined),
    ({ fact }) => callOf(fact) ?? '',
  )
const isOld = (id: string): boolean => !YOUNG.includes(id)
const serve = (): Program => startProgram(['serve', '--solution', solution, '--data', folder, '--port', '0'], { cwd: base })
const said = ({ said: { out, err } }: Program): string => out + err

/** Resolves when so many facts more have left, after some writes more. */
function reached(facts: number, writesMore: number): { readonly done: Promise<void>; close(): void } {
  const reader = new JournalReader(folder)
  const goal = reader.gone() + facts
  let more = writesMore
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const watcher = watch(folder, (_event, name) => {
    if (more < 0 || (name !== 'journal.db-wal' && name !== 'archive.db-wal') || reader.gone() < goal) return
    more -= 1
    if (more < 0) resolve()
  })
  const close = (): void => {
    watcher.close()
    reader.close()
  }
  return { done, close }
}
/** When it has said so in its log. */
const says = (program: Program, text: string) =>
  new Promise<void>((resolve, reject) => {
    const look = () => said(program).includes(text) && resolve()
    for (const stream of [program.child.stdout, program.child.stderr]) stream?.on('data', look)
    program.child.on('close', () => reject(new Error(`it ended before it said ${text}: ${said(program)}`)))
    look()
  })

/** Every call is there as it was written, or not there. */
function expectWhole(): void {
  const there = callsIn(left())
  for (const [id, all] of callsIn(facts)) if (there.has(id)) expect(there.get(id)).toEqual(all)
  for (const id of YOUNG) expect(there.has(id)).toBe(true)
  expect(checkFolder({ folder }).disagreement).toBeNull()
}

test('killed at any instant of a night, what is there agrees; the night is made up for, and exactly what was to go is gone', async () => {
  const chance = seededChance('night')
  const midst: number[] = []
  for (let round = 0; round < KILLS; round++) {
    const program = serve()
    await program.prints('http')
    const there = reached(chance.between(1, FACTS_MAX), chance.between(0, WRITES_MAX))
    await Promise.race([there.done, says(program, NIGHT_OVER)])
    there.close()
    program.child.kill('SIGKILL')
    await program.ended
    const kept = [...callsIn(left()).keys()].filter(isOld).length
    midst.push(kept)
    expectWhole()
  }
  // They bit: something had left, and not all of it.
  expect(midst.some((kept) => kept > 0 && kept < OLD.length)).toBe(true)

  const last = serve()
  await says(last, NIGHT_OVER)
  // What no two snapshots held yet leaves the next time.
  const asked = await startProgram(['retention', '--data', folder, '--json'], { cwd: base }).ended
  expect([asked.code, JSON.parse(asked.out)]).toMatchObject([0, { ok: true }])
  last.child.kill('SIGTERM')
  expect((await last.ended).code).toBe(0)

  expectWhole()
  const there = left()
  expect([...callsIn(there).keys()].filter(isOld)).toEqual([])
  const stays = facts.filter(({ fact, at }) =>
    callOf(fact) === undefined ? fact.type === 'solution.taken' || at > Date.now() - DAY_MS : YOUNG.includes(callOf(fact) ?? ''),
  )
  expect(there.filter(({ position }) => position <= facts.length)).toEqual(stays)
  const told = [...dumpArchive(folder)].join('')
  for (const id of YOUNG) expect(told).toContain(`"${id}"`)
  // Ids of persons, which tell nobody anything, may stay.
  const inFiles = readdirSync(folder).filter((name) => /(?<!-)old\d+/u.test(readFileSync(path.join(folder, name), 'latin1')))
  expect(inFiles).toEqual([])
  const audit = openAudit({ folder })
  const { rows } = await audit.search({ what: 'retention.done', before: null, limit: 9 })
  await audit.close()
  expect(rows.map(({ by }) => by)).toEqual(expect.arrayContaining(['system', 'commandLine']))
}, 180_000)
