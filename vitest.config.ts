import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where Node keeps what it has compiled: the threads and programs that tests start are hundreds, of the same few files. */
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') }

/** Takes seconds, which its size does not show. First, so that none of it is left for one core at the end. */
const LONG =
  /(http-idempotency|http-desk|http-talk|clock-steps|pace|lists-thread|oidc|pacing|sharing|world\/turn|fuzz|http-passwords|unfinished-switch)\.test\.ts$/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(({ moduleId }) => LONG.test(moduleId)), ...sorted.filter(({ moduleId }) => !LONG.test(moduleId))]
  }
}

/** What waits for a disk to have really written. */
const STORES = 'src/adapters/sqlite/**/*.test.ts'

/**
 * `unit` is the gate: what needs nothing but Node. The others need what `scripts/fetch-tools.ts` brings, or a disk that is really
 * written to; a suite whose tool is not there skips itself by name, and `npm test` counts that.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
          exclude: [STORES],
          env,
          // One process reads several files, so that what they share is read once: half the time. No test leaves anything behind.
          isolate: false,
          // On two cores two: of itself Vitest leaves one idle. By itself, since the other projects take as many as they may.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'asterisk',
          env,
          include: ['tests/asterisk/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // One switch at a time: two would share the ports and the two cores that the times are measured on.
          fileParallelism: false,
          // Stories of a dialler, each with agents of its own, mostly wait for telephones to ring.
          maxConcurrency: 20,
        },
      },
      {
        test: {
          name: 'browser',
          env,
          include: ['tests/browser/**/*.test.ts'],
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'program', env, include: ['tests/program/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'stores', env, include: [STORES], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
})
