/**
 * A start after a kill with 5,000 callers waiting and a journal of 1,000,000 facts: from opening the data folder to ready, everything that
 * the callers did read from the journal, for the newest snapshot is older than they are; and what a waiting call takes of memory. Then the
 * whole program on the same folder, as it is started by hand: until somebody who calls is answered.
 *
 *     npm run bench -- --only recovery
 *     node --expose-gc --max-semi-space-size=64 bench/recovery.ts --facts 1000000 --waiting 5000
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { conditions, print } from './figures.ts'
import { archiveMade, type ProgramStarted, startProgram } from './recovery-program.ts'
import { LINE, Stage, text } from './stage-engine.ts'

const DATA = path.resolve(import.meta.dirname, '../data')
const FACTS_PER_CALL = 15
/** Those who wait came so long before the program is started: nothing in the journal may be later than that. */
const CAME_MS = 180_000
const DAY_MS = 24 * 3_600_000
/** The first start may have to strip TypeScript, which is kept from then on. */
const STARTS = 3

const { values } = parseArgs({ options: { facts: { type: 'string', default: '1000000' }, waiting: { type: 'string', default: '5000' } } })
const facts = Number(values.facts)
const waiting = Number(values.waiting)

const used = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

mkdirSync(DATA, { recursive: true })
const folder = mkdtempSync(path.join(DATA, 'bench-recovery-'))
try {
  const stage = new Stage(undefined, Date.now() - DAY_MS)
  const journal = new SqliteJournal({ folder })
  const engine = await stage.start(journal)
  await stage.logOn(engine)
  await stage.call(engine, Math.ceil(facts / FACTS_PER_CALL))
  await stage.pause(engine)
  await engine.snapshot()
  const snapshotAt = engine.figures().position
  await stage.passUntil(Date.now() - CAME_MS)
  const before = used()
  await stage.call(engine, waiting, 100, 10_000)
  const bytes = used() - before
  const { liveCalls, position } = engine.figures()
  await journal.kill()

  const began = performance.now()
  const again = await stage.start(new SqliteJournal({ folder }))
  const readyMs = performance.now() - began
  const kept = again.figures().liveCalls
  await again.stop()
  await archiveMade(folder)
  const starts: ProgramStarted[] = []
  for (let index = 0; index < STARTS; index += 1) starts.push(await startProgram(folder, text, await stage.lines(), LINE))
  const [{ answeredMs, servesMs, cpuMs, liveCalls: live }] = starts.toSorted((a, b) => a.answeredMs - b.answeredMs) as [ProgramStarted]
  console.log(
    conditions({ 'PRAGMA synchronous': 'FULL', facts: position, 'of them since the snapshot': position - snapshotAt, waiting: liveCalls }),
  )
  const met = print([
    { name: 'ready again', value: readyMs, unit: 'ms', aim: { atMost: 2_000 } },
    { name: 'calls lost', value: liveCalls - kept, unit: 'calls', aim: { atMost: 0 } },
    { name: `the program, from its start to a call answered, best of ${STARTS}`, value: answeredMs, unit: 'ms', aim: { atMost: 2_000 } },
    ...(cpuMs === null ? [] : [{ name: '  processor time of all its threads', value: cpuMs, unit: 'ms' }]),
    { name: '  to its pages answering', value: servesMs, unit: 'ms' },
    { name: '  calls lost', value: Math.max(0, liveCalls - live), unit: 'calls', aim: { atMost: 0 } },
    { name: 'memory of a waiting call, the simulated caller included', value: bytes / waiting / 1_024, unit: 'KB', aim: { atMost: 8 } },
  ])
  process.exitCode = met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
