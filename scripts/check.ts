/**
 * `npm run check`: the gate. Format and lint, types of the three environments, dead code, layers, unit tests with the scenarios, and
 * a few seeds of the simulation. 140 s of processor time, of it 100 the unit tests',
 * so by reckoning little over a minute on two idle cores; 90 s are the aim.
 */
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { type Outcome, runAll, type Step, scratch, show, vitest } from './steps.ts'

/** The longest first, so that the cores are busy to the end. */
const steps = (folder: string): readonly Step[] => [
  vitest('unit', folder),
  { name: 'simulation', command: ['node', 'scripts/sim.ts', '--seeds', '16', '--cores', '1'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'types: node', command: ['tsc', '-p', 'tsconfig.node.json'] },
  { name: 'types: web', command: ['tsc', '-p', 'tsconfig.web.json'] },
  { name: 'types: core', command: ['tsc', '-p', 'tsconfig.core.json'] },
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings'] },
]

export const check = (): Promise<readonly Outcome[]> =>
  scratch(async (folder) => {
    const outcomes = await runAll(steps(folder), Math.min(2, availableParallelism()))
    show(outcomes)
    return outcomes
  })

if (import.meta.main) {
  const startedAt = performance.now()
  const outcomes = await check()
  const failed = outcomes.filter(({ ok }) => !ok).length
  console.log(
    `\n${failed === 0 ? 'good' : `${failed} of ${outcomes.length} steps failed`} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  )
  process.exitCode = failed === 0 ? 0 : 1
}
