/** How often each kind of fault met each state, as a table; and what was never met. */
import process from 'node:process'
import { type Hits, STATES } from '#sim/faults/coverage.ts'
import { FAULT_KINDS, FAULTS } from '#sim/faults/kinds.ts'

const NAME = 24
const CELL = 7

/** Numbers stand for kinds in the head of the table. */
export function showHits(hits: Hits): void {
  const line = (text: string): void => void process.stdout.write(`${text}\n`)
  line('\nfaults')
  for (const [index, kind] of FAULT_KINDS.entries())
    line(`${String(index + 1).padStart(3)} ${kind.padEnd(20)} ${String(hits[kind]?.['times'] ?? 0).padStart(8)} times: ${FAULTS[kind]}`)
  line('\nstates met, by fault')
  line(' '.repeat(NAME) + FAULT_KINDS.map((_, index) => String(index + 1).padStart(CELL)).join(''))
  for (const state of STATES)
    line(state.padEnd(NAME) + FAULT_KINDS.map((kind) => String(hits[kind]?.[state] ?? '·').padStart(CELL)).join(''))
  line('')
  for (const kind of FAULT_KINDS) {
    const never = STATES.filter((state) => hits[kind]?.[state] === undefined)
    if (never.length > 0) line(`never met by ${kind}: ${never.length === STATES.length ? 'anything' : never.join(', ')}`)
  }
  line('')
}
