/**
 * `npm run sim -- --seed N` plays one world and prints its options first; `--seeds N` plays 1 … N. Ends with 1 where a law was broken,
 * and prints the command that shows it again.
 */
import { parseArgs } from 'node:util'
import { callOf } from '#core/facts.ts'
import { type Outcome, playSeed } from './world.ts'

const USAGE = `Usage: npm run sim -- --seed 7      one world, its options printed
       npm run sim -- --seeds 20    the worlds 1 to 20
       --trace                      with the facts of every call that broke a law
`

/** Every fact of the calls named in a broken law, seconds from the first fact. */
function trace({ broken, facts }: Outcome): void {
  const begins = facts[0]?.at ?? 0
  const ids = new Set(broken.join(' ').match(/\b[a-z]?[0-9A-HJKMNP-TV-Z]{26}[0-9a-z]*\b/g) ?? [])
  const calls = new Set(facts.flatMap(({ fact }) => (Object.values(fact).some((value) => ids.has(String(value))) ? [callOf(fact)] : [])))
  for (const { at, position, fact } of facts) {
    const callId = callOf(fact)
    if (callId === undefined || calls.has(callId)) process.stdout.write(`${position} ${(at - begins) / 1000} ${JSON.stringify(fact)}\n`)
  }
}

function report(outcome: Outcome, whole: boolean): void {
  const { seed, options, broken, calls, facts, restarts, results } = outcome
  if (whole) process.stdout.write(`options ${JSON.stringify(options)}\nresults ${JSON.stringify(results)}\n`)
  process.stdout.write(
    `seed ${seed}: ${calls} calls, ${facts.length} facts, ${restarts} restarts, ${broken.length === 0 ? 'all held' : 'BROKEN'}\n`,
  )
  for (const sentence of broken) process.stdout.write(`  ${sentence}\n`)
  if (broken.length > 0) process.stdout.write(`  again: npm run sim -- --seed ${seed}\n`)
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, seeds: { type: 'string' }, trace: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const many = Number(values.seeds ?? '0')
  if (values.help === true || (values.seed === undefined && !(many > 0))) {
    process.stdout.write(USAGE)
    return values.help === true ? 0 : 2
  }
  const seeds = values.seed === undefined ? Array.from({ length: many }, (_, index) => String(index + 1)) : [values.seed]
  let failed = 0
  for (const seed of seeds) {
    const outcome = await playSeed(seed)
    report(outcome, values.seed !== undefined)
    if (values.trace === true) trace(outcome)
    if (outcome.broken.length > 0) failed += 1
  }
  if (seeds.length > 1) process.stdout.write(`${seeds.length - failed} of ${seeds.length} seeds held\n`)
  return failed === 0 ? 0 : 1
}

process.exitCode = await main()
