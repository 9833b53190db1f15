/**
 * A night of retention, beside an engine at work: calls of two years ago leave while others come in, and it is asked all the time, for what
 * writes nothing and for what is written durably. How long whoever asks waits, before and meanwhile; and how many calls leave in a second.
 *
 *     npm run bench -- --only retention
 *     node bench/retention.ts --calls 20000
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { calendar } from '#adapters/calendar/calendar.ts'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openSqliteJournal, type SqliteJournal } from '#adapters/sqlite/journal.ts'
import { Projector } from '#app/projector/projector.ts'
import { openRetention, REST_MS } from '#app/retaining.ts'
import { openedOnce } from '#app/running.ts'
import type { Engine } from '#engine/engine.ts'
import type { Persons } from '#ports/journal.ts'
import { waits } from './engine-waits.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'
import { AGENTS, Stage } from './stage-engine.ts'

const CALLS = 5_000
const LONG_AGO = Date.parse('2024-11-25T08:00:00Z')
const TONIGHT = Date.parse('2026-11-25T02:00:00Z')
const SNAPSHOT_EVERY = 50_000
/** Calls that come in a second meanwhile. */
const COMING = 5
const PATIENCE_MS = 60_000
const QUIET_MS = 5_000
const PIECE_MS = 1_000
/** The stage's clock goes on so often; in between the thread is the engine's, and nobody's. */
const TICK_MS = 5

interface Work {
  readonly stage: Stage
  readonly engine: Engine
  readonly journal: SqliteJournal
  readonly projector: Projector
}

/** The engine on this folder's journal at that time, the archive following, as the program has it. */
async function atWork<T>(folder: string, startsAt: number, use: (work: Work) => Promise<T>): Promise<T> {
  const journal = openSqliteJournal({ folder })
  const opened = await journal.open()
  const stage = new Stage(undefined, startsAt)
  const persons: Persons = { find: (number) => journal.find(number), get: (ids) => journal.get(ids), note: (id) => journal.note(id) }
  const engine = await stage.start({ ...openedOnce(journal, opened), ...persons })
  openArchiveWriter({ folder }).close()
  const save = journal.saveSnapshot.bind(journal)
  const projector = new Projector(folder, (line) => console.error(line), { from: opened.snapshot, every: SNAPSHOT_EVERY, save })
  engine.onCommit(({ facts }) => projector.upTo(facts.at(-1)?.position ?? 0))
  projector.upTo(engine.figures().position)
  try {
    return await use({ stage, engine, journal, projector })
  } finally {
    await engine.stop()
    await projector.close()
    await journal.close()
  }
}

async function fill(folder: string, calls: number): Promise<void> {
  await atWork(folder, LONG_AGO, async ({ stage, engine, projector }) => {
    await stage.logOn(engine)
    await stage.call(engine, calls)
    await projector.reached(engine.figures().position)
    await projector.snapshotNow()
  })
}

/** Every other question writes a fact. Milliseconds of those that write nothing, and of those that do. */
async function asked(engine: Engine, over: Promise<unknown>): Promise<readonly [readonly number[], readonly number[]]> {
  const reason = engine.solution().pauseReasons[0] ?? ''
  const silent = waits(over, (nth) => engine.submit({ type: 'agent.logOn', by: 'system', agentId: `agent${nth % AGENTS}` }))
  const written = waits(over, (nth) => {
    const agentId = `agent${AGENTS - 1}`
    return engine.submit(
      nth % 2 === 0 ? { type: 'agent.pause', by: 'system', agentId, reason } : { type: 'agent.return', by: 'system', agentId },
    )
  })
  return Promise.all([silent, written])
}

async function night(folder: string, { stage, engine, journal, projector }: Work, calls: number): Promise<readonly Figure[]> {
  const [contacts, audit] = [openContacts({ folder }), openAudit({ folder })]
  const { zone } = engine.solution()
  const kit = { solution: engine.solution(), calendar: calendar(zone, {}) }
  const { retention } = openRetention({
    ...{ folder, journal, archive: projector, contacts, audit },
    // The stage's time goes by parts of milliseconds.
    clock: { now: () => Math.floor(stage.clock.now()), wake: (at, run) => stage.clock.wake(at, run) },
    campaigns: () => [],
    kit: () => kit,
    letGo: (person) => engine.letGo(person),
    forgotten: async () => undefined,
    rest: () => setTimeout(REST_MS),
    snapshot: async () => {
      await projector.reached(engine.figures().position)
      await projector.snapshotNow()
    },
    log: (_level, line) => console.error(line),
  })
  let open = true
  const coming = (async () => {
    while (open) await stage.offer(COMING, PIECE_MS, PATIENCE_MS, () => setTimeout(TICK_MS))
  })()
  try {
    const [quiet, quietWritten] = await asked(engine, setTimeout(QUIET_MS))
    const began = performance.now()
    let callsDoneMs = 0
    const running = retention.run(({ doing }) => {
      if (doing === 'calls') callsDoneMs = performance.now() - began
    })
    const [meanwhile, written] = await asked(engine, running)
    const tookMs = performance.now() - began
    const left = await running
    if (left.calls !== calls) throw new Error(`${left.calls} calls left of ${calls}`)
    return [
      { name: 'calls that left', value: left.calls, unit: 'calls' },
      {
        name: 'calls left a second, with a rest after each ten',
        value: left.calls / (callsDoneMs / 1_000),
        unit: 'calls/s',
        aim: { atLeast: 100 },
      },
      { name: 'persons nobody refers to, who left', value: left.persons, unit: 'persons' },
      { name: 'the whole night', value: tookMs / 1_000, unit: 's' },
      { name: 'the engine answers meanwhile, p99', value: percentile(meanwhile, 0.99), unit: 'ms', aim: { atMost: 20 } },
      { name: 'slowest', value: Math.max(...meanwhile), unit: 'ms' },
      { name: 'before, p99', value: percentile(quiet, 0.99), unit: 'ms' },
      { name: 'and when it is written durably, p99', value: percentile(written, 0.99), unit: 'ms' },
      { name: 'slowest', value: Math.max(...written), unit: 'ms' },
      { name: 'before, p99', value: percentile(quietWritten, 0.99), unit: 'ms' },
    ]
  } finally {
    open = false
    await coming
    await contacts.close()
    await audit.close()
  }
}

const { values } = parseArgs({ options: { calls: { type: 'string' } } })
const calls = Number(values.calls ?? CALLS)
const folder = mkdtempSync(path.join(tmpdir(), 'samtal-bench-retention-'))
try {
  await fill(folder, calls)
  console.log(`  ${conditions({ calls, 'come in meanwhile': `${COMING}/s` })}`)
  const figures = await atWork(folder, TONIGHT, async (work) => {
    await work.stage.logOn(work.engine)
    return night(folder, work, calls)
  })
  process.exitCode = print(figures) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
