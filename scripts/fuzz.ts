/**
 * `npm run fuzz -- --requests 20000 --seed 1`: asks everything that reads what others write for what it must not do. Ends with 1 where
 * something was found, and prints the command that shows it again.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { fuzzHttp, ROUND } from '../tests/fuzz/http.ts'
import { fuzzPhone } from '../tests/fuzz/phone.ts'
import { fuzzRaces } from '../tests/fuzz/races.ts'
import { fuzzReader } from '../tests/fuzz/readers.ts'
import { surfaces } from '../tests/fuzz/surfaces.ts'
import { type Fault, Tally } from '../tests/fuzz/tally.ts'

const USAGE = `Usage: npm run fuzz -- --requests 20000 --seed 1
       --surface http   that one alone: http, phone, races, ${Object.keys(surfaces).join(', ')}
       --from 1500      begins with that one; of http, a multiple of ${ROUND}
`
const SHOWN = 40

const showFault = ({ surface, what, about, again }: Fault): void => {
  process.stdout.write(`\n${surface}: ${what}\n  ${JSON.stringify(about)}\n  again: ${again}\n`)
}

function show(tally: Tally, seconds: number): void {
  process.stdout.write(`${tally.lines().join('\n')}\n`)
  for (const fault of tally.faults.slice(0, SHOWN)) showFault(fault)
  const heap = tally.heap()
  if (heap !== null)
    process.stdout.write(
      `\nheap after each round: ${heap.first.toFixed(0)} MB at first, ${heap.most.toFixed(0)} at most, ${heap.last.toFixed(0)} at last\n`,
    )
  process.stdout.write(`${tally.requests} sent in ${seconds.toFixed(0)} s, ${tally.faults.length} faults\n`)
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      surface: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const [requests, from] = [Number(values.requests), Number(values.from)]
  const { surface = null, seed } = values
  const isHttp = surface === null || surface === 'http'
  const isPhone = surface === null || surface === 'phone'
  const isRaces = surface === null || surface === 'races'
  const isKnown = isHttp || isPhone || isRaces || Object.hasOwn(surfaces, surface)
  if (values.help === true || !isKnown || !(requests >= 1) || !(from >= 0) || (isHttp && from % ROUND !== 0)) {
    process.stdout.write(USAGE)
    return values.help === true ? 0 : 2
  }
  const began = performance.now()
  const tally = new Tally()
  const progress = (done: number): void => {
    if (done % 50 === 0) process.stderr.write(`${done} of ${requests}, ${tally.faults.length} faults\r`)
  }
  process.on('unhandledRejection', (error) => {
    tally.faults.push({ surface: 'process', what: `a rejection nobody took: ${String(error)}`, about: '', again: '' })
  })
  for (const [name, reader] of Object.entries(surfaces))
    if (surface === null || surface === name) await fuzzReader(name, reader, { seed, from, times: requests, tally })
  if (isPhone) await fuzzPhone({ seed, from, times: requests, tally })
  if (isRaces) await fuzzRaces({ seed, from, times: requests, tally })
  if (isHttp) await fuzzHttp({ seed, from, requests, tally, progress })
  show(tally, (performance.now() - began) / 1_000)
  return tally.faults.length === 0 ? 0 : 1
}

process.exitCode = await main()
