/**
 * Kill -9 on the real thing, five times of the twenty-five of `npm run drill`: conversations go on, nobody who waits is lost or moved,
 * nobody is rung twice, and every call's story is right by sipp's and Asterisk's own logs.
 */
import { expect, test } from 'vitest'
import { drill, table } from '../drill/drill.ts'
import { noSipp } from './network.ts'

const suite = 'kill -9 amid calls on a real Asterisk'
/** Draws five different instants. */
const SEED = '5'

test.skipIf(noSipp(suite))(
  suite,
  async () => {
    const drilled = await drill({ kills: 5, seed: SEED }, (line) => process.stdout.write(`${line}\n`))
    process.stdout.write(table(drilled))
    expect(drilled.faults).toEqual([])
    expect(new Set(drilled.rounds.map(({ kind }) => kind)).size).toBe(5)
  },
  600_000,
)
