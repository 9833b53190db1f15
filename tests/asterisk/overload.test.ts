/** Three times the calls a solution takes, on a real Asterisk beside conversations: a short form of `npm run drill -- --only overload`. */
import { expect, test } from 'vitest'
import { overload, shown } from '../drill/overload.ts'
import { noSipp } from './network.ts'

const suite = 'more calls than may be, on a real Asterisk'
const PLAN = { callsPerSecondMax: 10, seconds: 10, conversations: 5 }

test.skipIf(noSipp(suite))(suite, async () => {
  const found = await overload(PLAN, (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(shown(found))
  expect(found).toMatchObject({ offered: 300, otherwise: 0, talking: PLAN.conversations, counted: found.refused })
  // What comes in within a second goes by seconds of ours, and sipp's begin at another instant.
  expect(found.accepted).toBeLessThanOrEqual(PLAN.callsPerSecondMax * (PLAN.seconds + 2))
  expect(found.accepted).toBeGreaterThanOrEqual(PLAN.callsPerSecondMax * (PLAN.seconds - 2))
  expect(found.heardNothing).toBe(0)
  expect(found.menuMsP95).toBeLessThan(1_000)
  expect(found.packetsLostShare).toBeLessThan(0.01)
})
