/** Plays the seeds it is given, one after the other, on a thread of its own. */
import { parentPort } from 'node:worker_threads'
import { simulate } from '#app/simulation.ts'
import type { Outcome } from '#sim/world.ts'

/** What is left of a world when it is over. */
export interface Played extends Pick<Outcome, 'seed' | 'broken' | 'calls' | 'restarts' | 'hits'> {
  readonly facts: number
  readonly ms: number
}

parentPort?.on('message', async (seed: string) => {
  const began = performance.now()
  const { broken, calls, restarts, hits, facts } = await simulate(seed)
  const played: Played = { seed, broken, calls, restarts, hits, facts: facts.length, ms: performance.now() - began }
  parentPort?.postMessage(played)
})
