/**
 * `npm run sim -- --seed N` plays one drawn world and prints its options first; `--seeds N` or `--seeds A-B` plays many, on every core.
 * Ends with 1 where a law was broken, and prints the command that shows it again.
 */
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { simulate } from '#app/simulation.ts'
import { callOf } from '#core/facts.ts'
import { LAWS } from '#sim/checkers/laws.ts'
import { addHits, type Hits } from '#sim/faults/coverage.ts'
import type { Outcome } from '#sim/world.ts'
import { showHits } from './sim/hits.ts'
import type { Played } from './sim/seed.worker.ts'

const USAGE = `Usage: npm run sim -- --seed 7      one world, its options printed
       npm run sim -- --seeds 20    the worlds 1 to 20; --seeds 21-40 those
       --stop-at-first   no world is begun after one broke a law
       --json            a line of JSON for each broken law, and one for the end
       --trace           with --seed: the facts of every call that broke a law
       --laws            what is held against every world
       --cores 2         on so many, instead of all
`

/** Every fact of the calls named in a broken law, seconds from the first fact. */
function trace({ broken, facts }: Outcome): void {
  const begins = facts[0]?.at ?? 0
  const ids = new Set(
    broken
      .map(({ what }) => what)
      .join(' ')
      .match(/\b[a-z]?[0-9A-HJKMNP-TV-Z]{26}[0-9a-z]*\b/g) ?? [],
  )
  const calls = new Set(facts.flatMap(({ fact }) => (Object.values(fact).some((value) => ids.has(String(value))) ? [callOf(fact)] : [])))
  for (const { at, position, fact } of facts) {
    const callId = callOf(fact)
    if (callId === undefined || calls.has(callId)) process.stdout.write(`${position} ${(at - begins) / 1000} ${JSON.stringify(fact)}\n`)
  }
}

function show({ seed, broken, calls, facts, restarts, ms }: Played, json: boolean): void {
  if (json) {
    for (const { law, what } of broken) process.stdout.write(`${JSON.stringify({ seed, law, what })}\n`)
    return
  }
  const held = broken.length === 0 ? 'all held' : 'BROKEN'
  process.stdout.write(`seed ${seed}: ${calls} calls, ${facts} facts, ${restarts} restarts, ${(ms / 1000).toFixed(1)} s, ${held}\n`)
  for (const { law, what } of broken) process.stdout.write(`  ${law}: ${what}\n`)
  if (broken.length > 0) process.stdout.write(`  again: npm run sim -- --seed ${seed} --trace\n`)
}

async function one(seed: string, asked: { readonly json: boolean; readonly trace: boolean }): Promise<number> {
  const began = performance.now()
  const outcome = await simulate(seed)
  if (!asked.json) process.stdout.write(`options ${JSON.stringify(outcome.options)}\nresults ${JSON.stringify(outcome.results)}\n`)
  show({ ...outcome, facts: outcome.facts.length, ms: performance.now() - began }, asked.json)
  if (asked.trace) trace(outcome)
  return outcome.broken.length
}

/** Worlds one after the other on each core; what came of them is told in their order. */
class Many {
  readonly #from: number
  readonly #to: number
  readonly #stopAtFirst: boolean
  readonly #told: (played: Played) => void
  readonly #waiting = new Map<number, Played>()
  #next: number
  #toTell: number

  constructor(seeds: readonly [number, number], stopAtFirst: boolean, told: (played: Played) => void) {
    ;[this.#from, this.#to] = seeds
    this.#next = this.#from
    this.#toTell = this.#from
    this.#stopAtFirst = stopAtFirst
    this.#told = told
  }

  async play(cores: number): Promise<void> {
    await Promise.all(Array.from({ length: Math.min(cores, this.#to - this.#from + 1) }, () => this.#core()))
  }

  #core(): Promise<void> {
    const worker = new Worker(new URL('./sim/seed.worker.ts', import.meta.url))
    return new Promise((resolve, reject) => {
      const give = (): void => {
        if (this.#next <= this.#to) worker.postMessage(String(this.#next++))
        else void worker.terminate().then(() => resolve())
      }
      worker.on('message', (played: Played) => {
        this.#take(played)
        give()
      })
      worker.on('error', reject)
      give()
    })
  }

  #take(played: Played): void {
    if (this.#stopAtFirst && played.broken.length > 0) this.#next = this.#to + 1
    this.#waiting.set(Number(played.seed), played)
    for (let next = this.#waiting.get(this.#toTell); next !== undefined; next = this.#waiting.get(this.#toTell)) {
      this.#waiting.delete(this.#toTell)
      this.#toTell += 1
      this.#told(next)
    }
  }
}

async function many(
  seeds: readonly [number, number],
  asked: { readonly json: boolean; readonly stopAtFirst: boolean; readonly cores: number },
): Promise<number> {
  const hits: Hits = {}
  const sums = { worlds: 0, broken: 0, calls: 0, facts: 0, restarts: 0 }
  const began = performance.now()
  let slowest = { seed: '', ms: 0 }
  const told = (played: Played): void => {
    show(played, asked.json)
    addHits(hits, played.hits)
    sums.worlds += 1
    sums.broken += played.broken.length > 0 ? 1 : 0
    sums.calls += played.calls
    sums.facts += played.facts
    sums.restarts += played.restarts
    if (played.ms > slowest.ms) slowest = { seed: played.seed, ms: played.ms }
    if (process.stderr.isTTY && !asked.json) process.stderr.write(`${sums.worlds} of ${seeds[1] - seeds[0] + 1}\r`)
  }
  await new Many(seeds, asked.stopAtFirst, told).play(asked.cores)
  const seconds = (performance.now() - began) / 1000
  if (asked.json) process.stdout.write(`${JSON.stringify({ ...sums, seconds: Math.round(seconds), hits })}\n`)
  else {
    showHits(hits)
    process.stdout.write(
      `${sums.worlds - sums.broken} of ${sums.worlds} seeds held: ${sums.calls} calls, ${sums.facts} facts, ${sums.restarts} restarts in ${seconds.toFixed(0)} s; the slowest, seed ${slowest.seed}, ${(slowest.ms / 1000).toFixed(1)} s\n`,
    )
  }
  return sums.broken
}

/** `20` or `21-40`. */
function seedsOf(text: string): readonly [number, number] | null {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const seeds = last === undefined ? ([1, Number(first)] as const) : ([Number(first), Number(last)] as const)
  return seeds[1] >= seeds[0] ? seeds : null
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      'stop-at-first': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      laws: { type: 'boolean' },
      cores: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean' },
    },
  })
  const { json, trace, seed } = values
  if (values.laws === true) {
    for (const [law, sentence] of Object.entries(LAWS)) process.stdout.write(`${law.padEnd(20)} ${sentence}\n`)
    return 0
  }
  if (seed !== undefined) return (await one(seed, { json, trace })) === 0 ? 0 : 1
  const seeds = seedsOf(values.seeds ?? '')
  if (values.help === true || seeds === null || !(Number(values.cores) >= 1)) {
    process.stdout.write(USAGE)
    return values.help === true ? 0 : 2
  }
  return (await many(seeds, { json, stopAtFirst: values['stop-at-first'], cores: Number(values.cores) })) === 0 ? 0 : 1
}

process.exitCode = await main()
