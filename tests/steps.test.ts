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
  const unread = { ...file('failed'), message: '\nSyntaxError: Unexpected token\n  at x.test.ts' }
  expect(counted({ testResults: [unread] })).toEqual({
    passed: 0,
    failed: 1,
    failures: [expect.stringMatching(/x\.test\.ts: SyntaxError: Unexpected token$/)],
    skipped: [],
  })
  expect(counted({ testResults: [file('failed', 'passed')] })).toMatchObject({ passed: 1, failed: 1 })
})

it('names what failed, each with the first line of why', () => {
  const test = {
    fullName: 'pages by key',
    status: 'failed',
    failureMessages: ['\u001b[31mAssertionError: expected 1 to be 2\u001b[39m\n    at y.test.ts:1'],
  }
  const { failures } = counted({
    testResults: [{ name: 'y.test.ts', status: 'failed', assertionResults: [test, { ...test, failureMessages: [] }] }],
  })
  expect(failures.map((line) => line.replace(/^.*?y/, 'y'))).toEqual([
    'y.test.ts: pages by key: AssertionError: expected 1 to be 2',
    'y.test.ts: pages by key: no reason given',
  ])
})
