import { expect, it } from 'vitest'
import { counted } from '../scripts/steps.ts'

const file = (status: string, ...tests: readonly string[]) => ({
  name: 'x.test.ts',
  status,
  assertionResults: tests.map((test) => ({ fullName: test, status: test })),
})

it('counts what passed, what failed, and names what was skipped in whatever way', () => {
  const count = counted({ testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'skipped', 'pending', 'todo')] })
  expect(count).toMatchObject({ passed: 2, failed: 1 })
  expect(count.skipped.map((name) => name.split(': ').at(-1))).toEqual(['skipped', 'pending', 'todo'])
})

it('counts a file that could not be read as one failure', () => {
  expect(counted({ testResults: [file('failed')] })).toEqual({ passed: 0, failed: 1, skipped: [] })
  expect(counted({ testResults: [file('failed', 'passed')] })).toMatchObject({ passed: 1, failed: 1 })
})
