/**
 * From the agent's answer, read from the switch's socket, to the first request for the customer's leg, written to it: the engine's turn,
 * the durable commit and the adapter's work in between. In our process, with the switch in another; callbacks ordered at an even rate.
 *
 *     npm run bench -- --only latency
 *     node bench/latency.ts --seconds 10 --runs 1
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { conditions, print } from './figures.ts'
import { latencies, OnSwitch } from './latency-engine.ts'
import { forkSwitch, Watch } from './latency-watch.ts'

const CALLS_PER_SECOND = 20
const AGENTS = 40
/** Data of the bench lies beside the product's own, on the same disk. */
const DATA = path.resolve(import.meta.dirname, '../data')

const text = JSON.stringify({
  name: 'Bench',
  numbers: { '+46850000000': { queue: 'support' } },
  queues: { support: { callback: { waitingMax: 1000 } } },
  agents: Object.fromEntries(Array.from({ length: AGENTS }, (_, index) => [`agent${index}`, { phone: { sip: `agent${index}` } }])),
})

interface Round {
  readonly ms: readonly number[]
  /** How long the archive's projection needed at the end to have everything. */
  readonly behindMs: number
}

async function run(port: number, folder: string, watch: Watch, seconds: number, round: number): Promise<Round> {
  const ours = await OnSwitch.start({ port, folder, text, phones: 'sip' })
  const { engine } = ours
  const startedAt = performance.now()
  const orders: Promise<unknown>[] = []
  for (let index = 0; index < seconds * CALLS_PER_SECOND; index += 1) {
    await wait(Math.max(0, startedAt + (index * 1000) / CALLS_PER_SECOND - performance.now()))
    const number = `+4670${String(round * 100_000 + index + 1_000_000).padStart(7, '0')}`
    orders.push(engine.submit({ type: 'callback.order', by: 'customer', queueId: 'support', number }))
  }
  await Promise.all(orders)
  while (engine.figures().liveCalls > 0) await wait(50)
  const behindMs = await ours.stop()
  return { ms: ours.between(watch, 'agent', 'customer'), behindMs }
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, runs: { type: 'string', default: '3' } } })
mkdirSync(DATA, { recursive: true })
const folder = mkdtempSync(path.join(DATA, 'bench-latency-'))
const { child, listening } = forkSwitch('busy')
const watch = new Watch()
watch.start()
try {
  const port = await listening
  const runs: Round[] = []
  for (let round = 0; round < Number(values.runs); round += 1)
    runs.push(await run(port, path.join(folder, String(round)), watch, Number(values.seconds), round))
  const wanted = Number(values.seconds) * CALLS_PER_SECOND
  console.log(conditions({ 'calls/s': CALLS_PER_SECOND, runs: runs.length, 'seconds each': values.seconds, 'PRAGMA synchronous': 'FULL' }))
  const all = runs.map(({ ms }) => ms)
  const behindMs = Math.max(...runs.map((one) => one.behindMs))
  const good = print([
    ...latencies('answer read → customer’s leg asked for', all, 'calls', wanted),
    { name: 'archive behind at the end, worst run', value: behindMs, unit: 'ms', aim: { atMost: 1000 } },
  ])
  process.exitCode = good ? 0 : 1
} finally {
  child.disconnect()
  rmSync(folder, { recursive: true, force: true })
}
