/**
 * Three times the calls the engine was measured to handle, for a minute of the wall's time: what is over the limits is refused, nothing
 * piles up, and who is in a call does not notice. In memory, a commit taking a turn of the loop; the limit of calls a second is the
 * measured rate itself, so that what is let in alone fills a core. calls.md 8.
 *
 *     npm run bench -- --only overload
 *     node --expose-gc --max-semi-space-size=64 bench/overload.ts --seconds 60
 */
import process from 'node:process'
import { setImmediate as aTurn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import type { Engine } from '#engine/engine.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import { conditions, percentile, print } from './figures.ts'
import { Stage } from './stage-engine.ts'

const LIVE_CALLS_MAX = 5_000
/** The engine refuses calls beyond so many inputs that wait. */
const INBOX_MAX = 10_000
const PATIENCE_MS = 2_000
const MEASURED_CALLS = 20_000
const LAST_AGENT = 'agent799'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)

/** A journal that forgets facts as soon as they are written: what grows is the engine's. */
function forgetful(): Journal & Persons {
  const kept = memoryJournal(memoryStore())
  let position = 0
  return {
    open: () => kept.open(),
    append: async (expected, { facts, ...batch }) => {
      if (expected !== position) throw new Error(`expected ${expected} and stands at ${position}`)
      position += facts.length
      await kept.append(0, { ...batch, facts: [] })
      await aTurn()
    },
    read: (after) => kept.read(after),
    factsOf: (callId) => kept.factsOf(callId),
    saveSnapshot: (snapshot) => kept.saveSnapshot(snapshot),
    solutionText: (version) => kept.solutionText(version),
    done: (key) => kept.done(key),
    find: (number) => kept.find(number),
    get: (ids) => kept.get(ids),
    note: (noteId) => kept.note(noteId),
    close: () => kept.close(),
  }
}

async function measured(): Promise<number> {
  const stage = new Stage()
  const engine = await stage.start(memoryJournal(memoryStore(), { afterAppend: () => aTurn() }))
  await stage.logOn(engine)
  await stage.call(engine, MEASURED_CALLS / 4)
  const began = performance.now()
  await stage.call(engine, MEASURED_CALLS)
  const rate = (MEASURED_CALLS * 1_000) / (performance.now() - began)
  await engine.stop()
  return Math.floor(rate)
}

const heapMb = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** How long an agent waits for an answer meanwhile: one asks at a time. */
class Asking {
  readonly tookMs: number[] = []
  #asks = false

  ask(engine: Engine): void {
    if (this.#asks) return
    this.#asks = true
    const began = performance.now()
    const reason = engine.solution().pauseReasons[0] ?? ''
    const command = { type: 'agent.pause', by: 'agent', agentId: LAST_AGENT, reason } as const
    void engine.submit(command).then(() => {
      this.tookMs.push(performance.now() - began)
      this.#asks = false
    })
  }
}

const rate = await measured()
const stage = new Stage({ callsPerSecondMax: rate, liveCallsMax: LIVE_CALLS_MAX })
const engine = await stage.start(forgetful())
await stage.logOn(engine)
const asking = new Asking()
let longestInbox = 0
let offered = 0
const heaps: number[] = []
const turns: number[] = []
const tick = async (): Promise<void> => {
  longestInbox = Math.max(longestInbox, engine.figures().inbox)
  asking.ask(engine)
  await aTurn()
}
for (let second = 0; second < seconds; second += 1) {
  offered += await stage.offer(3 * rate, 1_000, PATIENCE_MS, tick)
  turns.push(engine.figures().turnMs.p99)
  if (second % 5 === 4) heaps.push(heapMb())
}
const { refusedCalls, liveCalls } = engine.figures()
const ended = performance.now()
let normalMs = Number.NaN
await stage.pass(5_000, async () => {
  await tick()
  if (Number.isNaN(normalMs) && engine.figures().inbox === 0) normalMs = performance.now() - ended
})
const before = engine.figures()
await stage.offer(10, 1_000, PATIENCE_MS, tick)
const letIn = engine.figures().refusedCalls.overload === before.refusedCalls.overload
await engine.stop()

const half = heaps.slice(heaps.length >> 1)
console.log(conditions({ journal: 'in memory', seconds, 'calls a second offered': 3 * rate, 'and let in at most': rate }))
const met = print([
  { name: 'offered', value: offered, unit: 'calls' },
  { name: 'refused, and counted', value: refusedCalls.overload, unit: 'calls', aim: { atLeast: 1 } },
  { name: 'live at the end', value: liveCalls, unit: 'calls', aim: { atMost: LIVE_CALLS_MAX } },
  { name: 'longest inbox', value: longestInbox, unit: 'inputs', aim: { atMost: INBOX_MAX } },
  { name: '99th-percentile turn, the worst second', value: Math.max(...turns), unit: 'ms', aim: { atMost: 50 } },
  { name: 'an agent’s request answered, 99th percentile', value: percentile(asking.tookMs, 0.99), unit: 'ms' },
  { name: 'memory, the second half’s least to its most', value: Math.max(...half) - Math.min(...half), unit: 'MB', aim: { atMost: 32 } },
  { name: 'nothing waits any more, after the last', value: normalMs, unit: 'ms', aim: { atMost: 5_000 } },
  { name: 'calls refused afterwards', value: letIn ? 0 : 1, unit: 'calls', aim: { atMost: 0 } },
])
process.exitCode = met ? 0 : 1
