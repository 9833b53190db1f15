import { defineConfig } from 'vitest/config'

/** What waits for a disk to have really written. */
const STORES = 'src/adapters/sqlite/**/*.test.ts'

/**
 * `unit` is the gate: what needs nothing but Node. The others need what `scripts/fetch-tools.ts` brings, or a disk that is really
 * written to; a suite whose tool is not there skips itself by name, and `npm test` counts that.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
          exclude: [STORES],
          // One process reads several files, so that what they share is read once: half the time. No test leaves anything behind.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'asterisk',
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
          include: ['tests/browser/**/*.test.ts'],
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'program', include: ['tests/program/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'stores', include: [STORES], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
})
