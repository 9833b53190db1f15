/**
 * Whole inbound calls per second through the real engine: menu, queue, agent rung and answering, conversation, both legs ended.
 * On the simulated network in virtual time, with a journal in memory or on disk, and the archive's projection running beside it.
 *
 *     npm run bench -- --only engine
 *     node bench/engine.ts --calls 60000 --journal memory
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { calendar } from '#adapters/calendar/calendar.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { readSolution } from '#app/solution.ts'
import { Engine } from '#engine/engine.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import { seededChance } from '#sim/chance.ts'
import { VirtualClock } from '#sim/clock.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import { conditions, percentile, print } from './figures.ts'

const AGENTS = 400
const QUEUES = 8
const CALLS_PER_SECOND = 20
const TALK_MS = 10_000
const DATA = path.resolve(import.meta.dirname, '../data')
const STARTS_AT = Date.parse('2026-11-23T08:00:00Z')
const LINE = '+46850000000'

const text = JSON.stringify({
  name: 'Bench',
  numbers: { [LINE]: { menu: 'main' } },
  menus: {
    main: {
      prompt: 'welcome',
      choices: Object.fromEntries(Array.from({ length: QUEUES }, (_, index) => [String(index), { queue: `q${index}` }])),
    },
  },
  queues: Object.fromEntries(Array.from({ length: QUEUES }, (_, index) => [`q${index}`, { slaSeconds: 20 }])),
  agents: Object.fromEntries(Array.from({ length: AGENTS }, (_, index) => [`agent${index}`, { queues: [`q${index % QUEUES}`] }])),
})

function kitOf(text: string): SolutionKit {
  const read = readSolution(text, { personOf: (number) => `line${number}` })
  if ('errors' in read) throw new Error(read.errors[0]?.message ?? 'the bench solution is broken')
  const solution = { ...read.solution, callsPerSecondMax: 1_000_000, liveCallsMax: 1_000_000 }
  return { solution, text, numbers: read.numbers, calendar: calendar(read.solution.zone, read.hours), lines: read.lines }
}

interface Run {
  readonly callsPerSecond: number
  readonly factsPerCall: number
  readonly turnMsP99: number
  readonly started: number
}

async function run(calls: number, journal: Journal & Persons): Promise<Run> {
  const clock = new VirtualClock(STARTS_AT)
  const chance = seededChance('bench')
  const network = new SimulatedNetwork({ clock, chance: chance.fork('network'), lengthMs: () => 4_000 })
  const kit = kitOf(text)
  const engine = await Engine.start({
    journal,
    persons: journal,
    telephony: network,
    clock,
    chance,
    kit,
    read: async (text) => kitOf(text),
    log: (line) => console.error(line),
  })
  for (let index = 0; index < AGENTS; index += 1) {
    network.agentPhone(`agent${index}`).whenCalled({ answersAfterMs: 500 })
    await engine.submit({ type: 'agent.logOn', by: 'system', agentId: `agent${index}` })
  }
  const turns: number[] = []
  let facts = 0
  engine.onCommit((commit) => {
    facts += commit.facts.length
  })
  const everyMs = 1_000 / CALLS_PER_SECOND
  for (let index = 0; index < calls; index += 1) {
    clock.wake(STARTS_AT + 1_000 + Math.floor(index * everyMs), () => {
      const call = network.call(`+467${String(10_000_000 + index)}`, LINE)
      if (call === undefined) return
      clock.wake(clock.now() + 2_000, () => call.press(String(index % QUEUES)))
      call.onJoin(() => void clock.wake(clock.now() + TALK_MS, () => call.hangUp()))
    })
  }
  const began = performance.now()
  await clock.run(STARTS_AT + 1_000 + calls * everyMs + 60_000)
  await engine.settled()
  const seconds = (performance.now() - began) / 1_000
  turns.push(engine.figures().turnMs.p99)
  const live = engine.figures().liveCalls
  if (live > 0) throw new Error(`${live} calls are still live`)
  await engine.stop()
  return { callsPerSecond: calls / seconds, factsPerCall: facts / calls, turnMsP99: percentile(turns, 1), started: calls }
}

const { values } = parseArgs({ options: { calls: { type: 'string', default: '60000' }, journal: { type: 'string', default: 'both' } } })
const calls = Number(values.calls)
let met = true
if (values.journal !== 'sqlite') {
  const figures = await run(calls, memoryJournal(memoryStore()))
  console.log(conditions({ journal: 'in memory', calls, agents: AGENTS }))
  met = print([
    { name: 'whole inbound calls, in memory', value: figures.callsPerSecond, unit: 'calls/s', aim: { atLeast: 3_000 } },
    { name: 'facts a call', value: figures.factsPerCall, unit: 'facts' },
    { name: '99th-percentile turn', value: figures.turnMsP99, unit: 'ms', aim: { atMost: 1 } },
  ])
}
if (values.journal !== 'memory') {
  mkdirSync(DATA, { recursive: true })
  const folder = mkdtempSync(path.join(DATA, 'bench-engine-'))
  try {
    const figures = await run(calls, new SqliteJournal({ folder }))
    console.log(conditions({ journal: 'SQLite, PRAGMA synchronous FULL', calls, agents: AGENTS }))
    met =
      print([
        { name: 'whole inbound calls, SQLite journal', value: figures.callsPerSecond, unit: 'calls/s', aim: { atLeast: 1_500 } },
        { name: '99th-percentile turn', value: figures.turnMsP99, unit: 'ms' },
      ]) && met
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exitCode = met ? 0 : 1
