/**
 * Whole inbound calls per second through the real engine: menu, queue, agent rung and answering, conversation, both legs ended.
 * On the simulated network in virtual time; the journal in memory, or on disk with the archive's projection running beside it. In
 * memory, too, a commit is done a moment later: what comes in meanwhile shares the next one, as the engine is made to do.
 *
 *     npm run bench -- --only engine
 *     node bench/engine.ts --calls 60000 --journal memory
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setImmediate as aTurn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { openArchiveReader } from '#adapters/sqlite/archive.ts'
import { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { Projector } from '#app/projector/projector.ts'
import type { Engine } from '#engine/engine.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import { conditions, print } from './figures.ts'
import { AGENTS, Stage } from './stage-engine.ts'

const DATA = path.resolve(import.meta.dirname, '../data')
/** Calls before the measuring begins: the machine code is warm then. */
const WARM_UP = 5_000

interface Run {
  readonly callsPerSecond: number
  /** By the processor time of the engine's thread: what one core does when nothing else runs on it. */
  readonly callsPerCoreSecond: number
  readonly factsPerCall: number
  readonly turnMsP99: number
}

async function run(calls: number, journal: Journal & Persons, watch: (engine: Engine) => void = () => undefined): Promise<Run> {
  const stage = new Stage()
  const engine = await stage.start(journal)
  watch(engine)
  await stage.logOn(engine)
  await stage.call(engine, WARM_UP)
  const before = engine.figures().position
  const began = performance.now()
  const cpuBefore = process.threadCpuUsage()
  await stage.call(engine, calls)
  const seconds = (performance.now() - began) / 1_000
  const cpu = process.threadCpuUsage(cpuBefore)
  const { liveCalls, position, turnMs } = engine.figures()
  if (liveCalls > 0) throw new Error(`${liveCalls} calls are still live`)
  await engine.stop()
  return {
    callsPerSecond: calls / seconds,
    callsPerCoreSecond: (calls * 1e6) / (cpu.user + cpu.system),
    factsPerCall: (position - before) / calls,
    turnMsP99: turnMs.p99,
  }
}

async function inMemory(calls: number): Promise<boolean> {
  const figures = await run(calls, memoryJournal(memoryStore(), { afterAppend: () => aTurn() }))
  console.log(conditions({ journal: 'in memory, a commit takes a turn of the loop', calls, agents: AGENTS }))
  return print([
    { name: 'whole inbound calls, by processor time', value: figures.callsPerCoreSecond, unit: 'calls/s', aim: { atLeast: 3_000 } },
    { name: 'the same, by the wall clock', value: figures.callsPerSecond, unit: 'calls/s' },
    { name: 'facts a call', value: figures.factsPerCall, unit: 'facts' },
    { name: '99th-percentile turn', value: figures.turnMsP99, unit: 'ms', aim: { atMost: 1 } },
  ])
}

async function onDisk(calls: number): Promise<boolean> {
  mkdirSync(DATA, { recursive: true })
  const folder = mkdtempSync(path.join(DATA, 'bench-engine-'))
  try {
    const journal = new SqliteJournal({ folder })
    let projector: Projector | null = null
    let position = 0
    const figures = await run(calls, journal, (engine) => {
      const own = new Projector(folder, (line) => console.error(line))
      projector = own
      engine.onCommit(({ facts }) => {
        position = facts.at(-1)?.position ?? position
        own.upTo(position)
      })
    })
    const behind = performance.now()
    const own = projector as Projector | null
    await own?.reached(position)
    const behindMs = performance.now() - behind
    await own?.close()
    const reader = openArchiveReader({ folder, workers: 1 })
    const archived = await reader.count({}, calls * 2)
    await reader.close()
    console.log(conditions({ journal: 'SQLite, PRAGMA synchronous FULL', archive: 'projected beside it', calls, agents: AGENTS }))
    return print([
      { name: 'whole inbound calls, by the wall clock', value: figures.callsPerSecond, unit: 'calls/s', aim: { atLeast: 1_500 } },
      { name: 'the same, by processor time', value: figures.callsPerCoreSecond, unit: 'calls/s' },
      { name: '99th-percentile turn', value: figures.turnMsP99, unit: 'ms' },
      { name: 'archive behind at the end', value: behindMs, unit: 'ms', aim: { atMost: 1_000 } },
      { name: 'calls in the archive less calls driven', value: archived - calls - WARM_UP, unit: 'calls', aim: { atMost: 0 } },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({ options: { calls: { type: 'string', default: '60000' }, journal: { type: 'string', default: 'both' } } })
const calls = Number(values.calls)
const met = [values.journal === 'sqlite' || (await inMemory(calls)), values.journal === 'memory' || (await onDisk(calls))]
process.exitCode = met.every(Boolean) ? 0 : 1
