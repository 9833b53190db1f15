/**
 * How long one pacing decision takes: a working day's team, every 500 ms of an hour in which calls are placed, answered and talked through.
 *
 *     npm run bench -- --only pacing
 */
import process from 'node:process'
import { predictive } from '#sim/shift/diallers.ts'
import { KINDS } from '#sim/shift/kinds.ts'
import { playShift } from '#sim/shift/shift.ts'
import { type Figure, percentile, print } from './figures.ts'

const HOUR = 3_600_000
/** The list nobody answers: the most calls in the air, so the dearest decisions. */
const KIND = 'steady 15 %'

interface Times {
  readonly wallMs: readonly number[]
  /** By the processor time of this thread: what a decision takes when nothing else runs. */
  readonly meanMs: number
}

function timesOf(agents: number): Times {
  const kind = KINDS.find(({ name }) => name === KIND)
  if (!kind) throw new Error(`no kind of shift is called ${KIND}`)
  const pacing = predictive(0.03)
  const wallMs: number[] = []
  let spentUs = 0
  playShift(
    { kind, agents, seed: 1, shiftMs: HOUR },
    {
      observe: (fact) => pacing.observe(fact),
      decide: (snapshot) => {
        const began = performance.now()
        const before = process.threadCpuUsage()
        const decision = pacing.decide(snapshot)
        const { user, system } = process.threadCpuUsage(before)
        spentUs += user + system
        wallMs.push(performance.now() - began)
        return decision
      },
    },
  )
  return { wallMs, meanMs: spentUs / 1_000 / wallMs.length }
}

function figures(): readonly Figure[] {
  const [hundred, three] = [timesOf(100), timesOf(300)]
  return [
    { name: 'a decision, 100 agents, mean processor time', value: hundred.meanMs, unit: 'ms', aim: { atMost: 0.2 } },
    { name: 'a decision, 100 agents, 99th percentile', value: percentile(hundred.wallMs, 0.99), unit: 'ms' },
    { name: 'a decision, 300 agents, mean processor time', value: three.meanMs, unit: 'ms' },
    { name: 'a decision, 300 agents, 99th percentile', value: percentile(three.wallMs, 0.99), unit: 'ms', aim: { atMost: 5 } },
  ]
}

process.exitCode = print(figures()) ? 0 : 1
